"""Part 9: how the numbers were made: what each option changes, the method, inputs with sources, checks, failures, versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..content import Cell, Part, Table, table
from ..result import Result
from ..source import REPORT
from .answer import setting
from .changes import changed, told_of
from .inputs import inputs
from .meanings import MEANINGS
from .stress import draft

MOST_CHANGES = 40
"""Changes told of one option."""
MOST_WARDS = 12
"""Wards whose changes are told."""
MOST_FAILURES = 20


def method(result: Result) -> Part:
    """How it was done."""
    part = Part("method", "Method and inputs")
    part.say(setting(result), *(str(line) for line in result.source.manifest.get("result", {}).get("stopped", [])))
    part.say(*MEANINGS, points=True, title="What ranges and shares mean")
    changes = _changes(result)
    part.show(changes, _checks(result), _failures(result), inputs(result.source), _versions(result))
    part.show(draft(result.source, changes is not None), _manifest(result))
    return part


def _changes(result: Result) -> Table | None:
    """What each option changes, key by key."""
    study = result.source.study
    if study is None or result.kind == "sensitivity":
        return None
    names = [one.name for one in result.options][:MOST_WARDS]
    cells = {cell["name"]: cell for cell in study["cells"]}
    base = study["cells"][0]["scenario"]
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        keys = changed(base, cells[name]["scenario"] if name in cells else {})
        rows.append((name,))
        rows += [((told_of(key), key), _value(before), _value(after)) for key, before, after in keys[:MOST_CHANGES]]
        if not keys:
            rows.append(("nothing", "", ""))
        elif len(keys) > MOST_CHANGES:
            rows.append((f"and {len(keys) - MOST_CHANGES} more keys; study.json has all", "", ""))
    if len(result.options) > len(names):
        rows.append((f"{len(result.options) - len(names)} more wards; study.json has all",))
    return table("What each option changes", ("what, and its key", study["cells"][0]["name"], "the option"), rows, folded="What each option changes") if rows else None


def _value(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "-", True: "yes", False: "no"}[value]
    return value.replace("_", " ") if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _checks(result: Result) -> Table | None:
    found: Mapping[str, Any] = result.source.manifest.get("checks") or {}
    rows: list[tuple[Cell, ...]] = []
    minutes, cap, balance = (found.get(key) for key in ("staff_minutes_close", "hazard_at_cap", "in_balance"))
    if minutes:
        kept, residual = "yes" if minutes["ok"] else "no", minutes["largest_residual_min"]
        rows.append(("Every minute of staff on duty belongs to one piece of work", kept, f"largest residual {residual} min"))
    if cap:
        kept = "yes" if cap["ok"] else "no"
        rows.append(("Share of time at the cap of the hazard is negligible", kept, f"{cap['share']} (limit {cap['limit']})"))
    for name, one in (balance or {}).items():
        words = {"yes": "drifts", "no": "in balance", "undecided": "not decided with these runs"}.get(str(one["drifted"]), str(one["drifted"]))
        rows.append((f"Balance of {name}", words, f"change a year {_short(one['change_a_year'])} ({_short(one['low'])} to {_short(one['high'])})"))
    runs = result.source.manifest.get("runs", {})
    rows.append(("Runs with a result", str(runs.get("done", "-")), f"{runs.get('failed', 0)} failed"))
    return table("Checks", ("check", "result", "detail"), rows)


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else "-" if value is None else str(value)


def _failures(result: Result) -> Table | None:
    rows: list[tuple[Cell, ...]] = [
        (result.source.name(row["cell"]), row["stage"], row["draw"], row["replication"], row["error"]) for row in result.source.rows("failures.csv")
    ]
    checks: Mapping[str, Any] = result.source.manifest.get("checks") or {}
    rows += [
        (result.title, str(one["stage"]), str(one["draw"]), str(one["replication"]), str(one["error"])) for one in checks.get("failures", [])
    ]
    notes = [f"{len(rows) - MOST_FAILURES} more in failures.csv or manifest.json."] if len(rows) > MOST_FAILURES else []
    return table("Runs without a result", ("ward", "stage", "draw", "run", "error"), rows[:MOST_FAILURES], notes=notes) if rows else None


def _versions(result: Result) -> Table:
    manifest = result.source.manifest
    rows: list[tuple[Cell, ...]] = [(str(key), str(value)) for key, value in manifest.get("versions", {}).items()]
    rows.append(("identity of the results", str(manifest.get("identity", "-"))))
    seed = result.source.study["seed"] if result.source.study is not None else manifest.get("seed")
    rows.append(("seed", str(seed)))
    return table("Versions and seed: the same give the same numbers", ("what", "which"), rows)


def _manifest(result: Result) -> Table:
    """The part of the manifest that depends on neither machine nor clock."""
    told = {key: value for key, value in result.source.manifest.items() if key != "run_environment"}
    told["files"] = {name: value for name, value in told.get("files", {}).items() if name != REPORT}
    rows = [(key, json.dumps(value, ensure_ascii=False, sort_keys=True)) for key, value in told.items()]
    return table("Manifest, without what depends on the machine and the clock", ("key", "value"), rows, folded="The manifest")
