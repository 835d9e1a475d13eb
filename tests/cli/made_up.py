"""A ward of a few sums, for the commands on studies: real names of measures, the real ledger, effects that are known.

Every value is base + effects of the scenario + effects of a few parameters (in standard normal scores of their draw) + chance of the run,
which is the same in all wards up to `OWN`. Imported by worker processes too.
"""

from __future__ import annotations

import math
import os
from functools import cache
from statistics import NormalDist

import numpy as np

from wardsim.experiments.job import Job, RunResult, failed
from wardsim.parameters import Ledger
from wardsim.parameters.draw import uniform

ASSAULTS, CONTACT, COST = "assaults_true_per_1000_obd", "one_to_one_min_per_patient_day", "cost_total_per_year"
REPORTED, YEARLY, RESTRICTIVE = (
    "assaults_reported_per_1000_obd", "catchment_assaults_true_per_year", "restrictive_interventions_per_1000_obd",
)  # fmt: skip
NAMES = (ASSAULTS, REPORTED, CONTACT, COST, YEARLY, RESTRICTIVE)
EFFECT, BASELINE = "mechanisms.response_presence_escalation", "incidents.assault_per_1000_days"
"""Parameters that matter: of the difference that nurses make, and of the level that all wards share."""
CHANCE = {ASSAULTS: 4.0, REPORTED: 2.0, CONTACT: 2.0, COST: 20_000.0, YEARLY: 6.0, RESTRICTIVE: 2.0}
"""Standard deviation of the chance of a run."""
OWN = 0.3
"""Of it, what is a ward's own and not that of all wards."""
SLOPE, PER_NURSE, PER_BED = 1.5, -2.0, 0.7
NURSE_COST = 50_000.0


@cache
def median(name: str) -> float:
    low, high = Ledger.load()[name].quantiles(0.5, 0.5)
    return (low + high) / 2.0


def nurses(job: Job) -> float:
    """Registered nurses beyond the baseline, at night."""
    staffing = job.scenario.staffing
    return staffing.required.night.rn - 2 + staffing.funded_extra.night.rn + staffing.by_bank_extra.night.rn


def score(job: Job, name: str) -> float:
    """Standard normal score of a parameter in the draw of a job; of a fixed one the share of its range."""
    fixed = job.scenario.parameters.get(name)
    if fixed is not None:
        low, high = Ledger.load()[name].quantiles(0.05, 0.95)
        return (fixed - low) / (high - low)
    return 0.0 if job.draw < 0 else NormalDist().inv_cdf(uniform(job.seed, job.draw, name))


def expected(job: Job) -> dict[str, float]:
    """The measures without chance."""
    n, beds = nurses(job), job.scenario.ward.beds - 18
    slope = SLOPE if job.scenario.mechanisms.response else 0.0
    effect = PER_NURSE if job.scenario.mechanisms.response else 0.25 * PER_NURSE
    assaults = 40.0 + 3.0 * score(job, BASELINE) + (effect + slope * score(job, EFFECT)) * n + PER_BED * beds
    contact = 30.0 + 1.5 * n - 0.4 * beds
    cost = 2_000_000.0 + NURSE_COST * n + 10_000.0 * beds + 30_000.0 * job.scenario.training.protected
    return {
        ASSAULTS: assaults, REPORTED: 0.3 * assaults, CONTACT: contact, COST: cost, YEARLY: 6.0 * assaults, RESTRICTIVE: 0.5 * assaults,
    }  # fmt: skip


def simulate(job: Job) -> RunResult:
    """Values of a run over all windows; replications named in MADE_UP_FAILS fail."""
    if str(job.replication) in os.environ.get("MADE_UP_FAILS", "").split():
        return failed(job, "ward", RuntimeError("made to fail"))
    shared = np.random.default_rng([job.seed, job.replication])
    own = np.random.default_rng([job.seed, job.replication, int(100 * nurses(job)) + 50, job.scenario.ward.beds])
    spread = 1.0 / math.sqrt(max(job.years, 0.1))
    windows = []
    for _ in job.windows():
        row = []
        for name, mean in expected(job).items():
            noise = math.sqrt(1.0 - OWN**2) * shared.standard_normal() + OWN * own.standard_normal()
            row.append((mean + CHANCE[name] * spread * noise, math.nan, math.nan))
        windows.append(row)
    values = np.array(windows, dtype=np.float64)
    return RunResult(job.draw, job.replication, names=NAMES, values=values, seconds=0.001)


def task() -> object:
    """What simulates, in place of `wardsim.cli.studies.task`."""
    return simulate
