"""Ctrl-C in a Python session, any number of times; and what an interrupted command says of the way on."""

from __future__ import annotations

import os
import shlex
import signal
import threading
import time

import pytest
from click.testing import CliRunner

import wardsim
from tests.cli import made_up
from tests.experiments.study.small import every, study
from wardsim.cli import main, reproduce, stopping
from wardsim.cli.output import Failure
from wardsim.experiments import quoted
from wardsim.experiments.study.chunks import IncompleteError, plan_study
from wardsim.report.source import ReportError, read

LATER = 20
"""Run at which the user has had enough."""


def interrupted(job):
    """The user presses Ctrl-C while a run is made."""
    if job.replication >= LATER:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5.0)
    return made_up.simulate(job)


def test_a_python_session_can_be_interrupted_again_and_again(call, tmp_path, monkeypatch):
    monkeypatch.setattr("wardsim.cli.asked.task", lambda: interrupted)
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt, match="wardsim resume"):
            wardsim.compare("baseline", {"x": {"ward.beds": 19}}, replications=40, jobs=1, parameters="point", out=tmp_path / "r")
        assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before
    assert not [one for one in threading.enumerate() if isinstance(one, threading.Timer)]


def test_a_second_interruption_and_a_slow_way_out_leave_a_session_alive(tmp_path, monkeypatch):
    monkeypatch.setattr(stopping, "GRACE_S", 0.01)
    left = []
    monkeypatch.setattr("os._exit", left.append)

    def press():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5.0)

    def worked_slowly_to_the_end():
        try:
            press()
        finally:
            time.sleep(0.1)
            with pytest.raises(KeyboardInterrupt):
                press()

    with pytest.raises(Failure), stopping.stopping(tmp_path):
        worked_slowly_to_the_end()
    assert left == []


@pytest.mark.parametrize("kept", [False, True])
def test_an_interrupted_reference_says_what_is_kept(kept, tmp_path, monkeypatch):
    def first_block_only(job):
        if job.replication >= 4:
            raise KeyboardInterrupt
        return made_up.simulate(job)

    monkeypatch.setattr(reproduce, "task", lambda: first_block_only)
    words = ["reproduce", "extra-night-nurse-reduced", "--jobs", "1", *(["--out", str(tmp_path / "my results")] if kept else [])]
    done = CliRunner().invoke(main, words)
    said = done.stderr.splitlines()[-1]
    assert "wardsim resume" not in said
    if kept:
        assert done.exit_code == 3, done.output
        offered = shlex.split(said.split("`")[1])
        assert offered == ["wardsim", "reproduce", "extra-night-nurse-reduced", "--out", str(tmp_path / "my results")]
        monkeypatch.setattr(reproduce, "task", made_up.task)
        monkeypatch.setattr("wardsim.report.kept.pages_of", lambda place: {})
        assert CliRunner().invoke(main, offered[1:]).exit_code == 1  # another ward makes other numbers: it went on to the end
    else:
        assert done.exit_code == 130, done.output
        assert "nothing of extra-night-nurse-reduced is kept; --out DIR keeps" in said


def commands(text):
    """What stands between backticks, as words of a shell."""
    return [shlex.split(one) for one in text.split("`")[1::2]]


def test_commands_in_messages_take_any_folder_as_one_word(tmp_path, monkeypatch):
    place = tmp_path / "a $HOME; (new) ward's"
    plan = plan_study(study(), place, 2, every(study(), 4))
    with pytest.raises(ReportError) as no_report:
        read(place)
    texts = [str(no_report.value), str(IncompleteError(place, {0: plan.chunk(0)}, len(plan.pieces())))]
    monkeypatch.setattr(stopping, "resumable", lambda folder: True)
    with pytest.raises(Failure) as stopped, stopping.stopping(place):
        raise KeyboardInterrupt
    found = [words for text in (*texts, stopped.value.message) for words in commands(text)]
    assert len(found) == 4
    assert all(str(place) in words for words in found)


def test_a_stopped_worker_offers_a_command_that_can_be_pasted(call, tmp_path, monkeypatch):
    place = tmp_path / "my ward"
    plan_study(study(), place, 2, every(study(), 4))

    def stopped(*given, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(stopping, "resumable", lambda folder: True)
    monkeypatch.setattr("wardsim.experiments.study.chunks.work_chunk", stopped)
    (offered,) = commands(call("worker", "my ward", "--chunk", "1").stderr)
    assert offered == ["wardsim", "worker", "my ward", "--chunk", "1"]


def test_windows_has_double_quotes(monkeypatch):
    monkeypatch.setattr(quoted.os, "name", "nt")
    assert [quoted.quoted(text) for text in (r"results\one", r"C:\My Documents\one")] == [r"results\one", r'"C:\My Documents\one"']
