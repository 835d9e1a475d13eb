"""What a published study would have seen of this ward: the observation operators that calibration compares with.

Each passes the simulated ward through what the study had between itself and the ward: channel (case notes, structured
form, shift reports, incident system, survey, an observer with a clock), population, window, aggregation, roles and hours.
Where an ordinary measure already is what was published (mean stay, reported assaults per 1,000 bed days), there is no
second copy here: the target names that measure. Censoring belongs to the target, not to the operator.
"""

from __future__ import annotations

from . import observed_incidents, observed_staff, observed_work
from .declare import Measure, Value
from .view import View

PARTS = (observed_incidents, observed_work, observed_staff)

DECLARED: tuple[Measure, ...] = tuple(measure for part in PARTS for measure in part.DECLARED)


def compute(view: View) -> dict[str, Value]:
    """Values of every operator."""
    values: dict[str, Value] = {}
    for part in PARTS:
        values.update(part.compute(view))
    return values
