"""Columns of the tables of a sweep and of an optimisation: no two of one name, and those beside the factors are all declared."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.made_up import CONTACT, COST
from wardsim.scenario.studies.headings import HEADINGS, NUMBER, OPENINGS

pytestmark = pytest.mark.e2e
FACTORS = ("nurses", "training.protected")
LEVELS = "  nurses: {keys: [staffing.funded_extra.night.rn], levels: [0, 2]}\n  training.protected: [false, true]\n"
FRONT = [f"{measure}{end}" for measure in (COST, CONTACT) for end in ("", "_low", "_high", "_mc_low", "_mc_high")]
FILES = {
    "factors": ("sweep", f"name: Sweep\nfactors:\n{LEVELS}years: 1\nreplications: 8\n"),
    "choices": (
        "optimise",
        f"name: Plans\nkind: optimise\nchoices:\n{LEVELS}years: 1\npareto: [{COST}, {CONTACT}]\nlimits: {{{CONTACT}: {{at_least: 31}}}}\n"
        "budget_runs: 400\n",
    ),
}


@pytest.mark.parametrize("section", FILES)
def test_headings_beside_factors_are_those_declared(section, call, write):
    command, text = FILES[section]
    done = call(command, write("study.yaml", text), "--out", "r")
    assert done.exit_code == 0, done.output
    heads = {path.name: next(csv.reader(path.open(encoding="utf-8"))) for path in Path("r").glob("*.csv") if path.name != "seconds.csv"}
    assert {name: head for name, head in heads.items() if len(set(head)) < len(head)} == {}
    own = {*FACTORS, *(f"{name}{NUMBER}" for name in FACTORS)}
    beside = [head for head in heads.values() if any(name in one for one in head for name in FACTORS)]
    assert len(beside) == {"factors": 1, "choices": 4}[section]
    found = {one for head in beside for one in head} - own
    assert {one for one in found if not one.startswith(OPENINGS[section])} - set(FRONT if section == "choices" else ()) == HEADINGS[section]
    for opening in OPENINGS[section]:
        assert any(one.startswith(opening) for one in found)


@pytest.mark.parametrize("name", ["mean", "name", "low", "estimand", "training.protected (number)"])
def test_a_factor_cannot_be_called_like_another_column(name, call, write):
    file = write("study.yaml", FILES["factors"][1].replace("nurses:", f'"{name}":'))
    done = call("sweep", file, "--out", "r")
    assert done.exit_code == 2
    assert "error[WS187]" in done.stderr
    assert not Path("r").exists()
