"""The latent course of acuity: how ill a patient is, shift by shift, whatever the ward does.

A score from 1 to 5 read as five levels (a level holds the scores within half a point). It begins at a severity of the
patient's own, falls by about half of what lies above 1 over the clinical phase, most of it early (FC076-FC080), and moves from shift to
shift with first-order noise (FC075). It runs on time since treatment began, in steps of eight hours; each step takes one uniform at
its own place in the patient's stream: asking for later values never changes earlier ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import expm1, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..core.compiled import COMPILED
from ..core.quantiles import normal, normals
from ..core.streams import Hashed, Stream, Streams

Array = NDArray[np.float64]

STEP: Final = 480.0
"""Minutes for which the course keeps one value."""
STEPS: Final = 84
"""Steps drawn at a time: 28 days."""
FLOOR: Final = 1.0
CEILING: Final = 5.0
"""Bounds of the score; no course ever leaves them (incidents are thinned against the ceiling)."""
HIGH: Final = 3.5
"""Scores from here on read as level 4 or 5: high acuity."""
_EXPM1: Final = expm1


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

    __slots__ = ("_fall", "_front", "_new", "_rho", "_share", "_streams", "_whole", "between", "mean", "noise")

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
        self._share = -1.0 / expm1(-self._front) if self._front > 1e-9 else 1.0
        self._whole = -expm1(-self._front) * self._share if self._front > 1e-9 else 1.0
        self._rho = p["patients.acuity_shift_correlation"]
        self._new = sqrt(1.0 - self._rho * self._rho)

    def severity(self, z: float) -> float:
        """Score at admission before noise, from the patient's standard normal deviate."""
        return self.mean + self.between * z

    def trend(self, severity: float, days: float, clinical_days: float) -> float:
        """Score without noise after some days of treatment."""
        done = days / (clinical_days if clinical_days > 1e-3 else 1e-3)
        curve = done
        if done >= 1.0:
            curve = self._whole
        elif self._front > 1e-9:
            exponential: float = _EXPM1(-self._front * done)
            curve = -exponential * self._share
        above = severity - FLOOR
        return severity - (above if above > 0.0 else 0.0) * self._fall * curve

    def noise_block(self, draws: Hashed, first: int, last: float | None) -> list[float]:
        """Noise of the next steps, from number `first` on, after the value `last` (None: from its equilibrium)."""
        deviates: list[float] = [] if COMPILED else normals(draws.span(first, STEPS))
        rho, new = self._rho, self._new
        level = 0.0 if last is None else last
        noise: list[float] = []
        for i in range(STEPS):
            z = normal(draws[first + i]) if COMPILED else deviates[i]
            level = z if i == 0 and last is None else rho * level + new * z
            noise.append(level)
        return noise

    def course(self, key: tuple[int, int, int], severity: float, start: float, clinical_min: float) -> Course:
        """The course of one patient whose treatment began at `start`."""
        return Course(self, self._streams.hashed(Stream.ACUITY, *key), severity, start, clinical_min)


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

    __slots__ = ("_array", "_clinical_days", "_courses", "_draws", "_grid", "_noise", "lift", "severity", "start")

    def __init__(self, courses: Courses, draws: Hashed, severity: float, start: float, clinical_min: float) -> None:
        self._courses = courses
        self._draws = draws
        self.severity = severity
        self.start = start
        self.lift = 0.0
        self._clinical_days = clinical_min / 1440.0
        self._noise: list[float] = []
        self._array = np.empty(0)
        self._grid: list[float] = []

    def _extend(self, steps: int) -> None:
        noise = self._noise
        while len(noise) < steps:
            noise += self._courses.noise_block(self._draws, len(noise), noise[-1] if noise else None)
        self._read()

    def _score(self, step: int) -> float:
        """Score of a step before the lift and the bounds; a step reads as its first moment does: whoever is admitted is as ill as on
        admission."""
        courses = self._courses
        return courses.trend(self.severity, step * (STEP / 1440.0), self._clinical_days) + courses.noise * self._noise[step]

    def _read(self) -> None:
        """Put the steps drawn and not yet read into the grid."""
        grid, lift = self._grid, self.lift
        for step in range(len(grid), len(self._noise)):
            score = self._score(step) + lift
            grid.append(FLOOR if score < FLOOR else CEILING if score > CEILING else score)

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
        steps = times - self.start
        steps /= STEP
        k = np.maximum(steps, 0.0).astype(np.int64)
        if k.size:
            last = int(k.max())
            if last >= len(self._grid):
                self._extend(last + 1)
        if len(self._array) != len(self._grid):
            self._array = np.array(self._grid)
        result: Array = self._array.take(k)
        return result

    def lift_to(self, level: int, time: float) -> None:
        """Raise or lower the whole course so that it reads `level` at a time; the noise stays what it was."""
        k = max(int((time - self.start) / STEP), 0)
        self._extend(k + 1)
        self.set_lift(float(level) - self._score(k))

    def set_lift(self, lift: float) -> None:
        """Add `lift` points throughout (within floor and ceiling)."""
        self.lift = lift
        self._grid = []
        self._array = np.empty(0)
        self._read()
