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
from math import ceil, isfinite, log2
from typing import Literal

import numpy as np

from ..study.runs import Array
from .bank import Bank, OptimiseError
from .draws import Spread, half_width, spread
from .share import Bound, Flags, Share, share_of_draws, share_of_years
from .years import years_of

Over = Literal["draws", "year"]
State = Literal["feasible", "infeasible", "undecided"]

FIRST = 40
"""Parameter draws of each option at the first look."""
NO_CHANCE = (
    "one replication a draw: chance cannot be told from the parameters; ask for two replications, or judge single years"
)
NO_VALUE = "no run has a value of every limited measure"


@dataclass(frozen=True)
class Limit:
    """A measure that must stay within bounds.

    Attributes
    ----------
    measure : str
        Name.
    at_most, at_least : float, optional
        Bounds, unit of the measure; one of them or both.
    against : int, optional
        Cell from which the difference is limited (0 at most: no more than there) in place of the value itself; over
        draws only.
    """

    measure: str
    at_most: float | None = None
    at_least: float | None = None
    against: int | None = None

    def __post_init__(self) -> None:
        given = [x for x in (self.at_most, self.at_least) if x is not None]
        if not given or not all(isfinite(x) for x in given):
            raise OptimiseError(f"the limit on {self.measure} needs at_most or at_least, a finite number")
        if self.at_most is not None and self.at_least is not None and self.at_most < self.at_least:
            raise OptimiseError(
                f"the limit on {self.measure} is from {self.at_least:g} to {self.at_most:g}: nothing is within"
            )


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
        Runs that were asked for, and their parameter draws.
    missing : int
        Runs that failed; they count as outside the limits.
    reason : str
        Why it is undecided, or a caution.
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
        for cell in chosen:
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
    measure = _over_years if over == "year" else _over_draws
    found = measure(bank, cell, limits, alpha)
    shown = measure(bank, cell, limits, 0.025)
    runs, draws = bank.asked(cell), bank.draws(cell)
    if isinstance(found, str) or isinstance(shown, str):
        reason = found if isinstance(found, str) else NO_VALUE
        return Verdict(cell, "undecided", float("nan"), 0.0, 1.0, (), None, runs, draws, missing, reason)
    joint, each = found
    state: State = "undecided"
    if joint.low >= probability:
        state = "feasible"
    elif joint.high < probability:
        state = "infeasible"
    binding = int(np.argmin(each)) if min(each) < 1.0 else None
    reason = f"{missing} runs failed and count as outside the limits" if missing else ""
    return Verdict(cell, state, joint.share, shown[0].low, shown[0].high, each, binding, runs, draws, missing, reason)


def _over_draws(bank: Bank, cell: int, limits: Sequence[Limit], alpha: float) -> tuple[Share, tuple[float, ...]] | str:
    """Share of draws that keep all limits, and each; or why there is none."""
    columns = [_values(bank, cell, limit) for limit in limits]
    runs = min(len(column) for column in columns)
    values = np.column_stack([column[:runs] for column in columns])
    failed = np.isin(np.arange(runs), bank.failed(cell))
    whole = np.isfinite(values).all(axis=1)
    if not whole.any():
        return NO_VALUE
    if bank.point:
        return _at_the_point(values[whole], limits, alpha)
    draw = np.arange(runs) // bank.per_draw
    usable = whole & ~np.isin(draw, draw[failed])
    if not usable.any():
        return "every parameter draw has a failed run"
    spreads = [spread(draw[usable], values[usable, place]) for place in range(len(limits))]
    if any(s.freedom < 2 for s in spreads):
        return NO_CHANCE
    draws = len(spreads[0].means) + len(np.unique(draw[failed]))
    bounds = [_bounds(s, limit) for s, limit in zip(spreads, limits, strict=True)]
    joint = share_of_draws([b for some in bounds for b in some], draws, alpha)
    return joint, tuple(share_of_draws(some, draws, alpha).share for some in bounds)


def _bounds(s: Spread, limit: Limit) -> list[Bound]:
    most = [] if limit.at_most is None else [Bound(s, limit.at_most, True)]
    return most if limit.at_least is None else [*most, Bound(s, limit.at_least, False)]


def _values(bank: Bank, cell: int, limit: Limit) -> Array:
    runs = bank.asked(cell)
    own = bank.matrix([cell], limit.measure, runs)[:, 0]
    if limit.against is None:
        return own
    both = min(runs, bank.asked(limit.against))
    return own[:both] - bank.matrix([limit.against], limit.measure, both)[:, 0]


def _at_the_point(values: Array, limits: Sequence[Limit], alpha: float) -> tuple[Share, tuple[float, ...]] | str:
    """With point parameters the expected value is within the limits or it is not."""
    if len(values) < 2:
        return "one run only"
    each, low, high = [], 1.0, 1.0
    for column, limit in zip(values.T, limits, strict=True):
        mean, half = float(column.mean()), half_width(column, 2.0 * alpha / len(limits))
        each.append(float(_keeps(np.array([mean]), limit)[0]))
        ends = _keeps(np.array([mean - half, mean + half]), limit)
        low = min(low, float(ends.all()))
        outside = (limit.at_most is not None and mean - half > limit.at_most) or (
            limit.at_least is not None and mean + half < limit.at_least
        )
        high = min(high, 0.0 if outside else 1.0)
    return Share(min(each), low, high), tuple(each)


def _keeps(values: Array, limit: Limit) -> Flags:
    kept = np.ones(values.shape, dtype=bool)
    if limit.at_most is not None:
        kept &= values <= limit.at_most
    if limit.at_least is not None:
        kept &= values >= limit.at_least
    return kept


def _over_years(bank: Bank, cell: int, limits: Sequence[Limit], alpha: float) -> tuple[Share, tuple[float, ...]] | str:
    """Share of years that keep all limits, and each; or why there is none."""
    table = []
    for limit in limits:
        found = years_of(bank, cell, limit.measure)
        if isinstance(found, str):
            return found
        table.append(found)
    values = np.stack(table)  # limits, runs, years
    runs, years = values.shape[1:]
    failed = np.isin(np.arange(runs), bank.failed(cell))
    usable = np.isfinite(values).all(axis=0) | failed[:, None]
    if not usable.any():
        return NO_VALUE
    kept = [_keeps(v, limit) & ~failed[:, None] for v, limit in zip(values, limits, strict=True)]
    group = np.arange(runs) if bank.point else np.arange(runs) // bank.per_draw
    cluster = np.repeat(group[:, None], years, axis=1)[usable]
    joint = share_of_years(np.logical_and.reduce(kept)[usable], cluster, alpha)
    return joint, tuple(float(k[usable].mean()) for k in kept)
