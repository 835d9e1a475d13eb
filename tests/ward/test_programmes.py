"""Programmes: hours of named staff make fidelity, fidelity makes effects; dropped hours, switches and status take them away."""

from __future__ import annotations

import json
from math import exp
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.ward.training_world import DAY, ROOT, World, course
from wardsim.scenario.schema.programmes import Programme
from wardsim.scenario.schema.run import MechanismsSection
from wardsim.ward.core.clock import AT_NEW_WORK, WEEK, At
from wardsim.ward.staff.people import NURSING
from wardsim.ward.training.programmes import EFFECTS, KIND_CODES, Programmes
from wardsim.ward.work.task import Kind

ROUTINE = Kind(951, "routine", 5, NURSING, "direct", yields_to=2)
AGGRESSION = -0.16


def programme(**keys: Any) -> Programme:
    given = {"kind": "relational_safety", "fidelity_pct": 100.0, "ramp_up_weeks": 10.0, "staff_hours_per_week": 5.0}
    return Programme(**{**given, **keys})


def ward(
    *programmes: Programme, state: dict[str, Any] | None = None, begin: float = 0.0, until: int = 400, **keys: Any
) -> Any:
    """Two people on earlies, every day."""
    w = World("rh", (course(),), {"violence_prevention": [9000, 9000]}, programmes=programmes, begin=begin, **keys)
    w.programmes = Programmes(w.ctx, state)
    w.staffing.run_shifts(int(begin // DAY), until)
    return w


def keep_busy(w: Any, first: int, last: int) -> None:
    """Both have other, more urgent work from morning to the end of the shift."""
    for day in range(first, last):
        for _ in range(2):
            At(
                w.env,
                day * DAY + 425.0 - w.env.now,
                lambda _: w.dispatcher.submit(ROUTINE, 470.0, expires=w.env.now + 460.0),
                None,
                AT_NEW_WORK,
            )


def test_hours_are_worked_by_named_staff_on_weekdays() -> None:
    w = ward(programme(staff_hours_per_week=10.0))
    w.run(7)
    work = [s for s in w.facts.segment if s[4] == "programme_work"]
    assert [(s[0], s[1]) for s in work] == [
        (day * DAY + 600, day * DAY + 660) for day in range(5) for _ in range(2)
    ]  # two hours a day in pieces of an hour, by two people at once
    assert {s[2] for s in work} == {0, 1}


@pytest.mark.theory
def test_with_every_hour_worked_fidelity_rises_in_a_straight_line_and_stays() -> None:
    w = ward(programme())
    w.run(30 * 7 + 1)
    rows = w.facts.programme
    assert [row[0] for row in rows[:3]] == [0.0, WEEK, 2 * WEEK]
    for week in (0, 3, 10, 25):
        fidelity = min(week / 10.0, 1.0)
        assert rows[week][2] == pytest.approx(fidelity)
        assert rows[week][3] == pytest.approx(exp(AGGRESSION * fidelity))
    assert w.ctx.effects["containment"] == pytest.approx(exp(-0.30))
    assert w.ctx.effects["incidents.self_harm"] == pytest.approx(exp(-0.12))


@pytest.mark.lever
def test_hours_not_worked_mean_no_ramp_up_and_no_effect() -> None:
    w = ward(programme())
    keep_busy(w, 0, 120)
    w.run(120)
    assert not [s for s in w.facts.segment if s[4] == "programme_work"]
    assert {t[6] for t in w.facts.task if t[4] == "programme_work"} == {"not_done"}
    assert w.programmes.fidelity() == {"relational_safety": 0.0}
    assert w.ctx.effects["incidents.aggression"] == 1.0


@pytest.mark.lever
def test_hours_that_stop_let_fidelity_fade_with_the_memory() -> None:
    w = ward(programme())
    keep_busy(w, 140, 210)
    w.run(140.4)
    assert w.programmes.fidelity()["relational_safety"] == pytest.approx(1.0)
    w.run(196.4)
    assert w.programmes.fidelity()["relational_safety"] == pytest.approx(exp(-8 / 8.0), rel=1e-6)
    assert w.ctx.effects["incidents.aggression"] == pytest.approx(exp(AGGRESSION * exp(-1.0)))


@pytest.mark.theory
def test_not_kept_up_it_decays_by_its_half_life_and_takes_no_more_hours() -> None:
    w = ward(programme(sustained=False))
    w.run(50 * 7 + 0.4)
    assert w.programmes.fidelity()["relational_safety"] == pytest.approx(0.5)
    last = max(s[0] for s in w.facts.segment if s[4] == "programme_work")
    assert last < 71 * DAY


def test_status_and_start_decide_whether_anything_happens() -> None:
    for status in ("proposed", "accepted"):
        w = ward(programme(status=status)).run(100)
        assert w.ctx.effects == {}
        assert not w.facts.programme
        assert not w.facts.segment
    later = ward(programme(start_week=20.0))
    later.run(139)
    assert later.ctx.effects["incidents.aggression"] == 1.0
    assert not [s for s in later.facts.segment if s[4] == "programme_work"]
    later.run(20 * 7 + 70.4)
    assert later.ctx.effects["incidents.aggression"] == pytest.approx(exp(AGGRESSION))


@pytest.mark.lever
def test_with_its_mechanism_off_an_effect_is_exactly_nothing_and_the_hours_are_still_worked() -> None:
    w = ward(programme(), mechanisms=MechanismsSection(contact=False)).run(100)
    assert w.ctx.effects.get("incidents.aggression", 1.0) == 1.0
    assert w.ctx.effects["containment"] < 1.0
    assert [s for s in w.facts.segment if s[4] == "programme_work"]
    none = {f"programmes__{kind}__{t.replace('.', '__')}": 0.0 for kind, targets in EFFECTS.items() for t in targets}
    zero = ward(programme(), programme(kind="protected_engagement"), p=none).run(100)
    assert all(value == (0.0 if name == "one_to_one_protection" else 1.0) for name, value in zero.ctx.effects.items())
    off = ward(
        *(programme(kind=kind) for kind in KIND_CODES),
        mechanisms=MechanismsSection(**dict.fromkeys(MechanismsSection.model_fields, False)),
    ).run(100)
    assert off.ctx.effects == {}


def test_the_ledger_names_the_same_switches_and_the_same_effects() -> None:
    entries = YAML(typ="safe", pure=True).load((ROOT / "calibration" / "priors" / "programmes.yaml").read_text())
    stated = {e["name"]: e["mechanism"] for e in entries if "mechanism" in e}
    assert stated == {
        f"programmes.{kind}.{t}": switch for kind, targets in EFFECTS.items() for t, switch in targets.items()
    }
    assert all(e["null"] == 0 for e in entries if "mechanism" in e)


def test_protection_is_a_share_and_reach_cuts_every_effect() -> None:
    w = ward(programme(kind="protected_engagement", reach_pct=50.0)).run(100)
    assert w.ctx.effects == {"one_to_one_protection": pytest.approx(0.3)}
    assert w.facts.programme[-1][3] == pytest.approx(0.3)
    half = ward(programme(reach_pct=50.0)).run(100)
    assert half.ctx.effects["incidents.aggression"] == pytest.approx(exp(AGGRESSION / 2))


def test_two_of_one_kind_do_not_add_up_and_two_kinds_do() -> None:
    twice = ward(programme(), programme(fidelity_pct=50.0)).run(100)
    assert twice.ctx.effects["incidents.aggression"] == pytest.approx(exp(AGGRESSION))
    assert sum(s[1] - s[0] for s in twice.facts.segment if s[4] == "programme_work" and s[0] < WEEK) == pytest.approx(
        600.0
    )
    both = ward(programme(), programme(kind="quality_improvement")).run(100)
    assert both.ctx.effects["incidents.aggression"] == pytest.approx(exp(AGGRESSION - 0.10))


def test_fidelity_not_given_is_drawn_for_the_ward_and_owes_nothing_to_other_programmes() -> None:
    alone = ward(programme(fidelity_pct=None)).run(100)
    beside = ward(programme(kind="reporting_culture"), programme(fidelity_pct=None)).run(100)
    drawn = alone.programmes.fidelity()["relational_safety"]
    assert 0.2 < drawn < 1.4
    assert drawn != pytest.approx(0.8, abs=1e-6)
    assert beside.programmes.fidelity()["relational_safety"] == pytest.approx(drawn)
    other = ward(programme(fidelity_pct=None), seed=2).run(100)
    assert other.programmes.fidelity()["relational_safety"] != pytest.approx(drawn)


def test_one_begun_before_the_run_has_had_its_hours() -> None:
    old = ward(programme(start_week=-5.0))
    assert old.ctx.effects["incidents.aggression"] == pytest.approx(exp(AGGRESSION * 0.5))
    older = ward(programme(start_week=-50.0, sustained=False))
    assert older.programmes.fidelity()["relational_safety"] == pytest.approx(0.5)


def test_saved_and_taken_up_again_it_goes_on() -> None:
    first = ward(programme())
    first.run(45)
    state = json.loads(json.dumps(first.programmes.save()))
    second = ward(programme(), programme(kind="reporting_culture"), state=state, begin=45.0 * DAY)
    first.run(60)
    second.run(60)
    assert second.programmes.fidelity()["relational_safety"] == pytest.approx(
        first.programmes.fidelity()["relational_safety"]
    )
