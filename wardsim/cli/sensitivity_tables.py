"""What `wardsim sensitivity` prints: for each outcome the factors, the strongest first, and how far to trust it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

from wardsim.experiments.compare.sentences import digits_of, signed
from wardsim.experiments.sensitivity.result import CHANCE, UNEXPLAINED, Row, SensitivityResult
from wardsim.experiments.sensitivity.tornado import TIED, order
from wardsim.measures import MEASURES

from .grid import GAP, MONEY, PIPED, THOUSAND, Entry, fill, grids

WORDS = {
    "tornado": "Tornado: one factor at a time from low to high, the others at their medians",
    "morris": "Morris screening: mean size of a factor's effect over its whole range, along trajectories",
    "sobol": "Sobol indices, directly from runs, chance taken out",
    "emulator": "Sobol indices of the mean outcome, through an emulator",
    "prcc": "Partial rank correlation",
}
HEADS = {
    "tornado": ("low to high", "95%", "at low", "at high"),
    "morris": ("mu*", "95%", "mu", "sigma", "chance"),
    "sobol": ("alone (S1)", "95%", "in all (ST)", "95%"),
    "emulator": ("alone (S1)", "95%", "in all (ST)", "95%"),
    "prcc": ("PRCC", "95%"),
}
LEGEND = {
    "tornado": (
        ("low to high", "change of the outcome from the factor's low to its high; at low, at high: change from the centre"),
        ("95%", "error of the simulation; more replications narrow it"),
    ),
    "morris": (
        ("mu*", "mean absolute effect; mu: with its sign; sigma: how much it differs from place to place (bends, interactions)"),
        ("chance", "what mu* of a factor without effect stays below in 95 of 100 studies"),
    ),
    "sobol": (
        ("alone (S1)", "share of the spread of the mean outcome that would go if the factor were known"),
        ("in all (ST)", "share that would stay if all others were known: with its interactions"),
        ("95%", "over the points of the design"),
    ),
    "emulator": (
        ("alone (S1)", "share of the spread of the mean outcome that would go if the factor were known"),
        ("in all (ST)", "share that would stay if all others were known: with its interactions"),
        ("95%", "over the Sobol sample and the emulator together; sensitivity.csv has them apart"),
    ),
    "prcc": (("PRCC", "from -1 (falls with the factor) to 1 (rises), others held; chance pulls it towards 0"),),
}  # fmt: skip
DIGITS = 2
"""Decimals where neither an error nor a measure says how many."""
SHOWN_STEPS = 3
"""Factors whose convergence is printed."""


def text_of(result: SensitivityResult, labels: Mapping[str, str] | None = None, width: int = PIPED) -> str:
    """Everything that is printed about an analysis.

    Parameters
    ----------
    result : SensitivityResult
        Of any method.
    labels : mapping of str to str, optional
        Label with unit of each outcome; left out: its name.
    width : int
        Columns.
    """
    names = {f.name: (f"{f.label} ({f.name})" if f.label else f.name) for f in result.problem.factors}
    tables = [((labels or {}).get(outcome, outcome), _entries(result, outcome, names)) for outcome in result.outcomes]
    parts = [_title(result, width), *(fill(f"Caution: {note}", width) for note in result.notes), _legend(result.method, width)]
    for grid, outcome in zip(grids(tables, HEADS[result.method], width), result.outcomes, strict=True):
        parts.append("\n".join([grid, *_below(result, outcome, width)]))
    return "\n\n".join(parts) + "\n"


def _title(result: SensitivityResult, width: int) -> str:
    runs = f" x {result.replications} runs" if result.replications else ""
    return fill(f"{WORDS[result.method]}; {len(result.problem)} factors, {result.n} points{runs}, seed {result.seed}", width)


def _legend(method: str, width: int) -> str:
    wide = max(len(name) for name, _ in LEGEND[method]) + GAP
    return "\n".join(
        textwrap.fill(text, width, initial_indent=f"{name:<{wide}}", subsequent_indent=" " * wide)
        for name, text in LEGEND[method]
    )


def _entries(result: SensitivityResult, outcome: str, names: Mapping[str, str]) -> list[Entry]:
    """A line for each factor, the strongest first."""
    method = result.method
    if method == "tornado":
        ranked = order([row for row in result.rows if row.outcome == outcome])
    else:
        first = {"morris": "mu_star", "prcc": "prcc"}.get(method, "ST")
        ranked = [row.parameter for row in result.ranked(outcome, first)]
    return [_entry(result, outcome, name, names[name]) for name in ranked]


def _entry(result: SensitivityResult, outcome: str, name: str, label: str) -> Entry:
    """The numbers of one factor."""

    def row(index: str) -> Row:
        return result.get(outcome, name, index)

    if result.method == "tornado":
        swing, low, high = (row(index) for index in ("swing", "low", "high"))
        ends = tuple(_number(one, one, signed) for one in (low, high))
        if _tied(swing):
            moved = "" if _tied(low) and _tied(high) else f" between low and high; at low {ends[0]}, at high {ends[1]}"
            return Entry(label, ("0",), f"{TIED}{moved}")
        return Entry(label, (_number(swing, swing, signed), _range(swing, _form(swing, signed)), *ends))
    if result.method == "morris":
        star = row("mu_star")
        shown = [_number(row(index), star, signed if index == "mu" else _unsigned) for index in ("mu", "sigma", "floor")]
        return Entry(label, (_number(star, star, _unsigned), _range(star, _form(star, _unsigned)), *shown))
    if result.method == "prcc":
        return Entry(label, (_share(row("prcc").value), _range(row("prcc"), _share)))
    alone, total = row("S1"), row("ST")
    if alone.value is None:
        return Entry(label, ("-",), alone.note)
    return Entry(label, (_share(alone.value), _range(alone, _share), _share(total.value), _range(total, _share)))


def _below(result: SensitivityResult, outcome: str, width: int) -> list[str]:
    """Chance, what the emulator leaves, its error on points held back, and how the first indices settled."""
    lines = []
    bars = {(row.parameter, row.index): row for row in result.rows if row.outcome == outcome}
    one = bars.get((CHANCE, "of_one_run"))
    if one is not None and one.value is not None:
        lines.append(f"Chance, not any factor: {_per_cent(one.value)} of the spread of single runs ({_between(one)})")
    elif one is not None:
        lines.append(f"Chance: not known ({one.note})")
    left = bars.get((UNEXPLAINED, "of_true_spread"))
    if left is not None and left.value is not None:
        lines.append(f"Not explained by the emulator: {_per_cent(left.value)} of the true spread; it may belong to any factor")
    tried = result.emulators.get(outcome, ())
    if tried:
        told = [f"{e.kind} {_per_cent(1 - e.q2_mean)}" for e in tried]
        rest = f"; not chosen: {', '.join(told[1:])}" if told[1:] else ""
        lines.append(f"Error of the emulator on points held back, of the true spread: {told[0]}{rest}")
    lines += _steps(result, outcome)
    unsure = [row for row in result.rows if row.outcome == outcome and row.note and not _tied(row) and row.index in ("swing", "mu_star", "prcc")]
    reasons: dict[str, list[str]] = {}
    for row in unsure:
        reasons.setdefault(row.note, []).append(row.parameter)
    lines += [f"{note[0].upper()}{note[1:]}: {', '.join(found)}" for note, found in reasons.items()]
    return [fill(f"  {line}", width) for line in lines]


def _steps(result: SensitivityResult, outcome: str) -> list[str]:
    """How the total indices of the strongest factors settled."""
    strongest = [row.parameter for row in result.ranked(outcome, "ST")][:SHOWN_STEPS]
    found: dict[str, list[str]] = {name: [] for name in strongest}
    sizes: list[int] = []
    for row in result.convergence:
        if row.outcome == outcome and row.index == "ST" and row.parameter in found:
            found[row.parameter].append(_share(row.value))
            sizes += [row.n] if row.n not in sizes else []
    if len(sizes) < 2:
        return []
    told = "; ".join(f"{name} {', '.join(values)}" for name, values in found.items())
    return [f"ST from {', '.join(map(str, sizes))} points: {told}"]


def _share(x: float | None) -> str:
    if x is None:
        return "-"
    shown = f"{x:.2f}"
    return shown if shown.strip("-0.") else shown.lstrip("-")


def _tied(row: Row) -> bool:
    """Whether a change of a tornado and its error are nothing with the most digits that are shown (bed days differ by minutes)."""
    measure = MEASURES.get(row.outcome)
    if row.note == TIED or measure is None or row.value is None or row.low is None or row.high is None:
        return row.note == TIED
    unit = THOUSAND if measure.unit == MONEY else 1.0
    return max(abs(row.low), abs(row.high)) / unit < 0.5 * 10.0 ** -(measure.digits + 1)


def _number(row: Row, by: Row, shown: Callable[[float, int], str]) -> str:
    """The value of a row, with the digits that the error of another (or its own) supports."""
    return "-" if row.value is None else _form(by, shown)(row.value)


def _form(row: Row, shown: Callable[[float, int], str]) -> Callable[[float], str]:
    """How a row's numbers are written: two figures of its error and no more than one decimal beyond those of the measure; money in thousands."""
    measure = MEASURES.get(row.outcome)
    unit = THOUSAND if measure is not None and measure.unit == MONEY else 1.0
    half = None if row.low is None or row.high is None else (row.high - row.low) / 2.0 / unit
    most = None if measure is None else measure.digits + 1
    usual = DIGITS if measure is None else measure.digits
    digits = usual if not half else digits_of(half) if most is None else min(digits_of(half), most)
    return lambda x: shown(x / unit, digits)


def _unsigned(x: float, digits: int) -> str:
    return signed(x, digits).removeprefix("+")


def _per_cent(x: float) -> str:
    return f"{100 * x:.1f}%"


def _between(row: Row) -> str:
    return "-" if row.low is None or row.high is None else f"{_per_cent(row.low)} to {_per_cent(row.high)}"


def _range(row: Row, form: Callable[[float], str]) -> str:
    return "-" if row.low is None or row.high is None else f"{form(row.low)} to {form(row.high)}"
