"""Incidents other than aggression: what staff do when they learn of them, and what they lead to.

Self-harm and suicide attempts are found or not; a grave one is a medical emergency. Whoever absconds is looked for and mostly
comes back. A refusal of medication may end in medication given under restraint. In a medical emergency what counts is the
minute at which the first person in date for life support arrives.
"""

from __future__ import annotations

from typing import Any

from ..core.clock import HOUR
from ..core.context import Context
from ..work.kinds import EMERGENCY, MEDICAL_EMERGENCY
from .aftermath import Aftermath
from .containment import Containment, Story
from .incident import Incident
from .intensity import ABSCONDING, MEDICAL, REFUSAL, SELF_HARM, SUICIDE_ATTEMPT
from .mechanisms import Mechanisms
from .outcomes import ENFORCED, ESCALATES, HARM, RESTRAINT, RETURN_DELAY, RETURNS, TALK, lognormal
from .protocols import BedsLike
from .response import Scene, Travel

LIFE_SUPPORT = "life_support"
SELDOM_ALONE = 2
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
            self._ctx.env.process(self._self_harm(incident))
        else:
            self._ctx.env.process(self._attend(incident))

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

    def tend(self, incident: Incident, scene: Scene) -> Story:
        """Story of a medical emergency once people are on their way."""
        delay = min([*scene.trained, self._travel.site])
        yield self._ctx.env.timeout(delay + lognormal(incident.row[TALK], self._emergency_min, self._cv))
        scene.release()
        scene.fact(incident.id, delay, de_escalated=False)
        self._aftermath.over(incident, scene.people, settle=True)

    def _self_harm(self, incident: Incident) -> Story:
        if incident.kind == SUICIDE_ATTEMPT and incident.harm >= 2:
            scene = self._scene(incident, MEDICAL_EMERGENCY)
            scene.call(SELDOM_ALONE, LIFE_SUPPORT)
            yield from self.tend(incident, scene)
            return
        scene = self._scene(incident)
        scene.call(1)
        first = self._mechanisms.arrival(
            self._travel.first, scene.first_arrival if scene.people else self._travel.site
        )
        yield self._ctx.env.timeout(max(first, 0.0))
        if incident.row[RESTRAINT] < self._restrained:
            yield from self._containment.take(incident, scene, "self_harm")
            return
        yield self._ctx.env.timeout(lognormal(incident.row[TALK], self._attention_min, self._cv))
        self._end(incident, scene, settle=incident.kind == SUICIDE_ATTEMPT)

    def _attend(self, incident: Incident) -> Story:
        """Sexual safety, substance use: somebody sees to it and separates, searches, talks."""
        scene = self._scene(incident)
        scene.call(1)
        yield self._ctx.env.timeout(lognormal(incident.row[TALK], self._talk_min, self._cv))
        self._end(incident, scene, settle=False)

    def _abscond(self, incident: Incident) -> None:
        row = incident.row
        back = lognormal(row[RETURN_DELAY], self._away, self._away_cv) if row[RETURNS] < self._returns else None
        self._beds.abscond(incident.patient, back)
        if incident.noticed:
            self._ctx.env.process(self._search(incident))

    def _search(self, incident: Incident) -> Story:
        scene = self._scene(incident)
        scene.call(1)
        yield self._ctx.env.timeout(lognormal(incident.row[TALK], self._search_min, self._cv))
        self._end(incident, scene, settle=False)

    def _refusal(self, incident: Incident) -> None:
        """Most refusals are accepted or talked about in the round; a few end in medication under restraint."""
        patient = incident.patient
        if patient.detained and incident.row[ENFORCED] < self._enforced:
            self._ctx.env.process(self._containment.take(incident, self._scene(incident), "refusal"))
        else:
            self._aftermath.over(incident, [], settle=incident.row[ESCALATES] < self._enforced)

    def _scene(self, incident: Incident, kind: Any = EMERGENCY) -> Scene:
        return Scene(self._ctx, self._mechanisms, self._travel, incident.patient, incident.row, kind)

    def _end(self, incident: Incident, scene: Scene, *, settle: bool) -> None:
        scene.release()
        scene.fact(incident.id, float("nan"), de_escalated=False)
        self._aftermath.over(incident, scene.people, settle=settle)
