"""Work that waits: one queue for each set of roles that may do it and one for each person asked for by name, in order of urgency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ..staff.people import ANYONE, Person
from .choosing import able
from .task import Task

if TYPE_CHECKING:
    from mypy_extensions import i64

Queue = list[Task]
"""By `Task.place`, the first at the end: the most urgent, the oldest of them before the others."""

LAST: Final = (1 << 62) - 1
"""After every `Task.place`."""

NOTHING: Final[list[Task]] = []


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
        self._masks: list[int] = []
        """Sets of roles that have a queue, in the order of opening."""
        self._shared: list[Queue] = []
        """Their queues."""
        self._by_roles: list[Queue | None] = [None] * (ANYONE + 1)
        """The same by set of roles."""
        self._of_role: list[list[Queue]] = [[] for _ in range(ANYONE + 1)]
        """By role bit."""
        self._named: dict[int, Queue] = {}
        self.late: list[Task] = []
        """What `next_for` found expired and took out, for whoever called it to write down."""

    def __iter__(self) -> Iterator[Task]:
        """Everything that waits, queue by queue."""
        for queue in self._queues():
            for task in reversed(queue):
                if not task.outcome:
                    yield task

    def _queues(self) -> list[Queue]:
        return [*self._shared, *self._named.values()]

    def add(self, task: Task) -> None:
        """Put a task into its queue."""
        if task.only is not None:
            named = self._named.get(task.only.id)
            if named is None:
                named = self._named[task.only.id] = []
            queue = named
        else:
            shared = self._by_roles[task.roles]
            queue = self._open(task.roles) if shared is None else shared
        at: i64 = 0
        while at < len(queue) and queue[at].place > task.place:
            at += 1
        queue.insert(at, task)

    def _open(self, roles: int) -> Queue:
        queue: Queue = []
        self._masks.append(roles)
        self._shared.append(queue)
        self._by_roles[roles] = queue
        for bit in range(8):
            if roles >> bit & 1:
                self._of_role[1 << bit].append(queue)
        return queue

    def save(self) -> list[list[int]]:
        """Queues in the order in which they were opened: by roles, by person."""
        return [list(self._masks), list(self._named)]

    def open(self, saved: list[list[int]]) -> None:
        """Open the queues of a saved ward."""
        roles, people = saved
        for mask in roles:
            self._open(mask)
        for person in people:
            self._named[person] = []

    def pop_named(self, person: Person) -> list[Task]:
        """Take out what waits for one person by name."""
        return self._named.pop(person.id, [])[::-1]

    def next_for(self, person: Person, now: float) -> Task | None:
        """Take out the most urgent task this free person can begin; tasks found expired go to `late`."""
        best: Queue | None = None
        best_at: i64 = -1
        before: i64 = LAST
        shared = self._of_role[person.role]
        named = self._named.get(person.id)
        n: i64 = 0
        while n <= len(shared):
            queue = shared[n] if n < len(shared) else named
            n += 1
            if queue:
                at = self._first(queue, person, now, before)
                if at >= 0:
                    best = queue
                    best_at = at
                    before = queue[at].place
        return None if best is None else best.pop(best_at)

    def _first(self, queue: Queue, person: Person, now: float, before: i64) -> i64:
        """Where in a queue the most urgent task is that a free person can begin; -1: none that comes before that place."""
        at: i64 = len(queue) - 1
        while at >= 0:
            task = queue[at]
            if task.place > before:
                break
            if task.outcome:
                del queue[at]
            elif task.expires <= now:
                del queue[at]
                self.late.append(task)
            elif (task.people == 1 and task.avoid is None and task.course is None) or self._can_begin(person, task, now):
                return at
            at -= 1
        return -1

    def occupied(self) -> list[Queue]:
        """The queues in which something waits, in the order of their opening."""
        found = [queue for queue in self._shared if queue]
        for queue in self._named.values():
            if queue:
                found.append(queue)
        return found

    def clear(self) -> None:
        """Forget everything."""
        for queue in self._queues():
            queue.clear()

    def _can_begin(self, person: Person, task: Task, now: float) -> bool:
        if not able(person, task, now):
            return False
        return task.people == 1 or sum(1 for p in self._free if able(p, task, now)) >= task.people


def take_expired(queue: Queue, now: float) -> list[Task]:
    """Take out of a queue everything past its expiry, and forget what was taken back."""
    for task in queue:
        if task.expires <= now or task.outcome:
            break
    else:
        return NOTHING
    late = [task for task in reversed(queue) if not task.outcome and task.expires <= now]
    queue[:] = [task for task in queue if not task.outcome and task.expires > now]
    return late
