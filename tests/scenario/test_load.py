"""Loading: inheritance, overrides, immutability, fingerprint, roster, and what only the whole can tell."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import wardsim
from wardsim.parameters import Ledger
from wardsim.scenario.fields import walk
from wardsim.scenario.load import Loaded, ScenarioError, load, load_text
from wardsim.scenario.reader import scalar
from wardsim.scenario.shipped import shipped_scenarios

pytestmark = pytest.mark.unit


def codes(error: ScenarioError) -> list[str]:
    return [problem.code for problem in error.problems]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_yaml_is_read_by_the_rules_of_1_2() -> None:
    assert [scalar(text)[0] for text in ("19:30", "NO", "yes", "1_000", "2025-04-07")] == [
        "19:30",
        "NO",
        "yes",
        "1_000",
        "2025-04-07",
    ]
    assert [scalar(text)[0] for text in ("010", "0o10", "0x1F", "-3", "+4")] == [10, 8, 31, -3, 4]
    assert [scalar(text)[0] for text in (".5", "1.", "1e3", "-0.5E-1")] == [0.5, 1.0, 1000.0, -0.05]
    assert [scalar(text)[0] for text in ("", "~", "null", "true", "FALSE")] == [None, None, None, True, False]


def test_extends_merges_groups_and_replaces_lists(tmp_path: Path) -> None:
    write(
        tmp_path,
        "base.yaml",
        "name: Base\nquestion: Why?\nward: {beds: 20, sex: female}\n"
        "programmes: [{kind: relational_safety}, {kind: quality_improvement}]\n",
    )
    write(tmp_path, "middle.yaml", "name: Middle\nextends: base.yaml\nward: {beds: 21}\n")
    top = write(
        tmp_path,
        "top.yaml",
        "name: Top\nextends: middle.yaml\nprogrammes: [{kind: reporting_culture}]\nrun: {seed: 5}\n",
    )
    loaded = load(top)
    scenario = loaded.scenario
    assert (scenario.name, scenario.question) == ("Top", "")
    assert (scenario.ward.beds, scenario.ward.sex, scenario.run.seed) == (21, "female", 5)
    assert [programme.kind for programme in scenario.programmes] == ["reporting_culture"]
    assert [path.name for path in loaded.files] == ["top.yaml", "middle.yaml", "base.yaml"]


def test_null_takes_back_what_the_base_says(tmp_path: Path) -> None:
    write(tmp_path, "base.yaml", "name: Base\nflow: {out_of_area_after_hours: 12}\n")
    top = write(tmp_path, "top.yaml", "name: Top\nextends: base.yaml\nflow: {out_of_area_after_hours: null}\n")
    assert load(top).scenario.flow.out_of_area_after_hours is None


def test_a_mistake_in_the_base_is_told_in_the_base(tmp_path: Path) -> None:
    write(tmp_path, "base.yaml", "name: Base\nward:\n  beds: many\n")
    top = write(tmp_path, "top.yaml", "name: Top\nextends: base.yaml\nward: {sex: male}\n")
    with pytest.raises(ScenarioError) as caught:
        load(top)
    (problem,) = caught.value.problems
    assert (Path(problem.file).name, problem.line, problem.column) == ("base.yaml", 3, 9)


def test_the_base_beside_a_scenario_comes_before_the_shipped_one(tmp_path: Path) -> None:
    top = write(tmp_path, "top.yaml", "name: Top\nextends: baseline.yaml\n")
    assert load(top).scenario.ward.beds == 18
    assert load(top).files[1] == shipped_scenarios()["baseline"]
    write(tmp_path, "baseline.yaml", "name: Ours\nward: {beds: 7}\n")
    assert load(top).scenario.ward.beds == 7


def test_eight_levels_and_no_more(tmp_path: Path) -> None:
    write(tmp_path, "s0.yaml", "name: s0\n")
    for i in range(1, 11):
        write(tmp_path, f"s{i}.yaml", f"name: s{i}\nextends: s{i - 1}.yaml\n")
    assert load(tmp_path / "s8.yaml").scenario.name == "s8"
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "s10.yaml")
    assert codes(caught.value) == ["WS133"]


def test_overrides_make_a_new_scenario() -> None:
    before = load_text("name: x")
    after = load_text("name: x", overrides=["staffing.required.night.rn=3", "ward.sex=male", "run.replications=null"])
    assert before.scenario.staffing.required.night.rn == 2
    assert after.scenario.staffing.required.night.rn == 3
    assert after.scenario.staffing.required.night.hca == 2
    assert after.scenario.ward.sex == "male"
    assert after.hash != before.hash
    same = load_text("name: x", overrides={"staffing.required.night.rn": 3, "ward.sex": "male"})
    assert same.hash == after.hash


def test_overrides_reach_into_lists_by_number_and_name() -> None:
    text = "name: x\nprogrammes: [{kind: relational_safety}]\n"
    loaded = load_text(
        text,
        overrides=[
            "training.courses.life_support.valid_months=24",
            "training.courses.0.group_size=6",
            "programmes.relational_safety.fidelity_pct=50",
            "staffing.times.late=['13:30', '21:30']",
            "staffing.times.night.0=21:15",
        ],
    )
    courses = {course.name: course for course in loaded.scenario.training.courses}
    assert courses["life_support"].valid_months == 24
    assert courses["violence_prevention"].group_size == 6
    assert courses["induction"].initial_hours == 22.5
    assert loaded.scenario.programmes[0].fidelity_pct == 50
    assert loaded.scenario.staffing.times.late == ("13:30", "21:30")
    assert loaded.scenario.staffing.times.night[0] == "21:15"


@pytest.mark.parametrize(
    ("override", "code"),
    [
        ("staffing.required.night.rn", "WS140"),
        ("=3", "WS140"),
        ("a..b=3", "WS140"),
        ("training.courses.knitting.valid_months=3", "WS140"),
        ("ward.beds.x=3", "WS140"),
        ("extends=baseline.yaml", "WS140"),
        ("staffing.times.late=[13:30", "WS140"),
        ("staffing.requird.night.rn=3", "WS109"),
        ("staffing.required.night.rn=two", "WS104"),
        ("staffing.required.night.rn=31", "WS105"),
        ("ward.sex=all", "WS106"),
        ("ward.start_date=7.4.2025", "WS107"),
        ("run.years=nan", "WS104"),
        ("run.years=.nan", "WS111"),
        ("demand.sources.young_people_pct=50", "WS150"),
    ],
)
def test_overrides_are_as_strict_as_the_file(override: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("name: x\nward: {beds: 18}\n", overrides=[override])
    (problem,) = caught.value.problems
    assert problem.code == code
    if code != "WS150":
        assert problem.file == "command line"
        assert problem.source_line == override


def test_what_a_section_leaves_out_is_the_default_of_that_place() -> None:
    """Half of a section given must not bring another section's defaults: `night: {rn: 3}` leaves two assistants."""
    for path, about in walk():
        if about.kind not in ("section", "list", "names") and "[]" not in about.key and len(path) > 1:
            text = about.key.split(".")[-1] + ": " + json.dumps(about.default)
            for part in reversed(path[:-1]):
                text = f"{part}: {{{text}}}"
            assert load_text(f"name: x\n{text}\n").hash == load_text("name: x").hash, about.key


def test_a_scenario_cannot_be_changed() -> None:
    scenario = load_text("name: x").scenario
    with pytest.raises(ValueError, match="frozen"):
        scenario.ward.beds = 3  # type: ignore[misc]
    for change in (lambda d: d.update(a=1.0), lambda d: d.setdefault("a", 1.0), lambda d: d.clear()):
        with pytest.raises(TypeError, match="cannot be changed"):
            change(scenario.parameters)
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario
    with pytest.raises(TypeError):
        copy.parameters["a"] = 1.0


def test_the_fingerprint_is_of_the_meaning() -> None:
    plain = load_text("name: x")
    assert len(plain.hash) == 64
    same = [
        "name: y\nquestion: Another?\n",
        "ward: {beds: 18}\nname: x\n",
        "name: x\nflow:\n  out_of_area_after_hours: 24   # a whole number where a number is asked\n",
        "name: x\ndemand: {growth_pct_per_year: -0.0}\n",
        "extends: baseline.yaml\nname: x\n",
    ]
    assert {load_text(text).hash for text in same} == {plain.hash}
    other = ["name: x\nward: {beds: 19}\n", "name: x\nrun: {seed: 1}\n", "name: x\nmechanisms: {skill: false}\n"]
    assert len({plain.hash, *(load_text(text).hash for text in other)}) == 4


def test_the_error_is_rebuilt_from_its_arguments() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("nme: x\nward: {beds: 900}\n")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    assert copy.problems == caught.value.problems
    assert ScenarioError(*caught.value.args).problems == copy.problems


def test_contradictions_are_told_beside_wrong_values() -> None:
    text = (
        "name: x\nward: {beds: 18, sex: femal}\n"
        "demand: {local: {admissions_per_year: 100, stay_mean_days: 20, occupancy_pct: 90}}\n"
        "staffing: {times: {early: ['07:00', '12:00']}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    assert codes(caught.value) == ["WS106", "WS151", "WS152"]


@pytest.mark.parametrize(
    "local",
    [
        "{admissions_per_year: 180, stay_mean_days: 34}",
        "{admissions_per_year: 180, occupancy_pct: 93}",
        "{stay_mean_days: 34, occupied_bed_days_per_year: 6100}",
        "{admissions_per_year: 180, stay_mean_days: 34, occupancy_pct: 93}",
        "{occupied_bed_days_per_year: 6100, occupancy_pct: 93}",
    ],
)
def test_local_facts_that_agree(local: str) -> None:
    load_text(f"name: x\ndemand: {{local: {local}}}\n")


def test_late_numbers_under_long_days_are_ignored() -> None:
    text = (
        "name: x\nstaffing: {pattern: long_day, times: {late: ['01:00', '02:00']}, required: {late: {rn: 9, hca: 9}}}\n"
    )
    load_text(text)
    with pytest.raises(ScenarioError):
        load_text(text.replace("long_day", "mixed"))


@pytest.mark.parametrize("text", ["ward: {beds: 0}", "demand: {referrals_multiplier: 0}", "training: {courses: []}"])
def test_empty_wards_are_allowed(text: str) -> None:
    load_text(f"name: x\n{text}\n")


def test_nobody_on_a_shift_is_allowed() -> None:
    nobody = "{rn: 0, hca: 0}"
    load_text(f"name: x\nstaffing: {{required: {{early: {nobody}, late: {nobody}, night: {nobody}}}}}\n")


def test_parameters_are_checked_against_the_ledger() -> None:
    entry = next(entry for entry in Ledger.load() if entry.range[0] < entry.range[1])
    low, high = entry.range
    good = load_text(f"name: x\nparameters:\n  {entry.name}: {entry.value}\n")
    assert good.scenario.parameters == {entry.name: entry.value}
    assert load_text("name: x", overrides=[f"parameters.{entry.name}={entry.value}"]).hash == good.hash
    with pytest.raises(ScenarioError) as caught:
        load_text(f"name: x\nparameters:\n  {entry.name}: {high + 1}\n  {entry.name}s: {low}\n")
    far, unknown = caught.value.problems
    assert (far.code, far.line) == ("WS156", 3)
    assert f"{low:g} to {high:g}" in far.message
    assert (unknown.code, unknown.line) == ("WS155", 4)
    assert entry.name in unknown.hint


ROSTER = "date,shift,role,staff\n2025-04-08,night,hca,B\n2025-04-06,early,rn,A\n2025-04-07,early,rn,A\n"


def test_a_given_roster(tmp_path: Path) -> None:
    write(tmp_path, "rota.csv", ROSTER)
    path = write(tmp_path, "own.yaml", "name: x\nstaffing: {roster_file: rota.csv}\n")
    loaded = load(path)
    assert loaded.given_roster == [(-1, "early", "rn", "A"), (0, "early", "rn", "A"), (1, "night", "hca", "B")]
    assert loaded.files[-1].name == "rota.csv"
    assert load(path, ["ward.sex=mixed"]).hash == loaded.hash
    write(tmp_path, "rota.csv", ROSTER.replace("B", "C"))
    assert load(path).hash != loaded.hash
    assert (
        load_text("name: x", folder=tmp_path, overrides={"staffing.roster_file": "rota.csv"}).given_roster is not None
    )


def test_a_roster_is_looked_for_beside_the_file_that_names_it(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    write(inner, "rota.csv", ROSTER)
    write(inner, "base.yaml", "name: x\nstaffing: {roster_file: rota.csv}\n")
    top = write(tmp_path, "top.yaml", "name: y\nextends: inner/base.yaml\n")
    assert load(top).given_roster is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "WS161"),
        ("date,shift,role,staff\n", "WS162"),
        ("date;shift;role;staff\n", "WS161"),
        ('date,shift,role,staff\n2025-04-07,early,rn,"A\n', "WS162"),
        ("date,shift,role,staff\n2025-02-30,early,rn,A\n", "WS162"),
    ],
)
def test_a_wrong_roster(tmp_path: Path, text: str, code: str) -> None:
    write(tmp_path, "rota.csv", text)
    with pytest.raises(ScenarioError) as caught:
        load(write(tmp_path, "own.yaml", "name: x\nstaffing: {roster_file: rota.csv}\n"))
    assert codes(caught.value) == [code]


def test_a_roster_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(write(tmp_path, "own.yaml", "name: x\nstaffing:\n  roster_file: rota.csv\n"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("WS160", 3)
    assert "no such file" in problem.message


def test_the_package_offers_load_lazily() -> None:
    assert wardsim.load is load
    assert wardsim.Loaded is Loaded
    with pytest.raises(AttributeError):
        _ = wardsim.nothing
