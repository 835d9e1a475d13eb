"""Population file: wards drawn from published spreads, run as trusts, or as the wards of observational studies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ...schema.base import FrozenDict, Name, Section, Text
from .common import MeasureName, Settings, StudySection

RowId = Annotated[str, Field(min_length=1, max_length=20)]
"""Id of a row of the evidence register."""


class Spread(Section):
    """How something differs between wards: a distribution, how much of it wards of one trust share, and where it is from."""

    distribution: Literal["normal", "lognormal", "uniform", "choice"] = "normal"
    """normal: mean and sd; lognormal: median and sigma; both cut at low and high where given; uniform: low and high; choice: levels."""
    mean: float | None = Field(None, ge=-1e9, le=1e9)
    """Mean before cutting (normal)."""
    sd: float | None = Field(None, gt=0, le=1e9)
    """Standard deviation before cutting (normal)."""
    median: float | None = Field(None, gt=0, le=1e9)
    """Median before cutting (lognormal)."""
    sigma: float | None = Field(None, gt=0, le=10)
    """Standard deviation of the logarithm (lognormal)."""
    low: float | None = Field(None, ge=-1e9, le=1e9)
    """Least value."""
    high: float | None = Field(None, ge=-1e9, le=1e9)
    """Greatest value."""
    levels: tuple[Any, ...] | None = Field(None, strict=False, min_length=1, max_length=40)
    """Values that can be (choice)."""
    weights: tuple[Annotated[float, Field(ge=0, le=1e9)], ...] | None = Field(None, strict=False, max_length=40)
    """How often each is met, in any unit; left out: alike often (choice)."""
    trust_share: float = Field(0.0, ge=0, le=1)
    """Share of the variance that all wards of a trust (or of a study) have in common; 0: wards differ as if they were of different trusts."""
    sources: tuple[RowId, ...] = Field((), strict=False, max_length=20)
    """Rows of the evidence register it rests on."""
    assumption: Text = ""
    """What of it nobody has published, and why it is chosen so."""


class Thresholds(Section):
    """Worst values of a measure that still earn 4, 3 and 2 points; the direction of the measure says which way is better."""

    excellent: float = Field(..., ge=-1e9, le=1e9)
    """Four points."""
    good: float = Field(..., ge=-1e9, le=1e9)
    """Three points."""
    fair: float = Field(..., ge=-1e9, le=1e9)
    """Two points."""


class Ratings(Section):
    """The four-point rating of trusts: rules of the measure safety_rating, with the thresholds that stand here."""

    criteria: dict[MeasureName, Thresholds] = Field(
        ...,
        min_length=1,
        max_length=20,
        json_schema_extra={"x-kind": "group", "x-expected": "a group of measures, each with excellent, good and fair"},
    )
    """Measures that are judged."""
    needed: int = Field(6, ge=1, le=20)
    """Criteria that must be known before a trust is rated."""
    eased: tuple[Annotated[float, Field(gt=0, le=100)], ...] = Field((), strict=False, max_length=20)
    """Factors by which all thresholds are moved together to see how the ratings move: above 1 easier, below 1 harder."""
    row: RowId | None = None
    """Row of the evidence register with the published counts, excellent / good / fair / weak."""


class Published(Section):
    """A published figure that is shown beside the simulated one."""

    measure: MeasureName
    """Measure of the simulated wards."""
    row: RowId | None = None
    """Row of the evidence register; null: no figure was published, and the simulated one stands alone."""
    explanation: Text = ""
    """Why the two might differ."""


class Studies(Section):
    """Observational studies made on the simulated wards."""

    number: int = Field(..., ge=1, le=2000)
    """Studies in the literature."""
    wards: Spread
    """Wards of a study."""
    months: Spread
    """Months it observes."""
    outcome: Spread
    """What it counts: aggression, assaults, restrictive (interventions) or self_harm, all as reported."""
    exposure: Spread
    """Which staff it counts, on duty for each bed: nursing (all), registered."""
    unit: Spread
    """Rows of its data: shift or day."""
    regression: Spread
    """poisson, negative_binomial, or logistic (any incident)."""
    wards_compared: Spread
    """Whether wards are compared with each other (true) or each with itself over time (false)."""
    level_pct: float = Field(5.0, gt=0, lt=100)
    """Level of significance, percent, two-sided."""
    row: RowId | None = None
    """Row of the evidence register with the published counts, fewer / more / no difference."""


class PopulationFile(StudySection):
    """A population of wards drawn from published spreads (`wardsim population`)."""

    kind: Literal["population"] = "population"
    """Kind of file."""
    estimand: Literal["steady"] = "steady"
    """steady: wards in balance; a population has no other."""
    per_draw: int = Field(1, ge=1, le=1000)
    """Populations with the same draw of the parameters and different chance; `replications` is the number of populations."""
    parameters: Literal["posterior", "prior", "point"] | None = None
    """posterior: draws calibrated to published rates; prior: draws before that; point: one set of values, chance only; null: the posterior if a
    valid one is installed, else the priors."""
    draws: Literal["common", "own"] = "common"
    """common: one draw of what is not known for all wards of a population; own: each ward has its own, as if ignorance were variety."""
    set: Settings = Field(default_factory=FrozenDict)
    """Keys set over the base for all wards."""
    trusts: int | None = Field(None, ge=1, le=2000)
    """Trusts; left out: the file has `studies`."""
    wards_per_trust: int = Field(1, ge=1, le=100)
    """Wards simulated of each trust."""
    spread: dict[Name, Spread] = Field(
        ...,
        min_length=1,
        max_length=60,
        json_schema_extra={
            "x-kind": "group",
            "x-expected": "a group of scenario keys, parameters (parameters.NAME) or quantities, each with a distribution",
        },
    )
    """How wards differ: scenario keys, parameters, or quantities such as nurses_per_bed_day that set several keys."""
    ratings: Ratings | None = None
    """How trusts are rated; left out: they are not."""
    published: tuple[Published, ...] = Field((), strict=False, max_length=60)
    """Published figures shown beside the simulated ones."""
    studies: Studies | None = None
    """Studies made on the wards; left out: the wards belong to trusts."""
