"""Part 3: heatmaps of staffing by training (any two factors), and the surface through the cells; and part 6: quarters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wardsim.experiments.shown import MONEY, THOUSAND, change_of, changes_of, label, number_of
from wardsim.experiments.sweep.marks import SIGNS, WORDS
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Cell, Part, table
from ..figures import Course, Drawn, fan, heatmap
from ..result import SPOKEN, Alternative, Result
from ..source import number
from .marked import explained, known, three
from .weeks import by_week
from .words import draws_of, lower

MAPPED = (
    "assaults_true_per_1000_obd", "one_to_one_min_per_patient_day", "cost_total_per_year", "assaults_reported_per_1000_obd",
    "restrictive_interventions_per_1000_obd", "no_one_to_one_first_week",
)  # fmt: skip
"""Measures with a heatmap."""


def grid(result: Result) -> Part | None:
    """Heatmaps for two factors, and the surface through the cells."""
    if result.kind != "sweep" or result.reference is None:
        return None
    factors: Sequence[Mapping[str, Any]] = result.settings["factors"]
    crossed = len(factors) == 2 and all(len(factor["levels"]) > 1 for factor in factors)
    title = f"{factors[0]['name']} by {factors[1]['name']}" if crossed else "Surface through the cells"
    part = Part("grid", title[:1].upper() + title[1:])
    names = [name for name in MAPPED if name in result.reference.levels]
    for name in names:
        part.show(_map(result, MEASURES[name]) if crossed else None)
    part.show(_surface(result))
    return part if part.blocks else None


def _map(result: Result, measure: Measure) -> Drawn:
    rows, columns = result.settings["factors"]
    by = {(one.labels.get(rows["name"]), one.labels.get(columns["name"])): one for one in result.alternatives if one.labels}
    wards = [[by.get((row["label"], column["label"])) for column in columns["levels"]] for row in rows["levels"]]
    unit = THOUSAND if measure.unit == MONEY else 1.0
    reference = result.reference
    assert reference is not None
    values: list[list[float | None]] = []
    texts: list[list[str]] = []
    marks: list[list[str]] = []
    spans: dict[tuple[int, int], str] = {}
    current = None
    for i, line in enumerate(wards):
        values.append([])
        texts.append([])
        marks.append([])
        for j, one in enumerate(line):
            mark = "unknown" if one is None else one.signs.get(measure.name, "unknown")
            found = None if one is None else one.differences.get(measure.name)
            if one is reference:
                current = (i, j)
                values[-1].append(0.0)
                texts[-1].append(f"[{number_of(measure, reference.levels[measure.name].mean)}]")
            else:
                mean = None if found is None else found.mean
                values[-1].append(None if mean is None else mean / unit)
                texts[-1].append(f"{change_of(measure, mean)}{SIGNS.get(mark, '')}" if mean is not None else "-")  # type: ignore[call-overload]
            if found is not None:
                spans[i, j] = known(changes_of, measure, found)
            marks[-1].append(mark)
    base = number_of(measure, reference.levels[measure.name].mean)
    hatched = "; ".join(f"{SIGNS[mark]} {WORDS[mark]}" for mark in ("open", "noise", "unknown") if any(mark in line for line in marks))
    caption = (
        f"Difference from {base} where the ward stands now (outlined, in brackets). Hatched: {hatched or 'none'}. {result.runs} runs of each "
        f"ward, {'point parameters' if result.point else draws_of(result.draws)}. Source: cells.csv.{explained(spans.values())}"
    )
    return heatmap(
        values, rows=[level["label"] for level in rows["levels"]], columns=[level["label"] for level in columns["levels"]],
        row_title=rows["name"], column_title=columns["name"], value_title=f"difference in {lower(label(measure))}", texts=texts, marks=marks,
        current=current, ranges=spans, title=_finding(result, measure), caption=caption, name=f"heatmap-{measure.name.replace('_', '-')}",
    )  # fmt: skip


def _finding(result: Result, measure: Measure) -> str:
    """How many signs are settled, and which way."""
    signs = [one.signs.get(measure.name) for one in result.options]
    up, down, cells = signs.count("higher"), signs.count("lower"), len(signs)
    if not up + down:
        return f"{measure.label}: the sign of the difference is settled in none of {cells} cells"
    return f"{measure.label}: settled as lower in {down} and as higher in {up} of {cells} cells"


def _surface(result: Result) -> Any:
    """Coefficients of the fitted surface."""
    rows: list[tuple[Cell, ...]] = []
    last = ""
    for row in result.source.rows("surface.csv"):
        if row["name"] not in MAPPED or row["term"] == "1":
            continue
        measure = MEASURES[row["name"]]
        if row["name"] != last:
            rows.append((label(measure),))
            last = row["name"]
        rows.append((
            row["term"].lstrip("'"), change_of(measure, number(row, "coefficient")), changes_of(measure, number(row, "low"), number(row, "high")),
            changes_of(measure, number(row, "mc_low"), number(row, "mc_high")),
        ))  # fmt: skip
    if not rows:
        return None
    head = ("term", "for half the span of a factor", "what is not known (95%)", "simulation error (95%)")
    return table("Surface of second order through the cells, factors scaled from -1 to 1", head, rows, folded="The surface in numbers")


def quarters(result: Result) -> Part | None:
    """Fans over quarters, and over weeks with some single wards."""
    part = Part("quarters", "Over time")
    shown = result.options or ([] if result.reference is None else [result.reference])
    for name in SPOKEN:
        with_it = [one for one in shown if one.quarters.get(name)]
        if with_it:
            part.show(_fan(result, MEASURES[name], with_it))
    for name in SPOKEN:
        part.show(by_week(result, MEASURES[name]))
    return part if part.blocks else None


def _fan(result: Result, measure: Measure, shown: Sequence[Alternative]) -> Drawn:
    change = bool(result.options)
    unit = THOUSAND if measure.unit == MONEY else 1.0
    courses = []
    for one in shown:
        found = one.quarters[measure.name]
        texts = [three(measure, at, change) for at in found]
        mean, low, high, year_low, year_high = (
            [_scaled(getattr(at, key), unit) for at in found] for key in ("mean", "low", "high", "year_low", "year_high")
        )
        courses.append(Course(one.name, mean, low, high, year_low, year_high, texts))
    what = f"difference in {lower(label(measure))}" if change else label(measure)
    caption = (
        "Line: expected; band: 95% range of what the model does not know, chance removed; grey marks: how a single year at that rate may "
        f"vary by chance (80%). {result.runs} runs of each ward. Source: quarters.csv.{explained(at[1] for course in courses for at in course.texts)}"
    )
    return fan(courses, value_title=what, title=_course(measure, shown, change), caption=caption, name=f"quarters-{measure.name.split('_')[0]}", zero=change)


def _scaled(x: float | None, unit: float) -> float | None:
    return None if x is None else x / unit


def _with_range(value: str, span: str) -> str:
    return value if span == "-" else f"{value} ({span})"


def _course(measure: Measure, shown: Sequence[Alternative], change: bool) -> str:
    """First and last quarter in words."""
    if len(shown) > 1:
        return f"{measure.label}: {'difference' if change else 'level'} by quarter, {len(shown)} options"
    found = shown[0].quarters[measure.name]
    first, last = (_with_range(*three(measure, at, change)[:2]) for at in (found[0], found[-1]))
    unit = " thousand GBP" if measure.unit == MONEY else ""
    return f"{measure.label}: {'difference ' if change else ''}{first}{unit} in the first quarter, {last} in the last"
