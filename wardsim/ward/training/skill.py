"""Knowledge and skill: raised by a course, lost with time, each with its own half-life (mechanism M5, the exposure side).

A level lies between 0 (never taught) and 1 (everything the course teaches is present). It is kept as a pair (level, time last
updated) on the person and decays when read: ``level * 2 ** (-(now - time) / half_life)``. A course closes a share of the gap
to 1; the share depends on how it is taught, and on its hours relative to the hours of the reference matrix, so that a shorter
course teaches less. Sources and half-lives are in the ledger (`training.*`); W130 found an early loss and then a plateau, which
a single half-life does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from typing import Final

from ..staff.people import NURSING, SUBSTANTIVE, Person

MONTH: Final = 30.4375 * 1440.0
"""Minutes in a mean month."""

COURSE_NAMES: Final = (
    "violence_prevention",
    "de_escalation",
    "suicide_safety",
    "life_support",
    "dual_diagnosis",
    "sexual_safety",
    "induction",
    "other_mandatory",
)
"""Courses by code (place in this tuple + 1). Append only: codes key random streams."""

COURSE_CODES: Final = {name: code for code, name in enumerate(COURSE_NAMES, start=1)}
PHYSICAL: Final = frozenset({"violence_prevention", "life_support"})
"""Courses whose skill is of the hands; the skill of all others is interpersonal."""

KEPT_UP: Final = 1e15
"""Time last updated of a level that does not decay: temporary staff are trained by whoever sends them."""

TEAM_COURSES: Final = 6
"""The first so many of `COURSE_NAMES` are looked at for every team, and are columns of the fact `team`."""

_T: Final = TEAM_COURSES
_BY_HAND: Final = [name in PHYSICAL for name in COURSE_NAMES[:TEAM_COURSES]]
_NOTHING: Final = (0.0, 0.0)


class Skill:
    """Levels of persons and teams.

    Parameters
    ----------
    p : mapping of str to float
        Parameters by ledger name; `training.knowledge_half_life_months`, `training.skill_half_life_months.*`,
        `training.knowledge_weight.*`, `training.gain.*`, `training.hours_exponent`, `training.reference_hours.*`.
    """

    __slots__ = ("_exponent", "_gain", "_knowledge_half", "_reference", "_rows", "_skill_half", "_weight")

    def __init__(self, p: Mapping[str, float]) -> None:
        physical = p["training.skill_half_life_months.physical"] * MONTH
        interpersonal = p["training.skill_half_life_months.interpersonal"] * MONTH
        self._knowledge_half = p["training.knowledge_half_life_months"] * MONTH
        self._skill_half = {name: physical if name in PHYSICAL else interpersonal for name in COURSE_NAMES}
        self._weight = {
            name: p[
                "training.knowledge_weight.physical" if name in PHYSICAL else "training.knowledge_weight.interpersonal"
            ]
            for name in COURSE_NAMES
        }
        self._gain = {
            modality: (p[f"training.gain.{modality}_knowledge"], p[f"training.gain.{modality}_skill"])
            for modality in ("classroom", "on_ward", "e_learning")
        }
        self._exponent = p["training.hours_exponent"]
        self._reference = {
            (name, first): p.get(f"training.reference_hours.{name}_{'initial' if first else 'refresher'}", 0.0)
            for name in COURSE_NAMES
            for first in (True, False)
        }
        self._rows: dict[int, list[float]] = {}

    # -- one person ---------------------------------------------------------------------------------------------------------

    def knowledge(self, person: Person, course: str, now: float) -> float:
        """Knowledge of one person for one course, 0 to 1."""
        return decayed(person.knowledge.get(course), self._knowledge_half, now)

    def skill(self, person: Person, course: str, now: float) -> float:
        """Skill of one person for one course, 0 to 1."""
        return decayed(person.skill.get(course), self._skill_half[course], now)

    def person(self, person: Person, course: str, now: float) -> float:
        """Knowledge and skill together, weighted, 0 to 1."""
        weight = self._weight[course]
        return weight * self.knowledge(person, course, now) + (1.0 - weight) * self.skill(person, course, now)

    def gains(self, course: str, modality: str, hours: float, *, first: bool) -> tuple[float, float]:
        """Share of the gap to 1 that a course of these hours closes: (knowledge, skill)."""
        if hours <= 0.0:
            return 0.0, 0.0
        reference = self._reference[(course, first)] or hours
        dose = (hours / reference) ** self._exponent
        knowledge, skill = self._gain[modality]
        return 1.0 - (1.0 - knowledge) ** dose, 1.0 - (1.0 - skill) ** dose

    def learn(self, person: Person, course: str, modality: str, hours: float, now: float, *, first: bool) -> None:
        """Raise one person's levels by a course just finished."""
        knowledge_gain, skill_gain = self.gains(course, modality, hours, first=first)
        old = self.knowledge(person, course, now)
        person.knowledge[course] = (old + knowledge_gain * (1.0 - old), now)
        old = self.skill(person, course, now)
        person.skill[course] = (old + skill_gain * (1.0 - old), now)
        self._rows.pop(person.id, None)

    def again(
        self, course: str, modality: str, hours: float, levels: tuple[float, float], since_min: float
    ) -> tuple[float, float]:
        """Levels (knowledge, skill) just after a refresher, `since_min` minutes after they stood at `levels`."""
        new = []
        for level, gain, half in zip(
            levels,
            self.gains(course, modality, hours, first=False),
            (self._knowledge_half, self._skill_half[course]),
            strict=True,
        ):
            old = level * 0.5 ** (max(since_min, 0.0) / half)
            new.append(old + gain * (1.0 - old))
        return new[0], new[1]

    def settled(self, course: str, modality: str, hours: float, every_min: float) -> tuple[float, float]:
        """Levels just after a refresher, when refreshers have come every `every_min` minutes for ever: (knowledge, skill)."""
        levels = []
        for gain, half in zip(
            self.gains(course, modality, hours, first=False),
            (self._knowledge_half, self._skill_half[course]),
            strict=True,
        ):
            kept = 0.5 ** (every_min / half)
            levels.append(gain / (1.0 - (1.0 - gain) * kept) if gain > 0.0 else 0.0)
        return levels[0], levels[1]

    def forget(self, person: Person) -> None:
        """Look again at a person whose levels were set from outside."""
        self._rows.pop(person.id, None)

    # -- a team -------------------------------------------------------------------------------------------------------------

    def team(self, people: Iterable[Person], course: str, now: float) -> float:
        """Mean level of the nursing staff among `people`, 0 to 1 (0 when there are none)."""
        levels = [self.person(person, course, now) for person in people if person.role & NURSING]
        return sum(levels) / len(levels) if levels else 0.0

    def teams(self, people: Iterable[Person], now: float) -> list[float]:
        """Mean level of the nursing staff among `people` for the first `TEAM_COURSES` of `COURSE_NAMES`.

        Levels of own staff are kept as amounts that decay together (level x 2^(t / half-life)), so a team takes one sum and
        three powers, not one power for each person and course; levels of temporary staff do not decay.
        """
        known = self._rows
        own: list[list[float]] = []
        sent: list[list[float]] = []
        for person in people:
            if person.role & NURSING:
                row = known.get(person.id) or self._row(person)
                (own if len(row) > _T else sent).append(row)
        n = len(own) + len(sent)
        levels = [0.0] * _T
        if own:
            sums = _sums(own, 2 * _T)
            knowledge = _power(-now / self._knowledge_half) / n
            physical = _power(-now / self._skill_half["violence_prevention"]) / n
            other = _power(-now / self._skill_half["induction"]) / n
            for i in range(_T):
                levels[i] = knowledge * sums[i] + (physical if _BY_HAND[i] else other) * sums[_T + i]
        if sent:
            given = _sums(sent, _T)
            for i in range(_T):
                levels[i] += given[i] / n
        return levels

    def _row(self, person: Person) -> list[float]:
        """Own staff: weighted amounts of knowledge, then of skill; temporary staff: weighted levels."""
        amounts: list[float] = []
        levels: list[float] = []
        for name in COURSE_NAMES[:_T]:
            weight = self._weight[name]
            knowledge, skill = person.knowledge.get(name, _NOTHING), person.skill.get(name, _NOTHING)
            if person.employment == SUBSTANTIVE:
                amounts.append(weight * knowledge[0] * _power(knowledge[1] / self._knowledge_half))
                levels.append((1.0 - weight) * skill[0] * _power(skill[1] / self._skill_half[name]))
            else:
                levels.append(weight * knowledge[0] + (1.0 - weight) * skill[0])
        row = self._rows[person.id] = amounts + levels
        return row


def _power(halvings: float) -> float:
    """2 to a power."""
    power: float = 2.0**halvings
    return power


def _sums(rows: list[list[float]], n: int) -> list[float]:
    """Totals of the columns, added up in the order of the rows."""
    sums: list[float] = []
    for i in range(n):
        total = 0.0
        for row in rows:
            total += row[i]
        sums.append(total)
    return sums


def decayed(pair: Sequence[float] | None, half_life: float, now: float) -> float:
    """Level now of a (level, time last updated) pair; 0 when there is none."""
    if pair is None:
        return 0.0
    elapsed = now - pair[1]
    if elapsed <= 0.0:
        return pair[0]
    return float(pair[0] * 0.5 ** (elapsed / half_life)) if half_life < inf else pair[0]
