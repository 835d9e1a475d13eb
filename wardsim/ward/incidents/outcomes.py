"""The uniforms that decide what follows an incident: one row an incident, each purpose at its own place.

A row is addressed by (patient key, block of calendar time, number of the candidate in the block), so an incident that happens
under two options has the same draws under both, whatever else happened. The second half of a row belongs to the physical
assault into which the incident may escalate. Variates come by inversion, one uniform each.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Final

from ..core.streams import Hashed, Stream, Streams

# Places in a row. Append only: they are part of the reproducibility contract.
NOTICED: Final = 0
SERIOUS: Final = 1
ESCALATES: Final = 2
ESCALATION_DELAY: Final = 3
TRAVEL: Final = 4
TALK: Final = 5
TALKED_DOWN: Final = 6
VICTIM_KIND: Final = 7
VICTIM: Final = 8
HARM: Final = 9
WEAPON: Final = 10
RESTRAINT: Final = 11
RESTRAINT_MIN: Final = 12
TRANQUILLISED: Final = 13
SECLUDED: Final = 14
SECLUSION_MIN: Final = 15
QUIET_ROOM: Final = 16
AS_NEEDED: Final = 17
PICU: Final = 18
POLICE: Final = 19
NEIGHBOURS: Final = 20
NEIGHBOUR_DELAY: Final = 21
ABSENT: Final = 22
DAYS_LOST: Final = 23
RAISED: Final = 24
DEBRIEFED: Final = 25
REPORTED: Final = 26
RECORDED: Final = 27
OFFSPRING: Final = 28
OFFSPRING_DELAY: Final = 29
STAFF_HURT: Final = 30
PATIENT_HURT: Final = 31
RETURNS: Final = 32
RETURN_DELAY: Final = 33
ENFORCED: Final = 34
UNDERSTATED: Final = 35
WHO: Final = 36
WHAT: Final = 37
LENGTHS: Final = 38

HALF: Final = 40
"""Draws an incident may use itself; the assault it escalates to uses the next forty."""
ROW: Final = 2 * HALF

_Z: Final = NormalDist()


class Row:
    """The draws of one incident, each read at its place when it is asked for: most never are.

    Parameters
    ----------
    draws : Hashed or None
        Where they are read; None: they are given.
    first, n : int
        Occasion of the first, and how many there are.
    given : sequence of float
        The draws themselves, of an incident that was saved.
    """

    __slots__ = ("_draws", "_first", "_given", "_n")

    def __init__(self, draws: Hashed | None, first: int, n: int, given: Sequence[float] = ()) -> None:
        self._draws = draws
        self._first = first
        self._n = n
        self._given = list(given)

    @classmethod
    def restore(cls, given: Sequence[float]) -> Row:
        """The row that `save` returned."""
        return cls(None, 0, len(given), given)

    def __getitem__(self, place: int) -> float:
        draws = self._draws
        return self._given[place] if draws is None else draws[self._first + place]

    def later(self) -> Row:
        """The draws from `HALF` on, which belong to the assault into which the incident has escalated."""
        return Row(self._draws, self._first + HALF, self._n - HALF, self._given[HALF:])

    def save(self) -> list[float]:
        """All of them."""
        return self._given if self._draws is None else self._draws.span(self._first, self._n)


class Rows:
    """Rows of one patient in one block of calendar time, read at any place in any order."""

    __slots__ = ("_draws",)

    def __init__(self, streams: Streams, *entity: int) -> None:
        self._draws = streams.hashed(Stream.OUTCOME, *entity)

    def row(self, n: int) -> Row:
        """Row of candidate number `n`."""
        return Row(self._draws, n * ROW, ROW)


def exponential(u: float, mean: float) -> float:
    """Exponential variate by inversion."""
    return -mean * log(1.0 - u)


def lognormal(u: float, median: float, cv: float) -> float:
    """Lognormal variate by inversion; `cv` is the coefficient of variation."""
    return median * exp(sqrt(log(1.0 + cv * cv)) * _Z.inv_cdf(min(max(u, 1e-12), 1.0 - 1e-12)))


def poisson(u: float, mean: float) -> int:
    """Poisson count by inversion."""
    term = exp(-mean)
    total = term
    n = 0
    while u >= total and n < 50:
        n += 1
        term *= mean / n
        total += term
    return n


def logit(share: float) -> float:
    """Log odds of a share; shares at 0 or 1 are kept just inside."""
    inside = min(max(share, 1e-12), 1.0 - 1e-12)
    return log(inside / (1.0 - inside))


def shifted(share: float, log_odds: float) -> float:
    """A share after its log odds are shifted; exactly the share when the shift is nothing."""
    if log_odds == 0.0 or share <= 0.0 or share >= 1.0:
        return share
    return 1.0 / (1.0 + exp(-(logit(share) + log_odds)))
