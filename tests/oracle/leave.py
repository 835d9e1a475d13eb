"""How likely overnight leave is on a day, so that patients spend the published share of their time on it."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from tests.oracle.people import Mix, entry_law, left_of_severity
from tests.oracle.published import Numbers

DAY = 24.0


def eligible_share(p: Numbers, mix: Mix, people: int = 20_000, seed: int = 1) -> float:
    """Share of patient days on which overnight leave may begin: late enough and, by the law of acuity, well enough."""
    rng = np.random.default_rng(seed)
    _, _, noise = entry_law(p)
    eligible = total = 0.0
    for _ in range(people // 20):
        person = mix.person(rng)
        for _ in range(20):
            q = mix.stay(person, rng, "")
            days = np.arange(0.5, (q.clinical + q.delay) / DAY)
            total += (q.clinical + q.delay) / DAY
            late = days[days * DAY >= p["flow.leave_from_share_of_stay"] * q.clinical]
            late = late[late >= 3.0]
            left = np.array([left_of_severity(p, min(d * DAY / q.clinical, 1.0)) for d in late[late * DAY < q.clinical]] + [left_of_severity(p, 1.0)])
            score = 1.0 + (q.severity - 1.0) * (left if q.severity > 1.0 else np.ones_like(left))
            well = ndtr((p["flow.leave_below_points"] - score) / noise)
            eligible += well[:-1].sum() + well[-1] * (late * DAY >= q.clinical).sum()
    return eligible / total


def share_out(p: Numbers, weekday_chance: float) -> float:
    """Share of eligible time spent out, when leave begins with this chance from Sunday to Thursday."""
    stay_on = 1.0 - 1.0 / p["flow.leave_nights"]
    nights = np.array([stay_on ** (n - 1) * (1.0 - stay_on) for n in range(1, 14)])
    nights = np.append(nights, 1.0 - nights.sum())
    chance = chances(p, weekday_chance)
    move = np.zeros((7, 7))
    for d in range(7):
        move[d, (d + 1) % 7] += 1.0 - chance[d]
        for n, probability in enumerate(nights, start=1):
            move[d, (d + n + 1) % 7] += chance[d] * probability
    at_home = np.full(7, 1.0 / 7.0)
    for _ in range(400):
        at_home = at_home @ (0.5 * move + 0.5 * np.eye(7))
    length = float(nights @ np.arange(1, 15))
    goes = float(at_home @ chance)
    return goes * (length + 4.0 / 24.0) / (1.0 + goes * length)


def chances(p: Numbers, weekday_chance: float) -> np.ndarray:
    """Chance of leave by weekday, Monday first."""
    return np.minimum(weekday_chance * np.array([1.0] * 4 + [p["flow.leave_weekend_ratio"]] * 2 + [1.0]), 0.95)


class Land:
    """Published numbers with what follows from them alone, worked out once for many wards.

    Attributes
    ----------
    leave_chance : ndarray
        Daily chance of overnight leave by weekday at which the published share of patient time is planned as leave.
    """

    def __init__(self, p: Numbers) -> None:
        self.p = p
        self.mix = Mix(p)
        wanted = p["flow.leave_share"] / eligible_share(p, self.mix)
        low, high = 0.0, 0.9
        for _ in range(30):
            middle = (low + high) / 2.0
            low, high = (middle, high) if share_out(p, middle) < wanted else (low, middle)
        self.leave_chance = chances(p, low)
