"""The reported layer: a subset of what happened, moved by harm, culture, staff and the time to write."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ward.incident_world import ALL_OFF, World
from wardsim.scenario.schema.run import MechanismsSection
from wardsim.ward.incidents.incident import Incident
from wardsim.ward.incidents.intensity import ASSAULT, TYPES, VERBAL
from wardsim.ward.incidents.outcomes import RECORDED, REPORTED, ROW, Row, shifted
from wardsim.ward.incidents.reporting import plain_share

FAST = {"incidents.verbal_per_1000_days": 500.0, "incidents.assault_per_1000_days": 200.0}


def incident(world: World, kind: int = VERBAL, **changes: Any) -> Incident:
    draws = [0.999] * ROW
    draws[REPORTED] = changes.pop("reported", 0.5)
    draws[RECORDED] = changes.pop("recorded", 0.5)
    made = Incident(7, world.env.now, world.patients[0], kind, "direct", -1, Row.restore(draws))
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_reported_is_a_subset_of_what_happened_and_was_noticed() -> None:
    world = World(patients=10, parameters=FAST).run(120)
    noticed = {row[1]: row[0] for row in world.facts.table("incident") if row[8]}
    reports = world.facts.table("report")
    assert len(reports) > 30
    assert len({row[1] for row in reports}) == len(reports)
    for time, number, _ in reports:
        assert number in noticed
        assert time >= noticed[number]
    assert 0 < len(reports) < len(noticed)


def test_every_report_was_written_by_somebody() -> None:
    world = World(patients=8, staff=5, parameters=FAST).run(60)
    done = [row for row in world.facts.table("task") if row[4] == "incident_documentation" and row[6] == "done"]
    assert len(done) == len(world.facts.table("report")) > 10


def test_off_it_is_the_share_of_the_type() -> None:
    world = World(patients=4, on=ALL_OFF)
    for kind, name in enumerate(TYPES):
        share = world.p[f"reporting.{name}_share"]
        assert world.incidents.reporting.probability(incident(world, kind), 4) == share
        assert world.incidents.reporting.probability(incident(world, kind, harm=3, restrained=True), 4) == share


def test_harm_and_restraint_raise_it_and_the_mean_over_assaults_is_the_ledgers() -> None:
    world = World(patients=4, parameters={"reporting.staff_log_odds": 0.0})
    probability = world.incidents.reporting.probability
    cells = {(h, r): probability(incident(world, ASSAULT, harm=h, restrained=r), 4) for h in (0, 1) for r in (False, True)}
    harmed, held = world.p["incidents.assault_harm_share"], world.p["incidents.restraint_after_assault_share"]
    mean = sum(
        (harmed if h else 1 - harmed) * (held if r else 1 - held) * value for (h, r), value in cells.items()
    )
    assert mean == pytest.approx(world.p["reporting.assault_share"], abs=1e-6)
    assert cells[(1, False)] == pytest.approx(0.85, abs=0.05), "with injury"
    assert cells[(0, False)] < cells[(0, True)] < cells[(1, True)]


def test_plain_share_solves_its_equation() -> None:
    share = plain_share(0.4, ((1.0, 0.3), (0.5, 0.2)))
    mean = (
        0.7 * 0.8 * share + 0.3 * 0.8 * shifted(share, 1.0) + 0.7 * 0.2 * shifted(share, 0.5) + 0.06 * shifted(share, 1.5)
    )
    assert mean == pytest.approx(0.4, abs=1e-9)


@pytest.mark.lever
def test_culture_moves_the_reports_and_not_what_happened() -> None:
    """Row B4: fear of blame hides incidents; with the mechanism off culture does nothing."""
    def run(culture: float, on: bool) -> tuple[list[Any], int]:
        world = World(patients=8, on=MechanismsSection(reporting=on), parameters=FAST,
                      scenario={"work": {"reporting": {"culture": culture}}}).run(60)  # fmt: skip
        aggression = [row[:4] for row in world.facts.table("incident") if row[4] == "direct"]
        return aggression, len(world.facts.table("report"))

    fearful, usual, just = run(-2.0, True), run(0.0, True), run(2.0, True)
    assert fearful[1] < usual[1] < just[1]
    assert run(-2.0, False) == run(2.0, False)


@pytest.mark.lever
def test_a_culture_programme_acts_on_the_odds() -> None:
    world = World(patients=4)
    probability = world.incidents.reporting.probability
    before = probability(incident(world), 4)
    world.ctx.effects["reporting_odds"] = 2.0
    after = probability(incident(world), 4)
    assert after / (1 - after) == pytest.approx(2.0 * before / (1 - before))


@pytest.mark.lever
def test_staff_on_duty_shift_the_odds_while_the_mechanism_is_on() -> None:
    def share(staff: int, on: bool) -> float:
        world = World(patients=18, staff=staff, on=MechanismsSection(reporting=on))
        return world.incidents.reporting.probability(incident(world), 18)

    assert share(7, True) > share(4, True)
    assert share(7, False) == share(4, False)


@pytest.mark.lever
@pytest.mark.parametrize("on", [True, False])
def test_a_report_nobody_could_write_may_be_lost(on: bool) -> None:
    world = World(patients=2, staff=0, on=MechanismsSection(reporting=on), parameters={
        "incidents.verbal_per_1000_days": 0.0, "reporting.unwritten_lost_share": 0.6})  # fmt: skip
    for recorded in (0.5, 0.7):
        world.incidents.reporting.over(incident(world, reported=0.0, recorded=recorded), 2)
    world.env.run(until=25 * 60.0)
    world.dispatcher.sweep()
    assert len([row for row in world.facts.table("report") if row[1] == 7]) == (1 if on else 2)
    assert {row[6] for row in world.facts.table("task") if row[4] == "incident_documentation"} == {"not_done"}


@pytest.mark.lever
def test_digital_burden_lengthens_the_writing() -> None:
    """Row B8."""
    minutes = []
    for factor in (0.5, 1.0):
        world = World(patients=2, scenario={"work": {"documentation_time_multiplier": factor}})
        world.incidents.reporting.over(incident(world, reported=0.0), 2)
        world.run(1)
        minutes.append(next(row[7] for row in world.facts.table("task") if row[4] == "incident_documentation"))
    assert minutes[0] == pytest.approx(minutes[1] / 2.0)


def test_harm_is_sometimes_understated_never_overstated() -> None:
    world = World(patients=10, parameters={**FAST, "reporting.harm_understated_share": 0.5}).run(120)
    harm = {row[1]: row[9] for row in world.facts.table("incident")}
    stated = [(harm[number], said) for _, number, said in world.facts.table("report")]
    assert all(said in (true, true - 1) and said >= 0 for true, said in stated)
    assert any(said < true for true, said in stated)


@pytest.mark.lever
def test_injuries_keep_staff_away_only_while_the_mechanism_is_on() -> None:
    def run(on: bool) -> tuple[int, int, int]:
        world = World(patients=8, on=MechanismsSection(injury=on), parameters=FAST).run(90)
        injured = sum(row[2] == "staff" for row in world.facts.table("injury"))
        return injured, len(world.staffing.absences), len(world.staffing.multipliers)

    injured, absences, multipliers = run(True)
    assert 0 < absences < injured < multipliers
    assert run(False) == (injured, 0, 0)
