"""The one integrator of step functions, and the one way to cut intervals to a window.

Everything that is an average over time (occupancy, delay, posts filled) goes through here, so that it is clipped and
weighted in one way. A level holds from the minute it is written until the next one (right-continuous); of several
written at the same minute the last holds.
"""

from __future__ import annotations

import numpy as np

from .columns import BoolArray, FloatArray
from .declare import NAN


class Steps:
    """A step function of time.

    Parameters
    ----------
    times : array of float
        Minutes at which the level changes, never falling.
    levels : array of float
        The level from that minute on.

    Raises
    ------
    ValueError
        When times fall, or the two differ in length.
    """

    __slots__ = ("levels", "times")

    def __init__(self, times: FloatArray, levels: FloatArray) -> None:
        if len(times) != len(levels):
            raise ValueError(f"{len(times)} times but {len(levels)} levels")
        if len(times) > 1 and bool(np.any(np.diff(times) < 0.0)):
            raise ValueError("the times of a step function must not fall")
        self.times = times
        self.levels = levels

    def integral(self, start: float, end: float) -> float:
        """Level times minutes over [start, end); NaN when the level is not known from the start on."""
        if len(self.times) == 0 or self.times[0] > start:
            return NAN
        edges = np.empty(len(self.times) + 1)
        edges[:-1] = self.times
        edges[-1] = end
        np.clip(edges, start, end, out=edges)
        return float(np.dot(self.levels, np.diff(edges)))

    def mean(self, start: float, end: float) -> float:
        """Mean level over [start, end)."""
        return self.integral(start, end) / (end - start)

    def before(self, times: FloatArray) -> FloatArray:
        """Levels just before the given times; NaN before the first level."""
        at = np.searchsorted(self.times, times, side="left") - 1
        if len(self.levels) == 0:
            return np.full(len(times), NAN)
        return np.where(at >= 0, self.levels[np.maximum(at, 0)], NAN)


def overlap(starts: FloatArray, ends: FloatArray, start: float, end: float) -> FloatArray:
    """Minutes of each interval that fall in [start, end)."""
    inside: FloatArray = np.minimum(ends, end)
    inside -= np.maximum(starts, start)
    return np.maximum(inside, 0.0, out=inside)


def within(times: FloatArray, start: float, end: float) -> BoolArray:
    """Which moments fall in [start, end)."""
    return (times >= start) & (times < end)
