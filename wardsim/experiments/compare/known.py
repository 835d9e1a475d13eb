"""The parameters that the runs of a study drew: what an answer can be explained by."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from ..job import drawn_by, shipped_parts
from ..statistics.regress import ROOM
from ..statistics.split import Array, Ints
from ..study.cells import Study

GROUP = "all of "
"""Beginning of the name of a group: the parameters of one topic."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Values of the parameters that vary, in each draw of the runs.

    Attributes
    ----------
    ids : array of int, shape (draws,)
        Draws.
    names : tuple of str
        Parameters that vary between the draws and are not fixed by every ward of the study.
    values : array of float, shape (draws, parameters)
    groups : dict of str to list of str
        Parameters by topic, for topics with several; only those small enough for so many draws.
    left_out : tuple of str
        Groups that are too large.
    terms : dict
        Terms of the regressions, kept from call to call.
    """

    ids: Ints
    names: tuple[str, ...]
    values: Array
    groups: dict[str, list[str]]
    left_out: tuple[str, ...]
    terms: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)

    def of(self, ids: Ints) -> Drawn:
        """The same for some of the draws (an answer that has no value in the others)."""
        if np.array_equal(ids, self.ids):
            return self
        groups = {group: members for group, members in self.groups.items() if ROOM * len(members) <= len(ids)}
        gone = tuple(group for group in self.groups if group not in groups)
        return Drawn(ids, self.names, self.values[np.isin(self.ids, ids)], groups, (*self.left_out, *gone))


def drawn(study: Study, ids: Ints) -> Drawn | None:
    """Parameters of the draws; None under point parameters, and when nothing varies.

    Parameters
    ----------
    study : Study
        Its seed and wards.
    ids : array of int
        Draws, ascending (`Split.ids`).
    """
    if study.point or not len(ids):
        return None
    found = [drawn_by(study.job(0, int(draw) * study.per_draw), shipped_parts()) for draw in ids]
    fixed = set.intersection(*(set(cell.scenario.parameters) for cell in study.cells))
    names = [name for name in found[0] if name not in fixed]
    values = np.array([[draw[name] for name in names] for draw in found], dtype=np.float64)
    varying = np.flatnonzero(np.ptp(values, axis=0) > 0.0)
    if not len(varying):
        return None
    kept = tuple(names[i] for i in varying)
    topics: dict[str, list[str]] = defaultdict(list)
    for name in kept:
        topics[name.partition(".")[0]].append(name)
    several = {f"{GROUP}{topic}": members for topic, members in topics.items() if len(members) > 1}
    small = {group: members for group, members in several.items() if ROOM * len(members) <= len(ids)}
    return Drawn(ids, kept, values[:, varying], small, tuple(group for group in several if group not in small))
