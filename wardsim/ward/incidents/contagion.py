"""Contagion (mechanism M8) as a branching process: an episode of aggression unsettles the ward and has offspring.

Each episode draws the number of its offspring from its own row, and each offspring its delay, patient and type from its own
key: (patient of the first episode, block, candidate, path of birth orders). One episode is an aggression with whatever it
escalates to; in expectation every episode that comes by itself brings 1 / (1 - n) in all. Later offspring fall on patients in
proportion to their own exogenous rate of aggression then. Switched off, n is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.clock import AT_NEW_WORK, HOUR, At
from ..core.context import Context
from ..core.streams import Stream
from .outcomes import OFFSPRING, OFFSPRING_DELAY, ROW, Row, exponential, poisson

Path = tuple[int, ...]
"""Key of an episode: patient key, block, candidate, then birth orders."""


class Contagion:
    """Draws and delivers offspring.

    Parameters
    ----------
    ctx : Context
        Common ground.
    offspring : float
        Expected offspring of one episode; 0 when the switch is off.
    deliver : callable
        Makes the incident: path, row, parent's id.
    """

    def __init__(self, ctx: Context, offspring: float, deliver: Callable[[Path, Row, int], None]) -> None:
        self._ctx = ctx
        self.offspring = offspring
        self.mean_delay = ctx.p["mechanisms.contagion_delay_mean_hours"] * HOUR
        self._deliver = deliver
        self._waiting: dict[Path, tuple[float, int]] = {}

    def episode(self, path: Path, row: Row, incident: int) -> None:
        """An episode has begun: draw what it leads to."""
        if self.offspring <= 0.0:
            return
        for birth in range(poisson(row[OFFSPRING], self.offspring)):
            child = (*path, birth)
            draws = self._row(child)
            due = self._ctx.env.now + exponential(draws[OFFSPRING_DELAY], self.mean_delay)
            self._wait(child, draws, due, incident)

    def _row(self, child: Path) -> Row:
        return Row(self._ctx.streams.hashed(Stream.CONTAGION, *child), 0, ROW)

    def _wait(self, child: Path, draws: Row, due: float, parent: int) -> None:
        self._waiting[child] = (due, parent)
        At(self._ctx.env, due - self._ctx.env.now, self._born, (child, draws, parent), AT_NEW_WORK)

    def _born(self, event: At) -> None:
        child, draws, parent = event._value
        del self._waiting[child]
        self._deliver(child, draws, parent)

    def save(self) -> list[list[Any]]:
        """Offspring still to come: path, due time, parent."""
        return [[list(path), due, parent] for path, (due, parent) in self._waiting.items()]

    def restore(self, saved: list[list[Any]]) -> None:
        """Schedule what `save` returned."""
        for path, due, parent in saved:
            child = tuple(int(k) for k in path)
            self._wait(child, self._row(child), float(due), int(parent))


def pick(u: float, weights: list[float]) -> int | None:
    """Index chosen by one uniform in proportion to weights; None when there is nothing to choose."""
    place = u * sum(weights)
    for index, weight in enumerate(weights):
        place -= weight
        if place < 0.0:
            return index
    return None
