"""Chances that what happened gets into the channels through which studies looked: case notes, and a structured form.

Nothing is drawn. An operator counts each incident by the chance that the channel holds it: a count becomes an expected
count, "at least one" becomes one less the product of the chances of none. The study's own luck is the business of the
likelihood, which knows how large the study was.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .columns import BoolArray, FloatArray

if TYPE_CHECKING:
    from .view import View

NOTES = {
    "verbal": "recording.notes_verbal_share",
    "objects": "recording.notes_objects_share",
    "assault": "recording.notes_assault_share",
    "self_harm": "recording.notes_self_harm_share",
    "suicide_attempt": "recording.notes_suicide_attempt_share",
}
FORM = {
    "verbal": "recording.form_verbal_share",
    "objects": "recording.form_objects_share",
    "assault": "recording.form_assault_share",
}


class Recorded:
    """The incidents of a run with the chance that each channel holds them.

    Parameters
    ----------
    view : View
        The window; the chances do not depend on it.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self.time: FloatArray = view.events.time
        self.noticed: BoolArray = (view.columns.floats("incident", "noticed") > 0) & view.events.here

    @cached_property
    def notes(self) -> FloatArray:
        """Chance that case notes show each incident (0 for kinds that no operator asks for)."""
        return self._chances(NOTES)

    @cached_property
    def form(self) -> FloatArray:
        """Chance that a structured form was filled in for each aggressive incident; harm raises the odds of an assault's."""
        plain = self._chances(FORM)
        harmed = self.view.events.assault & (self.view.columns.floats("incident", "harm") > 0)
        inside = harmed & (plain > 0.0) & (plain < 1.0)
        odds = np.exp(self.view.parameters["reporting.harm_log_odds"]) * plain[inside] / (1.0 - plain[inside])
        raised = plain.copy()
        raised[inside] = odds / (1.0 + odds)
        return raised

    def _chances(self, shares: dict[str, str]) -> FloatArray:
        chances = np.zeros(len(self.time))
        for kind, name in shares.items():
            chances[self.view.events.type(kind)] = self.view.parameters[name]
        return np.where(self.noticed, chances, 0.0)
