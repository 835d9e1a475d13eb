"""When people are referred."""

from __future__ import annotations

import numpy as np

from tests.oracle.published import Numbers

WEEK = 168.0


class Arrivals:
    """First referrals hour by hour: fewer at weekends, by the hour of the day, mean as given (no public holidays)."""

    def __init__(self, p: Numbers, weekly: float) -> None:
        day, night = p["flow.arrivals_day_share"], p["flow.arrivals_night_share"]
        self.of_day = np.array([night / 7.0 if 1 <= h < 8 else day / 9.0 if 8 <= h < 17 else (1.0 - day - night) / 8.0 for h in range(24)])
        weight = np.array([1.0] * 5 + [p["flow.weekend_rate_ratio"]] * 2)
        self.rate = weekly * np.outer(weight / weight.sum(), self.of_day).ravel()

    def next_after(self, rng: np.random.Generator, now: float) -> float:
        """Time of the next referral, hour by hour of the week."""
        left = rng.exponential()
        time = now
        while True:
            rate = self.rate[int(time % WEEK)]
            to_full = np.floor(time) + 1.0 - time
            if rate * to_full > left:
                return time + left / rate
            left -= rate * to_full
            time = np.floor(time) + 1.0

    def hour(self, rng: np.random.Generator) -> float:
        """An hour of the day at which somebody is referred."""
        return float(rng.choice(24, p=self.of_day)) + rng.random()
