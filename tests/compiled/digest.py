"""Digests of all facts of several runs, by whichever build of wardsim comes first on the path.

    python -m tests.compiled.random_wards > wards.json
    python -m tests.compiled.digest wards.json

prints one JSON object: for each run, whether the ward is compiled, and for each table of facts a hash of its rows. Two builds are
the same ward when they print the same.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from tests.property.random_ward import Run
from wardsim.parameters import Ledger
from wardsim.parameters.conditioning import condition
from wardsim.scenario.load import load
from wardsim.scenario.schema import Scenario
from wardsim.scenario.shipped import shipped_scenarios
from wardsim.ward.core.clock import DAY, Later
from wardsim.ward.core.facts import TABLES, Facts
from wardsim.ward.incidents.incident import Incident
from wardsim.ward.ward import Ward

DAYS = 70.0
SAVED_AT = 23.3 * DAY
"""In the middle of a shift, with work in hand."""


def digest(facts: Facts) -> dict[str, str]:
    """A hash a table, of the exact value and type of every cell."""
    return {name: hashlib.sha256(repr(facts.table(name)).encode()).hexdigest()[:16] for name in TABLES}


def runs(days: float = DAYS) -> dict[str, dict[str, str]]:
    """Every shipped scenario at point values or at a draw, one long burn-in begun before time zero, and a ward that was saved."""
    found: dict[str, dict[str, str]] = {}
    ledger = Ledger.load()
    for n, (name, path) in enumerate(shipped_scenarios().items()):
        loaded = load(path)
        values = ledger.draw(7, n) if n % 2 else ledger.point()
        found[name] = digest(_ward(loaded, values, seed=n + 1, replication=n, until=days * DAY).run())
    loaded = load(shipped_scenarios()["baseline"])
    found["burn-in"] = digest(_ward(loaded, ledger.point(), seed=2**40 + 3, replication=1, begin=-days * DAY, until=0.0).run())
    first = _ward(loaded, ledger.draw(3, 1), seed=5, replication=2, until=SAVED_AT)
    first.advance()
    state = json.dumps(first.save(), allow_nan=False)
    found["state"] = {"text": hashlib.sha256(state.encode()).hexdigest()[:16]}
    again = _ward(
        loaded, ledger.draw(3, 1), seed=5, replication=2, begin=SAVED_AT, until=SAVED_AT + days * DAY / 2.0, start=json.loads(state)
    )
    found["taken up"] = digest(again.run())
    found |= {f"incident in hand: {step}": told for step, told in _in_the_middle_of_incidents(ledger.point()).items()}
    return found


def of_wards(wards: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The same of wards as `tests.compiled.random_wards` tells them."""
    return {f"random ward {n}": digest(Run(Scenario.model_validate(w["scenario"]), w["days"], w["seed"], w["draw"]).facts) for n, w in enumerate(wards)}


def _in_the_middle_of_incidents(values: dict[str, float]) -> dict[str, dict[str, str]]:
    """A ward saved when each kind of step of an incident first lies ahead, and taken up again for a day, by step."""
    loaded = load(shipped_scenarios()["baseline"])
    first = _ward(loaded, values, seed=11, replication=0, until=90.0 * DAY)
    clock = first.ctx.env
    found: dict[str, dict[str, str]] = {}
    while clock.now < 80.0 * DAY:
        clock.run(clock.now + 5.0)
        steps = {
            event.call.__name__
            for event in clock.queue
            if isinstance(event, Later) and isinstance(event._value, tuple) and isinstance(event._value[0], Incident)
        }
        if steps <= found.keys():
            continue
        state = json.dumps(first.save(), allow_nan=False)
        again = _ward(loaded, values, seed=11, replication=0, begin=clock.now, until=clock.now + DAY, start=json.loads(state))
        told = {**digest(again.run()), "state": hashlib.sha256(state.encode()).hexdigest()[:16]}
        found |= dict.fromkeys(steps - found.keys(), told)
    return found


def _ward(loaded: Any, values: dict[str, float], *, seed: int, replication: int, until: float, begin: float = 0.0, start: Any = None) -> Ward:
    return Ward(
        loaded.scenario, condition(loaded.scenario, values), seed, replication,
        begin=begin, until=until, start=start, given_roster=loaded.given_roster,
    )  # fmt: skip


def main() -> None:
    """Print the digests; of random wards too, if a file of them is named."""
    more = of_wards(json.loads(Path(sys.argv[1]).read_text("utf-8"))) if sys.argv[1:] else {}
    print(json.dumps({"facts": runs() | more}))


if __name__ == "__main__":
    main()
