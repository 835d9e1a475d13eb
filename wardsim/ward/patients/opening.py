"""The first minute of a run: residents take their places and every part is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .patients import AWAY, LEAVE, QUEUE, Patient

if TYPE_CHECKING:
    from .beds import Beds


def settle(beds: Beds, patient: Patient, now: float) -> None:
    """Place a resident drawn (or counted) for the start: on the ward, on leave, or out of area when the ward is full.

    Parameters
    ----------
    beds : Beds
        The ward's beds, being filled.
    patient : Patient
        In treatment since `treated_at`.
    now : float
        Begin of the run, minutes.
    """
    row = beds.record.referral(patient, "census")
    beds.stays.plan(patient)
    counted = bool(patient.extra.get("census"))
    out = None if counted else beds.leaves.out_until(patient, now)
    full = beds.free() <= 0 and not counted
    if full and (out is None or not beds.gives_leave_beds):
        if beds.places_out_of_area:
            beds.put_away(patient, patient.treated_at)
        else:  # nobody goes out of area here: whoever has no bed at the start waits for one, not yet in treatment
            patient.token += 1
            patient.is_ready = False
            patient.referred_at = now
            beds.join_queue(patient, row)
        return
    patient.admitted_at = patient.treated_at
    _take_place(beds, patient)
    beds.leaves.plan(patient)
    _tell(beds, patient)
    if out is not None:
        patient.leave_plan = [leave for leave in patient.leave_plan if leave[0] > out]
        beds.leaves.go_out(patient, out, absent=False)


def resume(beds: Beds, patient: Patient) -> None:
    """A patient of a saved ward goes on: same place, same plans; what is due of stay and leave comes back with `in_hand`."""
    place, absent, until = patient.place, patient.absent, patient.out_until
    row = beds.record.referral(patient, "census")
    if place == QUEUE:
        beds.join_queue(patient, row)
        return
    if place == AWAY:
        beds.put_away(patient, patient.away_since)
        return
    patient.absent = False
    _take_place(beds, patient)
    _tell(beds, patient)
    if place == LEAVE:
        beds.exit(patient)
        beds.leaves.stay_out(patient, until, absent=absent)
        for call in beds.went_out:
            call(patient)


def _take_place(beds: Beds, patient: Patient) -> None:
    patient.admitted_to = "census"
    beds.enter(patient)
    beds.record.admission(patient, "census", 0.0)


def _tell(beds: Beds, patient: Patient) -> None:
    for call in beds.admitted:
        call(patient)
