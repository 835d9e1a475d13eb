"""Public holidays around what is simulated: rosters are drawn up ahead, and the burn-in reaches back."""

from __future__ import annotations

from collections.abc import Iterable

from wardsim.scenario.calendar import holidays_for
from wardsim.scenario.schema import Scenario

MARGIN_YEARS = 1
"""Calendar years around a run for which public holidays are looked up."""
WEEKS_PER_YEAR = 52.18


def holidays_around(
    scenario: Scenario, others: Iterable[Scenario], years: float, warm_up_weeks: float
) -> frozenset[int]:
    """Day numbers of public holidays from before the longest burn-in to after what is measured.

    Parameters
    ----------
    scenario : Scenario
        Gives the start date (day 0) and the calendar.
    others : iterable of Scenario
        Wards that live through the same days.
    years, warm_up_weeks : float
        Measured, and before measuring.
    """
    burn_in = max(ward.start.burn_in_weeks for ward in (scenario, *others))
    year = scenario.ward.start_date.year
    back = MARGIN_YEARS + int(burn_in / WEEKS_PER_YEAR) + 1
    ahead = MARGIN_YEARS + int(years + warm_up_weeks / WEEKS_PER_YEAR) + 1
    return holidays_for(scenario, year - back, year + ahead)
