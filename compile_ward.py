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
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
NEEDS = ("mypy>=2.0", "setuptools>=77.0.3")
"""What compiling needs beyond what wardsim needs, also named by `pyproject.toml` (extra `compile`) and `hatch_build.py`. mypy brings mypyc."""

NOT_COMPILED = ("__init__.py", "facts.py", "kernel.py")
"""Tables made from a list of names, and a class derived from SimPy's: both are Python classes, and stay so."""

OPTIMISE = "3"
FLAGS = ("-ffp-contract=off", "-fwrapv", "-fno-semantic-interposition", "-fno-plt")
"""No product and sum in one rounding, so that a compiled ward rounds as Python does on every processor; numbers wrap round at 64 bits.
Functions of the ward may be put into one another, as nobody replaces them, and what Python offers is called without a detour."""
FALSE_ALARM = re.compile(r'!= [^;{}]{1,60} && PyErr_Occurred\(\)\)\) goto \w+;\s*PyErr_SetString\(PyExc_NameError, "value for final name \\"(\w+)')
"""The check of `_refuse_false_alarms`, with the name of the constant."""
LEARN = ("-fprofile-generate",)
LEARNED = ("-fprofile-use", "-fprofile-correction", "-fprofile-partial-training", "-Wno-missing-profile")
"""For GCC: compile so that a run writes down which way it goes, then compile again by that; what no run came to is compiled as without it."""
TRAINING = """
from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.scenario.load import load
from wardsim.scenario.shipped import shipped_scenarios
from wardsim.ward.ward import Ward

ledger = Ledger.load()
for n, (name, path) in enumerate(shipped_scenarios().items()):
    scenario = load(path).scenario
    days = 90.0 if name == "baseline" else 10.0
    Ward(scenario, condition(scenario, ledger.draw(7, n) if n % 2 else ledger.point()), n + 1, 0, begin=0.0, until=days * 1440.0).run()
"""
"""The run: the baseline above all, and something of every other ward that is shipped."""


def sources(package: Path) -> list[Path]:
    """The modules of the ward that are compiled."""
    return sorted(path for path in (package / "ward").rglob("*.py") if path.name not in NOT_COMPILED)


def fingerprint(also: Sequence[str] = ()) -> str:
    """Of the whole package, the compiler of Python and this file: a folder with the same one need not be built again."""
    digest = hashlib.sha256("\n".join([sys.version, version("mypy"), OPTIMISE, *FLAGS, *LEARNED, *also]).encode())
    for path in (Path(__file__), *sorted((ROOT / "wardsim").rglob("*.py")), *(ROOT / name for name in also)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def lacking() -> str:
    """Why the ward cannot be compiled here, and what to do about it; nothing if it can."""
    for need in NEEDS:
        name, _, least = need.partition(">=")
        try:
            found = version(name)
        except PackageNotFoundError:
            found = ""
        if not found or [int(n) for n in re.findall(r"\d+", found)[:3]] < [int(n) for n in least.split(".")]:
            return f"compiling needs {need}, and here is {found or 'none'}: pip install {' '.join(repr(one) for one in NEEDS)}"
    compiler = (sysconfig.get_config_var("CC") or "cl").split()[0]
    return "" if shutil.which(compiler) else f"there is no C compiler ({compiler}): install gcc, clang or the build tools of Visual Studio"


def build(folder: Path, also: Sequence[str] = ()) -> list[Path]:
    """Build, unless it is done, and return the extensions.

    Parameters
    ----------
    folder : Path
        Made if need be; what it holds of wardsim is replaced.
    also : sequence of str
        Modules beyond the ward that are compiled with it, from the folder of this file (`benchmarks/toy/world.py`).

    Raises
    ------
    SystemExit
        With what is lacking, or what the compiler said.
    """
    why = lacking()
    if why:
        raise SystemExit(why)
    mark = folder / "built.txt"
    known = fingerprint(also)
    if not (mark.exists() and mark.read_text(encoding="utf-8") == known):
        _copy(folder, also)
        command = [sys.executable, str(Path(__file__).resolve()), "--in", str(folder), *also]
        log = folder / "build.log"
        with log.open("w", encoding="utf-8") as out:
            done = subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            said = log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]
            raise SystemExit("\n".join([*said, f"wardsim was not compiled; all of the output is in {log}"]))
        for name in {Path(name).parts[0] for name in also}:  # the package itself is found where it always is
            (folder / name / "__init__.py").unlink()
        mark.write_text(known, encoding="utf-8")
    ending = sysconfig.get_config_var("EXT_SUFFIX")
    built = [path for name in ("wardsim", *(str(Path(name).parent) for name in also)) for path in (folder / name).rglob(f"*{ending}")]
    return sorted(folder.glob(f"*{ending}")) + sorted(set(built))


def _copy(folder: Path, also: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "built.txt").unlink(missing_ok=True)
    for left in folder.glob("*__mypyc*"):
        left.unlink()
    for name in ("wardsim", "calibration", "scenarios"):
        shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    for name in also:
        package = folder / Path(name).parent
        shutil.rmtree(package, ignore_errors=True)
    for name in also:
        for parent in (p for p in Path(name).parents if p != Path()):
            (folder / parent).mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / parent / "__init__.py", folder / parent)
        shutil.copy(ROOT / name, folder / name)


def _compiler() -> str:
    """Which C compiler it is: gcc, clang, or nothing that takes their flags."""
    compiler = (sysconfig.get_config_var("CC") or "").split()
    if not compiler or not shutil.which(compiler[0]):
        return ""
    said = subprocess.run([compiler[0], "--version"], capture_output=True, text=True, check=False).stdout
    return "clang" if "clang" in said else "gcc" if "Free Software Foundation" in said else ""


def _extensions(also: Sequence[str]) -> None:
    """Compile what lies in the current folder. In a process of its own: it changes arguments and folder of the process."""
    from mypyc.build import mypycify

    paths = [*(path.as_posix() for path in sources(Path("wardsim"))), *also]
    modules = mypycify(
        ["--config-file", "pyproject.toml", *paths], opt_level=OPTIMISE, debug_level="0", multi_file=False, group_name="wardsim_ward"
    )
    _refuse_false_alarms(Path())
    compiler = _compiler()
    flags = FLAGS if compiler else ()
    given = [(module, module.extra_compile_args, module.extra_link_args) for module in modules]
    for learning in (LEARN, LEARNED) if compiler == "gcc" else ((),):
        for module, compiling, linking in given:
            # not by CFLAGS, which would take the place of the flags of Python itself
            module.extra_compile_args = [*compiling, *flags, *learning]
            module.extra_link_args = [*linking, *(LEARN if learning == LEARN else ())]
        _set_up(modules)
        if learning == LEARN:
            subprocess.run([sys.executable, "-c", TRAINING], check=True)


def _refuse_false_alarms(folder: Path) -> None:
    """mypyc (seen in 2.4.1) may turn the check of a constant that is a pair of numbers round, so that it says of a value that is set that it is
    not: such a place would raise where the source does not. The C code is looked through for it; the mend is two constants in the source."""
    for path in folder.rglob("*.c"):
        names = set(FALSE_ALARM.findall(path.read_text(encoding="utf-8")))
        if names:
            raise SystemExit(f"mypyc has turned the check of {', '.join(sorted(names))} round: write single numbers in place of the tuple")


def _set_up(modules: Sequence[Any]) -> None:
    from setuptools import setup

    arguments = ["build_ext", "--inplace", "--force", "--build-temp", "build", "--parallel", str(os.cpu_count() or 1)]
    setup(name="wardsim", packages=[], ext_modules=list(modules), script_args=arguments)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in"]:
        os.chdir(sys.argv[2])
        _extensions(sys.argv[3:])
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        print(*build(Path(sys.argv[1]).resolve()), sep="\n")
    else:
        raise SystemExit(__doc__)
