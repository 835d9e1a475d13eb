"""A difference taken apart by mechanism: what goes when each is switched off alone, what is left with all off, and their interplay.

    difference = left with all off + sum of what each adds + interplay
    what one adds = difference - difference without it

The interplay is what the mechanisms make only together (or twice over): it is nought when their effects simply add. All terms are
paired run by run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..intervals import over_draws
from ..results import csv_bytes, number
from ..statistics.simulation import interval
from ..statistics.split import Split, combine
from .structures import UnderStructure

REST, INTERPLAY, WHOLE = "all off", "interplay", "full model"
"""Steps that are no mechanism."""


@dataclass(frozen=True, slots=True)
class Term:
    """One step.

    Attributes
    ----------
    option, measure : str
    step : str
        Mechanism, or one of the words above.
    value : float
    low, high : float or None
        95% over parameter draws, chance removed.
    mc_low, mc_high : float or None
        95% simulation error.
    n : int
        Runs.
    """

    option: str
    measure: str
    step: str
    value: float
    low: float | None
    high: float | None
    mc_low: float | None
    mc_high: float | None
    n: int


def taken_apart(found: Sequence[UnderStructure]) -> list[Term]:
    """Every difference for which there are forms of the model with each of several mechanisms off alone, and one with all of these off.

    Parameters
    ----------
    found : sequence of UnderStructure
        Differences under every form of the model, on the same runs.
    """
    told: list[Term] = []
    for option, measure in dict.fromkeys((one.option, one.measure) for one in found):
        by = {frozenset(one.off): one.against.found for one in found if one.option == option and one.measure == measure}
        alone = [next(iter(off)) for off in by if len(off) == 1]
        whole, rest = by.get(frozenset()), by.get(frozenset(alone))
        some = [whole, rest, *(by[frozenset([name])] for name in alone)]
        splits = [one.split for one in some if one is not None and one.split is not None]
        if len(alone) < 2 or whole is None or len(splits) < len(some):
            continue
        first, last, singles = splits[0], splits[1], splits[2:]
        if any(split.n != first.n or not (split.group == first.group).all() for split in splits):
            continue
        point, n = whole.point, whole.n
        steps = [(REST, last)]
        steps += [(name, combine([(1.0, first), (-1.0, without)])) for name, without in zip(alone, singles, strict=True)]
        steps.append((INTERPLAY, combine([(1.0 - len(alone), first), (-1.0, last), *((1.0, without) for without in singles)])))
        steps.append((WHOLE, first))
        told += [_term(option, measure, step, split, point, n) for step, split in steps]
    return told


def _term(option: str, measure: str, step: str, split: Split, point: bool, n: int) -> Term:
    low, high = over_draws(split, point, False, [], cautious=True)
    mc_low, mc_high = interval(split, point, [])
    return Term(option, measure, step, split.mean, low, high, mc_low, mc_high, n)


def taken_apart_csv(found: Sequence[Term], estimand: str) -> bytes:
    """mechanisms.csv: a row for each option, headline measure and step."""
    return csv_bytes(
        ("option", "name", "step", "mean", "low", "high", "mc_low", "mc_high", "n", "estimand"),
        [
            (t.option, t.measure, t.step, *(number(x) for x in (t.value, t.low, t.high, t.mc_low, t.mc_high)), t.n, estimand)
            for t in found
        ],
    )  # fmt: skip
