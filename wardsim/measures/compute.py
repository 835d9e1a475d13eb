"""Facts in, values out: every declared measure over one window, or over several windows of one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import floor

from wardsim.scenario.calendar import holidays_for
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts

from . import rating
from .columns import Columns
from .declare import Value
from .registry import MEASURES, MODULES
from .view import View


def measure(
    facts: Facts | Columns,
    scenario: Scenario,
    parameters: Mapping[str, float],
    start: float,
    end: float,
    *,
    observed: tuple[float, float] | None = None,
    holidays: frozenset[int] | None = None,
) -> dict[str, Value]:
    """Compute every measure over the window [start, end).

    What lies outside the window (burn-in, warm-up, later years) is left out here and nowhere else: intervals are cut
    to the window, moments outside it are not counted.

    Parameters
    ----------
    facts : Facts or Columns
        Facts of a finished run. Give the same `Columns` when several windows of one run are measured: columns are
        then made once.
    scenario : Scenario
        What was simulated (beds, prices, training matrix, break length).
    parameters : mapping of str to float
        Ledger values; those of `measures.*`, `recording.*` and a few that an operator shares with the ward are read.
    start, end : float
        Window, minutes since time zero.
    observed : tuple of float, optional
        Measured part of the run, for the measures that look back twelve months or follow on for 7 or 90 days beyond
        the window's edge. Left out: the window itself.
    holidays : frozenset of int, optional
        Day numbers of public holidays (they pay as Sundays). Left out: those of the scenario's calendar.

    Returns
    -------
    dict of str to Value
        Every name of `MEASURES`, in that order. Unknown values are NaN with a reason.

    Raises
    ------
    ValueError
        When the window is empty.
    LedgerError
        When the staff's minutes do not close.
    """
    view = view_of(facts, scenario, parameters, start, end, observed=observed, holidays=holidays)
    values: dict[str, Value] = {}
    for module in MODULES:
        if module is not rating:
            values.update(module.compute(view))
    values.update(rating.compute(values))
    return {name: values[name] for name in MEASURES}


def view_of(
    facts: Facts | Columns,
    scenario: Scenario,
    parameters: Mapping[str, float],
    start: float,
    end: float,
    *,
    observed: tuple[float, float] | None = None,
    holidays: frozenset[int] | None = None,
) -> View:
    """The window [start, end) of a run, as every measure sees it; arguments as in `measure`.

    `costs.lines(view_of(...))` is the account line by line.
    """
    if not end > start:
        raise ValueError(f"the window is empty: it starts at {start:g} and ends at {end:g}")
    columns = facts if isinstance(facts, Columns) else Columns(facts)
    if holidays is None:
        holidays = _holidays(scenario, start, end)
    return View(columns, scenario, parameters, start, end, observed or (start, end), holidays)


def measure_windows(
    facts: Facts | Columns,
    scenario: Scenario,
    parameters: Mapping[str, float],
    windows: Sequence[tuple[float, float]],
    *,
    holidays: frozenset[int] | None = None,
) -> list[dict[str, Value]]:
    """Measures of several windows of one run (a year and its quarters, say), with columns made once.

    The measured run, for measures that look beyond their window, is from the first start to the last end of the
    windows.
    """
    columns = facts if isinstance(facts, Columns) else Columns(facts)
    observed = (min(w[0] for w in windows), max(w[1] for w in windows))
    return [measure(columns, scenario, parameters, a, b, observed=observed, holidays=holidays) for a, b in windows]


def _holidays(scenario: Scenario, start: float, end: float) -> frozenset[int]:
    """Public holidays of the scenario's calendar between two times, as day numbers."""
    if scenario.ward.bank_holidays == "none":
        return frozenset()
    zero = scenario.ward.start_date
    first, last = ((zero + timedelta(days=floor(t / DAY))).year for t in (start, end))
    key = (zero, scenario.ward.bank_holidays, first, last)
    if key not in _known_holidays:
        if len(_known_holidays) > 64:
            _known_holidays.clear()
        _known_holidays[key] = holidays_for(scenario, first, last)
    return _known_holidays[key]


_known_holidays: dict[tuple[date, str, int, int], frozenset[int]] = {}
"""Holidays already looked up (the calendar package takes longer than all the measures of a year)."""
