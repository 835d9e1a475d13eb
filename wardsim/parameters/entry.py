"""One entry of the ledger: a number of the model with its prior, its bounds and where it comes from."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wardsim.scenario.schema.run import MechanismsSection

from .distributions import Distribution, Fixed, Normal, Truncated, Uniform, logit_normal, lognormal

SWITCHES = frozenset(MechanismsSection.model_fields)
"""Names a parameter may give as its mechanism: the switches of `scenario.mechanisms`."""

BALANCED = frozenset({"staffing", "skill_mix", "familiarity", "training"})
"""Kinds of effect whose direction is not known: their priors keep mass on both sides of no effect."""

EffectOf = Literal["staffing", "skill_mix", "familiarity", "training", "other"]
Grade = Literal["high", "moderate", "low", "none"]
Line = Annotated[str, Field(min_length=1, max_length=2000)]


class _Strict(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class FixedPrior(_Strict):
    """A constant."""

    dist: Literal["fixed"]

    def of(self, value: float) -> Distribution:
        """The distribution about `value`."""
        return Fixed(value)

    def text(self) -> str:
        """The prior in words."""
        return "fixed"


class NormalPrior(_Strict):
    """Normal; the entry's value is its mean."""

    dist: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)

    def of(self, value: float) -> Distribution:
        """The distribution about `value`."""
        if abs(self.mean - value) > 1e-9 * max(1.0, abs(value)):
            raise ValueError(
                f"value is {value:g} but the prior's mean is {self.mean:g}; the value must be the centre of the prior"
            )
        return Normal(self.mean, self.sd)

    def text(self) -> str:
        """The prior in words."""
        return f"normal, mean {self.mean:g}, SD {self.sd:g}"


class _Quantiles(_Strict):
    low: float
    high: float

    def _ordered(self, value: float) -> None:
        if not self.low < value < self.high:
            raise ValueError(
                f"low {self.low:g} of the prior, value {value:g} and high {self.high:g} must rise in that order"
            )


class LognormalPrior(_Quantiles):
    """Positive quantity: 5% and 95% points; the entry's value is the median."""

    dist: Literal["lognormal"]

    def of(self, value: float) -> Distribution:
        """The distribution about `value`."""
        self._ordered(value)
        if self.low <= 0:
            raise ValueError("the low of a lognormal prior must be above 0")
        return lognormal(value, self.low, self.high)

    def text(self) -> str:
        """The prior in words."""
        return f"lognormal, 5-95% {self.low:g} to {self.high:g}"


class LogitNormalPrior(_Quantiles):
    """Share from 0 to 1: 5% and 95% points; the entry's value is the median."""

    dist: Literal["logit_normal"]

    def of(self, value: float) -> Distribution:
        """The distribution about `value`."""
        self._ordered(value)
        if self.low <= 0 or self.high >= 1:
            raise ValueError("low and high of a logit_normal prior must lie between 0 and 1, ends excluded")
        return logit_normal(value, self.low, self.high)

    def text(self) -> str:
        """The prior in words."""
        return f"logit-normal, 5-95% {self.low:g} to {self.high:g}"


class UniformPrior(_Strict):
    """Every value between two bounds alike."""

    dist: Literal["uniform"]
    low: float
    high: float

    def of(self, value: float) -> Distribution:
        """The distribution about `value`."""
        if not self.low < self.high:
            raise ValueError(f"the prior's low ({self.low:g}) must be below its high ({self.high:g})")
        if not self.low <= value <= self.high:
            raise ValueError(f"value {value:g} lies outside the prior, {self.low:g} to {self.high:g}")
        return Uniform(self.low, self.high)

    def text(self) -> str:
        """The prior in words."""
        return f"uniform, {self.low:g} to {self.high:g}"


Prior = Annotated[
    FixedPrior | NormalPrior | LognormalPrior | LogitNormalPrior | UniformPrior,
    Field(discriminator="dist"),
]


class Entry(_Strict):
    """One parameter of the model."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$", max_length=120)
    """Name, `topic.name_with_unit`."""
    label: Line
    """What it is, in words."""
    unit: Line
    """Unit."""
    value: float
    """Point value: the centre of the prior."""
    prior: Prior
    """What is not known about it."""
    range: tuple[float, float] = Field(strict=False)
    """Hard bounds; draws and local settings stay within them."""
    sources: tuple[Annotated[str, Field(pattern=r"^(FC|INC|W)\d{3}$")], ...] = Field((), strict=False)
    """Rows of the evidence register that it rests on."""
    targets: tuple[Annotated[str, Field(pattern=r"^(FC|INC|W)\d{3}$")], ...] = Field((), strict=False)
    """Calibration targets that will inform it. Not evidence for the prior, which has to be wide without them."""
    assumption: Line | None = None
    """Reason, where there is no published figure or the figure does not settle it."""
    mechanism: str | None = None
    """Switch of `scenario.mechanisms` without which it does nothing."""
    null: float | None = None
    """Value at which it has no effect."""
    effect_of: EffectOf | None = None
    """What the effect is an effect of."""
    grade: Grade = "none"
    """Grade of the evidence."""
    conflict: Line | None = None
    """Where published figures disagree, and which was chosen."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        low, high = self.range
        if not low <= high:
            raise ValueError(f"range [{low:g}, {high:g}] is the wrong way round")
        if not low <= self.value <= high:
            raise ValueError(f"value {self.value:g} lies outside its range [{low:g}, {high:g}]")
        if not self.sources and not self.assumption:
            raise ValueError("give sources, or an assumption with its reason")
        if self.mechanism is not None and self.mechanism not in SWITCHES:
            raise ValueError(f"mechanism {self.mechanism!r} is not a switch of scenario.mechanisms")
        if self.effect_of is not None and self.null is None:
            raise ValueError("an effect needs its null, the value that means no effect")
        if self.effect_of is not None and self.mechanism is None and self.topic != "programmes":
            raise ValueError("an effect needs its mechanism, the switch that turns it off")
        _ = self.distribution  # refuses a prior that contradicts value or range
        return self

    @property
    def topic(self) -> str:
        """First part of the name."""
        return self.name.partition(".")[0]

    @property
    def is_effect(self) -> bool:
        """Whether it is an effect: something that can be nothing, at `null`."""
        return self.effect_of is not None or (self.mechanism is not None and self.null is not None)

    @cached_property
    def distribution(self) -> Distribution:
        """The prior cut to the range."""
        return Truncated(self.prior.of(self.value), *self.range)

    def quantiles(self, *shares: float) -> tuple[float, ...]:
        """Values of the prior at the given shares; without shares the 5%, 50% and 95% points."""
        quantile = self.distribution.quantile
        return tuple(quantile(p) for p in shares or (0.05, 0.5, 0.95))


def prior_mass(entry: Entry) -> tuple[float, float]:
    """Share of an effect's prior below and above its null.

    Parameters
    ----------
    entry : Entry
        An effect; its `null` must be set.

    Returns
    -------
    tuple of float
        Mass strictly below and strictly above no effect. A fixed prior at the null gives (0, 0).
    """
    if entry.null is None:
        raise ValueError(f"{entry.name} is no effect: it has no null")
    if isinstance(entry.prior, FixedPrior):
        return (float(entry.value < entry.null), float(entry.value > entry.null))
    below = entry.distribution.cdf(entry.null)
    return below, 1.0 - below
