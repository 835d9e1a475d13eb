"""A real Dask scheduler with two worker processes on this machine gives the bytes of a serial run, also when one is killed."""

from __future__ import annotations

import builtins
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.experiments.fake_ward import dies_at_3, fake, slow
from tests.experiments.study.small import every, study, whole
from tests.support import ROOT
from wardsim.experiments.cluster import Cluster, ClusterError
from wardsim.experiments.executor import Here
from wardsim.experiments.study.session import Session

pytest.importorskip("distributed")
pytestmark = pytest.mark.e2e


class Site:
    """Scheduler and workers as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(self.folder)}
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], cwd=self.folder, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, *more: str) -> subprocess.Popen[bytes]:
        return self.start(
            "dask_worker", self.address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--local-directory",
            str(self.folder), "--host", "127.0.0.1", *more,
        )  # fmt: skip

    def open(self) -> None:
        place = self.folder / "scheduler.json"
        self.start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(place)
        )
        deadline = time.time() + 30
        while not place.exists() and time.time() < deadline:
            time.sleep(0.05)
        import json

        for _ in range(100):
            try:
                self.address = json.loads(place.read_text())["address"]
                return
            except ValueError:
                time.sleep(0.05)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    found = Site(folder)
    found.open()
    yield found
    found.close()


def marks(folder: Path) -> list[int]:
    return [int(path.name[4:]) for path in folder.glob("pid-*")]


def test_two_workers_one_killed_give_the_bytes_of_a_serial_run(site, tmp_path):
    workers = [site.worker("--no-nanny") for _ in range(2)]
    pids = tmp_path / "pids"
    pids.mkdir()
    of = study(3)
    cluster = Cluster(site.address)
    killed = []

    def tell(progress):
        if progress.pieces_done >= 1 and not killed and len(marks(pids)) == 2:
            killed.append(workers[0].pid)
            workers[0].send_signal(signal.SIGKILL)

    try:
        there = whole(of, tmp_path / "a", 4, slow, cluster, cache=str(pids), on_progress=tell)
    finally:
        cluster.close()
    assert killed
    assert {w.pid for w in workers} == set(marks(pids))
    assert there == whole(of, tmp_path / "b", 4, fake, Here())


def test_a_run_that_kills_its_workers_is_a_failed_row_and_the_others_are_there(site, tmp_path):
    """The scheduler allows no second death here; each worker has a nanny that starts it again."""
    site.worker("--nanny")
    cluster = Cluster(site.address)
    cluster._client.run_on_scheduler(_allow_one)
    of = study(1)
    try:
        with Session(of, tmp_path / "a", executor=cluster, task=dies_at_3) as session:
            session.need(every(of, 6))
            runs = session.runs()
    finally:
        cluster.close()
    assert runs.column(0, "occupancy").run.tolist() == [0, 1, 2, 4, 5]
    assert [(f.failure.stage, f.failure.replication) for f in runs.failed] == [("process", 3)]


def _allow_one(dask_scheduler=None):
    dask_scheduler.allowed_failures = 0


def test_a_local_cluster_gives_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    cluster = Cluster("local", 2)
    try:
        there = whole(study(), tmp_path / "a", executor=cluster)
    finally:
        cluster.close()
    assert there == whole(study(), tmp_path / "b")


def test_another_version_on_a_worker_is_refused(site, tmp_path, monkeypatch):
    site.worker("--no-nanny")
    cluster = Cluster(site.address)
    monkeypatch.setattr("wardsim.experiments.cluster.version", lambda: "9.9")
    try:
        with (
            Session(study(), tmp_path / "a", executor=cluster, task=fake) as session,
            pytest.raises(ClusterError, match=r"a worker of the cluster has wardsim .* this is 9\.9"),
        ):
            session.need({0: 2})
    finally:
        cluster.close()


def test_a_cluster_without_workers_is_given_up(site, tmp_path):
    cluster = Cluster(site.address, patience=0.5)
    try:
        with (
            Session(study(), tmp_path / "a", executor=cluster, task=fake) as session,
            pytest.raises(ClusterError, match="no worker"),
        ):
            session.need({0: 2})
    finally:
        cluster.close()


def test_no_scheduler_and_no_dask_are_said(monkeypatch):
    monkeypatch.setattr("wardsim.experiments.cluster.CONNECT_S", 1)
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("distributed"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ClusterError, match=r"pip install 'wardsim\[cluster\]'"):
        Cluster("local")
