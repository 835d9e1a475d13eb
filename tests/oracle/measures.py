"""What is compared: one set of numbers from a run, made in one way for the oracle and for the real ward."""

from __future__ import annotations

from collections import Counter
from math import inf

import numpy as np

from tests.oracle.bed_ward import COURSE_DAYS, Seen
from tests.oracle.hazards import FAMILY, NIGHT, PEAKS, TYPES
from tests.oracle.pool import Job

Measures = dict[str, float]
MARGIN = 2.0 * 1440.0
"""Work that comes in the first or last two days of a run is left out (minutes)."""


def of_flow(seen: Seen, beds: int = 18) -> Measures:
    """Beds, stays, and acuity."""
    occupied = {n: hours / seen.hours for n, hours in seen.occupied.items()}
    mean = sum(n * share for n, share in occupied.items())
    years = seen.hours / 24.0 / 365.25
    return {
        "patients on the ward": mean,
        "variance of that": sum((n - mean) ** 2 * share for n, share in occupied.items()),
        "share of time full": sum(share for n, share in occupied.items() if n >= beds),
        "on leave": seen.on_leave / seen.hours,
        "waiting": seen.waiting / seen.hours,
        "out of area": seen.away / seen.hours,
        "admissions a year": seen.admissions / years,
        "placed out of area a year": seen.placed / years,
        "lapsed a year": seen.lapsed / years,
        "readmissions a year": seen.readmissions / years,
        "mean stay": float(np.mean(seen.stays)),
        "median stay": float(np.median(seen.stays)),
        "admissions at level 4 or 5": seen.high / seen.first_comings,
        **{f"census at level {k}": n / sum(seen.census.values()) for k, n in sorted(seen.census.items())},
        **{f"mean acuity on day {d}": float(np.mean(seen.course[d])) for d in COURSE_DAYS},
    }


def of_incidents(seen: Seen) -> Measures:
    """Rates by type for 1,000 occupied bed days, concentration in few patients, hours of the day, ends of stays."""
    days = sum(n * hours for n, hours in seen.occupied.items()) / 24.0
    kinds = Counter((kind, origin) for _, kind, origin, _ in seen.incidents)
    aggression = [(time, who) for time, kind, _, who in seen.incidents if FAMILY.get(kind) == "aggression"]
    each = sorted(Counter(who for _, who in aggression).values(), reverse=True)
    hours = [int(time % 24.0) for time, _ in aggression]
    patients = len(seen.patients)
    return {
        "patients on the ward": days * 24.0 / seen.hours,
        **{f"{kind}, direct": 1000.0 * kinds[kind, "direct"] / days for kind in TYPES},
        "assault, by escalation": 1000.0 * kinds["assault", "escalation"] / days,
        "all aggression": 1000.0 * len(aggression) / days,
        "share by the top tenth of patients": sum(each[: round(patients / 10)]) / len(aggression),
        "patients with any aggression": len(each) / patients,
        "aggression at night": sum(h in NIGHT for h in hours) / len(hours),
        "aggression in peak hours": sum(h in PEAKS["aggression"] for h in hours) / len(hours),
        **{f"{how}, per 1,000 bed days": 1000.0 * seen.ends[how] / days for how in ("restraint", "seclusion", "picu", "absconded")},
    }


Row = tuple[str, float, float, str]
"""Kind, when it came and when it was begun (minutes; infinity: never), outcome."""


def of_work(jobs: list[Job], rows: list[Row], spent: Counter[str], minutes: float, on_duty: float, nobody: int) -> Measures:
    """Waits, outcomes and minutes a day by kind.

    Parameters
    ----------
    spent : Counter
        Person-minutes by kind.
    on_duty : float
        Person-minutes on duty.
    nobody : int
        Emergencies to which nobody came.
    """
    found = {"people on duty": on_duty / minutes, "emergencies to which nobody came, a day": nobody / minutes * 1440.0}
    for job in jobs:
        found[f"{job.name}: minutes a day"] = spent[job.name] / minutes * 1440.0
        if job.emergency:
            continue
        mine = [r for r in rows if r[0] == job.name and MARGIN <= r[1] < minutes - MARGIN]
        waits = np.array([r[2] - r[1] for r in mine if r[2] < inf])
        found[f"{job.name}: mean wait"] = float(waits.mean())
        found[f"{job.name}: share that waits"] = float((waits > 0.0).mean())
        outcomes = Counter(r[3] for r in mine)
        for outcome in ("done", "not_done", "cut_short"):
            found[f"{job.name}: {outcome}"] = outcomes[outcome] / len(mine)
    return found
