"""Rows A8 to A12: release, compliance, the gap between plan and delivery, modality, needs assessment."""

from __future__ import annotations

import pytest

from tests.levers.bench import Run, run

pytestmark = pytest.mark.lever

YEAR = 300.0
NEVER = {"training.release_rule": "never"}
ALWAYS = {"training.release_rule": "always", "training.protected": True, "training.backfill": True}


def studying(r: Run) -> set[tuple[int, int]]:
    """(person, day) of named staff off the ward for study."""
    return {(f[2], int(f[0] // 1440)) for f in r.facts.absence if f[4] == "study"}


def events(r: Run, event: str, course: str | None = None) -> list[tuple[object, ...]]:
    return [t for t in r.facts.training if t[4] == event and (course is None or t[3] == course)]


def test_a8_release_is_a_decision_on_the_roster() -> None:
    base, never, always = run(days=YEAR), run(NEVER, days=YEAR), run(ALWAYS, days=YEAR)
    assert not studying(never)
    assert len(studying(always)) > len(studying(base)) > 20
    refused = events(never, "refused")
    assert refused
    assert {t[6] for t in refused if t[7] == "classroom"} == {"release_not_allowed"}
    assert {"cover_short"} <= {t[6] for t in events(base, "refused")}
    # a person who studies is on no shift of that time
    away = studying(base)
    on = {(d[2], int(d[0] // 1440)) for d in base.facts.duty if d[6] in ("early", "late")}
    assert not away & on
    # protected: nobody is called back; what is left unattended is sickness and leaving
    assert not [t for t in events(always, "cancelled") if t[6] == "recalled_short"]
    short = run({"training.release_rule": "always", "staffing.temporary.bank": False, "staffing.temporary.agency": False}, days=YEAR)
    assert [t for t in events(short, "cancelled") if t[6] == "recalled_short"]
    assert short["training_release_honoured"] < always["training_release_honoured"]
    assert always["training_refused"] < base["training_refused"] < never["training_refused"]


def test_a8_backfill_offers_the_released_shift() -> None:
    with_it = run({"training.release_rule": "always", "training.backfill": True}, days=YEAR)
    without = run({"training.release_rule": "always", "training.backfill": False}, days=YEAR)
    assert sum(o[6] == "training" for o in with_it.facts.offer) > sum(o[6] == "training" for o in without.facts.offer)
    assert with_it["training_backfilled"] == 100.0
    assert without["training_backfilled"] == 0.0


def test_a9_a_course_for_all_raises_compliance_and_skill_and_only_the_switch_lets_it_act() -> None:
    few = [{"name": "dual_diagnosis", "initial_hours": 7.5, "refresher_hours": 3.75, "valid_months": 36, "needed_pct": 0}]
    all_ = [{**few[0], "needed_pct": 100, "sessions_per_month": 6}]
    on = {"mechanisms.skill": True}
    off = {"mechanisms.skill": False}
    a, b = run({**on, "training.courses": few}, days=YEAR), run({**on, "training.courses": all_}, days=YEAR)
    attended = events(b, "attended", "dual_diagnosis")
    assert not events(a, "attended", "dual_diagnosis")
    assert len({t[1] for t in attended}) >= 5
    assert b["team_skill_dual_diagnosis"] > a["team_skill_dual_diagnosis"]
    # switched off, what is known acts on nothing: only absence at the course is left, and M1-M14 others are off too
    others = {f"mechanisms.{m}": False for m in ("response", "contact", "limit_setting", "familiarity", "fatigue", "detection")}
    c = run({**off, **others, "training.courses": few}, days=YEAR)
    d = run({**off, **others, "training.courses": all_}, days=YEAR)
    assert c.incidents("substance_use") == d.incidents("substance_use")


def test_a10_the_gap_between_planned_and_delivered_training_is_an_output() -> None:
    base, never = run(days=YEAR), run(NEVER, days=YEAR)
    assert never["training_hours_planned_per_wte"] == pytest.approx(base["training_hours_planned_per_wte"], rel=0.02)
    assert never["training_hours_delivered_per_wte"] < 0.6 * base["training_hours_delivered_per_wte"]
    assert never["training_hours_missing_per_wte"] > base["training_hours_missing_per_wte"]
    assert never["training_compliance_violence_prevention"] < base["training_compliance_violence_prevention"] - 15


def test_a11_e_learning_costs_no_release_and_teaches_less_skill() -> None:
    def matrix(modality: str) -> list[dict[str, object]]:
        return [
            {
                "name": "de_escalation", "initial_hours": 7.5, "refresher_hours": 7.5, "valid_months": 6, "modality": modality,
                "sessions_per_month": 6,
            }
        ]  # fmt: skip

    room, screen = run({"training.courses": matrix("classroom")}, days=YEAR), run({"training.courses": matrix("e_learning")}, days=YEAR)
    assert len(studying(room)) > 20
    assert not studying(screen)
    assert screen.minutes("e_learning") > 60 * 20
    assert room.minutes("e_learning") == 0
    assert screen["team_skill_de_escalation"] < room["team_skill_de_escalation"]


def test_a12_needs_assessment_decides_who_goes_first() -> None:
    scarce = {"training.release_rule": "always"}
    queue = run({**scarce, "training.booking": "first_come"}, days=YEAR)
    exposed = run({**scarce, "training.booking": "most_exposed_first"}, days=YEAR)
    nobody = run({**scarce, "training.booking": "none"}, days=YEAR)
    order = [[t[1] for t in events(r, "booked", "violence_prevention")][:20] for r in (queue, exposed)]
    assert order[0] != order[1]
    assert not events(nobody, "booked")
