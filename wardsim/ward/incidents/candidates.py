"""Candidates of incidents: a Poisson process a patient on calendar time, thinned once by what is exogenous.

Calendar time is cut into blocks. The candidates of one block come from the stream of (patient key, block): their number, times
and marks depend on nothing else, so they are the same whenever the patient is admitted and whatever the ward does. One uniform
mark decides both type and acceptance: the types' bounds are stacked, the mark falls into one segment, and its place inside is
compared with that type's intensity. The exogenous part of that comparison is done here for the whole block at once. What is
left of a candidate is a time, a type, and `needs`: the product of ward terms that it takes to make it an incident.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Final

from ..core.clock import DAY
from ..core.points import points
from ..core.streams import Stream, Streams
from .intensity import AGGRESSION, Profile, Rates
from .outcomes import Rows

BLOCK: Final = 28.0 * DAY
"""Minutes of one block of candidates. Part of the reproducibility contract."""

FIRST_BLOCK: Final = 4096
"""Added to block numbers, which are negative in a burn-in; stream keys are not."""

MINUS_INFINITY: Final = float("-inf")


class Track:
    """One patient's candidates, and where in them the ward is.

    Attributes
    ----------
    times, needs, kinds, numbers : list
        Surviving candidates of the block in order of time.
    late : list of bool
        Whether each can become an incident only with an open window after a limit: it is looked at only when one opens.
    place, passed : int
        The next candidate that waits for no window; up to where candidates are past, as far as the ward has looked for late ones.
    token : int
        Grows when the patient's exposure starts or stops; callbacks with an older token are void.
    since : float
        Start of the exposure in hand, NaN when not exposed.
    scheduled_to : float
        Candidates in windows are scheduled up to here.
    """

    __slots__ = (
        "away",
        "block",
        "kinds",
        "late",
        "needs",
        "numbers",
        "passed",
        "patient",
        "place",
        "profile",
        "rows",
        "scheduled_to",
        "since",
        "times",
        "token",
        "treated_at",
    )  # fmt: skip

    def __init__(self, patient: Any, profile: Profile, *, away: bool) -> None:
        self.patient = patient
        self.profile = profile
        self.away = away
        self.block = -FIRST_BLOCK - 1
        self.treated_at = patient.treated_at
        self.rows: Rows | None = None
        self.times: list[float] = []
        self.needs: list[float] = []
        self.kinds: list[int] = []
        self.numbers: list[int] = []
        self.late: list[bool] = []
        self.place = 0
        self.passed = 0
        self.token = 0
        self.since = float("nan")
        self.scheduled_to = MINUS_INFINITY

    @property
    def exposed(self) -> bool:
        """Whether the patient is on the ward (or in a bed elsewhere) and not secluded."""
        return self.since == self.since

    def come_home(self, now: float) -> None:
        """Repatriated: the candidates stay the patient's own; windows that had been open before would have been elsewhere."""
        self.away = False
        for place in range(bisect_right(self.times, now)):
            self.late[place] = False


class Candidates:
    """Draws and thins candidates.

    Parameters
    ----------
    streams : Streams
        Source of chance.
    rates : Rates
        Exogenous intensities.
    early : float
        Highest product of ward terms that an aggression can meet while no window is open: candidates that need more are marked
        (`Track.late`). Infinity marks none.
    """

    def __init__(self, streams: Streams, rates: Rates, early: float) -> None:
        self._streams = streams
        self._rates = rates
        self._early = early
        self.drawn = 0
        self.survived = 0

    def load(self, track: Track, block: int, since: float) -> None:
        """Put the block's candidates after `since` into the track."""
        patient = track.patient
        track.block = block
        track.rows = None
        track.treated_at = patient.treated_at
        track.place = track.passed = 0
        track.scheduled_to = MINUS_INFINITY
        times, needs, kinds, numbers = self.survivors(patient, track.profile, block, since)
        track.times, track.needs, track.kinds, track.numbers = times.tolist(), needs.tolist(), kinds.tolist(), numbers.tolist()
        early = self._early
        track.late = [kind < AGGRESSION and need > early for kind, need in zip(track.kinds, track.needs, strict=True)]

    def survivors(self, patient: Any, profile: Profile, block: int, since: float) -> tuple[Any, Any, Any, Any]:
        """Times, needs, types and numbers of the candidates of one block after `since` that pass the exogenous thinning."""
        rates = self._rates
        draws = self._streams.hashed(Stream.CANDIDATES, *patient.key, block + FIRST_BLOCK)
        places, marks = points(draws, profile.total * BLOCK)
        self.drawn += len(places)
        times = (block + places) * BLOCK
        first = int(times.searchsorted(since, side="right"))
        times = times[first:]
        place = marks[first:] * profile.total
        kinds = profile.cumulative[:-1].searchsorted(place, side="right")
        place -= profile.lower.take(kinds)
        exogenous = rates.many(patient, profile, times, kinds)
        kept = (place < exogenous * rates.cap.take(kinds)).nonzero()[0]
        self.survived += len(kept)
        return times.take(kept), place.take(kept) / exogenous.take(kept), kinds.take(kept), kept + first

    def rows(self, track: Track) -> Rows:
        """The rows of outcomes of the track's block."""
        if track.rows is None:
            track.rows = Rows(self._streams, *track.patient.key, track.block + FIRST_BLOCK)
        return track.rows

    def in_window(self, track: Track, now: float, until: float) -> list[int]:
        """Places of the late candidates in (now, until] not yet scheduled."""
        times = track.times
        n = len(times)
        place = track.passed
        while place < n and times[place] <= now:
            place += 1
        track.passed = place
        scheduled = track.scheduled_to
        track.scheduled_to = until
        found: list[int] = []
        while place < n and times[place] <= until:
            if track.late[place] and times[place] > scheduled:
                found.append(place)
            place += 1
        return found


def block_of(time: float) -> int:
    """Block of calendar time that holds a time."""
    return int(time // BLOCK)
