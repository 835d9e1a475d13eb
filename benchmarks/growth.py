"""How the cost of a run grows with beds, years and incidents: exponents of cost ~ size^exponent."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import median
from time import process_time
from typing import Any

from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY, YEAR
from wardsim.ward.core.memory import seldom_collecting
from wardsim.ward.incidents.intensity import TYPES
from wardsim.ward.ward import Ward

from .apart import apart
from .figures import exponent, student, table
from .report import Finding

BEDS = (10, 20, 40, 80)
FACTORS = (1.0, 3.0, 10.0)
LIMIT = 1.1
"""Exponent that should not be passed."""


def scaled(beds: int) -> Scenario:
    """The baseline with staff, establishment and everything else that goes with beds in proportion to them."""
    plain = Scenario(name="scaled")
    by = beds / plain.ward.beds
    staffing = plain.staffing

    def people(n: int) -> int:
        return max(1, round(n * by))

    return Scenario.model_validate(
        {
            "name": "scaled",
            "ward": {"beds": beds, "seclusion_rooms": min(5, ceil(by)), "low_stimulus_rooms": min(5, ceil(by))},
            "staffing": {
                "required": {
                    shift: {"rn": people(numbers.rn), "hca": people(numbers.hca)}
                    for shift in ("early", "late", "night")
                    for numbers in (getattr(staffing.required, shift),)
                },
                "establishment": {
                    name: min(value * by, 3.0) if name == "ward_manager_wte" else value * by
                    for name, value in staffing.establishment
                    if name.endswith("_wte")
                },
                "multidisciplinary": {
                    name: min(value * by, 10.0) for name, value in staffing.multidisciplinary if name.endswith("_wte")
                },
                "temporary": {"regular_pool_size": min(200, round(staffing.temporary.regular_pool_size * by))},
            },
        }
    )


def cost(scenario: Scenario, days: float, seed: int, factor: float = 1.0, marks: Sequence[float] = ()) -> dict[str, Any]:
    """CPU seconds of one run, up to each of some times (minutes) and to the end, and the incidents in it."""
    parameters = dict(condition(scenario, Ledger.load().point()))
    for name in TYPES:
        parameters[f"incidents.{name}_per_1000_days"] *= factor
    ward = Ward(scenario, parameters, seed, 0, begin=0.0, until=days * DAY)
    seconds = []
    with seldom_collecting():
        begin = process_time()
        for mark in marks:
            ward.ctx.env.run(until=mark)
            seconds.append(process_time() - begin)
        facts = ward.run()
        seconds.append(process_time() - begin)
    return {"seconds": seconds, "incidents": len(facts.incident)}


def beds(sizes: Sequence[int], days: float, seed: int) -> list[float]:
    """CPU seconds for each number of beds."""
    cost(scaled(sizes[0]), 7.0, seed)
    return [cost(scaled(n), days, seed)["seconds"][-1] for n in sizes]


def years(ends: Sequence[int], seed: int) -> list[float]:
    """CPU seconds from the start to the end of each of these years, of one run to the last of them."""
    cost(Scenario(name="baseline"), 7.0, seed)
    marks = [n * YEAR for n in ends[:-1]]
    found: list[float] = cost(Scenario(name="baseline"), ends[-1] * YEAR / DAY, seed, marks=marks)["seconds"]
    return found


def incidents(factors: Sequence[float], days: float, seed: int) -> dict[str, list[float]]:
    """CPU seconds, and incidents, with all rates of incidents times each factor."""
    cost(Scenario(name="baseline"), 7.0, seed)
    runs = [cost(Scenario(name="baseline"), days, seed, factor) for factor in factors]
    return {"seconds": [r["seconds"][-1] for r in runs], "incidents": [float(r["incidents"]) for r in runs]}


def report(repeats: int, quick: bool) -> Finding:
    """One process a repeat and question; the exponent is fitted in each repeat, so that its interval holds the machine's noise."""
    days = 14.0 if quick else 91.0
    ends = (1, 2, 4) if quick else (1, 2, 5, 10, 20)
    by_beds = [apart("benchmarks.growth:beds", sizes=BEDS, days=days, seed=1 + r) for r in range(repeats)]
    by_years = [apart("benchmarks.growth:years", ends=ends, seed=1 + r) for r in range(repeats)]
    tenfold = [apart("benchmarks.growth:incidents", factors=FACTORS, days=2.0 * days, seed=1 + r) for r in range(repeats)]
    by_incidents = [got["seconds"] for got in tenfold]
    counts = [median(got["incidents"][n] for got in tenfold) for n in range(len(FACTORS))]
    questions: tuple[tuple[str, Sequence[float], list[list[float]], list[str]], ...] = (
        (f"beds, staff with them ({days:g} days)", BEDS, by_beds, [f"{n}" for n in BEDS]),
        ("years of one run", ends, by_years, [f"{n}" for n in ends]),
        (
            f"rates of incidents ({2.0 * days:g} days)", FACTORS, by_incidents,
            [f"x{f:g}, {n:,.0f} incidents" for f, n in zip(FACTORS, counts, strict=True)],
        ),
    )  # fmt: skip
    rows, figures = [], {}
    for name, sizes, costs, labels in questions:
        slope = student([exponent(sizes, one) for one in costs])
        last = student([exponent(sizes[-2:], one[-2:]) for one in costs])
        seconds = ", ".join(f"{label}: {median(c[n] for c in costs):.2f} s" for n, label in enumerate(labels))
        verdict = "yes" if slope.mean + slope.half <= LIMIT else "no" if slope.mean - slope.half > LIMIT else "open"
        rows.append([name, seconds, str(slope), str(last), verdict])
        figures[f"exponent, {name}"] = slope.mean
    head = ["cost against", "CPU s, medians", "exponent ± 95%", "between the last two sizes", f"at most {LIMIT}"]
    return Finding("How the cost grows", table(head, rows), figures)
