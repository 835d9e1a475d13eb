"""Numbers that options take: what is out of bounds is refused by name, with the bounds of the key of a file."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from wardsim.cli import COMMANDS, main, numbers
from wardsim.scenario.schema.run import RunSection
from wardsim.scenario.studies.schema.common import StudySection

pytestmark = pytest.mark.e2e
STUDIES = ("compare", "sweep", "sensitivity", "optimise", "population")
WRONG = (
    ("--replications", "-1", "1<=x<=100000"), ("--replications", "0", "1<=x<=100000"), ("--years", "-1", "0<x<=20"), ("--years", "0", "0<x<=20"),
    ("--years", "nan", "0<x<=20"), ("--years", "inf", "0<x<=20"), ("--years", "21", "0<x<=20"), ("--seed", "-1", "0<=x<=9223372036854775807"),
    ("--budget", "nan", "x>=1"), ("--budget", "inf", "x>=1"), ("--budget", "-5", "x>=1"),
)  # fmt: skip
CASES = [
    (command, *wrong) for command in (*STUDIES, "run") for wrong in WRONG if command != "run" or wrong[0] != "--budget"
]
CASES += [("run", "--warm-up", "-1", "0<=x<=260"), ("plan", "--runs", "0", "1<=x<=100000")]
WARDS = "name: w\n"
NURSES = "name: n\noptions:\n  - {name: one, set: {staffing.funded_extra.night.rn: 1}}\n"


@pytest.mark.parametrize(("command", "option", "value", "bounds"), CASES)
def test_a_number_out_of_bounds_is_a_usage_error(call, write, command, option, value, bounds):
    write("a.yaml", WARDS)
    done = call(command, "a.yaml", option, value)
    assert done.exit_code == 2
    assert f"Invalid value for '{option}'" in done.stderr
    assert value in done.stderr
    assert f"is not in the range {bounds}" in done.stderr
    assert not Path("results").exists()


def test_two_scenario_files_are_no_way_round(call, write):
    write("a.yaml", WARDS)
    write("b.yaml", "name: v\n")
    for _, option, value, _ in CASES[: len(WRONG)]:
        assert call("compare", "a.yaml", "b.yaml", option, value).exit_code == 2


@pytest.mark.parametrize(
    "line",
    [
        "years=0",
        "years=nan",
        "years=inf",
        "seed=-1",
        "replications=0",
        "replications=-1",
        "warm_up_weeks=-1",
        "budget_runs=nan",
    ],
)
def test_set_has_the_same_bounds(call, write, line):
    key, _, value = line.partition("=")
    done = call("compare", write("o.yaml", NURSES), "--set", line, "--json")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.exit_code, problem["key"]) == (2, key)
    assert value in problem["message"]
    assert "it must be a" in problem["message"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (numbers.YEARS, "years"),
        (numbers.REPLICATIONS, "replications"),
        (numbers.SEED, "seed"),
        (numbers.WARM_UP, "warm_up_weeks"),
    ],
)
def test_the_bounds_are_those_of_files(kind, key):
    for section in (RunSection, StudySection):
        found = section.model_json_schema()["properties"][key]
        found = found["anyOf"][0] if "anyOf" in found else found
        assert kind.min == found.get("minimum", found.get("exclusiveMinimum"))
        assert kind.max == found["maximum"]
        assert kind.min_open == ("exclusiveMinimum" in found)


def test_no_option_takes_a_number_without_bounds():
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        for option in command.params:
            kind = option.type
            assert not isinstance(kind, type(click.INT) | type(click.FLOAT)) or isinstance(
                kind, click.IntRange | numbers.FiniteRange
            ), (name, option.name)


@pytest.mark.parametrize("where", [("--years", "0.0001"), ("--set", "years=0.0001")])
def test_a_time_too_short_for_rates_is_said(call, write, where):
    file = write("o.yaml", NURSES)
    done = call("compare", file, *where, "--replications", "2", "--out", "r")
    assert done.exit_code == 0
    assert "0.0001 years are 0.9 hours; of less than a week (0.02 years) rates say next to nothing" in done.stderr
    done = call("plan", file, "--set", "years=0.0001", "--runs", "2", "--chunks", "1", "--out", "p")
    assert "say next to nothing" in done.stderr
    assert (
        "say next to nothing"
        not in call("compare", file, "--years", "0.02", "--replications", "2", "--out", "s").stderr
    )
