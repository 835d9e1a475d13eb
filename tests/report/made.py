"""Results folders of every kind, made in seconds: real study files and real names of measures, values from a few sums."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from wardsim.experiments.executor import Here
from wardsim.experiments.job import Job, RunResult
from wardsim.experiments.profile import NAMES
from wardsim.experiments.study.cells import Study
from wardsim.experiments.study.finished import Finished
from wardsim.experiments.study.kinds import analysis_of
from wardsim.experiments.study.session import Session
from wardsim.measures import MEASURES
from wardsim.measures.one_day import LEAVES, MEANS, ROLES, TYPES, WHATS, WORKS

LEVELS = {
    "assaults_true_per_1000_obd": (40.0, 4.0), "assaults_reported_per_1000_obd": (14.0, 2.0),
    "restrictive_interventions_per_1000_obd": (22.0, 3.0), "one_to_one_min_per_patient_day": (12.0, 0.8),
    "no_one_to_one_first_week": (8.0, 1.0), "training_release_honoured": (80.0, 3.0), "cost_total_per_year": (1_950_000.0, 30_000.0),
    "cost_substantive_per_year": (1_500_000.0, 9_000.0), "cost_bank_per_year": (150_000.0, 9_000.0), "cost_agency_per_year": (80_000.0, 9_000.0),
    "catchment_assaults_true_per_year": (250.0, 20.0), "self_harm_true_per_1000_obd": (9.0, 2.0),
}  # fmt: skip
"""Mean and chance of one year."""


def effect(job: Job, name: str) -> float:
    """What a ward changes, in shares of the chance of one year: more for more nurses, and other in every draw."""
    staffing, training = job.scenario.staffing, job.scenario.training
    nurses = staffing.required.night.rn - 2 + sum(
        getattr(extra, shift).rn for extra in (staffing.funded_extra, staffing.by_bank_extra) for shift in ("early", "late", "night")
    )  # fmt: skip
    helpers = staffing.funded_extra.night.hca + staffing.required.night.hca - 2
    kept = 1.0 if training.protected else -1.0 if training.release_rule == "never" else 0.0
    fixed = sum(math.log(abs(value) + 1.0) for value in job.scenario.parameters.values())
    unknown = np.random.default_rng([job.seed, job.draw + 1, len(name)]).standard_normal() if job.draw >= 0 else 0.0
    sign = {"lower": -1.0, "higher": 1.0}.get(MEASURES[name].direction, 0.0)
    if name.startswith("cost"):
        return nurses * 2.0 + helpers * 1.0 + 0.5 * kept + 0.1 * unknown * abs(nurses)
    return sign * (nurses * (0.8 + 0.5 * unknown) + 0.3 * helpers + kept * (0.3 + 0.4 * unknown)) + 0.2 * fixed * nurses


def simulate(job: Job) -> RunResult:
    """Values of a run over all windows."""
    key = hashlib.sha256(job.scenario.model_dump_json().encode()).digest()
    own = np.random.default_rng([job.seed, job.replication, int.from_bytes(key[:4], "big")])
    shared = np.random.default_rng([job.seed, job.replication])
    rows = []
    for _ in job.windows():
        row = []
        for name, (mean, chance) in LEVELS.items():
            noise = 0.95 * shared.standard_normal() + 0.3 * own.standard_normal()
            row.append((mean + chance * (effect(job, name) + noise), math.nan, math.nan))
        rows.append(row)
    made = RunResult(job.draw, job.replication, names=tuple(LEVELS), values=np.array(rows), seconds=0.001)
    if job.extra == "profile":
        sums = 100.0 + 10.0 * own.standard_normal(len(NAMES)) + 5.0 * effect(job, "one_to_one_min_per_patient_day")
        weekly = np.tile([[5.0, 120.0], [1400.0, 120.0]], (int(job.years * 52), 1)) + own.integers(0, 4, (2 * int(job.years * 52), 1)) * [1.0, 0.0]
        made.extra = np.concatenate([np.column_stack([sums, np.full(len(NAMES), 50.0)]), weekly]).astype(np.float32)
    elif job.extra == "day":
        made.extra = A_DAY
    return made


def a_day() -> np.ndarray:
    """Two nurses and an assistant, four patients of whom one goes on leave and one comes, two incidents."""
    what, role, work = WHATS.index, ROLES.index, WORKS.index
    rows = [
        (what("day"), 20160, 21600, -1, -1, -1, -1, -1),
        (what("duty"), -120, 450, 7, role("rn"), -1, -1, -1), (what("duty"), 420, 900, 9, role("rn"), -1, -1, -1),
        (what("duty"), 870, 1500, 4, role("hca"), -1, -1, -1), (what("duty"), 540, 1020, 2, role("doctor"), -1, -1, -1),
        (what("work"), -60, 120, 7, role("rn"), work("documentation"), -1, -1), (what("work"), 500, 560, 9, role("rn"), work("one_to_one"), 31, -1),
        (what("work"), 600, 630, 9, role("rn"), work("break"), -1, -1), (what("work"), 905, 940, 4, role("hca"), work("incident_response"), 12, -1),
        (what("stay"), -9000, 2880, -1, -1, -1, 12, -1), (what("stay"), -500, 2880, -1, -1, -1, 31, -1),
        (what("stay"), -300, 1000, -1, -1, -1, 17, -1), (what("stay"), 700, 2880, -1, -1, -1, 40, -1),
        (what("leave"), 300, 1440, -1, -1, LEAVES.index("overnight"), 31, -1),
        (what("incident"), 904, 904, 4, -1, TYPES.index("assault"), 12, 1), (what("incident"), 1310, 1310, -1, -1, TYPES.index("verbal"), 12, 0),
        (what("containment"), 910, 925, -1, -1, MEANS.index("restraint"), 12, -1),
    ]  # fmt: skip
    return np.array(rows, dtype=np.float32)


A_DAY = a_day()


def make(study: Study, folder: Path, task: Callable[[Job], RunResult] = simulate) -> Finished:
    """Run a study to its end."""
    with Session(study, folder, executor=Here(), task=task) as session:
        return analysis_of(study.kind)(session)


def from_file(path: str | Path, folder: Path, *overrides: str, task: Callable[[Job], RunResult] = simulate) -> Finished:
    """A study file to its end."""
    from wardsim.experiments.design.build import study_of
    from wardsim.scenario.studies import load_study

    return make(study_of(load_study(str(path), list(overrides))), folder, task)


def write(folder: Path, text: str) -> Path:
    """A study file."""
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


SIX = """
name: Six ways to spend
question: What changes when the ward funds one more person at night, fills the shift by bank, or protects training?
base: baseline.yaml
options:
  - {name: "Registered nurse at night, funded", scenario: plus-one-nurse-nights.yaml, question: One more registered nurse with the posts.}
  - {name: "Registered nurse at night, by bank", scenario: plus-one-nurse-nights-by-bank.yaml}
  - {name: "Healthcare assistant at night, funded", set: {staffing.funded_extra.night.hca: 1}}
  - {name: Protected training, scenario: protected-training.yaml}
  - {name: Nobody released, scenario: no-release.yaml}
replications: 40
years: 1
"""
TORNADO = """
name: What decides the value of a night nurse
base: baseline.yaml
option: {name: One more nurse, scenario: plus-one-nurse-nights.yaml}
outcomes: [assaults_true_per_1000_obd]
parameters: [incidents.assault_per_1000_days, mechanisms.response_presence_escalation, work.documentation_min_per_patient_shift]
method: tornado
replications: 6
years: 1
"""
