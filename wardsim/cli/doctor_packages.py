"""Is what wardsim needs installed: Python, packages, optional extras, the ward compiled or not."""

from __future__ import annotations

import platform
import sys
import warnings
from collections.abc import Iterator, Sequence
from importlib import import_module, metadata

from .doctor_check import Check
from .requirements import Requirement, fits, requirements

EXTRAS = {
    "calibration": "`wardsim calibrate`",
    "cluster": "--cluster (Dask)",
    "excel": "`wardsim export --format xlsx`",
    "arviz": "`wardsim export --format arviz`",
}
"""Optional extra -> what needs it."""
MODULES = {"ruamel-yaml": "ruamel.yaml", "ruamel.yaml": "ruamel.yaml", "scikit-learn": "sklearn", "salib": "SALib"}
"""Package -> the module to import, where it has another name."""
LEAST_PYTHON = ">=3.11"
"""Asked for where wardsim is run without being installed."""


def python() -> Iterator[Check]:
    """Is this Python new enough?"""
    version = platform.python_version()
    needed = _asked() or LEAST_PYTHON
    good = fits(version, needed)
    found = f"{platform.python_implementation()} {version} on {platform.system()} {platform.machine()}"
    advice = "" if good else f"wardsim needs Python {needed}: make an environment with one"
    yield Check("python", "ok" if good else "fail", found, advice, {"version": version, "needed": needed, "executable": sys.executable})


def installed() -> Iterator[Check]:
    """Is the package that is installed this one?"""
    from wardsim import __version__

    try:
        version = metadata.version("wardsim")
    except metadata.PackageNotFoundError:
        yield Check("wardsim", "warn", f"{__version__}, run from a folder without being installed", "pip install it to have its needs checked")
        return
    details = {"version": __version__, "installed": version}
    if version == __version__:
        yield Check("wardsim", "ok", __version__, details=details)
        return
    yield Check("wardsim", "warn", f"the code is {__version__}, and {version} is installed", "install it again: pip install --upgrade", details)


def packages() -> Iterator[Check]:
    """Is every package that is always needed there, new enough, and can it be imported?"""
    needed = [one for one in _needed() if not one.extra]
    faults = {one: fault for one in needed if (fault := _fault(one))}
    versions = {one.name: _version(one) for one in needed}
    for one, fault in faults.items():
        yield Check(f"package {one.name}", "fail", fault, f"pip install --upgrade '{one.text}'", {"needed": one.bounds, "version": versions[one.name]})
    if needed and not faults:
        yield Check("packages", "ok", f"all {len(needed)} that it needs are there, none too old", details={"versions": versions})


def extras() -> Iterator[Check]:
    """Which optional extras can be used, and what for?"""
    needed = _needed()
    for extra, use in EXTRAS.items():
        parts = [one for one in needed if one.extra == extra]
        if not parts:
            continue
        versions = {one.name: _version(one) for one in parts}
        install = f"pip install 'wardsim[{extra}]'"
        details = {"versions": versions, "use": use}
        if not all(versions.values()):
            yield Check(f"extra {extra}", "ok", f"not installed, and only {use} needs it: {install}", details={**details, "usable": False})
        elif faults := [fault for one in parts if (fault := _fault(one))]:
            yield Check(f"extra {extra}", "warn", f"{use} will not work: {faults[0]}", install, {**details, "usable": False})
        else:
            shown = ", ".join(f"{name} {version}" for name, version in versions.items())
            yield Check(f"extra {extra}", "ok", f"{shown}, for {use}", details={**details, "usable": True})


def build() -> Iterator[Check]:
    """Is the ward compiled?"""
    from wardsim.ward import compiled

    if compiled():
        yield Check("ward", "ok", "compiled", details={"compiled": True})
    else:
        yield Check("ward", "ok", "not compiled: the same numbers in more time (docs/how-to/compile.md)", details={"compiled": False})


def _needed() -> Sequence[Requirement]:
    try:
        return requirements(metadata.requires("wardsim") or [])
    except metadata.PackageNotFoundError:
        return []


def _asked() -> str:
    """Versions of Python that the metadata asks for; "" where there is none."""
    try:
        return str((metadata.metadata("wardsim").get_all("Requires-Python") or [""])[0])
    except metadata.PackageNotFoundError:
        return ""


def _version(one: Requirement) -> str:
    """Version that is installed; "" for none."""
    try:
        return metadata.version(one.name) or ""
    except metadata.PackageNotFoundError:
        return ""


def _fault(one: Requirement) -> str:
    """What is wrong with a package, in words; "" for nothing."""
    version = _version(one)
    if not version:
        return "" if one.conditional else f"{one.name} is not installed, and {one.text} is needed"
    if not fits(version, one.bounds):
        return f"{one.name} is {version}, and {one.text} is needed"
    module = MODULES.get(one.name.lower(), one.name.replace("-", "_"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import_module(module)
    except Exception as error:  # libraries that do not fit together raise whatever they like
        return f"{one.name} {version} cannot be imported ({' '.join(f'{type(error).__name__}: {error}'.split())[:200]})"
    return ""
