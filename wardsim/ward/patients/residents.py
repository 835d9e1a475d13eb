"""Who is on the ward when a run begins: drawn from the equilibrium, or from a census given by the planner.

Residents of an equilibrium are not like new patients: long stays are met in proportion to their length, and an even part of
each stay has passed (the inspection paradox). Started otherwise, a ward takes most of a year to settle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from wardsim.parameters.casemix import CaseMix, source_shares
from wardsim.parameters.flow_law import delay_ratios, flow_of, need_per_day, numbers

from ..core.clock import DAY
from ..core.context import Context
from ..core.streams import Stream
from .patients import CENSUS, DELAY_LENGTH, FRAILTY, ORIGIN, ROW, Batch, Patient, Patients

if TYPE_CHECKING:
    from wardsim.scenario.schema.ward import ResidentPatient

POOL: Final = 3000
"""Admissions from which residents are picked, with a chance in proportion to their stay."""
PART: Final = 31
"""Place in a resident's row of the share of the stay that has passed."""
PICK: Final = 30
"""Place in a resident's row of the choice from the pool."""
PIPELINE: Final = 1_000_000
"""Number from which census people are counted who were discharged before the start and will be readmitted."""


def origins(ctx: Context, uniforms: NDArray[np.float64]) -> NDArray[np.int_]:
    """Origin (0 to 3) of people of the census."""
    bounds = np.cumsum(source_shares(ctx.scenario.demand.sources))
    found: NDArray[np.int_] = np.minimum(np.searchsorted(bounds, uniforms, side="right"), 3)
    return found


def _pool(ctx: Context, patients: Patients) -> tuple[NDArray[np.float64], Batch, NDArray[np.float64]]:
    """Rows, draws and total stays (minutes) of many admissions."""
    rows = ctx.streams.hashed(Stream.START, 0, 0).array(0, POOL * ROW).reshape(POOL, ROW)
    batch = patients.batch(origins(ctx, rows[:, ORIGIN]), rows)
    ratio = delay_ratios(ctx.p, ctx.scenario.flow.discharge_team)[batch.cause]
    return rows, batch, batch.clinical_min + batch.delay_min * ratio


def _resident(ctx: Context, patients: Patients, rows: list[NDArray[np.float64]]) -> Batch:
    table = np.array(rows).reshape(len(rows), ROW)
    return patients.batch(origins(ctx, table[:, ORIGIN]), table)


def _own_row(patients: Patients, pooled: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    """The pool decides what goes with the length of stay; all else is the resident's own."""
    row = own.copy()
    row[: DELAY_LENGTH + 1] = pooled[: DELAY_LENGTH + 1]
    row[FRAILTY] = own[FRAILTY]
    return row


def from_equilibrium(ctx: Context, patients: Patients, mix: CaseMix) -> list[Patient]:
    """Residents of a ward in balance at `ctx.begin`, those on leave and out of area included."""
    flow = flow_of(ctx.scenario, ctx.p, mix)
    law = np.cumsum(numbers(flow, need_per_day(ctx.scenario, ctx.p, ctx.begin)).pmf)
    u = ctx.streams.row(Stream.START, 0, 1, n=1)[0]
    n = int(np.searchsorted(law, u * law[-1], side="right"))
    if n == 0:
        return []
    pool, _, total = _pool(ctx, patients)
    bounds = np.cumsum(total)
    rows, parts, chosen = [], [], []
    for i in range(n):
        own = patients.row((CENSUS, i, 0))
        pick = min(int(np.searchsorted(bounds, own[PICK] * bounds[-1], side="right")), POOL - 1)
        rows.append(_own_row(patients, pool[pick], own))
        parts.append(float(own[PART]))
        chosen.append(float(total[pick]))
    batch = _resident(ctx, patients, rows)
    residents = []
    for i in range(n):
        patient = batch.patient(i, patients.new_id(), (CENSUS, i, 0), "census", patients.courses)
        begun = ctx.begin - parts[i] * chosen[i]
        patient.referred_at = begun
        patients.begin_treatment(patient, begun)
        residents.append(patient)
    return residents


def from_census(ctx: Context, patients: Patients, census: Sequence[ResidentPatient]) -> list[Patient]:
    """Residents as the planner counted them; what the census does not say is drawn given how long they have been here."""
    if not census:
        return []
    pool, _, total = _pool(ctx, patients)
    rows, elapsed = [], []
    for i, resident in enumerate(census):
        own = patients.row((CENSUS, i, 0))
        past = resident.days_since_admission * DAY
        longer = np.flatnonzero(total > past)
        if not longer.size:
            longer = np.array([int(np.argmax(total))])
        pick = int(longer[min(int(own[PICK] * longer.size), longer.size - 1)])
        row = _own_row(patients, pool[pick], own)
        rows.append(row)
        elapsed.append(past)
    batch = _resident(ctx, patients, rows)
    residents = []
    for i, resident in enumerate(census):
        patient = batch.patient(i, patients.new_id(), (CENSUS, i, 0), "census", patients.courses)
        if resident.detained is not None:
            patient.detained = resident.detained
        begun = ctx.begin - elapsed[i]
        patient.referred_at = begun
        if patient.clinical_min + patient.delay_min <= elapsed[i]:  # longer here than any drawn stay: a month more
            patient.clinical_min = elapsed[i] - patient.delay_min + 30.0 * DAY
        patients.begin_treatment(patient, begun)
        if resident.acuity is not None:
            patient.course.lift_to(resident.acuity, ctx.begin)
        patient.extra["census"] = 1.0
        residents.append(patient)
    return residents
