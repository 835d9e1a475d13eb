"""Reference results as the documents read them: the newest form of each study, its tables, and whether it still belongs to this version."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .common import ROOT

REDUCED = "-reduced"
"""End of the names of references that stand in where a full one has not been made."""
CHECKED = ("model", "ledger", "targets", "posterior", "seed")
"""What must be as it is now for the numbers to count."""

NATIONAL = "national-2008"
VERBS = {"options": "compare", "sweeps": "sweep", "studies": "sensitivity", "optimise": "optimise", NATIONAL: "population"}
"""Folder of a study -> the command that runs it."""

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
        given = dict(override.partition("=")[::2] for override in self.about.get("overrides", ()))
        return int(given.get("replications") or self._content().replications or 0)

    def question(self) -> str:
        """Its estimand, its period and where its parameters are drawn from, in words; empty for a calibration."""
        from wardsim.experiments.shown import SOURCE_WORDS, time_after

        if self.calibration:
            return ""
        study, content = self._study(self.about.get("overrides", ())), self._content()
        drawn = "parameters that are not varied at their point values" if study.point else f"parameters drawn {SOURCE_WORDS[study.parameters]}"
        if getattr(content, "studies", None) is not None:
            return f"estimand *{study.estimand}*, over the months that each simulated study has, {drawn}"
        if study.estimand == "transition":
            return f"estimand *transition*, {time_after(study.years)} after the change, {drawn}"
        return f"estimand *steady*, {'a year' if study.years == 1 else f'{study.years:g} years'} of wards in balance, {drawn}"

    def years(self) -> tuple[float, float]:
        """Years that this reference follows, and that the study file does as it is."""
        return self._study(self.about.get("overrides", ())).years, self._study(()).years

    def command(self) -> str:
        """What runs the study file as it is."""
        return f"wardsim {VERBS[self.about['study'].partition('/')[0]]} scenarios/{self.about['study']}.yaml"

    def plainly(self) -> str:
        """How long and how often the file is run as it is, where the reference was made with something else; else empty."""
        if self.calibration or not self.about.get("overrides"):
            return ""
        ours, plain = self.years()
        said = []
        if plain != ours:
            said.append(f"follows {_years(plain)}, not {'one' if ours == 1 else _years(ours)}")
        kind = self.about["study"].partition("/")[0]
        if kind == NATIONAL and (many := self._content().replications) and many != self.replications():
            what = "populations" if getattr(self._content(), "studies", None) is None else "literatures"
            said.append(f"makes {many} {what}, not {self.replications()}")
        return f"Without these, `{self.command()}` {' and '.join(said)}." if said else ""

    def values(self) -> dict[str, float]:
        """What one unit of each measure is worth in the study file."""
        return dict(self._content().values)

    def objective(self) -> str:
        """Measure that an optimisation keeps low."""
        return str(self._content().objective)

    def budget(self) -> int:
        """Runs that an optimisation may make."""
        given = dict(override.partition("=")[::2] for override in self.about.get("overrides", ()))
        return int(given.get("budget_runs") or self._content().budget_runs)

    def _content(self) -> Any:
        from wardsim.scenario.shipped import shipped_studies
        from wardsim.scenario.studies import load_study

        return load_study(shipped_studies()[self.about["study"]]).content

    def _study(self, overrides: Sequence[str]) -> Any:
        """The study, built with overrides."""
        from wardsim.experiments.design.build import study_of
        from wardsim.scenario.shipped import shipped_studies
        from wardsim.scenario.studies import load_study

        return study_of(load_study(shipped_studies()[self.about["study"]], list(overrides)))

    def changed(self) -> list[str]:
        """What of `CHECKED` is not as it is now."""
        then = {**self.about["versions"], **self.about.get("rests_on", {})}
        counts = [key for key in CHECKED if not (self.calibration and key == "posterior")]
        return [key for key in counts if key in then and then[key] != now(self)[key]]

    def origin(self) -> str:
        """Where numbers come from: estimand and period, study and overrides, the command that makes them again, and the fingerprints of what they rest on."""
        then = {**self.about["versions"], **self.about.get("rests_on", {})}
        marks = ", ".join(f"{key} `{str(then[key])[:8]}`" for key in CHECKED if then.get(key) is not None)
        if self.calibration:
            return f"Numbers: `results/reference/{self.name}/`, made by `wardsim calibrate --reduced`; {marks}."
        given = ", ".join(f"`{text}`" for text in self.about.get("overrides", ()))
        made = f"made from `scenarios/{self.about['study']}.yaml`{f' with {given}' if given else ''}; again with `wardsim reproduce {self.name}`"
        plain = self.plainly()
        return f"Numbers: `results/reference/{self.name}/`; {self.question()}; {made}; {marks}.{f' {plain}' if plain else ''}"


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


def _years(years: float) -> str:
    return f"{years:g} year{'' if years == 1 else 's'}"


def number(row: Row, column: str) -> float | None:
    """A cell as a number, None when it is empty."""
    text = row.get(column, "")
    return float(text) if text else None
