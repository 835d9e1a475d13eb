"""The targets of the package as a `Judge`: outcomes are measures of the settings' wards, the law is that of `likelihood`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .inference import Array, Ints
from .likelihood import (
    Simulated,
    implausibility,
    joint_log_likelihood,
    parts,
    predictive_interval,
    study_covariance,
)
from .pseudo import draw_published
from .scales import Scale, from_scale
from .targets import Target, Targets
from .targets_now import target_identity

HALF = 0.5
"""Smallest count of figures that are drawn for checks of the method: nothing has no logarithm."""


@dataclass(frozen=True)
class Operator:
    """One outcome: a measure of the ward of one setting, on the scale on which it is emulated."""

    setting: str
    measure: str
    scale: Scale
    per: float

    @property
    def name(self) -> str:
        """As arrays and tables name it."""
        return f"{self.setting}:{self.measure}" + ("" if self.scale != "identity" else ":plain")


def operators_of(targets: Sequence[Target]) -> tuple[Operator, ...]:
    """Outcomes that targets look at, each once."""
    return tuple(dict.fromkeys(_operator(t) for t in targets))


def _operator(t: Target) -> Operator:
    return Operator(t.setting, t.measure, t.scale, t.per if t.scale == "logit" else 1.0)


@dataclass(frozen=True)
class PublishedJudge:
    """Published figures.

    Attributes
    ----------
    targets : tuple of Target
        Those that count.
    looked_at : tuple of Operator
        All outcomes, in the order of the arrays.
    whole : Targets
        The file they come from.
    chance : array of float, shape (outcomes,)
        Variance of one simulated ward-year, for targets whose chance is that of ward-years.
    """

    targets: tuple[Target, ...]
    looked_at: tuple[Operator, ...]
    whole: Targets
    chance: Array

    @staticmethod
    def of(whole: Targets, chance: Array | None = None) -> PublishedJudge:
        """All fitted targets of a file."""
        looked_at = operators_of(whole.fitted)
        return PublishedJudge(
            whole.fitted, looked_at, whole, np.zeros(len(looked_at)) if chance is None else np.asarray(chance)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Targets."""
        return tuple(t.id for t in self.targets)

    @property
    def operators(self) -> tuple[str, ...]:
        """Outcomes."""
        return tuple(o.name for o in self.looked_at)

    @property
    def censoring(self) -> tuple[str, ...]:
        """Which targets are bounds."""
        return tuple(t.censoring for t in self.targets)

    @cached_property
    def looks_at(self) -> Ints:
        """Place of the outcome of each target."""
        place = {operator: k for k, operator in enumerate(self.looked_at)}
        return np.array([place[_operator(t)] for t in self.targets], dtype=np.int64)

    def identity(self) -> dict[str, str]:
        """Fingerprint of each target."""
        return target_identity(self.whole)

    def simulated(self, mean: Array, variance: Array) -> dict[str, Simulated]:
        """Outcomes by target."""
        return {t.id: self._seen(i, mean, variance) for i, t in enumerate(self.targets)}

    def log_density(self, mean: Array, variance: Array) -> Array:
        """Log likelihood of all targets, weighted."""
        return np.asarray(
            joint_log_likelihood(self.targets, self.simulated(mean, variance), self.whole.correlations)
        ) + np.zeros(len(mean))

    def implausibility(self, mean: Array, variance: Array) -> Array:
        """Distance of each target in standard deviations; a target of less weight is so much less sure."""
        return np.column_stack(
            [
                np.sqrt(t.weight.value) * implausibility(t, self._seen(i, mean, variance))
                for i, t in enumerate(self.targets)
            ]
        )

    def spread(self) -> Array:
        """Standard deviation of each target without simulation, about its published figure."""
        found = []
        for i, t in enumerate(self.targets):
            k = self.looks_at[i]
            at = max(t.published, HALF / t.exposure * t.per if t.exposure is not None else t.published)
            total = parts(t, Simulated(at, 0.0, self._years(t, k))).total
            found.append(float(np.sqrt(total / t.weight.value)))
        return np.array(found)

    def replicate(self, mean: Array, variance: Array, rng: np.random.Generator, *, discrepancy: bool = True) -> Array:
        """Figures that like studies would have published; those of one study stray together."""
        drawn = np.empty((len(mean), len(self.targets)))
        together: dict[str, list[int]] = {}
        for i, t in enumerate(self.targets):
            if t.study is not None:
                together.setdefault(t.study, []).append(i)
        for i, t in enumerate(self.targets):
            if t.study is None or len(together[t.study]) == 1:
                drawn[:, i] = draw_published(t, self._seen(i, mean, variance), rng, discrepancy=discrepancy)
        for study, group in together.items():
            if len(group) > 1:
                drawn[:, group] = self._of_study(study, group, mean, variance, rng, discrepancy)
        return drawn

    def interval(self, mean: Array, variance: Array, *, discrepancy: bool = True) -> Array:
        """95% interval of what each study would have published at single points, shape (points, targets, 2)."""
        return np.stack(
            [
                np.column_stack(predictive_interval(t, self._seen(i, mean, variance), discrepancy=discrepancy))
                for i, t in enumerate(self.targets)
            ],
            axis=1,
        )

    def published(self) -> Array:
        """Value, low and high of each target: its published figure, and where sampling and wards let it stray."""
        rows = []
        for i, t in enumerate(self.targets):
            here = Simulated(t.published, 0.0, self._years(t, self.looks_at[i]))
            low, high = predictive_interval(t, here, discrepancy=False)
            rows.append((t.published, float(low), float(high)))
        return np.array(rows)

    def natural(self, mean: Array) -> Array:
        """Outcomes of each target in its unit, shape (points, targets)."""
        return np.column_stack(
            [from_scale(t.scale, mean[:, self.looks_at[i]], t.per) for i, t in enumerate(self.targets)]
        )

    def given(self, figures: Array) -> PublishedJudge:
        """The same targets with other figures."""
        changed = []
        for t, figure in zip(self.targets, figures, strict=True):
            if t.exposure is not None:
                count = max(float(figure) * t.exposure / t.per, HALF if t.study is not None else 0.0)
                if t.likelihood == "binomial":
                    count = min(count, t.exposure - (HALF if t.study is not None else 0.0))
                changed.append(t.model_copy(update={"count": count}))
            else:
                changed.append(t.with_published(float(figure)))
        return replace(self, targets=tuple(changed))

    def without(self, names: Sequence[str]) -> PublishedJudge:
        """Some targets left out."""
        return replace(self, targets=tuple(t for t in self.targets if t.id not in names))

    def with_chance(self, chance: Array) -> PublishedJudge:
        """The same, with the variance of one simulated ward-year."""
        return replace(self, chance=chance)

    def for_checks(self) -> PublishedJudge:
        """The targets with full weight, bounds as figures: a tempered likelihood and "at least" are no ways in which figures
        come about, so that no truth could be recovered from them as they stand."""
        full = tuple(
            t.model_copy(update={"weight": t.weight.model_copy(update={"value": 1.0}), "censoring": "none"})
            for t in self.targets
        )
        return replace(self, targets=full)

    def _seen(self, i: int, mean: Array, variance: Array) -> Simulated:
        t, k = self.targets[i], self.looks_at[i]
        return Simulated(from_scale(t.scale, mean[:, k], t.per), variance[:, k], self._years(t, k))

    def _years(self, t: Target, k: int) -> float:
        return float(self.chance[k]) / t.ward_years if t.ward_years else 0.0

    def _of_study(
        self, study: str, group: list[int], mean: Array, variance: Array, rng: np.random.Generator, discrepancy: bool
    ) -> Array:
        """Jointly normal on the scales, as the likelihood has it."""
        chosen = [self.targets[i] for i in group]
        seen = {t.id: self._seen(i, mean, variance) for i, t in zip(group, chosen, strict=True)}
        covariance = study_covariance(chosen, seen, self.whole.correlations[study], discrepancy=discrepancy)
        root = np.linalg.cholesky(covariance)
        stray = (root @ rng.standard_normal((len(mean), len(group), 1)))[..., 0]
        out = np.empty(stray.shape)
        for j, i in enumerate(group):
            t = self.targets[i]
            out[:, j] = from_scale(t.scale, mean[:, self.looks_at[i]] + stray[:, j], t.per)
        return out
