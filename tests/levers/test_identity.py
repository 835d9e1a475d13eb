"""Changing one thing changes only what it should, and with every mechanism off staff cannot touch what happens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.levers.bench import ALL_OFF, SWITCHES, Run, run

pytestmark = pytest.mark.lever

NIGHT = {"staffing.funded_extra.night.rn": 1}


def staff(n: int) -> dict[str, Any]:
    """n people a shift, two of them registered."""
    return {f"staffing.required.{shift}.{role}": k for shift in ("early", "late", "night") for role, k in (("rn", 2), ("hca", n - 2))}


def exogenous(r: Run) -> list[tuple[Any, ...]]:
    """First referrals with everything drawn for them; the run's own numbering of patients left out."""
    return sorted((f[0], *f[2:12]) for f in r.facts.referral if f[3] == 0)


def courses(r: Run) -> dict[str, list[float]]:
    """Latent acuity of patients on the ward, by key, on a grid since referral."""
    return {
        str(q.key): [q.course.at(q.admitted_at + 300.0 * i) for i in range(40)] for q in r.ward.beds.present.values()
    }


def test_with_every_mechanism_off_incidents_are_identical_at_3_5_and_8_staff() -> None:
    lists = [repr(run({**ALL_OFF, **staff(n)}, days=120).incidents()).encode() for n in (3, 5, 8)]
    assert len(lists[0]) > 1000
    assert lists[0] == lists[1] == lists[2]


def test_the_same_staff_matter_to_incidents_with_the_mechanisms_on() -> None:
    assert run(staff(3), days=120).incidents() != run(staff(8), days=120).incidents()


def test_with_every_mechanism_off_training_and_contact_do_not_touch_incidents() -> None:
    base = run(ALL_OFF, days=120).incidents()
    for change in (
        {"training.release_rule": "never"},
        {"work.one_to_one.sessions_per_patient_week": 0},
        {"work.documentation_time_multiplier": 2.5},
        {"staffing.multidisciplinary.activity_worker_wte": 0},
        {"staffing.temporary.bank": False},
        {"staffing.pattern": "long_day"},
    ):
        assert run({**ALL_OFF, **change}, days=120).incidents() == base, change


def test_one_more_nurse_at_night_leaves_every_exogenous_draw_alone() -> None:
    a, b = run(days=120), run(NIGHT, days=120)
    assert exogenous(a) == exogenous(b)
    ca, cb = courses(a), courses(b)
    shared = ca.keys() & cb.keys()
    assert len(shared) > 8
    assert all(ca[k] == cb[k] for k in shared)
    night = [(s[2], s[5]) for s in a.facts.shift if s[3] == "night" and s[4] == "rn"]
    more = [(s[2], s[5]) for s in b.facts.shift if s[3] == "night" and s[4] == "rn"]
    assert sum(n for _, n in more) > sum(n for _, n in night)


def sick(r: Run) -> set[tuple[Any, ...]]:
    """Sickness of own staff by the person's key."""
    key = {e[1]: e[2] for e in r.facts.employment}
    return {(key[f[2]], round(f[0], 3), round(f[1], 3)) for f in r.facts.absence if f[4] == "sickness" and f[2] in key}


def test_a_programme_changes_no_exogenous_sickness() -> None:
    off = {"mechanisms.fatigue": False, "mechanisms.injury": False}
    a = run(off, days=120)
    b = run({**off, "programmes": [{"kind": "relational_safety", "start_week": 0, "staff_hours_per_week": 12}]}, days=120)
    assert sick(a) == sick(b)
    assert a.incidents() != b.incidents()


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_changes_the_run_and_leaves_first_referrals_alone(switch: str) -> None:
    # contagion, injury and pressure act rarely: a ward with more of their causes
    changes: dict[str, Any] = {"flow.discharge_pressure_after_hours": 1.0}
    harm = {"incidents.assault_harm_share": 0.9}
    a, b = (run({**changes, **more}, days=120, parameters=harm) for more in ({}, {f"mechanisms.{switch}": False}))
    assert exogenous(a) == exogenous(b)
    assert a.facts.incident != b.facts.incident or a.facts.report != b.facts.report or a.facts.absence != b.facts.absence or (
        a.facts.discharge != b.facts.discharge or a.facts.pathway != b.facts.pathway or a.facts.shift != b.facts.shift
    )
