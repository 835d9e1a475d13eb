"""Random streams keyed by name and by entity, never by position.

A stream is opened by (seed, replication, stream, entity) and read by occasion: draw number 40 is the same number whether or not
number 3 has been asked for. What one entity draws can therefore never depend on what another does, on the order of events, or
on an option that a scenario turns: two options see the same referrals, the same latent courses, the same sickness. Adding a
stream at the end of `Stream` never moves another; numbers are never reused.

Method: nothing is drawn one after the other. The parts of the key are taken up one by one into 64 bits, which give the stream's
first state and an odd step of its own; draw n is the SplitMix64 hash of state + n x step (Steele, Lea and Flood 2014). Two
streams whose states lie near each other part at once, as their steps differ; one stream repeats after 2**64 draws. A generator that
has to be opened (PCG64 from a `SeedSequence`) costs 10 microseconds a stream before its first number; the ward opens thousands
for a few draws each.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from .compiled import COMPILED
from .mixing import span, state_of, step_of, uniform, uniforms, with_part

if TYPE_CHECKING:
    from mypy_extensions import i64

BLOCK: Final = 64
"""Uniforms of a row unless it says otherwise."""
_MANY: Final = 400 if COMPILED else 24
"""From here on draws for a list are made all at once by numpy; the numbers are the same."""
_FEW: Final = 100 if COMPILED else 24
"""The same for an array."""


class Stream(IntEnum):
    """Every purpose for which the ward draws. Append only."""

    REFERRALS = 1  # (source)
    PATIENT = 2  # patient key: attributes, frailty, stay, delay
    ACUITY = 3  # patient key: shift-to-shift noise of the latent course
    CANDIDATES = 4  # patient key: incident candidate times and marks
    OUTCOME = 5  # patient key + candidate n: everything that follows one incident
    CONTAGION = 6  # patient key + candidate n: offspring
    DURATION = 7  # patient key or (0,0,0) for the ward, + kind: length of work, by occasion
    CONTACT = 8  # patient key + kind: is this contact one that sets a limit, by occasion
    COURSE = 9  # patient key: leave, observation, wishes, by day of stay
    STAFF = 10  # (post, occupant n): tenure, experience, attributes
    SICKNESS = 11  # (post, occupant n): sickness spells on calendar time
    LEAVE = 12  # (post, occupant n): annual and parental leave
    HIRING = 13  # (post, occupant n): time to hire
    INJURY = 14  # patient key + candidate n: injury, absence
    ROSTER = 15  # (post, occupant n): ties when a roster is drawn up
    BANK = 16  # (week) by day, shift, role, slot; (day, shift, role, slot) beyond slot 8: offers to bank and agency
    TRAINING = 17  # (post, occupant n, course): attendance, backfill, failure
    START = 18  # (entity kind, n): the drawn starting state
    WARD_DAY = 19  # (day): ward-level events of a day (visitors, calls, requests)
    READMISSION = 20  # patient key: readmission, by episode
    PROGRAMME = 21  # (programme): fidelity
    NEIGHBOUR = 22  # patient key + candidate n: responders from other wards
    DAILY = 23  # patient key: requests, sessions, escorts, care, by day since referral
    OBSERVATION = 24  # patient key: observation level at admission
    ATTENDANCE = 25  # patient key: joining a group, by day since referral
    COURSE_DAY = 26  # (course code): places that other wards leave on each course day, by session
    OVERNIGHT_LEAVE = 27  # patient key: overnight leave, two uniforms a day of stay
    PATHWAY = 28  # patient key: refusals of a physical check, by attempt
    LENDING = 29  # (week): sending somebody above the minimum to another ward, by day, shift and role


class Streams:
    """All randomness of one run.

    Parameters
    ----------
    seed : int
        Root seed, 0 to 2**63 - 1.
    replication : int
        Replication number, 0 to 2**32 - 1.
    """

    __slots__ = ("_root", "replication", "seed")

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._root: i64 = state_of(0, (seed & 0xFFFFFFFF, seed >> 32, replication))

    def hashed(self, stream: Stream, *entity: int) -> Hashed:
        """Return one entity's stream, read by occasion. Nothing is drawn yet.

        Raises
        ------
        ValueError
            If a part of the key is not from 0 to 2**32 - 1.
        """
        return self.of(stream, entity)

    def of(self, stream: Stream, entity: tuple[int, ...]) -> Hashed:
        """The same, of an entity whose key is at hand."""
        number: int = stream
        state = state_of(with_part(self._root, number), entity)
        return Hashed(state, step_of(state))

    def row(self, stream: Stream, *entity: int, n: int = BLOCK) -> list[float]:
        """Return the first `n` uniforms of the stream as a list: draw number i is always element i."""
        return self.of(stream, entity).span(0, n)

    def in_turn(self, stream: Stream, *entity: int, taken: int = 0) -> InTurn:
        """Return the uniforms of `hashed` one a call, occasion by occasion, after the first `taken` of them."""
        return InTurn(self.of(stream, entity), taken)


class Hashed:
    """Uniforms in [0, 1) addressed by occasion.

    Parameters
    ----------
    state : int
        64 bits that are the stream's own.
    step : int
        From one draw to the next, odd.
    """

    __slots__ = ("_state", "_step")

    def __init__(self, state: i64, step: i64) -> None:
        self._state: i64 = state
        self._step: i64 = step

    def __getitem__(self, occasion: int) -> float:
        return uniform(self._state, self._step, occasion)

    def span(self, first: int, n: int) -> list[float]:
        """Draws `first` to `first + n - 1`."""
        if n < _MANY:
            return span(self._state, self._step, first, n)
        draws: list[float] = uniforms(self._state, self._step, first, n).tolist()
        return draws

    def array(self, first: int, n: int) -> NDArray[np.float64]:
        """The same as an array."""
        return np.array(self.span(first, n)) if n < _FEW else uniforms(self._state, self._step, first, n)


class InTurn:
    """Hashed uniforms one a call.

    Attributes
    ----------
    taken : int
        How many have been given.
    """

    __slots__ = ("_row", "taken")

    def __init__(self, row: Hashed, taken: int) -> None:
        self._row = row
        self.taken = taken

    def __call__(self) -> float:
        return self.next(self.taken)

    def next(self, first: int) -> float:
        """The next one, at occasion `first` or later."""
        occasion = self.taken
        if occasion < first:
            occasion = first
        self.taken = occasion + 1
        return self._row[occasion]
