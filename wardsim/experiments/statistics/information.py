"""What it would be worth to know more before spending, and how much of an answer is prior.

A decision is a choice among options by expected net benefit. With all parameters known the best option of each draw could
be taken: that gain is the expected value of perfect information (EVPI), E max_k B_k(draw) - max_k E B_k, found from the joint
distribution of the options' expected benefits over draws with chance removed (`posterior`), so that chance, which no study
can remove, is not counted as information. With one parameter known the benefit is known up to its regression on it
(Strong, Oakley and Brennan 2014, Med Decis Making 34:311): the gain is the expected value of partial information (EVPPI).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .better import cannot
from .posterior import SEED, fresh_draws
from .regress import basis, fit, grouped, p_value
from .split import Array, Ints, Split, between, combine

BOOTSTRAPS = 200
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Worth:
    """What it would be worth to know one parameter (or a group) exactly.

    Attributes
    ----------
    name : str
        Of the parameter or group.
    value, error : float
        EVPPI in the unit of the net benefit, and its standard error (bootstrap over draws).
    share : float
        Of EVPI, in percent.
    told_apart : bool
        The parameter moves some difference between options more than accident among all parameters would (5%).
    """

    name: str
    value: float
    error: float
    share: float
    told_apart: bool


@dataclass(frozen=True, slots=True)
class Information:
    """Value of information on one decision.

    Attributes
    ----------
    choice : str
        Option with the greatest expected net benefit.
    benefit : mapping of str to float
        Expected net benefit by option.
    perfect, error : float or None
        EVPI and its standard error.
    partial : tuple of Worth
        By parameter and group, most valuable first.
    reason : str
        Why there is none.
    """

    choice: str
    benefit: Mapping[str, float]
    perfect: float | None
    error: float | None
    partial: tuple[Worth, ...]
    reason: str = ""


def information(
    benefits: Mapping[str, Split], parameters: Array, names: Sequence[str], *,
    groups: Mapping[str, Sequence[str]] | None = None, bootstraps: int = BOOTSTRAPS, seed: int = SEED,
) -> Information:  # fmt: skip
    """Value of information on a choice among options.

    Parameters
    ----------
    benefits : mapping of str to Split
        Net benefit of each option (see `benefit.net_benefit`), more is better; the same runs in all.
    parameters : array, shape (draws, parameters)
        Value of each parameter in each draw, rows as `Split.ids` (`Ledger.draw(seed, draw)`).
    names : sequence of str
        Names of the columns.
    groups : mapping, optional
        Parameters that one study would tell together.
    bootstraps : int
        Rounds for the standard errors.
    seed : int
        Root of their random numbers.

    Raises
    ------
    ValueError
        When the matrix does not fit the draws or the names.
    """
    splits = list(benefits.values())
    _check(parameters, names, splits[0])
    means = {name: split.mean for name, split in benefits.items()}
    choice = max(means, key=lambda name: means[name])
    reason = cannot(splits[0], False)
    if reason or len(splits) < 2:
        return Information(choice, means, None, None, (), reason or "one option only")
    gains = [combine([(1.0, split), (-1.0, benefits[choice])]) for name, split in benefits.items() if name != choice]
    # the choice itself gains 0: knowing all, the best of each draw; knowing nothing, the best of each round's mean
    fresh = fresh_draws(gains, fresh=200, seed=seed)
    rounds = np.maximum(fresh, 0.0).max(axis=2).mean(axis=1) - np.maximum(fresh.mean(axis=1), 0.0).max(axis=1)
    perfect, error = max(float(rounds.mean()), 0.0), float(rounds.std(ddof=1))
    answers = np.column_stack([gain.means for gain in gains])
    found = []
    places = grouped(names, groups)
    resampled = _resampled(len(answers), bootstraps, seed)
    for name, at in places.items():
        terms = basis(parameters[:, at], name)
        fitted = fit(terms, answers)
        accident = p_value(fitted.strength, terms.shape[1], len(answers)) * len(places)
        value = _gain(fitted.curve)
        spread = _spread(terms, answers, resampled, _gain)
        found.append(
            Worth(name, value, spread, 100.0 * value / perfect if perfect > 0 else 0.0, accident < SIGNIFICANT)
        )
    found.sort(key=lambda worth: -worth.value)
    return Information(choice, means, perfect, error, tuple(found))


@dataclass(frozen=True, slots=True)
class Explained:
    """Part of an answer that follows from one parameter (or a group).

    Attributes
    ----------
    name : str
        Of the parameter or group.
    share, error : float
        Percent of the variance over draws (chance removed), and its standard error.
    slope : float
        Correlation with the parameter, -1 to 1; of the first of a group.
    told_apart : bool
        More than accident among all parameters would give (5%).
    """

    name: str
    share: float
    error: float
    slope: float
    told_apart: bool


def explained(
    split: Split, parameters: Array, names: Sequence[str], *,
    groups: Mapping[str, Sequence[str]] | None = None, bootstraps: int = BOOTSTRAPS, seed: int = SEED,
) -> tuple[tuple[Explained, ...], str]:  # fmt: skip
    """Share of an answer's variance over draws that each parameter explains, largest first, and why there is none.

    Parameters are as in `information`; `split` is of a measure or of a difference (`Difference.split`). Shares of
    independent parameters add up to at most 100; the rest is interaction and what many small parameters do together.
    """
    _check(parameters, names, split)
    reason = cannot(split, False)
    if reason:
        return (), reason
    total = between(split).variance
    answers = split.means[:, None]
    places = grouped(names, groups)
    resampled = _resampled(split.draws, bootstraps, seed)

    def share(curve: Array) -> float:
        return min(100.0, 100.0 * float(curve[:, 0].var(ddof=1)) / total) if total > 0 else 0.0

    found = []
    for name, at in places.items():
        terms = basis(parameters[:, at], name)
        fitted = fit(terms, answers)
        accident = p_value(fitted.strength, terms.shape[1], split.draws) * len(places)
        column = parameters[:, at[0]]
        moves = float(np.corrcoef(column, answers[:, 0])[0, 1]) if np.ptp(column) > 0 and np.ptp(answers) > 0 else 0.0
        found.append(
            Explained(
                name, share(fitted.curve), _spread(terms, answers, resampled, share), moves, accident < SIGNIFICANT
            )
        )
    found.sort(key=lambda part: -part.share)
    return tuple(found), ""


def _gain(curve: Array) -> float:
    """What the best option of each draw gains over the one best on average; the choice itself has gain 0."""
    return float(np.maximum(curve, 0.0).max(axis=1).mean() - max(0.0, float(curve.mean(axis=0).max())))


def _resampled(draws: int, rounds: int, seed: int) -> Ints:
    found: Ints = np.random.default_rng(seed).integers(0, draws, size=(rounds, draws))
    return found


def _spread(terms: Array, answers: Array, resampled: Ints, statistic: Callable[[Array], float]) -> float:
    """Standard error of a statistic of the fitted curve, by bootstrap over draws."""
    values = []
    for rows in resampled:
        left, size, _ = np.linalg.svd(terms[rows] - terms[rows].mean(axis=0), full_matrices=False)
        keep = size > 1e-8 * size[0] if len(size) else size > 0
        values.append(statistic(fit(left[:, keep], answers[rows]).curve))
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")


def _check(parameters: Array, names: Sequence[str], split: Split) -> None:
    if parameters.shape != (split.draws, len(names)):
        raise ValueError(
            f"parameters have shape {parameters.shape}; {split.draws} draws and {len(names)} names need "
            f"({split.draws}, {len(names)})"
        )
