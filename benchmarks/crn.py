"""What common random numbers save: the variance of a paired difference over that of independent runs.

    python benchmarks/crn.py                              # 40 replications, about 15 minutes a setting on two processors
    python benchmarks/crn.py --settings "feedback off"    # one setting of the mechanisms only
    python benchmarks/crn.py --write                      # also stores the table in benchmarks/crn.md

Each change and the baseline run for one year from the same saved start (26 weeks of the baseline), with the same seed and
replication, at point parameters. For each measure the ratio is the variance of the paired difference over the sum of the variances
of the two years, which is the variance of the difference of two independent years; a ratio of 0.05 means that one pair tells as much as
twenty independent pairs. 95% intervals by bootstrap over replications. "Same" means that the two years agreed in every replication.

Settings of the mechanisms, the same in baseline and change:

* all off: no mechanism acts. What is left is what the change itself alters, and readmissions.
* feedback off: those off by which what happens on the ward changes who is on duty or who is a patient, or brings further
  incidents (injury, demand-led staffing, bed pressure, fatigue, contagion). How staff act on incidents stays on.
* on: the ward as shipped.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wardsim.experiments.job import POINT, Job, RunResult
from wardsim.experiments.local import run_jobs
from wardsim.parameters import Ledger
from wardsim.scenario.calendar import holidays_for
from wardsim.scenario.load import load
from wardsim.scenario.schema import Scenario
from wardsim.scenario.schema.run import MechanismsSection

ROOT = Path(__file__).resolve().parents[1]
SEED = 20250407
SHORTER = 0.95
"""Clinical phase of every patient referred after time zero, over that in the baseline."""
RESAMPLES = 2000

FEEDBACK = ("injury", "demand_staffing", "bed_pressure", "fatigue", "contagion")
"""Mechanisms by which what happens on the ward changes who is on duty or who is a patient, or brings further incidents."""
SETTINGS: dict[str, tuple[str, ...]] = {
    "all off": tuple(MechanismsSection.model_fields),
    "feedback off": FEEDBACK,
    "on": (),
}
CHANGES: dict[str, str] = {
    "+1 RN nights, funded": "plus-one-nurse-nights.yaml",
    "+1 RN nights, by bank": "plus-one-nurse-nights-by-bank.yaml",
    "5% shorter stay": "",
    "training honoured": "protected-training.yaml",
}

VALUE, NUMERATOR = 0, 1
MEASURES: dict[str, tuple[str, int]] = {
    "assaults, true, a year": ("assaults_true_per_1000_obd", NUMERATOR),
    "assaults, true, per 1,000 OBD": ("assaults_true_per_1000_obd", VALUE),
    "assaults, reported, a year": ("assaults_reported_per_1000_obd", NUMERATOR),
    "assaults, reported, per 1,000 OBD": ("assaults_reported_per_1000_obd", VALUE),
    "aggression, true, a year": ("aggression_true_per_1000_obd", NUMERATOR),
    "aggression, true, per 1,000 OBD": ("aggression_true_per_1000_obd", VALUE),
    "restrictive interventions, a year": ("restrictive_interventions_per_1000_obd", NUMERATOR),
    "restrictive interventions, per 1,000 OBD": ("restrictive_interventions_per_1000_obd", VALUE),
    "one-to-one, min per patient day": ("one_to_one_min_per_patient_day", VALUE),
    "cost, total": ("cost_total_per_year", VALUE),
    "cost, staff": ("cost_staff", VALUE),
    "observation, staff hours a day": ("observation_staff_hours_per_day", VALUE),
    "occupied bed days": ("occupied_bed_days", VALUE),
}
STAFF = ("cost_substantive_per_year", "cost_bank_per_year", "cost_agency_per_year")

Years = dict[str, NDArray[np.float64]]
"""Values of each measure, one a replication."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of variances with its 95% interval; all three NaN when the two years never differ in any replication."""

    ratio: float
    low: float
    high: float
    shift: float
    mean: float

    def __str__(self) -> str:
        if np.isnan(self.ratio):
            return "same"
        return f"{self.ratio:.3f} ({self.low:.3f} to {self.high:.3f})"


def scenario(change: str, off: Sequence[str]) -> Scenario:
    """The baseline or a change of it, with some mechanisms off."""
    overrides = [f"mechanisms.{name}=false" for name in off]
    if change == "5% shorter stay":
        median = SHORTER * Ledger.load().point()["flow.stay_clinical_median_days"]
        overrides.append(f"parameters.flow.stay_clinical_median_days={median!r}")
    file = CHANGES.get(change) or "baseline.yaml"
    return load(ROOT / "scenarios" / file, overrides).scenario


def years(change: str, off: Sequence[str], replications: int, processes: int, cache: str) -> Years:
    """One year of a change (or of "baseline") in each replication."""
    before = scenario("baseline", off)
    first = before.ward.start_date.year
    holidays = holidays_for(before, first - 2, first + 2)
    jobs = [
        Job(scenario(change, off), POINT, r, SEED, "transition", baseline=before, holidays=holidays, cache=cache)
        for r in range(replications)
    ]
    done = sorted(run_jobs(jobs, processes, seconds_per_run=4.0), key=lambda result: result.key)
    for result in done:
        if result.failure is not None:
            raise RuntimeError(f"{change}, replication {result.replication}: {result.failure.error}")
    return {label: np.array([value(result, *where) for result in done]) for label, where in MEASURES.items()}


def value(result: RunResult, name: str, part: int) -> float:
    """One number of one run."""
    whole = dict(zip(result.names, result.values[0], strict=True))
    if name == "cost_staff":
        return float(sum(whole[n][VALUE] for n in STAFF))
    if name == "occupied_bed_days":
        return float(whole["assaults_true_per_1000_obd"][2])
    return float(whole[name][part])


def ratio(before: NDArray[np.float64], after: NDArray[np.float64]) -> Ratio:
    """Variance of the paired difference over the sum of the variances, bootstrapped over replications."""
    if np.array_equal(before, after):
        return Ratio(np.nan, np.nan, np.nan, 0.0, float(before.mean()))

    def of(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        apart: NDArray[np.float64] = a.var(axis=-1, ddof=1) + b.var(axis=-1, ddof=1)
        return (b - a).var(axis=-1, ddof=1) / apart

    rows = np.random.default_rng(SEED).integers(0, len(before), (RESAMPLES, len(before)))
    low, high = np.quantile(of(before[rows], after[rows]), (0.025, 0.975))
    return Ratio(float(of(before, after)), float(low), float(high), float((after - before).mean()), float(before.mean()))


def measured(setting: str, replications: int, processes: int, cache: str, tell: Callable[[str], None]) -> dict[str, dict[str, Ratio]]:
    """Ratios by measure and change under one setting of the mechanisms."""
    off = SETTINGS[setting]
    tell(f"{setting}: baseline")
    base = years("baseline", off, replications, processes, cache)
    found: dict[str, dict[str, Ratio]] = {label: {} for label in MEASURES}
    for change in CHANGES:
        tell(f"{setting}: {change}")
        after = years(change, off, replications, processes, cache)
        for label in MEASURES:
            found[label][change] = ratio(base[label], after[label])
    return found


def table(found: dict[str, dict[str, Ratio]]) -> str:
    """One setting as a Markdown table; under each ratio the mean difference and the baseline's mean."""
    lines = ["| measure (mean of the baseline) | " + " | ".join(CHANGES) + " |", "|" + "---|" * (len(CHANGES) + 1)]
    for label, row in found.items():
        cells = [str(r) if np.isnan(r.ratio) else f"{r}; {r.shift:+,.4g}" for r in row.values()]
        lines.append(f"| {label} ({next(iter(row.values())).mean:,.4g}) | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print and, if asked, store."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--replications", type=int, default=40)
    options.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    options.add_argument("--settings", nargs="+", choices=list(SETTINGS), default=list(SETTINGS))
    options.add_argument("--write", action="store_true", help="store the table in benchmarks/crn.md")
    chosen = options.parse_args()
    pieces = []
    with tempfile.TemporaryDirectory() as cache:
        for setting in chosen.settings:
            found = measured(setting, chosen.replications, chosen.processes, cache, lambda text: print(text, file=sys.stderr, flush=True))
            pieces.append(f"## Mechanisms {setting}\n\n{table(found)}\n")
            print("\n" + pieces[-1], flush=True)
    if chosen.write:
        (ROOT / "benchmarks" / "crn.md").write_text(page(chosen.replications, pieces), encoding="utf-8")


def page(replications: int, pieces: Sequence[str]) -> str:
    """The stored page."""
    return (
        "# What common random numbers save\n\n"
        "Made by `python benchmarks/crn.py --write`, which says what is measured and how. Variance of the paired difference over that of\n"
        f"independent years (95% interval); then the mean difference. {replications} replications of one year, seed {SEED}.\n\n"
        + "\n".join(pieces)
    )


if __name__ == "__main__":
    main()
