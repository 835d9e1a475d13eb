"""Part 2: the cost-consequence table, a row an outcome, a column an option; and part 4: the same on a plane."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wardsim.experiments.shown import change_of, changes_of, label, number_of, range_of
from wardsim.experiments.statistics.difference import Difference
from wardsim.experiments.sweep.marks import SIGNS, WORDS
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Cell, Part, table
from ..figures import Cloud, Drawn, plane
from ..figures.plane import MOST_NAMED
from ..figures.ranges import HEAD
from ..result import Alternative, Result, clouds
from .marked import explained, known, span
from .words import lower

ROWS: dict[str, tuple[str, ...]] = {
    "Violence and other incidents": (
        "assaults_true_per_1000_obd", "assaults_reported_per_1000_obd", "assaults_on_staff_true_per_1000_obd",
        "assaults_on_patients_true_per_1000_obd", "aggression_true_per_1000_obd", "self_harm_true_per_1000_obd",
        "absconding_true_per_1000_obd", "staff_injuries_per_1000_obd",
    ),
    "Restrictive interventions": (
        "restrictive_interventions_per_1000_obd", "restraint_per_1000_obd", "seclusion_per_1000_obd", "rapid_tranquillisation_per_1000_obd",
    ),
    "Therapeutic contact": (
        "one_to_one_min_per_patient_day", "no_one_to_one_first_week", "one_to_one_delivered", "group_hours_per_patient_week",
        "escorts_delivered",
    ),
    "Training": ("training_release_honoured", "training_hours_delivered_per_wte", "training_compliance"),
    "Money": (
        "cost_total_per_year", "cost_substantive_per_year", "cost_bank_per_year", "cost_agency_per_year", "cost_courses_per_year",
        "cost_out_of_area_per_year", "cost_incident_cash_per_year", "cost_per_obd",
    ),
}  # fmt: skip
"""Rows of the table, by heading."""
MOST = 8
"""Options that have a column each."""
OF_CELLS = (
    "assaults_true_per_1000_obd", "assaults_reported_per_1000_obd", "restrictive_interventions_per_1000_obd", "one_to_one_min_per_patient_day",
    "no_one_to_one_first_week", "cost_total_per_year",
)  # fmt: skip
"""Measures that have a column each where options, or cells of a sweep, have a row each."""
MOST_ROWS = 100
"""Rows listed."""
PLANES = ("assaults_true_per_1000_obd", "one_to_one_min_per_patient_day")
CLEAR = 80
"""Of 100 draws, from which an option is named as better and cheaper."""
MONEY_MEASURE = "cost_total_per_year"


def cost_consequences(result: Result) -> Part | None:
    """The options table."""
    wards = result.alternatives
    if wards and (len(wards) > MOST or result.kind == "sweep"):
        return _long(result)
    if not wards:
        return None
    part = Part("options", "Costs and consequences" if result.options else "The ward in numbers")
    rows: list[tuple[Cell, ...]] = []
    for heading, names in ROWS.items():
        there = [name for name in names if any(name in one.levels for one in wards)]
        if there:
            rows.append((heading,))
        rows += [_row(MEASURES[name], wards, bool(result.options)) for name in there]
    if not rows:
        return None
    head = ["Outcome", *(one.name for one in wards)]
    notes = []
    if result.options:
        head[1] = f"{head[1]} (reference)"
        notes.append(
            f"{LINES} ~ {WORDS['noise']}. Money in thousand GBP a year."
        )
    else:
        head = ["Outcome", "expected", *HEAD]
    notes += [explained(_texts(rows)).strip()]
    part.show(table("Outcomes per 1,000 occupied bed days (OBD) and money by heading", head, rows, notes=[note for note in notes if note]))
    return part


LINES = (
    "First line: expected value; below it, of an option, the difference from the reference; in brackets the 95% range of what the model does "
    "not know (simulation error where marked sim.)."
)


def _long(result: Result) -> Part:
    """Many options or the cells of a sweep: a row each, a column a measure."""
    part = Part("options", "Costs and consequences of every ward")
    names = [name for name in OF_CELLS if any(name in one.levels for one in result.alternatives)]
    factors = [factor["name"] for factor in result.settings.get("factors", [])]
    rows: list[tuple[Cell, ...]] = []
    for one in result.alternatives[:MOST_ROWS]:
        told = (_called(result, one), *(_marked(MEASURES[name], one) for name in names))
        rows.append(told)
    notes = [f"{LINES} Money in thousand GBP a year.", "; ".join(f"{sign} {WORDS[mark]}" for mark, sign in SIGNS.items() if sign) + "."]
    notes += [explained(_texts(rows)).strip()]
    more = len(result.alternatives) - len(rows)
    notes += [f"{more} more in {'cells.csv' if factors else 'options.csv'}."] if more > 0 else []
    over = " / ".join(factors) or "ward"
    head = (over[:1].upper() + over[1:], *(label(MEASURES[name]) for name in names))
    part.show(table("Every ward: outcomes per 1,000 occupied bed days (OBD), contact and money", head, rows, notes=[note for note in notes if note]))
    return part


def _called(result: Result, one: Alternative) -> str:
    """A cell by its levels, an option by its name."""
    text = " / ".join(one.labels.values()) or one.name
    return f"{text} (reference)" if one is result.reference else text


def _marked(measure: Measure, one: Alternative) -> Cell:
    """A cell of the table with the mark of a sweep, where it has one."""
    told = _cell(measure, one)
    if isinstance(told, str) or len(told) < 3 or measure.name not in one.signs:
        return told
    return (told[0], f"{told[1].rstrip('~')}{SIGNS.get(one.signs[measure.name], '')}", told[2])  # type: ignore[call-overload]


def _texts(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Every text of a table."""
    return (text for row in rows for cell in row for text in ((cell,) if isinstance(cell, str) else cell))


def _row(measure: Measure, wards: list[Alternative], compared: bool) -> tuple[Cell, ...]:
    if compared:
        return (label(measure), *(_cell(measure, one) for one in wards))
    found = wards[0].levels[measure.name]
    others = ((found.year_low, found.year_high), (found.mc_low, found.mc_high))
    return (label(measure), number_of(measure, found.mean), known(range_of, measure, found), *(range_of(measure, *span) for span in others))


def _cell(measure: Measure, one: Alternative) -> Cell:
    found = one.levels.get(measure.name)
    if found is None or found.mean is None:
        return "-"
    level = number_of(measure, found.mean)
    change = one.differences.get(measure.name)
    if change is None:
        return (level, span(range_of, measure, found))
    if change.mean is None:
        return (level, "no difference known")
    close = change.mc_low is not None and change.mc_high is not None and change.mc_low <= 0.0 <= change.mc_high
    same = change.mc_low == 0.0 == change.mc_high
    return (level, f"{change_of(measure, change.mean)}{'~' if close and not same else ''}", span(changes_of, measure, change))


def planes(result: Result) -> Part | None:
    """Cost-consequence planes, one an outcome."""
    if not result.options or not any(MONEY_MEASURE in one.differences for one in result.options):
        return None
    part = Part("plane", "Cost-consequence plane")
    found = clouds(result, (*PLANES, MONEY_MEASURE))
    for name in PLANES:
        part.show(_plane(result, name, found))
    return part if part.blocks else None


def _plane(result: Result, name: str, found: dict[tuple[str, str], list[float]]) -> Drawn | None:
    outcome, money = MEASURES[name], MEASURES[MONEY_MEASURE]
    shown = []
    for one in result.options:
        x, y = one.differences.get(name), one.differences.get(MONEY_MEASURE)
        if x is None or y is None or x.mean is None or y.mean is None:
            continue
        xs, ys = found.get((one.name, name), []), found.get((one.name, MONEY_MEASURE), [])
        if len(xs) != len(ys):
            xs, ys = [], []
        shown.append(
            Cloud(
                one.name, x.mean, y.mean / 1000.0, xs, [value / 1000.0 for value in ys],
                _told(outcome, x, one.better.get(name)), _told(money, y, one.better.get(MONEY_MEASURE)),
            )
        )  # fmt: skip
    if not shown:
        return None
    drawn = [cloud for cloud in shown if len(cloud.xs)]
    assert result.reference is not None
    named = " The outermost are named, all stand in the table." if len(shown) > MOST_NAMED else ""
    caption = (
        f"Each large mark is the expected difference of an option from {result.reference.name}"
        + (f", each small one a parameter draw with chance removed ({result.draws} draws); they show the spread, part 1 has the shares of draws" if drawn else "")
        + f". {result.runs} runs of each ward. Source: {'runs.parquet and ' if drawn else ''}"
        + ("differences.csv" if result.kind == "compare" else "cells.csv")
        + f". Points left of the vertical line mean less of the outcome; below the horizontal line, less cost.{named}"
    )
    return plane(
        shown, x_title=f"difference in {lower(label(outcome))}", y_title="difference in cash cost, thousand GBP a year",
        direction=outcome.direction, title=_finding(result, shown, outcome), caption=caption, name=f"plane-{_short(name)}",
    )  # fmt: skip


def _finding(result: Result, shown: list[Cloud], outcome: Measure) -> str:
    """Which options are better and cheaper, by the same shares of draws as everywhere; how often both come together lies between bounds."""
    what = {"assaults_true_per_1000_obd": "fewer assaults", "one_to_one_min_per_patient_day": "more one-to-one time"}[outcome.name]
    by = {one.name: (one.better.get(outcome.name), one.better.get(MONEY_MEASURE)) for one in result.options}
    told = {cloud.name: (p, q) for cloud in shown for p, q in [by[cloud.name]] if p is not None and q is not None}
    if not told:
        sign = -1.0 if outcome.direction == "lower" else 1.0
        good = [cloud for cloud in shown if sign * cloud.x > 0 and cloud.y < 0]
        return f"{len(good)} of {len(shown)} options {'is' if len(good) == 1 else 'are'} expected to give {what} at lower cost; in how many draws is not known"
    if len(told) == 1:
        (name, (p, q)), = told.items()
        return f"{name}: {what} in {round(100 * p)}, lower cost in {round(100 * q)} of 100 parameter draws"
    least = {name: round(100 * max(0.0, p + q - 1.0)) for name, (p, q) in told.items()}
    most = {name: round(100 * min(p, q)) for name, (p, q) in told.items()}
    clear = max(least, key=lambda name: least[name])
    if least[clear] >= CLEAR:
        return f"{clear}: {what} at lower cost in at least {least[clear]} of 100 parameter draws"
    best = max(most, key=lambda name: most[name])
    return f"No option is known to give {what} at lower cost: both come together in at most {most[best]} of 100 parameter draws ({best})"


def _told(measure: Measure, found: Difference, better: float | None) -> str:
    """A difference with its range, and in how many draws it is better."""
    text = f"{change_of(measure, found.mean)} {span(changes_of, measure, found)}"
    return text if better is None else f"{text}; better in {round(100 * better)} of 100 draws"


def _short(name: str) -> str:
    return name.split("_")[0]
