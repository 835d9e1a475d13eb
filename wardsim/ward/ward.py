"""The ward: composition only. Read it as the story of a ward: patients, staff, their training, the day's work, what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wardsim.scenario.schema import Scenario

from .core.clock import Calendar, Clock
from .core.context import Context
from .core.facts import Facts
from .core.memory import seldom_collecting
from .core.streams import Streams
from .incidents.incidents import STEPS, Incidents
from .patients.beds import Beds
from .patients.pathway import Pathway
from .patients.patients import Patient
from .patients.referrals import Referrals
from .staff.staffing import Staffing
from .training.programmes import Programmes
from .training.training import Training
from .work.contact import Contact
from .work.day import Day
from .work.dispatcher import Dispatcher
from .work.in_hand import InHand
from .work.kinds import KINDS, Durations
from .work.observation import Observation
from .work.patient_day import PatientDay
from .work.routine import Routine
from .work.shift_work import ShiftWork

State = dict[str, Any]
"""A saved ward: plain data, one entry a part."""


class Ward:
    """One run of one ward.

    Parameters
    ----------
    scenario : Scenario
        What the planner set.
    parameters : mapping of str to float
        Natural history and effects by ledger name, already conditioned on the scenario.
    seed, replication : int
        Root and number of the random streams.
    begin, until : float
        First and last minute. Time zero is midnight of the start date; `begin` may be negative (burn-in).
    start : dict, optional
        State saved by another ward at `begin`; without it the ward is drawn warm from the equilibrium.
    given_roster : list of tuple, optional
        Rows of a real roster: day, shift, role, staff.
    holidays : frozenset of int
        Day numbers that are public holidays.
    """

    def __init__(
        self,
        scenario: Scenario,
        parameters: Mapping[str, float],
        seed: int,
        replication: int,
        *,
        begin: float,
        until: float,
        start: State | None = None,
        given_roster: list[tuple[int, str, str, str]] | None = None,
        holidays: frozenset[int] = frozenset(),
    ) -> None:
        saved = start or {}
        env = Clock(initial_time=begin)
        facts = Facts()
        streams = Streams(seed, replication)
        means = {name: parameters[f"work.{name}_min"] for name in KINDS}
        self.ctx = ctx = Context(
            env=env,
            calendar=Calendar(scenario.ward.start_date, holidays),
            streams=streams,
            facts=facts,
            scenario=scenario,
            p=parameters,
            on=scenario.mechanisms,
            dispatcher=Dispatcher(env, facts, scenario.work.end_of_shift),
            durations=Durations(streams, means, parameters["work.duration_cv"]),
            begin=begin,
            until=until,
        )
        self.beds = Beds(ctx, saved.get("beds"))
        self.pathway = Pathway(ctx, self.beds, saved.get("pathway"))
        self.staffing = Staffing(ctx, saved.get("staffing"), given_roster=given_roster)
        self.training = Training(ctx, self.staffing, saved.get("training"))
        self.programmes = Programmes(ctx, saved.get("programmes"))
        self.observation = Observation(ctx, self.beds, self.staffing, saved.get("observation"))
        self.contact = Contact(ctx, self.beds, saved.get("contact"))
        self.incidents = Incidents(
            ctx, self.beds, self.staffing, self.training, self.observation, self.contact, saved.get("incidents")
        )
        self.incidents.mechanisms.released = self.training.released_now
        self.routine = Routine(ctx, self.beds, self.staffing, self.observation, self.contact, self.pathway)
        self.wishes = PatientDay(ctx, self.beds, self.pathway)
        self.day = Day(ctx, self.beds, self.routine, self.wishes)
        self.shift_work = ShiftWork(ctx, self.beds, self.staffing, self.observation)
        self.pathway.stepped.append(self.incidents.step_done)
        self.beds.admitted.append(self._steps_behind)
        self.beds.admitted.append(lambda patient: self.staffing.patient_came(patient.id))
        self.beds.left.append(lambda patient: self.staffing.patient_left(patient.id))
        self.referrals = Referrals(ctx, self.beds, saved.get("referrals"))
        parts = {
            "stays": self.beds.stays, "leaves": self.beds.leaves, "pathway": self.pathway, "study": self.training.study,
            "programmes": self.programmes, "observation": self.observation, "incidents": self.incidents,
            "escalation": self.incidents.escalation, "containment": self.incidents.containment, "events": self.incidents.events,
            "reporting": self.incidents.reporting, "routine": self.routine, "wishes": self.wishes, "day": self.day, "shift_work": self.shift_work,
        }  # fmt: skip
        self.in_hand = InHand(ctx, self.beds, self.staffing.find, parts)
        if start is not None:
            self._take_up(start)

    def _take_up(self, start: State) -> None:
        """Go on with work in hand: once the patients of a saved ward are in their places, or now if others have been counted."""
        if self.beds.restored:
            self.beds.opened.append(self.incidents.in_order)
            self.beds.opened.append(lambda: self.in_hand.take_up(start["in_hand"]))
        else:
            self.in_hand.take_up(start["in_hand"])

    def _steps_behind(self, patient: Patient) -> None:
        """What was done for a patient before this run began counts as done."""
        for step in STEPS:
            if self.pathway.is_done(patient, step):
                self.incidents.step_done(patient, step)

    def advance(self) -> Facts:
        """Run from `begin` to `until` and leave everything in hand, so that the ward can be saved."""
        with seldom_collecting():
            self.ctx.env.run(until=self.ctx.until)
        return self.ctx.facts

    def run(self) -> Facts:
        """Run from `begin` to `until`, close what is in hand so that every minute is accounted for, and return all facts."""
        with seldom_collecting():
            facts = self.advance()
            self.staffing.close()
            self.incidents.close()
            self.ctx.dispatcher.close()
        return facts

    def save(self) -> State:
        """State at this moment, as plain data from which another ward can start."""
        parts: dict[str, Any] = {
            "beds": self.beds,
            "pathway": self.pathway,
            "staffing": self.staffing,
            "training": self.training,
            "programmes": self.programmes,
            "observation": self.observation,
            "contact": self.contact,
            "incidents": self.incidents,
            "referrals": self.referrals,
            "in_hand": self.in_hand,
        }
        return {name: part.save() for name, part in parts.items()}
