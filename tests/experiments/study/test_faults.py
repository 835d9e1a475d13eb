"""T6, T7: every operation on files fails once, and the disk is full: what was there stays, one line says what is wrong."""

from __future__ import annotations

import builtins
import errno
import io
import os
import resource
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.experiments.fake_ward import fake
from tests.experiments.study.small import analyse, every, study, sums, whole
from tests.support import ROOT
from wardsim.experiments.executor import Here
from wardsim.experiments.results import FolderError
from wardsim.experiments.study.session import Session

OF = study(1)


class Faults:
    """Counts operations under a folder and lets the n-th fail."""

    def __init__(self, folder: Path, kind: str, nth: int, code: int) -> None:
        self.folder, self.kind, self.nth, self.code = str(folder), kind, nth, code
        self.seen = 0

    def check(self, kind: str, path: object) -> None:
        if kind != self.kind or not str(path).startswith(self.folder):
            return
        self.seen += 1
        if self.seen == self.nth:
            raise OSError(self.code, os.strerror(self.code), str(path))

    def place(self, handle: int) -> str:
        return os.readlink(f"/proc/self/fd/{handle}")


class Stream:
    """A file whose writes are counted."""

    def __init__(self, inner, faults: Faults, path: str) -> None:
        self._inner, self._faults, self._path = inner, faults, path

    def write(self, data):
        self._faults.check("write", self._path)
        return self._inner.write(data)

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        return self._inner.__exit__(*rest)


@contextmanager
def failing(faults: Faults):
    """Operations of the standard library as used by the store, checked first."""
    real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "unlink", "fdopen", "mkdir")}
    real_open = io.open

    def os_open(path, *rest, **more):
        faults.check("open", path)
        return real["open"](path, *rest, **more)

    def plain_open(path, *rest, **more):
        if not isinstance(path, int):
            faults.check("open", path)
        return real_open(path, *rest, **more)

    def fsync(handle):
        faults.check("fsync", faults.place(handle))
        return real["fsync"](handle)

    def replace(source, target, **more):
        faults.check("replace", target)
        return real["replace"](source, target, **more)

    def unlink(path, **more):
        faults.check("unlink", path)
        return real["unlink"](path, **more)

    def fdopen(handle, *rest, **more):
        return Stream(real["fdopen"](handle, *rest, **more), faults, faults.place(handle))

    with pytest.MonkeyPatch.context() as patch:
        for name, function in {
            "open": os_open, "fsync": fsync, "replace": replace, "unlink": unlink, "fdopen": fdopen,
        }.items():  # fmt: skip
            patch.setattr(os, name, function)
        patch.setattr(io, "open", plain_open)
        patch.setattr(builtins, "open", plain_open)
        yield


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks files up in /proc")
@pytest.mark.parametrize("kind", ["open", "write", "fsync", "replace", "unlink"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_any_operation_may_fail(in_memory, kind, code):
    """A first part is stored; the rest fails at the n-th operation, for every n, until nothing is left to fail."""
    clean = whole(OF, in_memory / "clean")
    nth = failures = 0
    while True:
        nth += 1
        folder = in_memory / f"{nth}"
        with Session(OF, folder, executor=Here(), task=fake) as session:
            session.need({0: 2})
        kept = {path: path.read_bytes() for path in (folder / "pieces").iterdir()}
        faults = Faults(folder, kind, nth, code)
        error = None
        with failing(faults):
            try:
                with Session(OF, folder, executor=Here(), task=fake) as session:
                    analyse(session, 4)
            except FolderError as caught:
                error = caught
        if error is None and faults.seen < nth:
            break
        if error is not None:
            failures += 1
            assert len(str(error).splitlines()) == 1
            assert os.strerror(code) in str(error)
            if not (folder / "manifest.json").exists():
                assert all(path.read_bytes() == data for path, data in kept.items())
            assert kind == "unlink" or not list(folder.rglob(".writing-*"))
        assert whole(OF, folder) == clean
    assert failures >= (1 if kind == "unlink" else 5)


@pytest.mark.parametrize("kind", ["open", "write", "fsync", "replace"])
def test_a_finished_study_survives_a_failing_second_finish(in_memory, kind):
    clean = whole(OF, in_memory / "a")
    manifest = (in_memory / "a" / "manifest.json").read_bytes()
    nth = 0
    while True:
        nth += 1
        faults = Faults(in_memory / "a", kind, nth, errno.ENOSPC)
        error = None
        with failing(faults):
            try:
                with Session(OF, in_memory / "a", executor=Here(), task=fake) as session:
                    analyse(session, 4)
            except FolderError as caught:
                error = caught
        if faults.seen < nth:
            break
        assert sums(in_memory / "a") == clean
        if error is not None:
            now = (in_memory / "a" / "manifest.json").read_bytes()
            assert now == manifest or b'"files"' in now
    assert nth > 1


def program(words: list[str], **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.experiments.study.program", *words], cwd=ROOT, text=True, stderr=subprocess.PIPE, **more
    )  # fmt: skip


def begin(folder: Path, of=OF) -> dict[Path, bytes]:
    with Session(of, folder, executor=Here(), task=fake) as session:
        session.need(every(of, 2))
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")}


BIG = study(3, settings={"runs": 40})


@pytest.mark.e2e
def test_a_full_disk_stops_the_study_and_spoils_nothing(tmp_path):
    """On a file system of its own where one can be mounted, else with a limit on the size of files."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = False
    if os.geteuid() == 0:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], capture_output=True)
        mounted = done.returncode == 0
    try:
        before = begin(disk / "study", BIG)
        room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize

        def limit() -> None:
            if not mounted:
                resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))

        ran = program(["resume", str(disk / "study"), "--jobs", "1"], stdout=subprocess.PIPE, preexec_fn=limit)
        assert ran.returncode == 1, (room, ran.stderr)
        assert ran.stderr.splitlines()[-1].startswith("wardsim: cannot write to")
        assert "Traceback" not in ran.stderr
        assert {path: path.read_bytes() for path in before if path.name != "seconds.csv"} == {
            path: data for path, data in before.items() if path.name != "seconds.csv"
        }
        assert not list(disk.rglob(".writing-*"))
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.e2e
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_full_stdout_is_said_and_the_study_is_whole(tmp_path, more):
    of = study(1, settings={"runs": 2})
    begin(tmp_path / "a", of)
    with open("/dev/full", "w") as full:
        ran = program(["resume", str(tmp_path / "a"), "--jobs", "1", *more], stdout=full)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
    assert (tmp_path / "a" / "manifest.json").exists()
    with Session(of, tmp_path / "a") as session:
        assert session.runs().count(0) == 2
