"""`wardsim run` as a user meets it, with a small ward in place of the real one."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from tests.experiments.fake_ward import FakeWard, calibrated, condition, draw, measure, parts
from wardsim.cli import main
from wardsim.cli.run_tables import Line, headline
from wardsim.experiments import job as job_module
from wardsim.experiments.intervals import UNRESOLVED, Summary
from wardsim.experiments.job import Parts
from wardsim.measures.declare import Measure
from wardsim.ward.core.facts import Facts

SCENARIO = """\
name: Test ward
question: What then?
run:
  years: 0.02
  warm_up_weeks: 0
  replications: 12
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with a scenario, and the small ward in place."""
    (tmp_path / "ward.yaml").write_text(SCENARIO)
    (tmp_path / "option.yaml").write_text(
        "extends: ward.yaml\nname: Option\nstaffing:\n  required:\n    night: {rn: 3}\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(job_module, "shipped_parts", parts)
    monkeypatch.setattr("wardsim.experiments.replicate.shipped_parts", parts)
    return tmp_path


def call(*words):
    """Run through the real entry point, errors turned into messages and codes."""
    return CliRunner().invoke(main, ["run", "--jobs", "1", *words])


def test_prints_the_headline_with_three_named_intervals_and_writes_the_folder(folder):
    result = call("ward.yaml")
    assert result.exit_code == 0, result.stderr
    assert "not known (95%)" in result.stdout
    assert "one year (80%)" in result.stdout
    assert "simulation (95%)" in result.stdout
    assert "Physical assaults per 1,000 OBD (happened)" in result.stdout
    assert "Tasks per patient day by kind" in result.stdout
    target = re.search(r"^results: (.+)$", result.stdout, re.M).group(1)
    assert re.fullmatch(r"results/test-ward-[0-9a-f]{8}", target)
    manifest = json.loads((folder / target / "manifest.json").read_text())
    assert manifest["runs"] == {"planned": 12, "done": 12, "failed": 0}
    assert set(manifest["files"]) == {p.name for p in (folder / target).iterdir()} - {"manifest.json"}
    assert "12 runs (6 parameter draws x 2)" in result.stderr
    assert "\r" not in result.stdout + result.stderr
    assert "\x1b" not in result.stdout + result.stderr


@pytest.mark.parametrize("columns", ["40", "80", "120", "200"])
def test_tables_fit_the_terminal_and_columns_never_touch(folder, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    lines = call("ward.yaml").stdout.splitlines()
    assert max(map(len, lines[:-2])) <= max(int(columns), 80)
    heads = ["mean", "not known (95%)", "one year (80%)", "simulation (95%)"]
    (head,) = [line for line in lines if line.startswith("Headline")]
    assert re.split(r"\s{2,}", head)[-4:] == heads
    assert any(line.startswith("Estimand steady:") for line in lines)
    said = " ".join(" ".join(lines).split())
    for words in (
        "what the model does not know",
        "single years of one ward differ by chance",
        "error of the simulation",
    ):
        assert words in said
    assert "…" not in said


def test_large_numbers_widen_their_columns():
    wide = Summary(1_531_657.4, 1_052_505.0, 2_010_808.0, 0.0, 2e9, -0.04, 12.0, 8)
    none = Summary(None, None, None, None, None, None, None, 0, "nobody was discharged")
    count = Measure("a", "Things counted on a ward with a very long name", "%", "")
    money = Measure("b", "Cash", "GBP a year", "", digits=0)
    text = headline([Line(count, wide), Line(money, wide), Line(count, none)], 110)
    assert "1,531,657.4  1,052,505.0 to 2,010,808.0  0.0 to 2,000,000,000.0  0.0 to 12.0" in re.sub(" {3,}", "  ", text)
    assert "Cash, GBP thousand" in text
    assert "1,053 to 2,011" in text
    assert "nobody was discharged" in text
    assert max(map(len, text.splitlines())) <= 110


def test_an_interval_that_chance_could_have_made_is_marked():
    cautious = Summary(2.0, 1.0, 3.0, 1.0, 3.0, 1.5, 2.5, 8, UNRESOLVED)
    text = headline([Line(Measure("a", "Things", "%", ""), cautious)], 100)
    assert "1.0 to 3.0*" in text


def test_json_is_as_documented(folder):
    result = call("ward.yaml", "--json")
    found = json.loads(result.stdout)
    assert (found["schema_version"], found["status"], found["estimand"], found["replications"]) == (
        1,
        "ok",
        "steady",
        12,
    )
    assert (folder / found["results"] / "measures.csv").is_file()
    assert found["scenario"]["name"] == "Test ward"
    value = found["measures"]["assaults_true_per_1000_obd"]
    assert list(value)[:8] == ["mean", "low", "high", "year_low", "year_high", "mc_low", "mc_high", "unit"]
    assert value["low"] < value["mean"] < value["high"]
    missing = found["measures"]["stay_median_days"]
    assert (missing["mean"], missing["reason"]) == (None, "nobody was discharged")
    assert result.stderr == ""


def test_numbers_are_the_same_on_screen_in_csv_and_in_json(folder):
    found = json.loads(call("ward.yaml", "--json", "--out", "a").stdout)["measures"]["assaults_true_per_1000_obd"]
    rows = (folder / "a" / "measures.csv").read_text().splitlines()
    cells = next(row for row in rows if row.startswith("assaults_true_per_1000_obd,")).split(",")
    assert f"{found['mean']:.10g}" in cells
    assert f"{found['mc_high']:.10g}" in cells
    shown = call("ward.yaml", "--out", "a").stdout
    assert f"{found['mean']:,.1f}" in shown
    assert f"{found['low']:,.1f} to {found['high']:,.1f}" in shown


def test_options_are_overrides_of_the_scenario(folder):
    found = json.loads(
        call(
            "ward.yaml", "--json", "--replications", "4", "--seed", "9", "--years", "0.05", "--warm-up", "1", "--parameters", "point",
            "--set", "ward.beds=20",
        ).stdout
    )  # fmt: skip
    run = found["scenario"]["run"]
    assert (run["replications"], run["seed"], run["years"], run["warm_up_weeks"]) == (4, 9, 0.05, 1)
    assert found["scenario"]["ward"]["beds"] == 20
    value = found["measures"]["assaults_true_per_1000_obd"]
    assert (value["low"], value["high"]) == (None, None)
    assert "point parameters" in value["reason"]


def test_out_names_the_folder_and_strangers_folders_are_refused(folder):
    assert call("ward.yaml", "--out", "mine").exit_code == 0
    assert (folder / "mine" / "manifest.json").is_file()
    (folder / "full").mkdir()
    (folder / "full" / "thesis.doc").write_text("")
    result = call("ward.yaml", "--out", "full")
    assert result.exit_code == 2
    assert "thesis.doc" in result.stderr
    assert sorted(p.name for p in (folder / "full").iterdir()) == ["thesis.doc"]


def test_transition_starts_from_what_the_file_extends(folder):
    FakeWard.made.clear()
    result = call("option.yaml", "--estimand", "transition", "--years", "0.5", "--out", "t")
    assert result.exit_code == 0, result.stderr
    assert "baseline before the change: ward.yaml" in result.stderr
    assert 'after a change of "Test ward"' in result.stdout
    assert {name for name, begin in FakeWard.made if begin < 0} == {"Test ward"}
    assert (folder / "t" / "quarters.csv").is_file()
    named = call("option.yaml", "--estimand", "transition", "--years", "0.5", "--baseline", "ward.yaml", "--out", "n")
    assert (folder / "n" / "quarters.csv").read_bytes() == (folder / "t" / "quarters.csv").read_bytes()
    assert named.exit_code == 0


def test_a_change_is_followed_for_three_years_unless_years_are_given(folder):
    def years(*words):
        return json.loads(call("ward.yaml", "--json", "--replications", "1", *words).stdout)["years"]

    assert years() == 0.02
    assert years("--estimand", "transition") == 3.0
    assert years("--estimand", "transition", "--years", "0.5") == 0.5
    (folder / "ward.yaml").write_text(SCENARIO + "  estimand: transition\n")
    assert years() == 0.02
    assert years("--estimand", "transition") == 0.02


def test_events_have_the_columns_of_vidigi(folder):
    assert call("ward.yaml", "--events", "--out", "e").exit_code == 0
    head = (folder / "e" / "events.csv").read_text().splitlines()[0]
    assert head == "entity_id,event_type,event,time,resource_id,run_number,pathway"
    call("ward.yaml", "--out", "e")
    assert not (folder / "e" / "events.csv").exists()


def test_quiet_says_nothing_and_still_prints_the_data(folder):
    result = call("ward.yaml", "--quiet")
    assert result.stderr == ""
    assert "results: " in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("absent.yaml",),
        ("ward.yaml", "--years", "-1"),
        ("ward.yaml", "--replications", "0"),
        ("ward.yaml", "--set", "ward.bedz=3"),
        ("ward.yaml", "--baseline", "ward.yaml"),
        ("ward.yaml", "--jobs", "0"),
        ("ward.yaml", "--set", "ward.beds=13"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_what_is_wrong_is_refused_with_a_message(folder, words, as_json):
    result = call(*words, *(["--json"] if as_json else []))
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert not (folder / "results").exists()
    if as_json:
        found = json.loads(result.stdout)
        assert (found["ok"], found["exit_code"]) == (False, 2)
        assert found["problems"]
    else:
        assert result.stdout == ""
        assert result.stderr


class Broken(FakeWard):
    """A ward that cannot run at some replications."""

    broken = frozenset({3})

    def __init__(self, scenario, parameters, seed, replication, **settings):
        super().__init__(scenario, parameters, seed, replication, **settings)
        self.replication = replication

    def run(self) -> Facts:
        if self.replication in self.broken:
            raise RuntimeError("no way")
        return super().run()


def test_some_failed_runs_end_with_3_and_the_others_written(folder, monkeypatch):
    monkeypatch.setattr(job_module, "shipped_parts", lambda: Parts(draw, condition, Broken, measure, calibrated))
    result = call("ward.yaml", "--out", "p")
    assert result.exit_code == 3
    assert "1 of 12 runs failed" in result.stderr
    assert "replication 3, stage ward): RuntimeError: no way" in result.stderr
    assert "results: p" in result.stdout
    assert json.loads((folder / "p" / "manifest.json").read_text())["status"] == "partial"


def test_all_failed_runs_end_with_1(folder, monkeypatch):
    class AllBroken(Broken):
        broken = frozenset(range(100))

    monkeypatch.setattr(job_module, "shipped_parts", lambda: Parts(draw, condition, AllBroken, measure, calibrated))
    result = call("ward.yaml", "--json", "--out", "p")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "failed"


def test_interrupted_writes_what_is_finished_and_ends_with_130(folder, monkeypatch):
    class Stops(Broken):
        def run(self) -> Facts:
            if self.replication == 5:
                raise KeyboardInterrupt
            return FakeWard.run(self)

    monkeypatch.setattr(job_module, "shipped_parts", lambda: Parts(draw, condition, Stops, measure, calibrated))
    result = call("ward.yaml", "--out", "p")
    assert result.exit_code == 130
    assert "5 of 12 runs were finished and are written" in result.stderr
    assert len((folder / "p" / "replications.csv").read_text().splitlines()) == 6


def test_help_ends_in_examples():
    result = CliRunner().invoke(main, ["run", "--help"])
    assert result.exit_code == 0
    assert "wardsim run scenarios/baseline.yaml" in result.output
