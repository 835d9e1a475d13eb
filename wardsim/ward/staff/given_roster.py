"""A roster given by the planner: rows of day, shift, role and staff, taken as they are.

Names stand for own staff in the order of their posts; names beyond those in post stand for regular bank workers. A shift called
`annual_leave` gives leave; a shift that the pattern does not know is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from .patterns import HCA_GROUP, RN_GROUP, Pattern
from .people import Person
from .plan import Plan
from .sheet import Sheet

LEAVE: Final = "annual_leave"


class GivenRoster:
    """Rows of a real roster by day.

    Parameters
    ----------
    rows : iterable of (day, shift, role, staff)
        role: rn; anything else fills the places of healthcare assistants.
    pattern : Pattern
        The ward's shifts.
    """

    def __init__(self, rows: Iterable[tuple[int, str, str, str]], pattern: Pattern) -> None:
        self._pattern = pattern
        self.bank_named: Callable[[str, int], Person] | None = None
        """Finds the bank worker for a name."""
        self.days: dict[int, list[tuple[str, int, str]]] = {}
        self._names: dict[tuple[int, str], Person] = {}
        for day, shift, role, staff in rows:
            self.days.setdefault(day, []).append((shift, RN_GROUP if role == "rn" else HCA_GROUP, staff))

    def take(self, day: int, page: list[Sheet], plans: Sequence[Plan]) -> None:
        """Put the names of a day on its sheets and plans."""
        by_person = {plan.person.id: plan for plan in plans}
        for name, group, staff in self.days[day]:
            person = self._named(group, staff, plans)
            plan = by_person.get(person.id)
            shift = self._pattern.shifts.get(name)
            if plan is not None and name == LEAVE:
                plan.leave[day] = LEAVE
            elif shift is not None and plan is not None:
                if plan.leave.get(day) == LEAVE:
                    del plan.leave[day]  # whoever is on the roster is not on leave
                free = day not in plan.shifts and day not in plan.study
                if free and plan.in_post(day) and not plan.known_absent(day):
                    plan.shifts[day] = shift
                    for n in self._pattern.covers[name]:
                        page[n].own[group].append(person)
            elif shift is not None:
                for n in self._pattern.covers[name]:
                    page[n].temps[group].append(person)

    def _named(self, group: int, staff: str, plans: Sequence[Plan]) -> Person:
        person = self._names.get((group, staff))
        if person is None:
            taken = {p.id for p in self._names.values()}
            free = [plan.person for plan in plans if plan.group == group and plan.person.id not in taken]
            if free:
                person = free[0]
            elif self.bank_named is not None:
                person = self.bank_named(staff, group)
            else:
                raise RuntimeError("a given roster has more names than staff, and no bank was attached")
            self._names[group, staff] = person
        return person

    def save(self) -> list[list[Any]]:
        """Who stands for which name."""
        return [[group, name, person.id] for (group, name), person in self._names.items()]

    def restore(self, rows: Iterable[Sequence[Any]], person: Callable[[int], Person]) -> None:
        """Continue from `save`."""
        self._names = {(group, name): person(i) for group, name, i in rows}
