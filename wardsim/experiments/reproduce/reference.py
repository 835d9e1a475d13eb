"""What is kept of a reference result: how it was made, with which versions, and its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wardsim.parameters.posterior import Source
from wardsim.scenario.shipped import shipped

from ..results import json_bytes, write_whole
from ..study.cells import Study
from ..study.folder import versions

FILE = "reference.json"
"""Says how the tables beside it were made."""
BULKY = ("runs.parquet", "seconds.csv", "study.json", "manifest.json")
"""Files of a results folder that are not kept as reference: large, or different on every machine."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference result.

    Attributes
    ----------
    name : str
        Name of its folder.
    folder : Path
        Where it is.
    study : str
        Shipped study file, as `studies/sensitivity-night-nurse`.
    overrides : tuple of str
        Laid over it.
    versions : mapping
        Of everything that decided the numbers: wardsim, model, ledger, and libraries.
    tables : tuple of str
        Names of its tables.
    minutes : float
        Time that it took when it was made, on two processors.
    """

    name: str
    folder: Path
    study: str
    overrides: tuple[str, ...]
    versions: dict[str, str]
    tables: tuple[str, ...]
    minutes: float


def references(root: Path | None = None) -> dict[str, Reference]:
    """Every reference result, by name.

    Parameters
    ----------
    root : Path, optional
        Folder of folders; left out: the one shipped.
    """
    found = {}
    for path in sorted((root or shipped("results") / "reference").glob(f"*/{FILE}")):
        about = read(path.parent)
        found[path.parent.name] = Reference(
            path.parent.name, path.parent, about["study"], tuple(about["overrides"]), dict(about["versions"]), tuple(about["tables"]),
            float(about["minutes"]),
        )  # fmt: skip
    return found


def read(folder: Path) -> dict[str, Any]:
    """What is kept of a reference beside its tables."""
    about: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return about


def study_of_reference(reference: Reference) -> Study:
    """The study of a reference, as this version builds it.

    Raises
    ------
    ScenarioError
        When its file is not in order any more.
    """
    from wardsim.scenario.studies import load_study

    from ..design.build import study_of

    path = shipped("scenarios") / f"{reference.study}.yaml"
    return study_of(load_study(path, list(reference.overrides)))


def all_versions() -> dict[str, str]:
    """Versions that decide the numbers of tables: libraries of the analysis included, and the kind of processor that their linear
    algebra is made for, since its sums are rounded otherwise on another."""
    from importlib import metadata
    from platform import machine, python_version

    import numpy  # noqa: F401  (the linear algebra that is looked at is the one that is loaded)
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped,unused-ignore]

    libraries = {name: metadata.version(name) for name in ("numpy", "scipy", "scikit-learn", "salib", "simpy")}
    made_for = {f"{one['internal_api']} {one['version']} {one.get('architecture', '')}".strip() for one in threadpool_info() if one["user_api"] == "blas"}
    return {**versions(), "python": python_version(), **libraries, "machine": machine(), "linear algebra": ", ".join(sorted(made_for))}


def keep_plan(reference: Reference) -> None:
    """Store what a reference is to be made of, with no tables yet: `wardsim reproduce NAME --keep` then makes it.

    Parameters
    ----------
    reference : Reference
        Name, folder, study and overrides.
    """
    reference.folder.mkdir(parents=True, exist_ok=True)
    about = {"study": reference.study, "overrides": list(reference.overrides), "versions": all_versions(), "tables": [], "minutes": 0.0}
    write_whole(reference.folder / FILE, json_bytes(about))


def rests_on(drawn: Source = "posterior") -> dict[str, str | None]:
    """Fingerprints (16 hex digits) of the calibration targets and, where parameters are drawn from it, of the posterior that is shipped.

    Parameters
    ----------
    drawn : str
        Where parameters are drawn from: what is drawn from the priors rests on no posterior.

    Returns
    -------
    dict
        `targets`, and `posterior` where it is drawn from (None: there is none).
    """
    import hashlib

    from wardsim.parameters.posterior import Posterior, PosteriorError

    targets = hashlib.sha256((shipped("calibration") / "targets.yaml").read_bytes()).hexdigest()[:16]
    if drawn != "posterior":
        return {"targets": targets}
    try:
        return {"targets": targets, "posterior": Posterior.read().hash[:16]}
    except PosteriorError:
        return {"targets": targets, "posterior": None}


def keep(reference: Reference, made: Path, minutes: float, seed: int | None = None, also: Mapping[str, Any] | None = None) -> None:
    """Store the tables of a results folder as the reference.

    Parameters
    ----------
    reference : Reference
        Which; its study and overrides are kept.
    made : Path
        Finished results folder.
    minutes : float
        Time that it took.
    seed : int, optional
        Of its runs; left out: its study's.
    also : mapping, optional
        What else its file is to say.
    """
    tables = sorted(path.name for path in made.iterdir() if path.suffix in (".csv", ".json", ".txt") and path.name not in BULKY)
    reference.folder.mkdir(parents=True, exist_ok=True)
    for name in tables:
        write_whole(reference.folder / name, (made / name).read_bytes())
    study = study_of_reference(reference) if seed is None else None
    about = {
        "study": reference.study, "overrides": list(reference.overrides), "versions": all_versions(), "tables": tables,
        "minutes": round(minutes, 1),
        "rests_on": {**rests_on("prior" if study is None else study.parameters), "seed": seed if study is None else study.seed}, **(also or {}),
    }  # fmt: skip
    write_whole(reference.folder / FILE, json_bytes(about))
