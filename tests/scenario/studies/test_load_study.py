"""Study files as read: bases, options, factors, ranges, short forms and overrides mean what they say."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support import ROOT
from wardsim.scenario.load import ScenarioError, load
from wardsim.scenario.shipped import shipped_scenarios
from wardsim.scenario.studies import StudyFile, kind_of_file, load_study, load_study_text

pytestmark = pytest.mark.unit


def read(text: str, folder: Path | str = ".", **overrides: object) -> StudyFile:
    return load_study_text(f"name: x\n{text}", folder=folder, overrides=overrides or None)


def test_an_option_by_file_equals_that_file_and_one_by_settings_equals_an_override() -> None:
    study = read(
        "options:\n  - {name: a, scenario: plus-one-nurse-nights.yaml}\n  - {name: b, set: {staffing.funded_extra.night.rn: 1}}\n"
    )
    nights = load(shipped_scenarios()["plus-one-nurse-nights"])
    assert [option.loaded.hash for option in study.options] == [nights.hash, nights.hash]
    assert [option.loaded.scenario.name for option in study.options] == ["a", "b"]
    assert study.base.hash == load(shipped_scenarios()["baseline"]).hash


def test_settings_over_a_file_and_groups_leave_the_rest_as_it_is() -> None:
    study = read(
        "options:\n  - name: a\n    scenario: protected-training.yaml\n    set: {training: {backfill: false}, staffing.required: {night: {rn: 3}}}\n"
    )
    ward = study.options[0].loaded.scenario
    assert (ward.training.protected, ward.training.backfill) == (True, False)
    assert (ward.staffing.required.night.rn, ward.staffing.required.night.hca, ward.staffing.required.early.rn) == (
        3,
        2,
        2,
    )


def test_a_base_beside_the_study_comes_before_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "baseline.yaml").write_text("name: Mine\nward: {beds: 12}\n")
    (tmp_path / "study.yaml").write_text("name: x\noptions:\n  - {name: a, set: {flow.discharge_team: true}}\n")
    study = load_study(tmp_path / "study.yaml")
    assert study.base.scenario.ward.beds == study.options[0].loaded.scenario.ward.beds == 12
    assert [path.name for path in study.files] == ["study.yaml", "baseline.yaml"]


def test_a_study_may_be_called_like_the_shipped_scenario_it_names(tmp_path: Path) -> None:
    path = tmp_path / "long-days.yaml"
    path.write_text("name: x\noptions:\n  - {name: a, scenario: long-days.yaml}\n")
    assert load_study(path).options[0].loaded.hash == load(shipped_scenarios()["long-days"]).hash


def test_a_roster_of_an_option_is_read_beside_the_study(tmp_path: Path) -> None:
    (tmp_path / "rota.csv").write_text("date,shift,role,staff\n2025-04-07,early,rn,A\n")
    study = read("options:\n  - {name: a, set: {staffing.roster_file: rota.csv}}\n", tmp_path)
    assert study.options[0].loaded.given_roster == [(0, "early", "rn", "A")]
    assert study.base.given_roster is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("options: []", "options"),
        ("factors: {}", "sweep"),
        ("choices: {}", "optimise"),
        ("limits: {}", "optimise"),
        ("outcomes: []", "sensitivity"),
        ("option: {}", "sensitivity"),
        ("kind: sweep", "sweep"),
        ("kind: swep", ""),
        ("ward: {beds: 3}", None),
        ("parameters: {a.b: 1}", None),
    ],
)
def test_the_kind_is_told_by_its_keys(text: str, kind: str | None, tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(f"name: x\n{text}\n")
    assert kind_of_file(path) == kind


def test_levels_of_every_form() -> None:
    study = read(
        "factors:\n"
        "  training.backfill: [null, true, false]\n"
        "  headroom: {keys: [staffing.absence.headroom_pct], levels: [20, 22.5], labels: [as now, more]}\n"
        "  nurses: {labels: [few, many], values: [1, 3], levels: [{staffing.required.night.rn: 1}, {staffing.required: {night: {rn: 3}, late: {rn: 3}}}]}\n"
        "  parameters.mechanisms.limit_share: [0.25, 0.35]\n"
    )  # fmt: skip
    backfill, headroom, nurses, limits = study.axes
    assert [(level.label, level.value, level.given) for level in backfill.levels] == [
        ("null", 0, None),
        ("true", 1, True),
        ("false", 2, False),
    ]
    assert [(level.label, level.value) for level in headroom.levels] == [("as now", 20), ("more", 22.5)]
    assert headroom.unit == "percent"
    assert [level.value for level in nurses.levels] == [1, 3]
    assert [setting.key for setting in nurses.levels[1].settings] == [
        "staffing.required.night.rn",
        "staffing.required.late.rn",
    ]
    problems: list[object] = []
    ward = study.ward_at((backfill.levels[1], headroom.levels[1], nurses.levels[1], limits.levels[0]), "c", problems)  # type: ignore[arg-type]
    assert ward is not None
    assert not problems
    assert ward.scenario.training.backfill is True
    assert ward.scenario.staffing.absence.headroom_pct == 22.5
    assert (ward.scenario.staffing.required.late.rn, ward.scenario.staffing.required.night.rn) == (3, 3)
    assert dict(ward.scenario.parameters) == {"mechanisms.limit_share": 0.25}


def test_whole_numbers_of_a_range_are_met_alike_often() -> None:
    axis = read("factors:\n  ward.beds: {low: 10, high: 13}\ndesign: {kind: sobol, points: 4}\n").axes[0]
    values = [axis.between(share / 400).given for share in range(400)]
    assert {value: values.count(value) for value in set(values)} == {10: 100, 11: 100, 12: 100, 13: 100}
    assert axis.between(1.0).given == 13
    assert axis.steps == 4


def test_short_forms_mean_the_long_ones() -> None:
    short = read(
        "factors:\n  training.protected: [false, true]\ndesign: factorial\nmechanisms: [contagion, [fatigue, crowding]]\n"
    )
    long = read(
        "factors:\n  training.protected: {levels: [false, true]}\ndesign: {kind: factorial}\nmechanisms: [{off: [contagion]}, {off: [fatigue, crowding]}]\n"
    )
    assert short.content == long.content
    assert short.hash == long.hash
    listed = read("kind: sensitivity\nparameters: [mechanisms.limit_share, {flow.stay_scale: {low: 0.9, high: 1.1}}]\n")
    grouped = read(
        "kind: sensitivity\nparameters: {mechanisms.limit_share: {}, flow.stay_scale: {low: 0.9, high: 1.1}}\n"
    )
    assert listed.ranges == grouped.ranges


def test_ranges_are_those_of_the_prior_or_of_the_file_and_patterns_leave_out_what_is_fixed() -> None:
    from wardsim.parameters import Ledger

    ledger = Ledger.load()
    study = read("kind: sensitivity\nparameters: ['mechanisms.*', {mechanisms.limit_share: {low: 0.25, high: 0.3}}]\n")
    by_name = {about.name: about for about in study.ranges}
    assert set(by_name) == {
        entry.name
        for entry in ledger
        if entry.topic == "mechanisms" and entry.quantiles(0.05)[0] < entry.quantiles(0.95)[0]
    }
    assert (by_name["mechanisms.limit_share"].low, by_name["mechanisms.limit_share"].prior) == (0.25, False)
    other = by_name["mechanisms.contagion_offspring"]
    assert (other.low, other.high) == ledger["mechanisms.contagion_offspring"].quantiles(0.05, 0.95)
    assert other.prior


def test_the_usual_estimand_is_three_years_after_the_change() -> None:
    study = read("options:\n  - {name: a, set: {ward.beds: 17}}\n").content
    assert (study.estimand, study.measured_years, study.seed) == ("transition", 3.0, 20250407)
    assert read("estimand: steady\noptions:\n  - {name: a, set: {ward.beds: 17}}\n").content.measured_years == 1.0


def test_overrides_of_the_study_and_of_its_base() -> None:
    text = "options:\n  - {name: a, scenario: long-days.yaml}\n  - {name: b, set: {ward.beds: 20}}\n"
    study = read(text, **{"years": 2, "seed": 7, "base.ward.beds": 15})
    assert (study.content.years, study.content.seed, study.base.scenario.ward.beds) == (2, 7, 15)
    assert [option.loaded.scenario.ward.beds for option in study.options] == [15, 20]
    sweep = read(
        "factors:\n  training.protected: [false, true]\n", **{"factors.training.protected": [True], "replications": 6}
    )
    assert [level.given for level in sweep.axes[0].levels] == [True]
    for wrong in ({"base.ward.beds": "many"}, {"yers": 2}, {"years": "two"}):
        with pytest.raises(ScenarioError) as caught:
            read(text, **wrong)
        assert {problem.file for problem in caught.value.problems} == {"study.yaml", "command line"} or {
            problem.file for problem in caught.value.problems
        } == {"command line"}


def test_what_shows_only_in_the_base_is_told_at_the_line_that_brought_it_about(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "name: m\nstaffing:\n  pattern: three_shift\n  times: {long_day: ['07:00', '12:00']}\n"
    )
    text = "base: mine.yaml\noptions:\n  - name: long\n    set: {staffing.pattern: long_day}\n"
    with pytest.raises(ScenarioError) as caught:
        read(text, tmp_path)
    problem = caught.value.problems[0]
    assert (problem.file, problem.line, problem.code) == ("study.yaml", 4, "WS152")
    assert problem.message.startswith("the option long: ")
    assert problem.message.endswith("(mine.yaml:4)")


def test_names_and_questions_do_not_count_for_the_hash() -> None:
    one = load_study_text("name: x\noptions:\n  - {name: a, set: {ward.beds: 17}}\n")
    two = load_study_text("name: y\nquestion: q\noptions:\n  - {name: a, set: {ward: {beds: 17}}}\n")
    assert one.content != two.content
    assert load_study_text("name: y\noptions:\n  - {name: a, set: {ward.beds: 17}}\n").hash == one.hash
    assert load_study_text("name: x\noptions:\n  - {name: a, set: {ward.beds: 18}}\n").hash != one.hash


def test_another_method_by_override_leaves_what_belonged_to_the_one_of_the_file() -> None:
    text = "parameters: [mechanisms.contact_aggression, mechanisms.unmet_aggression]\nmethod: sobol\npoints: 64\nthrough: ward\n"
    study = read(text, method="tornado")
    assert study.content.method == "tornado"
    assert study.content.model_fields_set.isdisjoint({"points", "through"})
    assert read(text, method="sobol").content.points == 64
    assert read(text, method="morris", trajectories=12).content.trajectories == 12
    with pytest.raises(ScenarioError) as caught:
        read(text, method="tornado", points=32)
    assert [(p.file, p.code) for p in caught.value.problems] == [("command line", "WS178")]
    with pytest.raises(ScenarioError):
        read(text.replace("sobol", "tornado"))


@pytest.mark.parametrize("command", ["compare", "sweep", "sensitivity", "optimise", "population", "plan"])
def test_the_examples_in_the_help_of_a_command_name_studies_that_are_in_order(command: str) -> None:
    from click.testing import CliRunner

    from wardsim.cli import main

    told = CliRunner().invoke(main, [command, "--help"]).output.split("Examples:")[1]
    shown = [shlex.split(line) for line in told.splitlines() if "scenarios/" in line]
    assert shown
    for words in shown:
        files = [word for word in words if word.endswith(".yaml")]
        overrides = [after for before, after in pairwise(words) if before == "--set"]
        if len(files) == 1 and kind_of_file(ROOT / files[0]) is not None:
            assert load_study(ROOT / files[0], overrides).content.name
