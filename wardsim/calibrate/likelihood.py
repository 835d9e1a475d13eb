"""How likely a published figure is, given what the ward does.

A study strays from the simulated ward for five reasons, each a variance on the target's scale (logarithm, log odds, or the unit):

    sampling      the study's own luck: its count, its published interval, or that of as many simulated ward-years
    between       its wards are not the simulated one: variance between wards over the number of wards
    discrepancy   model and study may differ though both are right: fixed before any fitting
    emulator      the simulated mean is itself not known exactly

A rate is a Poisson count mixed over the last three (and over repeats within the study): a negative binomial with the matching
variance. A share is a binomial mixed likewise: a beta-binomial. Both have the simulated mean as their mean. With no spread they
are the Poisson and the binomial; with much exposure they tend to a normal law. Everything is vectorised over simulated means;
scipy is imported when a likelihood is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .scales import Floats, from_scale, to_scale
from .targets import Target

NO_SPREAD = 1e-9
"""Mixing variance below which a count is taken as purely Poisson or binomial."""
LEAST = 1e-300
"""Smallest probability whose logarithm is taken."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What is known of one operator at one or many points of the parameters.

    Attributes
    ----------
    mean : array or float
        Expected value in the unit of the measure.
    emulator_variance : array or float
        Variance of that mean (emulator, or simulation error), on the target's scale.
    simulation_variance : array or float
        Variance, on the target's scale, of what as many simulated ward-years as the study saw would show; used only for targets
        that have neither a count nor a published error.
    """

    mean: Any
    emulator_variance: Any = 0.0
    simulation_variance: Any = 0.0


@dataclass(frozen=True, slots=True)
class Parts:
    """Variances on the target's scale, by reason."""

    sampling: Floats
    between: Floats
    discrepancy: Floats
    emulator: Floats

    @property
    def mixing(self) -> Floats:
        """All but the study's own luck."""
        return self.between + self.discrepancy + self.emulator

    @property
    def total(self) -> Floats:
        """All of them."""
        return self.sampling + self.mixing


def parts(target: Target, simulated: Simulated, *, discrepancy: bool = True) -> Parts:
    """Variances of one target at simulated means.

    Parameters
    ----------
    target : Target
    simulated : Simulated
    discrepancy : bool
        Whether to allow for the declared discrepancy.
    """
    mean = np.asarray(simulated.mean, np.float64)
    if target.likelihood == "binomial":
        assert target.exposure is not None
        share = np.clip(mean / target.per, 1e-9, 1.0 - 1e-9)
        sampling = target.overdispersion / (target.exposure * share * (1.0 - share))
    elif target.exposure is not None:
        sampling = target.overdispersion / np.maximum(mean * target.exposure / target.per, 1e-9)
    elif target.ward_years is not None:
        sampling = np.broadcast_to(np.asarray(simulated.simulation_variance, np.float64), mean.shape)
    else:
        sampling = np.full(mean.shape, target.error**2)
    return Parts(
        np.asarray(sampling, np.float64),
        np.full(mean.shape, target.between.sd**2 / target.between.wards),
        np.full(mean.shape, target.discrepancy.sd**2 if discrepancy else 0.0),
        np.broadcast_to(np.asarray(simulated.emulator_variance, np.float64), mean.shape),
    )


# -- one target -------------------------------------------------------------------------------------------------------------


def log_likelihood(target: Target, simulated: Simulated, *, discrepancy: bool = True) -> Floats:
    """Logarithm of the likelihood of one target, weight not applied; of the shape of the simulated mean."""
    found = parts(target, simulated, discrepancy=discrepancy)
    mean = np.asarray(simulated.mean, np.float64)
    if target.likelihood == "normal":
        here, there = (to_scale(target.scale, x, target.per) for x in (mean, target.published))
        return _normal(here, float(there), np.sqrt(found.total), target.censoring)
    assert target.count is not None
    assert target.exposure is not None
    if target.likelihood == "binomial":
        share = np.clip(mean / target.per, 1e-9, 1.0 - 1e-9)
        return _beta_binomial(target.count, target.exposure, share, correlation_within(target, share, found.mixing))
    expected = np.maximum(mean * target.exposure / target.per, 1e-9)
    return _negative_binomial(target.count, expected, extra_variance(target, expected, found.mixing), target.censoring)


def extra_variance(target: Target, expected: Floats, mixing: Floats) -> Floats:
    """Variance of the count beyond Poisson, relative to its mean squared: 1 over the size of a negative binomial."""
    extra: Floats = (target.overdispersion - 1.0) / expected + np.expm1(mixing)
    return extra


def correlation_within(target: Target, share: Floats, mixing: Floats) -> Floats:
    """Correlation between two members of the study that makes a beta-binomial as wide as the variances say."""
    spread = share * (1.0 - share) * mixing
    within = (target.overdispersion - 1.0) / max((target.exposure or 2.0) - 1.0, 1.0)
    rho: Floats = np.minimum(spread / (1.0 + spread) + within, 0.99)
    return rho


def _negative_binomial(count: float, mean: Floats, extra: Floats, censoring: str) -> Floats:
    """Log probability of a count (of at least or at most it, when censored)."""
    from scipy.special import betainc, betaln, gammainc, gammaincc, gammaln

    plain = extra < NO_SPREAD
    size = 1.0 / np.where(plain, 1.0, extra)
    if censoring == "none":
        poisson = count * np.log(mean) - mean - gammaln(count + 1.0)
        mixed = (
            -betaln(size, count + 1.0)
            - np.log(size + count)
            - size * np.log1p(mean / size)
            + count * np.log(mean / (size + mean))
        )
        exact: Floats = np.where(plain, poisson, mixed)
        return exact
    if censoring == "lower":
        if count <= 0.0:
            return np.zeros(np.shape(mean))
        chance = np.where(plain, gammainc(count, mean), betainc(count, size, mean / (size + mean)))
    else:
        chance = np.where(plain, gammaincc(count + 1.0, mean), betainc(size, count + 1.0, size / (size + mean)))
    bounded: Floats = np.log(np.maximum(chance, LEAST))
    return bounded


def _beta_binomial(count: float, n: float, share: Floats, rho: Floats) -> Floats:
    """Log probability of `count` of n."""
    from scipy.special import betaln, gammaln

    ways = gammaln(n + 1.0) - gammaln(count + 1.0) - gammaln(n - count + 1.0)
    plain = rho < NO_SPREAD
    both = (1.0 - np.where(plain, 0.5, rho)) / np.where(plain, 0.5, rho)
    a, b = share * both, (1.0 - share) * both
    mixed = betaln(count + a, n - count + b) - betaln(a, b)
    binomial = count * np.log(share) + (n - count) * np.log1p(-share)
    found: Floats = ways + np.where(plain, binomial, mixed)
    return found


def _normal(here: Floats, there: float, sd: Floats, censoring: str) -> Floats:
    """Log density of the published figure `there` about the simulated one, or of its bound."""
    from scipy.special import log_ndtr

    z = (there - here) / sd
    if censoring == "none":
        density: Floats = -0.5 * z * z - np.log(sd) - 0.5 * np.log(2.0 * np.pi)
        return density
    tail: Floats = log_ndtr(-z if censoring == "lower" else z)
    return tail


# -- several targets ----------------------------------------------------------------------------------------------------------


def joint_log_likelihood(
    targets: Iterable[Target],
    simulated: Mapping[str, Simulated],
    correlations: Mapping[str, float],
    *,
    discrepancy: bool = True,
) -> Floats:
    """Log likelihood of all targets together, weighted.

    Targets of one study are taken as jointly normal on their scales, with the study's correlation between their errors (sampling, wards,
    discrepancy; the emulators' errors are independent); a weight below 1 divides the variance. A censored target of such a study
    enters by the chance of its bound given the study's other figures. Targets of no study enter by their own law, weight times.

    Parameters
    ----------
    targets : iterable of Target
        Those of weight 0 are left out.
    simulated : mapping of str to Simulated
        By target id; all means of one shape.
    correlations : mapping of str to float
        By study.
    discrepancy : bool
        Whether to allow for discrepancy.
    """
    alone: list[Target] = []
    studies: dict[str, list[Target]] = {}
    for target in targets:
        if target.weight.value > 0.0:
            (studies.setdefault(target.study, []) if target.study else alone).append(target)
    alone += [group[0] for group in studies.values() if len(group) == 1]
    total: Floats = np.zeros(())
    for target in alone:
        total = total + target.weight.value * log_likelihood(target, simulated[target.id], discrepancy=discrepancy)
    for study, group in studies.items():
        if len(group) > 1:
            total = total + _study(group, simulated, correlations[study], discrepancy=discrepancy)
    return total


def _study(group: list[Target], simulated: Mapping[str, Simulated], correlation: float, *, discrepancy: bool) -> Floats:
    order = sorted(group, key=lambda target: target.censoring != "none")
    means = [np.asarray(simulated[t.id].mean, np.float64) for t in order]
    away = np.stack(
        [
            to_scale(t.scale, t.published, t.per) - to_scale(t.scale, m, t.per)
            for t, m in zip(order, means, strict=True)
        ],
        -1,
    )
    covariance = study_covariance(order, simulated, correlation, discrepancy=discrepancy)
    k = sum(target.censoring == "none" for target in order)
    free, seen = away[..., :k], covariance[..., :k, :k]
    total: Floats = np.zeros(away.shape[:-1])
    if k:
        solved = np.linalg.solve(seen, free[..., None])[..., 0]
        total = -0.5 * (np.sum(free * solved, -1) + np.linalg.slogdet(seen)[1] + k * np.log(2.0 * np.pi))
    for j in range(k, len(order)):
        shift, left = np.zeros(away.shape[:-1]), covariance[..., j, j]
        if k:
            across = covariance[..., j, :k]
            shift = np.sum(across * solved, -1)
            left = left - np.sum(across * np.linalg.solve(seen, across[..., None])[..., 0], -1)
        # the chance that the study's true figure is beyond the published bound, given its other figures
        total = total + _normal(shift - away[..., j], 0.0, np.sqrt(left), order[j].censoring)
    return total


def study_covariance(
    group: Sequence[Target], simulated: Mapping[str, Simulated], correlation: float, *, discrepancy: bool = True
) -> Floats:
    """Covariance of the errors of the targets of one study on their scales, weights applied; the last two axes are the targets.

    The errors of the study are correlated, those of the emulators are not.
    """
    found = [parts(t, simulated[t.id], discrepancy=discrepancy) for t in group]
    weights = np.array([t.weight.value for t in group])
    own = np.sqrt(np.stack([p.total - p.emulator for p in found], -1) / weights)
    unit = np.eye(len(group))
    shared = own[..., :, None] * own[..., None, :] * (correlation + (1.0 - correlation) * unit)
    covariance: Floats = shared + np.stack([p.emulator for p in found], -1)[..., None] * unit / weights
    return covariance


# -- what the study would have reported ---------------------------------------------------------------------------------------


def predictive_interval(
    target: Target, simulated: Simulated, *, level: float = 0.95, discrepancy: bool = True
) -> tuple[Floats, Floats]:
    """Where the study's figure would have come to lie if the simulated ward were the truth, in the unit of the measure.

    Parameters
    ----------
    target : Target
    simulated : Simulated
    level : float
        Probability inside, shared equally between the tails.
    discrepancy : bool
        With or without the declared discrepancy.
    """
    low, high = (1.0 - level) / 2.0, (1.0 + level) / 2.0
    return quantile(target, simulated, low, discrepancy=discrepancy), quantile(
        target, simulated, high, discrepancy=discrepancy
    )


def quantile(target: Target, simulated: Simulated, p: float, *, discrepancy: bool = True) -> Floats:
    """Value below which a share p of the figures lies that the study could have reported."""
    found = parts(target, simulated, discrepancy=discrepancy)
    mean = np.asarray(simulated.mean, np.float64)
    if target.likelihood == "normal":
        from scipy.special import ndtri

        return from_scale(
            target.scale, to_scale(target.scale, mean, target.per) + ndtri(p) * np.sqrt(found.total), target.per
        )
    from scipy import stats

    assert target.exposure is not None
    if target.likelihood == "binomial":
        share = np.clip(mean / target.per, 1e-9, 1.0 - 1e-9)
        rho = np.maximum(correlation_within(target, share, found.mixing), NO_SPREAD)
        both = (1.0 - rho) / rho
        counts = stats.betabinom.ppf(p, round(target.exposure), share * both, (1.0 - share) * both)
    else:
        expected = np.maximum(mean * target.exposure / target.per, 1e-9)
        extra = extra_variance(target, expected, found.mixing)
        size = 1.0 / np.maximum(extra, NO_SPREAD)
        counts = np.where(
            extra < NO_SPREAD, stats.poisson.ppf(p, expected), stats.nbinom.ppf(p, size, size / (size + expected))
        )
    return np.asarray(counts, np.float64) / target.exposure * target.per


def implausibility(target: Target, simulated: Simulated, *, discrepancy: bool = True) -> Floats:
    """Distance of published and simulated figure on the scale, in standard deviations of all that may lie between them.

    Of a censored figure only the wrong side counts.
    """
    total = np.sqrt(parts(target, simulated, discrepancy=discrepancy).total)
    published = target.published
    if target.exposure is not None:  # nobody of n, or all of them: half a count from the bound
        half = 0.5 / target.exposure * target.per
        top = target.per - half if target.likelihood == "binomial" else float("inf")
        published = min(max(published, half), top)
    z = (to_scale(target.scale, simulated.mean, target.per) - to_scale(target.scale, published, target.per)) / total
    away: Floats = {"none": np.abs(z), "lower": np.maximum(-z, 0.0), "upper": np.maximum(z, 0.0)}[target.censoring]
    return away
