"""A study of many cells on the fake ward, watched: memory and open files must not grow with the number of cells.

    python -m tests.experiments.study.soak --cells 1000 --folder DIR

Prints one JSON object: resident megabytes and open files of the parent after a tenth of the pieces, at their end, and after the table is
written; processor seconds of all but the fake ward for each piece.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import time
from dataclasses import replace
from pathlib import Path

from tests.experiments.fake_ward import fake
from tests.experiments.study.small import every, study
from wardsim.experiments.executor import Here
from wardsim.experiments.job import Job, RunResult
from wardsim.experiments.local import Processes
from wardsim.experiments.study.session import Session

RUNS = 8
spent = [0.0]


def timed(job: Job) -> RunResult:
    """The fake ward, with the processor time it took."""
    begun = time.process_time()
    result = fake(job)
    spent[0] += time.process_time() - begun
    return result


def resident() -> float:
    """Megabytes in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def files() -> int:
    """Open files."""
    return len(os.listdir("/proc/self/fd"))


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    small = study(1, block=4)
    of = replace(small, cells=tuple(_cells(small, given.cells)))
    seen: dict[str, list[float]] = {}

    def tell(progress):
        if progress.pieces_done == progress.pieces // 10:
            seen["at_a_tenth"] = [resident(), files()]

    executor = Processes(given.jobs) if given.jobs > 1 else Here()
    begun, began = time.perf_counter(), time.process_time()
    with Session(of, given.folder, executor=executor, task=timed, on_progress=tell) as session:
        opened = time.process_time()
        session.need(every(of, RUNS))
        overhead = time.process_time() - opened - spent[0]
        seen["at_the_end"] = [resident(), files()]
        pieces = len(session.stored)
        before = time.process_time()
        session.finish({}, {"status": "ok"})
        finish = time.process_time() - before
        seen["with_the_table"] = [resident(), files()]
        begun_reading = time.perf_counter()
        rows = len(session.runs().run)
        reading = time.perf_counter() - begun_reading
    executor.close()
    print(
        json.dumps({
            "cells": given.cells, "pieces": pieces, "rows": rows, **seen, "seconds": round(time.perf_counter() - begun, 2),
            "cpu_seconds_to_open": round(opened - began, 2), "cpu_ms_per_piece": round(1000 * overhead / pieces, 3),
            "cpu_seconds_to_finish": round(finish, 2), "seconds_to_read": round(reading, 3),
        })
    )  # fmt: skip


def _cells(of, number):
    for i in range(number):
        ward = of.baseline.model_copy(update={"ward": of.baseline.ward.model_copy(update={"beds": 14 + i % 30})})
        yield type(of.cells[0])(f"cell {i}", ward, factors={"number": i})


if __name__ == "__main__":
    main()
