"""What a results folder holds, made from an outcome: tidy CSV tables, and the manifest that says how they came
about."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import numpy as np

from wardsim.parameters import Ledger
from wardsim.ward import compiled

from . import weeks
from .day import FILE as DAY
from .day import day_csv
from .drift import LIMIT
from .events import COLUMNS as EVENT_COLUMNS
from .intervals import Summary
from .job import POINT
from .plan import cores
from .replicate import Outcome, Request
from .results import INTERVALS, MEANING, SCHEMA_VERSION, csv_bytes, fingerprint, folder_name, intervals, number
from .start import model_hash, version
from .tables import SPECS

CAP_LIMIT = 0.001
"""Share of time at the cap of the hazard that is still negligible."""
LEDGER_LIMIT = 1e-3
"""Staff minutes that may be unaccounted for in a run (rounding)."""

_SUMMARY = ("mean", *INTERVALS, "n", "reason")
_SOLVED = "worked out from local facts or occupancy"


def identity(request: Request) -> dict[str, Any]:
    """Everything that decides the numbers, and nothing else."""
    return {
        "wardsim": version(),
        "model": model_hash(),
        "scenario": request.scenario.model_dump(mode="json"),
        "baseline": request.baseline.model_dump(mode="json", exclude={"run"}) if request.baseline is not None else None,
        "rosters": fingerprint([request.roster, request.baseline_roster]),
        "holidays": fingerprint(sorted(request.holidays)),
        "parameters": kind_of(request),
        "ledger": Ledger.load().hash,
        **_posterior(request),
        "years": request.years,
    }


def kind_of(request: Request) -> str:
    """Where the parameters come from: point, prior or posterior."""
    return "point" if request.point else request.parameters


def _posterior(request: Request) -> dict[str, str]:
    """Fingerprint of the posterior, where it is drawn from."""
    if kind_of(request) != "posterior":
        return {}
    from wardsim.parameters.posterior import shipped_posterior

    return {"posterior": shipped_posterior().hash}


def results_name(request: Request) -> str:
    """Name of the folder: the scenario's name and eight digits of all that decides the numbers."""
    return folder_name(request.scenario.name, identity(request))


def files_of(outcome: Outcome, declared: Mapping[str, Any]) -> dict[str, bytes]:
    """Content of every table.

    Parameters
    ----------
    outcome : Outcome
        Of an experiment.
    declared : mapping
        Measures by name (label, unit, layer).
    """
    estimand = outcome.request.estimand
    files = {
        "measures.csv": csv_bytes(
            ("name", "label", "unit", "layer", *_SUMMARY, "estimand"),
            [(*_declared(name, declared), *_summary(s), estimand) for name, s in outcome.measures.items()],
        ),
        "replications.csv": _replications(outcome),
        "parameters.csv": _parameters(outcome),
    }
    for name, rows in outcome.tables.items():
        files[f"{name}.csv"] = csv_bytes(
            (*SPECS[name].columns, "quantity", "unit", *_SUMMARY, "estimand"),
            [(*row.key, row.quantity, row.unit, *_summary(row.summary), estimand) for row in rows],
        )
    if outcome.quarters:
        files["quarters.csv"] = _quarters(outcome, declared)
    files |= _weeks(outcome)
    day = next((found for run in outcome.collection.done[:1] if (found := day_csv(run)) is not None), None)
    if day is not None:
        files[DAY] = day
    if outcome.request.events:
        events = [event for run in outcome.collection.done for event in run.events]
        files["events.csv"] = csv_bytes(EVENT_COLUMNS, events)
    return files


def manifest_of(outcome: Outcome, *, scenario_hash: str = "", sources: Sequence[str] = ()) -> dict[str, Any]:
    """The manifest: what was run, with what, how it was checked. Only `run_environment` depends on machine and
    clock."""
    request = outcome.request
    run = request.scenario.run
    job = request.job(POINT, 0)
    return {
        "schema_version": SCHEMA_VERSION,
        "status": status_of(outcome),
        "estimand": request.estimand,
        "question": request.scenario.question,
        "identity": fingerprint(identity(request)),
        "scenario_hash": scenario_hash,
        "scenario": request.scenario.model_dump(mode="json"),
        "baseline": request.baseline.model_dump(mode="json", exclude={"run"}) if request.baseline is not None else None,
        "years": request.years,
        "measured_minutes": list(job.measured),
        "seed": run.seed,
        "parameters": {
            "kind": kind_of(request),
            "ledger": Ledger.load().hash,
            **_posterior(request),
            "draws": outcome.plan.draws,
            "replications_per_draw": outcome.plan.per_draw,
        },
        "runs": {"planned": outcome.plan.runs, "done": outcome.runs, "failed": len(outcome.collection.failures)},
        "intervals": MEANING,
        "versions": {"wardsim": version(), "model": model_hash(), "ward": _build(), **_libraries()},
        "checks": checks_of(outcome),
        "run_environment": {
            "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(outcome.seconds, 2),
            "seconds_per_run": round(float(np.mean([r.seconds for r in outcome.collection.results] or [0.0])), 4),
            "processes": outcome.plan.processes,
            "processors": cores(),
            "machine": platform.machine(),
            "system": platform.platform(),
            "sources": list(sources),
        },
    }


def status_of(outcome: Outcome) -> str:
    """ok, partial (failed runs), interrupted, or failed (nothing to show)."""
    if not outcome.runs:
        return "failed"
    if outcome.interrupted:
        return "interrupted"
    return "partial" if outcome.collection.failures else "ok"


def checks_of(outcome: Outcome) -> dict[str, Any]:
    """What must be true of every run, and whether it was."""
    residual = max(outcome.collection.column("time_ledger_residual_min"), default=0.0)
    capped = outcome.measures.get("hazard_at_cap")
    share = capped.mean / 100.0 if capped is not None and capped.mean is not None else 0.0
    return {
        "staff_minutes_close": {"ok": residual <= LEDGER_LIMIT, "largest_residual_min": number(residual)},
        "hazard_at_cap": {"ok": share <= CAP_LIMIT, "share": number(share), "limit": CAP_LIMIT},
        "in_balance": {
            name: {
                "drifted": d.drifted, "change_a_year": number(d.mean), "low": number(d.low), "high": number(d.high), "n": d.n,
                "limit": LIMIT,
            }
            for name, d in outcome.drift.items()
        } if outcome.request.estimand == "steady" else None,
        "failures": [
            {
                "stage": f.stage, "seed": f.seed, "draw": f.draw, "replication": f.replication, "error": f.error,
                "traceback": f.traceback,
            }
            for f in outcome.collection.failures
        ],
    }  # fmt: skip


def _build() -> str:
    return "compiled" if compiled() else "not compiled"


def _libraries() -> dict[str, str]:
    found = {"python": ".".join(str(n) for n in sys.version_info[:3])}
    for name in ("numpy", "simpy", "pydantic", "holidays"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def _declared(name: str, declared: Mapping[str, Any]) -> tuple[str, str, str, str]:
    measure = declared.get(name)
    return (name, measure.label, measure.unit, measure.layer) if measure is not None else (name, name, "", "")


def _summary(summary: Summary) -> list[object]:
    return [number(summary.mean), *intervals(summary), summary.n, summary.reason]


def _quarters(outcome: Outcome, declared: Mapping[str, Any]) -> bytes:
    windows = outcome.request.job(POINT, 0).windows()[1:]
    rows = [
        (
            i + 1,
            round(start / 1440.0, 4),
            round(end / 1440.0, 4),
            *_declared(name, declared),
            *_summary(s),
            outcome.request.estimand,
        )
        for i, ((start, end), quarter) in enumerate(zip(windows, outcome.quarters, strict=True))
        for name, s in quarter.items()
    ]
    return csv_bytes(("quarter", "from_day", "to_day", "name", "label", "unit", "layer", *_SUMMARY, "estimand"), rows)


def _weeks(outcome: Outcome) -> dict[str, bytes]:
    """weeks.csv and single_years.csv of the one ward."""
    collection, request = outcome.collection, outcome.request
    runs = [run.replication for run in collection.done]
    ward = weeks.Ward(request.scenario.name, runs, collection.draws().tolist(), collection.weeks())
    return weeks.files_of([ward], point=request.point, estimand=request.estimand, named=False)


def _replications(outcome: Outcome) -> bytes:
    names = outcome.collection.names
    rows: list[list[object]] = []
    for run in outcome.collection.results:
        if run.failure is None:
            rows.append([run.draw, run.replication, "ok", "", "", *(float(v) for v in run.values[0, :, 0])])
        else:
            rows.append(
                [run.draw, run.replication, "failed", run.failure.stage, run.failure.error, *([None] * len(names))]
            )
    return csv_bytes(("draw", "replication", "status", "stage", "error", *names), rows)


def _parameters(outcome: Outcome) -> bytes:
    """Each parameter: point value, prior, what the runs used, where it comes from."""
    used = outcome.collection.parameters()
    ledger = Ledger.load()
    rows: list[list[object]] = []
    for entry in ledger:
        low, _, high = entry.quantiles()
        source = " ".join(entry.sources) or f"assumption: {entry.assumption}"
        rows.append(
            [
                entry.name,
                entry.label,
                entry.unit,
                entry.value,
                low,
                high,
                *_spread(used.pop(entry.name, None)),
                entry.mechanism or "",
                source,
            ]
        )
    rows += [[name, "", "", None, None, None, *_spread(values), "", _SOLVED] for name, values in sorted(used.items())]
    header = (
        "name",
        "label",
        "unit",
        "value",
        "prior_low",
        "prior_high",
        "used_mean",
        "used_low",
        "used_high",
        "mechanism",
        "source",
    )
    return csv_bytes(header, rows)


def _spread(values: Any) -> list[float | None]:
    """Mean and 95% spread over draws of a parameter as used."""
    if values is None or not len(values):
        return [None, None, None]
    low, high = np.quantile(values, (0.025, 0.975))
    return [float(values.mean()), float(low), float(high)]
