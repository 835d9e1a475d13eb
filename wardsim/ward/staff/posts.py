"""Funded posts: named, numbered and cut into full-time and part-time, so that a post more leaves every other post as it was."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Final

from wardsim.scenario.schema import Scenario

from .patterns import FULL_TIME_HOURS, HCA_GROUP, OTHER_GROUP, RN_GROUP, Pattern
from .people import ACTIVITY_WORKER, DOCTOR, HCA, NA, OCCUPATIONAL_THERAPIST, PSYCHOLOGIST, RN, WARD_MANAGER
from .plan import Plan

POSTS_PER_LINE: Final = 1000
"""Post id = line code x this + index within the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """Posts of one role and band.

    Attributes
    ----------
    code : int
        Fixed number; part of every key of these posts.
    role, band : int
        What the people are.
    group : int
        Which places on the roster they fill.
    kind : str
        rn, hca or other: whose vacancy, turnover and time to hire apply.
    wte : float
        Whole-time equivalents funded.
    """

    code: int
    role: int
    band: int
    group: int
    kind: str
    wte: float


class Post:
    """One funded post and who holds it.

    Attributes
    ----------
    id : int
        Line code x 1000 + index.
    line : Line
        Its role and band.
    wte : float
        Whole-time equivalent.
    n : int
        Number of the last occupant (0: whoever held it at the start).
    plan, coming : Plan or None
        Who holds it; who has accepted it and starts later.
    round : int
        Round of recruitment in hand.
    round_start, round_end : float
        Minutes; `round_end` is infinity when nobody is sought.
    closed : bool
        No longer funded: not filled again when it falls vacant.
    """

    __slots__ = ("closed", "coming", "id", "line", "n", "plan", "round", "round_end", "round_start", "wte")

    def __init__(self, id: int, line: Line, wte: float) -> None:
        self.id = id
        self.line = line
        self.wte = wte
        self.n = 0
        self.plan: Plan | None = None
        self.coming: Plan | None = None
        self.round = -1
        self.round_start = float("inf")
        self.round_end = float("inf")
        self.closed = False


def lines_of(scenario: Scenario, pattern: Pattern) -> list[Line]:
    """The funded lines of a scenario, extra posts included: hours of `funded_extra` divided by one minus headroom."""
    e = scenario.staffing.establishment
    m = scenario.staffing.multidisciplinary
    working = max(1.0 - scenario.staffing.absence.headroom_pct / 100.0, 0.05)
    extra = [hours / working / FULL_TIME_HOURS for hours in pattern.weekly_hours(scenario.staffing.funded_extra)]
    return [
        Line(1, RN, 5, RN_GROUP, "rn", e.rn_band5_wte),
        Line(2, RN, 6, RN_GROUP, "rn", e.rn_band6_wte),
        Line(3, NA, 4, HCA_GROUP, "hca", e.na_band4_wte),
        Line(4, HCA, 3, HCA_GROUP, "hca", e.hca_band3_wte),
        Line(5, HCA, 2, HCA_GROUP, "hca", e.hca_band2_wte),
        Line(6, WARD_MANAGER, 7, OTHER_GROUP, "other", e.ward_manager_wte),
        Line(7, OCCUPATIONAL_THERAPIST, 6, OTHER_GROUP, "other", m.occupational_therapist_wte),
        Line(8, PSYCHOLOGIST, 8, OTHER_GROUP, "other", m.psychologist_wte),
        Line(9, ACTIVITY_WORKER, 3, OTHER_GROUP, "other", m.activity_worker_wte),
        Line(10, DOCTOR, 9, OTHER_GROUP, "other", m.consultant_wte),
        Line(11, DOCTOR, 8, OTHER_GROUP, "other", m.junior_doctor_wte),
        Line(12, RN, 5, RN_GROUP, "rn", extra[0]),
        Line(13, HCA, 3, HCA_GROUP, "hca", extra[1]),
    ]


def split_wte(wte: float, part_time_share: float, part_time_wte: float) -> list[float]:
    """Cut whole-time equivalents into posts: every so many part-time, the last one whatever remains.

    The sequence of full and part-time posts does not depend on the total, so that more WTE adds posts at the end.

    >>> split_wte(3.0, 0.25, 0.6)
    [1.0, 0.6, 1.0, 0.4]
    """
    posts: list[float] = []
    left = wte
    while left > 1e-9:
        i = len(posts)
        part = floor((i + 1) * part_time_share + 0.5) > floor(i * part_time_share + 0.5)
        size = min(part_time_wte if part else 1.0, left)
        posts.append(round(size, 6))
        left -= size
    return posts
