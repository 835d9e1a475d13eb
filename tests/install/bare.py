"""wardsim as it is installed by somebody else: sdist and wheel in environments that hold nothing but what they ask for, with the oldest versions
that `pyproject.toml` allows and with the newest.

    python -m tests.install.bare [--only wheel sdist oldest] [--folder DIR]

builds both archives, makes an environment for each case without extras, and gives the commands of the README there, on small wards, in a
folder that holds no source. Needs `uv` (PyPI) beside this environment, and a package index. Some minutes; exit code 0 when all cases pass.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--set", "base.start.burn_in_weeks=1")
OPTIONS = """name: One
base: baseline.yaml
options:
  - {name: one more, set: {staffing.funded_extra.night.rn: 1}}
"""
SWEEP = """name: Two
kind: sweep
base: baseline.yaml
factors:
  staffing.required.night.rn: [2, 3]
"""
SENSITIVITY = """name: Three
kind: sensitivity
base: baseline.yaml
method: morris
trajectories: 4
outcomes: [assaults_true_per_1000_obd]
parameters: [incidents.assault_per_1000_days, mechanisms.limit_share]
"""


@dataclass(frozen=True)
class Case:
    """One way of installing it.

    Attributes
    ----------
    name : str
    archive : str
        Ending of the archive that is installed.
    resolution : str
        Of the dependencies: highest, or lowest-direct (the lower bounds of what wardsim names; what these need, at its newest).
    """

    name: str
    archive: str
    resolution: str


CASES = (
    Case("wheel", ".whl", "highest"),
    Case("sdist", ".tar.gz", "highest"),
    Case("oldest", ".whl", "lowest-direct"),
)


def said(words: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """What a command says; it must end well."""
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run([*map(str, words)], cwd=folder, env={**clean, **environment}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}\nended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def archives(folder: Path) -> dict[str, Path]:
    """Both archives, the wheel built from the sdist, so that the sdist holds all that it needs."""
    said(["uv", "build", "--out-dir", folder, ROOT], folder)
    return {ending: next(folder.glob(f"*{ending}")) for ending in (".whl", ".tar.gz")}


def needed() -> list[str]:
    """What wardsim itself needs, without extras."""
    found: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return found


def environment(case: Case, archive: Path, folder: Path) -> Path:
    """An environment with the archive in it and nothing else; its Python."""
    place = folder / f"env-{case.name}"
    said(["uv", "venv", "--python", sys.executable, place], folder)
    python = place / "bin" / "python"
    # named beside the archive, what wardsim needs is asked for directly, and `lowest-direct` takes the lower bounds
    said(["uv", "pip", "install", "--python", python, "--resolution", case.resolution, archive, *needed()], folder)
    return python


def works(python: Path, folder: Path) -> list[str]:
    """The commands on small wards; what is installed, name==version."""
    folder.mkdir()
    wardsim = python.parent / "wardsim"
    ask = "from wardsim.scenario.shipped import shipped; print(shipped('scenarios') / 'baseline.yaml')"
    baseline = said([python, "-c", ask], folder).strip()
    assert "_shipped" in baseline, f"the package does not bring its files: {baseline}"
    for name, text in (("options.yaml", OPTIONS), ("sweep.yaml", SWEEP), ("sensitivity.yaml", SENSITIVITY)):
        (folder / name).write_text(text, encoding="utf-8")
    starts = {"WARDSIM_STARTS": str(folder / "starts"), "XDG_CACHE_HOME": str(folder / "cache")}

    def data(*words: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(said([wardsim, *words, "--json"], folder, **starts))
        assert found["ok"] is True, words
        return found

    said([wardsim, "--help"], folder)
    data("doctor")
    data("completion", "bash")
    data("validate", baseline)
    data("explain", "staffing.required.night.rn")
    data("init", "mine.yaml")
    data("run", "mine.yaml", "--replications", "4", "--years", "0.05", "--warm-up", "0", "--set", "start.burn_in_weeks=1", "--out", "run")
    few = ("--years", "0.05", "--replications", "4", *SMALL)
    data("compare", "options.yaml", *few, "--out", "compare")
    data("compare", baseline, "mine.yaml", *few, "--out", "files")
    data("sweep", "sweep.yaml", *few, "--out", "sweep")
    data("sensitivity", "sensitivity.yaml", "--years", "0.05", "--replications", "2", *SMALL, "--out", "sensitivity")
    data("resume", "sweep")
    data("cite", "compare")
    for name in ("compare", "sweep"):
        assert (folder / name / "report.html").stat().st_size > 10_000
    data("reproduce", "--reduced")
    return said(["uv", "pip", "freeze", "--python", python], folder).split()


def main() -> int:
    """Every case; what failed is told at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[case.name for case in CASES], choices=[case.name for case in CASES])
    parser.add_argument("--folder", type=Path, help="Kept; left out: removed at the end.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wardsim-install-") as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        built = archives(folder)
        bad = 0
        for case in (case for case in CASES if case.name in asked.only):
            try:
                found = works(environment(case, built[case.archive], folder), folder / f"work-{case.name}")
            except (RuntimeError, AssertionError) as error:
                bad += 1
                print(f"{case.name}: FAILED\n{error}", flush=True)
                continue
            print(f"{case.name}: all commands work, with {', '.join(sorted(found))}", flush=True)
    print(f"{len(asked.only) - bad} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
