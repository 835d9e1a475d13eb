"""One incident, from the moment it happens."""

from __future__ import annotations

from typing import Any, Final

from .intensity import AGGRESSION, ASSAULT, TYPES
from .outcomes import LENGTHS, Row

DIRECT: Final = "direct"
ESCALATION: Final = "escalation"
CONTAGION: Final = "contagion"
AWAY: Final = "away"
"""Origins. `away` is an incident of a patient placed out of area: it counts for the catchment, not for this ward."""


class Incident:
    """What happened, to whom, and what is known of it so far.

    Attributes
    ----------
    id : int
        Number in this run.
    time : float
        Minutes.
    patient : Patient
        Whose incident it is.
    kind : int
        Code of the type.
    origin : str
        direct, escalation, contagion or away.
    parent : int
        Incident that it came from, -1 for none.
    row : Row
        The draws that decide what follows (places in `outcomes`).
    noticed : bool
        Whether staff know of it.
    harm : int
        0 none to 3 severe.
    restrained : bool
        Whether the patient was held.
    """

    __slots__ = (
        "harm", "id", "kind", "noticed", "origin", "parent", "patient", "restrained", "row", "time", "victim", "victim_person",
        "weapon",
    )  # fmt: skip

    def __init__(self, id: int, time: float, patient: Any, kind: int, origin: str, parent: int, row: Row) -> None:
        self.id = id
        self.time = time
        self.patient = patient
        self.kind = kind
        self.origin = origin
        self.parent = parent
        self.row = row
        self.noticed = True
        self.harm = 0
        self.weapon = False
        self.restrained = False
        self.victim = "none"
        self.victim_person = -1

    def save(self) -> tuple[Any, ...]:
        """Everything, in the order in which `restore` takes it."""
        return (
            self.id, self.time, self.patient, self.kind, self.origin, self.parent, self.row.save(), self.noticed, self.harm, self.weapon,
            self.restrained, self.victim, self.victim_person,
        )  # fmt: skip

    @classmethod
    def restore(cls, saved: tuple[Any, ...]) -> Incident:
        """The same incident."""
        id, time, patient, kind, origin, parent, row = saved[:7]
        incident = cls(id, time, patient, kind, origin, parent, Row.restore(row))
        incident.noticed, incident.harm, incident.weapon, incident.restrained = saved[7:11]
        incident.victim, incident.victim_person = saved[11:]
        return incident

    @property
    def type(self) -> str:
        """Name of the type."""
        return TYPES[self.kind]

    @property
    def occasion(self) -> int:
        """Occasion under which lengths of the work that follows are drawn: the incident's own, whatever else happened."""
        return int(self.row[LENGTHS] * 2.0**53)

    @property
    def aggression(self) -> bool:
        """Whether it is aggression of any type."""
        return self.kind < AGGRESSION

    @property
    def assault(self) -> bool:
        """Whether it is a physical assault."""
        return self.kind == ASSAULT

    def fact(self) -> tuple[Any, ...]:
        """Row of the fact table."""
        return (
            self.time, self.id, self.patient.id, TYPES[self.kind], self.origin, self.parent, self.victim, self.victim_person,
            int(self.noticed), self.harm, int(self.weapon), self.patient.observation,
        )  # fmt: skip
