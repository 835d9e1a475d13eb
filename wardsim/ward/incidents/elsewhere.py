"""Aggression of patients placed out of area: it counts for the catchment and brings this ward no work.

Such patients keep their candidates and their draws, with ward terms of one and escalation at reference, so that sending the
acutely ill elsewhere is not counted as safety.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.clock import AT_NEW_WORK, At
from ..core.context import Context
from .candidates import Track
from .escalation import LONGEST
from .incident import AWAY, Incident
from .intensity import ASSAULT, OBJECTS, VERBAL
from .outcomes import ESCALATES, ESCALATION_DELAY, SERIOUS, Row
from .response import spread


class Elsewhere:
    """Writes down what patients out of area do.

    Parameters
    ----------
    ctx : Context
        Common ground.
    share : float
        Chance that a serious aggression becomes an assault, at reference.
    make : callable
        Makes an incident: patient, type, origin, parent, draws.
    """

    def __init__(self, ctx: Context, share: float, make: Callable[[Any, int, str, int, Row], Incident]) -> None:
        self._env = ctx.env
        self._written = ctx.facts.table("incident")
        self._share = share
        self._make = make
        self._serious = ctx.p["incidents.verbal_serious_share"]
        self._delay = ctx.p["incidents.escalation_delay_mean_min"]

    def happen(self, track: Track, kind: int, row: Row) -> None:
        """An aggression of a patient out of area."""
        incident = self._make(track.patient, kind, AWAY, -1, row)
        self._written.append(incident.fact())
        serious = kind == OBJECTS or (kind == VERBAL and row[SERIOUS] < self._serious)
        if serious and row[ESCALATES] < self._share:
            delay = spread(row[ESCALATION_DELAY], self._delay, LONGEST)
            At(self._env, delay, self._escalated, (track, track.token, incident), AT_NEW_WORK)

    def _escalated(self, event: At) -> None:
        track, token, incident = event._value
        if track.token == token:
            self._written.append(self._make(track.patient, ASSAULT, AWAY, incident.id, incident.row.later()).fact())
