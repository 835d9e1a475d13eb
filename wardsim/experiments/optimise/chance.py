"""Which options keep the limits with a stated probability: feasible, infeasible, or undecided.

The probability is a share: of parameter draws (`over="draws"`, chance removed: does the ward keep the limits on average,
whatever the parameters are?), or of single years of single draws (`over="year"`: chance counts too). All limits must be
kept together. Options start equal; then only the undecided get more runs, doubled at each look, until all are decided
or the runs give out. The error is spread over options and looks, so that all verdicts together are right with the
stated confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log2
from typing import Literal

import numpy as np

from .bank import Bank, OptimiseError
from .limits import Limit, kept_by_draws, kept_by_years, kept_of_itself

Over = Literal["draws", "year"]
State = Literal["feasible", "infeasible", "undecided"]

FIRST = 10
"""Parameter draws of each option at the first look: enough to be rid of options that keep the limits in hardly any draw. The rest are looked
at again with twice as many, and so on; the intervals are exact at any number, and the error is spread over the looks."""


OF_ITSELF = "the limits are held against this option, so it keeps them whatever the runs show"


@dataclass(frozen=True)
class Verdict:
    """What is known of one option.

    Attributes
    ----------
    cell : int
        Which.
    state : str
        feasible, infeasible or undecided.
    share, low, high : float
        Share of draws (or years) that keep all limits, with its 95% simulation interval.
    each : tuple of float
        Share that keeps each limit by itself.
    binding : int or None
        Place of the limit that is kept least often; None where all are always kept.
    runs, draws : int
        Runs that the verdict rests on, and their parameter draws.
    missing : int
        Runs that failed; they count as outside the limits.
    reason : str
        Why it is undecided, or a caution.
    each_range : tuple of (float, float)
        95% simulation interval of the share that keeps each limit.
    judged : (float, float)
        Interval of the joint share that the verdict goes by: its error is spread over options and looks.
    """

    cell: int
    state: State
    share: float
    low: float
    high: float
    each: tuple[float, ...]
    binding: int | None
    runs: int
    draws: int
    missing: int = 0
    reason: str = ""
    each_range: tuple[tuple[float, float], ...] = ()
    judged: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Feasibility:
    """Verdicts on all options, and what is promised about them.

    Attributes
    ----------
    verdicts : mapping of int to Verdict
        By cell.
    limits : tuple of Limit
        What had to be kept.
    probability : float
        With what probability.
    over : str
        draws or year.
    confidence : float
        Promised probability that all verdicts (feasible, infeasible) are right.
    looks : int
        Looks at the runs over which the error was spread.
    spent : int
        Runs of all options.
    """

    verdicts: Mapping[int, Verdict]
    limits: tuple[Limit, ...]
    probability: float
    over: Over
    confidence: float
    looks: int
    spent: int

    def cells(self, state: State) -> list[int]:
        """Options of one state."""
        return [cell for cell, verdict in self.verdicts.items() if verdict.state == state]


Focus = Callable[[Mapping[int, Verdict]], Sequence[int]]
"""Given the verdicts so far, which of the undecided are worth more runs."""


def classify(
    bank: Bank,
    limits: Sequence[Limit],
    *,
    probability: float,
    over: Over = "draws",
    confidence: float = 0.95,
    first: int = FIRST,
    among: Sequence[int] | None = None,
    focus: Focus | None = None,
) -> Feasibility:
    """Sort options into those that keep the limits with the stated probability, those that do not, and the undecided.

    Parameters
    ----------
    bank : Bank
        Where runs come from.
    limits : sequence of Limit
        All must be kept together.
    probability : float
        Least share of draws (or years) that must keep them.
    over : str
        draws (expected values, chance removed) or year (single years).
    confidence : float
        Promised probability that all verdicts are right.
    first : int
        Parameter draws of each option at the first look.
    among : sequence of int, optional
        Cells judged; left out: all.
    focus : callable, optional
        Which undecided options get more runs; left out: all of them.

    Raises
    ------
    OptimiseError
        When the question makes no sense or the first look cannot be run.
    """
    cells = list(bank.cells if among is None else among)
    _check(cells, limits, probability, over, confidence)
    start = first * bank.per_draw
    if not bank.ask(cells, start):
        raise OptimiseError(
            f"the first look at {len(cells)} options needs {start} runs each; limit and budget leave {bank.room(cells, start)}"
        )
    _ask_references(bank, limits, bank.asked(cells[0]))
    looks = 1 + max(0, ceil(log2(bank.limit / max(1, bank.asked(cells[0])))))
    alpha = (1.0 - confidence) / (len(cells) * looks)
    verdicts = {cell: _judge(bank, cell, limits, probability, over, alpha) for cell in cells}
    for _ in range(looks - 1):
        open_ = [cell for cell in cells if verdicts[cell].state == "undecided"]
        chosen = open_ if focus is None else [cell for cell in focus(verdicts) if cell in open_]
        if not chosen:
            break
        now = min(bank.asked(cell) for cell in chosen)
        wanted = bank.room([*chosen, *_references(limits)], 2 * now)
        if wanted <= now:
            break
        bank.ask([*chosen, *_references(limits)], wanted)
        for cell in [*chosen, *(c for c in _references(limits) if c in verdicts and verdicts[c].reason == OF_ITSELF)]:
            verdicts[cell] = _judge(bank, cell, limits, probability, over, alpha)
    return Feasibility(verdicts, tuple(limits), probability, over, confidence, looks, bank.spent)


def _check(cells: Sequence[int], limits: Sequence[Limit], probability: float, over: str, confidence: float) -> None:
    if not cells:
        raise OptimiseError("no options to judge")
    if not limits:
        raise OptimiseError("no limits to judge by")
    if not 0.0 < probability < 1.0:
        raise OptimiseError(f"the probability is {probability:g}; it must lie between 0 and 1, both left out")
    if not 0.5 < confidence < 1.0:
        raise OptimiseError(f"the confidence is {confidence:g}; it must lie between 0.5 and 1")
    if over not in ("draws", "year"):
        raise OptimiseError(f"the probability is over {over!r}; it must be over draws or year")
    if over == "year" and any(limit.against is not None for limit in limits):
        raise OptimiseError(
            "a limit on a difference is judged over draws: years of two options with the same chance are no real pair of years"
        )


def _references(limits: Sequence[Limit]) -> list[int]:
    return sorted({limit.against for limit in limits if limit.against is not None})


def _ask_references(bank: Bank, limits: Sequence[Limit], runs: int) -> None:
    if not bank.ask(_references(limits), runs):
        raise OptimiseError("limit and budget leave no runs for the cell that the limits are measured against")


def _judge(bank: Bank, cell: int, limits: Sequence[Limit], probability: float, over: Over, alpha: float) -> Verdict:
    missing = len(bank.failed(cell))
    measure = kept_by_years if over == "year" else kept_by_draws
    found = measure(bank, cell, limits, (alpha, 0.025))
    runs, draws = bank.asked(cell), bank.draws(cell)
    if kept_of_itself(bank, cell, limits):
        each, ranges = (1.0,) * len(limits), ((1.0, 1.0),) * len(limits)
        return Verdict(cell, "feasible", 1.0, 1.0, 1.0, each, None, runs, draws, 0, OF_ITSELF, ranges, (1.0, 1.0))
    if isinstance(found, str):
        return Verdict(cell, "undecided", float("nan"), 0.0, 1.0, (), None, runs, draws, missing, found)
    (joint, shown), parts = found
    each, ranges = tuple(part.share for part in parts), tuple((part.low, part.high) for part in parts)
    state: State = "undecided"
    if joint.low >= probability:
        state = "feasible"
    elif joint.high < probability:
        state = "infeasible"
    binding = int(np.argmin(each)) if min(each) < 1.0 else None
    reason = f"{missing} runs failed and count as outside the limits" if missing else ""
    judged = joint.low, joint.high
    return Verdict(cell, state, joint.share, shown.low, shown.high, each, binding, runs, draws, missing, reason, ranges, judged)
