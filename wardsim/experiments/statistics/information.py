"""What it would be worth to know more before spending, and how much of an answer is prior.

A decision is a choice among options by expected net benefit. With all parameters known the best option of each draw could
be taken: that gain is the expected value of perfect information (EVPI), E max_k B_k(draw) - max_k E B_k, found from the joint
distribution of the options' expected benefits over draws with chance removed (`posterior`), so that chance, which no study
can remove, is not counted as information. With one parameter known the benefit is known up to its regression on it
(Strong, Oakley and Brennan 2014, Med Decis Making 34:311): the gain is the expected value of partial information (EVPPI).

With few draws accident alone lets several parameters each seem to make all of an answer. Below the number from which a parameter
that makes half of it is told apart among all (`share.fewest_draws`), and where chance drowns the parameters, only those that are told
apart have a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from .better import cannot
from .posterior import SEED, fresh_draws
from .regress import TERMS, basis, fit, grouped, normal_scores, p_value
from .share import fewest_draws, range_of_percent
from .split import Array, Ints, Split, between, combine

BOOTSTRAPS = 200
SIGNIFICANT = 0.05
ACCIDENT = "not told apart from accident"
DROWNED = "parameters spread less than chance does with these runs: shares of their spread cannot be told"
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Worth:
    """What it would be worth to know one parameter (or a group) exactly.

    Attributes
    ----------
    name : str
        Of the parameter or group.
    value, error : float
        EVPPI in the unit of the net benefit (NaN where the draws are too few for it), and its standard error (bootstrap over draws; NaN
        where it was not asked for).
    share : float
        Of EVPI, in percent.
    told_apart : bool
        The parameter moves some difference between options more than accident among all parameters would (5%).
    low, high : float
        95% interval by the standard error; without one, from nought to the most that all parameters together may be worth.
    reason : str
        Why there is no value, or a caution.
    """

    name: str
    value: float
    error: float
    share: float
    told_apart: bool
    low: float
    high: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Information:
    """Value of information on one decision.

    Attributes
    ----------
    choice : str
        Option with the greatest expected net benefit.
    benefit : mapping of str to float
        Expected net benefit by option.
    perfect, error, low, high : float or None
        EVPI, its standard error and its 95% interval.
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
    low: float | None = None
    high: float | None = None


def information(
    benefits: Mapping[str, Split], parameters: Array, names: Sequence[str], *,
    groups: Mapping[str, Sequence[str]] | None = None, bootstraps: int = BOOTSTRAPS, seed: int = SEED,
    largest: int | None = None, terms: dict[str, Array] | None = None,
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
    largest : int, optional
        Standard errors of so many of the most valuable only, as far as they are told apart (they are what takes time); left out: of
        all.
    terms : dict, optional
        Filled with the terms of each parameter, for another call with the same parameters.

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
    low, high = np.quantile(rounds, (0.025, 0.975)).tolist()
    low, high = min(max(low, 0.0), perfect), max(high, perfect)  # the mean of a very skew posterior can lie outside
    answers = np.column_stack([gain.means for gain in gains])
    scores = np.apply_along_axis(normal_scores, 0, answers)
    found = []
    places = grouped(names, groups)
    known = {} if terms is None else terms
    for name, at in places.items():
        own = _terms(known, name, parameters[:, at])
        fitted = fit(own, answers)
        accident = p_value(own, scores) * len(places)
        value = min(_gain(fitted.curve), perfect)  # one is never worth more than all; the two estimates may cross
        share = 100.0 * value / perfect if perfect > 0 else 0.0
        apart = accident < SIGNIFICANT
        found.append(Worth(name, value, float("nan"), share, apart, 0.0, high, "" if apart else ACCIDENT))
    found.sort(key=lambda worth: -worth.value)
    resampled = _resampled(len(answers), bootstraps, seed)
    for i, worth in enumerate(found[:largest]):
        if largest is not None and not worth.told_apart:
            continue
        spread = _spread(known[worth.name], answers, resampled, _gain)
        within = max(worth.value - Z * spread, 0.0), max(min(worth.value + Z * spread, high), worth.value)
        found[i] = replace(worth, error=spread, low=within[0], high=within[1])
    few = too_few(len(answers), len(places))
    if few:
        found = [one if one.told_apart else replace(one, value=float("nan"), share=float("nan"), reason=few) for one in found]
    return Information(choice, means, perfect, error, tuple(found), low=low, high=high)


def too_few(draws: int, parameters: int) -> str:
    """Why parameters that are not told apart get no number; empty where there are draws enough."""
    fewest = fewest_draws(TERMS, parameters, SIGNIFICANT)
    if draws >= fewest:
        return ""
    return f"{fewest} parameter draws tell one that makes half of the spread from accident among {parameters}; there are {draws}"


@dataclass(frozen=True, slots=True)
class Explained:
    """Part of an answer that follows from one parameter (or a group).

    Attributes
    ----------
    name : str
        Of the parameter or group.
    share, error : float
        Percent of the variance over draws (chance removed), and its standard error (NaN where it was not asked for).
    slope : float
        Correlation with the parameter, -1 to 1; of the first of a group.
    told_apart : bool
        More than accident among all parameters would give (5%).
    low, high : float
        95% range of the share (`share.range_of_percent`).
    """

    name: str
    share: float
    error: float
    slope: float
    told_apart: bool
    low: float
    high: float


def explained(
    split: Split, parameters: Array, names: Sequence[str], *,
    groups: Mapping[str, Sequence[str]] | None = None, bootstraps: int = BOOTSTRAPS, seed: int = SEED,
    largest: int | None = None, terms: dict[str, Array] | None = None,
) -> tuple[tuple[Explained, ...], str]:  # fmt: skip
    """Share of an answer's variance over draws that each parameter explains, largest first, and why some or all are missing.

    Parameters are as in `information`; `split` is of a measure or of a difference (`Difference.split`). Shares of
    independent parameters add up to at most 100; the rest is interaction and what many small parameters do together. With too
    few draws, or where chance drowns the parameters, those that are told apart from accident are given alone.
    """
    _check(parameters, names, split)
    reason = cannot(split, False)
    if reason:
        return (), reason
    apart = between(split)
    total = apart.variance
    answers = split.means[:, None]
    scores = normal_scores(split.means)[:, None]
    places = grouped(names, groups)
    known = {} if terms is None else terms

    def share(curve: Array) -> float:
        return min(100.0, 100.0 * float(curve[:, 0].var(ddof=1)) / total) if total > 0 else 0.0

    found = []
    for name, at in places.items():
        own = _terms(known, name, parameters[:, at])
        fitted = fit(own, answers)
        accident = p_value(own, scores) * len(places)
        column = parameters[:, at[0]]
        moves = float(np.corrcoef(column, answers[:, 0])[0, 1]) if np.ptp(column) > 0 and np.ptp(answers) > 0 else 0.0
        size = share(fitted.curve)
        low, high = range_of_percent(split, size, _plain(own, answers), own.shape[1])
        found.append(Explained(name, size, float("nan"), moves, accident < SIGNIFICANT, low, high))
    found.sort(key=lambda part: -part.share)
    reason = too_few(split.draws, len(places)) or (DROWNED if apart.unresolved else "")
    if reason:
        found = [part for part in found if part.told_apart]
    resampled = _resampled(split.draws, bootstraps, seed)
    for i, part in enumerate(found[:largest]):
        if largest is not None and not part.told_apart:
            continue
        found[i] = replace(part, error=_spread(known[part.name], answers, resampled, share))
    return tuple(found), reason


def _plain(terms: Array, answers: Array) -> float:
    """Variance of the fitted curve of one quantity with the accidents in it."""
    return float(((terms.T @ (answers - answers.mean(axis=0))) ** 2).sum()) / (len(answers) - 1)


def _terms(known: dict[str, Array], name: str, values: Array) -> Array:
    if name not in known:
        known[name] = basis(values, name)
    return known[name]


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
        values.append(statistic(fit(_orthonormal(terms[rows] - terms[rows].mean(axis=0)), answers[rows]).curve))
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")


def _orthonormal(columns: Array) -> Array:
    """Columns that span the same, each of length 1 and square to the others."""
    try:
        root = np.linalg.cholesky(columns.T @ columns)
    except np.linalg.LinAlgError:
        root = None
    if root is None or root.diagonal().min(initial=1.0) < 1e-6 * root.diagonal().max(initial=1.0):
        left, size, _ = np.linalg.svd(columns, full_matrices=False)
        return np.asarray(left[:, size > 1e-8 * size[0]] if len(size) else left)
    return np.linalg.solve(root, columns.T).T


def _check(parameters: Array, names: Sequence[str], split: Split) -> None:
    if parameters.shape != (split.draws, len(names)):
        raise ValueError(
            f"parameters have shape {parameters.shape}; {split.draws} draws and {len(names)} names need "
            f"({split.draws}, {len(names)})"
        )
