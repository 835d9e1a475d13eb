"""Work in hand of a ward that is saved and taken up again: what is being done and by whom, what waits, what is due later.

Everything becomes plain data. A method that goes on later is the name of its part and its own name; people and patients are
their numbers, which they keep; what else a part hangs on its work it declares as a `Note`. Taken up, a piece of work goes on
with the same people and the minutes that remain. Work that the resumed ward does not know any more (an option without the
programme or the course; a census, which means other patients) is a fact: cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from types import BuiltinMethodType, MethodType
from typing import Any, Final, NamedTuple, Protocol

from ..core.clock import Later
from ..core.context import Context
from ..patients.patients import GONE, Patient
from ..staff.people import Person
from .kinds import KINDS
from .task import Kind, Task

Plain = Any
"""What JSON can hold: texts, finite numbers, lists (of a tuple), and objects with one key (a `Note`)."""

_OF_TASK: Final = (
    "id", "kind", "patient", "minutes", "planned", "created", "started", "worked_since", "delivered", "expires", "roles", "people",
    "yields_to", "course",
)  # fmt: skip
"""What a task is by itself."""


class Note(NamedTuple):
    """How one type of object that work refers to is written down and found again.

    Attributes
    ----------
    name : str
        Its name in the state.
    type : type
        The class, exactly.
    save : callable
        Gives what identifies the object, to be written down in turn.
    load : callable
        Finds or makes the object; `LookupError` when this ward has none.
    """

    name: str
    type: type
    save: Callable[[Any], Any]
    load: Callable[[Any], Any]


class BedsLike(Protocol):
    """What is needed of the beds."""

    restored: bool
    present: dict[int, Patient]
    on_leave: dict[int, Patient]
    away: dict[int, Patient]

    @property
    def queue(self) -> list[Patient]:
        """Those who wait for a bed."""


class InHand:
    """Saves work in hand and takes it up.

    Parameters
    ----------
    ctx : Context
        Common ground.
    beds : BedsLike
        Where patients are found.
    people : callable
        Finds a member of staff by id; `LookupError` when there is none.
    parts : mapping of str to part
        Those who submit work or call `Later`, by the name under which their methods are written down. A part may have `notes`
        (a tuple of `Note`), `taken_up(task)`, called with each task of its own that goes on, and `list_in_hand()`, which its
        `go_on` takes over.
    """

    def __init__(
        self, ctx: Context, beds: BedsLike, people: Callable[[int], Person], parts: Mapping[str, Any]
    ) -> None:
        self._ctx = ctx
        self._beds = beds
        self._people = people
        self._parts = parts
        self._patients: dict[int, Patient] = {}
        self._tasks: dict[int, Task] = {}
        notes = [
            Note("person", Person, lambda person: person.id, people),
            Note("patient", Patient, lambda q: (q.id, q.key, q.source), self._patient),
            Note("kind", Kind, lambda kind: kind.name, KINDS.__getitem__),
            Note("task", Task, lambda task: task.id, self._tasks.__getitem__),
            Note("method", MethodType, self._name_of, self._method),
            Note("method", BuiltinMethodType, self._name_of, self._method),  # what a method is in a compiled ward
            Note("number", float, str, float),
        ]
        notes += [note for part in parts.values() for note in getattr(part, "notes", ())]
        self._by_type = {note.type: note for note in notes}
        self._by_name = {note.name: note for note in notes}

    # -- saved --------------------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """Tasks, what is due later (in the order in which it will come), and the dispatcher's own numbers."""
        dispatcher = self._ctx.dispatcher
        due = [entry for entry in self._ctx.env.queue[::-1] if isinstance(entry, Later)]
        return {
            "tasks": [self._task_data(task) for task in dispatcher.in_hand()],
            "later": [
                [entry.time, entry.order, *self.plain((entry.call, entry._value))] for entry in due
            ],
            "dispatcher": dispatcher.save(),
            "lists": {
                name: self.plain(part.list_in_hand())
                for name, part in self._parts.items()
                if hasattr(part, "list_in_hand")
            },
        }

    def plain(self, value: Any) -> Plain:
        """A value as plain data.

        Raises
        ------
        TypeError
            When no part has said how to write this type of object down.
        """
        if value is None or isinstance(value, (str, int)) or (isinstance(value, float) and isfinite(value)):
            return value
        if isinstance(value, (tuple, list)):
            return [self.plain(item) for item in value]
        note = self._by_type.get(type(value))
        if note is None:
            raise TypeError(f"work in hand refers to a {type(value).__name__}, which no part says how to save")
        return {note.name: self.plain(note.save(value))}

    def _task_data(self, task: Task) -> dict[str, Any]:
        data = {name: self.plain(getattr(task, name)) for name in _OF_TASK}
        data["only"] = None if task.only is None else task.only.id
        data["avoid"] = None if task.avoid is None else task.avoid.id
        data["staff"] = [person.id for person in task.staff]
        data["then"] = self.plain((task.on_end, task.note))
        return data

    def _name_of(self, method: Any) -> tuple[str, str]:
        name = next((name for name, part in self._parts.items() if part is method.__self__), None)
        if name is None:
            raise TypeError(f"work in hand goes on with {method.__qualname__}, of no part that is saved")
        return name, method.__name__

    # -- taken up -----------------------------------------------------------------------------------------------------------

    def take_up(self, state: Mapping[str, Any]) -> None:
        """Go on with what `save` gave, once people are on duty and patients in their places."""
        beds, dispatcher = self._beds, self._ctx.dispatcher
        self._patients.update({q.id: q for q in (*beds.queue, *beds.away.values(), *beds.on_leave.values())})
        self._patients.update(beds.present)
        going_on: list[Task] = []
        for data in state["tasks"]:
            task, known = self._task_from(data)
            self._tasks[task.id] = task
            if known:
                going_on.append(task)
            else:
                task.staff = ()
                dispatcher.cancel(task)
        dispatcher.take_up(state["dispatcher"], going_on)
        for task in going_on:
            tell = getattr(getattr(task.on_end, "__self__", None), "taken_up", None)
            if tell is not None:
                tell(task)
        for name, saved in state["lists"].items() if beds.restored else ():
            self._parts[name].go_on(self.restored(saved))
        now = self._ctx.env.now
        for time, order, method, value in state["later"]:
            if not beds.restored and method["method"][0] in state["lists"]:  # the part has made a list of its own
                continue
            try:
                call, what = self.restored(method), self.restored(value)
            except LookupError:  # whom or what it was about is no longer on the books
                continue
            Later(self._ctx.env, time - now, call, what, order)
        self._patients.clear()
        self._tasks.clear()

    def restored(self, data: Plain) -> Any:
        """What `plain` wrote down; `LookupError` when this ward does not have it."""
        if isinstance(data, list):
            return tuple(self.restored(item) for item in data)
        if isinstance(data, dict):
            ((name, inner),) = data.items()
            return self._by_name[name].load(self.restored(inner))
        return data

    def _task_from(self, data: Mapping[str, Any]) -> tuple[Task, bool]:
        """A task, and whether this ward can go on with it."""
        task = Task(data["id"], KINDS[data["kind"]["kind"]], data["patient"], 0.0, data["created"])
        known = self._beds.restored or task.patient < 0
        try:
            for name in _OF_TASK:
                setattr(task, name, self.restored(data[name]))
            task.avoid = None if data["avoid"] is None else self._known(data["avoid"])
            task.only = None if data["only"] is None else self._people(data["only"])
            task.staff = tuple(self._people(i) for i in data["staff"])
            task.on_end, task.note = self.restored(data["then"])
        except LookupError:
            known = False
        if not known:
            task.on_end = None
        return task, known

    def _known(self, person: int) -> Person | None:
        """Somebody by id, who may have been forgotten."""
        try:
            return self._people(person)
        except LookupError:
            return None

    def _patient(self, saved: tuple[int, tuple[int, int, int], str]) -> Patient:
        """A patient by number; one no longer on the books is only a name by now."""
        number, key, source = saved
        found = self._patients.get(number)
        if found is None:
            found = Patient(number, key, source)
            found.place = GONE
        return found

    def _method(self, saved: tuple[str, str]) -> Any:
        part, name = saved
        return getattr(self._parts[part], name)


