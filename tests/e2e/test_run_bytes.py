"""The command as a user calls it, in processes of its own, on the real ward: same inputs, same bytes; nothing lost when stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import ROOT

pytestmark = pytest.mark.e2e

SHORT = ("--years", "0.05", "--warm-up", "0", "--replications", "4", "--set", "start.burn_in_weeks=1", "--quiet")
BASELINE = ROOT / "scenarios" / "baseline.yaml"
OPTION = ROOT / "scenarios" / "plus-one-nurse-nights.yaml"
TRANSITION = ("--estimand", "transition", "--baseline", "base.yaml", "--events")
BASE = "extends: baseline.yaml\nname: Base\nstart: {burn_in_weeks: 1}\n"


def wardsim(*words: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Call the command line in a new process."""
    return subprocess.run(
        [sys.executable, "-m", "wardsim", *map(str, words)],
        cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def content(folder: Path) -> dict[str, bytes]:
    """Bytes of a results folder, but for what depends on machine and clock."""
    found = {p.name: p.read_bytes() for p in folder.iterdir()}
    manifest = json.loads(found.pop("manifest.json"))
    manifest.pop("run_environment")
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def test_same_bytes_whatever_the_processes_hash_seed_and_folder(tmp_path):
    calls = {"one": ("1", "0"), "two": ("2", "1"), "again": ("1", "12345")}
    for name, (jobs, hash_seed) in calls.items():
        (tmp_path / name).mkdir()
        result = wardsim("run", BASELINE, *SHORT, "--jobs", jobs, cwd=tmp_path / name, PYTHONHASHSEED=hash_seed)
        assert result.returncode == 0, result.stderr
    folders = {name: sorted((tmp_path / name / "results").iterdir()) for name in calls}
    assert len({tuple(f.name for f in found) for found in folders.values()}) == 1
    one, two, again = (content(found[0]) for found in folders.values())
    assert one == two
    assert one == again
    assert len(one) >= 9


def test_a_change_has_the_same_bytes_with_and_without_saved_starts(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE)
    for name, jobs in (("first", "1"), ("cached", "2")):
        result = wardsim(
            "run",
            OPTION,
            *SHORT,
            *TRANSITION,
            "--jobs",
            jobs,
            "--out",
            name,
            cwd=tmp_path,
            XDG_CACHE_HOME=str(tmp_path / "cache"),
        )
        assert result.returncode == 0, result.stderr
    assert content(tmp_path / "first") == content(tmp_path / "cached")
    assert len(list((tmp_path / "cache").rglob("*.json.z"))) == 4


def test_another_seed_gives_other_numbers(tmp_path):
    for seed in ("1", "2"):
        assert (
            wardsim("run", BASELINE, *SHORT, "--seed", seed, "--out", seed, "--jobs", "1", cwd=tmp_path).returncode == 0
        )
    assert (tmp_path / "1" / "replications.csv").read_bytes() != (tmp_path / "2" / "replications.csv").read_bytes()


def test_json_on_stdout_and_nothing_else(tmp_path):
    result = wardsim("run", BASELINE, *SHORT, "--json", cwd=tmp_path)
    found = json.loads(result.stdout)
    assert found["status"] == "ok"
    assert found["replications"] == 4
    assert result.stderr == ""
    for name, value in found["measures"].items():
        assert {"mean", "low", "high", "year_low", "year_high", "mc_low", "mc_high", "unit"} <= set(value), name
        if value["mean"] is None or value["low"] is None:
            assert value["reason"], name


def test_closed_stdout_is_no_traceback(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(
        [sys.executable, "-m", "wardsim", "run", str(BASELINE), *SHORT, "--replications", "1"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writer)
    assert "Traceback" not in result.stderr
    assert list((tmp_path / "results").glob("*/manifest.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_writes_what_is_finished(tmp_path, how):
    words = ["run", str(BASELINE), *SHORT, "--replications", "400", "--jobs", "2", "--out", "r"]
    process = subprocess.Popen(
        [sys.executable, "-m", "wardsim", *[w for w in words if w != "--quiet"]],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert any("400 runs" in process.stderr.readline() for _ in range(5))
    time.sleep(2.0)
    process.send_signal(how)
    begun = time.time()
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.time() - begun < 5
    assert "are written" in said
    assert "Traceback" not in said
    manifest = json.loads((tmp_path / "r" / "manifest.json").read_text())
    assert manifest["status"] == "interrupted"
    assert 1 <= manifest["runs"]["done"] < 400


def test_a_worker_imports_nothing_heavy():
    code = (
        "import sys, wardsim.experiments.local, wardsim.experiments.job as j; j.shipped_parts();"
        "print([m for m in ('pandas', 'scipy', 'matplotlib', 'rich', 'click', 'ruamel') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
