"""Who does a piece of work: the rules by which people are picked."""

from __future__ import annotations

from operator import itemgetter
from typing import Final

from ..staff.people import Person
from .task import INFINITY, Kind, Task

_BY_URGENCY: Final = itemgetter(0, 1)


def able(person: Person, task: Task, now: float) -> bool:
    """Whether a person may do a task."""
    return (
        bool(person.role & task.roles)
        and person is not task.avoid
        and (task.only is None or person is task.only)
        and (task.course is None or person.valid_until.get(task.course, -INFINITY) > now)
    )


def take_out(free: list[Person], person: Person) -> None:
    """Take somebody off a list of people; who has just become free is the last."""
    if free and free[-1] is person:
        free.pop()
        return
    for n in range(len(free)):
        if free[n] is person:
            del free[n]
            return


def first_free(free: list[Person], roles: int) -> Person | None:
    """The free person of these roles whose turn it is: fewest other uses, then least worked, then longest free."""
    best: Person | None = None
    turn = 0
    worked = 0.0
    for person in free:
        if person.role & roles:
            its_turn = person.turn
            if best is None or its_turn < turn or (its_turn == turn and person.worked < worked):
                best = person
                turn = its_turn
                worked = person.worked
    return best


def first_of(candidates: list[Person], n: int) -> tuple[Person, ...]:
    """The `n` of these free people whose turn it is."""
    return tuple(sorted(candidates, key=lambda p: (p.turn, p.worked))[:n])


def interruptible(on_duty: list[Person], task: Task, n: int, now: float, leaving: set[int]) -> list[Person]:
    """The `n` people in work that yields to a task, the least urgent work first, the latest begun first; [] if too few."""
    priority = task.kind.priority
    roles = task.roles
    if n == 1:
        return _one_interruptible(on_duty, task, priority, now, leaving)
    found: list[tuple[int, float, Person]] = []
    for person in on_duty:
        held = person.task
        if held is not None and person.role & roles and held.yields_to >= priority:
            its_priority = held.kind.priority
            if its_priority > priority and person.id not in leaving and able(person, task, now):
                found.append((-its_priority, -held.worked_since, person))
    if len(found) < n:
        return []
    found.sort(key=_BY_URGENCY)
    return [f[2] for f in found[:n]]


def _one_interruptible(on_duty: list[Person], task: Task, priority: int, now: float, leaving: set[int]) -> list[Person]:
    """The first of those whom `interruptible` would sort; most work wants one person."""
    roles = task.roles
    best: Person | None = None
    least = priority
    since = 0.0
    for person in on_duty:
        held = person.task
        if held is not None and person.role & roles and held.yields_to >= priority:
            its_priority = held.kind.priority
            sooner = its_priority > least or (its_priority == least and best is not None and held.worked_since > since)
            if sooner and person.id not in leaving and able(person, task, now):
                best = person
                least = its_priority
                since = held.worked_since
    return [] if best is None else [best]


def responders(
    on_duty: list[Person], kind: Kind, want: int, now: float, roles: int, course: str | None, shut_out: set[int]
) -> list[Person]:
    """Up to `want` people for an emergency: in date for `course` first, then free, then those in the least urgent work."""
    found: list[tuple[int, int, int, float, int, Person]] = []
    for order, person in enumerate(on_duty):
        if not person.role & roles or person.id in shut_out:
            continue
        task = person.task
        if task is not None and task.yields_to < kind.priority:
            continue
        trained = 0 if course is None or person.valid_until.get(course, -INFINITY) > now else 1
        urgency = 0 if task is None else -task.kind.priority
        found.append((0 if task is None else 1, trained, urgency, person.worked, order, person))
    found.sort(key=itemgetter(0, 1, 2, 3, 4))
    if course is not None and want > 1:
        found.sort(key=itemgetter(1, 0))
    return [f[5] for f in found[:want]]
