"""What follows an incident, minute by minute, on every branch. Draws are given by hand; spreads are nothing."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log
from typing import Any

import pytest

from tests.ward.incident_world import ALL_ON, World, patient, person
from wardsim.scenario.schema.run import MechanismsSection
from wardsim.ward.core.clock import AT_ONCE, AT_SHIFT_CHANGE, At
from wardsim.ward.incidents import outcomes as u
from wardsim.ward.incidents.incident import Incident
from wardsim.ward.incidents.intensity import (
    ABSCONDING,
    ASSAULT,
    MEDICAL,
    OBJECTS,
    REFUSAL,
    SELF_HARM,
    SEXUAL_SAFETY,
    SUICIDE_ATTEMPT,
    VERBAL,
)
from wardsim.ward.incidents.outcomes import HALF, ROW, Row
from wardsim.ward.staff.people import DOCTOR, WARD_MANAGER, Person
from wardsim.ward.work.kinds import DOCUMENTATION, EMERGENCY, ESCORT

NEVER, ALWAYS = 0.999999, 0.000001
DELAY = 5.0 * log(2.0)
"""When an aggression would boil over, minutes: median of an exponential of mean 5."""

PLAIN: dict[str, float] = {
    **{f"incidents.{name}": 0.0 for name in ("talk_cv", "restraint_cv", "seclusion_cv", "absent_cv", "absence_after_injury_cv")},
    **{
        f"incidents.{name}_per_1000_days": 0.0
        for name in (
            "sexual_safety", "self_harm", "suicide_attempt", "absconding", "substance_use", "medication_refusal",
            "medical_emergency",
        )
    },
    # next to none come by themselves; their proportions set the share that escalates
    "incidents.verbal_per_1000_days": 1.05e-7,
    "incidents.objects_per_1000_days": 0.25e-7,
    "incidents.assault_per_1000_days": 0.24e-7,
    "incidents.travel_floor_min": 0.6,
    "incidents.travel_office_min": 1.6,
    "incidents.first_arrival_reference_min": 0.8,
    "mechanisms.skill_harm": 0.0,
    "incidents.team_arrival_reference_min": 1.8,
    "incidents.site_team_min": 10.0,
    "incidents.escalation_delay_mean_min": 5.0,
    "incidents.talk_median_min": 8.0,
    "incidents.restraint_median_min": 9.0,
    "incidents.after_restraint_min": 10.0,
    "incidents.seclusion_median_hours": 4.0,
    "mechanisms.response_arrival_weight": 1.0,
    "mechanisms.response_team_restraint_minutes": 0.2,
    "mechanisms.skill_restraint_minutes": 0.0,
    "mechanisms.contagion_offspring": 0.0,
}  # fmt: skip


def row(**draws: float) -> Row:
    """A row with everything unlikely unless said; `second_` before a name: the assault it becomes."""
    given = [NEVER] * ROW
    for base in (0, HALF):
        for name in ("ESCALATION_DELAY", "TRAVEL", "TALK", "RESTRAINT_MIN", "SECLUSION_MIN", "NEIGHBOUR_DELAY", "DAYS_LOST",
                     "RETURN_DELAY", "VICTIM"):  # fmt: skip
            given[base + getattr(u, name)] = 0.5
        given[base + u.NOTICED] = ALWAYS
        given[base + u.SERIOUS] = ALWAYS
    for name, value in draws.items():
        base = HALF if name.startswith("second_") else 0
        given[base + getattr(u, name.removeprefix("second_"))] = value
    return Row.restore(given)


def make(**changes: Any) -> World:
    parameters: Mapping[str, float] = {**PLAIN, **changes.pop("parameters", {})}
    return World(patients=changes.pop("patients", 4), staff=changes.pop("staff", 5), parameters=parameters, **changes)


def occur(world: World, kind: int, draws: Row, days: float = 2.0) -> World:
    """Let one incident of the first patient happen at minute 100 and run on."""
    world.env.run(until=100.0)
    world.incidents._occur(world.patients[0], kind, "direct", -1, draws, (1, 0, 0, 0, 0))
    return world.run(days)


def kinds(world: World) -> list[str]:
    return [r[3] for r in world.facts.table("containment")]


def emergency(world: World) -> list[tuple[float, float]]:
    """Start and end of each person's time in the emergency, minutes after the incident."""
    return sorted(
        (round(r[0] - 100.0, 6), round(r[1] - 100.0, 6)) for r in world.facts.table("segment") if r[4] == "incident_response"
    )


# -- aggression -------------------------------------------------------------------------------------------------------------


def test_unnoticed_and_harmless() -> None:
    world = occur(make(), VERBAL, row(NOTICED=NEVER, REPORTED=ALWAYS))
    (fact,) = world.facts.table("incident")
    assert fact[:6] == (100.0, 0, 0, "verbal", "direct", -1)
    assert fact[8] == 0
    for table in ("response", "segment", "containment", "report"):
        assert not world.facts.table(table)


def test_mild_aggression_is_spoken_about_and_written_down_and_brings_no_emergency() -> None:
    world = occur(make(), VERBAL, row(SERIOUS=NEVER))
    assert {r[4] for r in world.facts.table("segment")} == {"calming", "incident_note"}
    assert not world.facts.table("response")
    assert world.facts.table("incident")[0][8] == 1


def test_talked_down_by_one_who_came() -> None:
    world = occur(make(), VERBAL, row(TALKED_DOWN=ALWAYS))
    assert emergency(world) == [(0.0, pytest.approx(8.6))]
    (response,) = world.facts.table("response")
    number, first, team, people, _trained, neighbours, de_escalated, minutes = response
    assert (number, first, people, neighbours, de_escalated) == (0, pytest.approx(0.6), 1, 0, 1)
    assert team != team
    assert minutes == pytest.approx(8.6)
    assert kinds(world) == []


def test_objects_bring_two() -> None:
    world = occur(make(), OBJECTS, row(TALKED_DOWN=ALWAYS))
    assert emergency(world) == [(0.0, pytest.approx(8.6))] * 2
    assert world.facts.table("incident")[0][6] == "object"


def test_somebody_in_an_office_takes_longer_and_on_an_escort_does_not_come() -> None:
    world = make(staff=2)
    world.dispatcher.submit(DOCUMENTATION, 500.0)
    world.dispatcher.submit(ESCORT, 500.0, 3)
    occur(world, VERBAL, row(TALKED_DOWN=ALWAYS))
    (response,) = world.facts.table("response")
    assert response[1] == pytest.approx(1.6)
    (task,) = [r for r in world.facts.table("task") if r[4] == "escort"]
    assert task[6] == "done"


def test_not_talked_down_brings_the_team_and_medication_as_needed() -> None:
    world = occur(make(), VERBAL, row(AS_NEEDED=ALWAYS, QUIET_ROOM=ALWAYS))
    end = DELAY + 0.6 + 10.0
    assert emergency(world) == [(0.0, pytest.approx(end))] + [(pytest.approx(DELAY), pytest.approx(end))] * 2
    assert kinds(world) == ["prn", "low_stimulus"]
    (response,) = world.facts.table("response")
    assert response[2] == pytest.approx(DELAY + 0.6)
    assert response[3:7] == (3, 3, 0, 0)


def test_escalates_to_an_assault_on_whoever_was_there() -> None:
    world = occur(make(), VERBAL, row(ESCALATES=ALWAYS, second_VICTIM_KIND=ALWAYS, second_HARM=ALWAYS, second_ABSENT=ALWAYS))
    verbal, assault = world.facts.table("incident")
    assert assault[0] == pytest.approx(100.0 + DELAY)
    assert assault[3:6] == ("assault", "escalation", verbal[1])
    responder = world.facts.table("segment")[0][2]
    assert (assault[6], assault[7]) == ("staff", responder)
    assert assault[9] == 3
    (injury,) = world.facts.table("injury")
    assert injury[1:5] == (assault[1], "staff", responder, 3)
    days = 2.0 * world.p["incidents.absence_after_injury_days"]
    assert injury[5] == pytest.approx(days)
    assert world.staffing.absences == [(responder, "injury", pytest.approx(100.0 + DELAY), pytest.approx(days * 1440.0))]
    assert world.staffing.multipliers[0][:2] == (responder, world.p["incidents.leaving_after_assault_ratio"])


def test_an_assault_by_escalation_needs_the_patient_on_the_ward() -> None:
    world = make()
    world.env.run(until=100.0)
    world.incidents._occur(world.patients[0], VERBAL, "direct", -1, row(ESCALATES=ALWAYS), (1, 0, 0, 0, 0))
    world.beds.leave(world.patients[0])
    world.run(1)
    assert [r[3] for r in world.facts.table("incident")] == ["verbal"]
    assert not world.dispatcher.eyes_on_ward() < 5


def test_no_staff_at_all_it_happens_and_nobody_knows() -> None:
    world = occur(make(staff=0), VERBAL, row(ESCALATES=ALWAYS))
    assert [(r[3], r[6], r[8]) for r in world.facts.table("incident")] == [("verbal", "patient", 0), ("assault", "patient", 0)]
    assert world.facts.table("response") == [], "nobody to notice, nobody to call"
    assert world.facts.table("report") == []


def test_with_detection_off_the_site_s_team_comes_to_a_ward_without_staff() -> None:
    world = occur(make(staff=0, on=MechanismsSection(detection=False)), VERBAL, row(ESCALATES=ALWAYS))
    (response,) = world.facts.table("response")
    assert response[5] >= 1


# -- restraint and beyond ---------------------------------------------------------------------------------------------------


def test_restraint_with_a_full_trained_team() -> None:
    world = occur(make(), ASSAULT, row(RESTRAINT=ALWAYS))
    (fact,) = world.facts.table("containment")
    assert fact == (pytest.approx(100.6), 0, 0, "restraint", pytest.approx(9.0), 3, 3)
    assert emergency(world) == [(0.0, pytest.approx(0.6 + 9.0 + 10.0))] * 3
    settle = [r for r in world.facts.table("task") if r[4] == "incident_aftermath"]
    assert len(settle) == 1


@pytest.mark.parametrize(("trained", "missing"), [(3, 0), (2, 1), (0, 3)])
def test_too_few_trained_people_hold_longer(trained: int, missing: int) -> None:
    world = make(staff=0)
    for i in range(3):
        world.dispatcher.start_duty(person(i, trained=i < trained), "day", 1e9)
    occur(world, ASSAULT, row(RESTRAINT=ALWAYS))
    (fact,) = world.facts.table("containment")
    assert fact[4] == pytest.approx(9.0 * exp(0.2 * missing))
    assert fact[5:] == (3, trained)


def test_a_short_team_gets_neighbours_and_waits_for_them() -> None:
    world = occur(make(staff=1), ASSAULT, row(RESTRAINT=ALWAYS, NEIGHBOURS=ALWAYS))
    (response,) = world.facts.table("response")
    delay = world.p["incidents.neighbour_delay_min"]
    assert response[1] == pytest.approx(0.6)
    assert response[2] == pytest.approx(delay)
    assert response[3:6] == (3, 3, 2)
    assert world.facts.table("containment")[0][0] == pytest.approx(100.0 + delay)


@pytest.mark.lever
@pytest.mark.parametrize("how", ["policy", "switch"])
def test_without_neighbours_a_team_of_one_stays_one(how: str) -> None:
    changes: dict[str, Any] = (
        {"scenario": {"staffing": {"neighbour_responders": False}}}
        if how == "policy"
        else {"on": MechanismsSection(demand_staffing=False)}
    )
    world = occur(make(staff=1, **changes), ASSAULT, row(RESTRAINT=ALWAYS, NEIGHBOURS=ALWAYS))
    (response,) = world.facts.table("response")
    assert response[3:6] == (1, 1, 0)
    assert world.facts.table("containment")[0][4] == pytest.approx(9.0 * exp(0.4))


def test_with_response_off_the_timeline_is_the_usual_one_whoever_comes() -> None:
    starts = set()
    for staff in (0, 1, 5):
        world = occur(make(staff=staff, on=MechanismsSection(response=False, detection=False)), ASSAULT, row(RESTRAINT=ALWAYS))
        (fact,) = world.facts.table("containment")
        starts.add((round(fact[0], 6), round(fact[4], 6)))
    assert starts == {(101.8, 9.0)}


def test_tranquillised_and_secluded() -> None:
    world = occur(make(), ASSAULT, row(RESTRAINT=ALWAYS, TRANQUILLISED=ALWAYS, SECLUDED=ALWAYS))
    restraint, medicine, seclusion = world.facts.table("containment")
    assert (medicine[3], medicine[0]) == ("rapid_tranquillisation", pytest.approx(109.6))
    assert (seclusion[3], seclusion[0], seclusion[4]) == ("seclusion", pytest.approx(119.6), pytest.approx(240.0))
    assert restraint[3] == "restraint"
    assert world.patients[0].extra["sedated_until"] == pytest.approx(109.6 + 240.0)
    care = [r for r in world.facts.table("segment") if r[4] == "seclusion_care"]
    assert [round(r[1] - r[0], 6) for r in care] == [60.0] * 4
    assert world.incidents.containment.secluded == {}


def test_a_full_seclusion_room_leaves_the_quiet_room() -> None:
    world = make()
    world.incidents.containment.seclude(world.patients[1], 3000.0)
    occur(world, ASSAULT, row(RESTRAINT=ALWAYS, SECLUDED=ALWAYS), days=1)
    assert kinds(world) == ["restraint", "low_stimulus"]
    none = make(scenario={"ward": {"seclusion_rooms": 0, "low_stimulus_rooms": 0}})
    occur(none, ASSAULT, row(RESTRAINT=ALWAYS, SECLUDED=ALWAYS))
    assert kinds(none) == ["restraint"]


def test_intensive_care() -> None:
    world = occur(make(), ASSAULT, row(RESTRAINT=ALWAYS, PICU=ALWAYS))
    assert world.beds.asked == [(pytest.approx(119.6), "picu", 0)]
    assert kinds(world) == ["restraint", "picu_transfer"]
    assert not occur(make(), ASSAULT, row(PICU=ALWAYS)).beds.asked


def test_police_come_to_a_grave_assault_and_may_take_somebody() -> None:
    world = occur(make(), ASSAULT, row(WEAPON=ALWAYS, POLICE=0.2))
    assert kinds(world) == ["police"]
    assert not world.beds.asked
    world = occur(make(), ASSAULT, row(WEAPON=ALWAYS, POLICE=ALWAYS))
    assert world.beds.asked[0][1] == "police"
    assert kinds(occur(make(), ASSAULT, row(POLICE=ALWAYS))) == []


@pytest.mark.lever
def test_programmes_on_restraint_and_containment() -> None:
    share = World(patients=0, staff=0).p["incidents.restraint_after_assault_share"]
    for effects, expected in (({}, ["restraint"]), ({"restraint": 0.5}, []), ({"containment": 0.5}, [])):
        world = make()
        world.ctx.effects.update(effects)
        assert kinds(occur(world, ASSAULT, row(RESTRAINT=share * 0.9))) == expected


def test_injuries_in_restraint() -> None:
    world = occur(make(), ASSAULT, row(RESTRAINT=ALWAYS, STAFF_HURT=ALWAYS, PATIENT_HURT=ALWAYS, DEBRIEFED=ALWAYS))
    assert [(r[2], r[4]) for r in world.facts.table("injury")] == [("staff", 1), ("patient", 1)]
    (debrief,) = [r for r in world.facts.table("task") if r[4] == "debrief"]
    assert (debrief[6], debrief[9]) == ("done", 3)


# -- the response mechanism -------------------------------------------------------------------------------------------------


@pytest.mark.lever
def test_being_answered_shifts_the_odds_of_assault_and_the_switch_stops_it() -> None:
    share = make(patients=0, staff=0).incidents.escalation.share
    draws = row(ESCALATES=share * 1.05)
    effect = {"mechanisms.response_presence_escalation": -1.0, "mechanisms.familiarity_escalation": 0.0}

    def types(staff: int, on: MechanismsSection) -> list[str]:
        return [r[3] for r in occur(make(staff=staff, on=on, parameters=effect), VERBAL, draws).facts.table("incident")]

    assert types(5, ALL_ON) == ["verbal"]
    assert types(0, ALL_ON) == ["verbal", "assault"]
    off = MechanismsSection(response=False)
    assert types(5, off) == types(0, off) == ["verbal"]


@pytest.mark.lever
def test_knowing_the_patient_helps_talking_when_the_ledger_says_so() -> None:
    world = make(parameters={"mechanisms.familiarity_de_escalation": 2.0})
    q = world.patients[0]
    stranger, regular = person(7), person(8)
    stranger.shifts_here = 0.0
    regular.known = {q.id: 30.0}
    talks = world.incidents.mechanisms.talks_down
    assert talks(0.6, 1.0, [regular], q) > talks(0.6, 1.0, [stranger], q)


# -- other incidents --------------------------------------------------------------------------------------------------------


def test_self_harm_found_and_seen_to() -> None:
    world = occur(make(), SELF_HARM, row(HARM=0.3, RAISED=ALWAYS))
    (fact,) = world.facts.table("incident")
    assert (fact[6], fact[9]) == ("self", 1)
    attention = world.p["incidents.self_harm_attention_min"]
    assert emergency(world) == [(0.0, pytest.approx(0.6 + attention))]
    assert world.observation.raised == [(0, "constant", "self_harm")]
    share = world.p["incidents.observation_after_self_harm_share"] * world.p["incidents.constant_after_other_share"]
    other = occur(make(), SELF_HARM, row(HARM=0.3, RAISED=share + 0.01))
    assert other.observation.raised == [(0, "intermittent", "self_harm")]
    assert not occur(make(), SELF_HARM, row(NOTICED=NEVER, RAISED=ALWAYS)).facts.table("segment")


def test_a_grave_suicide_attempt_is_a_medical_emergency() -> None:
    world = occur(make(), SUICIDE_ATTEMPT, row(HARM=ALWAYS, RAISED=ALWAYS))
    assert {r[4] for r in world.facts.table("segment")} == {
        "medical_emergency", "incident_aftermath", "incident_follow_up", "incident_note",
    }  # fmt: skip
    assert world.observation.raised == [(0, "constant", "suicide_attempt")]


def test_absconding_is_asked_of_the_beds_and_searched_for() -> None:
    world = occur(make(), ABSCONDING, row(RETURNS=ALWAYS), days=0.2)
    assert world.beds.asked == [(100.0, "abscond", 0)]
    assert 0 not in world.beds.present
    assert emergency(world) == [(0.0, pytest.approx(world.p["incidents.search_min"]))]
    world.run(2)
    assert 0 in world.beds.present
    assert 0 not in occur(make(), ABSCONDING, row(), days=5).beds.present


def test_sexual_safety_has_a_victim_of_the_other_sex() -> None:
    world = occur(make(), SEXUAL_SAFETY, row())
    (fact,) = world.facts.table("incident")
    assert fact[6] == "patient"
    assert {q.id: q.sex for q in world.patients}[fact[7]] == "f"


def test_refusal_is_mostly_accepted_and_seldom_enforced() -> None:
    assert not occur(make(), REFUSAL, row()).facts.table("containment")
    world = make()
    world.patients[0].detained = True
    assert kinds(occur(world, REFUSAL, row(ENFORCED=ALWAYS, RESTRAINT=ALWAYS))) == ["restraint"]
    informal = make()
    informal.patients[0].detained = False
    assert kinds(occur(informal, REFUSAL, row(ENFORCED=ALWAYS, RESTRAINT=ALWAYS))) == []


@pytest.mark.lever
def test_emergency_response_depends_on_who_is_in_date_for_life_support() -> None:
    """Row B3: the minute of the first trained responder, and harm with it, when the mechanism is on."""
    far = {"mechanisms.response_delay_medical_harm": 1.5, "incidents.neighbours_come_day_share": 0.0,
           "incidents.neighbours_come_night_share": 0.0}  # fmt: skip
    delays, harms = [], []
    for trained in (True, False):
        for on in (ALL_ON, MechanismsSection(response=False)):
            world = make(staff=0, on=on, parameters=far)
            for i in range(4):
                world.dispatcher.start_duty(person(i, trained=trained), "day", 1e9)
            occur(world, MEDICAL, row(HARM=0.3))
            delays.append(world.facts.table("response")[0][2])
            harms.append(world.facts.table("incident")[0][9])
    assert delays == pytest.approx([0.6, 0.6, 10.0, 10.0])
    assert harms[0] == harms[1] == harms[3] == 0
    assert harms[2] > 0


def test_people_held_by_one_emergency_do_not_come_to_another() -> None:
    world = make(staff=2)
    world.dispatcher.respond(EMERGENCY, 3, 2)
    occur(world, VERBAL, row(TALKED_DOWN=ALWAYS))
    (response,) = world.facts.table("response")
    assert response[3] == 0
    assert response[1] != response[1]
    assert response[7] == pytest.approx(10.0 + 8.0)


def test_the_end_of_a_run_in_the_middle_of_a_story_leaves_no_loose_ends() -> None:
    world = make()
    world.env.run(until=100.0)
    world.incidents._occur(world.patients[0], ASSAULT, "direct", -1, row(RESTRAINT=ALWAYS), (1, 0, 0, 0, 0))
    world.env.run(until=105.0)
    world.dispatcher.close()
    world.incidents.close()
    assert sum(r[1] - r[0] for r in world.facts.table("segment")) == pytest.approx(15.0)


def test_incident_knows_its_kind() -> None:
    q = patient(1)
    assert Incident(0, 0.0, q, ASSAULT, "direct", -1, row()).assault
    assert Incident(0, 0.0, q, VERBAL, "direct", -1, row()).aggression
    assert not Incident(0, 0.0, q, MEDICAL, "direct", -1, row()).aggression


# -- the moment of decision -------------------------------------------------------------------------------------------------


def decisions(world: World, becomes: float = 0.0, talks: float = 0.0) -> dict[str, tuple[Any, ...]]:
    """What the two decisions were asked with, in a world where their chances are given."""
    asked: dict[str, tuple[Any, ...]] = {}

    def escalates(*given: Any) -> float:
        asked["escalates"] = given
        return becomes

    def talks_down(*given: Any) -> float:
        asked["talks_down"] = given
        return talks

    mechanisms = world.incidents.mechanisms
    mechanisms.escalates, mechanisms.talks_down = escalates, talks_down  # type: ignore[method-assign]
    return asked


def aftermaths(world: World) -> int:
    return sum(r[4] == "incident_aftermath" for r in world.facts.table("task"))


@pytest.mark.parametrize(
    ("kind", "draw", "floor", "presence", "ratio"),
    [
        (VERBAL, 0.5, 0.6, 1.0 - 0.6 / DELAY, 0.6 / 0.8),
        (OBJECTS, 0.5, 1.2, 1.0 - 1.2 / DELAY, 1.2 / 0.8),
        (VERBAL, 0.1, 0.2, 1.0 + 0.2 / (5.0 * log(0.9)), 0.2 / 0.8),  # boils over within a minute
        (VERBAL, 0.5, 4.0, 0.0, 4.0 / 0.8),  # comes too late
        (VERBAL, 0.0, 0.6, 0.0, 0.6 / 0.8),  # boils over at once
    ],
)
def test_presence_and_delay_are_those_of_whoever_came_first(
    kind: int, draw: float, floor: float, presence: float, ratio: float
) -> None:
    world = make(parameters={"incidents.travel_floor_min": floor})
    asked = decisions(world)
    occur(world, kind, row(ESCALATION_DELAY=draw))
    share, present, people, who = asked["escalates"]
    assert (share, present, who) == (world.incidents.escalation.share, pytest.approx(presence), world.patients[0])
    usual, delay, there, patient_ = asked["talks_down"]
    assert (usual, delay) == (world.p["incidents.talked_down_share"], pytest.approx(ratio))
    assert patient_ is who
    assert there is people
    assert people[:1] == [p for p in world.staff if p.id == world.facts.table("segment")[0][2]]


def test_where_the_usual_first_arrival_is_at_once_no_delay_counts() -> None:
    world = make(parameters={"incidents.first_arrival_reference_min": 0.0})
    asked = decisions(world)
    occur(world, VERBAL, row())
    assert asked["talks_down"][1] == 1.0


def test_the_arrival_counts_by_its_weight() -> None:
    world = make(parameters={"mechanisms.response_arrival_weight": 0.5})
    asked = decisions(world)
    occur(world, VERBAL, row())
    assert asked["talks_down"][1] == pytest.approx((0.8 - 0.5 * 0.2) / 0.8)
    assert asked["escalates"][1] == pytest.approx(1.0 - 0.7 / DELAY)


def test_nobody_was_there_before_the_site_s_team_or_where_nobody_noticed() -> None:
    for world, draws in (
        (make(staff=0, on=MechanismsSection(detection=False)), row()),
        (make(), row(NOTICED=NEVER)),
    ):
        asked = decisions(world)
        occur(world, VERBAL, draws)
        assert asked["escalates"][1] == 0.0
    assert asked["escalates"][2] == []
    assert "talks_down" not in asked, "nobody knows of it"


def test_a_draw_at_its_chance_does_not_happen() -> None:
    world = make()
    decisions(world, becomes=0.25, talks=0.5)
    occur(world, VERBAL, row(ESCALATES=0.25, TALKED_DOWN=0.5))
    assert [r[3] for r in world.facts.table("incident")] == ["verbal"]
    assert world.facts.table("response")[0][6] == 0
    below = make()
    decisions(below, becomes=0.25, talks=0.5)
    occur(below, VERBAL, row(ESCALATES=0.25, TALKED_DOWN=0.4999))
    assert below.facts.table("response")[0][6] == 1


@pytest.mark.parametrize(("talk", "end"), [(8.0, 8.6), (DELAY - 0.6 + 0.5, DELAY + 0.5), (1.0, DELAY)])
def test_talking_takes_its_time_from_the_first_arrival_and_not_less_than_to_the_decision(talk: float, end: float) -> None:
    world = occur(make(parameters={"incidents.talk_median_min": talk}), VERBAL, row(TALKED_DOWN=ALWAYS))
    assert emergency(world) == [(0.0, pytest.approx(end))]
    (response,) = world.facts.table("response")
    assert (response[6], response[7]) == (1, pytest.approx(end))
    assert response[2] != response[2], "no team came"
    assert aftermaths(world) == 0, "the ward has not been upset"


def test_an_aggression_that_nobody_noticed_is_contained_once_the_assault_is() -> None:
    world = occur(make(), VERBAL, row(NOTICED=NEVER, ESCALATES=ALWAYS, second_RESTRAINT=ALWAYS))
    assert [(r[3], r[8]) for r in world.facts.table("incident")] == [("verbal", 0), ("assault", 1)]
    assert kinds(world) == ["restraint"]
    seen = occur(make(), VERBAL, row(ESCALATES=ALWAYS, second_NOTICED=NEVER, second_RESTRAINT=ALWAYS))
    assert kinds(seen) == ["restraint"], "who came to the one saw the other"
    unseen = occur(make(), VERBAL, row(NOTICED=NEVER, ESCALATES=ALWAYS, second_NOTICED=NEVER, second_RESTRAINT=ALWAYS))
    assert kinds(unseen) == []


def test_the_ward_settles_once_after_an_assault_by_escalation_and_both_are_reported() -> None:
    world = occur(make(), VERBAL, row(ESCALATES=ALWAYS, REPORTED=ALWAYS, second_REPORTED=ALWAYS))
    assert aftermaths(world) == 1
    assert sorted(r[1] for r in world.facts.table("report")) == [0, 1]


def test_a_patient_who_has_gone_was_not_talked_down() -> None:
    world = make()
    world.env.run(until=100.0)
    world.incidents._occur(world.patients[0], VERBAL, "direct", -1, row(ESCALATES=ALWAYS), (1, 0, 0, 0, 0))
    world.beds.leave(world.patients[0])
    world.run(1)
    (response,) = world.facts.table("response")
    assert (response[6], response[7]) == (0, pytest.approx(DELAY))
    assert emergency(world) == [(0.0, pytest.approx(DELAY))]


@pytest.mark.parametrize(("minutes", "draws"), [(DELAY, row(ESCALATES=ALWAYS)), (8.6, row(TALKED_DOWN=ALWAYS))])
def test_what_is_due_with_a_shift_change_comes_before_it(minutes: float, draws: list[float]) -> None:
    """An aggression boils over, or its talk ends, after what is due at once and before shifts change at that very minute."""
    plain = occur(make(), VERBAL, draws)
    times = sorted({r[1] for r in plain.facts.table("segment")} | {r[0] for r in plain.facts.table("incident")})
    (due,) = [t for t in times if t == pytest.approx(100.0 + minutes)]
    told: list[tuple[str, int, int]] = []
    world = make()

    def note(event: At) -> None:
        told.append((event._value, len(world.facts.table("incident")), len(world.facts.table("response"))))

    for name, order in (("shift change", AT_SHIFT_CHANGE), ("at once", AT_ONCE)):
        At(world.env, due, note, name, order)
    occur(world, VERBAL, draws)
    after = (2, 0) if minutes == DELAY else (1, 1)
    assert told == [("at once", 1, 0), ("shift change", *after)]


# -- the work that remains ----------------------------------------------------------------------------------------------------


def work(world: World) -> set[str]:
    return {r[4] for r in world.facts.table("segment")}


def test_a_restraint_leaves_checks_a_doctors_review_calls_and_a_note() -> None:
    world = make(staff=5)
    world.dispatcher.start_duty(Person(90, (90, 0), DOCTOR, 9, "substantive", 37.5, 0.0), "day", 1e9)
    occur(world, ASSAULT, row(RESTRAINT=ALWAYS))
    assert {"check_after_restraint", "medical_review_after_incident", "incident_follow_up", "incident_note"} <= work(world)
    quiet = occur(make(), ASSAULT, row(VICTIM_KIND=ALWAYS))
    assert "check_after_restraint" not in work(quiet)
    assert "incident_follow_up" not in work(quiet)  # at staff, no harm, nobody held


def test_nobody_writes_of_what_nobody_noticed() -> None:
    assert not work(occur(make(), VERBAL, row(NOTICED=NEVER, SERIOUS=NEVER)))


def test_a_report_brings_the_manager_a_review() -> None:
    world = make(staff=3)
    world.dispatcher.start_duty(Person(91, (91, 0), WARD_MANAGER, 7, "substantive", 37.5, 0.0), "day", 1e9)
    occur(world, ASSAULT, row(REPORTED=ALWAYS))
    assert "incident_review" in work(world)
    silent = make(staff=3)
    silent.dispatcher.start_duty(Person(91, (91, 0), WARD_MANAGER, 7, "substantive", 37.5, 0.0), "day", 1e9)
    assert "incident_review" not in work(occur(silent, ASSAULT, row()))


def test_a_few_are_secluded_though_nobody_held_them() -> None:
    walked = occur(make(), ASSAULT, row(SECLUDED=ALWAYS))
    assert kinds(walked) == ["seclusion"]
    share = {"incidents.secluded_without_restraint_share": 0.0}
    assert kinds(occur(make(parameters=share), ASSAULT, row(SECLUDED=ALWAYS))) == []


def test_threats_go_to_staff_by_a_share_of_their_own() -> None:
    shares = {"incidents.verbal_victim_staff_share": 0.8, "incidents.victim_staff_share": 0.5}
    for kind, victim in ((VERBAL, "staff"), (ASSAULT, "patient")):
        world = occur(make(parameters=shares), kind, row(VICTIM_KIND=0.7, SERIOUS=NEVER))
        assert world.facts.table("incident")[0][6] == victim
