"""Outcomes of the points of a design, with the chance that is in them.

Chance comes in two parts when every point is run with the same replications (common random numbers): what a replication
does to all points alike, which moves no index, and what it does differently from point to point, which is the noise that
an emulator has to see through. `noise` is the second part only; `within` is the whole spread of single runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .problem import Array, SensitivityError

MANY = 1e6
"""Degrees of freedom that stand for "all rows have the same variance"."""


@dataclass(frozen=True)
class Outcome:
    """One outcome over the rows of a design.

    Attributes
    ----------
    name : str
        Measure, or difference of a measure between two wards.
    mean : array of float, shape (rows,)
        Mean over the replications of each row.
    noise : array of float, shape (rows,), optional
        Variance of that mean by chance that differs between rows; None: not known.
    within : array of float, shape (rows,), optional
        Variance of single runs of a row; None: not known.
    runs : array of float, shape (rows, replications), optional
        The runs themselves.
    shared : bool
        Replication r of all rows has the same random numbers.
    """

    name: str
    mean: Array
    noise: Array | None = None
    within: Array | None = None
    runs: Array | None = None
    shared: bool = False

    @property
    def replications(self) -> int:
        """Runs of a row, 0 when the runs are not known."""
        return 0 if self.runs is None else self.runs.shape[1]

    def whole(self) -> Outcome:
        """The same.

        Raises
        ------
        SensitivityError
            When a row has no value: methods that rely on the order of rows cannot do without it.
        """
        bad = ~np.isfinite(self.mean) if self.runs is None else ~np.isfinite(self.runs).all(axis=1)
        if bad.any():
            first = ", ".join(map(str, np.flatnonzero(bad)[:5].tolist()))
            raise SensitivityError(
                f"{self.name}: {int(bad.sum())} rows have a run without a value (first: {first}); this method needs every run. "
                "A space-filling design with an emulator does without them"
            )
        return self

    def some(self, rows: Array | slice) -> Outcome:
        """The outcome at some rows."""
        return Outcome(
            self.name, self.mean[rows], None if self.noise is None else self.noise[rows],
            None if self.within is None else self.within[rows], None if self.runs is None else self.runs[rows], self.shared,
        )  # fmt: skip

    def noise_share(self) -> float | None:
        """Share of the spread between row means that is chance; None when the noise is not known."""
        if self.noise is None:
            return None
        spread = float(np.nanvar(self.mean, ddof=1))
        return min(1.0, float(np.nanmean(self.noise)) / spread) if spread > 0 else 1.0


def of_runs(name: str, runs: Array, *, shared: bool) -> Outcome:
    """An outcome from its runs.

    Parameters
    ----------
    name : str
        Measure.
    runs : array of float, shape (rows, replications)
        NaN where a run has no value.
    shared : bool
        Common random numbers: what a replication does to all rows alike is no noise.
    """
    runs = np.asarray(runs, dtype=np.float64)
    have = np.isfinite(runs)
    counts = have.sum(axis=1)
    filled = np.where(have, runs, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(counts > 0, filled.sum(axis=1) / counts, np.nan)
        if runs.shape[1] < 2:
            return Outcome(name, mean, None, None, runs, shared)
        left = np.where(have, runs - mean[:, None], 0.0)
        within = np.where(counts > 1, (left**2).sum(axis=1) / (counts - 1), np.nan)
        if shared and len(runs) > 2:
            common = left.sum(axis=0) / np.maximum(have.sum(axis=0), 1)
            left = np.where(have, left - common, 0.0)
            lost = 1 - 1 / len(runs)
        else:
            lost = 1.0
        own = np.where(counts > 1, (left**2).sum(axis=1) / ((counts - 1) * lost), np.nan)
        noise = squeezed(own, np.maximum(counts - 1, 0).astype(np.float64)) / np.maximum(counts, 1)
    return Outcome(name, mean, noise, within, runs, shared)


def of_means(name: str, mean: Array, noise: Array | None) -> Outcome:
    """An outcome of which only means, and perhaps the variance of these means by chance, are known."""
    given = None if noise is None else np.broadcast_to(np.asarray(noise, dtype=np.float64), np.shape(mean)).copy()
    if given is not None and (given < 0).any():
        raise SensitivityError(f"{name}: a noise variance is below 0")
    return Outcome(name, np.asarray(mean, dtype=np.float64), given)


def squeezed(variances: Array, freedom: Array) -> Array:
    """Variances of many rows, each from few runs, pulled towards their common value as far as their spread is error.

    Empirical Bayes for scaled chi-square variances (Smyth 2004, doi 10.2202/1544-6115.1027): with two replications a
    variance of a single row is almost worthless, the common value is not.

    Parameters
    ----------
    variances, freedom : array of float, shape (rows,)
        Variance of each row and its degrees of freedom (0: none of its own).
    """
    from scipy.special import digamma, polygamma

    use = (freedom > 0) & np.isfinite(variances) & (variances > 0)
    if use.sum() < 3:
        pooled = float(np.mean(variances[np.isfinite(variances)])) if np.isfinite(variances).any() else 0.0
        return np.full(len(variances), pooled)
    v, f = variances[use], freedom[use]
    e = np.log(v) - digamma(f / 2) + np.log(f / 2)
    excess = float(np.var(e, ddof=1) - np.mean(polygamma(1, f / 2)))
    error = float(np.std((e - e.mean()) ** 2)) / len(e) ** 0.5
    mean = float((v * f).sum() / f.sum())
    if excess <= 2 * error:  # rows do not differ by more than such few runs do
        prior, scale = MANY, mean
    else:
        prior = 2 * _inverse_trigamma(excess)
        scale = float(np.exp(np.mean(e) + digamma(prior / 2) - np.log(prior / 2)))
    own = np.where(np.isfinite(variances), variances, 0.0)
    pulled: Array = (prior * scale + freedom * own) / (prior + freedom)
    return pulled * (mean / float((pulled[use] * f).sum() / f.sum()))  # their mean is known without bias


def _inverse_trigamma(x: float) -> float:
    """y with trigamma(y) = x, by Newton's method on 1 / trigamma."""
    from scipy.special import polygamma

    y = 0.5 + 1 / x
    for _ in range(50):
        t = float(polygamma(1, y))
        step = t * (1 - t / x) / float(polygamma(2, y))
        y += step
        if abs(step) < 1e-8 * y:
            break
    return y


def named(names: Sequence[str], y: Array, noise: Array | None, *, shared: bool) -> list[Outcome]:
    """Outcomes from arrays.

    Parameters
    ----------
    names : sequence of str
        Outcomes.
    y : array of float, shape (rows, outcomes) or (rows, replications, outcomes)
        Means, or runs.
    noise : array of float, shape (rows, outcomes), optional
        Variance of the means; only with means.
    shared : bool
        Runs have common random numbers.
    """
    y = np.asarray(y, dtype=np.float64)
    if y.ndim not in (2, 3) or y.shape[-1] != len(names):
        raise SensitivityError(f"outcomes of shape {y.shape} do not fit {len(names)} names")
    if y.ndim == 3:
        if noise is not None:
            raise SensitivityError("noise is found from the runs: give it with means only")
        return [of_runs(name, y[:, :, k], shared=shared) for k, name in enumerate(names)]
    if noise is not None and np.shape(noise) != y.shape:
        raise SensitivityError(f"noise of shape {np.shape(noise)} does not fit outcomes of shape {y.shape}")
    return [of_means(name, y[:, k], None if noise is None else np.asarray(noise)[:, k]) for k, name in enumerate(names)]
