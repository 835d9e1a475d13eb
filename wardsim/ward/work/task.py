"""What work is: a kind of work, and one piece of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.clock import Entry
from ..staff.people import Person

if TYPE_CHECKING:
    from mypy_extensions import i64

    from .dispatcher import Dispatcher

INFINITY: Final = float("inf")
NAN: Final = float("nan")

A_PRIORITY: Final = 1 << 40
"""Numbers of tasks set apart for each priority."""

DONE: Final = "done"
CUT_SHORT: Final = "cut_short"
NOT_DONE: Final = "not_done"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work.

    Attributes
    ----------
    code : int
        Fixed number; keys the stream of durations.
    name : str
        Name in the facts.
    priority : int
        0 most urgent.
    roles : int
        Role bits that may do it.
    activity : str
        direct, indirect, service, break, study: where its minutes belong in the staff time ledger.
    people : int
        Usual team.
    preempts : bool
        Whether it may take people out of other work.
    yields_to : int
        It may be interrupted by preempting work of this priority or more urgent; -1: by nothing.
    resumes : bool
        Interrupted, it goes back to the queue with the rest (True) or ends cut short (False).
    contact, therapeutic : bool
        Minutes with a patient; minutes meant as therapy.
    away : bool
        The person is off the ward (an escort) or behind a door (office, break): no eyes on the ward.
    hand_over : bool
        At the end of a shift it is always handed on, whatever the policy (constant observation).
    """

    code: int
    name: str
    priority: int
    roles: int
    activity: str
    people: int = 1
    preempts: bool = False
    yields_to: int = 2
    resumes: bool = True
    contact: bool = False
    therapeutic: bool = False
    away: bool = False
    hand_over: bool = False


class Task(Entry):
    """One piece of work. `outcome` is set when it has ended; `delivered` counts minutes of work on it, once however many do it.

    Begun, it stands in the clock's queue for the time when it will end, unless it is held.
    """

    __slots__ = (
        "avoid", "course", "created", "delivered", "dispatcher", "due", "expires", "id", "kind", "minutes", "note", "on_end", "only", "outcome",
        "patient", "people", "place", "planned", "roles", "staff", "started", "worked_since", "yields_to",
    )  # fmt: skip

    def __init__(self, id: int, kind: Kind, patient: int, minutes: float, created: float) -> None:
        super().__init__()
        self.id = id
        """Number in this run, in order of submission."""
        self.place: i64 = kind.priority
        self.place = self.place * A_PRIORITY + id
        """Among work that waits the smallest is first: by priority, then the oldest."""
        self.kind = kind
        self.patient = patient
        self.minutes = minutes
        """Minutes that remain."""
        self.planned = minutes
        self.created = created
        self.started = NAN
        self.worked_since = 0.0
        self.delivered = 0.0
        self.expires = INFINITY
        self.roles = kind.roles
        self.people = kind.people
        self.yields_to = kind.yields_to
        self.course: str | None = None
        """Only people in date for this course may do it."""
        self.only: Person | None = None
        self.avoid: Person | None = None
        self.staff: tuple[Person, ...] = ()
        """Who is on it now; in `on_end`, who was."""
        self.due = False
        """Whether it stands in the queue of the clock: not while it waits, is held, or has ended."""
        self.dispatcher: Dispatcher | None = None
        """Who began it."""
        self.on_end: Callable[[Task], None] | None = None
        self.outcome = ""
        self.note: object = None
        """Whatever the submitter wants back in `on_end`."""

    def happen(self) -> None:
        """Its time has come."""
        self.due = False
        if self.dispatcher is not None:
            self.dispatcher.complete(self)


class Listener:
    """A part that hears of every piece of work that has ended."""

    def ended(self, task: Task) -> None:
        """A task has its outcome."""
