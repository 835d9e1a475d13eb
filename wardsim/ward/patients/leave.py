"""Overnight leave: granted late in the stay when the patient is well enough, more at weekends, keyed by day of stay.

The plan of a stay's leaves is exogenous: it depends on the latent course and the planned clinical phase, not on what the
ward does. Whether the bed is free on return is another matter (`beds`).
"""

from __future__ import annotations

from math import ceil, log
from typing import Final

from wardsim.parameters.leave_law import daily_chance

from ..core.clock import DAY, HOUR, day_of
from ..core.context import Context
from ..core.streams import Stream
from .patients import Patient

OUT_AT: Final = 14.0 * HOUR
"""Time of day at which overnight leave begins."""
BACK_AT: Final = 18.0 * HOUR
"""Time of day at which it ends."""
FIRST_DAY: Final = 3
"""No overnight leave before this day of stay."""
LONGEST: Final = 14
"""Nights of the longest leave."""


class LeavePlans:
    """Draws the overnight leaves of a stay.

    Parameters
    ----------
    ctx : Context
        Common ground.
    """

    def __init__(self, ctx: Context) -> None:
        p = ctx.p
        self._streams = ctx.streams
        self._weekday0 = ctx.calendar.weekday0
        self._from = p["flow.leave_from_share_of_stay"]
        self._level = p["flow.leave_below_points"]
        self._chance, self._weekend_chance = daily_chance(p)
        self._again = 1.0 - 1.0 / max(p["flow.leave_nights"], 1.0)

    def plan(self, patient: Patient, until: float) -> list[tuple[float, float]]:
        """Starts and ends of the leaves from the start of treatment to `until`, minutes.

        Days beyond a horizon can be asked for later: day d always uses the same two uniforms.
        """
        first = day_of(patient.treated_at)
        days = int((until - patient.treated_at) // DAY) + 1
        late = self._from * patient.clinical_min + patient.treated_at % DAY - OUT_AT  # since midnight of the first day
        from_day = max(FIRST_DAY, ceil(late / DAY))
        if days <= from_day or self._weekend_chance <= 0.0:
            return []
        u = self._streams.hashed(Stream.OVERNIGHT_LEAVE, *patient.key).span(2 * from_day, 2 * (days - from_day))
        leaves: list[tuple[float, float]] = []
        back = from_day
        for n, d in enumerate(range(from_day, days)):
            if d < back:  # already out; the next leave may begin only after the day of return
                continue
            friday_or_saturday = 4 <= (first + d + self._weekday0) % 7 <= 5
            if u[2 * n] >= (self._weekend_chance if friday_or_saturday else self._chance):
                continue
            start = (first + d) * DAY + OUT_AT
            if patient.course.at(start) >= self._level:
                continue
            extra = int(log(1.0 - u[2 * n + 1]) / log(self._again)) if self._again > 0.0 else 0
            nights = min(1 + extra, LONGEST)
            back = d + nights + 1
            leaves.append((start, (first + d + nights) * DAY + BACK_AT))
        return leaves
