"""Whether changed code still makes the runs of a reference: some of its runs made again, every measure compared to the last digit.

A reference says by which model its tables were made. Code made faster or moved has another fingerprint and makes the same runs; when runs
spread over all wards of the study are the same in every bit, so are the others, and the tables need not be made again for hours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..executor import Batch, Executor, Task
from ..job import Job, RunResult
from ..results import json_bytes, write_whole
from ..study.cells import Study
from .reference import FILE, Reference, all_versions, read, rests_on, study_of_reference

KEY = "behaviour"
"""In the file of a reference: how many runs, and the fingerprint of every measure of them."""
RUNS = 40
"""Runs made again."""
CODE = ("model", "measures")
"""Versions that may be others when the runs are the same."""


class NotTheSameError(ValueError):
    """What is stored cannot be kept; the text says why."""


def some_jobs(study: Study, runs: int = RUNS) -> list[Job]:
    """Runs of a study spread evenly over its wards, then over draws of the parameters."""
    cells, draws = len(study.cells), max(1, study.limit // study.per_draw)
    chosen = [(i * cells // runs, 0) if cells >= runs else (i % cells, i // cells % draws * study.per_draw) for i in range(runs)]
    return [study.job(cell, run) for cell, run in dict.fromkeys(chosen)]


def behaviour(study: Study, executor: Executor, task: Task, runs: int = RUNS) -> dict[str, Any]:
    """What the code of today makes of some runs of a study.

    Parameters
    ----------
    study : Study
    executor : Executor
        Where they are made.
    task : callable
        Simulates a job.
    runs : int
        At most.

    Returns
    -------
    dict
        `runs`, and `values`: SHA-256 over every measure of every run, floats by their bytes; a run that failed counts by its error.
    """
    jobs = some_jobs(study, runs)
    found: dict[Any, RunResult] = {}
    for key, (result,) in executor.run((Batch(i, (job,)) for i, job in enumerate(jobs)), task):
        found[key] = result
    digest = hashlib.sha256()
    for i in range(len(jobs)):
        result = found[i]
        digest.update("\n".join([*result.names, "" if result.failure is None else result.failure.error]).encode())
        digest.update(np.ascontiguousarray(result.values, dtype="<f8").tobytes())
    return {"runs": runs, "values": digest.hexdigest()}


def reaffirm(reference: Reference, executor: Executor, task: Task) -> str:
    """Renew the fingerprint of the model of a reference when the code of today still makes the same runs.

    Returns
    -------
    str
        What was done.

    Raises
    ------
    NotTheSameError
        When something else than code has changed, when the runs are others, or when nothing was kept to compare with and the code has
        changed already.
    """
    about = read(reference.folder)
    now, then = all_versions(), reference.versions
    other = sorted(key for key in {*now, *then} if now.get(key) != then.get(key) and key not in CODE)
    rests = {key: value for key, value in about.get("rests_on", {}).items() if key != "seed"}
    other += [key for key, value in rests_on(study_of_reference(reference).parameters).items() if rests.get(key) != value]
    if other:
        raise NotTheSameError(f"more than code has changed ({', '.join(other)}): it has to be made again")
    kept: Mapping[str, Any] | None = about.get(KEY)
    changed = any(now[key] != then.get(key) for key in CODE)
    if kept is None and changed:
        raise NotTheSameError("nothing was kept to compare with, and the code has changed: it has to be made again")
    found = behaviour(study_of_reference(reference), executor, task, RUNS if kept is None else int(kept["runs"]))
    if kept is not None and found != kept:
        raise NotTheSameError("the ward of today makes other runs: it has to be made again")
    about["versions"] = {**then, **{key: now[key] for key in CODE}}
    write_whole(reference.folder / FILE, json_bytes({**about, KEY: found}))
    if kept is None:
        return f"what the ward does in {found['runs']} runs is kept, to compare changed code with"
    return f"the same in {found['runs']} runs; the tables now belong to the code of today"
