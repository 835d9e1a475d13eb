"""What the commands on studies share: examples in their help, array jobs from a study file, refusals."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import click
import pytest

from tests.experiments.study.small import sums
from tests.support import ROOT
from wardsim.cli import main

pytestmark = pytest.mark.e2e
NEW = ("compare", "sweep", "sensitivity", "optimise", "resume", "plan", "worker")
NURSES = """
name: Nurses
options:
  - {name: one, set: {staffing.funded_extra.night.rn: 1}}
years: 1
"""


@pytest.mark.parametrize("name", NEW)
def test_the_examples_of_help_are_commands_on_files_that_exist(name):
    """Each parses, and each file that is not a result is shipped."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    lines = [line.strip() for line in (command.epilog or "").splitlines() if line.strip().startswith("wardsim ")]
    assert lines
    for line in lines:
        words = shlex.split(line.replace("$SLURM_ARRAY_TASK_ID", "3"))[1:]
        found = main.get_command(click.Context(main), words[0])
        assert found is not None
        found.make_context(words[0], words[1:], parent=click.Context(main))
        for word in words[1:]:
            if word.endswith(".yaml"):
                assert (ROOT / word).is_file(), word


def test_an_array_job_is_the_same_as_the_command(call, write):
    file = write("o.yaml", NURSES)
    assert call("compare", file, "--replications", "8", "--out", "one").exit_code == 0
    done = call("plan", file, "--runs", "8", "--chunks", "3", "--out", "two", "--json")
    assert done.exit_code == 0, done.output
    plan = json.loads(done.stdout)["data"]
    assert plan["runs"] == 16
    for chunk in range(plan["chunks"]):
        assert call("worker", "two", "--chunk", str(chunk)).exit_code == 0
    assert call("collect", "two").exit_code == 0
    assert sums(Path("one")) == sums(Path("two"))


def test_a_plan_needs_a_number_of_runs(call, write):
    done = call("plan", write("o.yaml", NURSES), "--chunks", "3", "--out", "r")
    assert (done.exit_code, "give --runs" in done.stderr) == (2, True)
    assert call("plan", "o.yaml", "--set", "replications=4", "--chunks", "3", "--out", "r").exit_code == 0
    write("ward.yaml", "name: w\n")
    done = call("plan", "ward.yaml", "--runs", "4", "--chunks", "3", "--out", "s")
    assert (done.exit_code, "neither a study file nor the folder of a study" in done.stderr) == (2, True)


def test_a_number_of_runs_asked_for_stands_over_the_precision_of_the_file(call, write):
    file = write("o.yaml", NURSES + "precision: {cost_total_per_year: {half_width: 1}}\n")
    done = call("compare", file, "--replications", "8", "--out", "r", "--json")
    assert json.loads(done.stdout)["data"]["stopped"] == ["8 runs of each ward, as asked."]
    assert call("plan", file, "--runs", "8", "--chunks", "2", "--out", "p").exit_code == 0


def test_a_wrong_override_is_told_as_one(call, write):
    done = call("compare", write("o.yaml", NURSES), "--set", "yeers=2", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["problems"][0]["code"]) == (2, "WS109")
    assert call("compare", "o.yaml", "--years", "-1").exit_code == 2
    assert not Path("results").exists()
