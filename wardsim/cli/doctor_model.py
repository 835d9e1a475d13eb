"""Is the model whole: shipped scenarios, evidence, posterior, reference results; and does a ward run?"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from .doctor_check import Check

AGAIN = "install wardsim again"
DAYS = 7.0
"""Days of the ward that is run."""


def scenarios() -> Iterator[Check]:
    """Are the shipped scenarios there and in order?"""
    from wardsim.scenario.load import ScenarioError, load
    from wardsim.scenario.shipped import shipped_scenarios, shipped_studies

    try:
        files, studies = shipped_scenarios(), shipped_studies()
        for path in files.values():
            load(path)
    except (FileNotFoundError, ScenarioError) as error:
        yield Check("scenarios", "fail", str(error).splitlines()[0], AGAIN)
        return
    details = {"scenarios": len(files), "studies": len(studies)}
    if "baseline" in files and studies:
        yield Check("scenarios", "ok", f"{len(files)} scenarios, all in order, and {len(studies)} studies", details=details)
    else:
        yield Check("scenarios", "fail", f"only {len(files)} scenarios and {len(studies)} studies are there", AGAIN, details)


def evidence() -> Iterator[Check]:
    """Are ledger and evidence there and in order?"""
    from wardsim.parameters import Ledger
    from wardsim.parameters.evidence import REGISTER, read_register
    from wardsim.scenario.shipped import shipped

    try:
        ledger = Ledger.load()
        rows = read_register(shipped("calibration") / REGISTER)
    except (OSError, ValueError) as error:
        yield Check("evidence", "fail", " ".join(str(error).split())[:300], AGAIN)
        return
    details = {"parameters": len(ledger.names()), "rows": len(rows), "ledger": ledger.hash}
    found = f"{len(ledger.names())} parameters on {len(rows)} rows of evidence, ledger {ledger.hash[:8]}"
    yield Check("evidence", "ok", found, details=details)


def posterior() -> Iterator[Check]:
    """Is the calibrated posterior there, and does it belong to model, targets and priors?"""
    from wardsim.calibrate.posterior import changed_text, changes
    from wardsim.parameters.posterior import Posterior, PosteriorError
    from wardsim.scenario.shipped import shipped

    try:
        found = Posterior.read(shipped("calibration"))
    except (PosteriorError, FileNotFoundError) as error:
        yield Check("posterior", "fail", str(error), f"{AGAIN}; until then runs draw from priors")
        return
    details = {"posterior": found.hash, "draws": len(found), "parameters": len(found.names)}
    if stale := changes(found):
        yield Check("posterior", "warn", changed_text(stale), "until then runs draw from priors", {**details, "changed": stale})
        return
    said = f"{len(found):,} draws of {len(found.names)} parameters, {found.hash[:8]}; made with this model, these targets and priors"
    yield Check("posterior", "ok", said, details=details)


def references() -> Iterator[Check]:
    """Are the reference results there?"""
    from wardsim.experiments.reproduce.reference import references as stored

    try:
        known = stored()
    except (OSError, ValueError, KeyError):
        known = {}
    if known:
        yield Check("reference results", "ok", f"{len(known)}, for `wardsim reproduce`", details={"names": sorted(known)})
    else:
        yield Check("reference results", "warn", "none are there, or they are damaged; `wardsim reproduce` will not work", AGAIN)


def simulation() -> Iterator[Check]:
    """Does a ward of a few days run, and are its numbers numbers?"""
    from wardsim.experiments.job import POINT, Job, simulate
    from wardsim.scenario.load import load
    from wardsim.scenario.shipped import shipped_scenarios

    scenario = load(shipped_scenarios()["baseline"], ["start.burn_in_weeks=0"]).scenario
    begun = time.perf_counter()
    run = simulate(Job(scenario, POINT, 0, scenario.run.seed, years=DAYS / 365.25, warm_up_weeks=0.0))
    seconds = time.perf_counter() - begun
    details = {"days": DAYS, "seconds": round(seconds, 3), "measures": len(run.names)}
    if run.failure is not None:
        yield Check("simulation", "fail", f"the ward does not run ({run.failure.stage}: {run.failure.error})", f"{AGAIN}, and report it", details)
        return
    values = dict(zip(run.names, run.values[0, :, 0].tolist(), strict=True))
    bad = [name for name, value in values.items() if not math.isfinite(value) and name not in run.missing]
    if bad or not values:
        said = f"{', '.join(bad[:3])} of the ward are no numbers" if bad else "the ward has no measures"
        yield Check("simulation", "fail", said, f"{AGAIN}, and report it", {**details, "not_finite": bad})
        return
    yield Check("simulation", "ok", f"{DAYS:.0f} days of the baseline ward in {seconds:.1f} s, {len(values)} measures", details=details)
