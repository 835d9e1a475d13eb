"""Part of the report: figures that are shown and not fitted. They are never counted among the targets that are judged."""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.experiments.results import csv_bytes
from wardsim.experiments.shown import number_of, range_of
from wardsim.measures import MEASURES

from .page import Block, Heading, Table, Text
from .shown import VALIDATION, WEIGHT_0, Beside, NotFitted

TABLE = "shown.csv"
"""Name of the table in the folder of the report."""
HEAD = ("why", "figure", "label", "rows", "published", "measure", "measure_label", "unit", "layer", "simulated", "low", "high", "source", "reason")
WHERE = (
    "Simulated: the baseline ward in the year after its run-in, at draws of this posterior and of the priors of all other parameters; mean, and 95% range "
    "over the draws with the chance of the year taken out. It is no predictive interval: the luck of the study, its wards and any discrepancy are not in it, "
    "so that nothing is counted as inside or outside."
)
NOWHERE = "Simulated values are not stored for this posterior: none of these figures is in the runs of the calibration."


def shown_of(figures: Sequence[NotFitted]) -> list[Block]:
    """Targets of weight 0, and the rows declared for validation."""
    weightless = [one for one in figures if one.why == WEIGHT_0]
    declared = [one for one in figures if one.why == VALIDATION]
    if not figures:
        return []
    sources = dict.fromkeys(m.source for one in figures for m in one.measures if m.mean is not None)
    out: list[Block] = [Heading("Shown and not fitted"), Text(f"{WHERE} Reference result: {'; '.join(sources)}." if sources else NOWHERE)]
    if weightless:
        out += [
            Heading("Targets of weight 0", 3),
            Text("Compared and not fitted; they are not among the figures counted above."),
            Table(
                ("target", "rows", "layer", "published", "simulated", "95% range", "weight", "why it is not fitted"),
                [(one.label, ", ".join(one.rows), one.measures[0].layer, one.published, *_value(one.measures[0]), 0, one.reason) for one in weightless],
            ),
        ]
    if declared:
        out += [
            Heading("Declared for validation", 3),
            Text("Never fitted: no prior and no discrepancy may be moved for them. What is compared over many wards or studies has no value of one ward."),
            Table(
                ("figure", "rows", "published", "measure of the ward", "layer", "simulated", "95% range", "how it is compared"),
                [row for one in declared for row in _rows(one)],
            ),
        ]
    return out


def shown_bytes(figures: Sequence[NotFitted]) -> bytes:
    """The same as a table, a row a measure."""
    return csv_bytes(HEAD, [row for one in figures for row in _table_rows(one)])


def _table_rows(one: NotFitted) -> list[tuple[object, ...]]:
    begin = (one.why, one.id, one.label, " ".join(one.rows), one.published)
    cells = [(m.measure, m.label, m.unit, m.layer, m.mean, m.low, m.high, m.source) for m in one.measures]
    return [(*begin, *own, one.reason) for own in cells] or [(*begin, *("",) * 8, one.reason)]


def _rows(one: NotFitted) -> list[tuple[object, ...]]:
    begin = (one.label, ", ".join(one.rows), one.published)
    if not one.measures:
        return [(*begin, "none on one ward", "", "-", "-", one.reason)]
    return [(*begin, f"{m.label}, {m.unit}", m.layer, *_value(m), one.reason) for m in one.measures]


def _value(one: Beside) -> tuple[str, str]:
    measure = MEASURES[one.measure]
    return number_of(measure, one.mean), range_of(measure, one.low, one.high)
