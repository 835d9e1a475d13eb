"""T11, T12: one session a folder, and one study a folder."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time

import pytest

from tests.experiments.fake_ward import fake
from tests.experiments.study.small import BASE, every, study
from tests.support import ROOT
from wardsim.experiments.executor import Here
from wardsim.experiments.study.changed import StudyChangedError
from wardsim.experiments.study.folder import read_study
from wardsim.experiments.study.lock import FolderBusyError
from wardsim.experiments.study.session import Session

HOLD = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.experiments.study.small import study
from wardsim.experiments.study.session import Session
with Session(study(), Path({folder!r})):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_session_is_refused_at_once_and_told_who_holds_the_folder(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(root=str(ROOT), folder=str(tmp_path))], stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        begun = time.monotonic()
        with pytest.raises(FolderBusyError) as caught:
            Session(study(), tmp_path)
        assert time.monotonic() - begun < 1.0
        assert caught.value.holder["pid"] == holder.pid
        assert f"process {holder.pid} on {os.uname().nodename}" in str(caught.value)
        assert caught.value.exit_code == 1
    finally:
        holder.kill()
        holder.wait()
    Session(study(), tmp_path).close()  # free as soon as its holder is dead


def test_two_sessions_of_one_process_do_not_share_a_folder_either(tmp_path):
    with Session(study(), tmp_path), pytest.raises(FolderBusyError, match=f"process {os.getpid()}"):
        Session(study(), tmp_path)
    with Session(study(), tmp_path):
        pass
    assert not (tmp_path / ".study.json").exists()


def test_a_session_that_could_not_open_leaves_the_folder_free(tmp_path):
    Session(study(), tmp_path).close()
    with pytest.raises(StudyChangedError):
        Session(study(seed=8), tmp_path)
    Session(study(), tmp_path).close()


CHANGES = [
    (lambda: study(seed=8), "seed: 7 -> 8"),
    (lambda: study(years=0.5), "years: 0.25 -> 0.5"),
    (lambda: study(point=True), "point: False -> True"),
    (lambda: study(settings={"goal": "less"}), "settings.goal: (nothing) -> less"),
    (lambda: study(2), "cells[cell 2].scenario.ward.beds: 16 -> (nothing)"),
    (
        lambda: study(baseline=BASE.model_copy(update={"ward": BASE.ward.model_copy(update={"beds": 20})})),
        "baseline.ward.beds: 18 -> 20",
    ),
]


@pytest.mark.parametrize(("other", "line"), CHANGES)
def test_another_study_is_refused_with_what_is_different(tmp_path, other, line):
    with Session(study(), tmp_path, executor=Here(), task=fake) as session:
        session.need(every(study(), 2))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(StudyChangedError) as caught:
        Session(other(), tmp_path)
    assert line in caught.value.lines
    assert caught.value.exit_code == 2
    assert len(str(caught.value).splitlines()) <= 23
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize("what", ["version", "model_hash", "measures_hash"])
def test_another_version_is_refused(tmp_path, monkeypatch, what):
    Session(study(), tmp_path).close()
    monkeypatch.setattr(f"wardsim.experiments.start.{what}", lambda: "new")
    name = {"version": "wardsim", "model_hash": "model", "measures_hash": "measures"}[what]
    with pytest.raises(StudyChangedError, match=rf"{name}: .* -> new"):
        Session(study(), tmp_path)
    with pytest.raises(StudyChangedError, match=rf"{name}: .* -> new"):
        read_study(tmp_path)


def test_the_study_of_a_folder_is_the_one_that_was_put_there(tmp_path):
    of = study(settings={"runs": 4, "limits": [{"measure": "occupancy", "at_most": 90.5}]})
    Session(of, tmp_path).close()
    found = read_study(tmp_path)
    assert found.identity == of.identity
    assert found.plain() == of.plain()
    Session(found, tmp_path).close()


def test_settings_that_are_no_plain_data_are_refused(tmp_path):
    with pytest.raises((ValueError, TypeError)):
        Session(study(settings={"where": {1: "one", 2: "two", 10: "ten"}}), tmp_path)
    with pytest.raises((ValueError, TypeError)):
        Session(study(settings={"limit": float("nan")}), tmp_path)
