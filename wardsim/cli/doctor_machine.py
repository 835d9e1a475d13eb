"""Is the machine fit for it: processors, memory, folders that can be written, processes that start."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

from .doctor_check import Check

RUN_BYTES = 300e6
"""Memory of one process that makes runs, with some to spare: a year of the baseline takes 190 MB."""
DISK_BYTES = 1e9
"""Free disk below which it gets tight: what saved starts may take."""
POOL_SECONDS = 8.0
"""Longest wait for a process to start."""
_PROC, _CGROUP = Path("/proc/meminfo"), Path("/sys/fs/cgroup")


def machine() -> Iterator[Check]:
    """How many runs side by side, and is there memory for them?"""
    from wardsim.experiments.plan import cores

    from .progress import size

    many = cores()
    yield Check("processors", "ok", f"{many}, so that many runs at a time unless --jobs says otherwise", details={"processors": many})
    free = free_memory()
    if free is None:
        yield Check("memory", "ok", "how much is free is not known on this system", details={"free_bytes": None})
        return
    fit = int(free // RUN_BYTES)
    good = fit >= many
    advice = "" if good else f"give --jobs {max(fit, 1)}, since a run takes about {size(RUN_BYTES)}"
    yield Check("memory", "ok" if good else "warn", f"{size(free)} free", advice, {"free_bytes": int(free), "bytes_per_process": int(RUN_BYTES)})


def free_memory() -> float | None:
    """Bytes that processes may still take, within the limit of a container; None where the system does not say."""
    try:
        lines = dict(line.split(":", 1) for line in _PROC.read_text(encoding="ascii").splitlines())
        free = float(lines["MemAvailable"].split()[0]) * 1024.0
    except (OSError, ValueError, KeyError, IndexError):
        return None
    with suppress(OSError, ValueError):
        limit = (_CGROUP / "memory.max").read_text(encoding="ascii").strip()
        free = min(free, float(limit) - float((_CGROUP / "memory.current").read_text(encoding="ascii")))
    return max(free, 0.0)


def folders() -> Iterator[Check]:
    """Can results and the cache be written, and is there room?"""
    import platformdirs

    from .studies import cache

    yield _folder("results folder", Path("results"), "change to a folder of yours, or give --out DIR", fails=True)
    own = Path(platformdirs.user_cache_dir("wardsim", appauthor=False))
    starts = Path(cache())
    advice = "make it a folder that can be: until then every start of a ward is made anew"
    yield _folder("cache folder", own, advice)
    if own not in starts.parents:
        yield _folder("saved starts", starts, f"WARDSIM_STARTS names it; {advice}")


def _folder(name: str, folder: Path, advice: str, *, fails: bool = False) -> Check:
    """Write a file where the folder is, or where it would be made, and remove it."""
    from wardsim.scenario.errors import printable

    from .progress import size

    place = folder.absolute()
    shown = printable(str(place))
    while not os.path.lexists(place) and place != place.parent:
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"wardsim" * 600)
            file.flush()
            os.fsync(file.fileno())
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Check(name, "fail" if fails else "warn", f"{shown} cannot be written ({error.strerror or error})", advice, {"folder": str(folder.absolute())})
    details = {"folder": str(folder.absolute()), "free_bytes": free}
    if free < DISK_BYTES:
        return Check(name, "warn", f"{shown} has {size(free)} free", "make room: a study of many runs may need more", details)
    return Check(name, "ok", f"{shown} can be written, {size(free)} free", details=details)


def processes() -> Iterator[Check]:
    """Does a process start, as the workers of a study do?"""
    from wardsim.experiments.threads import children_with_one_thread

    begun = time.monotonic()
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    advice = "give --jobs 1, which starts none; where a script calls wardsim it needs `if __name__ == \"__main__\":`"
    try:
        with children_with_one_thread():
            pool.submit(os.getpid).result(POOL_SECONDS)
        seconds = time.monotonic() - begun
        yield Check("processes", "ok", f"one started and answered in {seconds:.1f} s", details={"seconds": round(seconds, 2)})
    except TimeoutError:
        yield Check("processes", "fail", f"none answered within {POOL_SECONDS:.0f} s", advice)
    except (OSError, RuntimeError, ImportError) as error:  # a pool that breaks is a RuntimeError
        yield Check("processes", "fail", f"none can be started ({' '.join(str(error).split())[:200] or type(error).__name__})", advice)
    finally:
        _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        with suppress(OSError, ValueError):
            process.kill()
    pool.shutdown(wait=sys.platform != "win32", cancel_futures=True)
