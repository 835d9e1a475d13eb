"""Runs wards of a shipped study from the start that `wardsim compare` would give them, and keeps their facts."""

from __future__ import annotations

from functools import lru_cache

from tests.levers.bench import Run
from wardsim.experiments.design.build import study_of
from wardsim.experiments.job import parameters_of, shipped_parts
from wardsim.experiments.start import cache_folder, saved_start
from wardsim.experiments.study.cells import Study
from wardsim.scenario.shipped import shipped_studies
from wardsim.scenario.studies import load_study
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.ward import Ward


@lru_cache(maxsize=2)
def study(path: str) -> Study:
    """A shipped study with one set of parameters."""
    return study_of(load_study(shipped_studies()[path.removesuffix(".yaml")], ["parameters=point"]))


@lru_cache(maxsize=4)
def played(path: str, option: str | None, days: float) -> Run:
    """Facts of an option, or of the reference (None), over so many days after the change; run 0 of the study."""
    made = study(path)
    cell = 0 if option is None else next(i for i, one in enumerate(made.cells) if one.name == option)
    if cell == 0:
        return _reference(path if made.estimand == "steady" else "", _Held(made), days)
    return _run(made, cell, days)


class _Held:
    """Carries a study past the cache's key: the reference of all transitions is one and the same ward."""

    def __init__(self, made: Study) -> None:
        self.made = made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=6)
def _reference(_kind: str, held: _Held, days: float) -> Run:
    return _run(held.made, 0, days)


def _run(made: Study, cell: int, days: float) -> Run:
    job = made.job(cell, 0, cache=str(cache_folder()))
    parts = shipped_parts()
    parameters, before = parameters_of(job, parts)
    start = saved_start(job, before, parts.ward) if job.estimand == "transition" else None
    begin = 0.0 if start is not None else -job.scenario.start.burn_in_weeks * WEEK
    ward = Ward(
        job.scenario, parameters, job.chance, job.replication, begin=begin, until=days * DAY, start=start, given_roster=job.roster,
        holidays=job.holidays,
    )  # fmt: skip
    return Run(ward.run(), {}, ward)
