"""A ward of patients only: referrals, beds, pathway, and a dispatcher for whom nobody works."""

from __future__ import annotations

from typing import Any

from tests.support import point_parameters
from wardsim.parameters.conditioning import condition
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import AT_NEW_WORK, DAY, At, Calendar, Clock
from wardsim.ward.core.context import Context
from wardsim.ward.core.facts import Facts
from wardsim.ward.core.streams import Streams
from wardsim.ward.patients.beds import Beds
from wardsim.ward.patients.pathway import Pathway
from wardsim.ward.patients.patients import DETAINED, Patient
from wardsim.ward.patients.referrals import Referrals
from wardsim.ward.work.dispatcher import Dispatcher
from wardsim.ward.work.in_hand import InHand
from wardsim.ward.work.kinds import KINDS, Durations


def scenario(**sections: Any) -> Scenario:
    """A scenario with changes to its sections, each a dict."""
    return Scenario.model_validate({"name": "flow only", **sections})


def flow_parameters(**changes: float) -> dict[str, float]:
    """Point values for a ward on which nothing happens: no incident ends a stay."""
    return point_parameters(**{"flow__sudden_ends_per_1000_days": 0.0, **changes})


class FlowOnly:
    """Patients come, stay and go; no staff.

    Parameters
    ----------
    scene : Scenario, optional
        The scenario; teamwork (M14) is best switched off, since nobody works.
    p : dict, optional
        Parameters; conditioned on the scenario unless `conditioned`.
    """

    def __init__(
        self,
        scene: Scenario | None = None,
        p: dict[str, float] | None = None,
        *,
        seed: int = 1,
        replication: int = 0,
        begin_days: float = 0.0,
        days: float = 365.25,
        state: dict[str, Any] | None = None,
        conditioned: bool = False,
        pathway: bool = True,
        holidays: frozenset[int] = frozenset(),
    ) -> None:
        scene = scene or scenario(mechanisms={"teamwork": False})
        p = flow_parameters() if p is None else p
        if not conditioned:
            p = condition(scene, p)
        saved = state or {}
        env = Clock(initial_time=begin_days * DAY)
        facts = Facts()
        streams = Streams(seed, replication)
        self.ctx = Context(
            env=env,
            calendar=Calendar(scene.ward.start_date, holidays),
            streams=streams,
            facts=facts,
            scenario=scene,
            p=p,
            on=scene.mechanisms,
            dispatcher=Dispatcher(env, facts),
            durations=Durations(streams, dict.fromkeys(KINDS, 30.0), 0.5),
            begin=begin_days * DAY,
            until=(begin_days + days) * DAY,
        )
        self.made: list[Patient] = []
        self.beds = Beds(self.ctx, saved.get("beds"))
        self.pathway = Pathway(self.ctx, self.beds, saved.get("pathway")) if pathway else None
        self.referrals = Referrals(self.ctx, self.beds, saved.get("referrals"))
        parts: dict[str, object] = {"stays": self.beds.stays, "leaves": self.beds.leaves}
        if self.pathway is not None:
            parts["pathway"] = self.pathway
        self.in_hand = InHand(self.ctx, self.beds, {}.__getitem__, parts)
        if state is not None:
            self.beds.opened.append(lambda: self.in_hand.take_up(state["in_hand"]))

    def run(self) -> Facts:
        self.ctx.env.run(until=self.ctx.until)
        return self.ctx.facts

    def save(self) -> dict[str, Any]:
        parts: dict[str, Any] = {"beds": self.beds, "referrals": self.referrals, "in_hand": self.in_hand}
        if self.pathway is not None:
            parts["pathway"] = self.pathway
        return {name: part.save() for name, part in parts.items()}

    def arrive(
        self,
        at: float,
        *,
        clinical_days: float = 5.0,
        delay_days: float = 0.0,
        cause: str = "",
        source: str = "community_crisis",
        chance: dict[int, float] | None = None,
        severity: float = 2.0,
        n: int = 0,
    ) -> Patient:
        """Send a patient made by hand to the ward at a time (minutes); discharge is at 13:30 of the last day."""
        key = (1, 10_000_000 + n + len(self.made), 0)
        patient = self.beds.patients.first([key]).patient(0, self.beds.patients.new_id(), key, source, self.beds.patients.courses)
        patient.clinical_min = clinical_days * DAY
        patient.delay_min = delay_days * DAY
        patient.delay_cause = cause
        patient.severity = severity
        row = [*patient.chance[:DETAINED], *[0.5] * (len(patient.chance) - DETAINED)]
        for place, value in (chance or {}).items():
            row[place] = value
        patient.chance = tuple(row)
        self.made.append(patient)
        At(self.ctx.env, at - self.ctx.env.now, lambda _: self.beds.refer(patient), None, AT_NEW_WORK)
        return patient


def empty_ward(
    beds: int = 1, *, days: float = 60.0, parameters: dict[str, float] | None = None, pathway: bool = False, **sections: Any
) -> FlowOnly:
    """A ward with nobody in it to which nobody comes, except by `arrive`; nobody is readmitted or goes on leave."""
    sections.setdefault("mechanisms", {"teamwork": False, "bed_pressure": False})
    sections["ward"] = {"beds": beds, **sections.get("ward", {})}
    sections["start"] = {"census": []}
    sections["demand"] = {"referrals_multiplier": 0.0}
    p = flow_parameters()
    p.update({"flow.readmission_90_days_share": 0.0, "flow.leave_share": 0.0, "patients.acuity_noise_sd_points": 0.0})
    p.update(parameters or {})
    return FlowOnly(scenario(**sections), p, days=days, pathway=pathway)
