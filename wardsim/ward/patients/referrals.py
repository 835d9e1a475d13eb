"""Referrals: first ones from four sources as non-homogeneous Poisson processes, and people who come back.

Each source has one fixed stream of candidates on calendar time, at a fixed rate far above any need; a candidate becomes a
referral if its mark lies below the rate at its time over that fixed rate. A multiplier, growth or more beds therefore only
accept more or fewer of the same candidates: the referrals they share are the same people with the same course.
"""

from __future__ import annotations

from math import exp, log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wardsim.parameters.casemix import source_shares
from wardsim.parameters.flow_law import LESS_ACUTE, ROUTES_HOME, growth_factor, need_per_day

from ..core.clock import AT_NEW_WORK, DAY, WEEK, At, day_of
from ..core.context import Context
from ..core.points import points
from ..core.quantiles import normal_quantile
from ..core.streams import Stream
from .beds import Beds
from .patients import (
    CENSUS,
    DETAINED,
    DIVERSION,
    ORIGIN,
    RETURN,
    RETURN_CLOCK,
    RETURN_DELAY,
    SEVERITY,
    SOURCE_NAMES,
    TRANSFER,
    TRANSFER_LENGTH,
    Batch,
    Key,
    Patient,
)
from .residents import PIPELINE, origins

Array = NDArray[np.float64]

MOST_PER_WEEK: Final = 200.0
"""Candidates a week and source. Part of the reproducibility contract."""
BLOCK_DAYS: Final = 28
"""Days of candidates drawn together."""
_FIRST_BLOCK: Final = 1000
_PER_BLOCK: Final = 2000
_HORIZON: Final = 90.0 * DAY
"""Readmission is counted and modelled within 90 days."""


class Profile:
    """How the rate of referrals varies over weekdays, public holidays and hours; mean 1 over a year."""

    def __init__(self, ctx: Context) -> None:
        p = ctx.p
        self._calendar = ctx.calendar
        self._holidays = np.array(sorted(ctx.calendar.holidays), dtype=np.int64)
        self._ratio = p["flow.weekend_rate_ratio"]
        off = 2.0 / 7.0 + (8.0 * 5.0 / 7.0 / 365.25 if ctx.calendar.holidays else 0.0)
        self._working = 1.0 / (1.0 - off + off * self._ratio)
        night, day = p["flow.arrivals_night_share"], p["flow.arrivals_day_share"]
        evening = max(1.0 - night - day, 0.0)
        # hours 0-1, 1-8, 8-17, 17-24 and the density in each, relative to an even clock
        self._edges = np.array([0.0, 60.0, 480.0, 1020.0, 1440.0])
        self._density = np.array([evening / 8.0, night / 7.0, day / 9.0, evening / 8.0]) * 24.0
        self._cumulative = np.concatenate(([0.0], np.cumsum(self._density * np.diff(self._edges)) / DAY))
        self.peak = self._working * float(self._density.max())

    def at(self, times: Array) -> Array:
        """Rate at each time relative to the mean."""
        days = np.floor(times / DAY).astype(np.int64)
        off = (days + self._calendar.weekday0) % 7 >= 5
        if self._holidays.size:
            off |= np.isin(days, self._holidays)
        hour = np.searchsorted(self._edges, times - days * DAY, side="right") - 1
        result: Array = np.where(off, self._ratio, 1.0) * self._working * self._density[hour]
        return result

    def minute(self, u: float) -> float:
        """Minute of the day by inversion of the clock."""
        return float(np.interp(u, self._cumulative, self._edges))


class Referrals:
    """Brings patients to the ward's door.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : Beds
        Where they are referred to.
    state : dict or None
        What `save` returned: people who will come back.

    Raises
    ------
    ValueError
        If the scenario asks for more referrals than the model can bring.
    """

    def __init__(self, ctx: Context, beds: Beds, state: dict[str, Any] | None = None) -> None:
        p = ctx.p
        self._ctx = ctx
        self._beds = beds
        self._diverted = ctx.scenario.demand.crisis_alternatives_pct / 100.0
        share = p["flow.readmission_90_days_share"]
        self._log_odds = log(share / (1.0 - share)) if 0.0 < share < 1.0 else (-50.0 if share <= 0.0 else 50.0)
        self._per_week_early = p["flow.log_odds_readmission_per_week_early"] if ctx.on.bed_pressure else 0.0
        self._scale = p["flow.readmission_mean_days"] * DAY
        self._picu_back = p["flow.picu_return_share"]
        self._picu_min = p["flow.picu_stay_median_days"] * DAY
        self.profile = Profile(ctx)
        self._pending: dict[Key, tuple[float, str, int, list[float]]] = {}
        self._drawn: dict[Key, tuple[Batch, int]] = {}
        self._times, self._keys = self._candidates()
        self._batch = beds.patients.first(self._keys)
        self._next = 0
        beds.ended.append(self._ended)
        self._first()
        if state is not None:
            for due, key, source, origin, person in state["coming_back"]:
                self._expect((key[0], key[1], key[2]), due, source, origin, person)
        else:
            self._pipeline()

    def save(self) -> dict[str, Any]:
        """People who will come back: when, key, source, origin and the person's uniforms."""
        return {"coming_back": [[due, list(key), source, origin, person] for key, (due, source, origin, person) in self._pending.items()]}

    # -- first referrals ----------------------------------------------------------------------------------------------------

    def _candidates(self) -> tuple[list[float], list[Key]]:
        """Times and keys of all first referrals of the run, in order of time."""
        ctx = self._ctx
        demand = ctx.scenario.demand
        weekly = ctx.p["flow.referrals_per_week"] * demand.referrals_multiplier
        found: list[tuple[float, Key]] = []
        first, last = day_of(ctx.begin) // BLOCK_DAYS, day_of(ctx.until) // BLOCK_DAYS
        mean = MOST_PER_WEEK * BLOCK_DAYS / 7.0
        for source, share in enumerate(source_shares(demand.sources), start=1):
            rate = weekly * share
            peak = rate * self.profile.peak * max(growth_factor(demand, ctx.begin), growth_factor(demand, ctx.until))
            if peak > MOST_PER_WEEK:
                raise ValueError(
                    f"referrals from {SOURCE_NAMES[source]} reach {peak:.0f} a week at the busiest hour; the model brings at most "
                    f"{MOST_PER_WEEK:.0f} (lower demand.referrals_multiplier, demand.growth_pct_per_year or the length of the run)"
                )
            if rate <= 0.0:
                continue
            for block in range(first, last + 1):
                places, marks = points(ctx.streams.hashed(Stream.REFERRALS, source, block + _FIRST_BLOCK), mean)
                times = (block + places) * (BLOCK_DAYS * DAY)
                near = np.flatnonzero(marks * MOST_PER_WEEK < peak)
                times, marks = times[near], marks[near]
                accept = marks * MOST_PER_WEEK < rate * self.profile.at(times) * growth_factor(demand, times)
                accept &= (times >= ctx.begin) & (times < ctx.until)
                base = (block + _FIRST_BLOCK) * _PER_BLOCK
                found += [(float(times[i]), (source, base + int(near[i]), 0)) for i in np.flatnonzero(accept)]
        found.sort()
        return [time for time, _ in found], [key for _, key in found]

    def _first(self) -> None:
        """Schedule the next first referral."""
        if self._next < len(self._times):
            At(self._ctx.env, max(self._times[self._next] - self._ctx.env.now, 0.0), self._arrive, None, AT_NEW_WORK)

    def _arrive(self, _: At) -> None:
        i = self._next
        self._next += 1
        beds = self._beds
        key = self._keys[i]
        patient = self._batch.patient(i, beds.patients.new_id(), key, SOURCE_NAMES[key[0]], beds.patients.courses)
        self._first()
        self._refer(patient)

    def _refer(self, patient: Patient) -> None:
        """A crisis house or home treatment takes some of the less acute from the community."""
        community = patient.extra["origin"] == 0.0
        diverted = community and patient.chance[SEVERITY] < LESS_ACUTE and patient.chance[DIVERSION] < self._diverted
        self._beds.refer(patient, diverted=diverted)

    # -- people who come back -----------------------------------------------------------------------------------------------

    def _ended(self, patient: Patient, route: str) -> None:
        if route == "picu":
            self._step_down(patient)
        elif route in ROUTES_HOME:
            self._may_return(patient)

    def _may_return(self, patient: Patient) -> None:
        """Readmission within 90 days: whether, when (front-loaded), and at what hour."""
        now = self._ctx.env.now
        u = patient.chance
        odds = exp(self._log_odds + self._per_week_early * patient.early_min / WEEK)
        if u[RETURN] < odds / (1.0 + odds):
            due = now + self._delay(u[RETURN_DELAY])
            self._return_at(patient.key, now, due, u[RETURN_CLOCK], int(patient.extra["origin"]), u)

    def _delay(self, u: float) -> float:
        """Time to readmission, minutes: exponential, cut at 90 days."""
        return -self._scale * log(1.0 - u * (1.0 - exp(-_HORIZON / self._scale)))

    def _return_at(self, key: Key, now: float, time: float, u: float, origin: int, chance: Any) -> None:
        clocked = time // DAY * DAY + self.profile.minute(u)
        due = clocked if clocked > now + 60.0 else time
        self._expect((key[0], key[1], key[2] + 1), due, "readmission", origin, list(chance[:DETAINED]))

    def _step_down(self, patient: Patient) -> None:
        """From intensive care some come back to this ward."""
        if patient.chance[TRANSFER] < self._picu_back:
            z = float(normal_quantile(np.array([patient.chance[TRANSFER_LENGTH]]))[0])
            due = self._ctx.env.now + self._picu_min * exp(0.8 * z)
            key = (patient.key[0], patient.key[1], patient.key[2] + 1)
            self._expect(key, due, "picu_step_down", int(patient.extra["origin"]), list(patient.chance[:DETAINED]))

    def _expect(self, key: Key, due: float, source: str, origin: int, person: list[float]) -> None:
        self._pending[key] = (due, source, origin, person)
        At(self._ctx.env, max(due - self._ctx.env.now, 0.0), self._come_back, key, AT_NEW_WORK)

    def _come_back(self, event: At) -> None:
        key: Key = event._value
        patients = self._beds.patients
        if key not in self._drawn:  # many are drawn in the time of one: everybody expected now
            batch = patients.again([(each, person, origin) for each, (_, _, origin, person) in self._pending.items()])
            self._drawn = {each: (batch, place) for place, each in enumerate(self._pending)}
        batch, place = self._drawn.pop(key)
        _, source, _, _ = self._pending.pop(key)
        self._refer(batch.patient(place, patients.new_id(), key, source, patients.courses))

    def _pipeline(self) -> None:
        """People discharged in the 90 days before the start who will be readmitted after it."""
        ctx = self._ctx
        grid = np.linspace(0.0, _HORIZON, 721)
        survival = 1.0 - np.expm1(-grid / self._scale) / np.expm1(-_HORIZON / self._scale)
        area = np.concatenate(([0.0], np.cumsum((survival[1:] + survival[:-1]) / 2.0 * np.diff(grid))))
        share = ctx.p["flow.readmission_90_days_share"]
        mean = need_per_day(ctx.scenario, ctx.p, ctx.begin) / DAY * share * float(area[-1])
        waiting = len(points(ctx.streams.hashed(Stream.START, 0, 2), mean)[0]) if mean > 0.0 else 0
        for i in range(waiting):
            key = (CENSUS, PIPELINE + i, 0)
            person = self._beds.patients.row(key)
            due = ctx.begin + float(np.interp(person[RETURN_DELAY] * area[-1], area, grid))
            origin = int(origins(ctx, person[ORIGIN : ORIGIN + 1])[0])
            self._return_at(key, ctx.begin, due, float(person[RETURN_CLOCK]), origin, person.tolist())
