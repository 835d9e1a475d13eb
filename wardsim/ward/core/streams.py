"""Random streams keyed by name and by entity, never by position.

A stream is opened by (seed, replication, stream, entity). What one entity draws can therefore never depend on what another
does, on the order of events, or on an option that a scenario turns: two options see the same referrals, the same latent
courses, the same sickness. Method: PCG64 from ``SeedSequence(seed, spawn_key=(replication, stream, *entity))``; uniforms
drawn in fixed-size blocks. Adding a stream at the end of `Stream` never moves another; numbers are never reused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from .compiled import COMPILED

if TYPE_CHECKING:
    from mypy_extensions import i64

BLOCK: Final = 64
"""Uniforms drawn at a time. Part of the reproducibility contract: changing it changes every result."""


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
        Replication number, 0 or greater.
    """

    __slots__ = ("_root", "_words", "replication", "seed")

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._words = (seed & _WORD, seed >> 32, 0, 0, replication)
        self._root = _mix((_mix(seed ^ _GOLDEN) + _GOLDEN + replication) & _MASK)

    def generator(self, stream: Stream, *entity: int) -> np.random.Generator:
        """Return a fresh generator of one entity's stream (about 10 microseconds).

        The words are those into which ``SeedSequence(seed, spawn_key=(replication, stream, *entity))`` turns its arguments
        when each part of the key fits into 32 bits; given as one array they take half the time.
        """
        words = (*self._words, int(stream), *entity)
        if min(words) < 0 or max(words) > _WORD:
            raise ValueError(f"stream keys are numbers from 0 to 2**32 - 1: {entity}")
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(np.array(words, dtype=np.uint32))))

    def uniforms(self, stream: Stream, *entity: int) -> Callable[[], float]:
        """Return a function that gives one uniform in [0, 1) a call, in the stream's own order."""
        return _blocks(self.generator(stream, *entity)).__next__

    def row(self, stream: Stream, *entity: int, n: int = BLOCK) -> list[float]:
        """Return the first `n` uniforms of the stream as a list: draw number i is always element i."""
        row: list[float] = self.generator(stream, *entity).random(n).tolist()
        return row

    def indexed(self, stream: Stream, *entity: int) -> Indexed:
        """Return the stream as an endless list of uniforms addressed by occasion."""
        return Indexed(self, stream, entity)

    def hashed(self, stream: Stream, *entity: int) -> Hashed:
        """Return the stream as uniforms addressed by occasion, without drawing a block: for many entities with few draws each."""
        state = self._root
        for part in (int(stream), *entity):
            state = _mix((state + _GOLDEN + part) & _MASK)
        return Hashed(state)

    def in_turn(self, stream: Stream, *entity: int, taken: int = 0) -> InTurn:
        """Return the uniforms of `hashed` one a call, occasion by occasion, after the first `taken` of them."""
        return InTurn(self.hashed(stream, *entity), taken)


_WORD: Final = 0xFFFFFFFF
_MASK: Final = 0xFFFFFFFFFFFFFFFF
_GOLDEN: Final = 0x9E3779B97F4A7C15
_TO_UNIT: Final = 2.0**-53


def _mix(z: int) -> int:
    """Finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


class Hashed:
    """Uniforms addressed by occasion, each a SplitMix64 hash of (key, occasion).

    Opening costs 4 microseconds against 30 for a block generator and a draw 0.4 against 0.1: cheaper up to some 80 draws.
    """

    __slots__ = ("_key", "_word")

    def __init__(self, key: int) -> None:
        self._key = key
        self._word: i64 = key - (key >> 63 << 64)
        """The same 64 bits, read as a number with a sign."""

    def __getitem__(self, occasion: int) -> float:
        if COMPILED:
            return _hashed(self._word, occasion)
        z = (self._key + occasion * _GOLDEN) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((z ^ (z >> 31)) >> 11) * _TO_UNIT


def _hashed(word: i64, occasion: i64) -> float:
    """What `Hashed` gives, in the arithmetic of a compiled ward, whose numbers of 64 bits wrap round and carry a sign.

    The three factors are those of `Hashed` less 2**64; what a shift to the right brings in from the sign is cut off.
    """
    z = word + occasion * -0x61C8864680B583EB
    z = (z ^ ((z >> 30) & 0x3FFFFFFFF)) * -0x40A7B892E31B1A47
    z = (z ^ ((z >> 27) & 0x1FFFFFFFFF)) * -0x6B2FB644ECCEEE15
    top: int = ((z ^ ((z >> 31) & 0x1FFFFFFFF)) >> 11) & 0x1FFFFFFFFFFFFF
    return top * _TO_UNIT


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


class Indexed:
    """Uniforms addressed by occasion number: asking for number 40 first changes nothing for number 3."""

    __slots__ = ("_draws", "_generator")

    def __init__(self, streams: Streams, stream: Stream, entity: tuple[int, ...]) -> None:
        self._generator = streams.generator(stream, *entity)
        self._draws: list[float] = self._generator.random(BLOCK).tolist()

    def __getitem__(self, occasion: int) -> float:
        draws = self._draws
        while occasion >= len(draws):
            draws.extend(self._generator.random(BLOCK).tolist())
        return draws[occasion]

    def span(self, first: int, n: int) -> list[float]:
        """Draws `first` to `first + n - 1`."""
        draws = self._draws
        while first + n > len(draws):
            draws.extend(self._generator.random(BLOCK).tolist())
        return draws[first : first + n]


def _blocks(generator: np.random.Generator) -> Iterator[float]:
    while True:
        yield from generator.random(BLOCK).tolist()
