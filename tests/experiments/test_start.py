"""The saved start: made once, read whole or made again."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from tests.experiments.fake_ward import FakeWard, fake
from wardsim.experiments.job import Job
from wardsim.experiments.start import cache_folder, prune, read_state, saved_start, start_key, write_state
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import WEEK

BASE = Scenario(name="base")
P = {"fake.incidents_per_day": 1.0}


def job(cache="", **changes):
    settings = {"scenario": Scenario(name="option"), "draw": 0, "replication": 0, "seed": 1, "estimand": "transition"}
    return Job(**{**settings, "baseline": BASE, "cache": str(cache), **changes})


def files(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_made_once_and_the_same_from_the_cache(tmp_path):
    FakeWard.made.clear()
    first = saved_start(job(tmp_path), P, FakeWard)
    again = saved_start(job(tmp_path), P, FakeWard)
    without = saved_start(job(), P, FakeWard)
    assert first == again == without == {"level": 26.0, "census": [1, 2, 3]}
    assert FakeWard.made == [("base", -26 * WEEK)] * 2
    assert len(files(tmp_path)) == 1


def test_no_burn_in_saves_the_ward_as_drawn(tmp_path):
    base = BASE.model_copy(update={"start": BASE.start.model_copy(update={"burn_in_weeks": 0})})
    assert saved_start(job(baseline=base), P, FakeWard)["level"] == 0.0


def test_key_covers_what_the_state_depends_on():
    key = start_key(BASE, P, job())
    renamed = BASE.model_copy(update={"name": "other", "question": "why?"})
    assert start_key(renamed, P, job(years=7.0, warm_up_weeks=9, scenario=BASE)) == key
    beds = BASE.model_copy(update={"ward": BASE.ward.model_copy(update={"beds": 17})})
    others = [
        start_key(beds, P, job()),
        start_key(BASE, {"fake.incidents_per_day": 1.0000000000000002}, job()),
        start_key(BASE, P, job(seed=2)),
        start_key(BASE, P, job(replication=1)),
        start_key(BASE, P, job(baseline_roster=[(0, "early", "rn", "a")])),
        start_key(BASE, P, job(holidays=frozenset({3}))),
    ]
    assert len({key, *others}) == len(others) + 1


def test_a_damaged_file_is_made_again_never_half_read(tmp_path):
    whole = saved_start(job(tmp_path), P, FakeWard)
    (path,) = files(tmp_path)
    good = path.read_bytes()
    for at in range(0, len(good), 3):
        path.write_bytes(good[:at])
        assert read_state(path) is None
        flipped = bytearray(good)
        flipped[at] ^= 0x10
        path.write_bytes(bytes(flipped))
        assert read_state(path) in (None, whole)
    assert saved_start(job(tmp_path), P, FakeWard) == whole
    assert path.read_bytes() == good


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path):
    (tmp_path / "file").write_text("")
    assert saved_start(job(tmp_path / "file"), P, FakeWard)["level"] == 26.0


def test_the_cache_is_never_a_pickle(tmp_path):
    import zlib

    saved_start(job(tmp_path), P, FakeWard)
    stored = json.loads(zlib.decompress(files(tmp_path)[0].read_bytes()))
    assert json.loads(stored["state"])["census"] == [1, 2, 3]


def test_the_oldest_states_go_first(tmp_path):
    for i in range(4):
        write_state(tmp_path / "aa" / f"{i}.json.z", json.dumps({"i": i}))
        os.utime(tmp_path / "aa" / f"{i}.json.z", (i, i))
    prune(tmp_path, limit=sum((tmp_path / "aa" / f"{i}.json.z").stat().st_size for i in (2, 3)))
    assert [p.name for p in files(tmp_path)] == ["2.json.z", "3.json.z"]


def test_a_state_that_vanishes_or_cannot_be_removed_does_not_end_the_clearing(tmp_path, monkeypatch):
    names = [f"{i}.json.z" for i in range(5)]
    for i, name in enumerate(names):
        write_state(tmp_path / "aa" / name, json.dumps({"i": i}))
        os.utime(tmp_path / "aa" / name, (i, i))
    size = (tmp_path / "aa" / names[4]).stat().st_size
    stat, unlink = Path.stat, Path.unlink

    def stat_(path, **more):
        if path.name == names[1]:
            raise FileNotFoundError(path)  # another program was faster
        return stat(path, **more)

    def unlink_(path, **more):
        if path.name == names[0]:
            raise PermissionError(path)
        unlink(path, **more)

    monkeypatch.setattr(Path, "stat", stat_)
    monkeypatch.setattr(Path, "unlink", unlink_)
    prune(tmp_path, limit=2 * size)
    assert [p.name for p in sorted((tmp_path / "aa").iterdir())] == [names[0], names[1], names[4]]


def test_what_a_killed_program_left_half_written_goes_after_an_hour(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    own = cache_folder().parent
    places = [tmp_path / "starts" / "aa" / ".new-", own / "ledger-", own / ".writing-"]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        for name, age in (("old", 2 * 3600), ("new", 60)):
            path = place.with_name(f"{place.name}{name}.tmp")
            path.write_text("half")
            os.utime(path, (time.time() - age,) * 2)
    (own / "ledger.json").write_text("{}")
    os.utime(own / "ledger.json", (0, 0))
    prune(tmp_path / "starts")
    assert {p.name for p in files(tmp_path)} == {".new-new.tmp", "ledger-new.tmp", ".writing-new.tmp", "ledger.json"}


@pytest.mark.parametrize("cached", [False, True])
def test_a_run_is_the_same_with_and_without_a_cache(tmp_path, cached):
    plain = fake(job())
    if cached:
        fake(job(tmp_path))
    other = fake(job(tmp_path))
    assert np.array_equal(plain.values, other.values, equal_nan=True)
