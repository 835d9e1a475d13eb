"""Work that waits: one queue for each set of roles that may do it and one for each person asked for by name, in order of urgency."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator

from ..staff.people import Person
from .choosing import able
from .task import Task

Entry = tuple[int, int, Task]
"""Priority, number, task: sorted, the most urgent comes first, the oldest of them before the others."""


class Waiting:
    """Tasks that wait.

    A task taken back while it waits stays in its queue, with its outcome, until somebody looks there.

    Parameters
    ----------
    free : list of Person
        Who is free, kept by the dispatcher.
    """

    def __init__(self, free: list[Person]) -> None:
        self._free = free
        self._shared: dict[int, list[Entry]] = {}
        self._of_role: dict[int, list[list[Entry]]] = {}
        self._named: dict[int, list[Entry]] = {}

    def __iter__(self) -> Iterator[Task]:
        """Everything that waits, queue by queue."""
        for queue in self._queues():
            for entry in queue:
                if not entry[2].outcome:
                    yield entry[2]

    def _queues(self) -> tuple[list[Entry], ...]:
        return (*self._shared.values(), *self._named.values())

    def add(self, task: Task) -> None:
        """Put a task into its queue."""
        entry = (task.kind.priority, task.id, task)
        if task.only is not None:
            insort(self._named.setdefault(task.only.id, []), entry)
            return
        queue = self._shared.get(task.roles)
        insort(self._open(task.roles) if queue is None else queue, entry)

    def _open(self, roles: int) -> list[Entry]:
        queue = self._shared[roles] = []
        for bit in range(8):
            if roles >> bit & 1:
                self._of_role.setdefault(1 << bit, []).append(queue)
        return queue

    def save(self) -> list[list[int]]:
        """Queues in the order in which they were opened: by roles, by person."""
        return [list(self._shared), list(self._named)]

    def open(self, saved: list[list[int]]) -> None:
        """Open the queues of a saved ward."""
        roles, people = saved
        for mask in roles:
            self._open(mask)
        for person in people:
            self._named[person] = []

    def pop_named(self, person: Person) -> list[Task]:
        """Take out what waits for one person by name."""
        return [entry[2] for entry in self._named.pop(person.id, ())]

    def next_for(self, person: Person, now: float, late: list[Task]) -> Task | None:
        """Take out the most urgent task this free person can begin; tasks found expired go to `late`."""
        best: Entry | None = None
        best_queue: list[Entry] = []
        best_at = 0
        queues = self._of_role.get(person.role, [])
        named = self._named.get(person.id)
        if named:
            queues = [*queues, named]
        for queue in filter(None, queues):
            i = 0
            while i < len(queue):
                entry = queue[i]
                if best is not None and entry > best:
                    break
                task = entry[2]
                if task.outcome:
                    del queue[i]
                elif task.expires <= now:
                    del queue[i]
                    late.append(task)
                elif (task.people == 1 and task.avoid is None and task.course is None) or self._can_begin(
                    person, task, now
                ):
                    best, best_queue, best_at = entry, queue, i
                    break
                else:
                    i += 1
        if best is None:
            return None
        del best_queue[best_at]
        return best[2]

    def expired(self, now: float) -> Iterator[Task]:
        """Take out everything past its expiry, and forget what was taken back."""
        for queue in self._queues():
            for entry in queue:
                if entry[2].expires <= now or entry[2].outcome:
                    break
            else:
                continue
            late = [entry[2] for entry in queue if not entry[2].outcome and entry[2].expires <= now]
            queue[:] = [entry for entry in queue if not entry[2].outcome and entry[2].expires > now]
            yield from late

    def clear(self) -> None:
        """Forget everything."""
        for queue in self._queues():
            queue.clear()

    def _can_begin(self, person: Person, task: Task, now: float) -> bool:
        if not able(person, task, now):
            return False
        return task.people == 1 or sum(1 for p in self._free if able(p, task, now)) >= task.people
