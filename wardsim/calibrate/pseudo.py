"""Studies that never were: figures drawn from the likelihood itself, for checks of the method (truths recovered, intervals that cover)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from .likelihood import NO_SPREAD, Simulated, correlation_within, extra_variance, parts, study_covariance
from .scales import Floats, from_scale, to_scale
from .targets import Target


def pseudo_targets(
    targets: Iterable[Target],
    simulated: Mapping[str, Simulated],
    correlations: Mapping[str, float],
    rng: np.random.Generator,
) -> tuple[Target, ...]:
    """The fitted targets as they would stand had the ward of `simulated` been the truth.

    Targets of one study are drawn together with its correlation. Weights are 1 and bounds become figures: a tempered likelihood
    and "at least" are no ways in which figures come about.

    Parameters
    ----------
    targets : iterable of Target
        Those of weight 0 are left out.
    simulated : mapping of str to Simulated
        By target id; one mean each.
    correlations : mapping of str to float
        By study.
    rng : numpy.random.Generator
    """
    whole = [
        t.model_copy(update={"weight": t.weight.model_copy(update={"value": 1.0}), "censoring": "none"})
        for t in targets
        if t.weight.value > 0.0
    ]
    studies: dict[str, list[Target]] = {}
    for target in whole:
        if target.study:
            studies.setdefault(target.study, []).append(target)
    drawn: dict[str, float] = {}
    for study, group in studies.items():
        if len(group) > 1:
            covariance = study_covariance(group, simulated, correlations[study])
            error = np.linalg.cholesky(covariance) @ rng.standard_normal(len(group))
            for target, away in zip(group, error, strict=True):
                here = to_scale(target.scale, simulated[target.id].mean, target.per)
                drawn[target.id] = float(from_scale(target.scale, here + away, target.per))
    for target in whole:
        if target.id not in drawn:
            drawn[target.id] = float(draw_published(target, simulated[target.id], rng))
    return tuple(target.with_published(drawn[target.id]) for target in whole)


def draw_published(
    target: Target, simulated: Simulated, rng: np.random.Generator, *, discrepancy: bool = True
) -> Floats:
    """One figure that the study could have reported for each simulated mean, in the unit of the measure (for checks of the method)."""
    found = parts(target, simulated, discrepancy=discrepancy)
    mean = np.asarray(simulated.mean, np.float64)
    if target.likelihood == "normal":
        noise = rng.standard_normal(mean.shape) * np.sqrt(found.total)
        return from_scale(target.scale, to_scale(target.scale, mean, target.per) + noise, target.per)
    assert target.exposure is not None
    if target.likelihood == "binomial":
        share = np.clip(mean / target.per, 1e-9, 1.0 - 1e-9)
        rho = np.maximum(correlation_within(target, share, found.mixing), NO_SPREAD)
        both = (1.0 - rho) / rho
        counts = rng.binomial(round(target.exposure), rng.beta(share * both, (1.0 - share) * both))
    else:
        expected = np.maximum(mean * target.exposure / target.per, 1e-9)
        size = 1.0 / np.maximum(extra_variance(target, expected, found.mixing), NO_SPREAD)
        counts = rng.poisson(rng.gamma(size, expected / size))
    return np.asarray(counts, np.float64) / target.exposure * target.per
