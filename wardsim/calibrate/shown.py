"""Published figures that are not fitted, beside the calibrated ward: targets of weight 0 and the rows declared for validation.

The runs of a calibration hold the outcomes of fitted targets only. What stands here comes from a reference result with the baseline ward
at draws of the same posterior; without one the figures are listed with nothing beside them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wardsim.experiments.reproduce.reference import read, references
from wardsim.measures import MEASURES

from .compare import LAYERS, published
from .targets import Targets

REFERENCE = "extra-night-nurse"
"""Reference result whose first option is the baseline ward with every measure."""
WEIGHT_0, VALIDATION = "weight 0", "validation"


@dataclass(frozen=True)
class Beside:
    """One measure of the calibrated ward.

    Attributes
    ----------
    measure : str
    layer : str
        What it sees of the ward.
    mean, low, high : float or None
        Mean and 95% range over draws of all parameters, chance of the year taken out, in its unit; None where it is not stored.
    source : str
        Result that they come from, and the model that made it.
    """

    measure: str
    layer: str
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    source: str = ""

    @property
    def label(self) -> str:
        """In words."""
        return MEASURES[self.measure].label

    @property
    def unit(self) -> str:
        """Its unit."""
        return MEASURES[self.measure].unit


@dataclass(frozen=True)
class NotFitted:
    """One published figure that is not fitted.

    Attributes
    ----------
    why : str
        weight 0, or validation.
    id, label : str
    rows : tuple of str
        Of the register of evidence.
    published : str
        In words.
    reason : str
        Why it is not fitted.
    measures : tuple of Beside
        Empty where no measure of one ward is beside it.
    """

    why: str
    id: str
    label: str
    rows: tuple[str, ...]
    published: str
    reason: str
    measures: tuple[Beside, ...]


def not_fitted(targets: Targets) -> list[NotFitted]:
    """Targets of weight 0, then the validation rows, in the order of the file, with nothing beside them yet."""
    weightless = [
        NotFitted(WEIGHT_0, t.id, t.label, t.rows, published(t), t.weight.reason, (Beside(t.measure, LAYERS[t.layer]),))
        for t in targets.targets
        if t.weight.value == 0.0
    ]
    declared = [
        NotFitted(VALIDATION, s.id, s.label, s.rows, s.published, s.reason, tuple(Beside(m, MEASURES[m].layer) for m in s.measures))
        for s in targets.validation
    ]
    return [*weightless, *declared]


def with_values(figures: Sequence[NotFitted], values: Mapping[str, Beside]) -> list[NotFitted]:
    """The figures with what is known of their measures, by name; the layer stays that of the figure."""
    return [
        replace(one, measures=tuple(replace(values.get(m.measure, m), layer=m.layer) for m in one.measures)) for one in figures
    ]


def stored_values(posterior: str, place: Path | None = None) -> dict[str, Beside]:
    """Measures of the baseline ward at draws of a posterior, from the reference result; none when that was made with another one.

    Parameters
    ----------
    posterior : str
        Fingerprint of the table of draws.
    place : pathlib.Path, optional
        Folder of reference results; left out: the one shipped.
    """
    try:
        reference = references(place).get(REFERENCE)
    except FileNotFoundError:
        return {}
    if reference is None:
        return {}
    mark = read(reference.folder).get("rests_on", {}).get("posterior")
    source = f"{REFERENCE}, model {reference.versions['model'][:8]}"
    path = reference.folder / "options.csv"
    if not mark or not posterior.startswith(mark) or not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["name"]: _of_row(row, source) for row in rows if row["option"] == rows[0]["option"] and row["name"] in MEASURES}


def _of_row(row: Mapping[str, str], source: str) -> Beside:
    mean, low, high = (float(row[key]) if row[key] else None for key in ("mean", "low", "high"))
    return Beside(row["name"], row["layer"], mean, low, high, source)
