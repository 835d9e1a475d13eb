"""The posterior as a file: drawn from reproducibly, never loaded silently when what it rests on has changed."""

from __future__ import annotations

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from wardsim.calibrate.posterior import PosteriorChanged, changes, choose, identity_now, load, write
from wardsim.calibrate.targets_now import targets_identity
from wardsim.cli import main
from wardsim.experiments.job import Job, Parts, parameters_of
from wardsim.parameters import Ledger
from wardsim.parameters import ledger as ledger_module
from wardsim.parameters.posterior import FOLDER, Posterior, PosteriorError, differences, priors_identity
from wardsim.scenario.load import load as load_scenario
from wardsim.scenario.shipped import shipped, shipped_scenarios

NAMES = ("incidents.verbal_per_1000_days", "flow.stay_clinical_median_days")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A calibration folder with a posterior of 200 draws."""
    place = tmp_path / "calibration"
    shutil.copytree(shipped("calibration"), place, ignore=shutil.ignore_patterns(FOLDER))
    ledger = Ledger.load(place)
    rng = np.random.default_rng(1)
    natural = np.column_stack([[ledger[n].distribution.quantile(u) for u in rng.uniform(0.3, 0.6, 200)] for n in NAMES])
    write(
        place, NAMES, natural, identity=identity_now(targets_identity(place), ledger), method={"seed": 1}, diagnostics={"ess": 1000}
    )  # fmt: skip
    return place


def test_draws_are_rows_chosen_by_seed_and_number(folder: Path) -> None:
    posterior = load(folder)
    assert len(posterior) == 200
    one = posterior.draw(7, 3)
    assert one == Posterior.read(folder).draw(7, 3)
    assert tuple(one) == NAMES
    assert tuple(one.values()) in posterior.rows
    many = [posterior.row(7, d) for d in range(4000)]
    assert set(many) == set(range(200))
    assert abs(np.mean(many) - 99.5) < 4
    assert many[:50] != [posterior.row(8, d) for d in range(50)]
    with pytest.raises(ValueError, match="number from 0"):
        posterior.draw(7, -1)


def test_a_valid_posterior_is_loaded_without_a_word_and_is_the_default(folder: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load(folder)
    assert choose(None, folder) == ("posterior", "")
    assert choose("posterior", folder) == ("posterior", "")
    assert choose("prior", folder) == ("prior", "")


def rewrite(path: Path, text: str) -> None:
    """Change a file of the ledger as another process would find it: one process reads the ledger once."""
    path.write_text(text, encoding="utf-8")
    ledger_module._load.cache_clear()


def test_a_changed_prior_is_named_with_the_command(folder: Path) -> None:
    path = folder / "priors" / "incidents.yaml"
    text = path.read_text(encoding="utf-8")
    entry = text.index("- name: incidents.verbal_per_1000_days")
    at = text.index("low: ", entry) + 5
    end = min(text.index(c, at) for c in ",}\n")
    rewrite(path, text[:at] + str(float(text[at:end]) * 0.99) + text[end:])
    with pytest.warns(
        PosteriorChanged, match=r"priors: changed incidents.verbal_per_1000_days\).*wardsim calibrate --install"
    ):
        load(folder)
    source, word = choose(None, folder)
    assert source == "prior"
    assert "changed incidents.verbal_per_1000_days" in word
    source, word = choose("posterior", folder)
    assert source == "posterior"
    assert "wardsim calibrate" in word


def test_a_changed_word_undoes_nothing(folder: Path) -> None:
    path = folder / "priors" / "incidents.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("label: ", text.index("- name: incidents.verbal_per_1000_days")) + 7
    rewrite(path, text[:at] + "Some other words\n" + text[text.index("\n", at) + 1 :])
    targets = folder / "targets.yaml"
    targets.write_text(
        targets.read_text(encoding="utf-8").replace("Mean stay 2014-2019", "Mean stay then"), encoding="utf-8"
    )
    assert changes(Posterior.read(folder), folder) == []


def test_a_changed_target_is_named(folder: Path) -> None:
    path = folder / "targets.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("- id: flow.stay_2023")
    path.write_text(text[:at] + text[at:].replace("value: 39", "value: 38", 1), encoding="utf-8")
    assert changes(Posterior.read(folder), folder) == ["targets: changed flow.stay_2023"]


def test_changed_code_is_named(folder: Path) -> None:
    path = folder / FOLDER / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["rests_on"]["model"]["ward/ward.py"] = "00000000"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.warns(PosteriorChanged, match="model: changed ward/ward.py"):
        load(folder)


def test_a_new_file_of_code_undoes_nothing_and_a_missing_one_does(folder: Path) -> None:
    path = folder / FOLDER / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["rests_on"]["measures"]["measures/observed.py"]  # as if it had come after the calibration
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert changes(Posterior.read(folder), folder) == []
    manifest["rests_on"]["measures"]["measures/gone.py"] = "00000000"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert changes(Posterior.read(folder), folder) == ["measures: removed measures/gone.py"]


@pytest.mark.parametrize("harm", ["cut", "other", "no table", "no manifest", "text"])
def test_a_table_that_is_not_whole_is_refused(folder: Path, harm: str) -> None:
    table, manifest = folder / FOLDER / "draws.csv", folder / FOLDER / "manifest.json"
    if harm == "cut":
        table.write_bytes(table.read_bytes()[:-30])
    elif harm == "other":
        table.write_text("a\n1\n", encoding="utf-8")
    elif harm == "text":
        manifest.write_text("{", encoding="utf-8")
    else:
        (table if harm == "no table" else manifest).unlink()
    with pytest.raises(PosteriorError, match="wardsim calibrate"):
        load(folder)
    source, word = choose(None, folder)
    assert source == "prior"
    assert "priors" in word
    with pytest.raises(PosteriorError):
        choose("posterior", folder)


def test_differences_name_what_changed_came_and_went() -> None:
    then = {"model": {"a": "1", "b": "1"}, "priors": {f"p{i}": "1" for i in range(9)}}
    now = {"model": {"a": "2", "c": "1"}, "priors": {f"p{i}": "2" for i in range(9)}}
    assert differences(then, then) == []
    assert differences(then, now) == [
        "model: changed a; added c; removed b", "priors: changed p0, p1, p2, p3, p4, p5 and 3 more",
    ]  # fmt: skip


def test_every_number_of_every_parameter_counts() -> None:
    ledger = Ledger.load()
    found = priors_identity(ledger)
    assert set(found) == set(ledger.names())
    entry = ledger["flow.stay_clinical_median_days"]
    wider = entry.model_copy(update={"range": (entry.range[0], entry.range[1] + 1)})
    assert priors_identity([wider]) != {entry.name: found[entry.name]}
    assert priors_identity([entry.model_copy(update={"label": "x", "grade": "high"})]) == {
        entry.name: found[entry.name]
    }


def test_a_job_takes_calibrated_parameters_from_the_posterior_and_the_others_from_their_priors(folder: Path) -> None:
    posterior = Posterior.read(folder)
    ledger = Ledger.load(folder)
    parts = Parts(ledger.draw, lambda scenario, drawn: dict(drawn), object, lambda *_: [], posterior.draw)
    scenario = load_scenario(shipped_scenarios()["baseline"]).scenario
    prior, _ = parameters_of(Job(scenario, 4, 0, 11), parts)
    drawn, _ = parameters_of(Job(scenario, 4, 0, 11, parameters="posterior"), parts)
    assert {n: drawn[n] for n in NAMES} == posterior.draw(11, 4)
    assert {n: v for n, v in drawn.items() if n not in NAMES} == {n: v for n, v in prior.items() if n not in NAMES}
    point, _ = parameters_of(Job(scenario, -1, 0, 11, parameters="posterior"), parts)
    assert point == ledger.point()
    with pytest.raises(ValueError, match="no posterior"):
        parameters_of(
            Job(scenario, 4, 0, 11, parameters="posterior"),
            Parts(parts.draw, parts.condition, parts.ward, parts.measure),
        )


@pytest.fixture
def without_posterior(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "empty"
    shutil.copytree(shipped("calibration"), place, ignore=shutil.ignore_patterns(FOLDER))
    monkeypatch.setattr("wardsim.parameters.posterior.shipped", lambda _: place)


@pytest.mark.usefixtures("without_posterior")
def test_run_says_when_there_is_no_posterior_and_refuses_to_invent_one() -> None:
    found = CliRunner().invoke(main, ["run", str(shipped_scenarios()["baseline"]), "--parameters", "posterior"])
    assert found.exit_code == 2
    assert "no calibrated posterior" in found.output


def test_a_reduced_calibration_cannot_be_installed() -> None:
    found = CliRunner().invoke(main, ["calibrate", "--reduced", "--install"])
    assert found.exit_code == 2
    assert "too coarse" in found.output
