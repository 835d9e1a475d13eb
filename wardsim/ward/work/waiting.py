"""Work that waits: one queue for each set of roles that may do it and one for each person asked for by name, in order of urgency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..staff.people import Person
from .choosing import able
from .task import Task

Queue = list[Task]
"""By `Task.place`: the most urgent comes first, the oldest of them before the others."""

_NONE: Final[list[Queue]] = []


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
        self._shared: dict[int, Queue] = {}
        self._of_role: dict[int, list[Queue]] = {}
        self._named: dict[int, Queue] = {}

    def __iter__(self) -> Iterator[Task]:
        """Everything that waits, queue by queue."""
        for queue in self._queues():
            for task in queue:
                if not task.outcome:
                    yield task

    def _queues(self) -> list[Queue]:
        return [*self._shared.values(), *self._named.values()]

    def add(self, task: Task) -> None:
        """Put a task into its queue."""
        if task.only is not None:
            queue = self._named.setdefault(task.only.id, [])
        else:
            shared = self._shared.get(task.roles)
            queue = self._open(task.roles) if shared is None else shared
        at = len(queue)
        while at > 0 and queue[at - 1].place > task.place:
            at -= 1
        queue.insert(at, task)

    def _open(self, roles: int) -> Queue:
        queue: Queue = []
        self._shared[roles] = queue
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
        return self._named.pop(person.id, [])

    def next_for(self, person: Person, now: float, late: list[Task]) -> Task | None:
        """Take out the most urgent task this free person can begin; tasks found expired go to `late`."""
        best: Task | None = None
        best_queue: Queue = []
        best_at = 0
        first = 0
        queues = self._of_role.get(person.role, _NONE)
        named = self._named.get(person.id)
        if named:
            queues = [*queues, named]
        for queue in queues:
            i = 0
            while i < len(queue):
                task = queue[i]
                if best is not None and task.place > first:
                    break
                if task.outcome:
                    del queue[i]
                elif task.expires <= now:
                    del queue[i]
                    late.append(task)
                elif (task.people == 1 and task.avoid is None and task.course is None) or self._can_begin(person, task, now):
                    best = task
                    best_queue = queue
                    best_at = i
                    first = task.place
                    break
                else:
                    i += 1
        if best is not None:
            del best_queue[best_at]
        return best

    def expired(self, now: float) -> Iterator[Task]:
        """Take out everything past its expiry, and forget what was taken back."""
        for queue in self._queues():
            for task in queue:
                if task.expires <= now or task.outcome:
                    break
            else:
                continue
            late = [task for task in queue if not task.outcome and task.expires <= now]
            queue[:] = [task for task in queue if not task.outcome and task.expires > now]
            yield from late

    def clear(self) -> None:
        """Forget everything."""
        for queue in self._queues():
            queue.clear()

    def _can_begin(self, person: Person, task: Task, now: float) -> bool:
        if not able(person, task, now):
            return False
        return task.people == 1 or sum(1 for p in self._free if able(p, task, now)) >= task.people
