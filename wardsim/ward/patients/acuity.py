"""The latent course of acuity: how ill a patient is, shift by shift, whatever the ward does.

A score from 1 to 5 read as five levels (a level holds the scores within half a point). It begins at a severity of the
patient's own, falls by about half of what lies above 1 over the clinical phase, most of it early (FC076-FC080), and moves from shift to
shift with first-order noise (FC075). It runs on time since treatment began, in steps of eight hours, and is drawn in fixed
blocks from the patient's own stream: asking for later values never changes earlier ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..core.streams import Stream, Streams

Array = NDArray[np.float64]

STEP: Final = 480.0
"""Minutes for which the course keeps one value."""
STEPS: Final = 84
"""Steps drawn at a time: 28 days. Part of the reproducibility contract."""
FLOOR: Final = 1.0
CEILING: Final = 5.0
"""Bounds of the score; no course ever leaves them (incidents are thinned against the ceiling)."""
HIGH: Final = 3.5
"""Scores from here on read as level 4 or 5: high acuity."""


class Courses:
    """What all courses of a run share.

    Parameters
    ----------
    streams : Streams
        Source of noise.
    p : mapping of str to float
        Parameters: share of high acuity at admission, spread, stability, fall, front-loading.
    threshold : float
        Shift of acuity at admission, points (scenario `demand.admission_threshold`).
    """

    __slots__ = ("_carry", "_fall", "_front", "_lower", "_share", "_streams", "between", "mean", "noise")

    def __init__(self, streams: Streams, p: Mapping[str, float], threshold: float = 0.0) -> None:
        self._streams = streams
        self.between = p["patients.acuity_between_sd_points"]
        self.noise = p["patients.acuity_noise_sd_points"]
        total = sqrt(self.between**2 + self.noise**2)
        z = NormalDist().inv_cdf(1.0 - p["patients.high_acuity_share"])
        self.mean = HIGH - z * total + threshold
        """Mean score at admission, points."""
        self._fall = p["patients.acuity_fall_share"]
        self._front = p["patients.acuity_front_loading"]
        self._share = -1.0 / np.expm1(-self._front) if self._front > 1e-9 else 1.0
        rho = p["patients.acuity_shift_correlation"]
        powers = rho ** np.arange(STEPS + 1)
        lag = np.subtract.outer(np.arange(STEPS), np.arange(STEPS))
        self._lower = np.where(lag >= 0, powers[np.abs(lag)], 0.0) * sqrt(1.0 - rho * rho)
        self._carry = powers[1:]

    def severity(self, z: float) -> float:
        """Score at admission before noise, from the patient's standard normal deviate."""
        return self.mean + self.between * z

    def trend(self, severity: float, days: Array, clinical_days: float) -> Array:
        """Score without noise after some days of treatment."""
        done = np.minimum(days / max(clinical_days, 1e-3), 1.0)
        curve = -np.expm1(-self._front * done) * self._share if self._front > 1e-9 else done
        above = max(severity - FLOOR, 0.0)
        result: Array = FLOOR + (severity - FLOOR) - above * self._fall * curve
        return result

    def noise_block(self, generator: np.random.Generator, last: float | None) -> Array:
        """The next block of noise after the value `last` (None: from its equilibrium)."""
        e = generator.standard_normal(STEPS)
        if last is None:
            first = float(e[0])
            e[0] = 0.0
            result: Array = self._lower @ e
            result[1:] += self._carry[: STEPS - 1] * first
            result[0] = first
            return result
        following: Array = self._lower @ e + self._carry * last
        return following

    def course(self, key: tuple[int, int, int], severity: float, start: float, clinical_min: float) -> Course:
        """The course of one patient whose treatment began at `start`."""
        return Course(self, self._streams.generator(Stream.ACUITY, *key), severity, start, clinical_min)


class Course:
    """One patient's latent acuity over time, exogenous to everything that happens on the ward.

    Attributes
    ----------
    start : float
        When treatment began, minutes.
    severity : float
        Score at admission without noise.
    lift : float
        Points added throughout (a census that states how ill a resident is now).
    """

    __slots__ = ("_array", "_clinical_days", "_courses", "_generator", "_grid", "_last", "_raw", "lift", "severity", "start")

    def __init__(
        self, courses: Courses, generator: np.random.Generator, severity: float, start: float, clinical_min: float
    ) -> None:
        self._courses = courses
        self._generator = generator
        self.severity = severity
        self.start = start
        self.lift = 0.0
        self._clinical_days = clinical_min / 1440.0
        self._last: float | None = None
        self._raw: list[Array] = []
        self._array = np.empty(0)
        self._grid: list[float] = []

    def _extend(self, steps: int) -> None:
        courses = self._courses
        while len(self._grid) < steps:
            have = len(self._grid)
            noise = courses.noise_block(self._generator, self._last)
            self._last = float(noise[-1])
            # a step reads as its first moment does: whoever is admitted is as ill as on admission
            days: Array = np.arange(have, have + STEPS, dtype=np.float64) * (STEP / 1440.0)
            score = courses.trend(self.severity, days, self._clinical_days) + courses.noise * noise
            self._raw.append(score)
            self._grid += np.minimum(np.maximum(score + self.lift, FLOOR), CEILING).tolist()

    def at(self, time: float) -> float:
        """Score at a time, minutes."""
        k = int((time - self.start) / STEP)
        if k < 0:
            k = 0
        grid = self._grid
        if k >= len(grid):
            self._extend(k + 1)
        return grid[k]

    def level(self, time: float) -> int:
        """Level 1 to 5 at a time."""
        return int(self.at(time) + 0.5)

    def values(self, times: Array) -> Array:
        """Scores at many times at once."""
        k = np.maximum((np.asarray(times) - self.start) / STEP, 0.0).astype(np.int64)
        if k.size:
            self._extend(int(k.max()) + 1)
        if len(self._array) != len(self._grid):
            self._array = np.array(self._grid)
        result: Array = self._array[k]
        return result

    def lift_to(self, level: int, time: float) -> None:
        """Raise or lower the whole course so that it reads `level` at a time; the noise stays what it was."""
        k = max(int((time - self.start) / STEP), 0)
        self._extend(k + 1)
        self.set_lift(float(level) - float(self._raw[k // STEPS][k % STEPS]))

    def set_lift(self, lift: float) -> None:
        """Add `lift` points throughout (within floor and ceiling)."""
        self.lift = lift
        raw = np.concatenate(self._raw) if self._raw else np.empty(0)
        self._array = np.clip(raw + lift, FLOOR, CEILING)
        self._grid = self._array.tolist()
