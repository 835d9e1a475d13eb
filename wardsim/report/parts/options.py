"""Part 2: the cost-consequence table, a row an outcome, a column an option; and part 4: the same on a plane."""

from __future__ import annotations

from wardsim.experiments.shown import change_of, changes_of, label, number_of, range_of
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Cell, Part, table
from ..figures import Cloud, Drawn, plane
from ..figures.plane import MOST_NAMED, quadrants
from ..figures.ranges import HEAD
from ..result import Alternative, Result, clouds

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
"""Columns beyond which the table is left out (a sweep has its heatmaps)."""
PLANES = ("assaults_true_per_1000_obd", "one_to_one_min_per_patient_day")
CLEAR = 80
"""Of 100 draws, from which an option is named as better and cheaper."""
MONEY_MEASURE = "cost_total_per_year"


def cost_consequences(result: Result) -> Part | None:
    """The options table."""
    wards = result.alternatives
    if not wards or len(wards) > MOST:
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
            "First line: expected value; below it, of an option, the difference from the reference; in brackets the 95% range of what the model does "
            "not know (simulation error where marked sim.). ~ too close to tell apart with these runs. Money in thousand GBP a year."
        )
    else:
        head = ["Outcome", "expected", *HEAD]
    part.show(table("Outcomes per 1,000 occupied bed days (OBD) and money by heading", head, rows, notes=notes))
    return part


def _row(measure: Measure, wards: list[Alternative], compared: bool) -> tuple[Cell, ...]:
    if compared:
        return (label(measure), *(_cell(measure, one) for one in wards))
    found = wards[0].levels[measure.name]
    spans = ((found.low, found.high), (found.year_low, found.year_high), (found.mc_low, found.mc_high))
    return (label(measure), number_of(measure, found.mean), *(range_of(measure, *span) for span in spans))


def _cell(measure: Measure, one: Alternative) -> Cell:
    found = one.levels.get(measure.name)
    if found is None or found.mean is None:
        return "-"
    level = number_of(measure, found.mean)
    change = one.differences.get(measure.name)
    if change is None:
        return (level, _span(range_of(measure, found.low, found.high), range_of(measure, found.mc_low, found.mc_high)))
    if change.mean is None:
        return (level, "no difference known")
    close = change.mc_low is not None and change.mc_high is not None and change.mc_low <= 0.0 <= change.mc_high
    same = change.mc_low == 0.0 == change.mc_high
    span = _span(changes_of(measure, change.low, change.high), changes_of(measure, change.mc_low, change.mc_high))
    return (level, f"{change_of(measure, change.mean)}{'~' if close and not same else ''}", span)


def _span(known: str, error: str) -> str:
    if known != "-":
        return f"({known})"
    return f"(sim. {error})" if error != "-" else "(no range)"


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
                f"{change_of(outcome, x.mean)} {_span(changes_of(outcome, x.low, x.high), changes_of(outcome, x.mc_low, x.mc_high))}",
                f"{change_of(money, y.mean)} {_span(changes_of(money, y.low, y.high), changes_of(money, y.mc_low, y.mc_high))}",
            )
        )  # fmt: skip
    if not shown:
        return None
    drawn = [cloud for cloud in shown if len(cloud.xs)]
    assert result.reference is not None
    named = " The outermost are named, all stand in the table." if len(shown) > MOST_NAMED else ""
    caption = (
        f"Each large mark is the expected difference of an option from {result.reference.name}"
        + (f", each small one a parameter draw with chance removed ({result.draws} draws)" if drawn else "")
        + f". {result.runs} runs of each ward. Source: {'runs.parquet and ' if drawn else ''}"
        + ("differences.csv" if result.kind == "compare" else "cells.csv")
        + f". Points left of the vertical line mean less of the outcome; below the horizontal line, less cost.{named}"
    )
    return plane(
        shown, x_title=f"difference in {_lower(label(outcome))}", y_title="difference in cash cost, thousand GBP a year",
        direction=outcome.direction, title=_finding(shown, outcome), caption=caption, name=f"plane-{_short(name)}",
    )  # fmt: skip


def _finding(shown: list[Cloud], outcome: Measure) -> str:
    """Which options are better and cheaper, over draws where there are any."""
    what = {"assaults_true_per_1000_obd": "fewer assaults", "one_to_one_min_per_patient_day": "more one-to-one time"}[outcome.name]
    at = 2 if outcome.direction == "lower" else 3
    drawn = [cloud for cloud in shown if len(cloud.xs)]
    if drawn:
        best = max(drawn, key=lambda cloud: quadrants(cloud)[at])
        count = quadrants(best)[at]
        if count >= CLEAR:
            return f"{best.name}: {what} at lower cost in {count} of 100 parameter draws"
        if len(drawn) == 1:
            return f"{best.name}: {what} at lower cost in {f'only {count}' if count else 'none'} of 100 parameter draws"
        some = f"at most {count} of 100 parameter draws ({best.name})" if count else "no parameter draw"
        return f"No option is sure to give {what} at lower cost: it happens in {some}"
    sign = -1.0 if outcome.direction == "lower" else 1.0
    good = [cloud for cloud in shown if sign * cloud.x > 0 and cloud.y < 0]
    return f"{len(good)} of {len(shown)} options are expected to give {what} at lower cost; how sure is not shown by these marks"


def _short(name: str) -> str:
    return name.split("_")[0]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
