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

from collections.abc import Callable, Iterable
from typing import Any

from ..core.clock import AT_END_OF_WORK, Clock
from ..core.facts import Facts
from ..staff.people import NURSING, Person
from .choosing import able, first_free, first_of, interruptible, responders, take_out
from .task import CANCELLED, CUT_SHORT, DONE, INFINITY, NOT_DONE, Kind, Listener, Task
from .waiting import NOTHING, Waiting, take_expired


class Dispatcher:
    """Gives work to the people on duty.

    Parameters
    ----------
    env : Clock
        The clock.
    facts : Facts
        Where segments, tasks and duty are written.
    end_of_shift : str
        finish, hand_over or stop.
    """

    def __init__(self, env: Clock, facts: Facts, end_of_shift: str = "hand_over") -> None:
        self.env = env
        self.end_of_shift = end_of_shift
        self.on_duty: list[Person] = []
        self.free: list[Person] = []
        self.listeners: list[Listener] = []
        """They hear of every task that has ended, after its own `on_end`."""
        self.came_on_duty: list[Callable[[Person], None]] = []
        """Called with every person who has come on duty, before waiting work is given out."""
        self.left_duty: list[Callable[[Person], None]] = []
        """Called with every person who has gone off duty."""
        self.waiting = Waiting(self.free)
        """Work not begun, or interrupted."""
        self._loose: list[Person] = []
        """Who has become free, in that order, and (before `_looked`) who was given work: cheaper than a list emptied each time."""
        self._looked = 0
        self._again: list[Task] = []
        self._leaving: set[int] = set()
        self._next_id = 0
        self._closed = False
        self._segments = facts.table("segment")
        self._tasks = facts.table("task")
        self._duties = facts.table("duty")
        self.version = 0
        """Grows with each change of who is on duty: observers of the team know when to look again."""

    # -- people -------------------------------------------------------------------------------------------------------------

    def start_duty(self, person: Person, shift: str, planned_end: float, *, contracted: bool = True) -> None:
        """Put a person on duty, free for work."""
        now = self.env.now
        person.on_duty = True
        person.duty_start = now
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
        self._settle(now)

    def end_duty(self, person: Person) -> None:
        """End a person's shift by the policy; a person held by an emergency stays until it ends."""
        if not person.on_duty:
            return
        self._leaving.add(person.id)
        now = self.env.now
        task = person.task
        if task is None:
            self._off(person, now)
            return
        kind = task.kind
        if kind.priority == 0 or (self.end_of_shift == "finish" and not kind.hand_over):
            return
        resume = kind.hand_over or (kind.resumes and self.end_of_shift == "hand_over")
        self._conclude(task, self._stop(task, now), now, resume=resume)
        self._settle(now)

    def _off(self, person: Person, now: float) -> None:
        self._leaving.discard(person.id)
        person.on_duty = False
        self.on_duty.remove(person)
        if person in self.free:
            self.free.remove(person)
        for task in self.waiting.pop_named(person):
            self._not_done(task, now)
        self._duties.append(
            (
                person.duty_start, now, person.id, person.role_name, person.band, person.employment,
                person.shift, person.duty_end, int(person.extra.get("contracted", 1.0)),
            )
        )  # fmt: skip
        self.version += 1
        for call in self.left_duty:
            call(person)

    def eyes_on_ward(self, roles: int = NURSING) -> int:
        """How many people of these roles are on the ward floor: on duty and not away in office, break or escort."""
        return sum(1 for p in self.on_duty if p.role & roles and (p.task is None or not p.task.kind.away))

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
            if not self._try(task, now):
                self.waiting.add(task)
            if self._again or self._looked < len(self._loose):
                self._settle(now)
        return task

    def respond(
        self, kind: Kind, patient: int, want: int, *, roles: int = NURSING, course: str | None = None, exclude: Iterable[Person] = ()
    ) -> Task | None:
        """Send up to `want` people to an emergency at once and hold them until `finish`; None if nobody at all can go.

        People in date for `course` go first, then free people, then those whose work yields; fewer than wanted may come.
        """
        now = self.env.now
        chosen = responders(self.on_duty, kind, want, now, roles, course, self._leaving | {p.id for p in exclude})
        if not chosen:
            return None
        emergency = Task(self._next_id, kind, patient, INFINITY, now)
        self._next_id += 1
        self._take(chosen, emergency, chosen, now)
        self._settle(now)
        return emergency

    def join(self, task: Task, people: Iterable[Person]) -> None:
        """Add people, free or in work that yields, to an emergency in hand."""
        now = self.env.now
        self._count_work(task, now)
        arriving = list(people)
        self._take(arriving, task, [*task.staff, *arriving], now)
        self._settle(now)

    def finish(self, task: Task) -> None:
        """End a held task now."""
        if task.outcome == "" and task.staff:
            self.complete(task)

    def cancel(self, task: Task) -> None:
        """Take a task back: it waits no longer, or stops at once."""
        if task.outcome:
            return
        now = self.env.now
        if task.staff:
            self._conclude(task, self._stop(task, now), now, resume=False, outcome=CANCELLED)
            self._settle(now)
        else:
            self._end(task, CANCELLED, now)

    def cancel_patient(self, patient: int) -> None:
        """Take back all waiting and running work for a patient who is no longer here."""
        now = self.env.now
        for task in self.waiting:
            if task.patient == patient:
                self._end(task, CANCELLED, now)
        for person in tuple(self.on_duty):
            held = person.task
            if held is not None and held.patient == patient and held.kind.priority > 0:
                self._conclude(held, self._stop(held, now), now, resume=False, outcome=CANCELLED)
        self._settle(now)

    def sweep(self) -> None:
        """Write down as not done whatever has waited past its expiry."""
        now = self.env.now
        for queue in self.waiting.occupied():
            for task in take_expired(queue, now):
                self._not_done(task, task.expires)

    def close(self) -> None:
        """End of the run: close the work in hand and the shifts of everyone on duty, so that every minute is accounted for."""
        self._closed = True
        now = self.env.now
        for person in tuple(self.on_duty):
            if person.task is not None:
                self._conclude(person.task, self._stop(person.task, now), now, resume=False)
        for person in tuple(self.on_duty):
            self._off(person, now)
        for task in self.waiting:
            if task.expires <= now:
                self._not_done(task, task.expires)
            else:
                self._end(task, CANCELLED, now)
        self.waiting.clear()

    # -- saved and taken up -------------------------------------------------------------------------------------------------

    def in_hand(self) -> list[Task]:
        """Work that has not ended: what people are at, in the order in which they began it, then what waits."""
        begun = {person.task.id: person.task for person in self.on_duty if person.task is not None}
        return [*sorted(begun.values(), key=lambda task: (task.worked_since, task.id)), *self.waiting]

    def save(self) -> dict[str, Any]:
        """The next number, since when people have been on duty and at work, who is free (longest first), the queues."""
        return {
            "next_id": self._next_id,
            "on_duty": [[p.id, p.duty_start, p.worked] for p in self.on_duty],
            "free": [p.id for p in self.free],
            "queues": self.waiting.save(),
        }

    def take_up(self, state: dict[str, Any], tasks: Iterable[Task]) -> None:
        """Go on with the work of a saved ward; its people are on duty already.

        Parameters
        ----------
        state : dict
            What `save` gave.
        tasks : iterable of Task
            What `in_hand` gave, in that order.
        """
        now = self.env.now
        self._next_id = max(self._next_id, state["next_id"])
        people = {person.id: person for person in self.on_duty}
        for i, since, worked in state["on_duty"]:
            people[i].duty_start = since
            people[i].worked = worked
        place = {i: n for n, i in enumerate(state["free"])}
        self.free.sort(key=lambda person: place.get(person.id, len(place)))
        self.waiting.open(state["queues"])
        for task in tasks:
            if not task.staff:
                self.waiting.add(task)
                continue
            for person in task.staff:
                self.free.remove(person)
                person.task = task
            if task.minutes != INFINITY:
                self._end_after(task, task.worked_since + task.minutes - now)

    # -- inside -------------------------------------------------------------------------------------------------------------

    def _try(self, task: Task, now: float) -> bool:
        """Start a task now if its people are free, or may be taken from other work."""
        if task.only is not None:
            return self._try_only(task, task.only, now)
        if task.people == 1 and task.course is None and task.avoid is None:
            person = first_free(self.free, task.roles)
            if person is not None:
                self._begin(task, (person,), now)
                return True
            if not task.kind.preempts:
                return False
            taken = team = interruptible(self.on_duty, task, 1, now, self._leaving)
        else:
            candidates = [p for p in self.free if able(p, task, now) and p.id not in self._leaving]
            short = task.people - len(candidates)
            if short <= 0:
                self._begin(task, first_of(candidates, task.people), now)
                return True
            if not task.kind.preempts:
                return False
            taken = interruptible(self.on_duty, task, short, now, self._leaving)
            team = candidates + taken
        if not taken:
            return False
        self._take(taken, task, team, now)
        return True

    def _try_only(self, task: Task, person: Person, now: float) -> bool:
        """Start a task that only one person may do."""
        if not person.on_duty or person.id in self._leaving:
            return False
        held = person.task
        if held is None:
            self._begin(task, (person,), now)
            return True
        urgent = task.kind.priority
        if task.kind.preempts and held.yields_to >= urgent and held.kind.priority > urgent:
            self._take([person], task, [person], now)
            return True
        return False

    def _take(self, people: list[Person], task: Task, team: list[Person], now: float) -> None:
        """Interrupt what these people have in hand and put the whole team on the task; only then does anybody hear of it."""
        stopped: list[tuple[Task, tuple[Person, ...]]] = []
        for person in people:
            if person.task is not None:
                stopped.append((person.task, self._stop(person.task, now)))
        self._begin(task, tuple(team), now, hold=task.minutes == INFINITY)
        for other, staff in stopped:
            self._conclude(other, staff, now, resume=other.kind.resumes)

    def _begin(self, task: Task, staff: tuple[Person, ...], now: float, *, hold: bool = False) -> None:
        if task.started != task.started:
            task.started = now
        task.worked_since = now
        task.staff = staff
        for person in staff:
            if person.task is None:
                take_out(self.free, person)
            person.task = task
        if not hold:
            self._end_after(task, task.minutes)

    def _end_after(self, task: Task, minutes: float) -> None:
        task.dispatcher = self
        task.due = True
        self.env.put(task, minutes, AT_END_OF_WORK)

    def complete(self, task: Task) -> None:
        """End a task in hand: it is done."""
        now = self.env.now
        task.staff = self._stop(task, now)
        self._end(task, DONE, now)
        task.staff = ()
        if self._again or self._looked < len(self._loose):
            self._settle(now)

    def _count_work(self, task: Task, now: float) -> None:
        """Write down the time that the people on a task have worked on it since they began."""
        since = task.worked_since
        span = now - since
        if span > 0.0:
            for person in task.staff:
                person.worked += span
                self._segments.append((since, now, person.id, person.role_name, task.kind.name, task.patient, task.id))
            task.delivered += span
            task.worked_since = now

    def _stop(self, task: Task, now: float) -> tuple[Person, ...]:
        """Take everyone off a task; they are free, or go home if their shift is over. Returns who it was."""
        self._count_work(task, now)
        staff = task.staff
        task.staff = ()
        if task.due:
            task.due = False
            self.env.take_back(task)
        for person in staff:
            person.task = None
            self.free.append(person)
            self._loose.append(person)
        if self._leaving:
            for person in staff:
                if person.id in self._leaving:
                    self._off(person, now)
        return staff

    def _conclude(
        self, task: Task, staff: tuple[Person, ...], now: float, *, resume: bool, outcome: str = CUT_SHORT
    ) -> None:
        """What becomes of work that was stopped: back to wait with the rest of it, or ended."""
        task.minutes = max(task.planned - task.delivered, 0.0)
        if resume and task.expires > now and (task.only is None or task.only.on_duty):
            self._again.append(task)
        else:
            task.staff = staff
            self._end(task, outcome, now)
            task.staff = ()

    def _not_done(self, task: Task, when: float) -> None:
        if not task.outcome:
            self._end(task, NOT_DONE if task.delivered == 0.0 else CUT_SHORT, when)

    def _end(self, task: Task, outcome: str, when: float) -> None:
        task.outcome = outcome
        created: object = task.created  # of two times or lengths that are the same one object is enough
        started: object = created if task.started == task.created else task.started
        planned: object = task.planned
        delivered: object = planned if task.delivered == task.planned else task.delivered
        self._tasks.append(
            (created, started, when, task.id, task.kind.name, task.patient, outcome, planned, delivered, task.people)
        )
        if task.on_end is not None:
            task.on_end(task)
        for listener in self.listeners:
            listener.ended(task)

    def _settle(self, now: float) -> None:
        """Put interrupted work back, then give waiting work to the people who have become free.

        Nobody else need look: work that waits is work that those who were free already could not begin.
        """
        again, loose = self._again, self._loose
        if self._closed:
            again.clear()
            self._looked = len(loose)
            return
        late = NOTHING
        waiting = self.waiting
        while True:
            if again:
                task = again.pop(0) if len(again) > 1 else again.pop()
                if not task.outcome and not self._try(task, now):
                    waiting.add(task)
                continue
            if self._looked == len(loose):
                break
            person = loose[self._looked]
            self._looked += 1
            if person.task is not None or not person.on_duty:
                continue
            found = waiting.next_for(person, now)
            if waiting.late:
                late = late + waiting.late
                waiting.late.clear()
            if found is None:
                continue
            if found.people == 1:
                self._begin(found, (person,), now)
            else:
                others = [p for p in self.free if p is not person and able(p, found, now) and p.id not in self._leaving]
                self._begin(found, (person, *first_of(others, found.people - 1)), now)
        if self._looked >= 64:
            loose.clear()
            self._looked = 0
        for task in late:
            self._not_done(task, task.expires)
