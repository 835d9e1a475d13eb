"""Part 5: which unknown inputs decide the answer: tornado, Morris, Sobol and rank correlation as the study has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wardsim.experiments.sensitivity.result import CHANCE, UNEXPLAINED
from wardsim.experiments.shown import change_of, changes_of, label
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Cell, Part, table
from ..figures import Drawn, Index, Swing, indices, tornado
from ..result import Result
from ..source import Row, number, whole
from .apart import told_apart
from .words import lower, unit_of

POOR = 0.3
"""Share of the spread that an emulator fails to predict, from which its shares are not to be relied on."""
NAMED = 3
"""Inputs named for an outcome in the answer."""
MOST = 12
"""Factors of a figure; sensitivity.csv has all."""
BARS = {
    "emulator": ("ST", "share of the spread with its interactions (ST)", "alone (S1)"),
    "sobol": ("ST", "share of the spread with its interactions (ST)", "alone (S1)"),
    "morris": ("mu_star", "mean size of its effect (mu*)", ""),
    "prcc": ("prcc", "partial rank correlation", ""),
}
"""Index of the bars, its name, and the name of the mark, by method."""
WORDS = {
    "tornado": "one at a time", "emulator": "Sobol indices through an emulator", "sobol": "Sobol indices from the runs",
    "morris": "Morris screening", "prcc": "partial rank correlation",
}  # fmt: skip


def inputs(result: Result) -> Part | None:
    """Figures of every method and outcome."""
    if result.kind != "sensitivity":
        return None
    part = Part("inputs", "Which unknown inputs decide it")
    for method, outcome in _there(result):
        part.show(_figure(result, method, outcome))
    part.show(_all(result))
    return part if part.blocks else None


def leading(result: Result) -> list[str]:
    """For each outcome, the inputs that decide most of those that are told from chance, three at most, with their intervals."""
    said = []
    for method, outcome in _there(result):
        if method == "prcc":
            continue
        ranked = _ranked(result, method, outcome)
        top = _told(result, method, outcome, ranked)
        if ranked and (_error(ranked) or 0.0) > POOR:
            said.append(f"{_what(result, outcome)}: which inputs decide it cannot be told from these runs.")
        elif top:
            named = "; ".join(_spoken(result, method, MEASURES[outcome], row) for row in top[:NAMED])
            said.append(f"{_what(result, outcome)}: {len(top)} of {len(ranked)} inputs {'is' if len(top) == 1 else 'are'} told from chance: {named}.")
        elif ranked:
            said.append(f"{_what(result, outcome)}: none of {len(ranked)} inputs is told from chance with these runs, so none is named.")
    return said


def _told(result: Result, method: str, outcome: str, ranked: Sequence[Row]) -> list[Row]:
    """Those that are told from chance: of a tornado among all that were looked at, of Morris above what chance reaches, else by their interval."""
    if method == "tornado":
        runs = _runs(result)
        return [row for row in ranked if told_apart(number(row, "low"), number(row, "high"), runs, len(ranked))]
    floor = _floor(result, method, outcome)
    if floor is not None:
        return [row for row in ranked if (number(row, "value") or 0.0) > floor]
    spans = [(number(row, "low"), number(row, "high")) for row in ranked]
    return [row for row, (low, high) in zip(ranked, spans, strict=True) if low is not None and high is not None and not low <= 0.0 <= high]


def _floor(result: Result, method: str, outcome: str) -> float | None:
    """What chance alone would reach (Morris)."""
    floors = [number(row, "value") for row in _rows(result, method, outcome, "floor").values()] if method == "morris" else []
    return max((x for x in floors if x is not None), default=None)


def doubts(result: Result) -> list[str]:
    """Outcomes whose emulator predicts too little for its shares to be relied on."""
    said = []
    for method, outcome in _there(result):
        error = _error(_ranked(result, method, outcome))
        if method == "emulator" and error is not None and error > POOR:
            fails = f"fails to predict {100 * error:.0f}% of the spread between held-back points"
            said.append(
                f"{MEASURES[outcome].label}: the emulator {fails if error < 1.0 else 'predicts held-back points no better than their mean does'}, "
                "so its shares cannot be relied on; more points or more runs of each are needed."
            )
    return said


def _error(rows: Sequence[Row]) -> float | None:
    return number(rows[0], "emulator_error") if rows else None


def _finding(result: Result, method: str, measure: Measure, ranked: Sequence[Row]) -> str:
    """The input that decides most, those that may, or that none is told from chance."""
    if (_error(ranked) or 0.0) > POOR:
        return f"{measure.label}: the emulator predicts too little, these shares cannot be relied on"
    told = _told(result, method, measure.name, ranked)
    if not told:
        return f"{measure.label}: no input is told from chance ({WORDS[method]})"
    first, least = told[0], _size(told[0])[0]
    level = [row for row in told[1:] if _size(row)[1] >= least]
    name = lower(_factor(result, first["parameter"]))
    if level:
        return f"{measure.label}: {len(told)} of {len(ranked)} inputs are told from chance; which decides most is not, {name} is ahead ({WORDS[method]})"
    return f"{measure.label}: {name} decides most ({WORDS[method]})"


def _size(row: Row) -> tuple[float, float]:
    """Least and largest size of an effect within its interval."""
    value, low, high = number(row, "value") or 0.0, number(row, "low"), number(row, "high")
    ends = sorted((abs(value if low is None else low), abs(value if high is None else high)))
    return ends[0], ends[1]


def _spoken(result: Result, method: str, measure: Measure, row: Row) -> str:
    low, high, value = number(row, "low"), number(row, "high"), number(row, "value") or 0.0
    name = _factor(result, row["parameter"])
    if method in ("emulator", "sobol"):
        span = "" if low is None or high is None else f" (95% interval {100 * low:.0f} to {100 * high:.0f}%)"
        return f"{name} accounts for {100 * value:.0f}% of the spread{span}"
    span = "" if low is None or high is None else f" (95% simulation error {changes_of(measure, low, high)})"
    if method == "tornado":
        return f"{name} from low to high moves it by {change_of(measure, value)} {unit_of(measure)}{span}"
    return f"{name} moves it by {change_of(measure, value).lstrip('+')} {unit_of(measure)} on the mean{span}"



def _there(result: Result) -> list[tuple[str, str]]:
    """Methods and outcomes of the table, in order."""
    return list(dict.fromkeys((row["method"], row["outcome"]) for row in result.source.rows("sensitivity.csv") if row["outcome"] in MEASURES))


def _ranked(result: Result, method: str, outcome: str) -> list[Row]:
    """First row of each factor (both sources of error together), the largest first."""
    index = "swing" if method == "tornado" else BARS[method][0]
    return sorted(_rows(result, method, outcome, index).values(), key=lambda row: -abs(number(row, "value") or 0.0))


def _rows(result: Result, method: str, outcome: str, index: str) -> dict[str, Row]:
    """The row of each factor that rests on most points and comes first."""
    found: dict[str, Row] = {}
    for row in result.source.rows("sensitivity.csv", method=method, outcome=outcome, index=index):
        if row["parameter"] in (CHANCE, UNEXPLAINED) or number(row, "value") is None:
            continue
        if row["parameter"] not in found or whole(row, "n") > whole(found[row["parameter"]], "n"):
            found[row["parameter"]] = row
    return found


def _factor(result: Result, name: str) -> str:
    """Label of a factor, from the study, else its name."""
    for about in result.settings.get("parameters", []):
        if about["name"] == name and about.get("label"):
            return str(about["label"])
    return name


def _what(result: Result, outcome: str) -> str:
    option = result.settings.get("option")
    text = label(MEASURES[outcome])
    return f"{text}, difference of {option}" if option else text


def _figure(result: Result, method: str, outcome: str) -> Drawn | None:
    ranked = _ranked(result, method, outcome)[:MOST]
    if not ranked:
        return None
    measure = MEASURES[outcome]
    name = f"{method}-{outcome.replace('_', '-')}"
    what = _what(result, outcome)
    if method == "tornado":
        swings = [_swing(result, measure, row["parameter"]) for row in ranked]
        title = _finding(result, method, measure, _ranked(result, method, outcome))
        caption = f"{what}, with one input at its low and at its high and the others at their medians. Lines: 95% simulation error. {_source(result, ranked)}"
        return tornado(swings, value_title=f"change in {lower(what)}", title=title, caption=caption, name=name)
    index, words, mark = BARS[method]
    alone = _rows(result, method, outcome, "S1") if mark else {}
    shares = index == "ST"
    found = [_index(result, row, alone.get(row["parameter"]), shares) for row in ranked]
    floor = _floor(result, method, outcome)
    title = _finding(result, method, measure, _ranked(result, method, outcome))
    caption = f"{what}. {WORDS[method].capitalize()}."
    if floor is not None:
        caption += " Dashed: what chance alone would reach."
    error = _error(ranked)
    if error is not None:
        caption += (
            f" The emulator fails to predict {100 * error:.0f}% of the spread between held-back points." if error < 1.0
            else " The emulator predicts held-back points no better than their mean does."
        )
    return indices(found, value_title=words, alone_title=mark, floor=floor, title=title, caption=f"{caption} {_source(result, ranked)}", name=name)


def _source(result: Result, rows: Sequence[Row]) -> str:
    per = _runs(result)
    return f"{whole(rows[0], 'n')} points of the design, {per} run{'s' if per != 1 else ''} of each. Source: sensitivity.csv."


def _runs(result: Result) -> int:
    """Runs of each point of the design."""
    return int(result.source.study["limit"]) if result.source.study else 1


def _swing(result: Result, measure: Measure, parameter: str) -> Swing:
    sides: list[Any] = []
    for index in ("low", "high"):
        row = _rows(result, "tornado", measure.name, index).get(parameter, {})
        value, low, high = (number(row, key) for key in ("value", "low", "high"))
        sides.append((value or 0.0, None if low is None or high is None else (low, high), _ranged(measure, value, low, high)))
    (low, low_range, low_text), (high, high_range, high_text) = sides
    return Swing(_factor(result, parameter), low, high, low_range, high_range, low_text, high_text)


def _index(result: Result, row: Row, alone: Row | None, shares: bool) -> Index:
    value, low, high = number(row, "value") or 0.0, number(row, "low"), number(row, "high")
    first = None if alone is None else number(alone, "value")
    span = None if low is None or high is None else (low, high)
    return Index(_factor(result, row["parameter"]), value, span, first, _share(row, shares), "" if alone is None else _share(alone, shares))


def _share(row: Row, shares: bool) -> str:
    """An index with its interval, two decimals for what lies between 0 and 1."""
    value, low, high = number(row, "value"), number(row, "low"), number(row, "high")
    digits = 2 if shares or row["index"] == "prcc" else 3
    text = "-" if value is None else f"{value:.{digits}f}"
    return text if low is None or high is None else f"{text} ({low:.{digits}f} to {high:.{digits}f})"


def _ranged(measure: Measure, value: float | None, low: float | None, high: float | None) -> str:
    return f"{change_of(measure, value)} ({changes_of(measure, low, high)})"


def _all(result: Result) -> Any:
    """What the inputs are, with the prior that each went through."""
    rows: list[tuple[Cell, ...]] = []
    for about in result.settings.get("parameters", []):
        bounds = [about.get("low"), about.get("high")]
        span = "-" if None in bounds else f"{float(bounds[0]):.3g} to {float(bounds[1]):.3g}"
        rows.append((_factor(result, about["name"]), about["name"], str(about.get("unit") or ""), span))
    return table("Inputs that were varied", ("input", "parameter", "unit", "low to high"), rows, folded="The inputs that were varied") if rows else None
