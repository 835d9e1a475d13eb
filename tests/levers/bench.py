"""Turns a lever on a whole ward: two runs with the same chance, so that what differs is what the lever did."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from wardsim.experiments.job import SOLVED_FOR_BASELINE
from wardsim.measures import measure
from wardsim.measures.declare import Value
from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.scenario.calendar import holidays_for
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import DAY, WEEK
from wardsim.ward.core.facts import Facts
from wardsim.ward.ward import Ward

SWITCHES = (
    "response", "contact", "limit_setting", "familiarity", "skill", "fatigue", "crowding", "contagion", "detection", "reporting",
    "injury", "demand_staffing", "bed_pressure", "teamwork",
)  # fmt: skip
ALL_OFF = {f"mechanisms.{name}": False for name in SWITCHES}


class Run:
    """Facts and measures of one ward run."""

    def __init__(self, facts: Facts, measures: dict[str, Value], ward: Ward) -> None:
        self.facts = facts
        self.measures = measures
        self.ward = ward

    def __getitem__(self, name: str) -> float:
        return self.measures[name].value

    def incidents(self, *types: str) -> list[tuple[float, str, str]]:
        """True incidents: time, patient key, type."""
        keys = {row[1]: row[6] for row in self.facts.admission}
        wanted = [r for r in self.facts.incident if (not types or r[3] in types) and r[4] != "away"]
        return [(r[0], keys.get(r[2], "?"), r[3]) for r in wanted]

    def minutes(self, kind: str, role: str | None = None) -> float:
        """Staff minutes on one kind of work."""
        return sum(s[1] - s[0] for s in self.facts.segment if s[4] == kind and (role is None or s[3] == role))

    def tasks(self, kind: str, outcome: str | None = None) -> int:
        """Tasks of a kind with an outcome."""
        return sum(1 for t in self.facts.task if t[4] == kind and (outcome is None or t[6] == outcome))


def scenario(changes: Mapping[str, Any]) -> Scenario:
    """The baseline with some dotted keys changed."""
    data: dict[str, Any] = {"name": "test"}
    for key, value in changes.items():
        place = data
        *path, last = key.split(".")
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return Scenario.model_validate(data)


def run(
    changes: Mapping[str, Any] | None = None,
    *,
    days: float = 91.0,
    warm_up: float = 0.0,
    seed: int = 20250407,
    replication: int = 0,
    parameters: Mapping[str, float] | None = None,
    itself: bool = False,
) -> Run:
    """Run the baseline with some keys changed; cached, because options share their baseline.

    `itself`: the changes say what ward it is (local facts, case mix) and do not turn a lever, so what is solved follows them.
    """
    return _run(
        repr(sorted((changes or {}).items(), key=lambda kv: kv[0])),
        _Box(dict(changes or {})),
        days,
        warm_up,
        seed,
        replication,
        tuple(sorted((parameters or {}).items())),
        itself,
    )


class _Box:
    """Carries a value past the cache's key."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Box)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=24)
def _run(
    key: str, box: _Box, days: float, warm_up: float, seed: int, replication: int,
    parameters: tuple[tuple[str, float], ...], itself: bool,
) -> Run:  # fmt: skip
    made = scenario(box.value)
    drawn = {**Ledger.load().point(), **dict(parameters)}
    before = condition(made if itself else scenario({}), drawn)
    # the need around the ward stays that of the baseline; the lever alters the ward
    p = {**condition(made, drawn), **{name: before[name] for name in SOLVED_FOR_BASELINE}}
    ward = Ward(made, p, seed, replication, begin=0.0, until=days * DAY, holidays=holidays_for(made, 2024, 2028))
    facts = ward.run()
    return Run(facts, measure(facts, made, p, warm_up * DAY, days * DAY), ward)


__all__ = ["ALL_OFF", "DAY", "SWITCHES", "WEEK", "Run", "run", "scenario"]
