"""Part 8: how sure: chance from year to year, uncertain inputs, the form of the model, which mechanisms drive it, what is left out.

Tables that a study has not (variance.csv, structures.csv, explained.csv, information.csv, benefit.csv) are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.experiments.shown import MONEY, THOUSAND, change_of, changes_of, label, number_of, range_of
from wardsim.experiments.statistics.difference import Difference
from wardsim.experiments.sweep.marks import TAIL
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Cell, Part, Table, table
from ..figures import Drawn, Three, ranges, shares
from ..figures.ranges import HEAD, Span
from ..result import SPOKEN, Result
from ..source import Row, number
from .marked import explained, known, mark_of, span
from .mechanisms import by_mechanism, form
from .plans import level
from .words import draws_of, lower, share_of, unit_of
from .worth import by_input, knowing, net_benefit

NOT_MODELLED = (
    "One ward of working-age adults in England: pay, law and practice elsewhere differ, and what happens on other wards is not simulated.",
    "Out of hours one duty doctor covers the site and is not modelled as a person.",
    "Buildings, leadership and the climate of a ward act only through the mechanisms named in the documentation; nothing else about them "
    "is in the model.",
    "No coefficient asserts that more staff mean less violence: of 44 published analyses of conflict and containment together 9 found fewer "
    "incidents with more staff, 9 more, 26 no difference.",
    "Case notes show five to sixteen times as much aggression as incident systems: compare a local count with the reported layer only.",
    "Known to be off: patients are sent out of area about ten times too often and for too short a time (days away and their cost are about "
    "right), absence after injury comes on top of sickness of all causes, and few shifts are worked by temporary staff; the documentation "
    "lists these and others with the direction in which they push an answer (Limits).",
    "It does not predict what a particular patient or member of staff will do, and must not be used that way.",
)
SOURCES = {"chance": "chance of one year", "parameters": "inputs nobody has measured", "structure": "form of the model"}
MOST = 8


def sure(result: Result) -> Part:
    """How sure the answer is."""
    part = Part("sure", "How sure")
    if result.kind in ("compare", "run") or (result.kind == "sweep" and len(result.options) <= MOST):
        for name in dict.fromkeys((*SPOKEN, *result.settings.get("precision", {}))):
            part.show(ranges_of(result, MEASURES[name]))
    by_mechanism(result, part)
    part.show(_variance(result), _prior_share(result), _best(result), _structures(result), by_input(result))
    part.show(net_benefit(result), knowing(result), *_optimise(result))
    part.say(*NOT_MODELLED, points=True, title="What the model leaves out")
    return part


def ranges_of(result: Result, measure: Measure) -> Drawn | None:
    """Any measure: its difference in every option (its level where the reference has none, and in a run), with the three ranges; None where
    the results do not hold it."""
    differences = [one.differences.get(measure.name) for one in result.options[:12]]
    change = any(at is not None and at.mean is not None for at in differences)
    unit = THOUSAND if measure.unit == MONEY else 1.0
    one_of, both = (change_of, changes_of) if change else (number_of, range_of)
    found = []
    for one in result.options[:12] if change else result.alternatives[:12]:
        at = one.differences.get(measure.name) if change else one.levels.get(measure.name)
        if at is None or at.mean is None:
            continue
        spans = ((at.low, at.high), (at.year_low, at.year_high), (at.mc_low, at.mc_high))
        year, error = (both(measure, *ends) for ends in spans[1:])
        bars = [_scaled(ends, unit) for ends in spans]
        found.append(Three(one.name, at.mean / unit, bars[0], bars[1], bars[2], (one_of(measure, at.mean), known(both, measure, at), year, error)))
    if not found:
        return None
    what = f"difference in {lower(label(measure))}" if change else label(measure)
    table_name = {"compare": "differences.csv" if change else "options.csv", "sweep": "cells.csv", "run": "measures.csv"}[result.kind]
    caption = (
        f"{_bars(found)}. Black: expected value. More runs narrow the simulation error only; evidence narrows what is not known; nothing narrows the chance of one "
        f"year. {result.runs} runs of each ward. Source: {table_name}.{explained(one.texts[1] for one in found)}"
    )
    short = measure.name.split("_")[0] if measure.name in SPOKEN else measure.name.replace("_", "-")
    return ranges(found, value_title=what, title=_title(result, measure, change=change), caption=caption, name=f"ranges-{short}", zero=change)


def _bars(found: Sequence[Three]) -> str:
    """How many of the three ranges these results have, and why not all."""
    there = [any(getattr(one, name) is not None for one in found) for name in ("known", "year", "error")]
    missing = [words for words, is_there in zip(HEAD, there, strict=True) if not is_there]
    return "Three ranges" if not missing else f"These runs do not give the range of {' and '.join(missing)}"


def _title(result: Result, measure: Measure, *, change: bool) -> str:
    if not result.options and result.reference is not None:
        level = result.reference.levels[measure.name]
        return f"{measure.label}: {number_of(measure, level.mean)} {unit_of(measure)} {span(range_of, measure, level)}"
    if not change:
        return f"{measure.label}: how it is in each ward; the reference has no value to differ from"
    told = [(one.differences[measure.name], one.better.get(measure.name)) for one in result.options if measure.name in one.differences]
    clear = [(found, p) for found, p in told if found.mc_low is not None and found.mc_high is not None and not found.mc_low <= 0.0 <= found.mc_high]
    settled = sum(_settled(found, p) for found, p in clear)
    if len(told) == 1 and clear:
        found = told[0][0]
        text = f"{measure.label}: {change_of(measure, found.mean)} {span(changes_of, measure, found)}"
        if found.low is None:
            return f"{text}; there is no range of what is not known to judge the sign by"
        return f"{text}; {'the evidence settles the sign' if settled else 'the sign is not settled by what is known'}"
    if not clear:
        return f"{measure.label}: no option can be told from the reference with these runs"
    return f"{measure.label}: the runs tell {len(clear)} of {len(told)} options from the reference, the evidence settles the sign of {settled}"


def _settled(found: Difference, p: float | None) -> bool:
    """Whether the sign is settled, by the rule of the marks of a sweep: the range and the share of draws must agree."""
    if found.low is None or found.high is None or found.low <= 0.0 <= found.high:
        return False
    return p is None or not TAIL < p < 1.0 - TAIL


def _scaled(ends: tuple[float | None, float | None], unit: float) -> Span:
    low, high = ends
    return None if low is None or high is None else (low / unit, high / unit)


def _variance(result: Result) -> Drawn | None:
    """Of the spread of each answer, the share of each source."""
    source = result.source
    told: dict[tuple[str, str], dict[str, tuple[float, str]]] = {}
    for row in source.rows("variance.csv"):
        share = number(row, "share")
        if row["name"] in SPOKEN and row["source"] and share is not None:
            text = f"{share:.0f}% ({number(row, 'share_low') or 0.0:.0f} to {number(row, 'share_high') or 0.0:.0f})"
            told.setdefault((source.name(row["option"]), row["name"]), {})[row["source"]] = (share, text)
    if not told or len(told) > 3 * MOST:
        return None
    parts = [name for name in SOURCES if any(name in one for one in told.values())]
    several = len(result.options) > 1
    names = [f"{option}: {lower(label(MEASURES[name]))}" if several else label(MEASURES[name]) for option, name in told]
    values = [[one.get(part, (0.0, ""))[0] for part in parts] for one in told.values()]
    texts = [[one.get(part, (0.0, "-"))[1] for part in parts] for one in told.values()]
    title = f"{names[0]}: {texts[0][0]} of the spread of this answer is {SOURCES[parts[0]]}" if len(told) == 1 else "Where the spread of each answer comes from"
    caption = (
        "Percent of the variance of the difference in one year by source; ranges (95%) in the table. "
        f"{result.runs} runs of each ward. Source: variance.csv."
    )
    return shares(names, [SOURCES[part] for part in parts], values, texts=texts, title=title, caption=caption, name="variance")


def _prior_share(result: Result) -> Table | None:
    """In how many cells of a sweep the sign is settled, or why not; every cell but the reference is counted once."""
    rows: list[tuple[Cell, ...]] = []
    for row in result.source.rows("prior_share.csv"):
        if row["name"] in MEASURES:
            signs = [one.signs.get(row["name"], "unknown") for one in result.options]
            counts = [sum(sign in marks for sign in signs) for _, marks in COUNTED]
            shares = (_over_cells(row, key) for key in ("parameters_pct", "chance_of_one_year_pct"))
            rows.append((label(MEASURES[row["name"]]), *map(str, counts), str(len(signs)), *shares))
    head = ("outcome", *(words for words, _ in COUNTED), "of cells", "spread from inputs nobody has measured", "spread from chance of one year")
    caption = "In how many cells the evidence settles the sign, and what the spread of a difference is made of"
    return table(caption, head, rows, notes=(MIDDLE,)) if rows else None


def _over_cells(row: Row, key: str) -> Cell:
    """Percent of the middle cell; below it the smallest and the largest of all cells."""
    middle, smallest, largest = (number(row, f"{key}{end}") for end in ("", "_smallest", "_largest"))
    if middle is None:
        return "-"
    told = f"{middle:.0f}%"
    return told if smallest is None or largest is None else (told, f"({smallest:.0f} to {largest:.0f})")


MIDDLE = "The spread is that of the middle cell, in brackets the smallest and the largest of all cells; these runs do not show it where it is missing."


COUNTED = (
    ("sign settled", ("higher", "lower")), ("open", ("open",)), ("too close to tell", ("noise",)), ("no difference", ("same",)),
    ("no range to judge by", ("unknown",)),
)  # fmt: skip
"""Columns of cells by their mark."""


def _best(result: Result) -> Table | None:
    """How often each option is the best."""
    source = result.source
    names = list(dict.fromkeys(row["name"] for row in source.rows("best.csv") if row["name"] in MEASURES))
    options = list(dict.fromkeys(row["option"] for row in source.rows("best.csv")))
    if not names:
        return None
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        by = {row["option"]: row for row in source.rows("best.csv", name=name)}
        rows.append((label(MEASURES[name]), *(share_of(by.get(option, {}), "p_best", "p_best_low", "p_best_high") for option in options)))
    ranged = any(row.get("p_best_low") for row in source.rows("best.csv"))
    note = f"In brackets the 95% range of the share, which {result.draws} draws leave." if ranged else (
        f"The shares have no range in these results; they rest on {draws_of(result.draws)}."
    )
    return table("In so many of 100 parameter draws each option is the best", ("outcome", *map(source.name, options)), rows, notes=(note,))


def _structures(result: Result) -> Table | None:
    """Differences under each form of the model."""
    source = result.source
    found = [row for row in source.rows("structures.csv") if row["name"] in SPOKEN]
    off = {row["structure"]: row.get("off", "") for row in found}
    forms = list(off)
    if len(forms) < 2 or len({row["option"] for row in found}) > MOST:
        return None
    rows: list[tuple[Cell, ...]] = []
    for option in dict.fromkeys(row["option"] for row in found):
        rows.append((source.name(option),))
        for name in SPOKEN:
            by = {row["structure"]: row for row in found if row["option"] == option and row["name"] == name}
            if by:
                rows.append((label(MEASURES[name]), *(_form(MEASURES[name], by.get(form)) for form in forms)))
    notes = ("Second line: 95% range of what is not known (sim.: simulation error only). Where the answer turns with a mechanism, it rests on that mechanism.",)
    return table("The same differences with mechanisms of the model switched off", ("outcome", *(form(name, off.get(name, "")) for name in forms)), rows, notes=notes)


def _form(measure: Measure, row: Row | None) -> Cell:
    if row is None:
        return "-"
    low, high = number(row, "low"), number(row, "high")
    text = f"{changes_of(measure, low, high)}{mark_of(row)}"
    if low is None or high is None:
        text = f"sim. {changes_of(measure, number(row, 'mc_low'), number(row, 'mc_high'))}"
    return (change_of(measure, number(row, "mean")), f"({text})")


def _optimise(result: Result) -> list[Table]:
    """Plans, the front, and prices of neighbours."""
    source = result.source
    found: list[Table] = []
    if result.kind != "optimise":
        return found
    measure = MEASURES[result.settings["objective"]]
    chosen = source.manifest["result"].get("chosen")
    apart = f"difference from the {'choice' if chosen else 'plan nearest to the limits'}"
    rows: list[tuple[Cell, ...]] = [
        (
            source.name(row["option"]), row["state"], (row["standing"] or "-") if chosen else "-", level(measure, row, "cost"),
            change_of(measure, number(row, "difference_mean")),
            changes_of(measure, number(row, "difference_low"), number(row, "difference_high")),
            changes_of(measure, number(row, "difference_mc_low"), number(row, "difference_mc_high")),
            share_of(row, "share", "share_mc_low", "share_mc_high"),
        )
        for row in source.rows("choice.csv")
    ]  # fmt: skip
    head = ("plan", "keeps the limits", "standing", label(measure), apart, "not known (95%)", "simulation (95%)",
            "keeps them in of 100 draws")  # fmt: skip
    if rows:
        found.append(table("Every plan, the cheapest first", head, rows))
    front = source.rows("front.csv")
    objectives = [key for key in (front[0] if front else {}) if key in MEASURES]
    rows = [
        (source.name(row["option"]), *(level(MEASURES[key], row, key) for key in objectives), row["on_front"], share_of(row, "membership", "mc_low", "mc_high"))
        for row in front
    ]
    if rows:
        heads = ("plan", *(label(MEASURES[key]) for key in objectives), "on the front", "in of 100 draws")
        found.append(table("The front: plans that no other beats in every objective", heads, rows, folded="The front"))
    return found
