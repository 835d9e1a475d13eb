"""The incidents of a run as masks for a window: what the measures of both layers count."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .columns import BoolArray, Columns, FloatArray, IntArray

if TYPE_CHECKING:
    from .view import View

AGGRESSION = ("verbal", "objects", "assault")


class Events:
    """The incidents of a run, masked for a window.

    Parameters
    ----------
    view : View
        The window.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        columns = view.columns
        self.ids: IntArray = columns.ints("incident", "incident")
        self.time: FloatArray = columns.floats("incident", "time")
        self.here: BoolArray = ~columns.among("incident", "origin", "away")
        """Incidents on this ward; those of its patients elsewhere count for the catchment only."""
        self.now: BoolArray = view.happened("incident") & self.here

    @cached_property
    def reported(self) -> BoolArray:
        """Incidents that were reported, whenever the report was made."""
        columns = self.view.columns
        found: BoolArray = columns.kept("reported", lambda: np.isin(self.ids, columns.ints("report", "incident")))
        return found

    @cached_property
    def aggression(self) -> BoolArray:
        """Verbal aggression, aggression to objects, physical assault."""
        return self.view.columns.among("incident", "type", *AGGRESSION)

    @cached_property
    def assault(self) -> BoolArray:
        """Physical assault."""
        return self.type("assault")

    @cached_property
    def harmful(self) -> BoolArray:
        """Injury or harm, restraint, or weapon."""
        found: BoolArray = self.view.columns.kept("harmful", lambda: _harmful(self.view.columns))
        return found

    def type(self, *names: str) -> BoolArray:
        """Incidents of these types."""
        return self.view.columns.among("incident", "type", *names)

    def victim(self, name: str) -> BoolArray:
        """Incidents with that sort of victim."""
        return self.view.columns.among("incident", "victim", name)

    def origin(self, name: str) -> BoolArray:
        """Incidents of that origin."""
        return self.view.columns.among("incident", "origin", name)


def _harmful(columns: Columns) -> BoolArray:
    held = columns.ints("containment", "incident")[columns.among("containment", "kind", "restraint")]
    hurt = (columns.floats("incident", "harm") > 0) | (columns.floats("incident", "weapon") > 0)
    ids = columns.ints("incident", "incident")
    harmful: BoolArray = hurt | np.isin(ids, columns.ints("injury", "incident")) | np.isin(ids, held)
    return harmful
