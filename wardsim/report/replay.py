"""The replay of a day: what the script of the page plays, as plain numbers and fixed words. No text of a scenario is in it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from importlib import resources

from .day import GROUPS, Day, clock, group_of

SCRIPT = "replay.js"
START_MIN = 420
"""Minute shown first: the morning handover."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A day to be played.

    Attributes
    ----------
    label : str
        Whose day.
    data : str
        JSON for the script: `groups`, `kinds`, `people` [name, duties, work], `patients` [number, stays, leaves], `events`; times in tenths of
        minutes from midnight.
    begin : int
        Minute shown first.
    """

    label: str
    data: str
    begin: int = START_MIN

    @property
    def clock(self) -> str:
        """Time shown first."""
        return clock(self.begin)


def replay_of(day: Day, label: str) -> Replay:
    """What the script plays of a day."""
    kinds = sorted({work.kind for person in day.people for work in person.work})
    place = {kind: i for i, kind in enumerate(kinds)}
    content = {
        "groups": GROUPS,
        "kinds": [[kind.replace("_", " "), GROUPS.index(group_of(kind))] for kind in kinds],
        "people": [
            [
                person.name, [[_tenths(d.start), _tenths(d.end)] for d in person.duties],
                [[_tenths(w.start), _tenths(w.end), place[w.kind], w.patient] for w in sorted(person.work, key=lambda one: one.start)],
            ]
            for person in day.people
        ],
        "patients": [
            [
                patient, [[_tenths(s.start), _tenths(s.end)] for s in spans],
                [[_tenths(s.start), _tenths(s.end)] for s in day.leaves.get(patient, [])],
            ]
            for patient, spans in sorted(day.stays.items())
        ],
        "events": [[_tenths(event.minute), event.words, "" if event.reported is None else "reported" if event.reported else "not reported"]
                   for event in day.events],
    }  # fmt: skip
    return Replay(label, json.dumps(content, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e"))


def script() -> str:
    """The script of the replay, the same on every page."""
    return (resources.files(__package__) / "templates" / SCRIPT).read_text(encoding="utf-8")


def script_hash() -> str:
    """What the content security policy of a page names it by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script().encode("utf-8")).digest()).decode("ascii")


def _tenths(minute: float) -> int:
    return round(minute * 10)
