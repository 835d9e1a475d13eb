"""Training done on duty, in pieces, when there is time: e-learning alone, and short sessions with a trainer on the ward.

A piece is work like any other, of the lowest priorities, so a busy shift leaves none; what was begun goes on in a later piece or
on a later shift. `E_LEARNING` may be taken up on any shift; `ON_WARD_TRAINING` only on the course days on which the trainer
is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from ..core.clock import AT_NEW_WORK, DAY, HOUR, At, Later
from ..core.context import Context
from ..staff.people import Person
from ..work.in_hand import Note
from ..work.kinds import E_LEARNING, ON_WARD_TRAINING
from ..work.task import DONE, Task
from .booking import COMPLETE, PART
from .courses import E_LEARNING as BY_E_LEARNING
from .courses import ON_WARD, Spec
from .records import Need
from .release import NO_TIME

if TYPE_CHECKING:
    from .booking import Bookings

TRAINER_HOURS: Final = (9.0 * HOUR, 17.0 * HOUR)
"""When a trainer is on the ward."""

ENOUGH: Final = 0.5
"""Minutes; less than this is left undone."""


class Piece:
    """Study planned for one person on one shift."""

    __slots__ = ("left", "need", "since")

    def __init__(self, need: Need, left: float, since: float) -> None:
        self.need = need
        self.left = left
        self.since = since


class SelfStudy:
    """Brings study to people on duty and counts what was done of it.

    Parameters
    ----------
    ctx : Context
    specs : dict of str to Spec
    needs : dict of int to dict of str to Need
        Needs by person id and course name.
    bookings : Bookings
        Where facts are written.
    finished : callable
        Called with a need and a time when its course is finished.
    """

    def __init__(
        self,
        ctx: Context,
        specs: dict[str, Spec],
        needs: dict[int, dict[str, Need]],
        bookings: Bookings,
        finished: Callable[[Need, float], None],
    ) -> None:
        p = ctx.p
        self._ctx = ctx
        self._needs = needs
        self._fact = bookings.fact
        self._finished = finished
        self._alone = [s.name for s in specs.values() if s.modality == BY_E_LEARNING and not s.booked]
        self._taught = [s for s in specs.values() if s.modality == ON_WARD]
        self._wait = p["training.quiet_after_min"]
        self._piece = {True: p["work.on_ward_training_min"], False: p["work.e_learning_min"]}
        self._most = {True: p["training.on_ward_max_min_per_day"], False: p["training.e_learning_max_min_per_shift"]}
        self._today: dict[str, tuple[int, int]] = {}
        """Courses taught on the ward today: name to (day, session)."""
        self._at_it: set[int] = set()
        """Ids of people with study planned on this shift."""
        self.notes = (
            Note("study", Piece, lambda q: (q.need.person.id, q.need.spec.name, q.left, q.since), self._piece_from),
        )

    def _piece_from(self, saved: tuple[int, str, float, float]) -> Piece:
        """Study planned before the ward was saved."""
        person, course, left, since = saved
        need = self._needs[person][course]
        self._at_it.add(person)
        return Piece(need, left, since)

    def shift_started(self) -> None:
        """A shift has begun: look round for study once it is under way."""
        if self._alone or self._taught:
            Later(self._ctx.env, self._wait, self._look, None, AT_NEW_WORK)

    def _look(self, _: At) -> None:
        now = self._ctx.env.now
        day = int(now // DAY)
        clock = now - day * DAY
        taught = self._taught_today(day) if TRAINER_HOURS[0] <= clock < TRAINER_HOURS[1] - 30.0 else []
        for person in tuple(self._ctx.dispatcher.on_duty):
            mine = self._needs.get(person.id)
            if mine is None or person.id in self._at_it:
                continue
            for spec, session in taught:
                need = mine.get(spec.name)
                if need is not None and need.open and spec.sessions.left(session) > 0:
                    spec.sessions.take(session)
                    self._begin(need, taught=True)
                    break
            else:
                self._alone_next(mine)

    def _alone_next(self, mine: dict[str, Need]) -> None:
        best: Need | None = None
        for name in self._alone:
            need = mine.get(name)
            if need is not None and need.open and (best is None or need.deadline < best.deadline):
                best = need
        if best is not None:
            self._begin(best, taught=False)

    def _taught_today(self, day: int) -> list[tuple[Spec, int]]:
        today = []
        for spec in self._taught:
            known = self._today.get(spec.name)
            if known is None or known[0] != day:
                sessions = spec.sessions.between(day, day)
                known = self._today[spec.name] = (day, sessions[0][0]) if sessions else (day, -(10**9))
            if known[1] != -(10**9):
                today.append((spec, known[1]))
        return today

    def _begin(self, need: Need, *, taught: bool) -> None:
        now = self._ctx.env.now
        minutes = min(self._most[taught], need.hours * 60.0 - need.done_min)
        if taught:
            need.asks += 1
            self._fact(need, "asked", minutes / 60.0)
            self._fact(need, "booked", minutes / 60.0)
        self._at_it.add(need.person.id)
        self._submit(Piece(need, minutes, now))

    def _submit(self, piece: Piece) -> None:
        person = piece.need.person
        now = self._ctx.env.now
        taught = piece.need.spec.modality == ON_WARD
        end = person.duty_end
        if taught:
            end = min(end, (now // DAY) * DAY + TRAINER_HOURS[1])
        self._ctx.dispatcher.submit(
            ON_WARD_TRAINING if taught else E_LEARNING,
            min(piece.left, self._piece[taught]),
            only=person,
            expires=end,
            on_end=self._ended,
            note=piece,
        )

    def _ended(self, task: Task) -> None:
        piece = cast("Piece", task.note)
        need = piece.need
        done = task.delivered
        if done > 0.0:
            piece.left -= done
            need.done_min += done
            complete = need.hours * 60.0 - need.done_min < ENOUGH
            self._fact(need, "attended", done / 60.0, COMPLETE if complete else PART)
            if complete:
                self._stop(piece)
                self._finished(need, self._ctx.env.now)
                return
        if task.outcome == DONE and piece.left >= ENOUGH and need.person.on_duty:
            # Not at once: whatever waits for this person goes first.
            Later(self._ctx.env, 0.0, self._again, piece, AT_NEW_WORK)
        else:
            self._stop(piece)

    def _again(self, event: At) -> None:
        piece = event._value
        if piece.need.person.on_duty and piece.need.open:
            self._submit(piece)
        else:
            self._stop(piece)

    def _stop(self, piece: Piece) -> None:
        """No more of it on this shift; a session booked and not held is called off."""
        need = piece.need
        self._at_it.discard(need.person.id)
        if need.spec.modality == ON_WARD and piece.left >= ENOUGH:
            self._fact(need, "cancelled", piece.left / 60.0, NO_TIME)
            need.reason = NO_TIME

    def left(self, person: Person) -> None:
        """Somebody has left for good."""
        self._at_it.discard(person.id)
