"""A ward of patients only: referrals, beds, pathway, and a dispatcher for whom nobody works."""

from __future__ import annotations

from typing import Any

import simpy
from tests.support import point_parameters

from wardsim.parameters.conditioning import condition
from wardsim.scenario.schema import Scenario
from wardsim.ward.beds import Beds
from wardsim.ward.clock import DAY, Calendar
from wardsim.ward.context import Context
from wardsim.ward.dispatcher import Dispatcher
from wardsim.ward.facts import Facts
from wardsim.ward.pathway import Pathway
from wardsim.ward.referrals import Referrals
from wardsim.ward.streams import Streams
from wardsim.ward.work import KINDS, Durations


def scenario(**sections: Any) -> Scenario:
    """A scenario with changes to its sections, each a dict."""
    return Scenario.model_validate({"name": "flow only", **sections})


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
        p = point_parameters() if p is None else p
        if not conditioned:
            p = condition(scene, p)
        saved = state or {}
        env = simpy.Environment(initial_time=begin_days * DAY)
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
            durations=Durations(streams, {name: 30.0 for name in KINDS}, 0.5),
            begin=begin_days * DAY,
            until=(begin_days + days) * DAY,
        )
        self.beds = Beds(self.ctx, saved.get("beds"))
        self.pathway = Pathway(self.ctx, self.beds, saved.get("pathway")) if pathway else None
        self.referrals = Referrals(self.ctx, self.beds, saved.get("referrals"))

    def run(self) -> Facts:
        self.ctx.env.run(until=self.ctx.until)
        return self.ctx.facts

    def save(self) -> dict[str, Any]:
        parts: dict[str, Any] = {"beds": self.beds, "referrals": self.referrals}
        if self.pathway is not None:
            parts["pathway"] = self.pathway
        return {name: part.save() for name, part in parts.items()}
