"""Incidents other than aggression: what staff do when they learn of them, and what they lead to.

Self-harm and suicide attempts are found or not; a grave one is a medical emergency. Whoever absconds is looked for and mostly
comes back. A refusal of medication may end in medication given under restraint. In a medical emergency what counts is the
minute at which the first person in date for life support arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..core.clock import AT_END_OF_WORK, AT_ONCE, HOUR, At, Later
from ..core.context import Context
from ..work.kinds import EMERGENCY, MEDICAL_EMERGENCY
from .aftermath import Aftermath
from .containment import Containment
from .incident import Incident
from .intensity import ABSCONDING, MEDICAL, REFUSAL, SELF_HARM, SUICIDE_ATTEMPT
from .mechanisms import Mechanisms
from .outcomes import ENFORCED, ESCALATES, HARM, RESTRAINT, RETURN_DELAY, RETURNS, TALK, lognormal
from .protocols import BedsLike
from .response import Scene, Travel

LIFE_SUPPORT: Final = "life_support"
SELDOM_ALONE: Final = 2
"""People sent to a medical emergency or a suicide attempt at first."""


class Events:
    """Runs what follows an incident that is not aggression.

    Parameters
    ----------
    ctx : Context
        Common ground.
    mechanisms, travel, containment, aftermath
        Effects, arrivals and what follows.
    beds : BedsLike
        Where a patient absconds from.
    """

    def __init__(
        self,
        ctx: Context,
        mechanisms: Mechanisms,
        travel: Travel,
        containment: Containment,
        aftermath: Aftermath,
        beds: BedsLike,
    ) -> None:
        p = ctx.p
        self._ctx = ctx
        self._mechanisms = mechanisms
        self._travel = travel
        self._containment = containment
        self._aftermath = aftermath
        self._beds = beds
        self._emergency_min = p["incidents.medical_emergency_min"]
        self._attention_min = p["incidents.self_harm_attention_min"]
        self._search_min = p["incidents.search_min"]
        self._talk_min = p["incidents.other_response_min"]
        self._cv = p["incidents.talk_cv"]
        self._returns = p["incidents.absconder_returns_share"]
        self._away = p["incidents.absent_median_hours"] * HOUR
        self._away_cv = p["incidents.absent_cv"]
        self._enforced = p["incidents.refusal_enforced_share"]
        self._restrained = p["incidents.restraint_after_self_harm_share"]
        self._harm = {
            SELF_HARM: (p["incidents.self_harm_harm_share"], 0.15, 0.01),
            SUICIDE_ATTEMPT: (p["incidents.suicide_attempt_harm_share"], 0.45, 0.10),
            MEDICAL: (p["incidents.medical_emergency_harm_share"], 0.5, 0.15),
        }

    def grade(self, incident: Incident, share: float | None = None) -> int:
        """Harm from one uniform: none above the share, then minor, moderate (or worse) and severe parts of it."""
        own, moderate, severe = self._harm[incident.kind]
        chance = own if share is None else share
        u = incident.row[HARM]
        if u >= chance:
            return 0
        inside = u / chance
        return 3 if inside < severe else 2 if inside < moderate else 1

    def begin(self, incident: Incident) -> None:
        """Begin what follows an incident that has been written down (medical emergencies: `medical`)."""
        if incident.kind == ABSCONDING:
            self._abscond(incident)
        elif not incident.noticed:
            return
        elif incident.kind == REFUSAL:
            self._refusal(incident)
        elif incident.kind in (SELF_HARM, SUICIDE_ATTEMPT):
            self._soon(self._self_harm, incident)
        else:
            self._soon(self._attend, incident)

    # -- stories ------------------------------------------------------------------------------------------------------------

    def medical(self, incident: Incident) -> Scene:
        """Send people to a medical emergency and settle its harm; `tend` then runs it.

        The first responder in date for life support counts: own staff, a neighbour, or at the latest the site's team.
        """
        scene = self._scene(incident, MEDICAL_EMERGENCY)
        scene.call(SELDOM_ALONE, LIFE_SUPPORT)
        if not scene.trained:
            scene.call_neighbours(1, site=False)
        delay = min([*scene.trained, self._travel.site])
        share = self._mechanisms.medical_harm(self._harm[incident.kind][0], delay, self._travel.first)
        incident.harm = self.grade(incident, share)
        return scene

    def tend(self, event: At) -> None:
        """Story of a medical emergency once people are on their way."""
        self._tend(*event._value)

    def _tend(self, incident: Incident, scene: Scene) -> None:
        delay = min([*scene.trained, self._travel.site])
        self._then(delay + lognormal(incident.row[TALK], self._emergency_min, self._cv), self._tended, incident, scene)

    def _tended(self, event: At) -> None:
        incident, scene = event._value
        delay = min([*scene.trained, self._travel.site])
        scene.release()
        scene.fact(incident.id, delay, de_escalated=False)
        self._aftermath.over(incident, scene.people, settle=True)

    def _self_harm(self, event: At) -> None:
        incident: Incident = event._value
        if incident.kind == SUICIDE_ATTEMPT and incident.harm >= 2:
            scene = self._scene(incident, MEDICAL_EMERGENCY)
            scene.call(SELDOM_ALONE, LIFE_SUPPORT)
            self._tend(incident, scene)
            return
        scene = self._scene(incident)
        scene.call(1)
        first = self._mechanisms.arrival(
            self._travel.first, scene.first_arrival if scene.people else self._travel.site
        )
        self._then(max(first, 0.0), self._found, incident, scene)

    def _found(self, event: At) -> None:
        """Somebody has come to a patient who has harmed him- or herself."""
        incident, scene = event._value
        if incident.row[RESTRAINT] < self._restrained:
            self._containment.take(incident, scene, "self_harm")
            return
        self._then(lognormal(incident.row[TALK], self._attention_min, self._cv), self._ends, incident, scene)

    def _attend(self, event: At) -> None:
        """Sexual safety, substance use: somebody sees to it and separates, searches, talks."""
        self._see_to(event._value, self._talk_min)

    def _see_to(self, incident: Incident, minutes: float) -> None:
        scene = self._scene(incident)
        scene.call(1)
        self._then(lognormal(incident.row[TALK], minutes, self._cv), self._ends, incident, scene)

    def _abscond(self, incident: Incident) -> None:
        row = incident.row
        back = lognormal(row[RETURN_DELAY], self._away, self._away_cv) if row[RETURNS] < self._returns else None
        self._beds.abscond(incident.patient, back)
        if incident.noticed:
            self._soon(self._search, incident)

    def _search(self, event: At) -> None:
        self._see_to(event._value, self._search_min)

    def _enforce(self, event: At) -> None:
        """Medication is given under restraint."""
        self._containment.take(event._value, self._scene(event._value), "refusal")

    def _refusal(self, incident: Incident) -> None:
        """Most refusals are accepted or talked about in the round; a few end in medication under restraint."""
        patient = incident.patient
        if patient.detained and incident.row[ENFORCED] < self._enforced:
            self._soon(self._enforce, incident)
        else:
            self._aftermath.over(incident, [], settle=incident.row[ESCALATES] < self._enforced)

    def _scene(self, incident: Incident, kind: Any = EMERGENCY) -> Scene:
        return Scene(self._ctx, self._mechanisms, self._travel, incident.patient, incident.row, kind)

    def _soon(self, story: Callable[[At], None], incident: Incident) -> None:
        """Begin a story as soon as what happens now has been written down."""
        At(self._ctx.env, 0.0, story, incident, AT_ONCE)

    def _then(self, minutes: float, step: Callable[[At], None], incident: Incident, scene: Scene) -> None:
        """Go on with a story after some minutes."""
        Later(self._ctx.env, minutes, step, (incident, scene), AT_END_OF_WORK)

    def _ends(self, event: At) -> None:
        incident, scene = event._value
        scene.release()
        scene.fact(incident.id, float("nan"), de_escalated=False)
        self._aftermath.over(incident, scene.people, settle=incident.kind == SUICIDE_ATTEMPT)
