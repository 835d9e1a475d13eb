"""Build hook: `WARDSIM_COMPILE=1 pip install .` compiles the ward on the way (see `compile_ward.py`); without it nothing happens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SWITCH = "WARDSIM_COMPILE"


class CompileHook(BuildHookInterface):
    """Adds the extensions to the wheel, beside the sources, which stay in it."""

    def wanted(self) -> bool:
        """Whether this is a wheel and the switch is on."""
        return self.target_name == "wheel" and os.environ.get(SWITCH, "0") not in ("", "0")

    def dependencies(self) -> list[str]:
        """What the isolated environment of the build needs: the compiler, and the packages whose types the ward uses."""
        if not self.wanted():
            return []
        needs = {"mypy>=2.0", "setuptools>=77.0.3"}
        return sorted(needs | set(self.metadata.core.dependencies))

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and name the files to add."""
        if not self.wanted():
            return
        if version == "editable":
            raise SystemExit(f"{SWITCH} is for installing, not for an editable installation: see compile_ward.py")
        root = Path(self.root)
        folder = root / "build" / "compiled"  # made already by compile_ward.py, it is not made again
        command = [sys.executable, str(root / "compile_ward.py"), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        for path in filter(None, done.stdout.split("\n")):
            build_data["force_include"][path] = Path(path).relative_to(folder.resolve()).as_posix()
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
