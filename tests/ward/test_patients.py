"""Patients: attributes that go together, frailty, stays, and the same person again."""

from __future__ import annotations

import json
from statistics import NormalDist

import numpy as np
import pytest
from scipy.stats import gamma

from tests.support import point_parameters
from tests.ward.flow_only import scenario
from wardsim.parameters.casemix import CHAIN, CaseMix, mix_of
from wardsim.parameters.conditioning import condition
from wardsim.parameters.flow_law import StayLaw
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.quantiles import exponential_quantile, gamma_quantile, normal_quantile
from wardsim.ward.core.streams import Streams
from wardsim.ward.patients.acuity import Courses
from wardsim.ward.patients.patients import DETAINED, ROW, Batch, Patients

N = 40_000


def parts(scene: Scenario | None = None) -> tuple[dict[str, float], CaseMix, Patients]:
    scene = scene or scenario()
    p = condition(scene, point_parameters())
    mix = mix_of(scene, p)
    streams = Streams(11, 0)
    return p, mix, Patients(streams, p, mix, Courses(streams, p))


def many(scene: Scenario | None = None, seed: int = 2) -> tuple[dict[str, float], CaseMix, Batch]:
    p, mix, patients = parts(scene)
    shares = (scene or scenario()).demand.sources
    weights = [shares.community_crisis_pct, shares.police_emergency_pct, shares.young_people_pct, shares.picu_step_down_pct]
    rng = np.random.default_rng(seed)
    origin = rng.choice(4, size=N, p=np.array(weights) / 100.0)
    return p, mix, patients.batch(origin, rng.random((N, ROW)))


def column(batch: Batch, name: str) -> np.ndarray:
    return batch._features[name]


def test_normal_quantile_is_exact() -> None:
    u = np.concatenate((np.linspace(1e-9, 1.0 - 1e-9, 4001), [1e-15, 1e-30, 0.0]))
    exact = [NormalDist().inv_cdf(min(max(x, 1e-16), 1.0 - 1e-16)) for x in u]
    assert normal_quantile(u) == pytest.approx(exact, abs=1e-12, rel=1e-12)


@pytest.mark.parametrize("shape", [0.12, 0.3, 0.6, 2.0])
def test_gamma_quantile_against_scipy(shape: float) -> None:
    u = np.linspace(0.05, 0.9999, 500)
    exact = gamma.ppf(u, shape, scale=1.0 / shape)
    assert gamma_quantile(u, shape) == pytest.approx(exact, rel=2e-3)
    fine = (np.arange(200_000) + 0.5) / 200_000
    values = gamma_quantile(fine, shape)
    assert values.mean() == pytest.approx(1.0, rel=3e-3)
    assert values.var() == pytest.approx(1.0 / shape, rel=0.02)


def test_exponential_quantile() -> None:
    assert exponential_quantile(0.0) == 0.0
    assert exponential_quantile(1.0 - np.exp(-2.0)) == pytest.approx(2.0)
    assert np.isfinite(exponential_quantile(1.0))


def test_solved_mix_meets_the_ledger_exactly() -> None:
    p, mix, _ = parts()
    for name in CHAIN:
        assert mix.share(name) == pytest.approx(p[f"patients.{name}_share"], abs=1e-9)
    assert mix.cells()[1].sum() == pytest.approx(1.0)


def test_more_police_referrals_bring_more_detained_unless_the_planner_gives_the_share() -> None:
    sources = {"community_crisis_pct": 20.0, "police_emergency_pct": 72.0}
    base = parts()[1].share("detained")
    assert parts(scenario(demand={"sources": sources}))[1].share("detained") > base + 0.03
    given = scenario(demand={"sources": sources, "case_mix": {"detained_pct": 61.8}})
    assert parts(given)[1].share("detained") == pytest.approx(0.618, abs=1e-9)


def test_planners_mix_of_diagnoses_leaves_no_share_negative() -> None:
    _, mix, _ = parts(scenario(demand={"case_mix": {"psychosis_pct": 90.0}}))
    assert mix.share("psychosis") == pytest.approx(0.9)
    assert mix.share("psychosis") + mix.share("personality") + mix.share("mood") <= 1.0 + 1e-9
    with pytest.raises(ValueError, match=r"psychosis_pct and personality_disorder_pct .* together they are 120"):
        parts(scenario(demand={"case_mix": {"psychosis_pct": 80.0, "personality_disorder_pct": 40.0}}))


@pytest.mark.statistical
def test_drawn_attributes_have_the_shares_and_go_together() -> None:
    """40,000 patients, seed 2: shares within 4 binomial SE (1 percentage point); odds ratios above 1 by far more than chance."""
    p, mix, batch = many()
    for name in CHAIN:
        assert column(batch, name).mean() == pytest.approx(mix.share(name), abs=0.01), name
    assert column(batch, "male").mean() == pytest.approx(p["patients.male_share"], abs=0.01)
    for a, b in [("detained", "psychosis"), ("previous_violence", "dual_diagnosis"), ("dual_diagnosis", "male"), ("comorbidity", "older")]:
        with_b = column(batch, b) == 1
        assert column(batch, a)[with_b].mean() > column(batch, a)[~with_b].mean() + 0.04, (a, b)
    young = batch.origin == 2
    assert column(batch, "young")[young].all()


@pytest.mark.statistical
def test_frailty_is_heavy_tailed() -> None:
    """40,000 patients, seed 2: SE of the mean 0.009; a tenth of patients carries more than half."""
    frailty = many()[2].frailty
    assert frailty.mean() == pytest.approx(1.0, abs=0.04)
    top = np.sort(frailty)[-N // 10 :]
    assert 0.5 < top.sum() / frailty.sum() < 0.75


@pytest.mark.statistical
def test_stays_match_the_published_distribution() -> None:
    """40,000 admissions, seed 2: mean SE 0.3 d. Targets: mean 33-39, median 15-23, 9% above 90 days, 16% of days delayed."""
    p, mix, batch = many()
    total = (batch.clinical_min + batch.delay_min) / DAY
    clinical, delay = StayLaw(p, mix).phases(1.0)
    assert batch.clinical_min.mean() / DAY == pytest.approx(clinical, abs=1.0)
    assert batch.delay_min.mean() / DAY == pytest.approx(delay, abs=0.5)
    assert 33.0 <= total.mean() <= 39.0
    assert 15.0 <= np.median(total) <= 23.0
    assert 0.08 <= (total > 90).mean() <= 0.105
    assert 0.003 <= (total > 365).mean() <= 0.015
    assert 0.14 <= batch.delay_min.sum() / DAY / total.sum() <= 0.18
    assert batch.clinical_min.max() <= p["flow.stay_cap_days"] * DAY


@pytest.mark.statistical
def test_diagnosis_and_misuse_move_stay_and_leave_most_of_it_open() -> None:
    """40,000 admissions, seed 2. Ratios within 10%; the attributes explain under 15% of the variance of log stay (FC017: 14%)."""
    p, _, batch = many()
    logs = np.log(batch.clinical_min)
    psychosis, dual = column(batch, "psychosis") == 1, column(batch, "dual_diagnosis") == 1
    mood = column(batch, "mood") == 1
    assert np.exp(logs[psychosis & ~dual].mean() - logs[mood & ~dual].mean()) == pytest.approx(p["flow.stay_psychosis_ratio"], rel=0.1)
    assert np.exp(logs[mood & dual].mean() - logs[mood & ~dual].mean()) == pytest.approx(p["flow.stay_dual_diagnosis_ratio"], rel=0.1)
    groups = np.stack([psychosis, dual, column(batch, "personality") == 1, np.ones(N)], axis=1).astype(float)
    fitted = groups @ np.linalg.lstsq(groups, logs, rcond=None)[0]
    assert 0.01 < fitted.var() / logs.var() < 0.15


def test_the_same_key_is_the_same_patient() -> None:
    _p, _, one = parts()
    _, _, two = parts()
    keys = [(1, 17, 0), (2, 3, 0), (4, 99, 0)]
    first = [one.first(keys).patient(i, i, keys[i], "x", one.courses) for i in range(3)]
    alone = two.first(keys[2:]).patient(0, 2, keys[2], "x", two.courses)
    for name in ("sex", "age_band", "detained", "diagnosis", "frailty", "clinical_min", "delay_min", "severity", "chance"):
        assert getattr(first[2], name) == getattr(alone, name)


def test_an_episode_later_is_the_same_person_with_a_new_stay() -> None:
    _, _, patients = parts()
    key = (1, 42, 0)
    first = patients.first([key]).patient(0, patients.new_id(), key, "community_crisis", patients.courses)
    again, others = ((1, 42, 1), first.chance[:DETAINED], 0), ((3, 7, 2), [0.5] * DETAINED, 2)
    second = patients.again([again, others]).patient(0, patients.new_id(), (1, 42, 1), "readmission", patients.courses)
    alone = patients.again([again]).patient(0, second.id, (1, 42, 1), "readmission", patients.courses)
    assert alone.save() == second.save(), "whoever is drawn at the same time"
    for name in ("sex", "age_band", "diagnosis", "dual_diagnosis", "previous_violence", "comorbidity", "frailty"):
        assert getattr(first, name) == getattr(second, name)
    assert first.clinical_min != second.clinical_min


def test_saved_as_text_and_restored() -> None:
    _, _, patients = parts()
    key = (2, 8, 0)
    patient = patients.first([key]).patient(0, patients.new_id(), key, "police_emergency", patients.courses)
    patients.begin_treatment(patient, -5 * DAY)
    patient.course.set_lift(0.4)
    patient.extra["x"] = 3.0
    patient.shift_of_acuity = 0.2
    text = json.dumps(patient.save(), allow_nan=False)
    other = parts()[2].restore(json.loads(text))
    assert other.acuity(40 * DAY) == patient.acuity(40 * DAY)
    assert other.level(40 * DAY) == patient.level(40 * DAY)
    assert json.dumps(other.save(), allow_nan=False) == text
