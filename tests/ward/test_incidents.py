"""The incident engine: exact thinning, pairing, exposure, contagion, state."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest, poisson

from tests.ward.incident_world import ALL_OFF, ALL_ON, FlatCourse, World, patient
from wardsim.ward.core.clock import DAY
from wardsim.ward.incidents.intensity import AGGRESSION, N_TYPES, TYPES, Rates

BASES = {f"incidents.{name}_per_1000_days": name for name in TYPES}
AGGRESSIVE = ("verbal", "objects", "assault")


def scaled(world_p: dict[str, float], factor: float) -> dict[str, float]:
    """All base rates times a factor."""
    return {name: world_p[name] * factor for name in BASES}


def busy(factor: float) -> dict[str, float]:
    """Base rates for a short test with many incidents; nobody is restrained or leaves."""
    p = World(patients=0, staff=0).p
    return {
        **scaled(p, factor),
        "incidents.restraint_after_assault_share": 0.0,
        "incidents.restraint_after_aggression_share": 0.0,
        "incidents.restraint_after_self_harm_share": 0.0,
        "incidents.refusal_enforced_share": 0.0,
        "incidents.secluded_without_restraint_share": 0.0,
        "incidents.police_after_assault_share": 0.0,
        "incidents.absconding_per_1000_days": 0.0,
    }


# -- theory -----------------------------------------------------------------------------------------------------------------


def compensated(world: World, days: int, seed: int) -> tuple[dict[str, list[float]], list[float]]:
    """Compensator of each type and of the pooled process at each event, with covariates that move every hour.

    All covariates (contact, needs, familiarity, skill, crowding, levels of observation, open windows, hours of the clock, days
    of the course) change on the hour only, so the intensity is constant between hours and its integral exact.
    """
    rng = np.random.default_rng(seed)
    names = [name for name in TYPES if name != "absconding"]
    total = dict.fromkeys(names, 0.0)
    pooled = 0.0
    at_event: dict[str, list[float]] = {name: [] for name in names}
    pooled_at: list[float] = []
    seen = 0
    rows = world.facts.table("incident")
    offspring = world.incidents.contagion.offspring
    mean_delay = world.incidents.contagion.mean_delay
    parents: list[float] = []
    for hour in range(days * 24):
        start, end = hour * 60.0, hour * 60.0 + 60.0
        team = world.staffing.team
        team.familiarity, team.fatigue = rng.uniform(0.2, 1.0), rng.uniform(0, 1)
        world.training.levels = {c: rng.uniform(0, 1) for c in ("de_escalation", "suicide_safety", "sexual_safety", "dual_diagnosis")}
        world.dispatcher.version += 1
        world.contact.minutes, world.contact.needs = rng.uniform(0, 40), rng.uniform(0, 3)
        world.beds.crowd = rng.uniform(-0.2, 0.2)
        for q in world.patients:
            q.observation = ("general", "intermittent", "constant")[rng.integers(3)]
            if rng.random() < 0.1:
                world.contact.open(q, end)
        rate = dict.fromkeys(names, 0.0)
        for q in world.patients:
            for name, value in world.incidents.intensity(q, start + 30.0).items():
                if name in rate:
                    rate[name] += value
        levels = {q.id: q.observation for q in world.patients}
        world.env.run(until=end)
        assert all(q.observation == levels[q.id] for q in world.patients)
        fresh = [row for row in rows[seen:] if row[4] != "escalation"]
        seen = len(rows)
        whole = sum(rate.values())
        for row in fresh:
            if row[4] == "direct":
                at_event[row[3]].append(total[row[3]] + rate[row[3]] * (row[0] - start))
            excited = sum(1.0 - np.exp(-(row[0] - t) / mean_delay) for t in parents)
            pooled_at.append(pooled + whole * (row[0] - start) + offspring * excited)
            if row[3] in AGGRESSIVE:
                parents.append(row[0])
        for name in names:
            total[name] += rate[name] * 60.0
        pooled += whole * 60.0
    return at_event, pooled_at


def gaps(points: list[float]) -> np.ndarray[Any, Any]:
    return np.diff(np.array([0.0, *points]))


def rescaling(seed: int, days: int, patients: int) -> None:
    world = World(patients=patients, seed=seed, parameters={**busy(25.0), "mechanisms.contagion_offspring": 0.25,
                  "mechanisms.contact_aggression": -0.15, "mechanisms.crowding_aggression": 0.2,
                  "mechanisms.familiarity_aggression": -0.8, "mechanisms.skill_self_harm": -0.8})  # fmt: skip
    world.observation.raise_level = lambda *_: None  # type: ignore[method-assign]  # the test moves the levels itself
    by_type, pooled = compensated(world, days, seed)
    tests = {name: gaps(points) for name, points in by_type.items() if len(points) >= 20}
    assert set(tests) >= {"verbal", "objects", "assault", "self_harm", "medication_refusal"}
    assert sum(map(len, tests.values())) > 100 * patients
    # eight or so tests at 0.0005 each: a correct engine fails one seed in about 200
    for name, sample in tests.items():
        assert kstest(sample, "expon").pvalue > 0.0005, name
    assert kstest(gaps(pooled), "expon").pvalue > 0.0005, "pooled, contagion included"


@pytest.mark.theory
@pytest.mark.parametrize("seed", [3, 8])
def test_time_rescaling_with_every_covariate_on(seed: int) -> None:
    rescaling(seed, days=60, patients=6)


@pytest.mark.theory
@pytest.mark.slow
@pytest.mark.parametrize("seed", [21, 22, 23, 24])
def test_time_rescaling_long(seed: int) -> None:
    rescaling(seed, days=300, patients=10)


@pytest.mark.theory
def test_contagion_multiplies_episodes_by_one_over_one_minus_n() -> None:
    n = 0.4
    episodes, roots = 0, 0
    for seed in range(6):
        world = World(patients=6, seed=seed, parameters={**busy(4.0), "mechanisms.contagion_offspring": n}).run(150)
        rows = [row for row in world.facts.table("incident") if row[3] in AGGRESSIVE and row[4] != "escalation"]
        episodes += len(rows)
        roots += sum(row[4] == "direct" for row in rows)
    expected = 1.0 / (1.0 - n)
    # total progeny of one root has variance n / (1 - n)^3; four standard errors fail one seed in 16,000
    error = (n / (1.0 - n) ** 3 / roots) ** 0.5
    assert roots > 1500
    assert abs(episodes / roots - expected) < 4.0 * error


@pytest.mark.theory
def test_doubling_base_rates_doubles_the_count_without_feedback() -> None:
    p = World(patients=0, staff=0).p
    counts = []
    for factor in (1.0, 2.0):
        total = 0
        for seed in range(4):
            world = World(patients=8, seed=seed, on=ALL_OFF, parameters=busy(3.0) | {
                name: p[name] * 3.0 * factor for name in BASES if "absconding" not in name}).run(120)  # fmt: skip
            total += sum(row[4] == "direct" for row in world.facts.table("incident"))
        counts.append(total)
    ratio = counts[1] / counts[0]
    error = ratio * (1.0 / counts[0] + 1.0 / counts[1]) ** 0.5
    assert abs(ratio - 2.0) < 4.0 * error


@pytest.mark.theory
def test_share_by_escalation_leaves_the_total_of_assaults() -> None:
    totals = []
    for share in (0.1, 0.7):
        total = escalated = 0
        for seed in range(5):
            world = World(patients=8, seed=seed, on=ALL_OFF, parameters={**busy(4.0), "incidents.assault_by_escalation_share": share})
            for q in world.patients:
                q.frailty = 1.0
            rows = [row for row in world.run(120).facts.table("incident") if row[3] == "assault"]
            total += len(rows)
            escalated += sum(row[4] == "escalation" for row in rows)
        totals.append(total)
        assert abs(escalated / total - share) < 4.0 * (share * (1 - share) / total) ** 0.5 + 0.05
    assert abs(totals[0] / totals[1] - 1.0) < 4.0 * (1 / totals[0] + 1 / totals[1]) ** 0.5 + 0.05


# -- properties of the bound ------------------------------------------------------------------------------------------------

P = World(patients=0, staff=0).p
RATES = Rates(P, World(patients=0, staff=0).scenario)


@pytest.mark.property
@given(
    acuity=st.floats(0.0, 9.0),
    frailty=st.floats(0.0, 60.0),
    hour=st.integers(0, 23),
    day=st.integers(-300, 300),
    flags=st.tuples(*[st.booleans()] * 4),
    diagnosis=st.sampled_from(["psychosis", "mood", "personality", "other"]),
    sex=st.sampled_from("mf"),
    product=st.floats(0.0, 1e6),
    limit=st.floats(0.0, 1e6),
)
def test_no_intensity_exceeds_its_bound(
    acuity: float, frailty: float, hour: int, day: int, flags: tuple[bool, ...], diagnosis: str, sex: str, product: float,
    limit: float,
) -> None:  # fmt: skip
    q = patient(0, frailty=frailty, diagnosis=diagnosis, sex=sex, detained=flags[0], dual_diagnosis=flags[1],
                previous_violence=flags[2], comorbidity=flags[3], course=FlatCourse((acuity,)))  # fmt: skip
    profile = RATES.profile(q)
    time = day * DAY + hour * 60.0 + 1.0
    total = 0.0
    for kind in range(N_TYPES):
        own = RATES.one(q, profile, time, kind) * min(product, RATES.ward_cap)
        if kind < AGGRESSION:
            own *= min(limit, RATES.limit_cap)
        assert own <= profile.bound[kind] * (1.0 + 1e-12)
        total += own
    assert total <= profile.total * (1.0 + 1e-12)


@pytest.mark.property
@given(times=st.lists(st.floats(-40_000.0, 400_000.0), min_size=1, max_size=20), kind=st.integers(0, N_TYPES - 1))
def test_the_vector_and_the_scalar_intensity_agree(times: list[float], kind: int) -> None:
    q = patient(1)
    profile = RATES.profile(q)
    many = RATES.many(q, profile, np.array(times), np.full(len(times), kind))
    assert many.tolist() == pytest.approx([RATES.one(q, profile, t, kind) for t in times], rel=1e-12)
    each = [sum(RATES.one(q, profile, t, k) for k in range(AGGRESSION)) for t in times]
    assert [RATES.aggression(q, profile, t) for t in times] == pytest.approx(each, rel=1e-12)


# -- pairing ----------------------------------------------------------------------------------------------------------------


def test_with_every_mechanism_off_incidents_do_not_depend_on_staff() -> None:
    factor = {name: P[name] * 3.0 for name in BASES}
    lists = []
    for staff in (0, 3, 5, 8):
        world = World(staff=staff, patients=10, on=ALL_OFF, parameters=factor)
        for one in world.staff[::2]:
            one.valid_until = {}
        lists.append(world.run(120).happened())
    assert len(lists[0]) > 300
    assert {kind for _, _, kind in lists[0]} == set(TYPES)
    assert lists[0] == lists[1] == lists[2] == lists[3]


def test_a_patient_has_the_same_incidents_whoever_else_is_there() -> None:
    alone = World(patients=1, on=ALL_OFF, parameters=busy(5.0)).run(100)
    many = World(patients=8, on=ALL_OFF, parameters=busy(5.0)).run(100)
    own = [row for row in many.happened() if row[1] == 0 and row[2] != "sexual_safety"]
    assert own == [row for row in alone.happened() if row[2] != "sexual_safety"]


def test_candidates_lie_on_calendar_time_whenever_the_patient_comes() -> None:
    world = World(patients=0, parameters=busy(5.0))
    q = patient(2)
    profile = world.incidents.rates.profile(q)
    early = world.incidents.candidates.survivors(q, profile, 0, 0.0)
    late = world.incidents.candidates.survivors(q, profile, 0, 9 * DAY)
    later = early[0] > 9 * DAY
    assert late[0].tolist() == early[0][later].tolist()
    assert late[3].tolist() == early[3][later].tolist()


def test_hearing_of_windows_and_looking_at_every_candidate_are_the_same() -> None:
    worlds = []
    for hook in (True, False):
        world = World(patients=6, hook=hook, parameters=busy(3.0))
        rng = np.random.default_rng(5)
        for hour in range(24 * 60):
            world.env.run(until=hour * 60.0 + 1.0)
            for q in world.patients:
                if rng.random() < 0.08:
                    world.contact.open(q, world.env.now + 150.0)
        worlds.append(world)
    assert worlds[0].everything() == worlds[1].everything()
    assert len(worlds[0].happened()) > 200


def test_a_locked_door_stops_a_share_of_the_same_attempts() -> None:
    """The open ward's list of absconders holds every one of the locked ward's."""
    factor = {"incidents.absconding_per_1000_days": 200.0, "incidents.absconder_returns_share": 1.0,
              "incidents.absent_median_hours": 0.001}  # fmt: skip
    times = []
    for locked in (True, False):
        world = World(patients=6, on=ALL_OFF, parameters=factor, scenario={"ward": {"door_locked": locked}}).run(100)
        times.append({row for row in world.happened() if row[2] == "absconding"})
    assert times[0] < times[1]
    assert len(times[0]) / len(times[1]) == pytest.approx(0.72, abs=0.12)


# -- exposure ---------------------------------------------------------------------------------------------------------------


def test_nothing_happens_to_a_patient_who_is_out() -> None:
    world = World(patients=4, parameters=busy(10.0), on=ALL_OFF)
    world.env.run(until=10 * DAY)
    away = world.patients[3]
    world.beds.go_out(away)
    world.env.run(until=20 * DAY)
    world.beds.come_back(away)
    world.env.run(until=30 * DAY)
    own = [time for time, number, _ in world.happened() if number == away.id]
    assert [t for t in own if t < 10 * DAY]
    assert not [t for t in own if 10 * DAY + 45.0 < t < 20 * DAY]
    assert [t for t in own if t > 20 * DAY]
    world.incidents.close()
    assert world.facts.table("exposure")[0][1] == pytest.approx((3 * 30 + 20) * DAY)


def test_a_secluded_patient_is_not_exposed_and_somebody_is_at_the_door() -> None:
    world = World(patients=4, parameters=busy(10.0), on=ALL_OFF)
    world.env.run(until=5 * DAY)
    world.incidents.containment.seclude(world.patients[3], 2 * DAY)
    world.env.run(until=10 * DAY)
    own = [time for time, number, _ in world.happened() if number == 3]
    assert not [t for t in own if 5 * DAY + 45.0 < t < 7 * DAY]
    assert [t for t in own if t > 7 * DAY]
    care = sum(row[1] - row[0] for row in world.facts.table("segment") if row[4] == "seclusion_care")
    assert care == pytest.approx(2 * DAY)
    assert ("hca", "seclusion") in world.staffing.requests


def test_patients_out_of_area_count_for_the_catchment_and_bring_no_work() -> None:
    world = World(patients=0, parameters=busy(8.0))
    q = patient(3)
    world.beds.place_away(q)
    world.run(120)
    rows = world.facts.table("incident")
    assert len(rows) > 30
    assert {row[4] for row in rows} == {"away"}
    assert {row[3] for row in rows} == set(AGGRESSIVE)
    assert not world.facts.table("segment")
    assert not world.facts.table("report")
    for call in world.beds.left_away:
        call(q)
    n = len(rows)
    world.run(200)
    assert len(rows) == n


def test_a_repatriated_patient_is_exposed_here() -> None:
    world = World(patients=1, parameters=busy(8.0))
    q = patient(7)
    world.beds.place_away(q)
    world.env.run(until=20 * DAY)
    for call in world.beds.left_away:
        call(q)
    world.beds.admit(q)
    world.env.run(until=40 * DAY)
    own = [row for row in world.facts.table("incident") if row[2] == 7]
    assert all((row[4] == "away") == (row[0] < 20 * DAY) for row in own)
    assert any(row[0] > 20 * DAY for row in own)


def test_incidents_end_with_the_stay() -> None:
    world = World(patients=3, parameters=busy(10.0))
    world.env.run(until=10 * DAY)
    world.beds.leave(world.patients[2])
    world.env.run(until=40 * DAY)
    assert not [row for row in world.happened() if row[1] == 2 and row[0] > 10 * DAY]


def test_time_at_the_cap_is_measured() -> None:
    """A product of ward terms held at its cap all the time is seen all the time, by unbiased weighing of the looks taken."""
    world = World(patients=8, parameters={**busy(6.0), "mechanisms.contact_aggression": -1.0})
    world.contact.minutes = 0.0
    world.run(200)
    world.incidents.close()
    _, minutes, capped = world.facts.table("exposure")[0]
    assert capped / minutes == pytest.approx(1.0, abs=0.15)
    calm = World(patients=8, parameters=busy(6.0)).run(100)
    calm.incidents.close()
    assert calm.facts.table("exposure")[0][2] == 0.0


def test_ward_and_time_enter_the_intensity_as_declared() -> None:
    world = World(patients=2)
    q = world.patients[0]
    before = world.incidents.intensity(q, 600.0)
    world.contact.open(q, 1000.0)
    after = world.incidents.intensity(q, 600.0)
    share, window, usual = (P[f"mechanisms.{n}"] for n in ("limit_share", "limit_window_min", "limit_reference_per_day"))
    expected = (1.0 - share + share * 1440.0 / (window * usual)) / (1.0 - share)
    assert after["verbal"] / before["verbal"] == pytest.approx(expected)
    assert after["self_harm"] == before["self_harm"]


def test_rates_are_those_of_the_ledger_at_reference() -> None:
    """Over the reference mix (attributes independent, frailty gamma) the mean rate over a day is the base."""
    rng = np.random.default_rng(1)
    shares = {a: P[f"incidents.reference_share_{a}"] for a in ("detained", "male", "previous_violence", "dual_diagnosis", "comorbidity")}
    shape = P["patients.frailty_shape"]
    n = 4000
    total = np.zeros(N_TYPES)
    for i in range(n):
        has = {a: bool(rng.random() < share) for a, share in shares.items()}
        u = rng.random()
        diagnosis = "psychosis" if u < 0.42 else "personality" if u < 0.57 else "mood" if u < 0.86 else "other"
        q = patient(i, sex="m" if has.pop("male") else "f", diagnosis=diagnosis, frailty=float(rng.gamma(shape, 1 / shape)), **has)
        total += RATES.profile(q).rate / RATES.place
    per_1000 = total / n * 1000.0 * DAY
    direct = 1.0 - P["incidents.assault_by_escalation_share"]
    for kind, name in enumerate(TYPES):
        base = P[f"incidents.{name}_per_1000_days"] * (direct if name == "assault" else 1.0)
        assert per_1000[kind] == pytest.approx(base, rel=0.12), name


# -- state and degenerate wards ---------------------------------------------------------------------------------------------


def test_saved_state_is_plain_and_goes_on() -> None:
    world = World(patients=6, parameters={**busy(6.0), "mechanisms.contagion_offspring": 0.5, "mechanisms.contagion_delay_mean_hours": 48})
    world.env.run(until=20 * DAY)
    world.incidents.containment.seclude(world.patients[1], 600.0)
    state = json.loads(json.dumps(world.incidents.save()))
    assert state["offspring"]
    assert list(state["secluded"]) == ["1,1,0"]
    again = World(patients=0, state=state, parameters=world.p)
    again.env.run(until=20 * DAY - 600.0)
    assert again.incidents.next_id == world.incidents.next_id
    assert len(again.incidents.save()["offspring"]) == len(state["offspring"])


def test_no_hazard_and_no_staff() -> None:
    nothing = World(patients=5, parameters=dict.fromkeys(BASES, 0.0)).run(60)
    assert nothing.happened() == []
    nobody = World(patients=5, staff=0, parameters=busy(5.0)).run(60)
    assert len(nobody.happened()) > 100
    assert not any(row[6] == "staff" for row in nobody.facts.table("incident"))


def test_local_counts_scale_the_rates() -> None:
    scaled_up = Rates({**P, "incidents.local_scale": 2.0, "incidents.local_assault_scale": 1.5}, World(patients=0, staff=0).scenario)
    ratio = scaled_up.base / RATES.base
    assert ratio[:AGGRESSION].tolist() == pytest.approx([2.0, 2.0, 3.0])
    assert ratio[AGGRESSION:].tolist() == pytest.approx([1.0] * (N_TYPES - AGGRESSION))
    assert scaled_up.escalation_share == pytest.approx(RATES.escalation_share * 1.5)


def test_same_seed_same_facts_and_another_seed_other_facts() -> None:
    first = World(patients=6, parameters=busy(3.0), seed=4, on=ALL_ON).run(40).everything()
    assert first == World(patients=6, parameters=busy(3.0), seed=4, on=ALL_ON).run(40).everything()
    assert first != World(patients=6, parameters=busy(3.0), seed=5, on=ALL_ON).run(40).everything()


@pytest.mark.statistical
def test_counts_of_one_patient_are_poisson_without_feedback() -> None:
    """Counts over seeds against the integral of the intensity; two-sided at 0.0001."""
    world = World(patients=1, on=ALL_OFF, parameters=busy(5.0))
    q = world.patients[0]
    expected = 0.0
    for hour in range(24 * 28):
        rates = world.incidents.intensity(q, hour * 60.0 + 30.0)
        expected += 60.0 * sum(v for name, v in rates.items())
    seeds = 30
    total = 0
    for seed in range(seeds):
        rows = World(patients=1, on=ALL_OFF, parameters=busy(5.0), seed=seed).run(28).facts.table("incident")
        total += sum(row[4] == "direct" for row in rows)
    tail = poisson.cdf(total, expected * seeds)
    assert 0.00005 < tail < 0.99995
