"""The dispatcher: gives work to named people, by priority, all of a team or none, and takes it back when something urgent comes.

It owns who is free, what is in hand and what waits. It does not know what work means: kinds of work are declared in `work`,
and whoever submits a task learns how it ended through the task's `on_end`. One SimPy event a piece of work begun.

Rules
-----
* A free person is given the waiting task of highest priority (lowest number), oldest first, that the person may do. A task for
  several people starts when all are free at once, or not at all.
* Among free people those with the fewest other uses go first (a therapist leads a group before a nurse does; healthcare
  assistants before registered nurses), then whoever has worked least this shift, then whoever became free first.
* A kind that `preempts` may take people out of work in hand that `yields_to` its priority: the least urgent work first, the
  latest begun first.
* Interrupted work resumes with the minutes that remain and its old place in the queue, or ends cut short, as its kind says.
* Work not begun by its expiry is a fact: not done.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import simpy

from ..core.clock import AT_END_OF_WORK, At
from ..core.facts import Facts
from ..staff.people import DOCTOR, HCA, NA, NURSING, RN, THERAPISTS, WARD_MANAGER, Person

INFINITY = float("inf")
NAN = float("nan")

DONE = "done"
CUT_SHORT = "cut_short"
NOT_DONE = "not_done"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work.

    Attributes
    ----------
    code : int
        Fixed number; keys the stream of durations.
    name : str
        Name in the facts.
    priority : int
        0 most urgent.
    roles : int
        Role bits that may do it.
    activity : str
        direct, indirect, service, break, study: where its minutes belong in the staff time ledger.
    people : int
        Usual team.
    preempts : bool
        Whether it may take people out of other work.
    yields_to : int
        It may be interrupted by preempting work of this priority or more urgent; -1: by nothing.
    resumes : bool
        Interrupted, it goes back to the queue with the rest (True) or ends cut short (False).
    contact, therapeutic : bool
        Minutes with a patient; minutes meant as therapy.
    away : bool
        The person is off the ward (an escort) or behind a door (office, break): no eyes on the ward.
    hand_over : bool
        At the end of a shift it is always handed on, whatever the policy (constant observation).
    """

    code: int
    name: str
    priority: int
    roles: int
    activity: str
    people: int = 1
    preempts: bool = False
    yields_to: int = 2
    resumes: bool = True
    contact: bool = False
    therapeutic: bool = False
    away: bool = False
    hand_over: bool = False


class Task:
    """One piece of work. `outcome` is set when it has ended; `delivered` counts minutes of work on it, once however many do it."""

    __slots__ = (
        "avoid", "course", "created", "delivered", "expires", "id", "kind", "minutes", "note", "on_end", "only", "outcome",
        "patient", "people", "planned", "roles", "seq", "staff", "started", "token", "worked_since", "yields_to",
    )  # fmt: skip

    def __init__(self, id: int, kind: Kind, patient: int, minutes: float, created: float) -> None:
        self.id = id
        self.kind = kind
        self.patient = patient
        self.minutes = minutes
        """Minutes that remain."""
        self.planned = minutes
        self.created = created
        self.started = NAN
        self.worked_since = 0.0
        self.delivered = 0.0
        self.expires = INFINITY
        self.roles = kind.roles
        self.people = kind.people
        self.yields_to = kind.yields_to
        self.course: str | None = None
        """Only people in date for this course may do it."""
        self.only: Person | None = None
        self.avoid: Person | None = None
        self.staff: list[Person] = []
        self.on_end: Callable[[Task], None] | None = None
        self.outcome = ""
        self.seq = id
        self.token = 0
        self.note: object = None
        """Whatever the submitter wants back in `on_end`."""

    def __lt__(self, other: Task) -> bool:
        return self.seq < other.seq


Entry = tuple[int, int, Task]

_TURN = {HCA: 1, NA: 1, RN: 2, WARD_MANAGER: 3, DOCTOR: 0, **{role: 0 for role in (16, 32, 64) if role & THERAPISTS}}
"""Whose turn is first among free people who may do a task: those with the fewest other uses on the ward."""

class Dispatcher:
    """Gives work to the people on duty.

    Parameters
    ----------
    env : simpy.Environment
        The clock.
    facts : Facts
        Where segments, tasks and duty are written.
    end_of_shift : str
        finish, hand_over or stop.
    """

    def __init__(self, env: simpy.Environment, facts: Facts, end_of_shift: str = "hand_over") -> None:
        self.env = env
        self.end_of_shift = end_of_shift
        self.on_duty: list[Person] = []
        self.free: list[Person] = []
        self.ended: list[Callable[[Task], None]] = []
        """Called with every task that has ended, after its own `on_end`."""
        self.came_on_duty: list[Callable[[Person], None]] = []
        """Called with every person who has come on duty, before waiting work is given out."""
        self.left_duty: list[Callable[[Person], None]] = []
        """Called with every person who has gone off duty."""
        self._waiting: dict[int, list[Entry]] = {}
        self._by_role: dict[int, list[list[Entry]]] = {}
        self._named: dict[int, list[Entry]] = {}
        self._loose: list[Person] = []
        self._again: list[Task] = []
        self._leaving: set[int] = set()
        self._next_id = 0
        self._closed = False
        self._segments = facts.segment
        self._tasks = facts.task
        self._duty = facts.duty
        self.version = 0
        """Grows with each change of who is on duty: observers of the team know when to look again."""

    # -- people -------------------------------------------------------------------------------------------------------------

    def start_duty(self, person: Person, shift: str, planned_end: float, *, contracted: bool = True) -> None:
        """Put a person on duty, free for work."""
        person.on_duty = True
        person.duty_start = self.env.now
        person.duty_end = planned_end
        person.shift = shift
        person.worked = 0.0
        person.task = None
        person.extra["contracted"] = 1.0 if contracted else 0.0
        self.on_duty.append(person)
        self.free.append(person)
        self.version += 1
        for call in self.came_on_duty:
            call(person)
        self._loose.append(person)
        self._settle()

    def end_duty(self, person: Person) -> None:
        """End a person's shift by the policy; a person held by an emergency stays until it ends."""
        if not person.on_duty:
            return
        self._leaving.add(person.id)
        task = person.task
        if task is None:
            self._off(person)
            return
        kind = task.kind
        if kind.priority == 0 or (self.end_of_shift == "finish" and not kind.hand_over):
            return
        resume = kind.hand_over or (kind.resumes and self.end_of_shift == "hand_over")
        self._conclude(task, self._stop(task), resume=resume)
        self._settle()

    def _off(self, person: Person) -> None:
        self._leaving.discard(person.id)
        person.on_duty = False
        self.on_duty.remove(person)
        if person in self.free:
            self.free.remove(person)
        for entry in self._named.pop(person.id, ()):
            self._not_done(entry[2], self.env.now)
        self._duty.append(
            (
                person.duty_start, self.env.now, person.id, person.role_name, person.band, person.employment,
                person.shift, person.duty_end, int(person.extra.get("contracted", 1.0)),
            )
        )  # fmt: skip
        self.version += 1
        for call in self.left_duty:
            call(person)

    def count_free(self, roles: int = NURSING) -> int:
        """How many people of these roles are free now."""
        return sum(1 for p in self.free if p.role & roles)

    def eyes_on_ward(self, roles: int = NURSING) -> int:
        """How many people of these roles are on the ward floor: on duty and not away in office, break or escort."""
        return sum(1 for p in self.on_duty if p.role & roles and (p.task is None or not p.task.kind.away))

    def waiting_count(self, roles: int = NURSING) -> int:
        """How many tasks wait for people of these roles."""
        return sum(len(queue) for mask, queue in self._waiting.items() if mask & roles)

    # -- work ---------------------------------------------------------------------------------------------------------------

    def submit(
        self,
        kind: Kind,
        minutes: float,
        patient: int = -1,
        *,
        expires: float = INFINITY,
        on_end: Callable[[Task], None] | None = None,
        only: Person | None = None,
        avoid: Person | None = None,
        people: int = 0,
        roles: int = 0,
        course: str | None = None,
        yields_to: int | None = None,
        note: object = None,
    ) -> Task:
        """Ask for a piece of work; it starts at once if the people are free (or may be taken), else it waits.

        Parameters
        ----------
        kind : Kind
            What it is.
        minutes : float
            How long it takes once begun.
        patient : int
            Patient id, or -1 for work of the whole ward.
        expires : float
            Time after which it is no longer begun, and counts as not done.
        on_end : callable, optional
            Called with the task once it has an outcome.
        only, avoid : Person, optional
            The one person who may, or may not, do it.
        people, roles : int
            Team and role bits other than the kind's own (0: the kind's).
        course : str, optional
            Only people in date for this course.
        """
        now = self.env.now
        task = Task(self._next_id, kind, patient, minutes, now)
        self._next_id += 1
        task.expires = expires
        task.on_end = on_end
        task.only = only
        task.avoid = avoid
        task.note = note
        task.course = course
        if people:
            task.people = people
        if roles:
            task.roles = roles
        if yields_to is not None:
            task.yields_to = yields_to
        if self._closed:
            self._end(task, CANCELLED, now)
        elif only is not None and not only.on_duty:
            self._not_done(task, now)
        else:
            if not self._try(task):
                self._queue(task)
            if self._again or self._loose:
                self._settle()
        return task

    def respond(
        self, kind: Kind, patient: int, want: int, *, roles: int = NURSING, course: str | None = None, exclude: Iterable[Person] = ()
    ) -> Task | None:
        """Send up to `want` people to an emergency at once and hold them until `finish`; None if nobody at all can go.

        People in date for `course` go first, then free people, then those whose work yields; fewer than wanted may come.
        """
        now = self.env.now
        shut_out = {p.id for p in exclude}
        able: list[tuple[int, int, int, float, int, Person]] = []
        for order, person in enumerate(self.on_duty):
            if not person.role & roles or person.id in shut_out or person.id in self._leaving:
                continue
            task = person.task
            if task is not None and task.yields_to < kind.priority:
                continue
            trained = 0 if course is None or person.valid_until.get(course, -INFINITY) > now else 1
            able.append((0 if task is None else 1, trained, 0 if task is None else -task.kind.priority, person.worked, order, person))
        if not able:
            return None
        able.sort(key=lambda a: a[:5])
        if course is not None and want > 1:
            able.sort(key=lambda a: (a[1], a[0]))
        chosen = [a[5] for a in able[:want]]
        emergency = Task(self._next_id, kind, patient, INFINITY, now)
        self._next_id += 1
        self._take(chosen, emergency, chosen)
        self._settle()
        return emergency

    def join(self, task: Task, people: Iterable[Person]) -> None:
        """Add people, free or in work that yields, to an emergency in hand."""
        self._close_segments(task)
        arriving = list(people)
        self._take(arriving, task, [*task.staff, *arriving])
        self._settle()

    def finish(self, task: Task) -> None:
        """End a held task now."""
        if task.outcome == "" and task.staff:
            self._complete(task)

    def cancel(self, task: Task) -> None:
        """Take a task back: it waits no longer, or stops at once."""
        if task.outcome:
            return
        if task.staff:
            self._conclude(task, self._stop(task), resume=False, outcome=CANCELLED)
            self._settle()
        else:
            self._end(task, CANCELLED, self.env.now)

    def cancel_patient(self, patient: int) -> None:
        """Take back all waiting and running work for a patient who is no longer here."""
        for queue in (*self._waiting.values(), *self._named.values()):
            for entry in queue:
                if entry[2].patient == patient and not entry[2].outcome:
                    self._end(entry[2], CANCELLED, self.env.now)
        for person in tuple(self.on_duty):
            task = person.task
            if task is not None and task.patient == patient and task.kind.priority > 0:
                self._conclude(task, self._stop(task), resume=False, outcome=CANCELLED)
        self._settle()

    def sweep(self) -> None:
        """Write down as not done whatever has waited past its expiry, and forget what was cancelled."""
        now = self.env.now
        for queue in (*self._waiting.values(), *self._named.values()):
            if any(entry[2].outcome or entry[2].expires <= now for entry in queue):
                keep: list[Entry] = []
                late: list[Task] = []
                for entry in queue:
                    task = entry[2]
                    if task.outcome:
                        continue
                    if task.expires <= now:
                        late.append(task)
                    else:
                        keep.append(entry)
                queue[:] = keep
                for task in late:
                    self._not_done(task, task.expires)

    def close(self) -> None:
        """End of the run: close the work in hand and the shifts of everyone on duty, so that every minute is accounted for."""
        self._closed = True
        for person in tuple(self.on_duty):
            if person.task is not None:
                self._conclude(person.task, self._stop(person.task), resume=False)
        for person in tuple(self.on_duty):
            self._off(person)
        for queue in (*self._waiting.values(), *self._named.values()):
            for entry in tuple(queue):
                if not entry[2].outcome:
                    self._end(entry[2], NOT_DONE if entry[2].expires <= self.env.now else CANCELLED, self.env.now)
            queue.clear()

    # -- inside -------------------------------------------------------------------------------------------------------------

    def _able(self, person: Person, task: Task) -> bool:
        return (
            bool(person.role & task.roles)
            and person is not task.avoid
            and (task.only is None or person is task.only)
            and (task.course is None or person.valid_until.get(task.course, -INFINITY) > self.env.now)
            and person.id not in self._leaving
        )

    def _choose(self, candidates: list[Person], n: int) -> list[Person]:
        if n == 1:
            best = candidates[0]
            if len(candidates) > 1:
                turn, worked = _TURN[best.role], best.worked
                for p in candidates:
                    t = _TURN[p.role]
                    if t < turn or (t == turn and p.worked < worked):
                        best, turn, worked = p, t, p.worked
            return [best]
        return sorted(candidates, key=lambda p: (_TURN[p.role], p.worked))[:n]

    def _try(self, task: Task) -> bool:
        """Start a task now if its people are free, or may be taken from other work."""
        if task.only is not None:
            person = task.only
            if not person.on_duty or person.id in self._leaving:
                return False
            held = person.task
            if held is None:
                self._begin(task, [person])
                return True
            urgent = task.kind.priority
            if task.kind.preempts and held.yields_to >= urgent and held.kind.priority > urgent:
                self._take([person], task, [person])
                return True
            return False
        roles = task.roles
        anyone = task.course is None and task.avoid is None
        candidates = [p for p in self.free if p.role & roles and (anyone or self._able(p, task))]
        short = task.people - len(candidates)
        if short <= 0:
            self._begin(task, self._choose(candidates, task.people))
            return True
        if not task.kind.preempts:
            return False
        priority = task.kind.priority
        others = [
            p for p in self.on_duty
            if p.task is not None and p.task.yields_to >= priority and p.task.kind.priority > priority and self._able(p, task)
        ]  # fmt: skip
        if len(others) < short:
            return False
        others.sort(key=lambda p: (-p.task.kind.priority, -p.task.worked_since))  # type: ignore[union-attr]
        taken = others[:short]
        self._take(taken, task, candidates + taken)
        return True

    def _take(self, people: list[Person], task: Task, team: list[Person]) -> None:
        """Interrupt what these people have in hand and put the whole team on the task; only then does anybody hear of it."""
        stopped: list[tuple[Task, list[Person]]] = []
        for person in people:
            if person.task is not None:
                stopped.append((person.task, self._stop(person.task)))
        self._begin(task, team, hold=task.minutes == INFINITY)
        for other, staff in stopped:
            self._conclude(other, staff, resume=other.kind.resumes)

    def _begin(self, task: Task, staff: list[Person], *, hold: bool = False) -> None:
        now = self.env.now
        if task.started != task.started:
            task.started = now
        task.worked_since = now
        task.staff = staff
        free = self.free
        for person in staff:
            if person.task is None:
                free.remove(person)
            person.task = task
        task.token += 1
        if not hold:
            At(self.env, task.minutes, self._due, (task, task.token), AT_END_OF_WORK)

    def _due(self, event: At) -> None:
        task, token = event._value
        if task.token == token:
            self._complete(task)

    def _close_segments(self, task: Task) -> None:
        now = self.env.now
        since = task.worked_since
        span = now - since
        if span > 0.0:
            kind = task.kind.name
            for person in task.staff:
                person.worked += span
                self._segments.append((since, now, person.id, person.role_name, kind, task.patient, task.id))
            task.delivered += span
        task.worked_since = now

    def _complete(self, task: Task) -> None:
        task.staff = self._stop(task)
        self._end(task, DONE, self.env.now)
        task.staff = []
        if self._again or self._loose:
            self._settle()

    def _stop(self, task: Task) -> list[Person]:
        """Take everyone off a task; they are free, or go home if their shift is over. Returns who it was."""
        self._close_segments(task)
        staff = task.staff
        task.staff = []
        task.token += 1
        for person in staff:
            person.task = None
            self.free.append(person)
            self._loose.append(person)
        if self._leaving:
            for person in staff:
                if person.id in self._leaving:
                    self._off(person)
        return staff

    def _conclude(self, task: Task, staff: list[Person], *, resume: bool, outcome: str = CUT_SHORT) -> None:
        """What becomes of work that was stopped: back to wait with the rest of it, or ended."""
        task.minutes = max(task.planned - task.delivered, 0.0)
        if resume and task.expires > self.env.now and (task.only is None or task.only.on_duty):
            self._again.append(task)
        else:
            task.staff = staff
            self._end(task, outcome, self.env.now)
            task.staff = []

    def _queue(self, task: Task) -> None:
        entry = (task.kind.priority, task.seq, task)
        if task.only is not None:
            insort(self._named.setdefault(task.only.id, []), entry)
            return
        queue = self._waiting.get(task.roles)
        if queue is None:
            queue = self._waiting[task.roles] = []
            for bit in range(8):
                if task.roles >> bit & 1:
                    self._by_role.setdefault(1 << bit, []).append(queue)
        insort(queue, entry)

    def _not_done(self, task: Task, when: float) -> None:
        if not task.outcome:
            self._end(task, NOT_DONE if task.delivered == 0.0 else CUT_SHORT, when)

    def _end(self, task: Task, outcome: str, when: float) -> None:
        task.outcome = outcome
        kind = task.kind
        self._tasks.append(
            (task.created, task.started, when, task.id, kind.name, task.patient, outcome, task.planned, task.delivered, task.people)
        )
        if task.on_end is not None:
            task.on_end(task)
        for call in self.ended:
            call(task)

    def _settle(self) -> None:
        """Put interrupted work back, then give waiting work to the people who have become free.

        Nobody else need look: work that waits is work that those who were free already could not begin.
        """
        if self._closed:
            self._again.clear()
            self._loose.clear()
            return
        late: list[Task] = []
        while self._again or self._loose:
            if self._again:
                task = self._again.pop(0)
                if not task.outcome and not self._try(task):
                    self._queue(task)
                continue
            person = self._loose.pop(0)
            if person.task is None and person.on_duty:
                found = self._next_for(person, late)
                if found is None:
                    continue
                if found.people == 1:
                    self._begin(found, [person])
                else:
                    others = [p for p in self.free if p is not person and self._able(p, found)]
                    self._begin(found, [person, *self._choose(others, found.people - 1)])
        for task in late:
            self._not_done(task, task.expires)

    def _next_for(self, person: Person, late: list[Task]) -> Task | None:
        """Take from the queues the most urgent task this free person can begin; tasks found expired go to `late`."""
        now = self.env.now
        best: Entry | None = None
        best_queue: list[Entry] = []
        best_at = 0
        queues = self._by_role.get(person.role, ())
        named = self._named.get(person.id)
        if named:
            queues = (*queues, named)
        for queue in queues:
            if not queue:
                continue
            i = 0
            while i < len(queue):
                entry = queue[i]
                if best is not None and entry > best:
                    break
                task = entry[2]
                if task.outcome:
                    del queue[i]
                elif task.expires <= now:
                    del queue[i]
                    late.append(task)
                elif (
                    task.avoid is None and task.course is None and task.people == 1
                ) or (self._able(person, task) and (task.people == 1 or self._team_free(task))):
                    best, best_queue, best_at = entry, queue, i
                    break
                else:
                    i += 1
        if best is None:
            return None
        del best_queue[best_at]
        return best[2]

    def _team_free(self, task: Task) -> bool:
        return sum(1 for p in self.free if self._able(p, task)) >= task.people
