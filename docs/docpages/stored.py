"""Reference results as the documents read them: the newest form of each study, its tables, and whether it still belongs to this version."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .common import ROOT

REDUCED = "-reduced"
"""End of the names of references that stand in where a full one has not been made."""
CHECKED = ("model", "ledger", "targets", "posterior", "seed")
"""What must be as it is now for the numbers to count."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """One reference result.

    Attributes
    ----------
    name : str
        Of its folder.
    folder : Path
    about : mapping
        Its reference.json.
    reduced : bool
        Whether it is the short form that the checks make again: it shows that things work and says nothing about wards.
    """

    name: str
    folder: Path
    about: Mapping[str, Any]
    reduced: bool

    def rows(self, table: str) -> list[dict[str, str]]:
        """Rows of a table; none where there is no such table."""
        path = self.folder / table
        if not path.is_file():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @property
    def calibration(self) -> bool:
        """Whether it is a calibration: no study file behind it, and nothing of the posterior that is shipped in it."""
        return bool(self.about["study"] == "calibrate")

    def replications(self) -> int:
        """Runs of each ward, or populations: as overridden, else as the study file has them."""
        from wardsim.scenario.shipped import shipped_studies
        from wardsim.scenario.studies import load_study

        given = dict(override.partition("=")[::2] for override in self.about.get("overrides", ()))
        return int(given.get("replications") or load_study(shipped_studies()[self.about["study"]]).content.replications or 0)

    def changed(self) -> list[str]:
        """What of `CHECKED` is not as it is now."""
        then = {**self.about["versions"], **self.about.get("rests_on", {})}
        counts = [key for key in CHECKED if not (self.calibration and key == "posterior")]
        return [key for key in counts if key in then and then[key] != now(self)[key]]

    def origin(self) -> str:
        """A sentence with the study, its size, and the fingerprints of what it rests on."""
        then = {**self.about["versions"], **self.about.get("rests_on", {})}
        marks = ", ".join(f"{key} `{str(then[key])[:8]}`" for key in CHECKED if then.get(key) is not None)
        made = "by `wardsim calibrate --reduced`" if self.calibration else f"from `scenarios/{self.about['study']}.yaml`"
        return f"Numbers: `results/reference/{self.name}/`, made {made}; {marks}."


@cache
def stored(study: str) -> Stored | None:
    """The full reference of a study if there is one, else a reduced one, else None.

    Parameters
    ----------
    study : str
        Shipped study file without its ending, as `options/extra-night-nurse`.
    """
    found = [one for one in every() if one.about["study"] == study]
    return min(found, key=lambda one: (one.reduced, one.name), default=None)


def _read(folder: Path) -> Stored:
    import json

    about = json.loads((folder / "reference.json").read_text(encoding="utf-8"))
    return Stored(folder.name, folder, about, folder.name.endswith(REDUCED))


def every() -> list[Stored]:
    """All reference results."""
    return [_read(path.parent) for path in sorted((ROOT / "results" / "reference").glob("*/reference.json"))]


@cache
def fingerprints() -> dict[str, Any]:
    """Of model, ledger, targets and posterior, as this version has them."""
    from wardsim.experiments.reproduce.reference import rests_on
    from wardsim.experiments.study.folder import versions

    found = {**versions(), **rests_on()}
    return {key: found[key] for key in CHECKED if key in found}


def now(one: Stored) -> dict[str, Any]:
    """The same fingerprints as this version has them."""
    from wardsim.calibrate.shipped import REDUCED as REDUCED_PLAN
    from wardsim.experiments.reproduce.reference import references, study_of_reference

    found = dict(fingerprints())
    if one.calibration:
        found["seed"] = REDUCED_PLAN.seed
    elif "seed" in one.about.get("rests_on", {}):
        found["seed"] = study_of_reference(references()[one.name]).seed
    return found


def number(row: Row, column: str) -> float | None:
    """A cell as a number, None when it is empty."""
    text = row.get(column, "")
    return float(text) if text else None
