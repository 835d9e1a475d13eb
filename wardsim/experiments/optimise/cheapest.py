"""The cheapest option that keeps the limits with the stated probability, and how sure that choice is.

All options of the grid are judged; more runs go only to undecided ones that may be cheaper than the cheapest known to
be feasible. Among the feasible the cheapest is selected with KN (`ranking`), its error spread over all pairs of the
grid because which ones are compared was found from the same runs. A third of the error each goes to the verdicts, to the
selection, and to setting aside undecided options that cost more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..intervals import Summary
from ..statistics.best import Chance, best
from .bank import Bank
from .chance import FIRST, Feasibility, Over, Verdict, classify
from .level import level
from .limits import Limit, values_of
from .needed import Needed, needed
from .pairs import Gap, gap
from .ranking import Selection, select

SELECTED = 40
"""Parameter draws from which the selection takes the variance of differences, where every feasible option has so many."""


@dataclass(frozen=True)
class Choice:
    """The cheapest feasible option beside the others.

    Attributes
    ----------
    cost : str
        Measure of cost.
    feasibility : Feasibility
        Verdicts on all options.
    chosen : int or None
        The choice; None when no option is known to be feasible.
    selection : Selection or None
        How it was selected.
    gaps : mapping of int to Gap
        Cost of every other option minus that of the choice (of the option nearest to feasible where there is no
        choice); simulation errors hold for all feasible options together with 95%.
    next : int or None
        Next cheapest feasible option.
    level : tuple of int
        Feasible options whose cost cannot be told from the choice's with these runs.
    alike : tuple of int
        Feasible options that are told apart and cost less than `delta` more.
    open : tuple of int
        Undecided options that may be cheaper.
    chances : mapping of int to Chance
        Share of parameter draws in which each feasible option is the cheapest of them, with its 95% range; empty where it cannot be told.
    costs : mapping of int to Summary
        Cost of each option over its own runs, with its ranges.
    delta : float
        Indifference zone, unit of cost.
    confidence : float
        Promised probability of verdicts and selection together.
    spent : int
        Runs of all options.
    nearest : int or None
        Option with the largest share that keeps the limits, where there is no choice.
    reasons : tuple of str
        Why a promise does not hold.
    runs : mapping of int to int
        Runs of each option in the end: those of its verdict, and those that others were held against.
    needs : mapping of int to Needed
        About how many runs would decide each of `open`.
    stopped : str
        Why no more runs were made for those of `open`; empty where none is.
    """

    cost: str
    feasibility: Feasibility
    chosen: int | None
    selection: Selection | None
    gaps: Mapping[int, Gap]
    next: int | None
    level: tuple[int, ...]
    alike: tuple[int, ...]
    open: tuple[int, ...]
    chances: Mapping[int, Chance]
    costs: Mapping[int, Summary]
    delta: float
    confidence: float
    spent: int
    nearest: int | None = None
    reasons: tuple[str, ...] = field(default_factory=tuple)
    runs: Mapping[int, int] = field(default_factory=dict)
    needs: Mapping[int, Needed] = field(default_factory=dict)
    stopped: str = ""

    @property
    def p_cheapest(self) -> dict[int, float]:
        """The shares of `chances` without their ranges."""
        return {cell: chance.p for cell, chance in self.chances.items()}

    @property
    def sure(self) -> bool:
        """Whether the promise holds for the grid as a whole: a choice, selected in full, and nothing left open."""
        return self.chosen is not None and self.selection is not None and self.selection.kept and not self.open


def cheapest(
    bank: Bank,
    limits: Sequence[Limit],
    *,
    cost: str,
    probability: float,
    delta: float,
    over: Over = "draws",
    confidence: float = 0.9,
    first: int = FIRST,
    among: Sequence[int] | None = None,
) -> Choice:
    """Choose the cheapest option that keeps the limits with the stated probability.

    Parameters
    ----------
    bank : Bank
        Where runs come from.
    limits : sequence of Limit
        All must be kept together.
    cost : str
        Measure to be kept low.
    probability : float
        Least share of draws (or years) that must keep the limits.
    delta : float
        Cost difference not worth finding, unit of the cost measure.
    over : str
        draws (expected values) or year (single years).
    confidence : float
        Promised probability that all verdicts and the selection are right.
    first : int
        Parameter draws of each option at the first look.
    among : sequence of int, optional
        Cells judged; left out: all.

    Raises
    ------
    OptimiseError
        When the question makes no sense or the first look cannot be run.
    """
    cells = list(bank.cells if among is None else among)
    pairs = max(1, len(cells) * (len(cells) - 1) // 2)
    third = (1.0 - confidence) / 3.0
    apart = 2.0 * third / pairs

    def may_be_cheaper(verdicts: Mapping[int, Verdict]) -> list[int]:
        return _open(bank, cost, verdicts, apart)

    judged = classify(
        bank, limits, probability=probability, over=over, confidence=1.0 - third, first=first, among=cells, focus=may_be_cheaper
    )  # fmt: skip
    feasible = [c for c in judged.cells("feasible") if _mean(bank, c, cost) is not None]
    selection = None
    reasons = []
    if feasible:
        start = min(bank.draws(c) for c in feasible)
        selection = select(
            bank, cost, delta=delta, confidence=1.0 - third, first=min(max(first, SELECTED), start), among=feasible, pairs=pairs
        )
        if selection.reason:
            reasons.append(selection.reason)
    chosen = None if selection is None else selection.chosen
    shares = {c: v.share for c, v in judged.verdicts.items() if np.isfinite(v.share)}
    nearest = max(shares, key=lambda c: (shares[c], -_beyond(bank, c, limits), -c)) if chosen is None and shares else None
    reference = chosen if chosen is not None else nearest
    each = 0.05 / max(1, len(feasible) - 1)
    gaps = {} if reference is None else {c: gap(bank, reference, c, cost, alpha=each, ranged=True) for c in cells if c != reference}
    others = sorted((c for c in feasible if c != chosen), key=lambda c: (gaps[c].mean, c))
    same = tuple(c for c in others if _level(gaps[c]))
    alike = tuple(c for c in others if c not in same and abs(gaps[c].mean) < delta)
    costs = {c: told for c in cells if bank.asked(c) and (told := level(bank, c, cost)).mean is not None}
    open_ = tuple(_open(bank, cost, judged.verdicts, apart))
    return Choice(
        cost, judged, chosen, selection, gaps, others[0] if others else None, same, alike, open_, _cheapest_in(bank, feasible, cost),
        costs, delta, confidence, bank.spent, nearest, tuple(reasons), {c: bank.asked(c) for c in cells},
        {c: needed(judged.verdicts[c], probability) for c in open_}, _stopped(bank, open_),
    )  # fmt: skip


def _stopped(bank: Bank, open_: Sequence[int]) -> str:
    """What kept the undecided options from more runs."""
    if not open_:
        return ""
    if all(bank.asked(c) >= bank.limit for c in open_):
        return f"each of them has the {bank.limit} runs that one plan may have; more `replications`, or a longer time, allow more"
    return (
        f"{bank.spent} of at most {bank.budget} runs are made, and what is left does not do for another look at all of them; "
        "a larger `budget_runs` allows more"
    )


def _mean(bank: Bank, cell: int, measure: str) -> float | None:
    values = bank.matrix([cell], measure, bank.asked(cell))[:, 0]
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else None


def _beyond(bank: Bank, cell: int, limits: Sequence[Limit]) -> float:
    """By how much the means of an option are beyond its limits, each in spreads between its runs."""
    found = 0.0
    for limit in limits:
        values = values_of(bank, cell, limit)
        values = values[np.isfinite(values)]
        if len(values):
            mean, spread = float(values.mean()), max(float(values.std()), 1e-300)
            found += max(0.0, *([] if limit.at_most is None else [(mean - limit.at_most) / spread]), 0.0)
            found += max(0.0, *([] if limit.at_least is None else [(limit.at_least - mean) / spread]), 0.0)
    return found


def _level(found: Gap) -> bool:
    """Whether the simulation error leaves the sign of a difference open."""
    if found.mc_low is None or found.mc_high is None:
        return True
    return found.mc_low <= 0.0 <= found.mc_high


def _open(bank: Bank, cost: str, verdicts: Mapping[int, Verdict], alpha: float) -> list[int]:
    """Undecided options that may be cheaper than the cheapest known to be feasible."""
    undecided = [c for c, v in verdicts.items() if v.state == "undecided"]
    known = {
        c: mean for c, v in verdicts.items() if v.state == "feasible" and (mean := _mean(bank, c, cost)) is not None
    }
    if not known:
        return undecided
    best = min(known, key=lambda c: (known[c], c))
    found = {c: gap(bank, best, c, cost, alpha=alpha) for c in undecided}
    return [c for c in undecided if np.isnan(found[c].mean) or found[c].mean < 0.0 or _level(found[c])]


def _cheapest_in(bank: Bank, feasible: Sequence[int], cost: str) -> dict[int, Chance]:
    """Share of parameter draws in which each feasible option is the cheapest, chance removed."""
    if len(feasible) == 1 and not bank.point:
        return {feasible[0]: Chance(1.0, 1.0, 1.0)}
    found = best({str(c): bank.column(c, cost) for c in feasible}, "lower", point=bank.point)
    return {} if found.chances is None else {int(name): chance for name, chance in found.chances.items()}
