"""Who does a piece of work: the rules by which people are picked."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from ..staff.people import DOCTOR, HCA, NA, RN, THERAPISTS, WARD_MANAGER, Person
from .task import INFINITY, Kind, Task

_TURN: Final = {HCA: 1, NA: 1, RN: 2, WARD_MANAGER: 3, DOCTOR: 0, **{role: 0 for role in (16, 32, 64) if role & THERAPISTS}}
"""Whose turn is first among free people who may do a task: those with the fewest other uses on the ward."""

_BY_URGENCY: Final = itemgetter(0, 1)


def able(person: Person, task: Task, now: float) -> bool:
    """Whether a person may do a task."""
    return (
        bool(person.role & task.roles)
        and person is not task.avoid
        and (task.only is None or person is task.only)
        and (task.course is None or person.valid_until.get(task.course, -INFINITY) > now)
    )


def first_free(free: Sequence[Person], roles: int) -> Person | None:
    """The free person of these roles whose turn it is: fewest other uses, then least worked, then longest free."""
    best: Person | None = None
    turn = 0
    worked = 0.0
    for person in free:
        role = person.role
        if role & roles:
            its_turn = _TURN[role]
            if best is None or its_turn < turn or (its_turn == turn and person.worked < worked):
                best, turn, worked = person, its_turn, person.worked
    return best


def first_of(candidates: Sequence[Person], n: int) -> tuple[Person, ...]:
    """The `n` of these free people whose turn it is."""
    return tuple(sorted(candidates, key=lambda p: (_TURN[p.role], p.worked))[:n])


def interruptible(on_duty: Sequence[Person], task: Task, n: int, now: float, leaving: set[int]) -> list[Person]:
    """The `n` people in work that yields to a task, the least urgent work first, the latest begun first; [] if too few."""
    priority = task.kind.priority
    roles = task.roles
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


def responders(
    on_duty: Sequence[Person], kind: Kind, want: int, now: float, roles: int, course: str | None, shut_out: set[int]
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
