"""At whom aggression is aimed, who is hit, and how badly (brief, rows A3 and A5)."""

from __future__ import annotations

from typing import Any, Final

from ..core.context import Context
from ..core.lot import lot
from ..staff.people import Person
from .aftermath import Aftermath
from .incident import Incident
from .intensity import ABSCONDING, OBJECTS, SEXUAL_SAFETY, SUBSTANCE_USE
from .mechanisms import Mechanisms
from .outcomes import HARM, VICTIM, VICTIM_KIND, WEAPON
from .protocols import BedsLike

NOBODY_HARMED: Final = (ABSCONDING, SUBSTANCE_USE)


class Victims:
    """Chooses victims and settles harm.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : BedsLike
        Patients present.
    mechanisms : Mechanisms
        Effects on harm.
    aftermath : Aftermath
        Where injuries go.
    """

    def __init__(self, ctx: Context, beds: BedsLike, mechanisms: Mechanisms, aftermath: Aftermath) -> None:
        p = ctx.p
        self._ctx = ctx
        self._beds = beds
        self._mechanisms = mechanisms
        self._aftermath = aftermath
        self._staff_share = p["incidents.victim_staff_share"]
        self._verbal_staff = p["incidents.verbal_victim_staff_share"]
        self._sexual_staff = p["incidents.sexual_victim_staff_share"]
        self._harmed = p["incidents.assault_harm_share"]
        self._moderate = p["incidents.injury_moderate_share"]
        self._severe = p["incidents.injury_severe_share"]
        self._weapon = p["incidents.weapon_share"]
        self._hit: dict[int, Person] = {}

    def aim(self, incident: Incident) -> None:
        """At whom aggression without assault, or a sexual safety incident, is aimed."""
        if incident.kind == OBJECTS:
            incident.victim = "object"
        elif incident.kind == SEXUAL_SAFETY:
            self._choose(incident, self._sexual_staff, [])
        elif incident.kind not in NOBODY_HARMED:
            alone = len(self._beds.present) < 2
            if self._ctx.dispatcher.on_duty and (alone or incident.row[VICTIM_KIND] < self._verbal_staff):
                incident.victim = "staff"
            elif not alone:
                incident.victim = "patient"

    def assaulted(self, incident: Incident, near: list[Person]) -> None:
        """Who is hit: staff (those near first) or another patient; and how badly, weapon or not."""
        row = incident.row
        self._choose(incident, self._staff_share, near)
        incident.weapon = row[WEAPON] < self._weapon
        if row[VICTIM_KIND] < self._staff_share and self._mechanisms.attended():
            incident.noticed = True  # aimed at staff; whether staff were at hand must not decide what is known
        share = self._mechanisms.harm(self._harmed)
        u = row[HARM]
        if u < share:
            inside = u / share
            incident.harm = 3 if inside < self._severe else 2 if inside < self._severe + self._moderate else 1

    def hurt(self, incident: Incident) -> None:
        """Carry harm and assault to the victim."""
        person = self._hit.pop(incident.id, None)
        if incident.harm > 0 and incident.victim != "none":
            self._aftermath.injured(incident, incident.victim, incident.victim_person, incident.harm, person)
        if person is not None:
            self._aftermath.assaulted(person)

    def _choose(self, incident: Incident, staff_share: float, near: list[Person]) -> None:
        row = incident.row
        u = row[VICTIM]
        others: list[Any] = [q for q in self._beds.present.values() if q.id != incident.patient.id]
        staff = near or [q for q in self._ctx.dispatcher.on_duty if q.task is None or not q.task.kind.away]
        if not others and not staff:
            return
        if (row[VICTIM_KIND] < staff_share or not others) and staff:
            person = staff[lot(u, [p.key for p in staff])]
            incident.victim = "staff"
            incident.victim_person = person.id
            if incident.assault:
                self._hit[incident.id] = person
        elif others:
            if incident.kind == SEXUAL_SAFETY:
                others = [q for q in others if q.sex != incident.patient.sex] or others
            incident.victim = "patient"
            incident.victim_person = others[lot(u, [q.key for q in others])].id
