"""The calibration of the package: its targets, free parameters and wards, how long the full and the reduced one are, and where
what they find is put.

    OUT/waves/          runs and waves; an interrupted calibration goes on from there
    OUT/posterior/      draws.csv, manifest.json
    OUT/report/         report.md, index.html, targets.csv, parameters.csv, diagnostics.json
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wardsim.experiments.results import write_whole
from wardsim.experiments.sensitivity.problem import Problem
from wardsim.parameters import Ledger
from wardsim.scenario.shipped import shipped

from .conduct import Calibrated, Plan
from .free import entries, load_free
from .inference import CalibrationError
from .posterior import identity_now, write
from .published import PublishedJudge
from .reading import scenario_of
from .report import Found, diagnostics, files
from .sampling import Chains
from .targets import Targets, load_targets
from .targets_now import target_identity
from .wards import Length, WardSimulator
from .waves import Tell, Waves, stored_run

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor
    from wardsim.experiments.study.session import Progress

FULL = Plan("full", Waves(first=20, later=8, most=3), Chains(), others=40, check=150)
FULL_LENGTH = Length(years=1.5, runs=2)
REDUCED = Plan(
    "reduced", Waves(first=8, later=3, most=2, candidates=4096), Chains(enough=300, burn=150, chunk=200, most=1000), others=0, check=12,
    draws=200,
)  # fmt: skip
"""For CI: does everything once, and is too coarse to be used."""
REDUCED_LENGTH = Length(years=0.4, runs=2, burn_in_weeks=6, warm_up_weeks=1)
REDUCED_FREE = 5
"""The first so many free parameters of the file."""


@dataclass
class Job:
    """A calibration ready to be run.

    Attributes
    ----------
    plan : Plan
    simulator : WardSimulator
    judge : PublishedJudge
    targets : Targets
    names : tuple of str
        Calibrated parameters.
    labels : dict of str to str
        Words for parameters and targets.
    left_out : tuple of str
        Targets left out because the runs are too short for them (reduced only).
    """

    plan: Plan
    simulator: WardSimulator
    judge: PublishedJudge
    targets: Targets
    names: tuple[str, ...]
    labels: dict[str, str]
    left_out: tuple[str, ...] = ()

    def ward_years(self) -> float:
        """Simulated years at most, run-in included."""
        d, waves = len(self.names), self.plan.waves
        points = d * (waves.first + (waves.most - 1) * waves.later) + self.plan.check + self.plan.others
        return self.simulator.ward_years(points)


def prepare(
    *,
    reduced: bool = False,
    folder: Path | None = None,
    waves: Path | None = None,
    executor: Executor | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    tell: Tell = lambda _: None,
) -> Job:
    """The calibration of a calibration folder (left out: the one shipped).

    Parameters
    ----------
    reduced : bool
        Few parameters, few points, short runs.
    folder : Path, optional
        With targets, free parameters and priors.
    waves : Path, optional
        Where runs are kept (the reduced calibration runs one point here).
    executor, on_progress
        As of a `Session`.

    Raises
    ------
    CalibrationError
        When a target's measure has no value on its ward.
    """
    place = folder or shipped("calibration")
    targets, ledger, free = load_targets(place), Ledger.load(place), load_free(place)
    chosen = entries(free, ledger)
    if reduced:
        chosen = chosen[:REDUCED_FREE]
    problem = Problem.of_entries(chosen)
    judge = PublishedJudge.of(targets)
    wards = {
        s.id: scenario_of(targets, s.id).scenario
        for s in targets.settings
        if any(t.setting == s.id for t in judge.targets)
    }
    plan, length = (REDUCED, REDUCED_LENGTH) if reduced else (FULL, FULL_LENGTH)
    simulator = WardSimulator(problem, judge.looked_at, wards, length, plan.seed, executor, on_progress=on_progress)
    labels = {t.id: t.label for t in targets.targets} | {e.name: e.label for e in chosen}
    job = Job(plan, simulator, judge, targets, problem.names, labels)
    tell("one point, to see that every outcome has a value")
    pilot = stored_run(simulator, np.full((1, len(problem)), 0.5), waves, "pilot")
    missing = ~np.isfinite(pilot.mean[0])
    return _without(job, missing) if missing.any() else job


def _without(job: Job, missing: np.ndarray) -> Job:
    """Outcomes without a value left out of a reduced calibration."""
    judge = job.judge
    lost = [name for name, k in zip(judge.names, judge.looks_at, strict=True) if missing[k]]
    if job.plan.name != "reduced":
        raise CalibrationError(f"targets whose measure has no value on its ward: {', '.join(lost)}")
    looked_at = tuple(o for o, gone in zip(judge.looked_at, missing, strict=True) if not gone)
    kept = replace(judge.without(lost), looked_at=looked_at, chance=judge.chance[~missing])
    return replace(job, judge=kept, simulator=replace(job.simulator, looked_at=looked_at), left_out=tuple(lost))


def keep(job: Job, calibrated: Calibrated, found: Found, out: Path) -> None:
    """Write posterior and report.

    Parameters
    ----------
    job : Job
    calibrated : Calibrated
    found : Found
        With everything the report tells.
    out : Path
        Folder, made if need be.
    """
    length, plan = job.simulator.length, job.plan
    method = {
        "name": plan.name,
        "seed": plan.seed,
        "steps": "waves of history matching on Gaussian-process emulators, MCMC on the emulators, the ward at draws of the posterior, "
        "emulators and MCMC again",
        "waves": {"first": plan.waves.first, "later": plan.waves.later, "most": plan.waves.most, "points": calibrated.points},
        "ward": {"years": length.years, "runs": length.runs, "burn_in_weeks": length.burn_in_weeks, "settings": sorted(job.simulator.settings)},
        "other_parameters": f"drawn {plan.others} times from their priors; their effect counts as not known" if plan.others
        else "at their point values",
        "targets_left_out": list(job.left_out),
    }  # fmt: skip
    write(
        out, job.names, calibrated.natural, identity=identity_now(target_identity(job.targets), Ledger.load()), method=method,
        diagnostics=diagnostics(found),
    )  # fmt: skip
    place = out / "report"
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files(found).items():
        write_whole(place / name, content)
