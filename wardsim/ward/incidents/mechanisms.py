"""The ward terms: how facts about the ward act on incidents, one switch a mechanism.

Every effect is a coefficient of the ledger with a value that means none. A switch turned off gives each of its coefficients
that value, and nothing else: so "off" and "null" are the same run, byte for byte. Facts (who came, how soon, what was done)
happen either way.

The product of ward terms of a type saturates at `incidents.ward_cap`, the factor of an open window after a limit at
`incidents.limit_cap`; how long the product of aggression stood at its cap is measured (fact `exposure`).

Published associations between staffing, temporary staff, skill mix, crowding or release and incidents are not used here; the
residual `direct_effects`, off by default and zero in the ledger, are the only place where such a figure could be put.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Any, Final

from ..core.context import Context
from ..staff.people import Person
from .effects import COURSES, EFFECTS, effect
from .intensity import (
    ABSCONDING,
    AGGRESSION,
    MEDICAL,
    N_TYPES,
    REFUSAL,
    SELF_HARM,
    SEXUAL_SAFETY,
    SUBSTANCE_USE,
    SUICIDE_ATTEMPT,
    TYPES,
    Rates,
)
from .outcomes import shifted
from .protocols import BedsLike, ContactLike, StaffingLike, TrainingLike

PLANNED: Final = "plan_made"
CHECKED: Final = "check_made"
"""Entries of a patient's `extra` set when the safety plan and the physical health check have been done."""

BEHIND_A_DOOR: Final = 0.36
"""Pairs of eyes that the ward is taken to have while everyone on duty is behind a door (assumption): something is heard."""


class Mechanisms:
    """Ward terms of the hazards, and the shifts of what follows an incident.

    Parameters
    ----------
    ctx : Context
        Common ground.
    rates : Rates
        Exogenous intensities (slopes, caps).
    beds, staffing, training, contact
        Where the facts are read.

    Attributes
    ----------
    released : callable
        Nursing staff away at training now (exposure of the residual term for release); set by whoever composes the ward.
    """

    def __init__(
        self, ctx: Context, rates: Rates, beds: BedsLike, staffing: StaffingLike, training: TrainingLike, contact: ContactLike
    ) -> None:
        p = ctx.p
        self._ctx = ctx
        self._dispatcher = ctx.dispatcher
        self._beds = beds
        self._staffing = staffing
        self._training = training
        self._contact = contact
        self.c = {name: effect(p, ctx.on, f"mechanisms.{name}", switch, none) for name, (switch, none) in EFFECTS.items()}
        self.ref = {
            name: p[f"mechanisms.{name}_reference"]
            for name in (
                "familiarity", "familiar_with_patient", "fatigue", "eyes_per_patient", "occupancy", "staff_per_patient",
                "registered_share", "temporary_share", "released", "presence", "plan_missing", "check_missing",
                "intermittent", "constant",
            )
        }  # fmt: skip
        self._skill_ref = [p[f"mechanisms.skill_{name}_reference"] for name in COURSES]
        self._contact_ref = p["mechanisms.contact_reference_min_per_day"]
        self._contact_most = p["mechanisms.contact_most_min_per_day"]
        self._unmet_ref = p["mechanisms.unmet_reference_per_day"]
        self._unmet_most = p["mechanisms.unmet_most_per_day"]
        self.released: Callable[[], float] = lambda: 0.0
        self._slope: list[float] = rates.slope.tolist()
        self.ward_cap = rates.ward_cap
        share = self.c["limit_share"]
        window = p["mechanisms.limit_window_min"] * p["mechanisms.limit_reference_per_day"]
        self.limit_closed = 1.0 - share
        self.limit_open = min(1.0 - share + share * 1440.0 / window, rates.limit_cap)
        self._same_sex = p["incidents.sexual_same_sex_weight"]
        other = p["incidents.sexual_separate_rooms_weight"]
        self._other_sex = 1.0 if ctx.scenario.work.mixed_sex_day_rooms else other
        self._access_ref = p["incidents.sexual_access_reference"]
        self._team = [0.0] * N_TYPES
        self._version = -1
        self.escalation_team = 0.0
        self.talk_team = 0.0
        self.medical_team = 0.0
        self.skill_violence = 0.0
        self.fatigue = self.ref["fatigue"]
        self._fatigue_limit = self.c["fatigue_limit"]
        self._fatigue_ref = self.ref["fatigue"]
        if self._fatigue_limit != 0.0:
            contact.limit_factor = self.limit_factor

    # -- hazards ------------------------------------------------------------------------------------------------------------

    def limit(self, patient: Any, now: float) -> float:
        """M3: factor of an aggression's hazard, by whether a window after a limit is open for this patient."""
        return self.limit_open if self._contact.limit_open_until(patient) > now else self.limit_closed

    def limit_factor(self, person: Person) -> float:
        """M6: how much likelier a tired person's contact sets a limit."""
        return exp(self._fatigue_limit * (person.fatigue - self._fatigue_ref))

    def product(self, kind: int, patient: Any, now: float) -> float:
        """Product of the ward terms of one type for one patient, before it saturates (M3 apart)."""
        if self._dispatcher.version != self._version:
            self._look_at_team()
        log_term = self._team[kind] - self._slope[kind] * patient.shift_of_acuity
        c = self.c
        if kind < AGGRESSION:
            log_term += c["contact_aggression"] * self._contact_excess(patient, now)
            log_term += c["unmet_aggression"] * self._unmet_excess(patient, now)
            log_term += c["crowding_aggression"] * 10.0 * (self._beds.occupancy() - self.ref["occupancy"])
            return exp(log_term) * self._ctx.effects.get("incidents.aggression", 1.0)
        if kind in (SELF_HARM, SUICIDE_ATTEMPT):
            log_term += c["contact_self_harm"] * self._contact_excess(patient, now)
            log_term += c["unmet_self_harm"] * self._unmet_excess(patient, now)
            log_term += c["safety_plan_self_harm"] * ((PLANNED not in patient.extra) - self.ref["plan_missing"])
            log_term += self._observed(patient, "intermittent_self_harm", "constant_self_harm")
            return exp(log_term) * self._ctx.effects.get("incidents.self_harm", 1.0)
        if kind == ABSCONDING:
            log_term += c["contact_absconding"] * self._contact_excess(patient, now)
            log_term += c["unmet_absconding"] * self._unmet_excess(patient, now)
            log_term += self._observed(patient, "observed_absconding", "observed_absconding")
        elif kind == SEXUAL_SAFETY:
            log_term += self._observed(patient, "observed_sexual_safety", "observed_sexual_safety")
            return exp(log_term) * self.access(patient) / self._access_ref
        elif kind == SUBSTANCE_USE:
            log_term += c["contact_substance_use"] * self._contact_excess(patient, now)
        elif kind == REFUSAL:
            log_term += c["contact_refusal"] * self._contact_excess(patient, now)
        elif kind == MEDICAL:
            log_term += c["physical_check_medical"] * ((CHECKED not in patient.extra) - self.ref["check_missing"])
        return exp(log_term)

    def access(self, patient: Any) -> float:
        """Other patients with whom this one shares space: one of the other sex counts 1 where day rooms are shared."""
        sex = patient.sex
        other = self._other_sex
        same = self._same_sex
        return sum([other if q.sex != sex else same for q in self._beds.present.values()]) - same

    def _contact_excess(self, patient: Any, now: float) -> float:
        """Recent therapeutic contact above reference, in tens of minutes a day."""
        return (min(self._contact.recent(patient, now), self._contact_most) - self._contact_ref) / 10.0

    def _unmet_excess(self, patient: Any, now: float) -> float:
        return min(self._contact.unmet(patient, now), self._unmet_most) - self._unmet_ref

    def _observed(self, patient: Any, intermittent: str, constant: str) -> float:
        """Level of observation against its usual shares of time, so that switched off the mean stays where it is."""
        level = patient.observation
        usual = self.c[intermittent] * self.ref["intermittent"] + self.c[constant] * self.ref["constant"]
        if level == "general":
            return -usual
        return self.c[constant if level == "constant" else intermittent] - usual

    def _look_at_team(self) -> None:
        """Take in the team's terms when who is on duty has changed: the same for all patients."""
        self._version = self._dispatcher.version
        team = self._staffing.team_now()
        c = self.c
        ref = self.ref
        terms = [0.0] * N_TYPES
        self.escalation_team = self.talk_team = self.medical_team = 0.0
        self.skill_violence = 0.0
        self.fatigue = ref["fatigue"]
        n = team.on_duty
        if n > 0:
            levels = self._training.team_skills()
            usual = self._skill_ref
            violence, calm, suicide, life, dual, sexual = [levels[i] - usual[i] for i in range(len(usual))]
            familiar = team.familiarity - ref["familiarity"]
            self.skill_violence = violence
            self.fatigue = team.fatigue
            direct = self._direct(n, team.registered, team.temporary)
            aggression = c["familiarity_aggression"] * familiar + c["skill_aggression"] * calm + direct
            for kind in range(AGGRESSION):
                terms[kind] = aggression
            terms[SELF_HARM] = terms[SUICIDE_ATTEMPT] = c["skill_self_harm"] * suicide
            terms[SEXUAL_SAFETY] = c["skill_sexual_safety"] * sexual
            terms[SUBSTANCE_USE] = c["skill_substance_use"] * dual
            terms[REFUSAL] = c["familiarity_refusal"] * familiar
            tired = c["fatigue_escalation"] * (self.fatigue - ref["fatigue"])
            self.escalation_team = c["skill_escalation"] * calm + tired
            self.talk_team = c["skill_de_escalation"] * calm
            self.medical_team = c["skill_medical_harm"] * life
        self._team = terms

    def _direct(self, n: int, registered: int, temporary: int) -> float:
        c = self.c
        ref = self.ref
        patients = max(len(self._beds.present), 1)
        return (
            c["direct_staffing"] * (n / patients - ref["staff_per_patient"]) * 10.0
            + c["direct_skill_mix"] * (registered / n - ref["registered_share"]) * 10.0
            + c["direct_temporary_share"] * (temporary / n - ref["temporary_share"]) * 10.0
            + (c["direct_release"] * (self.released() - ref["released"]) if c["direct_release"] != 0.0 else 0.0)
        )

    # -- what follows -------------------------------------------------------------------------------------------------------

    def attended(self) -> bool:
        """M9: whether anybody is there to notice: where nobody is on duty, nobody notices anything, whatever the size of the effect."""
        return bool(self._dispatcher.on_duty) or self.c["detection_noticed"] == 0.0

    def noticed(self, share: float) -> float:
        """M9: chance that an event is noticed, from its chance at the reference number of eyes for each patient."""
        c = self.c["detection_noticed"]
        if c == 0.0:
            return share
        if not self.attended():
            return 0.0
        eyes = max(self._dispatcher.eyes_on_ward(), BEHIND_A_DOOR) / max(len(self._beds.present), 1)
        return shifted(share, c * log(eyes / self.ref["eyes_per_patient"]))

    def travel(self) -> float:
        """M6: factor on the time a tired team takes to come."""
        if self._dispatcher.version != self._version:
            self._look_at_team()
        return exp(self.c["fatigue_delay"] * (self.fatigue - self.ref["fatigue"]))

    def arrival(self, reference: float, actual: float) -> float:
        """M1: the arrival that counts in the story, between its reference and what it was."""
        return reference + self.c["response_arrival_weight"] * (actual - reference)

    def escalates(self, share: float, presence: float, people: list[Person], patient: Any) -> float:
        """M1, M4, M5, M6: chance that a serious aggression becomes an assault.

        Parameters
        ----------
        share : float
            Chance at reference.
        presence : float
            Share of the time before the moment of decision during which somebody was there, 0 to 1.
        people : list of Person
            Who is there.
        """
        if self._dispatcher.version != self._version:
            self._look_at_team()
        c = self.c
        shift = c["response_presence_escalation"] * (presence - self.ref["presence"]) + self.escalation_team
        if people and c["familiarity_escalation"] != 0.0:
            shift += c["familiarity_escalation"] * (self.knows(people, patient) - self.ref["familiar_with_patient"])
        return shifted(share, shift - log(max(self._ctx.effects.get("de_escalation_odds", 1.0), 1e-6)))

    def talks_down(self, share: float, delay_ratio: float, people: list[Person], patient: Any) -> float:
        """M1, M4, M5: chance that talking ends it; `delay_ratio` is the first arrival over its reference."""
        if self._dispatcher.version != self._version:
            self._look_at_team()
        c = self.c
        shift = c["response_delay_de_escalation"] * log(max(delay_ratio, 0.05)) + self.talk_team
        if people and c["familiarity_de_escalation"] != 0.0:
            shift += c["familiarity_de_escalation"] * (self.knows(people, patient) - self.ref["familiar_with_patient"])
        return shifted(share, shift + log(max(self._ctx.effects.get("de_escalation_odds", 1.0), 1e-6)))

    def knows(self, people: list[Person], patient: Any) -> float:
        """Mean over people of familiarity with the ward and with this patient (shifts since the admission), 0 to 1."""
        total = 0.0
        for person in people:
            total += self._staffing.familiarity(person) + self._staffing.familiarity_with(person, patient.id)
        return 0.5 * total / len(people)

    def restraint_minutes(self, missing: int) -> float:
        """M1, M5: factor on the length of a restraint, by trained people missing from the team and the skill on duty."""
        if self._dispatcher.version != self._version:
            self._look_at_team()
        c = self.c
        return exp(c["response_team_restraint_minutes"] * missing + c["skill_restraint_minutes"] * self.skill_violence)

    def harm(self, share: float, missing: int = 0) -> float:
        """M1, M5: chance of bodily harm in an assault or restraint."""
        if self._dispatcher.version != self._version:
            self._look_at_team()
        c = self.c
        shift = c["response_team_harm"] * missing + c["skill_harm"] * self.skill_violence
        return shifted(share, shift)

    def medical_harm(self, share: float, delay: float, reference: float) -> float:
        """M1, M5: chance of harm in a medical emergency, by the arrival of the first trained responder and the team's skill."""
        if self._dispatcher.version != self._version:
            self._look_at_team()
        shift = self.c["response_delay_medical_harm"] * log(max(delay, 0.1) / reference) + self.medical_team
        return shifted(share, shift)


def hazards_of(mechanisms: Mechanisms, rates: Rates, patient: Any, profile: Any, now: float) -> dict[str, float]:
    """Intensity of every type for one patient now, per minute, ward terms at their caps at most; contagion apart."""
    limit = mechanisms.limit(patient, now)
    return {
        name: rates.one(patient, profile, now, kind)
        * min(mechanisms.product(kind, patient, now), mechanisms.ward_cap)
        * (limit if kind < AGGRESSION else 1.0)
        for kind, name in enumerate(TYPES)
    }
