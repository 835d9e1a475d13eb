"""Staff are people: each has a role, hours, a history here, skills, and at most one thing in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..work.task import Task

RN: Final = 1
HCA: Final = 2
NA: Final = 4
WARD_MANAGER: Final = 8
OCCUPATIONAL_THERAPIST: Final = 16
PSYCHOLOGIST: Final = 32
ACTIVITY_WORKER: Final = 64
DOCTOR: Final = 128
NURSING: Final = RN | HCA | NA
REGISTERED: Final = RN | WARD_MANAGER
ANYONE: Final = 255
THERAPISTS: Final = OCCUPATIONAL_THERAPIST | PSYCHOLOGIST | ACTIVITY_WORKER

ROLE_NAMES: Final[dict[int, str]] = {
    RN: "rn",
    HCA: "hca",
    NA: "na",
    WARD_MANAGER: "ward_manager",
    OCCUPATIONAL_THERAPIST: "occupational_therapist",
    PSYCHOLOGIST: "psychologist",
    ACTIVITY_WORKER: "activity_worker",
    DOCTOR: "doctor",
}
ROLE_BITS: Final[dict[str, int]] = {name: bit for bit, name in ROLE_NAMES.items()}

TURN: Final[dict[int, int]] = {
    RN: 2, HCA: 1, NA: 1, WARD_MANAGER: 3, OCCUPATIONAL_THERAPIST: 0, PSYCHOLOGIST: 0, ACTIVITY_WORKER: 0, DOCTOR: 0,
}  # fmt: skip
"""Whose turn is first among free people who may do a task: those with the fewest other uses on the ward."""

SUBSTANTIVE: Final = "substantive"
BANK: Final = "bank"
AGENCY: Final = "agency"


class Person:
    """One member of staff, from the first day in a post to the last.

    Attributes
    ----------
    id : int
        Number in this run, in order of appearance; appears in the facts.
    key : tuple of int
        (post, occupant n) of own staff; bank workers and agency have posts of their own. Keys the person's streams.
    role : int
        One of the role bits above.
    turn : int
        Whose turn it is among free people, by role.
    band : int
        Agenda for Change band.
    employment : str
        substantive, bank or agency.
    weekly_hours : float
        Contracted hours a week (0 for bank and agency).
    hired_at, left_at : float
        Minutes; `left_at` is infinity while in post.
    shifts_here : float
        Shifts worked on this ward (familiarity grows with it).
    last_shift_end : float
        When the last shift ended, minutes.
    consecutive_shifts : int
        Shifts in a row with less than a day off between (fatigue).
    fatigue : float
        Fatigue index at the start of the shift in hand, 0 rested.
    knowledge, skill : dict of str to (float, float)
        Course name to (level at that time, time last updated), level 0 to 1; decay is applied when read.
    valid_until : dict of str to float
        Course name to the time its certificate runs out.
    on_duty, duty_start, duty_end : bool, float, float
        The shift in hand and its planned end.
    task : Task or None
        What is in hand.
    worked : float
        Minutes of work done in this shift (evens the load between free people).
    breaks_missed : int
        Breaks missed in the last shift (fatigue).
    known : dict of int to float
        Patient id to the person's `shifts_here` when that patient was admitted (familiarity with the patient).
    """

    __slots__ = (
        "band",
        "breaks_missed",
        "consecutive_shifts",
        "duty_end",
        "duty_start",
        "employment",
        "extra",
        "fatigue",
        "hired_at",
        "id",
        "key",
        "knowledge",
        "known",
        "last_shift_end",
        "left_at",
        "on_duty",
        "role",
        "role_name",
        "shift",
        "shifts_here",
        "skill",
        "task",
        "turn",
        "valid_until",
        "weekly_hours",
        "worked",
    )

    def __init__(
        self, id: int, key: tuple[int, ...], role: int, band: int, employment: str, weekly_hours: float, hired_at: float
    ) -> None:
        self.id = id
        self.key = key
        self.role = role
        self.role_name = ROLE_NAMES[role]
        self.turn = TURN[role]
        self.band = band
        self.employment = employment
        self.weekly_hours = weekly_hours
        self.hired_at = hired_at
        self.left_at = float("inf")
        self.shifts_here = 0.0
        self.last_shift_end = float("-inf")
        self.consecutive_shifts = 0
        self.fatigue = 0.0
        self.knowledge: dict[str, tuple[float, float]] = {}
        self.skill: dict[str, tuple[float, float]] = {}
        self.valid_until: dict[str, float] = {}
        self.on_duty = False
        self.duty_start = 0.0
        self.duty_end = 0.0
        self.shift = ""
        self.task: Task | None = None
        self.worked = 0.0
        self.breaks_missed = 0
        self.known: dict[int, float] = {}
        self.extra: dict[str, float] = {}

    def __repr__(self) -> str:
        return f"<{ROLE_NAMES[self.role]} {self.id} band {self.band} {self.employment}>"
