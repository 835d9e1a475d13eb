"""Shipped studies: each opens with question, rationale and evidence grade, and its staffing numbers fit together."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardsim.scenario.jsonschema import modeline
from wardsim.scenario.load import load
from wardsim.scenario.schema import Scenario
from wardsim.scenario.shipped import shipped, shipped_scenarios, shipped_studies
from wardsim.scenario.studies import StudyFile, load_study
from wardsim.scenario.studies.schema import OptimiseFile, PopulationFile, SensitivityFile, SweepFile

pytestmark = pytest.mark.unit
NAMES = (
    "national-2008/population",
    "national-2008/staffing-studies",
    "optimise/cheapest-safe",
    "options/activity-workers",
    "options/acuity-on-admission",
    "options/answering-aggression",
    "options/clinical-pathway",
    "options/crisis-alternatives",
    "options/day-staffing",
    "options/delayed-discharge",
    "options/demand-and-beds",
    "options/dual-diagnosis",
    "options/dual-diagnosis-course",
    "options/e-learning",
    "options/electronic-records",
    "options/extra-night-nurse",
    "options/good-practice-parts",
    "options/headroom",
    "options/night-nurse-forms",
    "options/observation",
    "options/one-to-one",
    "options/physical-health",
    "options/professions",
    "options/programmes",
    "options/protected-training",
    "options/reporting-culture",
    "options/safety-rating",
    "options/sexual-safety",
    "options/shift-patterns",
    "options/training-needs",
    "options/training-plan",
    "options/vacancies",
    "options/worth-measuring",
    "options/young-people",
    "studies/sensitivity-levels",
    "studies/sensitivity-night-nurse",
    "sweeps/staffing-by-training",
    "sweeps/staffing-by-training-space",
)
HOURS = {"early": 7.25, "late": 7.25, "night": 9.5}
"""Paid hours of each shift of the baseline."""


def study(name: str) -> StudyFile:
    return load_study(shipped_studies()[name])


def test_all_are_there() -> None:
    assert tuple(shipped_studies()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_opens_with_question_rationale_and_grade(name: str) -> None:
    lines = shipped_studies()[name].read_text(encoding="utf-8").splitlines()
    loaded = study(name)
    assert lines[0] == modeline(loaded.kind)
    comment = [line for line in lines if line.startswith("#")]
    for word in ("# Question: ", "# Rationale: ", "# Evidence grade: "):
        assert sum(line.startswith(word) for line in comment) == 1
    keys = [line.split(":")[0] for line in lines if line and line[0].isalpha()]
    assert keys[:3] == ["name", "question", "base"]
    assert loaded.content.question.endswith("?")
    assert max(len(line) for line in lines) <= (170 if loaded.kind == "population" else 150)
    if loaded.kind == "population":
        assert loaded.content.measured_years == 1.0
        return
    assert loaded.base.hash == load(shipped_scenarios()["baseline"]).hash
    assert (loaded.content.estimand, loaded.content.measured_years) in (("transition", 3.0), ("transition", 1.0), ("steady", 1.0))


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("options/")])
def test_every_option_changes_something_and_no_two_are_alike(name: str) -> None:
    loaded = study(name)
    hashes = [loaded.base.hash, *(option.loaded.hash for option in loaded.options)]
    assert len(set(hashes)) == len(hashes)


def nurses(ward: Scenario, role: str) -> tuple[float, float]:
    """WTE that the required shifts take, and WTE funded, the extra posts of `funded_extra` included."""
    staffing = ward.staffing
    per_person = {shift: 7 * hours / 37.5 / (1 - staffing.absence.headroom_pct / 100) for shift, hours in HOURS.items()}
    required = sum(getattr(getattr(staffing.required, shift), role) * wte for shift, wte in per_person.items())
    extra = sum(getattr(getattr(staffing.funded_extra, shift), role) * wte for shift, wte in per_person.items())
    posts = staffing.establishment
    funded = (
        posts.rn_band5_wte + posts.rn_band6_wte
        if role == "rn"
        else posts.na_band4_wte + posts.hca_band3_wte + posts.hca_band2_wte
    )
    return required + extra, funded + extra


def wards(loaded: StudyFile) -> list[Scenario]:
    """Every level of every axis on the base, and every option."""
    problems: list[object] = []
    made = [
        loaded.ward_at((level,), level.label, problems)  # type: ignore[arg-type]
        for axis in loaded.axes
        for level in axis.levels or (axis.at(axis.low or 0), axis.at(axis.high or 0))
    ]
    assert not problems
    return [ward.scenario for ward in (*made, *(option.loaded for option in loaded.options)) if ward is not None]


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("national") and "shift-patterns" not in name])
def test_posts_follow_the_shifts_within_two_percent(name: str) -> None:
    for ward in wards(study(name)):
        for role in ("rn", "hca"):
            needed, funded = nurses(ward, role)
            if not any(getattr(getattr(ward.staffing.by_bank_extra, shift), role) for shift in HOURS):
                assert funded == pytest.approx(needed, rel=0.02), (ward.name, role)


def test_the_surface_is_five_by_four_with_the_baseline_in_it() -> None:
    loaded = study("sweeps/staffing-by-training")
    nurses_axis, release = loaded.axes
    assert (len(nurses_axis.levels), len(release.levels)) == (5, 4)
    assert isinstance(loaded.content, SweepFile)
    for axis, place in ((nurses_axis, 2), (release, 2)):
        assert not axis.levels[place].settings
        assert "baseline" in axis.levels[place].label
        values = [level.value for level in axis.levels]
        assert values == sorted(values)
    means = [
        sum(getattr(ward.staffing.required, s).rn + getattr(ward.staffing.funded_extra, s).rn for s in HOURS) / 3
        for ward in wards(loaded)[:5]
    ]
    assert means == pytest.approx([level.value for level in nurses_axis.levels], abs=0.01)


def test_the_space_filling_sweep_covers_what_it_says() -> None:
    loaded = study("sweeps/staffing-by-training-space")
    assert [axis.name for axis in loaded.axes] == [
        "registered nurses per shift", "healthcare assistants per shift", "course days offered", "training.backfill",
    ]  # fmt: skip
    assert isinstance(loaded.content, SweepFile)
    assert loaded.content.design.points == 64


def test_sensitivity_has_twelve_uncertain_parameters_and_an_option() -> None:
    loaded = study("studies/sensitivity-night-nurse")
    assert isinstance(loaded.content, SensitivityFile)
    assert len(loaded.ranges) == 12
    assert all(about.prior and about.low < about.high for about in loaded.ranges)
    assert loaded.options[0].loaded.hash == load(shipped_scenarios()["plus-one-nurse-nights"]).hash


def test_the_plans_to_choose_from_include_the_ward_as_it_is() -> None:
    loaded = study("optimise/cheapest-safe")
    assert isinstance(loaded.content, OptimiseFile)
    assert all(any(not level.settings for level in axis.levels) for axis in loaded.axes)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("national")])
def test_every_spread_of_a_population_says_where_it_is_from(name: str) -> None:
    content = study(name).content
    assert isinstance(content, PopulationFile)
    assert content.draws == "common"
    spreads = list(content.spread.values())
    if content.studies is not None:
        spreads += [getattr(content.studies, key) for key in ("wards", "months", "outcome", "exposure", "unit", "regression", "wards_compared")]
    assert all(one.assumption for one in spreads)
    assert sum(bool(one.sources) for one in spreads) >= 8


def test_the_two_populations_draw_the_same_wards() -> None:
    first, second = (study(f"national-2008/{name}").content for name in ("population", "staffing-studies"))
    assert isinstance(first, PopulationFile)
    assert isinstance(second, PopulationFile)
    assert first.spread == second.spread


def test_the_national_picture_rates_by_the_thresholds_of_the_measure() -> None:
    from wardsim.experiments.population.ratings import criteria_of
    from wardsim.measures.rating import CRITERIA, NEEDED

    content = study("national-2008/population").content
    assert isinstance(content, PopulationFile)
    assert content.ratings is not None
    assert (content.trusts, content.ratings.needed, content.ratings.row) == (69, NEEDED, "W127")
    assert criteria_of(content.ratings.model_dump()) == CRITERIA


def test_the_wheel_takes_the_folder_that_holds_them() -> None:
    root = shipped("scenarios").parent
    text = (root / "pyproject.toml").read_text(encoding="utf-8") if (root / "pyproject.toml").is_file() else ""
    assert not text or '"scenarios" = "wardsim/_shipped/scenarios"' in text
    assert all(Path(path).is_relative_to(shipped("scenarios")) for path in shipped_studies().values())
