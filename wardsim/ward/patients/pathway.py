"""The pathway: steps with deadlines, each of them work that somebody has to do.

A step is on time by its deadline, late until its window closes, and missed after that. Steps that were not yet due when a
patient left leave no row. The work is submitted to the dispatcher; whoever holds one-to-one sessions and ward rounds reports with
`done`. Teamwork (M14) lets other professions write plans and changes the time they take; reviews held and plans made in
time act on what remains of the stay through `Stays`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Any, Final

from ..core.clock import AT_NEW_WORK, DAY, HOUR, At, Later
from ..core.context import Context
from ..core.streams import Stream
from ..staff.people import OCCUPATIONAL_THERAPIST, PSYCHOLOGIST
from ..work.in_hand import Note
from ..work.kinds import (
    ADMISSION,
    ADMISSION_MEDICAL,
    ASSESSMENT_OT,
    CARE_PLAN,
    DISCHARGE,
    DISCHARGE_PLAN,
    INVESTIGATIONS,
    KINDS,
    MDT_MEETING,
    PHYSICAL_CHECK,
    SAFETY_PLAN,
)
from ..work.task import CANCELLED, DONE, Kind, Task
from .beds import Beds
from .patients import GONE, LEAVE, OT, WARD, Patient
from .steps import (
    ASSESSMENT,
    CARE,
    FIRST_SESSION,
    FUNCTIONAL,
    INVESTIGATED,
    NAN,
    PHYSICAL,
    PLAN,
    REVIEW,
    RISK,
    TRANSITION,
    Record,
    Step,
)

WEEK_MIN: Final = 7.0 * DAY
PLAN_AHEAD: Final = 5.0 * DAY
"""How long before readiness a discharge is planned, minutes."""
_PLANS: Final = {RISK: 8, CARE: 9, PLAN: 10}
"""Steps that other professions may do, and the place of their uniform in the patient's row."""
_OFFERS: Final = 8
"""Most offers of a physical check; their uniforms are the first of the row."""
_WAITS, _DECLINES = 11, 12
"""Places of the uniforms for blood tests and ECG: whether they wait for the next round of a working day, whether they are declined."""
ROUND_AT: Final = 9.5 * HOUR
"""When on working days blood is taken and ECGs are made by those who come to the ward for it, minutes after midnight."""


class Pathway:
    """Submits the work of the pathway and records its steps.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Beds
        Whose hooks tell of patients coming and going.
    state : dict or None
        What `save` returned.
    """

    def __init__(self, ctx: Context, beds: Beds, state: dict[str, Any] | None = None) -> None:
        p = ctx.p
        self._ctx = ctx
        self.stepped: list[Callable[[Patient, str], None]] = []
        """Called with a patient and the step that has just been done."""
        self._stays = beds.stays
        self._facts = ctx.facts.table("pathway")
        self._due = {
            ASSESSMENT: p["patients.admission_assessment_due_hours"] * HOUR,
            PHYSICAL: p["patients.physical_check_due_hours"] * HOUR,
            RISK: p["patients.risk_plan_due_hours"] * HOUR,
            CARE: p["patients.care_plan_due_hours"] * HOUR,
        }
        self._lead = ctx.scenario.work.physical_health_lead
        self._refusal = _logit(p["patients.physical_check_refused_share"])
        self._declined = _logit(p["patients.investigations_refused_share"])
        self._wait = p["patients.investigations_wait_share"]
        self._refusal_slope = p["patients.log_odds_refusal_per_point"]
        self._ot = p["patients.ot_assessment_share"]
        self._extra = p["patients.young_people_extra_work_ratio"]
        self._dual = p["patients.dual_diagnosis_extra_work_ratio"]
        self._transition_min = p["patients.transition_meeting_min"]
        quality = ctx.scenario.staffing.multidisciplinary.teamwork
        on = ctx.on.teamwork
        self._shared = min(max(p["patients.shared_planning_share"] * (1.0 + quality), 0.0), 1.0) if on else 0.0
        self._plan_time = exp(p["patients.log_planning_time_teamwork"] * quality) if on else 1.0
        self._review = p["flow.log_stay_per_review"] if on else 0.0
        self._review_value = 1.0 + p["flow.review_quality_per_point"] * quality
        self._review_reference = p["flow.review_reference"]
        self._planning = p["flow.log_delay_discharge_plan"] if on else 0.0
        self._plan_reference = p["flow.discharge_plan_reference"]
        self._records: dict[int, Record] = {}
        self._saved: dict[str, Any] = dict(state or {})
        self.notes = (Note("pathway", Record, lambda record: record.patient.id, self._records.__getitem__),)
        beds.admitted.append(self._admitted)
        beds.went_out.append(self._out)
        beds.returned.append(self._back)
        beds.left.append(self._left)
        beds.stays.going_home.append(self._going_home)
        beds.stays.ready_moved.append(self._ready_moved)
        if self._planning != 0.0:
            beds.stays.delay_factors.append(self._delay_factor)
            beds.stays.plan_made = self._plan_made

    def save(self) -> dict[str, Any]:
        """Open steps by patient key."""
        saved = {}
        for record in self._records.values():
            steps = {
                name: [step.due, None if name == PLAN else step.closes, step.left, [[k.name, m] for k, m in step.again]]
                for name, step in record.steps.items()
            }
            held = None if record.held != record.held else record.held
            saved[_text(record.patient)] = [steps, record.offers, record.week, held, record.planned]
        return saved

    # -- what others report and ask -----------------------------------------------------------------------------------------

    def done(self, patient: Patient, step: str, time: float) -> None:
        """A step has been done (first_one_to_one and weekly_review are reported from outside).

        Parameters
        ----------
        patient : Patient
            Whose.
        step : str
            Name of the step.
        time : float
            When, minutes.
        """
        record = self._records.get(patient.id)
        if record is None:
            return
        if step == REVIEW:
            if record.held != record.held:
                record.held = time
            return
        found = record.steps.pop(step, None)
        if found is not None:
            due = patient.ready_at if step == PLAN else found.due
            self._write(patient, step, due, time, "on_time" if time <= due else "late")
            if step == PLAN:
                record.planned = True
            for call in self.stepped:
                call(patient, step)

    def is_done(self, patient: Patient, step: str) -> bool:
        """Whether a step is no longer open for a patient on the books."""
        record = self._records.get(patient.id)
        return record is None or step not in record.steps

    # -- coming and going ---------------------------------------------------------------------------------------------------

    def _admitted(self, patient: Patient) -> None:
        ctx = self._ctx
        record = Record(patient, ctx.streams.row(Stream.PATHWAY, *patient.key, n=16))
        self._records[patient.id] = record
        saved = self._saved.pop(_text(patient), None)
        if saved is not None:
            self._continue(record, saved)
            return
        came = patient.admitted_at
        dual = self._dual if patient.dual_diagnosis else 1.0  # drink and drugs are assessed and planned for as well
        extra = dual * (self._extra if patient.source == "young_people" else 1.0)
        self._open(record, ASSESSMENT, came + self._due[ASSESSMENT], 3.0, [(ADMISSION, extra), (ADMISSION_MEDICAL, extra)])
        self._open(record, PHYSICAL, came + self._due[PHYSICAL], 7.0 if self._lead else 3.0, [(PHYSICAL_CHECK, dual)])
        after = self._round_after(came) - came if record.chance[_WAITS] < self._wait else 0.0
        self._open(record, INVESTIGATED, came + self._due[PHYSICAL], 7.0, [(INVESTIGATIONS, 1.0)], after=after)
        self._open(record, RISK, came + self._due[RISK], 7.0 / 3.0, [(SAFETY_PLAN, dual)])
        self._open(record, CARE, came + self._due[CARE], 2.0, [(CARE_PLAN, dual)], after=DAY)
        if patient.chance[OT] < self._ot:
            self._open(record, FUNCTIONAL, came + WEEK_MIN, 2.0, [(ASSESSMENT_OT, 1.0)], after=2.0 * DAY)
        self._open(record, FIRST_SESSION, came + WEEK_MIN, 1.0, [])
        if patient.source == "young_people":
            self._open(record, TRANSITION, came + WEEK_MIN, 2.0, [(MDT_MEETING, 1.0)], after=2.0 * DAY)
        now = ctx.env.now
        record.week = int((now - came) // WEEK_MIN)
        self._next_week(record)
        record.steps[PLAN] = Step(patient.ready_at, float("inf"))
        self._plan_later(record)

    def _open(
        self, record: Record, name: str, due: float, window: float, work: list[tuple[Kind, float]], after: float = 0.0
    ) -> None:
        """Open a step that is not yet due; its window closes after `window` times the time to the deadline."""
        came, now = record.patient.admitted_at, self._ctx.env.now
        if due <= now:
            return
        step = record.steps[name] = Step(due, came + window * (due - came), max(len(work), 1))
        self._later(step.closes, self._close, (record, name))
        if work:
            jobs = [(kind, self._minutes(record, name, kind) * factor) for kind, factor in work]
            self._later(came + after, self._submit_all, (record, name, jobs))

    def _continue(self, record: Record, saved: list[Any]) -> None:
        """The steps of a saved ward; their work in hand and what is due later come back with `in_hand`."""
        steps, record.offers, record.week, held, record.planned = saved
        record.held = NAN if held is None else held
        for name, (due, closes, left, again) in steps.items():
            step = record.steps[name] = Step(due, float("inf") if closes is None else closes, left)
            step.again = [(KINDS[kind], minutes) for kind, minutes in again]

    def taken_up(self, task: Task) -> None:
        """Work for a step goes on in a ward that was saved during it."""
        assert isinstance(task.note, tuple)
        record, name = task.note
        step = record.steps.get(name)
        if step is not None:
            step.tasks.append(task)

    def _out(self, patient: Patient) -> None:
        """Off the ward: nobody can work with the patient."""
        record = self._records.get(patient.id)
        if record is not None:
            for step in record.steps.values():
                for task in tuple(step.tasks):
                    self._ctx.dispatcher.cancel(task)

    def _back(self, patient: Patient) -> None:
        record = self._records.get(patient.id)
        if record is None:
            return
        for name in tuple(record.steps):
            again, record.steps[name].again = record.steps[name].again, []
            for kind, minutes in again:
                self._submit(record, name, kind, minutes)

    def _left(self, patient: Patient) -> None:
        record = self._records.pop(patient.id, None)
        if record is None:
            return
        now = self._ctx.env.now
        for name, step in record.steps.items():
            due = patient.ready_at if name == PLAN else step.due
            if due <= now:
                self._write(patient, name, due, NAN, "missed")
            for task in tuple(step.tasks):
                self._ctx.dispatcher.cancel(task)
        record.steps.clear()

    # -- work ---------------------------------------------------------------------------------------------------------------

    def _minutes(self, record: Record, name: str, kind: Kind) -> float:
        durations, key = self._ctx.durations, record.patient.key
        if name == TRANSITION:
            return durations.minutes(kind, 0, key, self._transition_min)
        factor = self._plan_time if name in _PLANS else 1.0
        return factor * durations.minutes(kind, record.offers if name == PHYSICAL else 0, key)

    def _submit_all(self, event: At) -> None:
        record, name, jobs = event._value
        if record.patient.id in self._records and name in record.steps:
            for kind, minutes in jobs:
                self._submit(record, name, kind, minutes)

    def _submit(self, record: Record, name: str, kind: Kind, minutes: float) -> None:
        step = record.steps.get(name)
        if step is None:
            return
        if record.patient.place != WARD:
            step.again.append((kind, minutes))
            return
        place = _PLANS.get(name)
        shared = place is not None and record.chance[place] < self._shared
        task = self._ctx.dispatcher.submit(
            kind,
            minutes,
            record.patient.id,
            expires=step.closes,
            on_end=self._ended,
            people=2 if name == TRANSITION else 0,
            roles=kind.roles | OCCUPATIONAL_THERAPIST | PSYCHOLOGIST if shared else 0,
            note=(record, name),
        )
        if not task.outcome:
            step.tasks.append(task)

    def _ended(self, task: Task) -> None:
        assert isinstance(task.note, tuple)
        record, name = task.note
        step = record.steps.get(name)
        if step is None:
            return
        if task in step.tasks:
            step.tasks.remove(task)
        if task.outcome == DONE:
            if name == PHYSICAL and self._refused(record):
                self._offer_again(record)
                return
            if name == INVESTIGATED and self._declines(record, record.chance[_DECLINES], self._declined):
                return
            step.left -= 1
            if step.left <= 0:
                self.done(record.patient, name, self._ctx.env.now)
        elif task.outcome == CANCELLED and record.patient.place == LEAVE:
            step.again.append((task.kind, max(task.planned - task.delivered, 1.0)))

    def _refused(self, record: Record) -> bool:
        """Whether the patient declined the check; the more acutely ill do so more often."""
        offer = min(record.offers, _OFFERS - 1)
        record.offers += 1
        return self._declines(record, record.chance[offer], self._refusal)

    def _declines(self, record: Record, u: float, log_odds: float) -> bool:
        """Whether the patient, as ill as now, declines what is declined with these log odds at middling acuity."""
        acuity = record.patient.acuity(self._ctx.env.now)
        return u < 1.0 / (1.0 + exp(-log_odds - self._refusal_slope * (acuity - 3.0)))

    def _round_after(self, time: float) -> float:
        """The next round of a working day on which blood is taken."""
        day = int(time // DAY)
        while day * DAY + ROUND_AT <= time or not self._ctx.calendar.is_working_day(day):
            day += 1
        return day * DAY + ROUND_AT

    def _offer_again(self, record: Record) -> None:
        """With a lead for physical health the check is offered again next morning; otherwise it stays undone."""
        if self._lead and record.offers < _OFFERS:
            now = self._ctx.env.now
            due = (now // DAY + 1.0) * DAY + 10.0 * HOUR
            jobs = [(PHYSICAL_CHECK, self._minutes(record, PHYSICAL, PHYSICAL_CHECK))]
            self._later(due, self._submit_all, (record, PHYSICAL, jobs))

    def _plan_later(self, record: Record) -> None:
        """Plan the discharge some days before the patient is expected to be ready, and not on the first day."""
        patient = record.patient
        self._later(max(patient.ready_at - PLAN_AHEAD, patient.admitted_at + DAY), self._plan_discharge, record)

    def _ready_moved(self, patient: Patient) -> None:
        record = self._records.get(patient.id)
        if record is not None:
            self._plan_later(record)

    def _plan_discharge(self, event: At) -> None:
        record: Record = event._value
        patient = record.patient
        step = record.steps.get(PLAN)
        if patient.id not in self._records or step is None or step.tasks or step.again:
            return
        if patient.ready_at - PLAN_AHEAD > self._ctx.env.now + HOUR:  # expected later by now: another look is due then
            return
        self._submit(record, PLAN, DISCHARGE_PLAN, self._minutes(record, PLAN, DISCHARGE_PLAN))

    def _going_home(self, patient: Patient) -> None:
        if patient.id in self._records:
            minutes = self._ctx.durations.minutes(DISCHARGE, 0, patient.key)
            self._ctx.dispatcher.submit(DISCHARGE, minutes, patient.id, expires=patient.leaves_at)

    # -- time passes --------------------------------------------------------------------------------------------------------

    def _later(self, time: float, call: Any, value: Any) -> None:
        Later(self._ctx.env, max(time - self._ctx.env.now, 0.0), call, value, AT_NEW_WORK)

    def _close(self, event: At) -> None:
        record, name = event._value
        step = record.steps.pop(name, None)
        if step is not None and record.patient.place != GONE:
            self._write(record.patient, name, step.due, NAN, "missed")
            for task in tuple(step.tasks):
                self._ctx.dispatcher.cancel(task)

    def _next_week(self, record: Record) -> None:
        self._later(record.patient.admitted_at + (record.week + 1) * WEEK_MIN, self._week_ends, record)

    def _week_ends(self, event: At) -> None:
        """Close a week's review: held or missed; what remains of the stay follows (M14)."""
        record: Record = event._value
        patient = record.patient
        if patient.id not in self._records:
            return
        now = self._ctx.env.now
        held = record.held == record.held
        if held or patient.place == WARD:  # a week that ends on leave without a review asks for none
            self._write(patient, REVIEW, now, record.held, "on_time" if held else "missed")
            value = self._review_value if held else 0.0
            self._stays.change_rest(patient, -self._review * (value - self._review_reference))
        record.held = NAN
        record.week += 1
        self._next_week(record)

    def _plan_made(self, patient: Patient) -> bool:
        record = self._records.get(patient.id)
        return record is not None and record.planned

    def _delay_factor(self, patient: Patient) -> float:
        """Effect on the delay of having planned the discharge in time (M14)."""
        record = self._records.get(patient.id)
        if record is None:
            return 1.0
        return exp(-self._planning * ((1.0 if record.planned else 0.0) - self._plan_reference))

    def _write(self, patient: Patient, step: str, due: float, done_at: float, status: str) -> None:
        self._facts.append((patient.id, step, due, done_at, status))


def _logit(share: float) -> float:
    """Log odds; shares at 0 or 1 are kept just inside."""
    inside = min(max(share, 1e-9), 1.0 - 1e-9)
    return log(inside / (1.0 - inside))


def _text(patient: Patient) -> str:
    return ",".join(map(str, patient.key))
