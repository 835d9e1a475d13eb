"""Every fact the ward can state: one declaration a table. The ward appends plain tuples; observers turn them into measures.

Not being served is also a fact: refused, cancelled, interrupted, missed and unfilled stand beside done.
All times are minutes since time zero; durations are minutes unless the column says otherwise; ids are run-local numbers;
an absent person or patient is -1, an absent time is NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

TABLES: dict[str, tuple[str, ...]] = {
    # patients and beds
    "referral": (
        "time", "patient", "source", "episode", "age_band", "sex", "detained", "diagnosis", "dual_diagnosis",
        "previous_violence", "comorbidity", "frailty", "outcome",
    ),  # outcome: queued, diverted (crisis alternative), declined (no bed ever), census (here at the start); sex m/f; the flags 0/1
    "admission": ("time", "patient", "source", "wait_min", "route", "acuity", "key"),
    # route: direct, queue, repatriation, census; key: the patient's stream key as text
    "out_of_area": ("time", "patient", "event", "since"),  # event: placed, repatriated, discharged
    "leave": ("start", "end", "patient", "kind"),  # kind: overnight, absent_without_leave, police
    "ready": ("time", "patient", "delay_cause"),  # clinically ready for discharge; cause "" when not delayed
    "discharge": ("time", "patient", "admitted", "ready_at", "delay_cause", "route", "place"),
    # route: home, early (pressure), picu, police, absconded, transfer; place: ward, out_of_area
    "beds": ("time", "present", "on_leave", "waiting", "out_of_area", "delayed", "detained"),  # levels after each change
    "acuity": ("day", "level1", "level2", "level3", "level4", "level5"),  # patients present at 08:00 by level
    "observation": ("time", "patient", "level", "reason"),  # level: general, intermittent, constant, discharged
    "pathway": ("patient", "step", "due", "done_at", "status"),  # status: on_time, late, missed
    # people and shifts
    "employment": ("time", "person", "key", "role", "band", "wte", "event", "reason"),  # event: in_post, hired, left
    "absence": ("start", "end", "person", "role", "cause", "hours"),
    # cause: annual_leave, sickness, injury, parental_other, study; hours: contracted hours lost
    "leave_owed": ("time", "person", "role", "event", "hours", "balance"),
    # annual leave, contracted hours; balance: owed after the event. opening (owed when the run begins), granted (at the start of the
    # leave year and on joining; below zero at notice: for the time after leaving), taken (a stretch, written when it ends), lost (not
    # carried over at the end of the leave year), settled (paid out on leaving; below zero: owed to the ward);
    # opening + granted = taken + lost + settled + balance. Without effect on the balance: given_back (a booked stretch of sickness,
    # injury, parental or other leave, written when it ends), rebooked (booked beyond the calendar), carried (into the new leave year)
    "shift": (
        "start", "end", "day", "shift", "role", "required", "rostered", "substantive", "overtime", "bank", "agency",
        "extra_requested", "lent", "worked_hours", "planned_hours",
    ),  # one row for each shift and nursing role, written when the shift ends; hours are paid hours (breaks left out)
    "duty": ("start", "end", "person", "role", "band", "employment", "shift", "planned_end", "contracted"),
    # contracted 1: hours within contract, 0: paid as bank, agency or overtime
    "offer": ("time", "day", "shift", "role", "slot", "lead_hours", "reason", "outcome", "person"),
    # outcome: own_staff, bank, agency, unfilled; reason: vacancy, sickness, injury, leave, training, extra, other
    "extra_request": ("time", "day", "shift", "role", "reason", "outcome"),
    # one more person asked for, for one shift; role: rn, hca; reason: observation, seclusion, acuity
    # outcome: agreed, refused, limit (as many extra staff as there may be already)
    "vacancy": ("time", "role", "established_wte", "in_post_wte"),  # levels after each change
    # training
    "training": ("time", "person", "role", "course", "event", "hours", "reason", "modality", "backfilled"),
    # event: due, asked, booked, refused, released, cancelled, attended, expired
    # reason: no_place, cover_short, release_not_allowed, sick, recalled_short, left, no_time (study on duty not done in time),
    # not_booked, withdrawn; of released: rostered_shift, study_day, day_off; of attended: part, complete. Hours add up: booked
    # = attended + cancelled + still to come. E-learning on duty is asked for, never booked: attended, or refused for no_time.
    "compliance": ("time", "course", "needed", "in_date"),  # weekly count of staff
    "training_plan": ("time", "course", "planned_hours", "wte"),  # hours promised for the week from `time`, by course; staff concerned
    "team": (
        "time", "shift", "on_duty", "registered", "temporary", "familiarity", "skill_violence", "skill_de_escalation",
        "skill_suicide", "skill_life_support", "skill_dual_diagnosis", "skill_sexual_safety", "fatigue", "multidisciplinary",
    ),  # the team when the shift has changed: means over nursing staff on duty
    # work
    "segment": ("start", "end", "person", "role", "kind", "patient", "task"),  # one person's time on one piece of work
    "task": (
        "created", "started", "ended", "task", "kind", "patient", "outcome", "planned_min", "delivered_min", "people",
    ),  # outcome: done, cut_short, not_done, cancelled; started NaN when never begun
    "round": ("start", "end", "kind", "patients"),  # a round walked; patients: tuple of ids, an entry for each
    "group": ("start", "end", "kind", "patients"),  # a group held; patients: tuple of ids who attended
    # incidents: what happened
    "incident": (
        "time", "incident", "patient", "type", "origin", "parent", "victim", "victim_person", "noticed", "harm", "weapon",
        "observed_level",
    ),
    # origin: direct, escalation, contagion; victim: none, staff, patient, self, object; victim_person: id of staff or patient
    # harm: 0 none, 1 minor, 2 moderate, 3 severe; noticed 0/1
    "response": (
        "incident", "first_arrival_min", "team_arrival_min", "team", "trained", "from_neighbours", "de_escalated", "minutes",
    ),
    "containment": ("time", "incident", "patient", "kind", "minutes", "people", "trained"),
    # kind: restraint, seclusion, rapid_tranquillisation, low_stimulus, prn, picu_transfer, police
    "injury": ("time", "incident", "victim", "victim_person", "severity", "days_lost"),
    "report": ("time", "incident", "recorded_harm"),  # what was reported: a subset of what happened
    # programmes and the engine itself
    "programme": ("time", "kind", "fidelity", "effect"),  # weekly
    "exposure": ("time", "patient_minutes", "capped_minutes"),  # of the incident engine, at the end of a run
}


class Facts:
    """The facts of one run: an attribute per table, each a list of tuples in the order of `TABLES`."""

    __slots__ = tuple(TABLES)

    def __init__(self) -> None:
        for name in TABLES:
            setattr(self, name, [])

    def clear(self) -> None:
        """Forget every row: the ward that wrote them may live on for a while in cycles of its parts, the rows need not."""
        for name in TABLES:
            self.table(name).clear()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> list[tuple[Any, ...]]: ...

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """Rows of one table."""
        rows: list[tuple[Any, ...]] = getattr(self, name)
        return rows
