"""People as plain data, and back."""

from __future__ import annotations

from typing import Any

from .people import Person


def person_data(person: Person) -> dict[str, Any]:
    """Everything about a person that outlives a shift."""
    return {
        "id": person.id,
        "key": list(person.key),
        "role": person.role,
        "band": person.band,
        "employment": person.employment,
        "weekly_hours": person.weekly_hours,
        "hired_at": person.hired_at,
        "shifts_here": person.shifts_here,
        "last_shift_end": person.last_shift_end if person.last_shift_end > -1e18 else None,
        "consecutive_shifts": person.consecutive_shifts,
        "fatigue": person.fatigue,
        "knowledge": {course: list(pair) for course, pair in person.knowledge.items()},
        "skill": {course: list(pair) for course, pair in person.skill.items()},
        "valid_until": {course: (at if at < 1e18 else None) for course, at in person.valid_until.items()},
        "breaks_missed": person.breaks_missed,
        "known": {str(patient): shifts for patient, shifts in person.known.items()},
        "extra": dict(person.extra),
    }


def person_from(data: dict[str, Any]) -> Person:
    """A person as saved, off duty."""
    person = Person(
        data["id"],
        tuple(data["key"]),
        data["role"],
        data["band"],
        data["employment"],
        data["weekly_hours"],
        data["hired_at"],
    )
    person.shifts_here = data["shifts_here"]
    last = data["last_shift_end"]
    person.last_shift_end = float("-inf") if last is None else last
    person.consecutive_shifts = data["consecutive_shifts"]
    person.fatigue = data["fatigue"]
    person.knowledge = {course: (level, at) for course, (level, at) in data["knowledge"].items()}
    person.skill = {course: (level, at) for course, (level, at) in data["skill"].items()}
    person.valid_until = {course: (float("inf") if at is None else at) for course, at in data["valid_until"].items()}
    person.breaks_missed = data["breaks_missed"]
    person.known = {int(patient): shifts for patient, shifts in data["known"].items()}
    person.extra = dict(data["extra"])
    return person
