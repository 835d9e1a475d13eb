"""Influence of parameters from runs with all of them drawn, and what `wardsim explain` says of a parameter."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from wardsim.calibrate.inference import CalibrationError
from wardsim.calibrate.influence import Effort, influence_of, keep
from wardsim.calibrate.ledger_view import NAMED, explained, learnt, lines, outdated, stored
from wardsim.calibrate.posterior import identity_now, write
from wardsim.calibrate.targets_now import targets_identity
from wardsim.parameters import Ledger, explain
from wardsim.parameters import ledger as ledger_module
from wardsim.parameters.posterior import FOLDER
from wardsim.scenario.shipped import shipped

NAME = "incidents.verbal_per_1000_days"


@pytest.mark.statistical
def test_what_moves_outcomes_comes_first_and_what_does_nothing_is_not_told_from_chance() -> None:
    """200 parameters, two with effects, 300 runs, six outcomes: both found, at most two of the 198 others taken for more than chance
    (expected 0.2). Seed fixed."""
    rng = np.random.default_rng(4)
    drawn = rng.lognormal(size=(300, 200))
    values = rng.normal(size=(300, 6))
    values[:, 1] += 2 * np.log(drawn[:, 17])
    values[:, 5] -= np.log(drawn[:, 60])
    values[::40, 0] = np.nan
    names = [f"p{j}" for j in range(200)]
    found = influence_of(names, drawn, [f"y{k}" for k in range(6)], 4, values, 1)
    rows = found.rows()
    assert {rows[0][1], rows[1][1]} == {"p17", "p60"}
    by_name = {row[1]: row for row in rows}
    assert by_name["p17"][5] == "y1"
    assert by_name["p17"][6] > 0.7
    assert by_name["p60"][8] == "y5"
    assert by_name["p60"][9] < -0.5
    assert sum(row[3] for row in rows) <= 4
    assert [row[0] for row in rows] == list(range(1, 201))


def test_outcomes_that_seldom_have_a_value_are_left_out() -> None:
    values = np.full((50, 2), np.nan)
    drawn = np.random.default_rng(1).uniform(size=(50, 3))
    with pytest.raises(CalibrationError, match="four of five runs"):
        influence_of(["a", "b", "c"], drawn, ["x", "y"], 1, values, 1)
    values[:, 1] = drawn[:, 2]
    found = influence_of(["a", "b", "c"], drawn, ["x", "y"], 1, values, 1)
    assert found.outcomes == ("y",)
    assert found.targets == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A calibration folder with a posterior of one parameter, its middle half, and a table of influence."""
    place = tmp_path / "calibration"
    shutil.copytree(shipped("calibration"), place, ignore=shutil.ignore_patterns(FOLDER, "influence.*"))
    ledger = Ledger.load(place)
    law = ledger[NAME].distribution
    natural = np.array([[law.quantile(u)] for u in np.linspace(0.25, 0.75, 400)])
    write(
        place, (NAME,), natural, identity=identity_now(targets_identity(place), ledger), method={}, diagnostics={}, chains=2
    )  # fmt: skip
    rng = np.random.default_rng(4)
    drawn = rng.uniform(size=(300, 2))
    found = influence_of([NAME, "training.places_share"], drawn, ["a", "b"], 1, np.column_stack([drawn[:, 0], rng.uniform(size=300)]), 1)
    keep(found, Effort(draws=300), ledger, place)
    return place


def test_a_parameter_is_explained_with_posterior_and_influence(folder: Path) -> None:
    ledger = Ledger.load(folder)
    known = learnt(ledger[NAME], folder)
    assert known is not None
    assert known.low95 < known.low80 < known.mean < known.high80 < known.high95
    assert known.low95 == pytest.approx(ledger[NAME].distribution.quantile(0.2625), rel=0.01)
    assert known.contraction == pytest.approx(1 - 0.1427, abs=0.01), "the middle half of a normal law has 14% of its variance"
    assert outdated(folder) == []
    said = " ".join(lines(ledger[NAME], folder))
    assert "posterior: mean" in said
    assert "rank 1 of 2; rank correlation +1.00 with a" in said
    other = " ".join(lines(ledger["training.places_share"], folder))
    assert "not calibrated; drawn from its prior" in other
    assert "not told from chance over 300 ward-years" in other


def test_contraction_is_that_of_the_report_wherever_it_stands() -> None:
    """Chains and the rows that are kept of them differ in the second digit: one of them is told, here as in the report's table."""
    with (shipped("calibration") / "report" / "parameters.csv").open(encoding="utf-8") as file:
        told = {row["parameter"]: float(row["contraction"]) for row in csv.DictReader(file)}
    assert len(told) > 10
    for name, contraction in told.items():
        known = learnt(Ledger.load()[name])
        assert known is not None
        assert known.contraction == pytest.approx(contraction, rel=1e-4)


def test_targets_that_an_entry_names_inform_it_only_if_it_was_calibrated(folder: Path) -> None:
    ledger = Ledger.load(folder)
    texts = {}
    for name in (NAME, "incidents.victim_staff_share"):
        assert ledger[name].targets
        text = explain(name, ledger)
        assert text is not None
        assert NAMED in text, "the heading that is replaced"
        texts[name] = explained(ledger[name], text, folder)
        assert NAMED not in texts[name]
    assert "targets that speak to it:" in texts[NAME]
    assert "(not calibrated: drawn from its prior):" in texts["incidents.victim_staff_share"]


def test_a_posterior_that_no_longer_holds_is_shown_as_such(folder: Path) -> None:
    path = folder / "priors" / "incidents.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index("value:", text.index(f"name: {NAME}"))
    path.write_text(text[:at] + text[at:].replace("value: 125", "value: 126", 1), encoding="utf-8")
    ledger_module._load.cache_clear()
    said = " ".join(lines(Ledger.load(folder)[NAME], folder))
    assert "no longer holds and is not drawn from (priors: changed incidents.verbal_per_1000_days)" in said


def test_without_runs_nothing_is_said_of_influence(tmp_path: Path) -> None:
    assert stored(tmp_path) is None


def test_draws_are_kept_by_chain(folder: Path) -> None:
    rows = (folder / FOLDER / "chains.csv").read_text(encoding="utf-8").splitlines()
    plain = (folder / FOLDER / "draws.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == f"chain,draw,{NAME}"
    assert [row.split(",", 2)[2] for row in rows[1:]] == plain[1:]
    assert rows[200].startswith("0,199,")
    assert rows[201].startswith("1,0,")
