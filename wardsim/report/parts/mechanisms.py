"""Of part 8: the difference by mechanism, as a waterfall with its interplay; or how to have it made."""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.experiments.compare.taken_apart import INTERPLAY, REST, WHOLE
from wardsim.experiments.shown import MONEY, THOUSAND, change_of, changes_of, label
from wardsim.measures import MEASURES

from ..content import Cell, Part, Table, table
from ..figures import Drawn, Step, waterfall
from ..result import SPOKEN, Result
from ..source import Row, number, whole
from .apart import told_apart
from .words import lower

MOST = 3
"""Options that have waterfalls; the others stand in a table."""
NUMBERS = {
    name: f"M{i}"
    for i, name in enumerate((
        "response", "contact", "limit_setting", "familiarity", "skill", "fatigue", "crowding", "contagion", "detection", "reporting", "injury",
        "demand_staffing", "bed_pressure", "teamwork",
    ), start=1)
}  # fmt: skip
"""Of the mechanisms, as the documents number them."""
WORDS = {
    "response": "response to aggression", "contact": "contact and unmet need", "limit_setting": "limits set in contacts",
    "familiarity": "familiarity of the team", "skill": "skill of the team", "fatigue": "fatigue", "crowding": "crowding",
    "contagion": "contagion of incidents", "detection": "eyes on the ward", "reporting": "reporting", "injury": "injury and leaving",
    "demand_staffing": "requests for extra staff", "bed_pressure": "pressure on beds", "teamwork": "multidisciplinary work",
}  # fmt: skip


def by_mechanism(result: Result, part: Part) -> None:
    """Waterfalls, where the results hold them; else the command that makes them."""
    if result.kind != "compare":
        return
    rows = result.source.rows("mechanisms.csv")
    if not rows:
        part.say(
            "Which mechanisms the differences rest on is not in these results. To have it, with the interplay of the mechanisms, put the line mechanisms: each "
            "into the options file, or give it on the command line: wardsim compare OPTIONS.yaml --set mechanisms=each. That makes sixteen times as many "
            "runs of each ward.",
            title="The difference by mechanism",
        )
        return
    options = list(dict.fromkeys(row["option"] for row in rows))
    for option in options[:MOST]:
        for name in SPOKEN:
            part.show(_waterfall(result, option, name))
    part.show(_table(result, options[MOST:]))


def _table(result: Result, options: Sequence[str]) -> Table | None:
    """The options without waterfalls: a row a step, a column a number."""
    rows: list[tuple[Cell, ...]] = []
    for option in options:
        by = {(row["name"], row["step"]): row for row in result.source.rows("mechanisms.csv", option=option) if row["name"] in SPOKEN}
        steps = list(dict.fromkeys(step for _, step in by))
        rows += [(result.source.name(option),)] if steps else []
        rows += [(_named(step), *(_text(by[name, step], name) if (name, step) in by else "-" for name in SPOKEN)) for step in steps]
    if not rows:
        return None
    head = ("step", *(f"difference in {lower(label(MEASURES[name]))}" for name in SPOKEN))
    notes = ("In brackets the 95% simulation error of each, and the 95% range of what is not known where it is told.",)
    return table("The difference by mechanism: the other options", head, rows, folded=f"The difference by mechanism of {len(options)} more options", notes=notes)


def _named(step: str) -> str:
    """A step in words."""
    return {REST: "left with all mechanisms off", INTERPLAY: "interplay of mechanisms", WHOLE: "difference in the full model"}.get(step, mechanism(step))


def mechanism(name: str) -> str:
    """A mechanism by its number in the documents and in words; another name as it is."""
    return f"{NUMBERS[name]} {WORDS[name]}" if name in NUMBERS else name


def form(name: str, off: str) -> str:
    """A form of the model in words: the names that studies give themselves are kept, those made of mechanisms are said in words."""
    names = off.split()
    made = name.removeprefix("without ").replace(",", " ").replace("and", " ").split()
    return f"without {', '.join(map(mechanism, names))}" if names and sorted(made) == sorted(names) else name


def _waterfall(result: Result, option: str, name: str) -> Drawn | None:
    rows = {row["step"]: row for row in result.source.rows("mechanisms.csv", option=option, name=name)}
    if WHOLE not in rows:
        return None
    measure = MEASURES[name]
    unit = THOUSAND if measure.unit == MONEY else 1.0
    mechanisms = [step for step in rows if step not in (REST, INTERPLAY, WHOLE)]
    mechanisms.sort(key=lambda step: -abs(number(rows[step], "mean") or 0.0))

    def step(key: str, words: str, *, whole: bool = False) -> Step:
        row = rows[key]
        low, high = number(row, "mc_low"), number(row, "mc_high")
        span = None if low is None or high is None else (low / unit, high / unit)
        return Step(words, (number(row, "mean") or 0.0) / unit, span, _text(row, name), whole)

    steps = [
        step(REST, f"left with all {len(mechanisms)} off", whole=True),
        *(step(key, mechanism(key)) for key in mechanisms), step(INTERPLAY, _named(INTERPLAY)), step(WHOLE, _named(WHOLE), whole=True),
    ]  # fmt: skip
    told = [key for key in mechanisms if told_from_nought(rows[key], len(mechanisms))]
    shown = result.source.name(option)
    if told:
        title = f"{measure.label}: of {len(mechanisms)} mechanisms {len(told)} can be told from nought ({', '.join(map(mechanism, told))})"
    else:
        title = f"{measure.label}: no single mechanism can be told from nought with these runs"
    caption = (
        f"{shown}. Each bar: the difference in the full model less that without the mechanism. Interplay: what the mechanisms make only together, or "
        "twice over. Thin lines: 95% simulation error of each; told from nought: of all at once. Ranges of what is not known stand in the table. "
        f"{rows[WHOLE]['n']} runs of each ward under each form of the model. Source: mechanisms.csv."
    )
    at = 1 + list(dict.fromkeys(row["option"] for row in result.source.rows("mechanisms.csv"))).index(option)
    return waterfall(
        steps, value_title=f"difference in {lower(label(measure))}", title=title, caption=caption,
        name=f"waterfall-{at}-{name.split('_')[0]}",
    )  # fmt: skip


def told_from_nought(row: Row, mechanisms: int) -> bool:
    """Whether a mechanism is told from nought among so many: its simulation error made wide enough for all of them to hold in 95 of 100 studies."""
    return told_apart(number(row, "mc_low"), number(row, "mc_high"), whole(row, "n"), mechanisms)


def _text(row: Row, name: str) -> str:
    measure = MEASURES[name]
    error = changes_of(measure, number(row, "mc_low"), number(row, "mc_high"))
    known = changes_of(measure, number(row, "low"), number(row, "high"))
    return f"{change_of(measure, number(row, 'mean'))} ({error}{'' if known == '-' else f'; not known {known}'})"
