"""Calibration targets: published figures, each with what it is compared with and how far it may be off.

    calibration/targets.yaml -> Targets (settings, studies, targets, by_construction, validation, not_compared)

The file is read strictly: unknown keys, unknown rows, rows of another use, measures that do not exist and settings that
do not load are refused, all in one message.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from math import log
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .scales import Scale, to_scale

FILE = "targets.yaml"
"""Name of the file within the calibration folder."""

Layer = Literal[
    "case_notes", "structured_form", "shift_reports", "incident_system", "survey", "training_records", "observers", "statistics",
    "cost_study",
]  # fmt: skip
Likelihood = Literal["poisson", "negative_binomial", "binomial", "normal"]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]*$", max_length=80)]
RowId = Annotated[str, Field(pattern=r"^(FC|INC|W)\d{3}$")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]


class TargetsError(ValueError):
    """The file of targets is not as it must be.

    Parameters
    ----------
    problems : str
        One line a problem: file, line, entry, what is wrong.
    """


class _Strict(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Setting(_Strict):
    """A ward on which targets are compared: a shipped scenario, changed where the study's setting differed materially."""

    id: Id
    label: Text
    scenario: Text
    """Name of a shipped scenario."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Keys of the scenario laid over it."""
    reason: Text


class Study(_Strict):
    """One study with several targets whose errors go together."""

    id: Id
    label: Text
    correlation: float = Field(gt=-1, lt=1)
    """Correlation of the errors of any two of its targets, on their scales."""
    reason: Text


class Between(_Strict):
    """How wards differ from each other, and over how many the study went."""

    sd: float = Field(ge=0)
    """Standard deviation between wards, on the scale of the target."""
    wards: float = Field(ge=1)
    """Wards of the study; its mean strays by sd over the root of this."""
    reason: Text


class Allowed(_Strict):
    """Discrepancy: how far model and study may be apart though both are right. Fixed before any wave."""

    sd: float = Field(gt=0)
    """On the scale of the target (0.15 is about 15% of a rate, or of odds)."""
    reason: Text


class Weight(_Strict):
    """How much a target counts: 1 fully, 0 compared and not fitted."""

    value: float = Field(ge=0, le=1)
    reason: Text


class Target(_Strict):
    """One published figure and its comparison."""

    id: Id
    guide: Text
    """Number in the guide: section and row, `incidents 4`."""
    label: Text
    rows: Annotated[tuple[RowId, ...], Field(min_length=1, strict=False)]
    """Rows of the evidence register."""
    layer: Layer
    """Channel through which the study looked."""
    measure: Text
    """Measure (observation operator) of the simulated ward."""
    population: Text
    window: Text
    setting: Id
    likelihood: Likelihood
    scale: Scale
    count: float | None = Field(None, ge=0)
    """Events counted (patients with the property, for a share)."""
    exposure: float | None = Field(None, gt=0)
    """What they were counted in; with `per`, in units of the measure (1,000 bed days: per 1000)."""
    per: float = Field(1.0, gt=0)
    """The measure is count over exposure times this; 100 for percent."""
    value: float | None = None
    """Published figure, where there is no count."""
    se: float | None = Field(None, gt=0)
    """Its standard error, on the scale."""
    low: float | None = None
    high: float | None = None
    """Its published 95% interval, in the unit of the measure."""
    ward_years: float | None = Field(None, gt=0)
    """Without count, error or interval: how many ward-years the study saw; its chance is then that of as many simulated ones."""
    overdispersion: float = Field(1.0, ge=1)
    """Variance of the count relative to pure chance within the study (repeats by the same patients, months that differ)."""
    between: Between
    discrepancy: Allowed
    censoring: Literal["none", "lower", "upper"] = "none"
    """lower: the true figure is at least the published one; upper: at most."""
    weight: Weight
    study: Id | None = None
    conflict: Text | None = None
    """What other sources say, and why both stand."""
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        counted = self.count is not None or self.exposure is not None
        if counted and (self.count is None or self.exposure is None):
            raise ValueError("count and exposure belong together")
        if counted == (self.value is not None):
            raise ValueError("give either count and exposure, or value")
        if counted != (self.likelihood != "normal"):
            raise ValueError(
                f"a {self.likelihood} likelihood {'takes a value, not a count' if counted else 'needs count and exposure'}"
            )
        wanted = {"poisson": "log", "negative_binomial": "log", "binomial": "logit"}.get(self.likelihood, self.scale)
        if self.scale != wanted:
            raise ValueError(f"the scale of a {self.likelihood} likelihood is {wanted}, not {self.scale}")
        if self.likelihood == "binomial":
            assert self.count is not None
            assert self.exposure is not None
            if self.count > self.exposure:
                raise ValueError(f"{self.count:g} of {self.exposure:g} is more than all")
            if self.censoring != "none":
                raise ValueError("a censored share is given as a value with a normal likelihood")
        if self.likelihood == "poisson" and self.overdispersion != 1.0:
            raise ValueError("with overdispersion above 1 the likelihood is negative_binomial")
        if self.likelihood == "normal":
            given = (
                (self.se is not None) + (self.low is not None and self.high is not None) + (self.ward_years is not None)
            )
            if given != 1 or (self.low is None) != (self.high is None):
                raise ValueError("a value needs exactly one of se, low and high, or ward_years")
            if self.low is not None and self.high is not None and not self.low < self.high:
                raise ValueError(f"low {self.low:g} must be below high {self.high:g}")
        elif self.se is not None or self.low is not None or self.high is not None or self.ward_years is not None:
            raise ValueError("a count has its own error: leave out se, low, high and ward_years")
        return self

    @property
    def published(self) -> float:
        """Published figure in the unit of the measure."""
        if self.count is not None and self.exposure is not None:
            return self.count / self.exposure * self.per
        assert self.value is not None
        return self.value

    @property
    def error(self) -> float:
        """Standard error of a published value on the scale; 0 where chance comes from the count or from the simulation."""
        if self.se is not None:
            return self.se
        if self.low is not None and self.high is not None:
            low, high = (float(to_scale(self.scale, x, self.per)) for x in (self.low, self.high))
            return (high - low) / (2.0 * NormalDist().inv_cdf(0.975))
        return 0.0

    def with_published(self, value: float) -> Target:
        """The same target had the study found another figure (in the unit of the measure; a count is rounded)."""
        if self.exposure is not None:
            count = min(
                float(round(value * self.exposure / self.per)),
                self.exposure if self.likelihood == "binomial" else float("inf"),
            )
            return self.model_copy(update={"count": max(count, 0.0)})
        if self.low is not None and self.high is not None:
            return self.model_copy(update={"value": value, "se": self.error, "low": None, "high": None})
        return self.model_copy(update={"value": value})


class Shown(_Strict):
    """A published figure printed beside the simulated one and never fitted."""

    id: Id
    label: Text
    rows: Annotated[tuple[RowId, ...], Field(min_length=1, strict=False)]
    published: Text
    """The figure in words."""
    value: float | None = None
    """The figure in the unit of the measures, where it has one."""
    measures: Annotated[tuple[Text, ...], Field(strict=False)] = ()
    """Measures printed beside it; none where it is compared over many wards or studies."""
    setting: Id = "baseline"
    reason: Text
    """Why it is not fitted, and what to think of when the two differ."""


class NotCompared(_Strict):
    """Rows marked as targets that no operator can reach, and why."""

    rows: Annotated[tuple[RowId, ...], Field(min_length=1, strict=False)]
    reason: Text


class Targets(_Strict):
    """The whole file."""

    settings: Annotated[tuple[Setting, ...], Field(min_length=1, strict=False)]
    studies: Annotated[tuple[Study, ...], Field(strict=False)] = ()
    targets: Annotated[tuple[Target, ...], Field(min_length=1, strict=False)]
    by_construction: Annotated[tuple[Shown, ...], Field(strict=False)] = ()
    """Figures that the model reproduces by how it is built: printed, never fitted."""
    validation: Annotated[tuple[Shown, ...], Field(strict=False)] = ()
    """Rows declared for validation: printed, never fitted."""
    not_compared: Annotated[tuple[NotCompared, ...], Field(strict=False)] = ()

    def __getitem__(self, name: str) -> Target:
        return next(target for target in self.targets if target.id == name)

    @property
    def fitted(self) -> tuple[Target, ...]:
        """Targets with a weight above 0."""
        return tuple(target for target in self.targets if target.weight.value > 0.0)

    @property
    def correlations(self) -> Mapping[str, float]:
        """Correlation by study."""
        return {study.id: study.correlation for study in self.studies}

    @property
    def hash(self) -> str:
        """Fingerprint of everything in it (16 hex digits)."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()[:16]


def load_targets(folder: Path | None = None) -> Targets:
    """Read, check and return the targets of a calibration folder (left out: the one shipped).

    Raises
    ------
    TargetsError
        With every problem in one message.
    """
    from .reading import read

    return read(folder)


def relative(share: float) -> float:
    """Standard deviation in logarithms that a relative error stands for."""
    return log(1.0 + share)
