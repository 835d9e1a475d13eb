"""How many incidents the second opinion expects of given patients, from when each was on the ward and how ill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tests.oracle.hazards import EVENING, FAMILY, GRID, NIGHT, PEAKS, TYPES, Hazards, covered, steps
from tests.oracle.people import Stay

Spell = tuple[float, float]
Key = tuple[str, str]
"""Type and part of the exposure; "" is the whole."""


@dataclass
class Presence:
    """One patient: who it was, when on the ward, and when of that not in seclusion (hours)."""

    stay: Stay
    on_ward: list[Spell] = field(default_factory=list)
    exposed: list[Spell] = field(default_factory=list)


def parts(kind: str, stay: Stay, times: np.ndarray) -> dict[str, np.ndarray]:
    """Parts of the exposure by which one type is looked at: hours, time since admission, acuity, and who the patient is."""
    hours = np.floor(times % 24.0).astype(int)
    peaks = PEAKS.get(FAMILY.get(kind, kind), EVENING)
    night, peak = (np.array([h in some for h in range(24)])[hours] for some in (NIGHT, peaks))
    score = stay.course.at(times)
    early = times < stay.treated + 168.0
    frail = np.full(len(times), stay.person.frailty > 1.0)
    found = {"night": night, "peak hours": peak, "other hours": ~night & ~peak, "first week": early, "later": ~early}
    found |= {"acuity below 2": score < 2.0, "acuity from 3": score >= 3.0, "frail": frail, "not frail": ~frail}
    return found | {name: np.full(len(times), stay.traits[name]) for name in ("detained", "psychosis", "dual_diagnosis", "personality")}


def without(spell: Spell, locked: list[Spell]) -> list[Spell]:
    """What is left of a spell without the times in seclusion."""
    start, end = spell
    left = []
    for begins, ends in sorted(locked):
        if begins < end and ends > start:
            left.append((start, max(begins, start)))
            start = min(ends, end)
    return [s for s in [*left, (start, end)] if s[1] > s[0]]


def expected(hazards: Hazards, there: Mapping[int, Presence], end: float) -> Counter[Key]:
    """Direct incidents expected of everyone, by type and part; `end`: of the run, hours."""
    found: Counter[Key] = Counter()
    number = {male: np.zeros(int(np.ceil(end / GRID)) + 1) for male in (True, False)}
    for presence in there.values():
        for start, stop in presence.on_ward:
            times = steps(start, stop)
            number[presence.stay.traits["male"]][np.floor(times / GRID).astype(int)] += covered(times, start, stop) / GRID
    for presence in there.values():
        stay = presence.stay
        male = stay.traits["male"]
        for start, stop in presence.exposed:
            times = steps(start, stop)
            weight = covered(times, start, stop)
            place = np.floor(times / GRID).astype(int)
            company = hazards.company(np.maximum(number[male][place] - 1.0, 0.0), number[not male][place])
            for kind in TYPES:
                rates = hazards.rates(kind, stay, times) * weight
                if kind == "sexual_safety":
                    rates = rates * company
                found[kind, ""] += float(rates.sum())
                for part, inside in parts(kind, stay, times).items():
                    found[kind, part] += float(rates[inside].sum())
    return found


def counted(there: Mapping[int, Presence], happened: list[tuple[float, str, int]]) -> Counter[Key]:
    """Direct incidents (hour, type, patient), by type and part."""
    found: Counter[Key] = Counter()
    for time, kind, who in happened:
        found[kind, ""] += 1
        for part, inside in parts(kind, there[who].stay, np.array([time])).items():
            found[kind, part] += int(inside[0])
    return found
