"""Part 7: the day hour by hour, where staff time goes, training step by step, and one day as it went, to be played."""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.experiments.intervals import Summary
from wardsim.measures.by_hour import STEPS

from ..content import Part
from ..day import DAY_MIN, GROUPS, OTHERS, Day, Person, clock, day_of, group_of
from ..figures import Drawn, Lane, Line, Panel, Trained, day, funnel, hours, ledger
from ..figures.day import packed
from ..replay import Replay, replay_of
from ..result import Result
from ..source import Row, number
from .marked import explained, mark, mark_of

MOST = 4
"""Wards in one figure: as many as colours tell apart."""
FIGURES = 4
"""Figures of the same kind, each with the reference and the next options; the file has the rest."""
LINES = {
    "nursing": "nursing staff on duty", "registered": "of them registered", "asked_for": "work asked for (all professions)",
    "at_work": "at work (all professions)", "contact": "face to face with patients", "therapeutic": "one-to-one and groups",
    "aggression": "all aggression", "assaults": "of it physical assaults",
}  # fmt: skip
ALONE: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("people", ("nursing", "registered", "asked_for", "at_work"), False),
    ("nursing staff", ("contact", "therapeutic"), False),
    ("incidents a year in this hour", ("aggression", "assaults"), True),
)
"""Panels of one ward: unit, lines, whether bars."""
SIDE_BY_SIDE = (
    ("nursing staff on duty", "nursing"), ("work asked for, people", "asked_for"), ("nursing staff face to face with patients", "contact"),
    ("aggression, incidents a year in this hour", "aggression"),
)  # fmt: skip
PARTS = {
    "direct": "direct care", "indirect": "indirect care", "service": "service work", "break": "breaks", "study": "study on the ward",
    "idle": "free",
}  # fmt: skip
ROLES = {
    "rn": "registered nurses", "hca": "healthcare assistants", "na": "nursing associates", "ward_manager": "ward manager", "doctor": "doctors",
    "psychologist": "psychologist", "occupational_therapist": "occupational therapist", "activity_worker": "activity worker",
}  # fmt: skip


def ward_day(result: Result) -> Part | None:
    """The part, where the folder holds any of it."""
    part = Part("day", "A day on the ward")
    groups = wards_shown(result)
    part.show(*(_profile(result, wards, at) for at, wards in enumerate(groups)), _ledger(result), *(_funnel(result, wards, at) for at, wards in enumerate(groups)))
    found = day_of(result.source)
    if found is not None and found.people:
        part.show(_picture(result, found))
        part.play(_replay(result, found))
    return part if part.blocks else None


def wards_shown(result: Result) -> list[list[tuple[str, str]]]:
    """Wards of each figure as tables and as readers name them: the reference first, and with it at most `MOST` in all."""
    if result.kind != "compare":
        return [[("", result.title)]]
    back = {name: text for text, name in result.source.names.items()}
    first, *others = [(back.get(one.name, one.name), one.name) for one in result.alternatives]
    room = MOST - 1
    return [[first, *others[at : at + room]] for at in range(0, max(len(others), 1), room)][:FIGURES]


def _rows(result: Result, table: str, option: str) -> list[Row]:
    rows = result.source.rows(table)
    return rows if result.kind != "compare" else [row for row in rows if row.get("option") == option]


def ranged(row: Row, digits: int, error: str = "sim. ") -> tuple[str, tuple[float, float] | None]:
    """A value with its range in words, and the range: what is not known, marked where chance could hide it, else the simulation error, named so."""
    value = number(row, "mean")
    for low_key, high_key, word, sign in (("low", "high", "", mark_of(row)), ("mc_low", "mc_high", error, "")):
        low, high = number(row, low_key), number(row, high_key)
        if value is not None and low is not None and high is not None:
            return f"{value:,.{digits}f} ({word}{low:,.{digits}f} to {high:,.{digits}f}{sign})", (low, high)
    return ("-" if value is None else f"{value:,.{digits}f} (no range)"), None


def _line(result: Result, option: str, quantity: str, name: str) -> Line | None:
    rows = {row["hour"]: row for row in _rows(result, "hours.csv", option) if row["quantity"] == quantity}
    if len(rows) != 24:
        return None
    some = [rows[f"{hour:02d}"] for hour in range(24)]
    told = [ranged(row, 0 if quantity in ("aggression", "assaults") else 2) for row in some]
    spans = [span for _, span in told]
    low, high = ([None if span is None else span[end] for span in spans] for end in (0, 1))
    return Line(name, [number(row, "mean") or 0.0 for row in some], low, high, [text for text, _ in told])


def _profile(result: Result, wards: Sequence[tuple[str, str]], at: int) -> Drawn | None:
    """Demand, staff, contact and incidents hour by hour."""
    panels = []
    if len(wards) == 1:
        for unit, quantities, bars in ALONE:
            lines = [line for q in quantities if (line := _line(result, wards[0][0], q, LINES[q])) is not None]
            panels += [Panel(unit, lines, bars)] if lines else []
    else:
        for unit, quantity in SIDE_BY_SIDE:
            lines = [line for option, name in wards if (line := _line(result, option, quantity, name)) is not None]
            panels += [Panel(unit, lines, bands=False)] if lines else []
    if not panels:
        return None
    first = _line(result, wards[0][0], "contact", "")
    title = "The day hour by hour"
    if first is not None:
        peak = max(range(24), key=lambda hour: first.values[hour])
        title = f"Contact with patients peaks between {peak:02d}:00 and {(peak + 1) % 24:02d}:00, with {_told(result, wards[0][0], peak)} nursing staff ({wards[0][1]})"
    title += _which(at)
    caption = (
        f"Means over all days. {'Bands and thin lines' if len(wards) == 1 else f'Band of {wards[0][1]}, and the table'}: 95% range of what the model does not know "
        "(simulation error where marked sim. in the table). Work asked for is spread from when it was asked for to when it was done or given up; breaks are no work. "
        f"{result.runs} runs of each ward{_left_out(result)}. Source: hours.csv.{explained(text for panel in panels for line in panel.lines for text in line.texts)}"
    )
    return hours(panels, title=title, caption=caption, name=_named("shift-profile", at))


def _told(result: Result, option: str, hour: int) -> str:
    """Nursing staff in contact in an hour, with the range."""
    row = next(row for row in _rows(result, "hours.csv", option) if row["quantity"] == "contact" and row["hour"] == f"{hour:02d}")
    return ranged(row, 1, "simulation error ")[0]


def _which(at: int) -> str:
    """Which options a further figure of the same kind holds."""
    return f"; beside it options {at * (MOST - 1) + 1} and after" if at else ""


def _named(name: str, at: int) -> str:
    return f"{name}-{at + 1}" if at else name


def _left_out(result: Result) -> str:
    more = len(result.options) - FIGURES * (MOST - 1) if result.kind == "compare" else 0
    return f"; {more} more option{'s' if more > 1 else ''} in the file" if more > 0 else ""


def _ledger(result: Result) -> Drawn | None:
    """Where staff time goes: by role of one ward, or of nursing staff by ward."""
    names: list[str] = []
    values: list[list[float]] = []
    texts: list[list[str]] = []
    if result.kind == "run":
        cells = {(row["role"], row["activity"]): row for row in result.source.rows("activity_time.csv", quantity="hours_per_day")}
        for role, words in ROLES.items():
            own = [cells.get((role, part)) for part in PARTS]
            if any(row is not None for row in own):
                names.append(words)
                values.append([0.0 if row is None else number(row, "mean") or 0.0 for row in own])
                texts.append(["0" if row is None else ranged(row, 1)[0] for row in own])
        unit, table, head = "hours a day, all people of the role together", "activity_time.csv", "role"
        caption = "Every minute on duty is in one part."
    else:
        for one in result.alternatives[:12]:
            found = [one.levels.get(f"nurse_time_{part}") for part in PARTS]
            if result.kind != "compare" or any(level is None or level.mean is None for level in found):
                return None
            names.append(one.name)
            values.append([level.mean or 0.0 for level in found if level is not None])
            texts.append([_percent(level) for level in found if level is not None])
        unit, table, head = "percent of the time of nursing staff on duty", "options.csv", "ward"
        caption = "Nursing staff: registered nurses, healthcare assistants, nursing associates."
    if not names:
        return None
    title = f"{names[0][:1].upper() + names[0][1:]} together spend {texts[0][0]} hours a day in direct care" if result.kind == "run" else (
        f"Direct care takes {texts[0][0]} percent of nursing time in {names[0]}"
    )
    caption += f" Ranges in the table: 95% of what is not known (sim.: simulation error). {result.runs} runs of each ward. Source: {table}."
    caption += explained(text for row in texts for text in row)
    return ledger(names, list(PARTS.values()), values, unit=unit, texts=texts, title=title, caption=caption, head=head)


def _percent(level: Summary) -> str:
    if level.mean is None:
        return "-"
    for low, high, word, sign in ((level.low, level.high, "", mark(level.reason)), (level.mc_low, level.mc_high, "sim. ", "")):
        if low is not None and high is not None:
            return f"{level.mean:.1f} ({word}{low:.1f} to {high:.1f}{sign})"
    return f"{level.mean:.1f} (no range)"


def _funnel(result: Result, wards: Sequence[tuple[str, str]], at: int) -> Drawn | None:
    """Hours of training from need to attendance."""
    shown = []
    for option, name in wards:
        rows = {row["step"]: row for row in _rows(result, "training_steps.csv", option)}
        if not all(step in rows for step in STEPS):
            continue
        told = [ranged(rows[step], 0) for step in STEPS]
        in_date = rows.get("in_date")
        text, span = ranged(in_date, 0) if in_date is not None else ("-", None)
        value = None if in_date is None else number(in_date, "mean")
        shown.append(Trained(
            name, [number(rows[step], "mean") or 0.0 for step in STEPS], [one for _, one in told], value, span,
            (*(words for words, _ in told), text),
        ))  # fmt: skip
    if not shown:
        return None
    first = shown[0]
    title = f"{first.name}: {first.texts[len(STEPS) - 1]} hours of courses attended a year, where {first.texts[0]} fell due{_which(at)}"
    caption = (
        "Courses held off the ward; e-learning and sessions on duty are left out. What is asked for is booked or refused (no place, or cover too short) and "
        "asked for again later; of what is booked the ward calls some back (the rest is released), and some of those released are sick or have left. Hours "
        "asked for again, and booked again, count again; all may make up for needs of the year before. In date: all courses, staff in date of "
        "those who need it, mean of weekly counts. Thin lines: 95% range of what is not known (sim.: simulation "
        f"error). {result.runs} runs of each ward{_left_out(result)}. Source: training_steps.csv.{explained(text for ward in shown for text in ward.texts)}"
    )
    return funnel(shown, title=title, caption=caption, name=_named("training-funnel", at))


# -- one day -------------------------------------------------------------------------------------------------------------


def _where(result: Result, found: Day) -> tuple[str, str]:
    """Whose day it is, and which."""
    study = result.source.study
    scenario = study["cells"][0]["scenario"] if study is not None else result.source.manifest["scenario"]
    name = str(study["cells"][0]["name"]) if study is not None else str(scenario["name"])
    return name, found.date_of(str(scenario.get("ward", {}).get("start_date", "")))


def _picture(result: Result, found: Day) -> Drawn:
    name, date = _where(result, found)
    incidents = [event for event in found.events if event.reported is not None]
    assaults = sum(event.kind == "assault" for event in incidents)
    marks = [(event.minute, str(i), event.kind == "assault") for i, event in enumerate(incidents, start=1)]
    here = [found.present(minute)[0] for minute in range(0, 1440, 15)]
    patients = [(minute, here[i]) for i, minute in enumerate(range(0, 1440, 15)) if i == 0 or here[i] != here[i - 1]]
    plural = "s" if len(incidents) != 1 else ""
    title = f"{date}: {len(incidents)} incident{plural}, of them {assaults} physical assault{'s' if assaults != 1 else ''}"
    caption = (
        f"One simulated day of {name} (first run): the first after two weeks on which somebody was assaulted, so not a usual one. One line of bars may be "
        "several people after each other. Filled numbers: physical assaults. What happened is in the table. Source: day.csv."
    )
    head = ("hour", "on the ward", "on leave", "nursing staff", *GROUPS, "what happened")
    return day(
        _lanes(found.people), groups=GROUPS, patients=patients, marks=marks, head=head, rows=hourly(found), title=title, caption=caption,
        name="day",
    )  # fmt: skip


def _lanes(people: Sequence[Person]) -> list[Lane]:
    lanes: list[Lane] = []
    for team in dict.fromkeys(person.team for person in people):
        some = sorted((person for person in people if person.team == team), key=lambda one: one.duties[0].start)
        at = packed([(one.duties[0].start, one.duties[-1].end) for one in some])
        for lane in range(max(at) + 1):
            own = [person for person, place in zip(some, at, strict=True) if place == lane]
            lanes.append(
                Lane(
                    team, [(d.start, d.end) for one in own for d in one.duties],
                    [(w.start, w.end, GROUPS.index(group_of(w.kind))) for one in own for w in one.work],
                )
            )  # fmt: skip
    return lanes


def hourly(found: Day) -> list[tuple[str, ...]]:
    """The day hour by hour: patients, nursing staff, people's worth of each group of work, what happened."""
    rows = []
    for hour in range(24):
        start, end = 60.0 * hour, 60.0 * (hour + 1)
        here, away = found.present(start + 30.0)
        spent = dict.fromkeys(GROUPS, 0.0)
        on_duty = nursing = 0.0
        for person in found.people:
            there = sum(_overlap(one.start, one.end, start, end) for one in person.duties)
            on_duty += there
            nursing += there if person.team != OTHERS else 0.0
            for work in person.work:
                spent[group_of(work.kind)] += _overlap(work.start, work.end, start, end)
        spent[GROUPS[-1]] = max(0.0, on_duty - sum(spent.values()))
        told = "; ".join(
            f"{clock(e.minute)} {e.words}{'' if e.reported is None else ', reported' if e.reported else ', not reported'}"
            for e in found.events
            if start <= e.minute < end
        )
        rows.append((f"{hour:02d}:00", str(here), str(away), f"{nursing / 60.0:.1f}", *(f"{spent[g] / 60.0:.1f}" for g in GROUPS), told or "-"))
    return rows


def _overlap(a: float, b: float, start: float, end: float) -> float:
    return max(0.0, min(b, end, DAY_MIN) - max(a, start, 0.0))


def _replay(result: Result, found: Day) -> Replay:
    name, date = _where(result, found)
    return replay_of(found, f"{name}, {date}")

