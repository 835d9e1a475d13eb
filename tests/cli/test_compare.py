"""`wardsim compare` as a user calls it, on wards whose truth is known."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli import made_up
from tests.cli.made_up import ASSAULTS, CONTACT, COST, EFFECT, NURSE_COST
from tests.experiments.study.small import sums
from wardsim.scenario.shipped import shipped_scenarios

pytestmark = pytest.mark.e2e

NURSES = """
name: Nurses
question: What do they change?
options:
  - {name: one, set: {staffing.funded_extra.night.rn: 1}}
  - {name: two, set: {staffing.funded_extra.night.rn: 2}}
years: 1
"""
BOUNDS = ("low", "high", "year_low", "year_high", "mc_low", "mc_high")


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_an_options_file_gives_the_differences_that_are_true(data, write):
    """Contact and cost do not depend on parameters: their simulation error holds the truth (95% each; the seed is one where all do)."""
    found = data("compare", write("o.yaml", NURSES + "replications: 80\n"), "--out", "r")
    assert found["reference"] == "Baseline"
    assert found["estimand"] == "transition"
    assert [option["name"] for option in found["options"]] == ["Baseline", "one", "two"]
    assert "differences" not in found["options"][0]
    for number, option in enumerate(found["options"][1:], start=1):
        for name, truth in ((CONTACT, 1.5 * number), (COST, NURSE_COST * number)):
            one = option["differences"][name]
            assert one["mc_low"] <= truth <= one["mc_high"]
        for one in option["differences"].values():
            assert set(one) - {"reason"} == {"difference", *BOUNDS, "p_better", "p_better_low", "p_better_high", "unit", "n", "draws"}
            assert one["low"] <= one["difference"] <= one["high"]
            assert one["year_low"] < one["difference"] < one["year_high"]
            assert (one["n"], one["draws"]) == (80, 40)
            assert 0.0 <= one["p_better"] <= 1.0
    assert found["options"][2]["differences"][CONTACT]["p_better"] > 0.99
    assert found["options"][2]["differences"][COST]["p_better"] < 0.01
    assert sum(found["best"][ASSAULTS].values()) == pytest.approx(1.0)
    assert found["stopped"] == ["80 runs of each ward, as asked."]


def test_the_tables_and_the_terminal_say_the_same(call, write):
    done = call("compare", write("o.yaml", NURSES + "replications: 40\n"), "--out", "r", "--no-progress")
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "What do they change?" in text
    for words in ("Of the spread of this answer", "In words", "better in", "How much of each answer is prior", "results: r"):
        assert words in text
    assert all(len(line) <= 120 for line in done.stdout.splitlines())
    names = {path.name for path in Path("r").iterdir()}
    assert {"options.csv", "differences.csv", "best.csv", "variance.csv", "explained.csv", "failures.csv", "manifest.json"} <= names
    assert "information.csv" not in names
    rows = {(row["option"], row["name"]): row for row in table(Path("r/differences.csv"))}
    row = rows["two", CONTACT]
    assert float(row["all_mc_low"]) <= float(row["mc_low"]) <= float(row["mean"]) <= float(row["mc_high"]) <= float(row["all_mc_high"])
    assert row["estimand"] == "transition"


def test_two_scenario_files(data):
    wards = shipped_scenarios()
    found = data(
        "compare", str(wards["baseline"]), str(wards["plus-one-nurse-nights"]), "--replications", "40", "--years", "1",
        "--set", "ward.beds=17", "--out", "r",
    )  # fmt: skip
    assert len(found["options"]) == 2
    one = found["options"][1]["differences"][CONTACT]
    assert one["mc_low"] <= 1.5 <= one["mc_high"]
    assert found["options"][0]["measures"][CONTACT]["mean"] == pytest.approx(30.4, abs=1.5)


def test_the_same_bytes_however_it_runs(call, write, monkeypatch):
    """In this process, in two others, and interrupted after seven runs and resumed."""
    file = write("o.yaml", NURSES + "replications: 16\nvalues: {assaults_true_per_1000_obd: -9000}\nmechanisms: [response]\n")
    assert call("compare", file, "--out", "one", "--no-progress").exit_code == 0
    assert call("compare", file, "--out", "two", "--no-progress", jobs=2).exit_code == 0
    calls = []

    def stops(job):
        calls.append(job)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return made_up.simulate(job)

    with monkeypatch.context() as patch:
        patch.setattr("wardsim.cli.asked.task", lambda: stops)
        done = call("compare", file, "--out", "three", "--no-progress")
    assert done.exit_code == 3
    assert "wardsim resume three" in done.stderr
    assert call("resume", "three").exit_code == 0
    assert sums(Path("one")) == sums(Path("two")) == sums(Path("three"))
    assert {"information.csv", "structures.csv", "variance.csv"} <= set(sums(Path("one")))


def test_point_parameters_say_what_they_cannot(data, write):
    found = data("compare", write("o.yaml", NURSES), "--parameters", "point", "--replications", "20", "--out", "r")
    for option in found["options"][1:]:
        for one in option["differences"].values():
            assert one["low"] is one["high"] is one["p_better"] is None
            assert one["mc_low"] < one["difference"] < one["mc_high"]
            assert "point parameters" in one["reason"]
        assert all(set(one) == {"reason"} for one in option["variance"].values())
        assert option["explained"] == {}
    assert found["best"] == {}


def test_the_reference_that_the_file_names(data, write):
    found = data("compare", write("o.yaml", NURSES + "reference: two\nreplications: 20\n"), "--out", "r")
    assert found["reference"] == "two"
    assert [option["name"] for option in found["options"]] == ["two", "Baseline", "one"]
    assert found["options"][1]["differences"][CONTACT]["difference"] == pytest.approx(-3.0, abs=1.0)


def test_it_stops_when_the_measure_that_binds_is_known(data, write):
    """Contact has chance of 0.8 a pair: a half-width of 0.2 takes some 70 runs; assaults are known long before."""
    wanted = f"precision:\n  {CONTACT}: {{half_width: 0.2}}\n  {ASSAULTS}: {{half_width: 5}}\nbudget_runs: 3000\n"
    found = data("compare", write("o.yaml", NURSES + wanted), "--out", "r")
    (sentence,) = found["stopped"]
    assert f"every target is met after {found['options'][0]['runs']} runs; {CONTACT} binds" in sentence
    assert 40 < found["options"][0]["runs"] < 200
    halves = [
        (one["mc_high"] - one["mc_low"]) / 2 for option in found["options"][1:] for one in [option["differences"][CONTACT]]
    ]
    assert max(halves) <= 0.2


def test_it_stops_when_the_budget_is_spent_and_says_what_was_wanted(data, write):
    wanted = f"precision:\n  {CONTACT}: {{half_width: 0.001}}\nbudget_runs: 150\n"
    found = data("compare", write("o.yaml", NURSES + wanted), "--out", "r")
    (sentence,) = found["stopped"]
    assert "the budget of 50 runs is spent" in sentence
    assert CONTACT in sentence
    assert "wanted 0.001" in sentence
    assert sum(option["runs"] for option in found["options"]) <= 150


def test_the_spread_is_taken_apart_as_it_was_made(data, write):
    """Two nurses: parameters make SLOPE x 2 = 3 (variance 9), one year of each by chance 2 x 16 = 32. Structure: an effect of -4 or -1."""
    found = data("compare", write("o.yaml", NURSES + "replications: 300\nmechanisms: [response]\n"), "--out", "r")
    parts = found["options"][2]["variance"][ASSAULTS]
    assert parts["chance"]["variance"] == pytest.approx(32.0, rel=0.15)
    assert parts["parameters"]["variance"] == pytest.approx(9.0 / 2, rel=0.35)  # without the mechanism there is none
    assert parts["structure"]["variance"] == pytest.approx(1.5**2, rel=0.6)
    for part in parts.values():
        assert part["share_low"] <= part["share"] <= part["share_high"]
    assert sum(part["share"] for part in parts.values()) == pytest.approx(100.0)
    moved = next(
        one for one in found["structures"] if one["structure"] == "without response" and one["option"] == "two" and one["name"] == ASSAULTS
    )
    assert moved["moved_mc_low"] <= 3.0 <= moved["moved_mc_high"]
    rows = [row for row in table(Path("r/variance.csv")) if (row["option"], row["name"]) == ("two", ASSAULTS)]
    assert [row["source"] for row in rows] == ["chance", "parameters", "structure"]


def test_the_form_of_the_model_that_moves_an_answer_is_named(call, write):
    done = call("compare", write("o.yaml", NURSES + "replications: 60\nmechanisms: [contagion, response]\n"), "--out", "r")
    text = " ".join(done.stdout.split())
    assert "two: physical assaults per 1,000 occupied bed days (happened) moves most without response, from " in text
    assert "no form of the model moves" in text
    assert "and from the form of the model" in text


def test_a_choice_by_net_benefit_and_what_knowing_more_is_worth(data, call, write):
    """A nurse is worth 2 x 30,000 less 50,000 on average, and 1.5 x 30,000 more or less by one parameter, which alone decides.

    EVPI of 0 or 1 or 2 nurses: 2 x E max(0, 10,000 + 45,000 z) - 20,000, about 26,900."""
    worth = "replications: 400\nvalues: {assaults_true_per_1000_obd: -30000}\n"
    found = data("compare", write("o.yaml", NURSES + worth), "--out", "r")["decision"]
    assert found["values"] == {ASSAULTS: -30000.0, COST: -1.0}
    assert found["evpi"] == pytest.approx(26_900, rel=0.3)
    assert found["evpi_error"] < found["evpi"]
    first = found["evppi"][0]
    assert (first["name"], first["told_apart"]) == (EFFECT, True)
    assert first["value"] <= found["evpi"]
    assert first["share"] > 60
    assert sum(one["told_apart"] for one in found["evppi"]) <= 2
    assert sum(one["p_best"] for one in found["options"].values()) == pytest.approx(1.0)
    assert found["options"][found["choice"]]["net_benefit"] == max(one["net_benefit"] for one in found["options"].values())
    rows = table(Path("r/information.csv"))
    assert rows[0]["kind"] == "perfect"
    assert len(rows) > 400
    assert {row["reason"] for row in rows[1:] if row["told_apart"] != "yes"} == {"not told apart from accident"}
    text = " ".join(call("resume", "r").stdout.split())
    assert "Choice by expected net benefit" in text
    assert "EVPI, standard error" in text
    assert EFFECT in text
    assert "How much of each answer is prior" not in text


@pytest.mark.parametrize(("more", "why"), [(("--parameters", "point"), "point parameters"), (("--set", "per_draw=1"), "one replication"),
                                           (("--replications", "4"), "fewer than 5 parameter draws")])  # fmt: skip
def test_why_nothing_can_be_said_about_knowing_more(more, why, call, write):
    file = write("o.yaml", NURSES + "values: {assaults_true_per_1000_obd: -30000}\n")
    done = call("compare", file, "--out", "r", *(() if "--replications" in more else ("--replications", "20")), *more)
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    assert "What it would be worth to know more cannot be told" in text
    assert why in text


def test_the_share_that_is_prior_names_the_parameter(data, write):
    found = data("compare", write("o.yaml", NURSES + "replications: 200\n"), "--out", "r")
    assert found["decision"] is None
    told = found["options"][2]["explained"][ASSAULTS]["parameters"]
    assert (told[0]["name"], told[0]["told_apart"]) == (EFFECT, True)
    assert told[0]["share"] > 60
    assert told[0]["correlation"] > 0.5
    assert {row["option"] for row in table(Path("r/explained.csv"))} == {"one", "two"}


def test_failed_runs_are_rows_and_the_exit_code_says_so(call, write, monkeypatch):
    monkeypatch.setenv("MADE_UP_FAILS", "3 7")
    done = call("compare", write("o.yaml", NURSES + "replications: 20\n"), "--out", "r", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["exit_code"], told["ok"]) == (3, 3, False)
    assert told["data"]["runs"] == {"done": 54, "failed": 6}
    assert told["data"]["options"][1]["differences"][CONTACT]["n"] == 18
    rows = table(Path("r/failures.csv"))
    assert len(rows) == 6
    assert {row["replication"] for row in rows} == {"3", "7"}
    assert {row["error"] for row in rows} == {"RuntimeError: made to fail"}
    monkeypatch.delenv("MADE_UP_FAILS")
    assert call("resume", "r", "--again").exit_code == 0
    assert table(Path("r/failures.csv")) == []


def test_when_every_run_fails_it_has_failed(call, write, monkeypatch):
    monkeypatch.setenv("MADE_UP_FAILS", " ".join(map(str, range(8))))
    done = call("compare", write("o.yaml", NURSES + "replications: 8\n"), "--out", "r", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["data"]["status"]) == (1, "failed")
    assert len(table(Path("r/failures.csv"))) == 24


def test_an_absurd_study_is_refused_unless_it_is_allowed(call, write, monkeypatch):
    monkeypatch.setattr("wardsim.experiments.design.estimate.MOST_CELLS", 2)
    file = write("o.yaml", NURSES + "replications: 4\n")
    wards = [str(path) for name, path in shipped_scenarios().items() if name in ("baseline", "long-days", "no-release")]
    for words in ((file,), (*wards, "--replications", "4")):
        done = call("compare", *words, "--out", "r", "--json")
        told = json.loads(done.stdout)
        assert (done.exit_code, told["ok"]) == (2, False)
        assert "--allow-large" in told["problems"][0]["message"]
        assert not Path("r").exists()
    assert call("compare", file, "--out", "r", "--allow-large").exit_code == 0


# -- what may not depend on how years fall ----------------------------------------------------------------------------------


def runs_of(rng: np.random.Generator, draws: int, per_draw: int):
    """Runs of a study of two wards whose difference varies over draws, with chance of their own."""
    from wardsim.experiments.study.runs import Runs

    n = draws * per_draw
    draw = np.repeat(np.arange(draws), per_draw)
    effect = rng.normal(0.4, 1.0, draws)[draw]
    common = rng.normal(0.0, 0.7, n)
    value = np.stack([common + rng.normal(0.0, 1.0, n), common + effect + rng.normal(0.0, 1.0, n)])
    return _runs(Runs, draw, value)


def _runs(kind, draw, value):
    n = len(draw)
    cells = np.repeat([0, 1], n)
    values = np.full((2 * n, 1, 3), np.nan)
    values[:, 0, 0] = value.ravel()
    return kind((CONTACT,), cells, np.tile(np.arange(n), 2), np.tile(draw, 2), np.zeros(2 * n, dtype=np.int64), values)


def shuffled(rng: np.random.Generator, runs, together: bool):
    """The replications of each draw in another order, in both wards alike or in one of them."""
    n = len(runs.draw) // 2
    draw = runs.draw[:n]
    value = runs.values[:, 0, 0].reshape(2, n).copy()
    order = np.lexsort((rng.random(n), draw))
    value[1] = value[1][order]
    if together:
        value[0] = value[0][order]
    return _runs(type(runs), draw, value)


def duplicated(runs, times: int):
    n = len(runs.draw) // 2
    value = np.repeat(runs.values[:, 0, 0].reshape(2, n), times, axis=1)
    return _runs(type(runs), np.repeat(runs.draw[:n], times), value)


@pytest.mark.statistical
def test_the_probability_is_one_over_draws_and_not_over_years():
    """In another order of the years of each draw it stays (exactly when both wards keep their pairs, within 0.1 when they lose them);
    years that are counted twice narrow neither what is not known nor make it surer by much. 20 studies, fixed seed."""
    from tests.experiments.study.small import study
    from wardsim.experiments.compare.analysis import against
    from wardsim.measures import MEASURES

    of = study(2, kind="compare", years=1.0)
    measure = MEASURES[CONTACT]
    rng = np.random.default_rng(7)
    apart, wider = [], []
    for _ in range(20):
        runs = runs_of(rng, 40, 4)
        base = against(of, runs, 0, 1, measure)
        same = against(of, shuffled(rng, runs, True), 0, 1, measure)
        assert same.better.p == pytest.approx(base.better.p, abs=1e-9)
        assert (same.found.low, same.found.high) == pytest.approx((base.found.low, base.found.high))
        apart.append(abs(against(of, shuffled(rng, runs, False), 0, 1, measure).better.p - base.better.p))
        twice = against(of, duplicated(runs, 3), 0, 1, measure)
        wider.append((twice.found.high - twice.found.low) / (base.found.high - base.found.low))
        assert abs(twice.better.p - base.better.p) < 0.1
        assert twice.found.mc_high - twice.found.mc_low == pytest.approx(base.found.mc_high - base.found.mc_low)
    assert np.mean(apart) < 0.1
    assert min(wider) > 0.999


@pytest.mark.parametrize(
    ("line", "option"), [("run.years=2", "--years"), ("base.run.replications=9", "--replications"), ("run.estimand=steady", "--estimand")]
)
def test_what_a_comparison_of_scenario_files_would_ignore_is_refused(call, line, option):
    done = call("compare", *(str(shipped_scenarios()[name]) for name in ("baseline", "long-days")), "--set", line, "--out", "r")
    assert done.exit_code == 2
    assert f"--set {line}: a comparison of scenario files takes that from {option}" in done.stderr
    assert not Path("r").exists()
