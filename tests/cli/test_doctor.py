"""`wardsim doctor`: what it finds sound, what it finds wrong, and that it says what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import types
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support import ROOT
from wardsim.cli import doctor_machine, doctor_packages, main
from wardsim.cli.requirements import fits, requirements

pytestmark = pytest.mark.e2e
NAMES = {
    "python", "wardsim", "packages", "extra calibration", "extra cluster", "extra excel", "extra arviz", "ward", "processors", "memory", "scenarios",
    "evidence", "posterior", "reference results", "results folder", "cache folder", "processes", "simulation",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def checked(expected: int = 0) -> dict[str, dict]:
    """The checks by name."""
    done = CliRunner().invoke(main, ["doctor", "--json"])
    assert (done.exit_code, done.stderr) == (expected, "")
    data = json.loads(done.stdout)["data"]
    assert data["failed"] == sum(one["state"] == "fail" for one in data["checks"])
    assert data["warnings"] == sum(one["state"] == "warn" for one in data["checks"])
    assert (data["failed"] > 0) is (expected == 1)
    assert all(one["advice"] for one in data["checks"] if one["state"] != "ok")
    return {one["name"]: one for one in data["checks"]}


def test_this_installation_is_sound(tmp_path):
    begun = time.monotonic()
    found = checked()
    assert time.monotonic() - begun < 30
    assert set(found) == NAMES
    assert {name for name, one in found.items() if one["state"] == "fail"} == set()
    versions = found["packages"]["details"]["versions"]
    assert {"simpy", "numpy", "click"} <= set(versions)
    assert all(versions[name] == metadata.version(name) for name in versions)
    assert found["simulation"]["details"]["measures"] > 200
    assert found["scenarios"]["details"]["scenarios"] == len(list((ROOT / "scenarios").glob("*.yaml")))
    assert list(tmp_path.iterdir()) == []


def test_nobody_need_listen(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as done:
        main(["doctor", "--quiet"])
    assert (done.value.code, capfd.readouterr().err) == (0, "")


def test_every_extra_for_users_is_looked_at():
    known = set(metadata.metadata("wardsim").get_all("Provides-Extra") or [])
    assert set(doctor_packages.EXTRAS) <= known
    assert known - set(doctor_packages.EXTRAS) <= {"compile", "test", "dev", "docs", "mutation", "bench"}


def test_what_is_wrong_is_told_with_what_to_do(tmp_path, monkeypatch):
    """Much at once: a package too old, one missing, one that cannot be imported, folders, processes, a ward that fails."""
    (tmp_path / "results").touch()
    (tmp_path / "starts").touch()
    monkeypatch.setenv("WARDSIM_STARTS", str(tmp_path / "starts" / "x"))
    needs = ["numpy>=99", "no-such-package>=1", "click>=8.1", "scipy>=1", "openpyxl>=99; extra == 'excel'", "no-such-package; extra == 'arviz'"]
    monkeypatch.setattr(metadata, "requires", lambda name: needs)
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setattr(doctor_machine, "POOL_SECONDS", 0.0)
    monkeypatch.setattr(doctor_machine, "free_memory", lambda: 4e8)
    monkeypatch.setattr("wardsim.experiments.plan.cores", lambda: 4)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: types.SimpleNamespace(free=5e8))
    monkeypatch.setattr("wardsim.experiments.job.simulate", lambda job: 1 / 0)
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    lines = {name: (state, said) for state, name, said in (re.split(r"\s{2,}", line, maxsplit=2) for line in done.stdout.splitlines())}
    wanted = {
        "package numpy": ("fail", "pip install --upgrade 'numpy>=99'"),
        "package no-such-package": ("fail", "is not installed"),
        "package scipy": ("fail", "cannot be imported"),
        "extra excel": ("warn", "pip install 'wardsim[excel]'"),
        "extra arviz": ("ok", "not installed, and only `wardsim export --format arviz` needs it"),
        "memory": ("warn", "give --jobs 1"),
        "results folder": ("fail", "give --out DIR"),
        "cache folder": ("warn", "make room"),
        "saved starts": ("warn", "WARDSIM_STARTS"),
        "processes": ("fail", "give --jobs 1"),
        "simulation": ("fail", "ZeroDivisionError"),
    }
    for name, (state, words) in wanted.items():
        assert lines[name][0] == state, name
        assert words in lines[name][1], name
    assert "package click" not in lines
    failed = sum(state == "fail" for state, _ in wanted.values())
    assert done.stderr == f"{failed} of {len(lines)} checks failed; 4 warnings\n"


def test_numbers_that_are_none_are_told(monkeypatch):
    from wardsim.experiments import job

    def spoilt(asked):
        run = job_simulate(asked)
        run.values[0, 0, 0] = float("inf")
        run.missing.pop(run.names[0], None)
        return run

    job_simulate = job.simulate
    monkeypatch.setattr(job, "simulate", spoilt)
    found = checked(expected=1)["simulation"]
    assert found["state"] == "fail"
    assert "are no numbers" in found["found"]


def copied(folder: Path) -> Path:
    """Package and shipped files elsewhere, to be spoilt."""
    for name in ("wardsim", "calibration", "scenarios"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_a_changed_model_and_lacking_files_are_told(tmp_path):
    """In a process of its own, from a copy: the posterior was made with another ward, and there are no reference results."""
    place = copied(tmp_path / "copy")
    with (place / "wardsim" / "ward" / "ward.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    shutil.rmtree(place / "scenarios" / "options")
    (place / "scenarios" / "long-days.yaml").write_text("name: x\nwrd: 1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "wardsim", "doctor", "--json"], env={**os.environ, "PYTHONPATH": str(place)}, capture_output=True, text=True, check=False,
        cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    found = {one["name"]: one for one in json.loads(done.stdout)["data"]["checks"]}
    assert found["posterior"]["state"] == "warn"
    assert "ward/ward.py" in found["posterior"]["found"]
    assert "wardsim calibrate --install" in found["posterior"]["found"]
    assert found["reference results"]["state"] == "warn"
    assert found["scenarios"]["state"] == "fail"
    assert "long-days.yaml:2:1: error[WS109]" in found["scenarios"]["found"]


@pytest.mark.parametrize(
    ("version", "bounds", "good"),
    [
        ("1.26.4", ">=1.26", True), ("1.26", ">=1.26.0", True), ("1.9", ">=1.26", False), ("2.0rc1", ">=2.0", False), ("2.0.post1", ">=2.0", True),
        ("2024.5.0+local", ">=2024.5", True), ("0.10", ">=0.9.5,<0.10", False), ("0.9.5", ">=0.9.5,<0.10", True), ("1!1.0", ">=2", True),
        ("3.8.2", "~=3.8.1", True), ("3.9", "~=3.8.1", False), ("3.8.2", "==3.8.*", True), ("3.9", "!=3.8.*", True), ("3.8", "!=3.8", False),
        ("1.0.dev3", ">=1.0", False), ("unknown", ">=1", True), ("1", "", True), ("2", "<=1", False), ("2", ">1", True),
    ],
)  # fmt: skip
def test_versions_are_held_against_bounds(version, bounds, good):
    assert fits(version, bounds) is good


def test_requirements_are_read():
    lines = ["simpy>=4.1", "cimba<0.10,>=0.9.5; extra == 'bench'", 'x[y] (>=1) ; python_version < "3.12" and extra == "z"', "pandas-stubs", "???"]
    read = [(one.name, one.bounds, one.extra, one.conditional) for one in requirements(lines)]
    assert read == [
        ("simpy", ">=4.1", "", False),
        ("cimba", "<0.10,>=0.9.5", "bench", False),
        ("x", ">=1", "z", True),
        ("pandas-stubs", "", "", False),
    ]
