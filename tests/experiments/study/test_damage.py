"""T4: whatever becomes of a stored file, what is read is right or an error says what is wrong."""

from __future__ import annotations

import random
import shutil

import pytest

from tests.experiments.fake_ward import FakeWard, fake
from tests.experiments.study.small import every, study, sums, whole
from wardsim.experiments.executor import Here
from wardsim.experiments.results import FolderError
from wardsim.experiments.study.cells import Piece
from wardsim.experiments.study.chunks import plan_study, read_plan
from wardsim.experiments.study.folder import DamagedError, damaged
from wardsim.experiments.study.session import Session
from wardsim.experiments.study.store import Store

SMALL = study(1, measures=("assaults_true_per_1000_obd",))


@pytest.fixture
def begun(in_memory):
    """A folder with one finished piece, and its bytes."""
    folder = in_memory / "begun"
    with Session(SMALL, folder, executor=Here(), task=fake) as session:
        session.need({0: 2})
    (path,) = (folder / "pieces").iterdir()
    return folder, path, path.read_bytes()


def is_there(folder):
    store = Store(SMALL, folder)
    try:
        return Piece(0, 0) in store.stored
    finally:
        store.close()


def test_a_piece_cut_short_at_any_byte_is_not_there(begun):
    folder, path, data = begun
    for n in range(len(data)):
        path.write_bytes(data[:n])
        assert not is_there(folder), n
        assert not path.exists()
    path.write_bytes(data)
    assert is_there(folder)


def test_a_piece_with_any_bit_flipped_is_not_there(begun):
    folder, path, data = begun
    chance = random.Random(1)
    for n in range(len(data)):
        wrong = bytearray(data)
        wrong[n] ^= 1 << chance.randrange(8)
        path.write_bytes(wrong)
        assert not is_there(folder), n


def test_a_piece_whose_tail_is_zero_is_not_there(begun):
    folder, path, data = begun
    for n in range(1, len(data), 8):
        if data[-n:].strip(b"\0"):
            path.write_bytes(data[:-n] + bytes(n))
            assert not is_there(folder), n
    path.write_bytes(data + b"\0")
    assert not is_there(folder)


def test_a_piece_under_the_name_of_another_is_not_that_one(begun):
    folder, path, data = begun
    path.rename(path.with_name(path.name.replace("00000-00000", "00000-00001")))
    assert not is_there(folder)
    assert not any((folder / "pieces").iterdir())
    assert data


def test_damaged_pieces_are_made_again(in_memory):
    of = study()
    chance = random.Random(2)
    clean = whole(of, in_memory / "clean")
    for attempt in range(6):
        folder = in_memory / str(attempt)
        with Session(of, folder, executor=Here(), task=fake) as session:
            session.need(every(of, 4))
        paths = sorted((folder / "pieces").iterdir())
        for path in chance.sample(paths, 3):
            data = path.read_bytes()
            path.write_bytes(data[: chance.randrange(len(data))])
        FakeWard.made.clear()
        assert whole(of, folder) == clean
        assert len(FakeWard.made) == 2 * 2 * 3  # burn-in and ward of two runs of three pieces


def test_a_piece_damaged_while_it_is_in_use_is_an_error(begun):
    folder, path, data = begun
    with Session(SMALL, folder, executor=Here(), task=fake) as session:
        session.need({0: 2})
        path.write_bytes(data[:-1])
        with pytest.raises(DamagedError, match="damaged while it was in use"):
            session.runs()


def test_a_piece_of_another_study_is_refused_and_kept(begun, in_memory):
    _, path, data = begun
    other = in_memory / "other"
    with Session(study(1, seed=8), other, executor=Here(), task=fake):
        pass
    (other / "pieces" / path.name).write_bytes(data)
    with pytest.raises(FolderError, match="another study"):
        Session(study(1, seed=8), other, executor=Here(), task=fake)
    assert (other / "pieces" / path.name).read_bytes() == data


@pytest.mark.parametrize("name", ["runs.parquet", "manifest.json", "cells.csv"])
def test_a_finished_study_with_any_damage_is_made_right_again(in_memory, name):
    """Runs are made again when the table does not check; the tables are written anew from the runs."""
    of = study(2)
    clean = whole(of, in_memory / "a")
    data = (in_memory / "a" / name).read_bytes()
    chance = random.Random(3)
    for n in sorted({0, 1, len(data) - 1, *(chance.randrange(len(data)) for _ in range(8))}):
        wrong = bytearray(data)
        wrong[n] ^= 1 << chance.randrange(8)
        for bad in (data[:n], bytes(wrong)):
            (in_memory / "a" / name).write_bytes(bad)
            if name != "manifest.json":
                assert damaged(in_memory / "a") == [name]
            assert whole(of, in_memory / "a") == clean


def test_a_damaged_description_is_an_error_and_its_pieces_can_be_taken_up(in_memory):
    of = study(1)
    folder = in_memory / "a"
    with Session(of, folder, executor=Here(), task=fake) as session:
        session.need({0: 2})
    data = (folder / "study.json").read_bytes()
    chance = random.Random(4)
    for n in [0, 1, len(data) - 3, *(chance.randrange(len(data) - 2) for _ in range(40))]:
        wrong = bytearray(data)
        wrong[n] ^= 1 << chance.randrange(7)
        for bad in (data[:n], bytes(wrong)):
            (folder / "study.json").write_bytes(bad)
            with pytest.raises(DamagedError, match="remove it"):
                Session(of, folder, executor=Here(), task=fake)
    (folder / "study.json").unlink()
    FakeWard.made.clear()
    with Session(of, folder, executor=Here(), task=fake) as session:
        session.need({0: 2})
    assert not FakeWard.made
    assert (folder / "study.json").read_bytes() == data


def test_a_finished_study_without_its_description_is_taken_up_again(in_memory):
    of = study(1)
    clean = whole(of, in_memory / "a")
    (in_memory / "a" / "study.json").unlink()
    FakeWard.made.clear()
    assert whole(of, in_memory / "a") == clean
    assert not FakeWard.made
    (in_memory / "a" / "study.json").unlink()
    with pytest.raises(FolderError, match="holds other files"):
        whole(study(1, seed=8), in_memory / "a")


def test_a_damaged_plan_is_an_error(in_memory):
    of = study(1)
    plan_study(of, in_memory / "a", 2, {0: 4})
    path = in_memory / "a" / "plan.json"
    data = path.read_bytes()
    for n in range(0, len(data) - 2, 7):
        path.write_bytes(data[:n])
        with pytest.raises(DamagedError, match="plan"):
            read_plan(in_memory / "a")


def test_folders_that_are_not_studies_are_left_alone(in_memory):
    (in_memory / "a").mkdir()
    (in_memory / "a" / "letter.txt").write_text("dear")
    with pytest.raises(FolderError, match=r"holds other files \(letter\.txt\)"):
        Session(study(1), in_memory / "a")
    (in_memory / "b").write_text("a file")
    with pytest.raises(FolderError, match="cannot write to"):
        Session(study(1), in_memory / "b")
    assert (in_memory / "a" / "letter.txt").read_text() == "dear"


def test_what_a_killed_writer_left_is_cleared_away(in_memory):
    of = study(1)
    with Session(of, in_memory / "a", executor=Here(), task=fake) as session:
        session.need({0: 2})
    (in_memory / "a" / "pieces" / ".writing-abc").write_bytes(b"half")
    (in_memory / "a" / ".writing-def").write_bytes(b"half")
    whole(of, in_memory / "a")
    assert not list((in_memory / "a").rglob(".writing-*"))
    shutil.rmtree(in_memory / "a")
    assert sums(in_memory) == {}
