"""What no single key can tell: figures that contradict each other, shifts that leave hours uncovered, unknown parameters."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass

from .fields import Path
from .schema import Scenario

TOLERANCE = 0.05
"""How far three local facts may be from agreeing, as a share."""
SHORTEST_MIN, LONGEST_MIN = 240, 840
"""Shortest and longest shift, minutes."""

_LOCAL: Path = ("demand", "local")


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction.

    Attributes
    ----------
    code, message, hint : str
        As in a problem.
    at : tuple of paths
        Where to point, the first that the file has.
    reads : tuple of paths
        Keys it rests on; with one of them wrong in itself nothing is said.
    on_key : bool
        Point at the key rather than the value.
    """

    code: str
    message: str
    hint: str
    at: tuple[Path, ...]
    reads: tuple[Path, ...]
    on_key: bool = False


def findings(scenario: Scenario) -> Iterator[Finding]:
    """Every contradiction in a scenario whose values are each in order."""
    yield from _local(scenario)
    yield from _counts(scenario)
    yield from _mix(scenario)
    yield from _shifts(scenario)
    yield from _repeated(scenario)
    yield from _census(scenario)
    yield from _parameters(scenario)


def _local(scenario: Scenario) -> Iterator[Finding]:
    """Admissions, stay and occupied bed days: any two give the third."""
    local, beds = scenario.demand.local, scenario.ward.beds
    reads: tuple[Path, ...] = (_LOCAL, ("ward", "beds"))
    days = local.occupied_bed_days_per_year
    by_share = None if local.occupancy_pct is None else local.occupancy_pct / 100.0 * beds * 365.0
    at_days: Path = (*_LOCAL, "occupied_bed_days_per_year")
    at_share: Path = (*_LOCAL, "occupancy_pct")
    if days is not None and days > beds * 366.0:
        message = (
            f"{days:g} occupied bed days a year do not fit into {beds} beds, which have at most {beds * 366} in a year"
        )
        yield Finding("WS151", message, "check ward.beds, and that leave is not counted", (at_days,), reads)
        return
    if days is not None and by_share is not None and abs(days - by_share) > TOLERANCE * days:
        share = 100 * days / (beds * 365.0)
        message = (
            f"{days:g} occupied bed days a year in {beds} beds are {share:.1f} percent occupancy, "
            f"not {local.occupancy_pct:g}"
        )
        yield Finding("WS151", message, "give one of the two", (at_share,), reads)
        return
    occupied = days if days is not None else by_share
    if occupied is None or local.admissions_per_year is None or local.stay_mean_days is None:
        return
    implied = local.admissions_per_year * local.stay_mean_days
    if abs(implied - occupied) > TOLERANCE * occupied:
        third = f"{occupied:g} occupied bed days"
        if days is None:
            third = f"{local.occupancy_pct:g} percent occupancy of {beds} beds ({occupied:.0f} bed days)"
        message = (
            f"{local.admissions_per_year:g} admissions of {local.stay_mean_days:g} days are {implied:.0f} bed days "
            f"a year, which does not agree with {third}"
        )
        hint = "give two of the three and the third is solved; leave must be counted, or left out, in all of them"
        yield Finding("WS151", message, hint, (_LOCAL,), reads, on_key=True)


def _counts(scenario: Scenario) -> Iterator[Finding]:
    local = scenario.demand.local
    assaults, all_kinds = local.assaults_reported_per_year, local.aggression_reported_per_year
    if assaults is not None and all_kinds is not None and assaults > all_kinds:
        message = f"{assaults:g} assaults cannot be among {all_kinds:g} aggressive incidents a year"
        at: Path = (*_LOCAL, "assaults_reported_per_year")
        yield Finding("WS158", message, "aggressive incidents include assaults", (at,), (_LOCAL,))


def _mix(scenario: Scenario) -> Iterator[Finding]:
    mix, path = scenario.demand.case_mix, ("demand", "case_mix")
    reads: tuple[Path, ...] = (path, ("ward", "sex"))
    total = (mix.psychosis_pct or 0.0) + (mix.personality_disorder_pct or 0.0)
    if total > 100.0:
        message = f"psychosis and personality disorder are main diagnoses and add up to {total:g} percent of admissions"
        yield Finding("WS158", message, "", ((*path, "personality_disorder_pct"),), reads)
    wrong = {"female": 0.0, "male": 100.0}.get(scenario.ward.sex)
    if wrong is not None and mix.male_pct is not None and mix.male_pct != wrong:
        message = f"{mix.male_pct:g} percent of admissions are men, but the ward is {scenario.ward.sex}"
        yield Finding("WS158", message, "delete male_pct, or set ward.sex to mixed", ((*path, "male_pct"),), reads)


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _text(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _shifts(scenario: Scenario) -> Iterator[Finding]:
    """The shifts in use last a sensible time and leave no minute of the day uncovered."""
    staffing = scenario.staffing
    three, long = ("early", "late", "night"), ("long_day", "long_night")
    sets = {"three_shift": (three,), "long_day": (long,), "mixed": (three, long)}[staffing.pattern]
    path: Path = ("staffing", "times")
    reads: tuple[Path, ...] = (path, ("staffing", "pattern"))
    for names in sets:
        covered = bytearray(1440)
        sound = True
        for name in names:
            start, end = (_minutes(clock) for clock in getattr(staffing.times, name))
            length = (end - start) % 1440
            if not SHORTEST_MIN <= length <= LONGEST_MIN:
                sound = False
                message = (
                    f"the {name} shift from {_text(start)} to {_text(end)} lasts {length / 60:g} hours; "
                    "it must last from 4 to 14"
                )
                yield Finding("WS152", message, "an end before the start is on the next day", ((*path, name),), reads)
            for minute in range(start, start + length):
                covered[minute % 1440] = 1
        if sound and not all(covered):
            first = next(m for m in range(1440) if not covered[m] and covered[m - 1])
            until = next(m for m in range(first, first + 1441) if covered[m % 1440])
            together = ", ".join(names)
            message = (
                f"no shift covers {_text(first)} to {_text(until)}; {together} must cover the whole day between them"
            )
            at = tuple((*path, name) for name in names if _minutes(getattr(staffing.times, name)[1]) == first)
            hint = "each shift ends no earlier than the next begins; the overlap is the handover"
            yield Finding("WS152", message, hint, (*at, path, ("staffing", "pattern")), reads)


def _repeated(scenario: Scenario) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, course in enumerate(scenario.training.courses):
        path: Path = ("training", "courses", index, "name")
        if course.name in seen:
            yield Finding(
                "WS153", f"the course {course.name} is listed twice", "keep one", (path,), (("training", "courses"),)
            )
        seen.add(course.name)
    seen.clear()
    for index, programme in enumerate(scenario.programmes):
        path = ("programmes", index, "kind")
        if programme.kind in seen and programme.status in ("in_progress", "done"):
            message = f"the programme {programme.kind} is listed twice, so that its effect would count twice"
            yield Finding("WS153", message, "keep one, or mark the other proposed", (path,), (("programmes",),))
        if programme.status in ("in_progress", "done"):
            seen.add(programme.kind)


def _census(scenario: Scenario) -> Iterator[Finding]:
    census = scenario.start.census
    if census is not None and len(census) > scenario.ward.beds:
        message = f"start.census lists {len(census)} patients, but the ward has {scenario.ward.beds} beds"
        reads: tuple[Path, ...] = (("start", "census"), ("ward", "beds"))
        yield Finding(
            "WS157", message, "patients on leave are not in the census", (("start", "census"),), reads, on_key=True
        )


def _parameters(scenario: Scenario) -> Iterator[Finding]:
    """Parameters that are not in the ledger, or out of its bounds.

    The ledger rests on the scenario and not the other way round, so it is asked for by name, and only when it is needed.
    """
    if not scenario.parameters:
        return
    ledger_module = importlib.import_module("wardsim.parameters")
    ledger = ledger_module.Ledger.load()
    for name, value in scenario.parameters.items():
        path: Path = ("parameters", name)
        if name not in ledger:
            near = ledger_module.nearest(name, 1, ledger)
            hint = f"did you mean {near[0]}?" if near else "`wardsim explain parameters` lists them"
            yield Finding("WS155", f"parameters.{name} is not known to the ledger", hint, (path,), (path,), on_key=True)
            continue
        low, high = ledger[name].range
        if not low <= value <= high:
            message = f"parameters.{name} is {value:g}; it must be from {low:g} to {high:g} ({ledger[name].unit})"
            yield Finding("WS156", message, "", (path,), (path,))
