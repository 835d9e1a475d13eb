"""Every fact has its cause: nothing is answered, reported, attended, worked or ended that had not begun."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tests.property.random_ward import Run
from wardsim.ward.core.clock import DAY

EPSILON = 1e-6


def incidents_have_parents(run: Run) -> None:
    """An escalation and an offspring come of an earlier incident, what is direct of none; each number is used once."""
    found: dict[int, Any] = {}
    admitted = {a.patient: a.time for a in run.rows("admission")}
    for row in run.rows("incident"):
        assert row.incident not in found
        if row.origin in ("escalation", "contagion"):
            assert found[row.parent].time <= row.time, row
        elif row.origin == "direct":
            assert row.parent == -1, row
        if row.origin == "escalation":
            assert found[row.parent].patient == row.patient
            assert row.type == "assault"
        if row.origin != "away":
            assert admitted[row.patient] <= row.time
        found[row.incident] = row
        assert row.harm in (0, 1, 2, 3)


def what_follows_an_incident_has_one(run: Run) -> None:
    """Response, containment, injury and report name an incident that has happened; each is reported once at most."""
    known = {row.incident: row for row in run.rows("incident")}
    restrained = {row.incident for row in run.rows("containment") if row.kind == "restraint"}
    for row in run.rows("response"):
        assert known[row.incident].noticed == 1 or known[row.incident].type == "absconding", row
        assert row.minutes >= 0.0
        assert row.trained <= row.team + row.from_neighbours
    for row in run.rows("containment"):
        assert known[row.incident].time <= row.time, row
        assert known[row.incident].patient == row.patient
        assert row.minutes >= 0.0
        assert row.trained <= row.people
    for row in run.rows("injury"):
        assert known[row.incident].time <= row.time
        of = known[row.incident]
        assert (row.victim, row.victim_person) == (of.victim, of.victim_person) or row.incident in restrained, row
        assert row.victim == "staff" or row.days_lost == 0.0
        assert row.days_lost >= 0.0
    reported = Counter(row.incident for row in run.rows("report"))
    assert set(reported) <= set(known)
    assert max(reported.values(), default=1) == 1
    for row in run.rows("report"):
        assert row.time >= known[row.incident].time


def work_on_incidents_has_one(run: Run) -> None:
    """Response, aftermath, debrief and record of a patient come after an incident of that patient."""
    first: dict[int, float] = {}
    for row in run.rows("incident"):
        first.setdefault(row.patient, row.time)
    ever = min(first.values(), default=float("inf"))
    for row in run.rows("task"):
        if row.kind in ("incident_response", "medical_emergency", "incident_aftermath", "debrief", "incident_documentation"):
            assert row.created >= (first[row.patient] if row.patient >= 0 else ever), row


def patients_were_referred(run: Run) -> None:
    """Who is admitted, ready, out, observed, placed or due something was referred (or here at the start)."""
    referred = {r.patient: r.time for r in run.rows("referral")}
    admitted = {a.patient: a.time for a in run.rows("admission")}
    placed = {o.patient for o in run.rows("out_of_area") if o.event == "placed"}
    for table in ("admission", "ready", "discharge", "out_of_area"):
        assert all(referred[row.patient] <= row.time for row in run.rows(table)), table
    for table in ("leave", "observation", "pathway"):
        assert all(row.patient in admitted for row in run.rows(table)), table
    for row in run.rows("task"):
        assert row.patient == -1 or admitted[row.patient] <= row.created, row
    for row in run.rows("discharge"):
        assert row.patient in (admitted if row.place == "ward" else placed)
        assert row.delay_cause == "" or row.ready_at <= row.time
    for table in ("round", "group"):
        assert all(set(row.patients) <= set(admitted) for row in run.rows(table)), table


def training_was_booked(run: Run) -> None:
    """Hours attended or cancelled were booked before; e-learning on duty was asked for."""
    to_come: dict[tuple[int, str], float] = defaultdict(float)
    asked: set[tuple[int, str]] = set()
    for row in run.rows("training"):
        who = (row.person, row.course)
        assert row.hours >= 0.0, row
        if row.event == "asked":
            asked.add(who)
        elif row.event == "booked":
            assert who in asked or row.time == run.begin, row  # places booked before the run began
            to_come[who] += row.hours
        elif row.event in ("attended", "cancelled") and _booked(run, row.modality):
            to_come[who] -= row.hours
            assert to_come[who] > -EPSILON, row
        elif row.event in ("attended", "refused"):
            assert who in asked, row


def _booked(run: Run, modality: str) -> bool:
    """Whether places on such a course are booked (e-learning on duty is only asked for)."""
    return modality != "e_learning" or run.scenario.training.e_learning_protected_hours


def duties_have_people(run: Run) -> None:
    """Own staff work while in post; bank and agency because they were offered the shift; overtime likewise."""
    begun: dict[int, float] = {}
    left: dict[int, float] = {}
    for row in run.rows("employment"):
        (left if row.event == "left" else begun)[row.person] = row.time
    taken = {(o.person, o.day) for o in run.rows("offer") if o.person >= 0}
    for duty in run.rows("duty"):
        day = int(duty.start // DAY)
        if duty.employment == "substantive":
            assert begun[duty.person] <= duty.start <= left.get(duty.person, run.until), duty
        if duty.employment != "substantive" or not duty.contracted:
            assert {(duty.person, day), (duty.person, day - 1)} & taken, duty


def offers_were_worked(run: Run) -> None:
    """Whoever took a shift came, unless ill, injured, gone, lent to another ward or no longer wanted."""
    # whoever is held by work past the start of the next shift works both in one stretch of duty
    worked = {(d.person, day) for d in run.rows("duty") for day in range(int(d.start // DAY), int(d.end // DAY) + 1)}
    away: dict[int, list[Any]] = defaultdict(list)
    for row in run.rows("absence"):
        away[row.person].append(row)
    left = {r.person for r in run.rows("employment") if r.event == "left"}
    hurt = {r.victim_person for r in run.rows("injury") if r.victim == "staff"}
    lent = {(r.day, r.shift) for r in run.rows("shift") if r.lent}
    for o in run.rows("offer"):
        if o.person < 0 or o.day * DAY + DAY >= run.until or (o.person, o.day) in worked or (o.person, o.day + 1) in worked:
            continue
        ill = any(a.start < (o.day + 2) * DAY and a.end > o.day * DAY for a in away[o.person])
        assert ill or o.person in left or o.person in hurt or (o.day, o.shift) in lent or o.time >= (o.day + 1) * DAY, o


def offers_have_an_outcome(run: Run) -> None:
    """Unfilled names nobody; filled names somebody of that employment, who is offered no two shifts that overlap."""
    employment = {d.person: d.employment for d in run.rows("duty")}
    for o in run.rows("offer"):
        assert (o.person < 0) == (o.outcome == "unfilled"), o
        assert o.lead_hours >= 0.0
        kind = employment.get(o.person)
        if kind is not None:
            assert kind == {"own_staff": "substantive"}.get(o.outcome, o.outcome), o
    policy = run.scenario.staffing.temporary
    outcomes = {o.outcome for o in run.rows("offer")}
    assert policy.bank or not outcomes & {"bank", "own_staff"}
    assert policy.agency or "agency" not in outcomes


LAWS: tuple[Any, ...] = (
    incidents_have_parents, what_follows_an_incident_has_one, work_on_incidents_has_one, patients_were_referred,
    training_was_booked, duties_have_people, offers_were_worked, offers_have_an_outcome,
)  # fmt: skip
