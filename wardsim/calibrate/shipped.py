"""The calibration of the package: its targets, free parameters and wards, how long the full and the reduced one are, and where
what they find is put.

    OUT/waves/          runs and waves; an interrupted calibration goes on from there
    OUT/posterior/      draws.csv, manifest.json
    OUT/report/         report.md, index.html, targets.csv, parameters.csv, shown.csv, diagnostics.json
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wardsim.experiments.results import write_whole
from wardsim.experiments.sensitivity.problem import Problem
from wardsim.parameters import Entry, Ledger
from wardsim.scenario.shipped import shipped

from .compare import LAYERS
from .conduct import Calibrated, Plan
from .found import Found, diagnostics
from .free import entries, load_free
from .inference import CalibrationError
from .posterior import identity_now, table_bytes, write
from .published import PublishedJudge
from .reading import scenario_of
from .report import files
from .sampling import Chains
from .shown import NotFitted, not_fitted, stored_values, with_values
from .targets import Targets, load_targets
from .targets_now import target_identity
from .together import alternatives
from .wards import OTHERS_RUNS, Length, WardSimulator
from .waves import Tell, Waves, stored_run

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor
    from wardsim.experiments.study.session import Progress

FULL = Plan("full", Waves(first=20, later=8, most=3, candidates=32768), Chains(), others=40, check=120)
FULL_LENGTH = Length(years=1.5, runs=1, burn_in_weeks=13, years_in={"short_stay": 1.0})
"""A year or more in the baseline ward, where figures on training are of the last year; the wards with short stays see twice the
admissions in the same time and cost half as much again."""
STRUCTURE_LENGTH = Length(years=1.0, runs=1, burn_in_weeks=13, years_in={"short_stay": 0.5})
"""Of runs with mechanisms off and on: most of their chance cancels, so that they may be shorter."""
REDUCED = Plan(
    "reduced", Waves(first=6, later=2, most=2, candidates=4096), Chains(walkers=64, enough=300, burn=150, chunk=150, most=900, weighed=400),
    others=6, check=8, draws=200,
)  # fmt: skip
"""For CI: does everything once, and is too coarse to be used."""
REDUCED_LENGTH = Length(years=0.4, runs=1, burn_in_weeks=2, warm_up_weeks=1)
REDUCED_FREE = 4
"""The first so many free parameters of the file."""
MOST_MISSING = 0.5
"""Share of outcomes without a value at one point beyond which something is wrong with the ward or the plan."""


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
    notes : dict of str to str
        What the targets file says against each figure.
    layers : dict of str to str
        Channel of each target.
    """

    plan: Plan
    simulator: WardSimulator
    judge: PublishedJudge
    targets: Targets
    names: tuple[str, ...]
    labels: dict[str, str]
    notes: dict[str, str]
    layers: dict[str, str]

    def ward_years(self) -> float:
        """Simulated years at most, run-in included."""
        return sum(self.budget().values())

    def budget(self) -> dict[str, float]:
        """The same by step."""
        d, waves, of = len(self.names), self.plan.waves, self.simulator.ward_years
        steps = {"other parameters": of(self.plan.others, OTHERS_RUNS), "wave 1": of(d * waves.first)}
        steps |= {f"wave {i}": of(d * waves.later) for i in range(2, waves.most + 1)}
        return {**steps, "draws of the posterior": of(self.plan.check)}


def _chosen(place: Path, ledger: Ledger, reduced: bool) -> tuple[Entry, ...]:
    chosen = entries(load_free(place), ledger)
    return chosen[:REDUCED_FREE] if reduced else chosen


def _simulator(
    targets: Targets, judge: PublishedJudge, chosen: tuple[Entry, ...], reduced: bool, executor: Executor | None,
    on_progress: Callable[[Progress], None] | None,
) -> WardSimulator:  # fmt: skip
    wards = {
        s.id: scenario_of(targets, s.id).scenario
        for s in targets.settings
        if any(t.setting == s.id for t in judge.targets)
    }
    plan, length = (REDUCED, REDUCED_LENGTH) if reduced else (FULL, FULL_LENGTH)
    return WardSimulator(
        Problem.of_entries(chosen), judge.looked_at, wards, length, plan.seed, executor, on_progress=on_progress
    )


def simulator_of(
    folder: Path, *, executor: Executor | None = None, on_progress: Callable[[Progress], None] | None = None
) -> WardSimulator:
    """The wards of the full calibration of a calibration folder, as long as it runs them.

    Parameters
    ----------
    folder : Path
        With targets, free parameters and priors.
    executor, on_progress
        As of a `Session`.
    """
    targets, ledger = load_targets(folder), Ledger.load(folder)
    chosen = _chosen(folder, ledger, reduced=False)
    return _simulator(targets, PublishedJudge.of(targets), chosen, False, executor, on_progress)


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
        When half of the outcomes have no value on their ward.
    """
    place = folder or shipped("calibration")
    targets, ledger = load_targets(place), Ledger.load(place)
    chosen = _chosen(place, ledger, reduced)
    judge, plan = PublishedJudge.of(targets), REDUCED if reduced else FULL
    simulator = _simulator(targets, judge, chosen, reduced, executor, on_progress)
    problem = simulator.problem
    labels = {t.id: t.label for t in targets.targets} | {e.name: e.label for e in chosen}
    tell("one point, to see that every outcome has a value")
    pilot = stored_run(simulator, np.full((1, len(problem)), 0.5), waves, "pilot")
    missing = ~np.isfinite(pilot.mean[0])
    if missing.mean() > MOST_MISSING:
        raise CalibrationError(
            f"{int(missing.sum())} of {len(missing)} outcomes have no value on their ward; see {waves}"
        )
    for name, gone in zip(judge.operators, missing, strict=True):
        if gone:
            tell(f"{name} has no value at this point")
    notes = {t.id: " ".join(filter(None, (t.conflict, t.note, t.discrepancy.reason))) for t in targets.targets}
    return Job(plan, simulator, judge, targets, problem.names, labels, notes, {t.id: LAYERS[t.layer] for t in targets.targets})


def shown(job: Job, calibrated: Calibrated) -> list[NotFitted]:
    """Figures that are not fitted, beside the ward at draws of this posterior where a reference result holds it."""
    digest = hashlib.sha256(table_bytes(job.names, calibrated.natural)).hexdigest()
    return with_values(not_fitted(job.targets), stored_values(digest))


def instead(calibrated: Calibrated) -> dict[str, PublishedJudge]:
    """The targets without their known faults, for `report.find`."""
    judge = calibrated.judge
    return alternatives(judge) if isinstance(judge, PublishedJudge) else {}


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
        "ward": {"years": {name: length.of(name) for name in sorted(job.simulator.settings)}, "runs": length.runs, "burn_in_weeks": length.burn_in_weeks},
        "other_parameters": f"drawn {plan.others} times from their priors; their effect counts as not known" if plan.others
        else "at their point values",
        "targets_out_of_reach": sorted(calibrated.history.aside), "targets_without_value": sorted(calibrated.history.unvalued),
    }  # fmt: skip
    write(
        out, job.names, calibrated.natural, identity=identity_now(target_identity(job.targets), Ledger.load()), method=method,
        diagnostics=diagnostics(found), chains=plan.chains.ensembles,
    )  # fmt: skip
    place = out / "report"
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files(found).items():
        write_whole(place / name, content)
