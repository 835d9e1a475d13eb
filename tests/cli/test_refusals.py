"""What is given by mistake is refused before anything is run, with what to give instead."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
NURSES = "name: n\noptions:\n  - {name: one, set: {staffing.funded_extra.night.rn: 1}}\n"
SWEEP = "name: s\nfactors: {ward.beds: [16, 18]}\n"
WRONG = "precision: {assaults_tru: {half_width: 3}}\n"


@pytest.mark.parametrize(
    ("file", "words", "told"),
    [
        (NURSES, ("--set", "precision.assaults_tru.half_width=3"), "did you mean assaults_true_per_1000_obd?"),
        (NURSES + WRONG, (), '"assaults_tru" is no measure'),
        (NURSES, ("--set", "precision={cost_total_per_year: {half_width: 3, half_wide: 3}}"), "error[WS109]"),
        (NURSES, ("--set", "precision.cost_total_per_year.half_width=-3"), "error[WS105]"),
        (NURSES, ("--set", "precision={cost_total_per_year: {}}"), "must have half_width or percent_of_base"),
    ],
)
@pytest.mark.parametrize("command", [("compare", "--replications", "1"), ("plan", "--runs", "1", "--chunks", "1")])
def test_a_precision_that_is_not_used_is_checked(call, write, command, file, words, told):
    done = call(command[0], write("o.yaml", file), *command[1:], *words, "--out", "r")
    assert (done.exit_code, told in done.stderr) == (2, True), done.stderr
    assert done.stderr.count("error[") == 1
    assert not Path("r").exists()


@pytest.mark.parametrize("words", [("--set", "precision={}"), ("--set", "precision={}", "--set", "replications=2")])
def test_a_wrong_precision_can_be_laid_aside(call, write, words):
    runs = () if len(words) > 2 else ("--replications", "2")
    assert call("compare", write("o.yaml", NURSES + WRONG), *words, *runs, "--out", "r").exit_code == 0


@pytest.mark.parametrize(
    "address",
    ["foo", "foo:", "foo:port", "foo:0", "foo:65536", "http://foo:80", "tcp://foo", ":8786", "tcp://a b:1", "locl", ""],
)
@pytest.mark.parametrize("command", ["sweep", "resume", "collect"])
def test_what_is_no_address_is_refused(call, write, command, address):
    done = call(command, write("s.yaml", SWEEP), "--cluster", address)
    assert done.exit_code == 2
    assert "Invalid value for '--cluster'" in done.stderr
    assert "it is tcp://host:port (or tls, ws, wss), host:port, or `local`" in " ".join(done.stderr.split())


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:9", "tls://[::1]:9"])
def test_nobody_there_is_one_line(address):
    """In a process of its own: what a client that got nowhere says, it says at the end."""
    pytest.importorskip("distributed")
    code = (
        "import gc, wardsim.experiments.cluster as c\nc.CONNECT_S = 1\n"
        f"try:\n    c.Cluster({address!r})\nexcept c.ClusterError as error:\n    print(error)\ngc.collect()\n"
    )
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"no Dask scheduler answers at {address}: ")
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize(
    ("command", "text"),
    [("sweep", "name: x\nfactors: {}\n"), ("sweep", "name: x\nfactors:\n"), ("compare", "name: x\noptions: []\n")],
)
def test_an_empty_group_comes_with_an_example_that_works(call, write, command, text):
    done = call(command, write("s.yaml", text), "--replications", "2")
    key = text.splitlines()[1].partition(":")[0]
    assert done.exit_code == 2
    assert f"{key} is empty; it must have at least one {key[:-1]}" in done.stderr
    assert done.stderr.count("error[") == 1
    example = done.stderr.partition("for instance `")[2].partition("`")[0]
    assert call(command, write("t.yaml", f"name: x\n{example}\n"), "--replications", "2", "--out", "r").exit_code == 0


@pytest.mark.parametrize("section", ["factors", "choices"])
def test_a_parameter_written_as_a_key_is_sent_to_its_place(call, write, section):
    limits = "limits: {cost_total_per_year: {at_most: 3000000}}\n" if section == "choices" else ""
    text = f"name: x\n{limits}{section}:\n  KEY: [0.1, 0.2]\n"
    done = call("validate", write("s.yaml", text.replace("KEY", "mechanisms.unmet_aggression")))
    assert (done.exit_code, "did you mean parameters.mechanisms.unmet_aggression?" in done.stderr) == (2, True)
    assert (
        call("validate", write("t.yaml", text.replace("KEY", "parameters.mechanisms.unmet_aggression"))).exit_code == 0
    )


def test_a_scenario_is_no_study_to_plan(call, write):
    done = call("plan", write("ward.yaml", "name: w\n"), "--runs", "4", "--chunks", "3", "--out", "s")
    assert done.exit_code == 2
    assert (
        "ward.yaml is a scenario, neither a study file nor the folder of a study; give a study file (options, sweep,"
        in done.stderr
    )
    assert "`wardsim init study.yaml --kind options` writes one" in done.stderr
    done = call("plan", "ward.yaml", "ward.yaml", "--chunks", "3", "--out", "s")
    assert (done.exit_code, "2 files are given; give one study file" in done.stderr) == (2, True)
