"""What the pathway keeps of each patient: the steps still open, and their work."""

from __future__ import annotations

from typing import Final

from ..work.task import Kind, Task
from .patients import Patient

NAN: Final = float("nan")

ASSESSMENT, PHYSICAL, INVESTIGATED, RISK, CARE, FIRST_SESSION, REVIEW, PLAN, TRANSITION, FUNCTIONAL = (
    "admission_assessment", "physical_health_check", "investigations", "risk_and_safety_plan", "care_plan", "first_one_to_one", "weekly_review",
    "discharge_plan", "transition_meeting", "functional_assessment",
)  # fmt: skip
"""Names of the steps in the facts."""


class Step:
    """One open step of one patient.

    Attributes
    ----------
    due, closes : float
        Deadline, and when the step counts as missed, minutes.
    left : int
        Pieces of work still to be done for it.
    tasks : list of Task
        Work submitted and not ended.
    again : list
        Kinds and minutes to submit when the patient is back on the ward.
    """

    __slots__ = ("again", "closes", "due", "left", "tasks")

    def __init__(self, due: float, closes: float, left: int = 1) -> None:
        self.due = due
        self.closes = closes
        self.left = left
        self.tasks: list[Task] = []
        self.again: list[tuple[Kind, float]] = []


class Record:
    """The open pathway of one patient."""

    __slots__ = ("chance", "held", "offers", "patient", "planned", "steps", "week")

    def __init__(self, patient: Patient, chance: list[float]) -> None:
        self.patient = patient
        self.chance = chance
        self.steps: dict[str, Step] = {}
        self.offers = 0
        self.week = 0
        self.held = NAN
        self.planned = False
