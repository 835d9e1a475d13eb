"""The story of an aggression: noticed or not, answered, talked down or not, an assault or not, contained.

At the start somebody goes if it was noticed. At a moment of its own (drawn for this incident, whoever comes) it would boil
over: then it matters whether somebody has been there, since when, who, and what they can do (mechanisms M1, M4, M5, M6). If it
does not become an assault, talking ends it or does not, and then the team is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..core.clock import AT_END_OF_WORK, At, Later
from ..core.context import Context
from .aftermath import Aftermath
from .containment import Containment
from .incident import Incident
from .intensity import OBJECTS
from .mechanisms import Mechanisms
from .outcomes import ESCALATES, ESCALATION_DELAY, TALK, TALKED_DOWN, lognormal
from .response import Scene, Travel, spread

LONGEST: Final = 45.0
"""Minutes after which nothing more comes of an aggression by itself."""


class Escalation:
    """Runs the stories of aggression.

    Parameters
    ----------
    ctx : Context
        Common ground.
    share : float
        Chance that a serious aggression becomes an assault, at reference.
    mechanisms, travel, containment, aftermath
        Effects, arrivals and what follows.
    exposed : callable
        Whether a patient is on the ward and not secluded.
    assault : callable
        Makes the assault that an incident has become.
    """

    def __init__(
        self,
        ctx: Context,
        share: float,
        mechanisms: Mechanisms,
        travel: Travel,
        containment: Containment,
        aftermath: Aftermath,
        exposed: Callable[[Any], bool],
        assault: Callable[[Incident, Scene], Incident],
    ) -> None:
        p = ctx.p
        self._ctx = ctx
        self.share = share
        self._mechanisms = mechanisms
        self._travel = travel
        self._containment = containment
        self._aftermath = aftermath
        self._exposed = exposed
        self._assault = assault
        self._talks = p["incidents.talked_down_share"]
        self._delay = p["incidents.escalation_delay_mean_min"]
        self._talk = p["incidents.talk_median_min"]
        self._talk_cv = p["incidents.talk_cv"]

    def aggression(self, event: At) -> None:
        """Story of one serious verbal or object aggression: whoever noticed it goes."""
        incident: Incident = event._value
        row = incident.row
        mechanisms = self._mechanisms
        travel = self._travel
        scene = Scene(self._ctx, mechanisms, travel, incident.patient, row)
        delay = spread(row[ESCALATION_DELAY], self._delay, LONGEST)
        first = travel.first
        if incident.noticed:
            scene.call(2 if incident.kind == OBJECTS else 1)
            actual = scene.first_arrival if scene.people else travel.site
            first = max(mechanisms.arrival(travel.first, actual), 0.0)
        presence = max(delay - first, 0.0) / delay if incident.noticed and delay > 0.0 else 0.0
        told = (incident, scene, delay, first, presence)
        Later(self._ctx.env, delay, self._boils_over, told, AT_END_OF_WORK)

    def _boils_over(self, event: At) -> None:
        """The moment of decision."""
        incident, scene, delay, first, presence = event._value
        row, patient = incident.row, incident.patient
        mechanisms, travel = self._mechanisms, self._travel
        if not self._exposed(patient):
            self._end(incident, scene, de_escalated=False)
            return
        if row[ESCALATES] < mechanisms.escalates(self.share, presence, scene.people, patient):
            assault = self._assault(incident, scene)
            if incident.noticed or assault.noticed:
                self._aftermath.over(incident, scene.people, settle=False)
                self._containment.take(assault, scene, "assault")
            return
        if not incident.noticed:
            return
        ratio = first / travel.first if travel.first > 0.0 else 1.0
        if row[TALKED_DOWN] < mechanisms.talks_down(self._talks, ratio, scene.people, patient):
            left = first + lognormal(row[TALK], self._talk, self._talk_cv) - delay
            if left > 0.0:
                Later(self._ctx.env, left, self._talked_down, (incident, scene), AT_END_OF_WORK)
            else:
                self._end(incident, scene, de_escalated=True)
        else:
            self._containment.take(incident, scene, "aggression")

    def _talked_down(self, event: At) -> None:
        incident, scene = event._value
        self._end(incident, scene, de_escalated=True)

    def assault(self, event: At) -> None:
        """Story of an assault that came without warning."""
        incident: Incident = event._value
        scene = Scene(self._ctx, self._mechanisms, self._travel, incident.patient, incident.row)
        self._containment.take(incident, scene, "assault")

    def _end(self, incident: Incident, scene: Scene, *, de_escalated: bool) -> None:
        scene.release()
        if incident.noticed:
            scene.fact(incident.id, float("nan"), de_escalated=de_escalated)
            self._aftermath.over(incident, scene.people, settle=False)
