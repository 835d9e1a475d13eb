"""Population files and shift tables whose truth is known, and a fake ward that writes shifts, patients, acuity and reports."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wardsim.experiments.design.build import study_of
from wardsim.experiments.job import Job, Parts, RunResult, simulate
from wardsim.experiments.study.cells import Study
from wardsim.measures.columns import Columns
from wardsim.measures.declare import Value, ratio
from wardsim.measures.per_shift import COLUMNS
from wardsim.scenario.studies import StudyFile, load_study_text
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.facts import Facts

TRUSTS = """
kind: population
name: made up
trusts: {trusts}
wards_per_trust: {wards}
replications: {populations}
years: 0.25
seed: 11
spread:
  ward.beds: {{mean: 18, sd: 4, low: 8, high: 30, trust_share: {share}, assumption: a}}
  parameters.incidents.local_scale: {{distribution: lognormal, median: 1, sigma: {sigma}, low: 0.05, high: 20, assumption: a}}
ratings:
  needed: 1
  eased: [0.5, 2]
  row: W127
  criteria:
    assaults_true_per_1000_obd: {{excellent: 20, good: 40, fair: 80}}
published:
  - {{measure: assaults_true_per_1000_obd, row: INC045, explanation: made up}}
  - {{measure: occupancy}}
"""

STUDIES = """
kind: population
name: made up
replications: {populations}
seed: 11
studies:
  number: {number}
  row: W133
  wards: {{distribution: choice, levels: [1, 2], assumption: a}}
  months: {{distribution: choice, levels: [3, 6], assumption: a}}
  outcome: {{distribution: choice, levels: [aggression], assumption: a}}
  exposure: {{distribution: choice, levels: [nursing], assumption: a}}
  unit: {{distribution: choice, levels: [shift], assumption: a}}
  regression: {{distribution: choice, levels: [poisson], assumption: a}}
  wards_compared: {{distribution: choice, levels: [false], assumption: a}}
spread:
  ward.beds: {{mean: 18, sd: 4, low: 8, high: 30, assumption: a}}
"""


def trusts(trusts: int = 6, wards: int = 2, populations: int = 2, share: float = 0.5, sigma: float = 0.5) -> StudyFile:
    return load_study_text(TRUSTS.format(trusts=trusts, wards=wards, populations=populations, share=share, sigma=sigma))


def studies(number: int = 5, populations: int = 2) -> StudyFile:
    return load_study_text(STUDIES.format(number=number, populations=populations))


def built(file: StudyFile) -> Study:
    return study_of(file)


def shift_table(
    rng: np.random.Generator, shifts: int, *, effect: float = 0.0, acuity_on_staff: float = 0.0, acuity_on_rate: float = 0.0, rate: float = 0.5
) -> NDArray[np.float32]:
    """Shifts of one ward.

    Parameters
    ----------
    rng : numpy Generator
        Of chance.
    shifts : int
        How many.
    effect : float
        True log rate ratio of one more person on duty.
    acuity_on_staff : float
        Staff more for one level of acuity more (demand-led staffing).
    acuity_on_rate : float
        Log rate ratio of one level of acuity.
    rate : float
        Mean events a shift.
    """
    out = np.zeros((shifts, len(COLUMNS)))
    put = {name: out[:, i] for i, name in enumerate(COLUMNS)}
    put["start_day"][:] = np.arange(shifts) / 3
    put["kind"][:] = np.arange(shifts) % 3
    put["present"][:] = rng.normal(17, 1, shifts)
    put["acuity"][:] = 3 + rng.normal(0, 0.5, shifts)
    put["nursing"][:] = 5 + acuity_on_staff * (put["acuity"] - 3) + rng.normal(0, 0.7, shifts)
    put["registered"][:] = put["nursing"] / 2
    mean = np.exp(log(rate) + effect * (put["nursing"] - 5) + acuity_on_rate * (put["acuity"] - 3))
    put["aggression"][:] = rng.poisson(mean)
    return out.astype(np.float32)


def chance(seed: int, *key: int) -> np.random.Generator:
    """Chance of this fake's own: its numbers stay when those of the ward change."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


class FakeWard:
    """Three shifts a day with staff that vary, incidents whose rate is the ward's own scale, every one reported."""

    def __init__(
        self, scenario: Any, parameters: Mapping[str, float], seed: int, replication: int, *, begin: float, until: float, **_: Any
    ) -> None:
        self.scenario, self.p, self.begin, self.until = scenario, parameters, begin, until
        self.chance = chance(seed, replication, 4, 0)
        self.facts = Facts()

    def run(self) -> Facts:
        f, chance, scale = self.facts, self.chance, self.p["scale"]
        f.beds.append((self.begin, self.scenario.ward.beds - 1, 0, 0, 0, 0, 0))
        number = 0
        for day in range(int(self.begin // DAY), int(self.until // DAY)):
            f.acuity.append((day, 1, 2, 8, 4, 2))
            for name, start, hours in (("early", 420.0, 7.25), ("late", 825.0, 7.25), ("night", 1260.0, 9.5)):
                begin = day * DAY + start
                for role, people in (("rn", 2), ("hca", 2 + int(chance.integers(0, 3)))):
                    row = (begin, begin + hours * 60, day, name, role, 2, 2, people, 0, 0, 0, 0, 0, people * hours, 2 * hours)
                    f.shift.append(row)
                for _ in range(int(chance.poisson(0.3 * scale))):
                    time = begin + 60.0 + 300.0 * float(chance.random())
                    f.incident.append((time, number, 1, "assault", "direct", -1, "staff", 1, 1, 0, 0, "general"))
                    f.report.append((time, number, 0))
                    number += 1
        f.incident.sort()
        f.exposure.append((self.until, 1.0, 0.0))
        return f


def _draw(seed: int, number: int) -> dict[str, float]:
    u = 0.0 if number < 0 else float(chance(seed, number, 18, 0).random()) - 0.5
    return {"scale": exp(0.4 * u)}


def _condition(scenario: Any, parameters: Mapping[str, float]) -> dict[str, float]:
    return {"scale": parameters["scale"] * scenario.parameters.get("incidents.local_scale", 1.0)}


def _measure(columns: Columns, scenario: Any, parameters: Any, windows: Any, holidays: Any = None) -> list[dict[str, Value]]:
    out = []
    for start, end in windows:
        n = sum(1 for row in columns.facts.incident if start <= row[0] < end)
        days = scenario.ward.beds * (end - start) / DAY
        out.append({
            "assaults_true_per_1000_obd": ratio(n, days, 1000.0), "occupancy": Value(90.0, float("nan"), float("nan")),
        })  # fmt: skip
    return out


def fake(job: Job) -> RunResult:
    """Simulate with the fake parts; importable by workers."""
    return simulate(job, Parts(_draw, _condition, FakeWard, _measure, lambda seed, draw: {}))
