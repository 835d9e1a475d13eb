"""Beds: exact timelines of queue, out-of-area placement, leave and discharge, and the law of numbers."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.support import point_parameters
from tests.ward.flow_only import FlowOnly, empty_ward, scenario
from wardsim.parameters.casemix import mix_of
from wardsim.parameters.conditioning import condition
from wardsim.parameters.flow_law import flow_of, need_per_day, numbers
from wardsim.ward.core.clock import DAY, HOUR
from wardsim.ward.patients.patients import EARLY, TRANSFER, TRANSFER_LENGTH

NINE = 9 * HOUR
HOME = 13.5 * HOUR
"""Patients made by hand leave at 13:30."""


def admissions(ward: FlowOnly) -> list[tuple[Any, ...]]:
    return [(a[1], a[0], a[4], a[3]) for a in ward.ctx.facts.table("admission")]


def discharges(ward: FlowOnly) -> list[tuple[Any, ...]]:
    return [(d[1], d[0], d[5], d[6]) for d in ward.ctx.facts.table("discharge")]


# -- queue and out of area ----------------------------------------------------------------------------------------------------


def test_admitted_at_once_ready_in_the_morning_home_at_the_patients_own_hour() -> None:
    ward = empty_ward(1)
    ward.arrive(NINE, clinical_days=5.0)
    ward.run()
    assert admissions(ward) == [(0, NINE, "direct", 0.0)]
    assert ward.ctx.facts.table("ready") == [(5 * DAY + NINE, 0, "")]
    assert discharges(ward) == [(0, 5 * DAY + HOME, "home", "ward")]
    assert ward.ctx.facts.table("beds")[-2:] == [(NINE, 1, 0, 0, 0, 0, ward.made[0].detained), (5 * DAY + HOME, 0, 0, 0, 0, 0, 0)]


def test_the_next_in_the_queue_has_the_bed_the_minute_it_is_free() -> None:
    ward = empty_ward(1, flow={"out_of_area_after_hours": None})
    ward.arrive(NINE, clinical_days=5.0)
    ward.arrive(2 * DAY, clinical_days=5.0)
    ward.run()
    free = 5 * DAY + HOME
    assert admissions(ward)[1] == (1, free, "queue", free - 2 * DAY)


def test_police_and_emergency_come_first() -> None:
    ward = empty_ward(1, flow={"out_of_area_after_hours": None}, parameters={"flow.queue_patience_days": 40.0})
    ward.arrive(NINE, clinical_days=5.0)
    ward.arrive(2 * DAY, source="picu_step_down")
    ward.arrive(3 * DAY)
    ward.arrive(4 * DAY, source="police_emergency")
    ward.run()
    assert [a[0] for a in admissions(ward)] == [0, 3, 2, 1]


def test_placed_out_of_area_at_the_limit_and_repatriated_to_the_first_free_bed() -> None:
    ward = empty_ward(1)
    ward.arrive(NINE, clinical_days=5.0)
    ward.arrive(2 * DAY, clinical_days=20.0)
    ward.run()
    placed, free = 3 * DAY, 5 * DAY + HOME
    assert ward.ctx.facts.table("out_of_area") == [(placed, 1, "placed", placed), (free, 1, "repatriated", placed)]
    assert admissions(ward)[1] == (1, free, "repatriation", DAY)
    away = ward.made[1]
    assert away.treated_at == placed  # the course runs from the placement on
    assert away.course.start == placed
    assert away.admitted_at == free
    assert discharges(ward)[1] == (1, 23 * DAY + HOME, "home", "ward")


def test_a_short_stay_ends_out_of_area() -> None:
    ward = empty_ward(1)
    ward.arrive(NINE, clinical_days=15.0)
    ward.arrive(2 * DAY, clinical_days=4.0)
    ward.run()
    assert ward.ctx.facts.table("out_of_area")[-1] == (7 * DAY + HOME, 1, "discharged", 3 * DAY)
    assert discharges(ward)[0] == (1, 7 * DAY + HOME, "home", "out_of_area")
    assert len(admissions(ward)) == 1


def test_whoever_waits_comes_before_whoever_is_away() -> None:
    ward = empty_ward(1)
    ward.arrive(NINE, clinical_days=5.0)
    ward.arrive(2 * DAY, clinical_days=30.0)
    ward.arrive(5 * DAY, clinical_days=3.0)
    ward.run()
    assert [a[0] for a in admissions(ward)] == [0, 2, 1]
    assert [a[2] for a in admissions(ward)] == ["direct", "queue", "repatriation"]


def test_without_placements_a_referral_lapses_in_the_end() -> None:
    ward = empty_ward(1, flow={"out_of_area_after_hours": None}, parameters={"flow.queue_patience_days": 10.0})
    ward.arrive(NINE, clinical_days=40.0)
    ward.arrive(2 * DAY)
    ward.run()
    assert [r[-1] for r in ward.ctx.facts.table("referral")] == ["queued", "declined"]
    assert len(admissions(ward)) == 1
    assert next(b for b in ward.ctx.facts.table("beds") if b[0] == 12 * DAY)[3] == 0


def test_no_beds_at_all() -> None:
    ward = empty_ward(0)
    ward.arrive(NINE, clinical_days=3.0)
    ward.run()
    assert ward.beds.occupancy() == 0.0
    assert discharges(ward) == [(0, 4 * DAY + HOME, "home", "out_of_area")]


# -- delay --------------------------------------------------------------------------------------------------------------------


@pytest.mark.lever
@pytest.mark.parametrize(("cause", "ratio"), [("housing", 0.80), ("funding", 0.65), ("placement", 1.0)])
def test_discharge_team_shortens_delays_by_their_cause(cause: str, ratio: float) -> None:
    ends = []
    for team in (False, True):
        ward = empty_ward(1, flow={"discharge_team": team}, days=120.0)
        ward.arrive(NINE, clinical_days=5.0, delay_days=20.0, cause=cause)
        ward.run()
        assert ward.ctx.facts.table("ready") == [(5 * DAY + NINE, 0, cause)]
        delayed = [b[0] for b in ward.ctx.facts.table("beds") if b[5] == 1]
        assert delayed == [5 * DAY + NINE]
        ends.append(discharges(ward)[0][1])
    assert ends[0] == 25 * DAY + HOME
    assert ends[1] == pytest.approx((5 + 20 * ratio) // 1 * DAY + HOME)


# -- leave --------------------------------------------------------------------------------------------------------------------


def _leave(**flow: Any) -> FlowOnly:
    ward = empty_ward(1, flow=flow)
    patient = ward.arrive(NINE, clinical_days=20.0)
    ward.ctx.env.run(until=NINE + 1)
    patient.leave_plan = [(8 * DAY + 14 * HOUR, 10 * DAY + 18 * HOUR)]
    ward.beds.leaves._next(patient)
    ward.arrive(9 * DAY, clinical_days=3.0)
    ward.run()
    return ward


def test_a_leave_bed_is_given_away_and_the_returner_waits_for_the_next() -> None:
    ward = _leave(leave_beds=True)
    assert admissions(ward)[1] == (1, 9 * DAY, "direct", 0.0)
    # due back on day 10 at 18:00; the other leaves on day 12 at 13:30
    assert ward.ctx.facts.table("leave") == [(8 * DAY + 14 * HOUR, 12 * DAY + HOME, 0, "overnight")]
    assert discharges(ward)[-1] == (0, 20 * DAY + HOME, "home", "ward")


def test_a_leave_bed_is_kept() -> None:
    ward = _leave(leave_beds=False)
    assert ward.ctx.facts.table("leave") == [(8 * DAY + 14 * HOUR, 10 * DAY + 18 * HOUR, 0, "overnight")]
    assert ward.ctx.facts.table("out_of_area")[0][:3] == (10 * DAY, 1, "placed")


def test_leaves_are_late_in_the_stay_weekend_weighted_and_keyed_by_day() -> None:
    scene = scenario(mechanisms={"teamwork": False, "bed_pressure": False}, ward={"beds": 80})
    p = condition(scenario(), point_parameters())
    rows, late = [], []
    for r in range(6):
        ward = FlowOnly(scene, p, conditioned=True, replication=r, pathway=False, days=300)
        plans: dict[int, tuple[float, float]] = {}
        ward.beds.admitted.append(lambda q, plans=plans: plans.setdefault(q.id, (q.treated_at, q.clinical_min)))
        for row in ward.run().table("leave"):
            rows.append(row)
            begun, clinical = plans[row[2]]
            late.append((row[0] - begun) / clinical)
    weekday = np.array([(int(row[0] // DAY) + ward.ctx.calendar.weekday0) % 7 for row in rows])
    weekend = np.isin(weekday, (4, 5)).mean()
    assert len(rows) > 500
    assert min(late) >= 0.5 - 1e-9
    assert 0.45 < weekend < 0.62  # 2 x 3 / (5 + 2 x 3) = 0.545
    assert {row[0] % DAY for row in rows if row[0] > 0.0} == {14 * HOUR}  # residents out at the start apart


def test_absent_without_leave_the_bed_is_kept() -> None:
    ward = empty_ward(1)
    patient = ward.arrive(NINE, clinical_days=20.0)
    ward.arrive(5 * DAY, clinical_days=3.0)
    calls: list[str] = []
    ward.beds.went_out.append(lambda q: calls.append(f"out {q.id}"))
    ward.beds.returned.append(lambda q: calls.append(f"back {q.id}"))
    ward.ctx.env.run(until=4.5 * DAY)
    ward.beds.abscond(patient, 2 * DAY)
    ward.run()
    assert calls == ["out 0", "back 0"]
    assert ward.ctx.facts.table("leave") == [(4.5 * DAY, 6.5 * DAY, 0, "absent_without_leave")]
    assert ward.ctx.facts.table("out_of_area")[0] == (6 * DAY, 1, "placed", 6 * DAY)


def test_absent_for_good_frees_the_bed() -> None:
    ward = empty_ward(1)
    patient = ward.arrive(NINE, clinical_days=20.0)
    ward.arrive(5 * DAY, clinical_days=3.0)
    ward.ctx.env.run(until=5.25 * DAY)
    ward.beds.abscond(patient, None)
    ward.run()
    assert discharges(ward)[0] == (0, 5.25 * DAY, "absconded", "ward")
    assert admissions(ward)[1] == (1, 5.25 * DAY, "queue", 0.25 * DAY)


def test_police_interrupt_or_end_a_stay() -> None:
    for u, leave, ended in ((0.69, 1, 0), (0.71, 0, 1)):
        ward = empty_ward(1)
        patient = ward.arrive(NINE, clinical_days=20.0, chance={TRANSFER: u, TRANSFER_LENGTH: 1.0 - np.exp(-1.0)})
        ward.ctx.env.run(until=4 * DAY)
        ward.beds.transfer(patient, "police")
        ward.run()
        rows = ward.ctx.facts.table("leave")
        assert len(rows) == leave
        if leave:
            assert rows[0] == (4 * DAY, pytest.approx(4 * DAY + 14 * HOUR), 0, "police")
        assert (discharges(ward)[0][2] == "police") == bool(ended)


# -- pressure (M13) -----------------------------------------------------------------------------------------------------------


def _pressed(on: bool = True, share: float = 0.35, severity: float = 2.0, chance: float = 0.3, after: float | None = 12.0) -> FlowOnly:
    ward = empty_ward(
        2,
        parameters={"flow.early_discharge_share": share, "flow.early_discharge_window_days": 6.0, "patients.acuity_fall_share": 0.0},
        mechanisms={"teamwork": False, "bed_pressure": on},
        flow={"discharge_pressure_after_hours": after},
    )
    ward.arrive(NINE, clinical_days=30.0, chance={EARLY: 0.0})
    ward.arrive(NINE + 1, clinical_days=8.0, chance={EARLY: chance}, severity=severity)
    ward.arrive(4 * DAY + 20 * HOUR, clinical_days=3.0)
    ward.run()
    return ward


@pytest.mark.lever
def test_pressure_brings_the_nearest_discharge_forward() -> None:
    ward = _pressed()
    # the wait passes 12 h on day 5 at 08:00; with four hours' notice the patient nearest to the end leaves at noon
    assert discharges(ward)[0] == (1, 5 * DAY + 12 * HOUR, "early", "ward")
    assert admissions(ward)[2] == (2, 5 * DAY + 12 * HOUR, "queue", 16 * HOUR)
    assert ward.made[1].early_min == 3 * DAY + 1.5 * HOUR
    assert ward.made[0].route == "home"


@pytest.mark.lever
@pytest.mark.parametrize(
    "kwargs",
    [{"on": False}, {"share": 0.0}, {"after": None}, {"chance": 0.4}, {"severity": 5.0}],
    ids=["switch off", "coefficient null", "policy off", "not able to go", "too ill"],
)
def test_no_pressure_no_early_discharge(kwargs: dict[str, Any]) -> None:
    ward = _pressed(**kwargs)
    assert [d[2] for d in discharges(ward)] == ["home", "home", "home"]
    assert ward.ctx.facts.table("out_of_area")[0][:3] == (5 * DAY + 20 * HOUR, 2, "placed")


@pytest.mark.lever
def test_null_coefficient_and_switch_off_are_the_same_to_the_byte() -> None:
    p = condition(scenario(), point_parameters())
    off = FlowOnly(scenario(mechanisms={"teamwork": False, "bed_pressure": False}), p, conditioned=True, pathway=False).run()
    null = {**p, "flow.early_discharge_share": 0.0, "flow.log_odds_readmission_per_week_early": 0.0}
    on = FlowOnly(scenario(mechanisms={"teamwork": False}), null, conditioned=True, pathway=False).run()
    for table in ("referral", "admission", "discharge", "leave", "out_of_area", "beds", "acuity", "ready"):
        assert repr(off.table(table)) == repr(on.table(table)), table


# -- laws ---------------------------------------------------------------------------------------------------------------------


def levels(facts: Any, start: float, end: float) -> np.ndarray:
    """Time means of present, leave, waiting, away, delayed over a window."""
    rows = np.array(facts.table("beds"), dtype=float)
    edges = np.clip(np.append(rows[:, 0], end), start, end)
    edges[-1] = end
    result: np.ndarray = (rows[:, 1:6] * np.diff(edges)[:, None]).sum(axis=0) / (end - start)
    return result


@pytest.mark.property
@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_lost(seed: int) -> None:
    """Conservation over random wards: everyone referred is somewhere; levels never exceed the beds; episodes end once."""
    rng = np.random.default_rng(seed)
    scene = scenario(
        mechanisms={"teamwork": False, "bed_pressure": bool(rng.integers(2))},
        ward={"beds": int(rng.integers(1, 30))},
        flow={
            "leave_beds": bool(rng.integers(2)),
            "out_of_area_after_hours": [None, 0.0, 24.0, 100.0][rng.integers(4)],
            "discharge_team": bool(rng.integers(2)),
        },
        demand={"referrals_multiplier": float(rng.uniform(0.0, 2.0))},
    )
    ward = FlowOnly(scene, seed=seed, pathway=False)
    facts = ward.run()
    beds = ward.beds
    referred = [r for r in facts.table("referral") if r[-1] in ("queued", "census")]
    here = len(beds.present) + len(beds.on_leave) + len(beds.away) + beds.waiting_count()
    assert len(referred) == len(facts.table("discharge")) + here
    assert len({d[1] for d in facts.table("discharge")}) == len(facts.table("discharge"))
    rows = np.array(facts.table("beds"))
    assert rows[:, 1].max() <= scene.ward.beds
    assert rows.min() >= 0
    assert (rows[:, 5] <= rows[:, 1]).all()
    onto = len(facts.table("admission"))
    off = sum(d[6] == "ward" for d in facts.table("discharge"))
    assert onto == off + len(beds.present) + len(beds.on_leave)
    assert len(ward.beds.record._levels) == len(facts.table("beds"))


@pytest.mark.theory
def test_littles_law_holds_in_one_run() -> None:
    """Patients on the books x time equals the sum of their stays, to the minute."""
    ward = FlowOnly(scenario(mechanisms={"teamwork": False}), pathway=False)
    facts = ward.run()
    end = ward.ctx.until
    rows = np.array(facts.table("beds"))
    on_books = ((rows[:, 1] + rows[:, 2]) * np.diff(np.append(rows[:, 0], end))).sum()
    left = {d[1]: d[0] for d in facts.table("discharge") if d[6] == "ward"}
    stays = sum(left.get(a[1], end) - a[0] for a in facts.table("admission"))
    assert on_books == pytest.approx(stays, abs=1.0)


@pytest.mark.statistical
@pytest.mark.theory
def test_a_ward_that_never_fills_is_m_g_infinity() -> None:
    """100 starts and 60 days each, 80 beds, seed 1: mean SE 0.45 of 21 (tolerance 3.3 SE); Poisson variance."""
    base = scenario(mechanisms={"teamwork": False, "bed_pressure": False})
    p = condition(base, point_parameters())
    scene = scenario(mechanisms={"teamwork": False, "bed_pressure": False}, ward={"beds": 80})
    load = need_per_day(scene, p) * flow_of(scene, p, mix_of(scene, p)).stay_days
    found = []
    for r in range(100):
        ward = FlowOnly(scene, p, conditioned=True, replication=r, days=60.0, pathway=False)
        ward.run()
        found.append(len(ward.beds.present) + len(ward.beds.on_leave))
    assert np.mean(found) == pytest.approx(load, abs=3.3 * (load / 100) ** 0.5)
    assert 0.55 < np.var(found, ddof=1) / load < 1.6


@pytest.mark.statistical
def test_no_transient_after_the_start() -> None:
    """150 starts of 90 days, seed 1. Paired difference of days 60-90 and 0-15: occupancy within 3.3 SE (1.4 points), acuity too."""
    scene = scenario(mechanisms={"teamwork": False})
    p = condition(scene, point_parameters())
    early, late, ill_early, ill_late, away = [], [], [], [], []
    for r in range(150):
        facts = FlowOnly(scene, p, conditioned=True, replication=r, days=90.0, pathway=False).run()
        first, last = levels(facts, 0.0, 15 * DAY), levels(facts, 60 * DAY, 90 * DAY)
        early.append(first[0] / 18)
        late.append(last[0] / 18)
        away.append(last[3] - first[3])
        acuity = np.array(facts.table("acuity"), dtype=float)
        mean = (acuity[:, 1:] * np.arange(1, 6)).sum(axis=1) / acuity[:, 1:].sum(axis=1)
        ill_early.append(mean[:15].mean())
        ill_late.append(mean[60:].mean())
    for a, b in ((early, late), (ill_early, ill_late)):
        difference = np.array(b) - np.array(a)
        assert abs(difference.mean()) < 3.3 * difference.std(ddof=1) / 150**0.5
    assert np.mean(early) == pytest.approx(0.945, abs=0.025)
    assert abs(np.mean(ill_late) - np.mean(ill_early)) < 0.08


# -- saved and continued ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pathway", [False, True])
def test_a_saved_ward_goes_on_as_if_nothing_had_happened(pathway: bool) -> None:
    scene = scenario(mechanisms={"teamwork": False})
    p = condition(scene, point_parameters())
    whole = FlowOnly(scene, p, conditioned=True, begin_days=-60.0, days=160.0, pathway=pathway)
    facts = whole.run()
    before = FlowOnly(scene, p, conditioned=True, begin_days=-60.0, days=60.0, pathway=pathway)
    before.run()
    state = json.loads(json.dumps(before.save(), allow_nan=False))
    after = FlowOnly(scene, p, conditioned=True, days=100.0, state=state, pathway=pathway)
    more = after.run()
    for table, columns in (("discharge", (0, 1, 2, 3, 4, 5, 6)), ("leave", (0, 1, 2, 3)), ("admission", (0, 1, 2, 4, 6))):
        expected = [_rounded(r, columns) for r in facts.table(table) if _when(table, r) > 0.0]
        found = [_rounded(r, columns) for r in more.table(table) if _when(table, r) > 0.0]
        assert found == expected, table
    rows = {_rounded(r, range(7)) for r in facts.table("beds")}
    for row in more.table("beds")[1:]:
        assert _rounded(row, range(7)) in rows
    if pathway:
        after_zero = {_rounded(q, range(5)) for q in facts.table("pathway")} - {_rounded(q, range(5)) for q in before.ctx.facts.table("pathway")}
        assert after_zero == {_rounded(q, range(5)) for q in more.table("pathway")}


def _rounded(row: tuple[Any, ...], columns: Any) -> tuple[Any, ...]:
    """Event times are sums of delays: equal to the millisecond, not to the last bit."""
    return tuple(str(round(row[c], 3) + 0.0) if isinstance(row[c], float) else row[c] for c in columns)


def _when(table: str, row: tuple[Any, ...]) -> float:
    return float(row[1] if table == "leave" else row[0])


def test_a_census_given_by_the_planner() -> None:
    census = [
        {"days_since_admission": 3.0, "acuity": 5, "detained": True},
        {"days_since_admission": 40.0, "acuity": 2, "detained": False},
        {"days_since_admission": 900.0},
    ]
    ward = FlowOnly(scenario(mechanisms={"teamwork": False}, start={"census": census}), days=2.0, pathway=False)
    ward.ctx.env.run(until=1.0)
    patients = list(ward.beds.present.values())
    assert [(q.admitted_at, q.detained) for q in patients[:2]] == [(-3 * DAY, True), (-40 * DAY, False)]
    assert [q.level(0.0) for q in patients[:2]] == [5, 2]
    assert all(q.leaves_at > 0 for q in patients)
    assert [a[4] for a in ward.ctx.facts.table("admission")] == ["census"] * 3


@pytest.mark.lever
def test_threshold_makes_those_admitted_more_ill() -> None:
    p = condition(scenario(), point_parameters())
    ill = []
    for threshold in (0.0, 0.7):
        facts = FlowOnly(scenario(mechanisms={"teamwork": False}, demand={"admission_threshold": threshold}), p, conditioned=True).run()
        new = [a[5] for a in facts.table("admission") if a[4] in ("direct", "queue")]
        ill.append(np.mean([level >= 4 for level in new]))
        assert len(new) > 80
    assert ill[1] > ill[0] + 0.15


@pytest.mark.lever
def test_more_demand_more_days_out_of_area_and_a_bed_more_fewer() -> None:
    p = condition(scenario(), point_parameters())
    days = {}
    for name, sections in {
        "now": {}, "demand": {"demand": {"referrals_multiplier": 1.15}}, "beds": {"ward": {"beds": 20}}, "team": {"flow": {"discharge_team": True}},
    }.items():  # fmt: skip
        total = 0.0
        for r in range(6):
            ward = FlowOnly(scenario(mechanisms={"teamwork": False}, **sections), p, conditioned=True, replication=r, pathway=False)
            total += levels(ward.run(), 0.0, ward.ctx.until)[3]
        days[name] = total
    assert days["beds"] < days["now"] < days["demand"]
    assert days["team"] < days["now"]


def test_law_for_no_referrals() -> None:
    flow = flow_of(scenario(), point_parameters(), mix_of(scenario(), point_parameters()))
    assert numbers(flow, 0.0).present == pytest.approx(0.0, abs=1e-6)
