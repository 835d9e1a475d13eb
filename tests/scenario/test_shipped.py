"""Shipped scenarios: each opens with its question, stands on the baseline, and the staffing numbers fit together."""

from __future__ import annotations

import pytest

from wardsim.scenario.jsonschema import MODELINE
from wardsim.scenario.load import load, load_text
from wardsim.scenario.schema import Scenario
from wardsim.scenario.shipped import shipped, shipped_scenarios

pytestmark = pytest.mark.unit
NAMES = (
    "baseline",
    "foi-15-bed-ward",
    "good-practice",
    "long-days",
    "no-release",
    "plus-one-nurse-nights",
    "plus-one-nurse-nights-by-bank",
    "protected-training",
)


def scenario(name: str) -> Scenario:
    return load(shipped_scenarios()[name]).scenario


def test_all_eight_are_there_the_baseline_first() -> None:
    assert tuple(shipped_scenarios()) == NAMES
    assert shipped("calibration").is_dir()


@pytest.mark.parametrize("name", NAMES)
def test_each_opens_with_a_comment_and_its_question(name: str) -> None:
    lines = shipped_scenarios()[name].read_text(encoding="utf-8").splitlines()
    assert lines[0] == MODELINE
    keys = [line.split(":")[0] for line in lines if line and line[0].isalpha()]
    assert lines[2].startswith("# ")
    assert keys[:2] == ["name", "question"]
    assert scenario(name).question.endswith("?")
    if name != "baseline":
        assert keys[2] == "extends"


def test_each_answers_another_question() -> None:
    loaded = [load(path) for path in shipped_scenarios().values()]
    assert len({item.hash for item in loaded}) == len(loaded)
    assert len({item.scenario.question for item in loaded}) == len(loaded)


def test_the_baseline_is_the_default() -> None:
    assert load(shipped_scenarios()["baseline"]).hash == load_text("name: x").hash


def paid_hours(times: tuple[str, str], break_hours: float) -> float:
    start, end = (int(clock[:2]) + int(clock[3:]) / 60 for clock in times)
    return (end - start) % 24 - break_hours


def test_posts_fit_the_shifts_they_must_fill() -> None:
    """Hours required, divided by one minus headroom, are the funded posts within 1%, for registered and for other staff."""
    staffing = scenario("baseline").staffing
    hours = {
        "early": paid_hours(staffing.times.early, 0.5),
        "late": paid_hours(staffing.times.late, 0.5),
        "night": paid_hours(staffing.times.night, 1.0),
    }
    funded = 1 - staffing.absence.headroom_pct / 100
    posts = staffing.establishment
    rn = sum(7 * hours[shift] * getattr(staffing.required, shift).rn for shift in hours) / 37.5 / funded
    hca = sum(7 * hours[shift] * getattr(staffing.required, shift).hca for shift in hours) / 37.5 / funded
    assert posts.rn_band5_wte + posts.rn_band6_wte == pytest.approx(rn, rel=0.01)
    assert posts.na_band4_wte + posts.hca_band3_wte + posts.hca_band2_wte == pytest.approx(hca, rel=0.01)


def test_staff_in_post_per_bed_and_mix_are_as_published() -> None:
    """As published and judged: 1.25 (1.1 to 1.8) in post per bed; registered share 40 to 60%; vacancy 15% and 8%."""
    baseline = scenario("baseline")
    posts = baseline.staffing.establishment
    rn = 0.85 * (posts.rn_band5_wte + posts.rn_band6_wte)
    na = 0.92 * posts.na_band4_wte
    hca = 0.92 * (posts.hca_band3_wte + posts.hca_band2_wte)
    assert 1.1 <= (rn + na + hca) / baseline.ward.beds <= 1.8
    assert 0.40 <= rn / (rn + na + hca) <= 0.60
    assert 0.45 <= (rn + na) / (rn + na + hca) <= 0.50


def test_the_real_ward_is_as_published() -> None:
    """Evidence rows W008 to W015."""
    ward = scenario("foi-15-bed-ward")
    local, posts = ward.demand.local, ward.staffing.establishment
    assert ward.ward.beds == 15
    assert (local.admissions_per_year, local.occupied_bed_days_per_year) == (76, 4973)
    assert posts.in_post
    assert (posts.rn_band5_wte, posts.rn_band6_wte, posts.na_band4_wte) == (3.8, 3.8, 1.0)
    assert posts.hca_band3_wte + posts.hca_band2_wte == pytest.approx(9.8)


def test_the_two_meanings_of_one_more_nurse() -> None:
    base = scenario("baseline").staffing
    funded, bank = scenario("plus-one-nurse-nights").staffing, scenario("plus-one-nurse-nights-by-bank").staffing
    assert (funded.funded_extra.night.rn, funded.by_bank_extra.night.rn) == (1, 0)
    assert (bank.funded_extra.night.rn, bank.by_bank_extra.night.rn) == (0, 1)
    assert funded.required == bank.required == base.required
    for section in (funded.funded_extra, bank.by_bank_extra):
        numbers = [getattr(section, shift) for shift in ("early", "late", "night")]
        assert sum(number.rn + number.hca for number in numbers) == 1


def test_release_options() -> None:
    kept, never = scenario("protected-training").training, scenario("no-release").training
    assert (kept.protected, kept.backfill, kept.release_rule) == (True, True, "always")
    assert never.release_rule == "never"


def test_good_practice_uses_only_levers_of_a_ward() -> None:
    """No case mix, demand, parameter or mechanism is made kinder; what changes is what a ward can do."""
    base, good = scenario("baseline"), scenario("good-practice")
    for section in ("ward", "demand", "prices", "mechanisms", "start", "parameters"):
        assert getattr(good, section) == getattr(base, section)
    assert good.staffing.required == base.staffing.required
    assert good.staffing.multidisciplinary.activity_seven_days
    assert good.work.one_to_one.protected
    assert good.training.protected
    assert {programme.kind for programme in good.programmes} >= {"relational_safety", "protected_engagement"}
