"""Public holidays as day numbers of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .schema import Scenario


def holidays_for(scenario: Scenario, first_year: int, last_year: int) -> frozenset[int]:
    """Day numbers (0 = start date, may be negative) of the public holidays that the scenario observes.

    Parameters
    ----------
    scenario : Scenario
        Its `ward.start_date` and `ward.bank_holidays` count.
    first_year, last_year : int
        Calendar years, both included.
    """
    if scenario.ward.bank_holidays == "none" or last_year < first_year:
        return frozenset()
    import holidays

    days = holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1))
    start = scenario.ward.start_date
    return frozenset((day - start).days for day in days if first_year <= day.year <= last_year)
