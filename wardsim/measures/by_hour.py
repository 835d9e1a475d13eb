"""The day hour by hour, and training step by step: sums of one run, from which tables and figures make means with their ranges.

Work asked for is spread evenly from when it was asked for to when it ended (done, or given up), as many minutes as were planned: the
notes of a shift are wanted all shift long, a response at once. Breaks are no work.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wardsim.ward.core.clock import DAY, HOUR
from wardsim.ward.training.release import RECALLED
from wardsim.ward.work.kinds import KINDS

from .columns import BoolArray, Columns, FloatArray, IntArray
from .events import AGGRESSION
from .integrate import within
from .ledger import by_roles

REGISTERED, SUPPORT = ("rn",), ("hca", "na")
HOURS = tuple(f"{hour:02d}" for hour in range(24))
"""Hours of the day by their beginning."""
PEOPLE = ("registered", "nursing", "others", "asked_for", "at_work", "contact", "therapeutic")
"""Staff minutes by hour: on duty (registered nurses, all nursing staff, other professions), of work asked for, at work, and of nursing
staff face to face with patients, and of these in one-to-one sessions and groups."""
EVENTS = ("aggression", "assaults")
STEPS = ("needed", "asked", "booked", "released", "attended")
"""Hours of courses held off the ward. What is asked for is booked or refused; what is booked is released unless the ward calls it back."""
Summed = Callable[..., FloatArray]
"""Begin, end and weight of intervals -> minutes by hour of the day."""
INSTANT = 1.0
"""Minutes below which work is asked for and ended at once."""


def by_hour(columns: Columns, start: float, end: float) -> tuple[dict[str, FloatArray], FloatArray]:
    """Sums by hour of the day over the whole hours of [start, end).

    Parameters
    ----------
    columns : Columns
        Facts of a run.
    start, end : float
        Window, minutes.

    Returns
    -------
    sums : dict of str to array, shape (24,)
        Staff minutes of `PEOPLE` and numbers of `EVENTS` (on the ward, happened).
    minutes : array, shape (24,)
        Minutes of each hour of the day in the window.
    """
    edges = np.arange(np.ceil(start / HOUR), np.floor(end / HOUR) + 1) * HOUR
    clock = ((edges[:-1] % DAY) // HOUR).astype(np.int64)

    def summed(begun: FloatArray, ended: FloatArray, weight: FloatArray | None = None) -> FloatArray:
        return _by_clock(clock, over_hours(begun, ended, edges, weight))

    sums = _duties(columns, summed) | _segments(columns, summed) | _asked(columns, summed)
    happened = columns.floats("incident", "time")
    here = ~columns.among("incident", "origin", "away") & within(happened, edges[0], edges[-1])
    for name, kinds in (("aggression", AGGRESSION), ("assaults", ("assault",))):
        times = happened[here & columns.among("incident", "type", *kinds)]
        sums[name] = np.bincount(((times % DAY) // HOUR).astype(np.int64), minlength=24).astype(np.float64)
    return sums, _by_clock(clock, np.full(len(clock), HOUR))


def _by_clock(clock: IntArray, amounts: FloatArray) -> FloatArray:
    found: FloatArray = np.bincount(clock, weights=amounts, minlength=24).astype(np.float64)
    return found


def over_hours(begun: FloatArray, ended: FloatArray, edges: FloatArray, weight: FloatArray | None = None) -> FloatArray:
    """Minutes (times weight) of intervals in each hour.

    Parameters
    ----------
    begun, ended : array of float, shape (intervals,)
    edges : array of float, shape (hours + 1,)
        Whole hours, one after the other.
    weight : array of float, shape (intervals,), optional
        Of each interval.
    """
    first, last = edges[0], edges[-1]
    a, b = np.clip(begun, first, last), np.clip(ended, first, last)
    return np.round(np.diff(_begun_before(a, weight, edges) - _begun_before(b, weight, edges)), ROUNDING) + 0.0


def _begun_before(times: FloatArray, weight: FloatArray | None, edges: FloatArray) -> FloatArray:
    """At each edge: minutes since each earlier moment, weighted and summed."""
    after = times - edges[0]
    place = np.floor(after / HOUR).astype(np.int64)
    since = np.cumsum(np.bincount(place, weights=weight, minlength=len(edges)))
    moments = np.cumsum(np.bincount(place, weights=after if weight is None else weight * after, minlength=len(edges)))
    before, summed = np.append(0.0, since[:-1]), np.append(0.0, moments[:-1])
    found: FloatArray = (edges - edges[0]) * before - summed
    return found


ROUNDING = 3
"""Decimals of minutes that are kept: sums of differences of large numbers carry no more."""


def _duties(columns: Columns, summed: Summed) -> dict[str, FloatArray]:
    begun, ended = columns.floats("duty", "start"), columns.floats("duty", "end")
    nursing = columns.among("duty", "role", *REGISTERED, *SUPPORT)
    masks = {"registered": columns.among("duty", "role", *REGISTERED), "nursing": nursing, "others": ~nursing}
    return {name: summed(begun[mask], ended[mask]) for name, mask in masks.items()}


def _segments(columns: Columns, summed: Summed) -> dict[str, FloatArray]:
    begun, ended = columns.floats("segment", "start"), columns.floats("segment", "end")
    nursing = by_roles(columns, *REGISTERED, *SUPPORT)
    masks = {
        "at_work": ~_of_kinds(columns, "segment", activity="break"),
        "contact": nursing & _of_kinds(columns, "segment", contact=True),
        "therapeutic": nursing & _of_kinds(columns, "segment", therapeutic=True),
    }
    return {name: summed(begun[mask], ended[mask]) for name, mask in masks.items()}


def _of_kinds(columns: Columns, table: str, **wanted: object) -> BoolArray:
    names = [name for name, kind in KINDS.items() if all(getattr(kind, key) == value for key, value in wanted.items())]
    return columns.among(table, "kind", *names)


def _asked(columns: Columns, summed: Summed) -> dict[str, FloatArray]:
    """Minutes of work asked for. A team's length is that of each of its people; work without a planned length counts as delivered."""
    work = ~_of_kinds(columns, "task", activity="break")
    begun, ended = columns.floats("task", "created")[work], columns.floats("task", "ended")[work]
    planned, delivered = columns.floats("task", "planned_min")[work], columns.floats("task", "delivered_min")[work]
    people = np.maximum(columns.floats("task", "people")[work], 1.0)
    minutes = np.where(np.isfinite(planned), planned, delivered) * people
    ended = np.maximum(ended, begun + INSTANT)
    return {"asked_for": summed(begun, ended, minutes / (ended - begun))}


def training_steps(columns: Columns, start: float, end: float) -> tuple[dict[str, float], float, float]:
    """Hours of courses off the ward that fell due, were asked for, booked, released for and attended in [start, end).

    A request refused is made again later and counts again; so does a place booked again after it was called off. Released is what was
    booked less what the ward called back for want of cover: the ward lets the person go, who may still be sick on the day.

    Returns
    -------
    hours : dict of str to float
        By step.
    in_date, needed : float
        Staff in date and staff who need a course, summed over courses and the weekly counts.
    """
    now = within(columns.floats("training", "time"), start, end) & columns.among("training", "modality", "classroom")
    hours = columns.floats("training", "hours")

    def summed(event: str, *reasons: str) -> float:
        these = now & columns.among("training", "event", event)
        return float(hours[these & columns.among("training", "reason", *reasons) if reasons else these].sum())

    sums = {step: summed(event) for step, event in zip(STEPS, ("due", "asked", "booked", "booked", "attended"), strict=True)}
    sums["released"] -= summed("cancelled", RECALLED)
    week = within(columns.floats("compliance", "time"), start, end)
    in_date, needed = (float(columns.floats("compliance", name)[week].sum()) for name in ("in_date", "needed"))
    return sums, in_date, needed
