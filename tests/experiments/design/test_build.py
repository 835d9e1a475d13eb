"""Studies built from files: cells, names, factors, baselines, forms of the model, and what analyses find in the settings."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from subprocess import run

import pytest

from wardsim.experiments.design.build import study_of
from wardsim.experiments.study.cells import Study
from wardsim.scenario.load import ScenarioError
from wardsim.scenario.shipped import shipped_studies
from wardsim.scenario.studies import load_study, load_study_text

pytestmark = pytest.mark.unit
OPTIONS = (
    "options:\n  - {name: a, scenario: plus-one-nurse-nights.yaml}\n  - {name: b, set: {training.protected: true}}\n"
)
SWEEP = "factors:\n  training.protected: [true, false]\n  staffing.required.night.rn: [1, 2, 3]\n"


def built(text: str, **overrides: object) -> Study:
    return study_of(load_study_text(f"name: x\n{text}", overrides=overrides or None))


def test_options_come_after_the_base_or_after_the_reference_named() -> None:
    study = built(OPTIONS)
    assert (study.kind, study.estimand, study.years, study.point) == ("compare", "transition", 3.0, False)
    assert [cell.name for cell in study.cells] == ["Baseline", "a", "b"]
    assert study.cells[0].scenario == study.baseline
    assert study.settings["reference"] == "Baseline"
    again = built(OPTIONS + "reference: b\n")
    assert [cell.name for cell in again.cells] == ["b", "Baseline", "a"]
    assert again.baseline == study.baseline


@pytest.mark.parametrize("name", shipped_studies())
def test_shipped_studies_survive_their_plain_form(name: str) -> None:
    study = study_of(load_study(shipped_studies()[name]))
    again = Study.of_plain(json.loads(json.dumps(study.plain(), allow_nan=False)))
    assert again == study
    assert again.identity == study.identity
    assert study.cells[0].name == study.settings["reference"]


def test_a_sweep_starts_with_the_cell_that_is_the_base() -> None:
    study = built(SWEEP)
    assert len(study.cells) == 6
    assert study.cells[0].name == "false / 2"
    assert study.cells[0].factors == {"training.protected": False, "staffing.required.night.rn": 2}
    assert [point["cell"] for point in study.settings["points"]] == [
        "true / 1", "true / 2", "true / 3", "false / 1", "false / 2", "false / 3",
    ]  # fmt: skip
    named = built(SWEEP + "reference: {training.protected: true, staffing.required.night.rn: 3}\n")
    assert named.cells[0].name == "true / 3"
    without = built("factors:\n  staffing.required.night.rn: [1, 3]\n")
    assert [cell.name for cell in without.cells] == ["Baseline", "1", "3"]
    assert [point["cell"] for point in without.settings["points"]] == ["1", "3"]


def test_the_reference_of_a_design_that_fills_space_is_put_before_it() -> None:
    text = "factors:\n  ward.beds: {low: 10, high: 30}\ndesign: {kind: latin_hypercube, points: 5}\n"
    assert [cell.name for cell in built(text).cells] == ["Baseline", "p0000", "p0001", "p0002", "p0003", "p0004"]
    named = built(text + "reference: {ward.beds: 20}\n")
    assert named.cells[0].scenario.ward.beds == 20


def test_points_that_meet_again_are_one_ward() -> None:
    study = built("factors:\n  ward.beds: {low: 16, high: 19}\ndesign: {kind: sobol, points: 16}\n")
    beds = [cell.scenario.ward.beds for cell in study.cells]
    assert sorted(beds) == [16, 17, 18, 19]
    assert beds[0] == 18
    assert len({cell.name for cell in study.cells}) == 4


def test_a_design_file_gives_the_points(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("ward.beds,training\n17,kept\n\n20,as now\n18,as now\n")
    (tmp_path / "s.yaml").write_text(
        "name: x\nfactors:\n  training: {keys: [training.protected], levels: [false, true], labels: [as now, kept]}\n"
        "  ward.beds: {}\ndesign: {kind: csv, file: d.csv}\n"
    )
    file = load_study(tmp_path / "s.yaml")
    study = study_of(file)
    assert [(cell.scenario.ward.beds, cell.scenario.training.protected) for cell in study.cells] == [
        (18, False),
        (17, True),
        (20, False),
    ]
    assert [path.name for path in file.files][:2] == ["s.yaml", "baseline.yaml"]
    assert tmp_path / "d.csv" in file.files


def test_forms_of_the_model_repeat_every_cell_with_its_own_start() -> None:
    study = built(OPTIONS + "mechanisms: [contagion, {name: no M4 M6, off: [familiarity, fatigue]}]\n")
    assert [cell.name for cell in study.cells[3:6]] == [
        "Baseline [without contagion]",
        "a [without contagion]",
        "b [without contagion]",
    ]
    for cell in study.cells[6:]:
        for ward in (cell.scenario, cell.baseline):
            assert ward is not None
            switched = [name for name, on in ward.mechanisms if not on]
            assert switched == ["familiarity", "fatigue", "direct_effects"]
        assert cell.factors["mechanisms"] == "no M4 M6"
    assert [structure["off"] for structure in study.settings["structures"]] == [
        [],
        ["contagion"],
        ["familiarity", "fatigue"],
    ]
    assert study.settings["structures"][0]["cells"] == ["Baseline", "a", "b"]


def test_sensitivity_with_an_option_runs_both_wards_of_a_point_from_its_own_baseline() -> None:
    study = built(
        "method: sobol\npoints: 32\nparameters: [mechanisms.limit_share, work.requests_per_patient_day]\noption: {name: n, scenario: plus-one-nurse-nights.yaml}\n"
    )
    assert study.point
    assert len(study.cells) == 64
    for row in study.settings["rows"]:
        before, after = (next(cell for cell in study.cells if cell.name == name) for name in row["cells"])
        fixed = dict(before.scenario.parameters)
        assert set(fixed) == {"mechanisms.limit_share", "work.requests_per_patient_day"}
        assert dict(after.scenario.parameters) == fixed
        assert before.scenario == before.baseline == after.baseline
        assert after.scenario.staffing.funded_extra.night.rn == 1
        assert before.scenario.staffing.funded_extra.night.rn == 0
    assert not built("kind: sensitivity\nothers: prior\nparameters: [mechanisms.limit_share]\n").point


def test_what_analyses_need_is_in_the_settings() -> None:
    study = study_of(load_study(shipped_studies()["optimise/cheapest-safe"]))
    assert study.kind == "optimise"
    assert study.settings["limits"]["one_to_one_min_per_patient_day"] == {
        "at_most": None,
        "at_least": 95.0,
        "relative_to_base": "percent",
    }
    assert (study.settings["objective"], study.settings["probability"]) == ("cost_total_per_year", 0.9)
    training = study.settings["factors"][2]
    assert [level["label"] for level in training["levels"]] == ["nobody released", "as now", "all kept"]
    nurses = study.settings["factors"][0]
    assert [level["value"] for level in nurses["levels"]] == [-0.33, 0, 0.33, 1]
    assert study.limit == 400  # more than an even share of the budget: open plans get what the others do not need


@pytest.mark.parametrize(("replications", "block"), [(40, 4), (6, 3), (7, 1), (1, 1), (2, 2)])
def test_a_fixed_number_of_runs_is_made_of_whole_pieces(replications: int, block: int) -> None:
    study = built(OPTIONS, replications=replications)
    assert (study.limit, study.block) == (replications, block)


def test_measures_kept_include_those_that_the_study_cannot_do_without() -> None:
    study = built(
        OPTIONS + "measures: [cost_total_per_year]\nprecision: {one_to_one_min_per_patient_day: {half_width: 1}}\n"
    )
    assert study.measures == ("cost_total_per_year", "one_to_one_min_per_patient_day")
    assert built(OPTIONS).measures == ()


def test_holidays_reach_back_to_the_burn_in_and_past_the_end() -> None:
    short, long = built(OPTIONS, years=1), built(OPTIONS, years=10)
    assert short.holidays < long.holidays
    assert max(long.holidays) > 10 * 365
    assert min(short.holidays) < -365


def test_levels_that_contradict_each_other_are_told_at_their_line_once() -> None:
    text = "name: x\nfactors:\n  demand.case_mix.psychosis_pct: [40, 60]\n  demand.case_mix.personality_disorder_pct: [20, 50]\n  ward.beds: [17, 18, 19]\n"
    file = load_study_text(text)
    with pytest.raises(ScenarioError) as caught:
        study_of(file)
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [(4, "WS158")]


def test_building_options_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom wardsim.scenario.studies import load_study_text\nfrom wardsim.experiments.design.build import study_of\n"
        f"study_of(load_study_text({('name: x' + chr(10) + OPTIONS)!r}))\n"
        "print([name for name in ('scipy', 'pandas', 'SALib', 'sklearn', 'pyarrow') if name in sys.modules])"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
