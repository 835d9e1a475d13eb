"""A day of a ward as day.csv holds it: people on duty, what they were at, patients, incidents; numbered for readers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from wardsim.ward.work.kinds import KINDS

from .source import Row, Source, number

TABLE = "day.csv"
DAY_MIN = 1440.0
GROUPS = ("with patients", "incidents and observation", "other work", "break or study", "free")
"""What people on duty are at, in the order shown."""
ROLES = {
    "rn": "nurse", "hca": "healthcare assistant", "na": "nursing associate", "ward_manager": "ward manager", "doctor": "doctor",
    "psychologist": "psychologist", "occupational_therapist": "occupational therapist", "activity_worker": "activity worker",
}  # fmt: skip
TEAMS = {"rn": "registered nurses", "hca": "support staff", "na": "support staff"}
"""Group of each role; the others are other professions."""
OTHERS = "other professions"
_SAFETY = frozenset({
    "incident_response", "medical_emergency", "seclusion_care", "constant_observation", "intermittent_observation", "general_observation",
    "incident_aftermath", "debrief", "incident_documentation",
})  # fmt: skip
HAPPENED = {
    "assault": "physical assault", "verbal": "verbal aggression", "objects": "aggression to objects", "self_harm": "self-harm",
    "suicide_attempt": "suicide attempt", "absconding": "absconding", "sexual_safety": "sexual safety incident",
    "substance_use": "substance use", "medication_refusal": "medication refused", "medical_emergency": "medical emergency",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the day, minutes from midnight, cut to the day; `kind` says of what."""

    start: float
    end: float
    kind: str = ""
    patient: int = -1


@dataclass(slots=True)
class Person:
    """Somebody on duty.

    Attributes
    ----------
    name : str
        Role and number.
    team : str
        registered nurses, support staff or other professions.
    duties, work : list of Span
        On duty; at work, which lies inside.
    """

    name: str
    team: str
    duties: list[Span] = field(default_factory=list)
    work: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: minute, words, whether it was reported (None: not an incident)."""

    minute: float
    words: str
    kind: str
    reported: bool | None


@dataclass(slots=True)
class Day:
    """A day.

    Attributes
    ----------
    begins : float
        Its midnight, minutes since that of the first day.
    people : list of Person
    stays, leaves : dict of int to list of Span
        By patient, numbered from 1 by arrival.
    events : list of Event
        By time.
    """

    begins: float
    people: list[Person]
    stays: dict[int, list[Span]]
    leaves: dict[int, list[Span]]
    events: list[Event]

    def date_of(self, first: str) -> str:
        """Weekday and date, from the date on which the ward begins (ISO)."""
        try:
            begun = date.fromisoformat(first) + timedelta(days=round(self.begins / DAY_MIN))
        except (ValueError, OverflowError):
            return f"day {round(self.begins / DAY_MIN)}"
        weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
        return f"{weekdays[begun.weekday()]} {begun.day} {months[begun.month - 1]} {begun.year}"

    def present(self, minute: float) -> tuple[int, int]:
        """Patients on the ward, and of the ward's patients those on leave, at a minute."""
        there = [p for p, spans in self.stays.items() if _at(spans, minute)]
        away = [p for p in there if _at(self.leaves.get(p, ()), minute)]
        return len(there) - len(away), len(away)


def clock(minute: float) -> str:
    """A minute of the day as hours and minutes."""
    whole = min(int(minute), 1439)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def group_of(kind: str) -> str:
    """What a kind of work belongs to in the picture of a day."""
    if kind in _SAFETY:
        return GROUPS[1]
    known = KINDS.get(kind)
    if known is None:
        return GROUPS[2]
    if known.activity in ("break", "study"):
        return GROUPS[3]
    return GROUPS[0] if known.contact else GROUPS[2]


def day_of(source: Source) -> Day | None:
    """The day that a folder holds; None where it holds none."""
    rows = source.rows(TABLE)
    first = next((row for row in rows if row["what"] == "day"), None)
    if first is None:
        return None
    people = _people(rows)
    patients = {text: i for i, text in enumerate(sorted({r["patient"] for r in rows if r["what"] == "stay"}, key=_arrival(rows)), start=1)}
    by_person = dict(people)
    for row in rows:
        if row["what"] == "work" and row["person"] in by_person:
            by_person[row["person"]].work.append(_span(row, patients.get(row["patient"], -1)))
    stays: dict[int, list[Span]] = {}
    leaves: dict[int, list[Span]] = {}
    for row in rows:
        held = {"stay": stays, "leave": leaves}.get(row["what"])
        if held is not None and row["patient"] in patients:
            held.setdefault(patients[row["patient"]], []).append(_span(row))
    return Day(float(first["from_min"]), list(by_person.values()), stays, leaves, _events(rows, patients, by_person))


def _at(spans: Sequence[Span], minute: float) -> bool:
    return any(one.start <= minute < one.end for one in spans)


def _span(row: Row, patient: int = -1) -> Span:
    start, end = number(row, "from_min") or 0.0, number(row, "to_min") or 0.0
    return Span(max(0.0, start), min(DAY_MIN, end), row["kind"], patient)


def _arrival(rows: Sequence[Row]) -> Callable[[str], tuple[float, int]]:
    begun = {row["patient"]: float(row["from_min"]) for row in rows if row["what"] == "stay"}

    def key(text: str) -> tuple[float, int]:
        return begun[text], int(text)

    return key


def _people(rows: Sequence[Row]) -> list[tuple[str, Person]]:
    """People on duty, by role and the beginning of their first duty."""
    duties: dict[str, list[Row]] = {}
    for row in rows:
        if row["what"] == "duty":
            duties.setdefault(row["person"], []).append(row)
    order = {role: i for i, role in enumerate(ROLES)}
    ranked = sorted(duties.items(), key=lambda item: (order.get(item[1][0]["role"], 99), float(item[1][0]["from_min"]), int(item[0])))
    counted: dict[str, int] = {}
    found = []
    for person, own in ranked:
        role = own[0]["role"]
        counted[role] = counted.get(role, 0) + 1
        name = f"{ROLES.get(role, role.replace('_', ' '))} {counted[role]}"
        found.append((person, Person(name, TEAMS.get(role, OTHERS), [_span(row) for row in own])))
    return found


def _events(rows: Sequence[Row], patients: dict[str, int], people: dict[str, Person]) -> list[Event]:
    found = []
    for row in rows:
        who = f"patient {patients[row['patient']]}" if row["patient"] in patients else "a patient"
        minute = number(row, "from_min") or 0.0
        if row["what"] == "incident":
            on = f" on {people[row['person']].name}" if row["person"] in people else " on staff" if row["person"] else ""
            found.append(Event(minute, f"{HAPPENED.get(row['kind'], row['kind'])}, {who}{on}", row["kind"], row["detail"] == "reported"))
        elif row["what"] == "containment":
            found.append(Event(minute, f"{row['kind'].replace('_', ' ')}, {who}", row["kind"], None))
    return sorted(found, key=lambda one: one.minute)
