"""Part of the report of a calibration: published figures that are shown and not fitted, and not counted among those that are judged."""

from __future__ import annotations

from wardsim.experiments.shown import label, number_of, range_of
from wardsim.measures import MEASURES

from ..content import Cell, Table, table
from ..result import Result
from ..source import Row as Line
from ..source import number

SHOWN = "shown.csv"
CAPTIONS = {
    "weight 0": "Targets of weight 0: compared, not fitted, not counted above",
    "validation": "Declared for validation: never fitted, not counted above",
}
HEAD = ("figure", "rows", "published", "measure of the ward", "layer", "simulated (95% range)", "why it is not fitted, how it is compared")
RANGE = (
    "Simulated: the baseline ward at draws of this posterior; the range is over draws of all parameters, chance of the year taken out. The luck of the "
    "study and its wards are not in it, so that nothing is counted as inside or outside."
)
NONE = "Simulated values are not stored for this posterior."


def not_fitted(result: Result) -> list[Table]:
    """A table for each reason why figures are not fitted."""
    found = []
    for why, caption in CAPTIONS.items():
        lines = result.source.rows(SHOWN, why=why)
        if lines:
            known = any(number(line, "simulated") is not None for line in lines)
            found.append(table(caption, HEAD, [_row(line) for line in lines], notes=[RANGE if known else NONE]))
    return found


def _row(line: Line) -> tuple[Cell, ...]:
    measure = MEASURES.get(line["measure"])
    if measure is None:
        what, value = line["measure_label"] or "none on one ward", "-"
    else:
        mean, low, high = (number(line, key) for key in ("simulated", "low", "high"))
        what = label(measure)
        value = "-" if mean is None else f"{number_of(measure, mean)} ({range_of(measure, low, high)})"
    return (line["label"], line["rows"].replace(" ", ", "), line["published"], what, line["layer"] or "-", value, line["reason"])
