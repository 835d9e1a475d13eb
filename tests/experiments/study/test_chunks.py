"""An array job: plan, worker, collect. Chunks share the folder and give the bytes of one process."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from tests.experiments.fake_ward import fails_at_3, fake
from tests.experiments.study.small import study, sums
from wardsim.experiments.executor import Here
from wardsim.experiments.results import FolderError
from wardsim.experiments.study.changed import StudyChangedError
from wardsim.experiments.study.chunks import IncompleteError, Plan, collect, plan_study, read_plan, work_chunk
from wardsim.experiments.study.kinds import runs_only
from wardsim.experiments.study.lock import FolderBusyError, FolderLock
from wardsim.experiments.study.session import Session
from wardsim.experiments.study.store import Store

OF = study(3, settings={"runs": 6})
WANTED = {0: 6, 1: 6, 2: 6}


def serial(folder):
    with Session(OF, folder, executor=Here(), task=fake) as session:
        runs_only(session)
    return sums(folder)


def test_chunks_share_the_pieces_out():
    for chunks in range(1, 10):
        plan = Plan(OF, chunks, WANTED)
        shares = [plan.chunk(i) for i in range(chunks)]
        assert sorted(p.name for share in shares for p in share) == [p.name for p in OF.pieces(WANTED)]
        assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert {p.block for p in Plan(OF, 3, WANTED).chunk(1)} == {1}  # so each makes its own starts


def test_a_planned_study_is_that_of_one_process(tmp_path):
    folder = tmp_path / "a"
    plan_study(OF, folder, 4, WANTED)
    for chunk in (2, 0, 3, 1, 2):
        assert work_chunk(folder, chunk, task=fake) == 0
    collect(folder, runs_only, executor=Here(), task=fake)
    assert sums(folder) == serial(tmp_path / "b")
    assert not list(folder.glob(".chunk*"))
    collect(folder, runs_only, executor=Here(), task=fake)  # again: nothing to do, nothing spoilt
    assert sums(folder) == serial(tmp_path / "b")


def test_what_is_missing_is_named_by_chunk(tmp_path):
    plan_study(OF, tmp_path, 3, WANTED)
    work_chunk(tmp_path, 1, task=fake)
    with pytest.raises(IncompleteError, match=r"6 of 9 pieces are missing, by chunk: 0 \(3\), 2 \(3\)") as caught:
        collect(tmp_path, runs_only, executor=Here(), task=fake)
    assert caught.value.exit_code == 3
    assert list(caught.value.gaps) == [0, 2]


def test_workers_share_the_folder_and_a_session_does_not_join_them(tmp_path):
    plan_study(OF, tmp_path, 3, WANTED)
    plan = read_plan(tmp_path)
    first = Store(OF, tmp_path, chunk=0, only=plan.chunk(0))
    try:
        assert work_chunk(tmp_path, 1, task=fake) == 0
        with pytest.raises(FolderBusyError):
            work_chunk(tmp_path, 0, task=fake)
        with pytest.raises(FolderBusyError):
            Session(OF, tmp_path)
        with pytest.raises(FolderBusyError):
            collect(tmp_path, runs_only)
    finally:
        first.close()
    with Session(OF, tmp_path), pytest.raises(FolderBusyError):
        work_chunk(tmp_path, 0, task=fake)
    assert not FolderLock(tmp_path).held()


def test_a_worker_leaves_the_pieces_of_others_alone(tmp_path):
    plan_study(OF, tmp_path, 3, WANTED)
    work_chunk(tmp_path, 0, task=fake)
    writing = tmp_path / "pieces" / ".writing-other"
    writing.write_bytes(b"half")
    foreign = sorted((tmp_path / "pieces").glob("*.piece"))[0]
    foreign.write_bytes(b"damaged")
    work_chunk(tmp_path, 1, task=fake)
    assert writing.exists()
    assert foreign.exists()
    work_chunk(tmp_path, 0, task=fake)
    assert foreign.read_bytes() != b"damaged"


def test_a_worker_of_another_version_is_refused(tmp_path, monkeypatch):
    plan_study(OF, tmp_path, 3, WANTED)
    monkeypatch.setattr("wardsim.experiments.start.version", lambda: "9")
    with pytest.raises(StudyChangedError, match=r"wardsim: .* -> 9"):
        work_chunk(tmp_path, 0, task=fake)


def test_what_is_not_planned_is_refused(tmp_path):
    with pytest.raises(FolderError, match="holds no study"):
        work_chunk(tmp_path, 0)
    Session(OF, tmp_path).close()
    with pytest.raises(FolderError, match="holds no plan"):
        work_chunk(tmp_path, 0)


@pytest.fixture
def call(monkeypatch, tmp_path):
    """The command line with the fake ward; exit code and text."""
    import wardsim.cli.collect
    import wardsim.cli.resume
    import wardsim.cli.worker

    monkeypatch.setenv("WARDSIM_STARTS", str(tmp_path / "starts"))

    def run(*words, task=fake):
        for module in (wardsim.cli.collect, wardsim.cli.resume, wardsim.cli.worker):
            monkeypatch.setattr(module, "task", lambda: task)
        result = CliRunner().invoke(wardsim.cli.main, [str(word) for word in words], prog_name="wardsim")
        return result.exit_code, result.output

    return run


@pytest.fixture
def begun(tmp_path):
    Session(OF, tmp_path / "a").close()
    return tmp_path / "a"


def test_on_the_command_line(call, begun, tmp_path):
    code, text = call("plan", begun, "--out", begun, "--chunks", 2)
    assert code == 0
    assert "9 pieces of 2 runs each in 2 chunks" in text
    assert call("worker", begun, "--chunk", 1)[0] == 0
    code, text = call("collect", begun)
    assert code == 3
    assert "missing, by chunk: 0" in text
    code, text = call("worker", begun, "--chunk", 7)
    assert (code, "there is no chunk 7" in text) == (2, True)
    assert call("worker", begun, "--chunk", 0)[0] == 0
    code, text = call("collect", begun)
    assert code == 0, text
    assert f"results: {begun}" in text
    assert sums(begun) == serial(tmp_path / "b")
    assert call("resume", begun, "--jobs", 1)[0] == 0


def test_a_plan_may_ask_for_other_runs_than_the_study(call, begun):
    assert call("plan", begun, "--out", begun, "--chunks", 1, "--runs", 2)[0] == 0
    assert call("worker", begun, "--chunk", 0)[0] == 0
    for _ in range(2):
        code, text = call("collect", begun, "--json")
        assert code == 0, text
        assert json.loads(text)["data"]["runs"] == {"done": 6, "failed": 0}


def test_resume_makes_what_is_missing(call, begun, tmp_path):
    with Session(OF, begun, executor=Here(), task=fake) as session:
        session.need({0: 2, 2: 4})
    code, text = call("resume", begun, "--jobs", 1)
    assert code == 0, text
    assert sums(begun) == serial(tmp_path / "b")


def test_failed_runs_are_said_and_can_be_made_again(call, begun):
    code, text = call("resume", begun, "--jobs", 1, "--json", task=fails_at_3)
    found = json.loads(text)
    assert (code, found["exit_code"], found["data"]["status"]) == (3, 3, "partial")
    assert found["data"]["runs"] == {"done": 15, "failed": 3}
    code, text = call("resume", begun, "--jobs", 1, "--again")
    assert (code, "3 pieces with failed runs" in text) == (0, True)


@pytest.mark.parametrize("words", [("resume",), ("collect",), ("worker", "--chunk", 0)])
def test_a_folder_without_a_study_is_refused(call, tmp_path, words):
    code, text = call(words[0], tmp_path / "none", *words[1:])
    assert code == 1
    assert "holds no study" in text
    assert len(text.strip().splitlines()) == 1


def test_another_version_is_refused_with_what_is_different(call, begun, monkeypatch):
    monkeypatch.setattr("wardsim.experiments.start.version", lambda: "9")
    code, text = call("resume", begun)
    assert code == 2
    assert "-> 9" in text


def test_plan_takes_the_folder_of_a_study(call, tmp_path):
    code, text = call("plan", tmp_path / "none", "--out", tmp_path / "x", "--chunks", 2)
    assert code == 2
    assert "there is no such file" in text
