"""What is written down about beds: referrals, admissions, placements, levels after each change, the daily count by acuity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..core.clock import AT_NEW_WORK, DAY, HOUR, At
from ..core.context import Context
from .patients import Patient

if TYPE_CHECKING:
    from .beds import Beds

COUNT_AT: Final = 8.0 * HOUR
"""Time of day of the count by level of acuity."""


class BedRecord:
    """Writes the facts of `Beds`.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Beds
        Whose facts they are.

    Attributes
    ----------
    delayed, detained : int
        Patients present who are ready but delayed, and who are detained; kept by `Beds`.
    """

    def __init__(self, ctx: Context, beds: Beds) -> None:
        facts = ctx.facts
        self._ctx = ctx
        self._beds = beds
        self._referrals = facts.table("referral")
        self._admissions = facts.table("admission")
        self._placements = facts.table("out_of_area")
        self._discharges = facts.table("discharge")
        self._levels = facts.table("beds")
        self._acuity = facts.table("acuity")
        self.delayed = 0
        self.detained = 0

    def start(self) -> None:
        """Begin the daily count at the next 08:00."""
        now = self._ctx.env.now
        due = now // DAY * DAY + COUNT_AT
        At(self._ctx.env, (due if due >= now else due + DAY) - now, self._count, None, AT_NEW_WORK)

    def referral(self, q: Patient, outcome: str) -> int:
        """Write a referral; returns its row, so that the outcome can be corrected."""
        self._referrals.append(
            (
                self._ctx.env.now, q.id, q.source, q.key[2], q.age_band, q.sex, int(q.detained), q.diagnosis,
                int(q.dual_diagnosis), int(q.previous_violence), int(q.comorbidity), q.frailty, outcome,
            )
        )  # fmt: skip
        return len(self._referrals) - 1

    def declined(self, row: int) -> None:
        """The referral in this row has lapsed without a bed."""
        self._referrals[row] = (*self._referrals[row][:-1], "declined")

    def admission(self, patient: Patient, route: str, wait: float) -> None:
        """Write an admission to the ward."""
        now = self._ctx.env.now
        key = "-".join(map(str, patient.key))
        self._admissions.append((now, patient.id, patient.source, max(wait, 0.0), route, patient.level(now), key))

    def placement(self, patient: Patient, event: str) -> None:
        """Write that a placement out of area began or ended."""
        self._placements.append((self._ctx.env.now, patient.id, event, patient.away_since))

    def discharge(self, patient: Patient, admitted: float, route: str, place: str) -> None:
        """Write the end of an episode."""
        now = self._ctx.env.now
        cause = patient.delay_cause if patient.is_ready else ""
        self._discharges.append((now, patient.id, admitted, min(patient.ready_at, now), cause, route, place))

    def levels(self) -> None:
        """Write the levels after a change; several changes at one minute leave one row."""
        beds = self._beds
        rows = self._levels
        now = self._ctx.env.now
        row = (
            now, len(beds.present), len(beds.on_leave), beds.waiting_count(), len(beds.away), self.delayed, self.detained
        )  # fmt: skip
        if rows and rows[-1][0] == now:
            rows[-1] = row
        elif not rows or rows[-1][1:] != row[1:]:
            rows.append(row)

    def _count(self, _: At) -> None:
        now = self._ctx.env.now
        levels = [0, 0, 0, 0, 0, 0]
        for patient in self._beds.present.values():
            level = int(patient.course.at(now) - patient.shift_of_acuity + 0.5)
            levels[1 if level < 1 else 5 if level > 5 else level] += 1
        self._acuity.append((int(now // DAY), *levels[1:]))
        At(self._ctx.env, DAY, self._count, None, AT_NEW_WORK)
