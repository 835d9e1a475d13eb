"""Mechanisms: exposure moves, the measure moves, the switch turns it off; off and null are the same run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ward.incident_world import ALL_OFF, World
from wardsim.parameters import Ledger
from wardsim.scenario.schema.run import MechanismsSection
from wardsim.ward.incidents.effects import EFFECTS
from wardsim.ward.incidents.intensity import (
    ABSCONDING,
    MEDICAL,
    REFUSAL,
    SELF_HARM,
    SEXUAL_SAFETY,
    SUBSTANCE_USE,
    VERBAL,
)
from wardsim.ward.incidents.mechanisms import CHECKED, PLANNED

FAST = {
    f"incidents.{name}_per_1000_days": value
    for name, value in (
        ("verbal", 500.0), ("objects", 200.0), ("assault", 150.0), ("self_harm", 60.0), ("suicide_attempt", 30.0),
        ("absconding", 40.0), ("sexual_safety", 20.0), ("substance_use", 40.0), ("medication_refusal", 200.0),
        ("medical_emergency", 20.0),
    )
}  # fmt: skip
ELSEWHERE = {
    "injury": {"incidents.absence_after_injury_share": 0.0, "incidents.leaving_after_assault_ratio": 1.0},
    "reporting": {
        "reporting.harm_log_odds": 0.0, "reporting.restraint_log_odds": 0.0, "reporting.culture_log_odds": 0.0,
        "reporting.staff_log_odds": 0.0, "reporting.unwritten_lost_share": 0.0,
    },
}  # fmt: skip
SWITCHES = sorted({switch for switch, _ in EFFECTS.values()} | set(ELSEWHERE))


def moved(world: World) -> World:
    """Exposures away from their references, windows open, a tired and unfamiliar team, some with no training."""
    team = world.staffing.team
    team.familiarity, team.fatigue, team.temporary, team.registered = 0.3, 1.5, 3, 1
    world.training.levels = dict.fromkeys(("de_escalation", "violence_prevention", "suicide_safety", "life_support"), 0.9)
    world.contact.minutes, world.contact.needs = 2.0, 2.0
    world.beds.crowd = 0.15
    for one in world.staff[1:]:
        one.valid_until = {}
        one.shifts_here = 4.0
    for day in range(40):
        world.env.run(until=day * 1440.0 + 600.0)
        for q in list(world.beds.present.values())[day % 2 :: 2]:
            world.contact.open(q, world.env.now + 150.0)
    return world.run(45)


@pytest.mark.lever
@pytest.mark.parametrize("switch", SWITCHES)
def test_switched_off_is_the_null_byte_for_byte(switch: str) -> None:
    null = dict(ELSEWHERE.get(switch, {}))
    null |= {f"mechanisms.{name}": nothing for name, (of, nothing) in EFFECTS.items() if of == switch}
    on = MechanismsSection(direct_effects=True)
    direct = {f"mechanisms.direct_{lever}": 0.1 for lever in ("staffing", "skill_mix", "temporary_share", "release")}
    common = FAST | direct
    off = moved(World(patients=8, staff=3, on=on.model_copy(update={switch: False}), parameters=common))
    nulled = moved(World(patients=8, staff=3, on=on, parameters=common | null))
    both = moved(World(patients=8, staff=3, on=on, parameters=common))
    assert off.everything() == nulled.everything()
    assert off.staffing.absences == nulled.staffing.absences
    assert off.staffing.multipliers == nulled.staffing.multipliers
    assert (off.everything(), off.staffing.absences, off.staffing.multipliers) != (
        both.everything(), both.staffing.absences, both.staffing.multipliers,
    )  # fmt: skip


def contact_low(world: World) -> None:
    world.contact.minutes = 0.0


def needs_high(world: World) -> None:
    world.contact.needs = 3.0


def strangers(world: World) -> None:
    world.staffing.team.familiarity = 0.1
    world.dispatcher.version += 1


def untrained(world: World) -> None:
    world.training.levels = dict.fromkeys(("de_escalation", "suicide_safety", "sexual_safety", "dual_diagnosis"), 0.0)
    world.dispatcher.version += 1


def crowded(world: World) -> None:
    world.beds.crowd = 0.3


def watched(world: World) -> None:
    world.patients[0].observation = "intermittent"


def better(world: World) -> None:
    world.patients[0].shift_of_acuity = 0.5


CASES: list[tuple[str, Callable[[World], None], int, str, float]] = [
    ("contact", contact_low, VERBAL, "contact_aggression", -0.1),
    ("contact", contact_low, SELF_HARM, "contact_self_harm", -0.1),
    ("contact", contact_low, ABSCONDING, "contact_absconding", -0.1),
    ("contact", contact_low, SUBSTANCE_USE, "contact_substance_use", -0.1),
    ("contact", contact_low, REFUSAL, "contact_refusal", -0.1),
    ("contact", needs_high, VERBAL, "unmet_aggression", 0.1),
    ("contact", needs_high, SELF_HARM, "unmet_self_harm", 0.1),
    ("familiarity", strangers, VERBAL, "familiarity_aggression", -0.5),
    ("familiarity", strangers, REFUSAL, "familiarity_refusal", -0.5),
    ("skill", untrained, VERBAL, "skill_aggression", -0.3),
    ("skill", untrained, SELF_HARM, "skill_self_harm", -0.3),
    ("skill", untrained, SEXUAL_SAFETY, "skill_sexual_safety", -0.3),
    ("skill", untrained, SUBSTANCE_USE, "skill_substance_use", -0.3),
    ("crowding", crowded, VERBAL, "crowding_aggression", 0.1),
    ("detection", watched, SELF_HARM, "intermittent_self_harm", 0.4),
    ("detection", watched, SEXUAL_SAFETY, "observed_sexual_safety", 0.4),
    ("detection", watched, ABSCONDING, "observed_absconding", 0.4),
]


@pytest.mark.lever
@pytest.mark.parametrize(("switch", "change", "kind", "name", "value"), CASES)
def test_exposure_moves_the_term_and_the_switch_stops_it(
    switch: str, change: Callable[[World], None], kind: int, name: str, value: float
) -> None:
    def ratio(on: bool, coefficient: float) -> float:
        world = World(patients=4, on=MechanismsSection(**{switch: on}), parameters={f"mechanisms.{name}": coefficient})
        q = world.patients[0]
        before = world.incidents.mechanisms.product(kind, q, 0.0)
        change(world)
        return world.incidents.mechanisms.product(kind, q, 0.0) / before

    assert ratio(True, value) > 1.02
    assert ratio(True, -value) < 0.98
    assert ratio(False, value) == 1.0


def test_improved_acuity_lowers_hazards() -> None:
    world = World(patients=2)
    product = world.incidents.mechanisms.product
    before = product(VERBAL, world.patients[0], 0.0)
    better(world)
    assert product(VERBAL, world.patients[0], 0.0) / before == pytest.approx(2.718281828 ** (-0.582 * 0.5))


def test_a_plan_made_and_a_check_done_are_needs_met() -> None:
    world = World(patients=2, parameters={"mechanisms.safety_plan_self_harm": 0.3, "mechanisms.physical_check_medical": 0.4})
    q = world.patients[0]
    product = world.incidents.mechanisms.product
    before = product(SELF_HARM, q, 0.0), product(MEDICAL, q, 0.0)
    world.incidents.step_done(q, "risk_and_safety_plan")
    world.incidents.step_done(q, "physical_health_check")
    world.incidents.step_done(q, "care_plan")
    assert set(q.extra) == {PLANNED, CHECKED}
    assert product(SELF_HARM, q, 0.0) / before[0] == pytest.approx(2.718281828**-0.3)
    assert product(MEDICAL, q, 0.0) / before[1] == pytest.approx(2.718281828**-0.4)


@pytest.mark.lever
def test_sexual_safety_follows_who_shares_space() -> None:
    """Row A5: mixed wards with shared day rooms expose most; the chain is who is present, not a multiplier of the outcome."""
    def exposure(sexes: str, shared: bool) -> float:
        world = World(patients=6, scenario={"work": {"mixed_sex_day_rooms": shared}})
        for q, sex in zip(world.patients, sexes, strict=True):
            q.sex = sex
        return world.incidents.mechanisms.access(world.patients[0])

    assert exposure("mfmfmf", True) > exposure("mfmfmf", False) > exposure("mmmmmm", True)
    assert exposure("mmmmmm", True) == exposure("mmmmmm", False)
    world = World(patients=1)
    assert world.incidents.mechanisms.product(SEXUAL_SAFETY, world.patients[0], 0.0) == 0.0


@pytest.mark.lever
def test_sexual_safety_incidents_fall_when_rooms_are_apart() -> None:
    counts = []
    for shared in (True, False):
        n = 0
        for seed in range(3):
            world = World(patients=10, seed=seed, parameters={**FAST, "incidents.sexual_safety_per_1000_days": 300.0,
                          "incidents.absconding_per_1000_days": 0.0}, on=ALL_OFF,
                          scenario={"work": {"mixed_sex_day_rooms": shared}}).run(60)  # fmt: skip
            n += sum(kind == "sexual_safety" for _, _, kind in world.happened())
        counts.append(n)
    assert counts[0] > 1.2 * counts[1] > 0


@pytest.mark.lever
def test_programmes_act_through_named_effects() -> None:
    world = World(patients=2)
    mechanisms = world.incidents.mechanisms
    q = world.patients[0]
    before = [mechanisms.product(kind, q, 0.0) for kind in (VERBAL, SELF_HARM, REFUSAL)]
    talk = mechanisms.talks_down(0.6, 1.0, [], q)
    world.ctx.effects.update({"incidents.aggression": 0.85, "incidents.self_harm": 0.9, "de_escalation_odds": 1.5})
    after = [mechanisms.product(kind, q, 0.0) for kind in (VERBAL, SELF_HARM, REFUSAL)]
    assert [b / a for a, b in zip(before, after, strict=True)] == pytest.approx([0.85, 0.9, 1.0])
    assert mechanisms.talks_down(0.6, 1.0, [], q) > talk
    assert mechanisms.escalates(0.1, 0.6, [], q) < 0.1 / 0.9


def test_an_empty_team_has_no_team_terms() -> None:
    world = World(patients=2, staff=0)
    world.staffing.team.on_duty = world.staffing.team.registered = world.staffing.team.temporary = 0
    world.staffing.team.familiarity = 0.0
    world.dispatcher.version += 1
    assert world.incidents.mechanisms.product(VERBAL, world.patients[0], 0.0) == pytest.approx(
        world.incidents.mechanisms.product(VERBAL, world.patients[1], 0.0)
    )
    assert world.incidents.mechanisms.noticed(0.5) < 0.5


def test_tired_staff_set_limits_more_often_when_the_ledger_says_so() -> None:
    world = World(patients=1)
    factor = world.contact.limit_factor
    assert factor is not None
    tired = world.staff[0]
    tired.fatigue = 3.0
    assert factor(tired) > 1.0
    assert World(patients=1, on=MechanismsSection(fatigue=False)).contact.limit_factor is None


def test_eyes_on_the_ward_and_what_is_noticed() -> None:
    world = World(patients=10, staff=4, parameters={"mechanisms.detection_noticed": 0.8})
    usual = world.incidents.mechanisms.noticed(0.6)
    fewer = World(patients=10, staff=1, parameters={"mechanisms.detection_noticed": 0.8}).incidents.mechanisms.noticed(0.6)
    off = World(patients=10, staff=1, on=MechanismsSection(detection=False)).incidents.mechanisms.noticed(0.6)
    assert usual > fewer
    assert off == 0.6


# -- the ledger -------------------------------------------------------------------------------------------------------------


def entries() -> dict[str, Any]:
    return {entry.name: entry for entry in Ledger.load().entries}


def test_every_effect_is_declared_with_its_switch_and_null() -> None:
    ledger = entries()
    for name, (switch, nothing) in EFFECTS.items():
        entry = ledger[f"mechanisms.{name}"]
        assert (entry.mechanism, entry.null) == (switch, nothing), name
    for switch, effects in ELSEWHERE.items():
        for name, nothing in effects.items():
            assert (ledger[name].mechanism, ledger[name].null) == (switch, nothing), name


def test_directions_of_staffing_effects_are_open() -> None:
    ledger = entries()
    checked = 0
    for name, entry in ledger.items():
        if name.startswith(("mechanisms.", "reporting.", "incidents.")) and entry.effect_of in (
            "staffing", "skill_mix", "familiarity", "training",
        ):  # fmt: skip
            below = entry.distribution.cdf(entry.null)
            assert 0.10 <= below <= 0.90, name
            checked += 1
    assert checked >= 20


def test_residual_terms_are_nothing_by_default() -> None:
    ledger = entries()
    for lever in ("staffing", "skill_mix", "temporary_share", "release"):
        entry = ledger[f"mechanisms.direct_{lever}"]
        assert entry.value == 0.0
        assert entry.mechanism == "direct_effects"
    assert not MechanismsSection().direct_effects
