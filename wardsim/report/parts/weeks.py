"""Part 6, week by week: the first wards with some single wards as they went; of a run, its one ward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wardsim.experiments.shown import label
from wardsim.experiments.weeks import WEEKS, YEARS
from wardsim.measures.declare import Measure

from ..figures import Course, Drawn, fan
from ..result import Result
from ..source import number, summary
from .marked import explained, three
from .words import draws_of, too_few

MOST_PANELS = 3
"""Wards told week by week in a figure: a row of panels. The file has all, and more panels cost a page its five seconds."""
FEWEST_WEEKS = 4
"""Weeks below which there is nothing to see."""
SMOOTH = 20
"""Parameter draws (runs beyond the first of a draw, for chance) below which the range of single weeks is too ragged to be drawn."""
CROWDED = 80
"""Weeks beyond which lines of several single wards hide the rest: then one is drawn."""


def by_week(result: Result, measure: Measure) -> Drawn | None:
    """Levels week by week; None where the results hold too few weeks."""
    courses = [course for course in (_course(result, measure, one.name) for one in result.alternatives[:MOST_PANELS]) if course is not None]
    if not courses:
        return None
    weeks = len(courses[0].mean)
    if weeks > CROWDED:
        courses = [replace(course, singles=course.singles[:1]) for course in courses]
    single = len(courses[0].singles)
    title = f"{measure.label}: {weeks} weeks of {f'{len(courses)} wards' if len(courses) > 1 else courses[0].name}"
    if result.runs == 1:
        title += ", in one run"
    elif single:
        title += f", and of {_wards(single)}{' in each' if len(courses) > 1 else ''}"
    more = len(result.alternatives) - MOST_PANELS
    left = f" {more} more ward{'s' if more > 1 else ''} in the file." if more > 0 else ""
    runs = f" {result.runs} runs{' of each ward' if result.options else ''}." if result.runs > 1 else ""
    caption = (
        f"{_lines(result, courses)}{_no_band(result, courses)}{left}{runs} Source: {WEEKS} and {YEARS}."
        f"{explained(at[1] for course in courses for at in course.texts)}"
    )
    axis = f"week {'after the change' if result.estimand == 'transition' else 'of the measured period'}"
    return fan(courses, value_title=label(measure), title=title, caption=caption, name=f"weeks-{measure.name.split('_')[0]}", zero=False, each="week", axis=axis)


def _course(result: Result, measure: Measure, ward: str) -> Course | None:
    """The weeks of a ward, bands left out where they would be ragged."""
    source = result.source
    of = {"name": measure.name}
    if result.kind != "run":
        of["option"] = next((text for text, name in source.names.items() if name == ward), ward)
    found = [summary(row) for row in source.rows(WEEKS, **of)]
    if len(found) < FEWEST_WEEKS:
        return None
    rows = source.rows(YEARS, **of) if result.runs > 1 else []
    singles = [[number(row, "value") for row in rows if row["run"] == run] for run in dict.fromkeys(row["run"] for row in rows)]
    drawn = {"low": result.draws >= SMOOTH, "year_low": result.runs - result.draws >= SMOOTH}
    drawn |= {"mean": True, "high": drawn["low"], "year_high": drawn["year_low"]}
    mean, low, high, year_low, year_high = (
        [getattr(at, key) if drawn[key] else None for at in found] for key in ("mean", "low", "high", "year_low", "year_high")
    )
    return Course(ward, mean, low, high, year_low, year_high, [three(measure, at, False) for at in found], singles)


def _lines(result: Result, courses: Sequence[Course]) -> str:
    """What the lines and bands are."""
    if result.runs == 1:
        return "Blue line: the ward as it went in the one run that was made, which gives no range."
    said = ["blue line: expected"]
    known, chance = _bands(courses)
    if known:
        said.append("blue band: 95% range of what the model does not know")
    if chance:
        said.append("grey band: where a single week of a ward falls in 80 of 100")
    single = len(courses[0].singles)
    if single:
        each = "" if single == 1 else ", each another run with the same inputs" if result.point else ", each one run with another draw of the inputs"
        said.append(f"thin line{'s' if single > 1 else ''}: {_wards(single)}{each}{', the same in every panel' if len(courses) > 1 else ''}")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def _no_band(result: Result, courses: Sequence[Course]) -> str:
    """Why a band is missing; nothing where both are there, and of one run."""
    if result.runs == 1:
        return ""
    known, chance = _bands(courses)
    of_known, of_chance = (any(at[i] != "-" for course in courses for at in course.texts) for i in (1, 2))
    said = ""
    if (of_known and not known) or (of_chance and not chance):
        which = "blue band" if chance else "grey band" if known else "bands"
        rest = "" if result.point else f" of {draws_of(result.draws)}"
        said += f" No {which}: ranges of single weeks from {result.runs} runs{rest} are ragged; they stand in the table."
    if result.point:
        said += " No range of what the model does not know: point parameters."
    elif not of_known:
        why = too_few(result.draws)
        said += f" No range of what the model does not know: {why[:1].lower()}{why[1:]}."
    return said


def _bands(courses: Sequence[Course]) -> tuple[bool, bool]:
    """Whether a range of what is not known, and one by chance, is drawn."""
    known = any(x is not None for course in courses for x in course.low)
    return known, any(x is not None for course in courses for x in course.year_low)


def _wards(n: int) -> str:
    return f"{n} single ward{'s' if n > 1 else ''}"
