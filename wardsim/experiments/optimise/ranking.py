"""Selection of the best of a finite set under common random numbers, with its promise.

The procedure is KN (Kim and Nelson 2001, "A fully sequential procedure for indifference-zone selection in simulation",
ACM TOMACS 11, 251-273; constant c = 1). It runs all options side by side with the same chance, and after each
observation drops those that are behind another by more than chance allows. The variance that counts is that of paired
differences, which common random numbers make small; independent runs need many times more.

An observation is one parameter draw, averaged over its replications, because runs of one draw are not independent.

sim-tools 1.3.0 has KN too. It is not used: it takes one run at a time from a model object, its import pulls plotly and
scikit-learn (1.7 s), and with more than two options it looks up the variance of another pair for half of the
comparisons (`design_l - 1` where it should be `design_l` when `design_l < design_i`). It is an oracle of the tests where
that cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..intervals import Summary
from ..study.runs import Array
from .bank import Bank, OptimiseError
from .level import level

FIRST = 20
"""Observations of each option before any may be dropped. Fewer make the procedure pay for not knowing the variance."""
FEWEST = 5
"""Complete observations without which nothing is selected."""


@dataclass(frozen=True)
class Stage:
    """Options still in when so many observations had been seen.

    Attributes
    ----------
    seen : int
        Observations of each.
    survivors : tuple of int
        Cells not yet dropped.
    """

    seen: int
    survivors: tuple[int, ...]


@dataclass(frozen=True)
class Selection:
    """The selected option and what is promised about it.

    Attributes
    ----------
    measure, better : str
        What was compared, and which way is better (`lower` or `higher`).
    cells : tuple of int
        Options compared.
    chosen : int
        The selected cell.
    equal : tuple of int
        Cells whose observations were all the same as the chosen one's.
    stages : tuple of Stage
        First stage, then each at which an option was dropped.
    means : mapping of int to float
        Mean of each option over the observations seen while it was in.
    runs : mapping of int to int
        Runs of each option that this needed, those made before included.
    delta : float
        Indifference zone, unit of the measure.
    confidence : float
        Promised probability.
    kept : bool
        Whether the promise holds; not if runs gave out first.
    left_out : tuple of int
        Cells that had no value and took no part.
    skipped : int
        Parameter draws that were skipped because a run of an option still in had failed or has no value.
    reason : str
        Why the promise does not hold, or a caution.
    levels : mapping of int to Summary
        The measure of each option over those of its runs that this needed, with its ranges.
    """

    measure: str
    better: str
    cells: tuple[int, ...]
    chosen: int
    equal: tuple[int, ...]
    stages: tuple[Stage, ...]
    means: dict[int, float]
    runs: dict[int, int]
    delta: float
    confidence: float
    kept: bool
    left_out: tuple[int, ...] = ()
    skipped: int = 0
    reason: str = ""
    levels: dict[int, Summary] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Runs of all options together."""
        return sum(self.runs.values())


@dataclass
class _Race:
    """State of the procedure: who is in, and what has been recorded."""

    inside: list[int]
    stages: list[Stage] = field(default_factory=list)
    means: dict[int, float] = field(default_factory=dict)
    runs: dict[int, int] = field(default_factory=dict)


def select(
    bank: Bank,
    measure: str,
    *,
    delta: float,
    better: str = "lower",
    confidence: float = 0.95,
    first: int = FIRST,
    ahead: int = 4,
    among: Sequence[int] | None = None,
    pairs: int | None = None,
) -> Selection:
    """Select the option with the best mean (over parameter draws and chance) of a measure.

    Parameters
    ----------
    bank : Bank
        Where runs come from.
    measure : str
        What is compared.
    delta : float
        Indifference zone in the unit of the measure: a smaller difference is not worth finding.
    better : str
        lower or higher.
    confidence : float
        Promised probability of selecting the best when it is better than every other by `delta` or more.
    first : int
        Observations of each option before any may be dropped.
    ahead : int
        Observations asked for at a time after that; more keep more machines busy and may waste a few runs.
    among : sequence of int, optional
        Cells compared; left out: all.
    pairs : int, optional
        Comparisons over which the error is spread; left out: one less than the options. Give the number of all pairs
        of the grid when `among` itself was picked from the same runs.

    Raises
    ------
    OptimiseError
        When `delta` or `confidence` make no sense, nothing is compared, or the first stage cannot be run or has no values.
    """
    cells = list(bank.cells if among is None else among)
    _check(cells, delta, better, confidence, first)
    unit = bank.per_draw
    if not bank.ask(cells, first * unit):
        raise OptimiseError(
            f"the first {first} observations of {len(cells)} options need {first * unit * len(cells)} runs; "
            f"limit and budget leave {bank.room(cells, first * unit)} each"
        )
    observed = _observed(bank, cells, measure, first)
    left_out = tuple(c for c, column in zip(cells, observed.T, strict=True) if not np.isfinite(column).any())
    race = _Race([c for c in cells if c not in left_out])
    if not race.inside:
        raise OptimiseError(f"no option has a value of {measure} in its first {first * unit} runs")
    sign = -1.0 if better == "lower" else 1.0
    beta = (1.0 - confidence) / max(1, len(cells) - 1 if pairs is None else pairs)

    start = _complete(observed[:, [cells.index(c) for c in race.inside]])
    if len(start) < FEWEST and len(race.inside) > 1:
        raise OptimiseError(
            f"only {len(start)} of the first {first} parameter draws have a value of {measure} in every option; "
            f"at least {FEWEST} are needed"
        )
    variance = _variances(race.inside, start)
    freedom = max(len(start) - 1, 1)
    reach = ((2.0 * min(beta, 0.499)) ** (-2.0 / freedom) - 1.0) * freedom
    race.stages.append(Stage(len(start), tuple(race.inside)))
    _note(race, start, first * unit)

    seen, asked, reason = first, first, ""
    skipped = first - len(start)
    while len(race.inside) > 1:
        rows = _complete(observed[:seen, [cells.index(c) for c in race.inside]])
        _note(race, rows, seen * unit)
        skipped = seen - len(rows)
        lost, settled = _behind(race.inside, sign * rows.mean(axis=0), len(rows), variance, reach, delta)
        if lost:
            race.inside = [c for c in race.inside if c not in lost]
            race.stages.append(Stage(len(rows), tuple(race.inside)))
        if len(race.inside) == 1 or settled:
            break
        if seen == asked:
            wanted = min(asked + ahead, bank.limit // unit)
            if wanted == asked or not bank.ask(race.inside, wanted * unit):
                reason = f"runs gave out with {len(race.inside)} options left"
                break
            asked = min(bank.draws(c) for c in race.inside)
            observed = _observed(bank, cells, measure, asked)
        seen += 1
    best = max(race.inside, key=lambda c: (sign * race.means[c], -c))
    equal = tuple(
        c for c in race.inside if c != best and variance[best, c] == 0.0 and race.means[c] == race.means[best]
    )
    runs = {c: race.runs.get(c, first * unit) for c in cells}
    levels = {c: level(bank, c, measure, np.arange(runs[c], dtype=np.int64)) for c in cells}
    return Selection(
        measure, better, tuple(cells), best, equal, tuple(race.stages), race.means, runs, delta, confidence, not reason, left_out,
        skipped, reason, levels,
    )  # fmt: skip


def _check(cells: Sequence[int], delta: float, better: str, confidence: float, first: int) -> None:
    if not cells:
        raise OptimiseError("no options to select from")
    if not delta > 0.0:
        raise OptimiseError(
            f"the indifference zone is {delta:g}; it must be greater than 0, in the unit of the measure"
        )
    if better not in ("lower", "higher"):
        raise OptimiseError(f"better is {better!r}; it must be lower or higher")
    if not 0.5 < confidence < 1.0:
        raise OptimiseError(f"the confidence is {confidence:g}; it must lie between 0.5 and 1")
    if first < FEWEST:
        raise OptimiseError(f"the first stage is {first} observations; at least {FEWEST} are needed")


def _observed(bank: Bank, cells: Sequence[int], measure: str, draws: int) -> Array:
    """Mean of each of the first draws in each cell, shape (draws, cells); NaN where a replication has no value."""
    runs = bank.matrix(cells, measure, draws * bank.per_draw)
    out: Array = runs.reshape(draws, bank.per_draw, len(cells)).mean(axis=1)
    return out


def _complete(observed: Array) -> Array:
    return observed[np.isfinite(observed).all(axis=1)]


def _variances(cells: Sequence[int], rows: Array) -> dict[tuple[int, int], float]:
    """Variance of the paired difference of each pair over the first stage."""
    out = {}
    for a, i in enumerate(cells):
        for b, j in enumerate(cells):
            difference = rows[:, a] - rows[:, b]
            scale = float(np.abs(rows[:, (a, b)]).max(initial=0.0))
            found = float(difference.var(ddof=1)) if len(rows) > 1 else 0.0
            out[i, j] = 0.0 if found <= (1e-12 * scale) ** 2 else found
    return out


def _behind(
    inside: Sequence[int], mean: Array, seen: int, variance: dict[tuple[int, int], float], reach: float, delta: float
) -> tuple[set[int], bool]:
    """Options that are behind another by more than chance allows; and whether nothing is allowed to chance any more."""
    spread = np.array([[variance[i, j] for j in inside] for i in inside])
    allowed = np.maximum(0.0, delta / (2.0 * seen) * (reach * spread / delta**2 - seen))
    rounding = 1e-12 * float(np.abs(mean).max())
    lost = (mean[None, :] - mean[:, None] > allowed + rounding).any(axis=1)
    return {inside[place] for place in np.flatnonzero(lost).tolist()}, not allowed.any()


def _note(race: _Race, rows: Array, runs: int) -> None:
    """Record the means over what was seen, and how many runs that took."""
    if len(rows):
        race.means.update(zip(race.inside, rows.mean(axis=0).tolist(), strict=True))
    race.runs.update(dict.fromkeys(race.inside, runs))
