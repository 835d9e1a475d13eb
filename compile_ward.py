"""Compile the ward: the same source, turned into C extensions by mypyc.

    python compile_ward.py FOLDER

copies `wardsim` (with its scenarios and calibration) into FOLDER and builds the extensions beside the sources, where Python finds
them first: `PYTHONPATH=FOLDER python -m wardsim ...`. A folder that holds this very source, built by the same mypy for the same
Python, is left as it is. Needs a C compiler, mypy, setuptools and the packages that wardsim itself needs.
`WARDSIM_COMPILE=1 pip install .` does the same on the way (`hatch_build.py`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent
NEEDS = ("mypy>=2.0", "setuptools>=77.0.3")
"""What compiling needs beyond what wardsim needs. mypy brings mypyc."""

NOT_COMPILED = ("__init__.py", "facts.py", "kernel.py")
"""Tables made from a list of names, and a class derived from SimPy's: both are Python classes, and stay so."""

OPTIMISE = "2"


def sources(package: Path) -> list[Path]:
    """The modules of the ward that are compiled."""
    return sorted(path for path in (package / "ward").rglob("*.py") if path.name not in NOT_COMPILED)


def fingerprint() -> str:
    """Of the whole package, the compiler of Python and this file: a folder with the same one need not be built again."""
    digest = hashlib.sha256("\n".join([sys.version, version("mypy"), OPTIMISE]).encode())
    for path in (Path(__file__), *sorted((ROOT / "wardsim").rglob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build(folder: Path) -> list[Path]:
    """Build, unless it is done, and return the extensions.

    Parameters
    ----------
    folder : Path
        Made if need be; what it holds of wardsim is replaced.

    Raises
    ------
    SystemExit
        With what the compiler said.
    """
    mark = folder / "built.txt"
    known = fingerprint()
    if not (mark.exists() and mark.read_text(encoding="utf-8") == known):
        _copy(folder)
        command = [sys.executable, str(Path(__file__).resolve()), "--in", str(folder)]
        log = folder / "build.log"
        with log.open("w", encoding="utf-8") as out:
            done = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]
            raise SystemExit("\n".join([*said, f"wardsim was not compiled; all of the output is in {log}"]))
        mark.write_text(known, encoding="utf-8")
    ending = sysconfig.get_config_var("EXT_SUFFIX")
    return sorted(folder.glob(f"*{ending}")) + sorted((folder / "wardsim").rglob(f"*{ending}"))


def _copy(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "built.txt").unlink(missing_ok=True)
    for left in folder.glob("*__mypyc*"):
        left.unlink()
    for name in ("wardsim", "calibration", "scenarios"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def _extensions() -> None:
    """Compile what lies in the current folder. In a process of its own: it changes arguments and folder of the process."""
    from mypyc.build import mypycify
    from setuptools import setup

    paths = [path.as_posix() for path in sources(Path("wardsim"))]
    modules = mypycify(
        ["--config-file", "pyproject.toml", *paths], opt_level=OPTIMISE, debug_level="0", multi_file=True, group_name="wardsim_ward"
    )
    jobs = str(os.cpu_count() or 1)
    arguments = ["build_ext", "--inplace", "--build-temp", "build", "--parallel", jobs]
    setup(name="wardsim", packages=[], ext_modules=modules, script_args=arguments)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in"]:
        os.chdir(sys.argv[2])
        _extensions()
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        print(*build(Path(sys.argv[1]).resolve()), sep="\n")
    else:
        raise SystemExit(__doc__)
