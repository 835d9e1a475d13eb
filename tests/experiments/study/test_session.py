"""A session: runs are made once, stored whole, read as arrays; nothing of how they were made is left in the bytes."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from tests.experiments.fake_ward import FakeWard, fails_at_3, fake
from tests.experiments.study.small import BASE, analyse, every, study, sums, whole
from wardsim.experiments.executor import Here
from wardsim.experiments.local import Processes
from wardsim.experiments.study.folder import damaged
from wardsim.experiments.study.runs import paired
from wardsim.experiments.study.session import Session


def test_runs_are_those_of_the_jobs(tmp_path):
    of = study()
    with Session(of, tmp_path, executor=Here(), task=fake) as session:
        session.need({0: 4, 2: 3})
        runs = session.runs()
    assert [runs.count(i) for i in range(3)] == [4, 0, 4]
    direct = fake(of.job(2, 3))
    column = runs.column(2, "assaults_true_per_1000_obd")
    assert column.run.tolist() == [0, 1, 2, 3]
    assert column.draw.tolist() == [0, 0, 1, 1]
    assert (column.value[3], column.top[3], column.bottom[3]) == tuple(direct.values[0, 0])
    assert np.isnan(runs.column(2, "stay_median_days").value).all()


def test_two_cells_pair_by_run(tmp_path):
    with Session(study(), tmp_path, executor=Here(), task=fake) as session:
        session.need({0: 6, 1: 2})
        a, b = paired(session.runs().column(0, "occupancy"), session.runs().column(1, "occupancy"))
    assert a.run.tolist() == b.run.tolist() == [0, 1]


def test_transition_has_its_quarters(tmp_path):
    with Session(study(years=1.0), tmp_path, executor=Here(), task=fake) as session:
        session.need(every(session.study, 2))
        runs = session.runs()
    name = "assaults_true_per_1000_obd"
    assert runs.windows == 5
    assert sum(runs.column(1, name, w).top for w in range(1, 5)).tolist() == runs.column(1, name).top.tolist()


def test_what_is_stored_is_not_made_again(tmp_path):
    with Session(study(), tmp_path, executor=Here(), task=fake) as session:
        session.need({0: 4})
    FakeWard.made.clear()
    with Session(study(), tmp_path, executor=Here(), task=fake) as session:
        session.need({0: 4})
        assert not FakeWard.made
        session.need({0: 5})
        assert session.runs().count(0) == 6
        assert {name for name, _ in FakeWard.made} == {"base"}


def test_an_attempt_that_got_further_leaves_no_trace(tmp_path):
    with Session(study(), tmp_path / "a", executor=Here(), task=fake) as session:
        session.need(every(session.study, 8))
    assert whole(study(), tmp_path / "a") == whole(study(), tmp_path / "b")


def test_only_the_measures_of_the_study_are_kept_in_its_order(tmp_path):
    of = study(measures=("occupancy", "assaults_true_per_1000_obd"))
    with Session(of, tmp_path, executor=Here(), task=fake) as session:
        session.need({0: 2})
        assert session.runs().names == of.measures
        assert session.runs().column(0, "occupancy").value.tolist() == [55.0, 55.0]
        with pytest.raises(KeyError, match="stay_median_days"):
            session.runs().column(0, "stay_median_days")


def test_finishing_compacts_and_the_folder_reads_the_same(tmp_path):
    of = study(years=1.0)
    with Session(of, tmp_path, executor=Here(), task=fails_at_3) as session:
        session.need(every(of, 4))
        before = session.runs()
        session.finish({}, {})
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith(".")) == [
        "manifest.json", "runs.parquet", "seconds.csv", "study.json",
    ]  # fmt: skip
    FakeWard.made.clear()
    with Session(of, tmp_path, executor=Here(), task=fails_at_3) as session:
        session.need(every(of, 4))
        after = session.runs()
        assert not FakeWard.made
        session.need({1: 6})
        more = session.runs()
    for name in ("cell", "run", "draw", "window", "values"):
        assert np.array_equal(getattr(before, name), getattr(after, name), equal_nan=True)
    assert before.names == after.names
    assert before.failed == after.failed
    assert [(f.cell, f.failure.replication, f.failure.seed) for f in after.failed] == [
        (f"cell {i}", 3, 7) for i in range(3)
    ]
    assert "nobody knows" in after.failed[0].failure.error
    assert "fake_ward.py" in after.failed[0].failure.traceback
    assert more.count(1) == 5
    assert more.count(0) == 3


def test_finishing_twice_leaves_the_same_files(tmp_path):
    of = study()
    first = whole(of, tmp_path)
    assert whole(of, tmp_path) == first
    assert damaged(tmp_path) == []
    with Session(of, tmp_path, executor=Here(), task=fake) as session:
        session.need(every(of, 4))
        session.finish({"other.csv": b"a\n"}, {"status": "partial"})
    assert set(sums(tmp_path)) == {"other.csv", "runs.parquet", "study.json"}
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert manifest["status"] == "partial"
    assert manifest["identity"] == of.identity
    assert set(manifest["files"]) == set(sums(tmp_path))


def test_a_finished_study_can_be_asked_for_more(tmp_path):
    of = study(1)
    with Session(of, tmp_path, executor=Here(), task=fake) as session:
        analyse(session, 2)
        analyse(session, 6)
    assert sums(tmp_path) == whole(of, tmp_path / "b", 6)


def test_a_table_beside_pieces_that_were_not_cleared_away_is_read_right(tmp_path):
    """As a crash between the manifest and the removal of the pieces leaves them, one of them damaged since."""
    of = study(1)
    with Session(of, tmp_path / "a", executor=Here(), task=fake) as session:
        session.need({0: 6})
    pieces = sorted((tmp_path / "a" / "pieces").iterdir())
    data = {path.name: path.read_bytes() for path in pieces}
    clean = whole(of, tmp_path / "a", 6)
    (tmp_path / "a" / "pieces").mkdir()
    for path in pieces[1:]:
        path.write_bytes(data[path.name])
    with Session(of, tmp_path / "a", executor=Here(), task=fake) as session:
        assert len(session.stored) == 3
        session.need({0: 2})
        assert session.runs().run.tolist() == [0, 1]
    assert whole(of, tmp_path / "a", 6) == clean


def test_the_table_is_tidy(tmp_path):
    import pyarrow.parquet as pq

    whole(study(2), tmp_path, 4, fails_at_3)
    table = pq.read_table(tmp_path / "runs.parquet").to_pandas()
    assert table["cell"].tolist() == [0] * 4 + [1] * 4
    assert table["run"].tolist() == [0, 1, 2, 3] * 2
    assert table["status"].tolist() == ["ok", "ok", "ok", "failed"] * 2
    assert table["name"].iloc[-1] == "cell 1"
    assert table.loc[3, ["stage", "seed"]].tolist() == ["ward", 7]
    assert np.isnan(table.loc[3, "occupancy"])
    assert {"occupancy", "occupancy.top", "occupancy.bottom"} <= set(table.columns)


def test_progress_is_told(tmp_path):
    seen = []
    with Session(study(), tmp_path, executor=Here(), task=fails_at_3, on_progress=seen.append) as session:
        session.need({0: 4, 1: 4})
        session.need({0: 4, 1: 6})
    assert [(p.pieces_done, p.pieces) for p in seen] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4), (4, 5), (5, 5)]
    assert [p.failed for p in seen[:5]] == [0, 0, 1, 1, 2]
    assert math.isnan(seen[0].seconds_left)
    assert seen[4].seconds_left == 0.0
    assert seen[4].runs_done == 8


@pytest.mark.e2e
def test_processes_give_the_same_bytes(tmp_path):
    executor = Processes(2)
    try:
        there = whole(study(), tmp_path / "a", executor=executor)
    finally:
        executor.close()
    assert there == whole(study(), tmp_path / "b")


def test_later_cells_take_up_the_starts_of_the_first(tmp_path):
    FakeWard.made.clear()
    with Session(study(), tmp_path / "a", executor=Here(), task=fake, cache=str(tmp_path / "starts")) as session:
        session.need(every(session.study, 4))
    burnt = [begin for name, begin in FakeWard.made if begin < 0]
    assert len(burnt) == 4
    assert BASE.start.burn_in_weeks > 0


def test_failed_pieces_can_be_made_again(tmp_path):
    of = study()
    with Session(of, tmp_path, executor=Here(), task=fails_at_3) as session:
        analyse(session, 4)
    with Session(of, tmp_path, executor=Here(), task=fake) as session:
        assert session.again() == 3
        analyse(session, 4)
        assert session.runs().failed == []
    assert sums(tmp_path) == whole(of, tmp_path / "fresh")
