"""The uncertain inputs of the model: their priors, the posterior of those that were fitted, what the runs used, and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from wardsim.parameters import Ledger
from wardsim.parameters.entry import Entry
from wardsim.parameters.posterior import PosteriorError, shipped_posterior

from ..content import Cell, Table, table
from ..source import Row, Source, number

PRIOR, POSTERIOR, USED = "prior (95%)", "posterior, mean (95%)", "used, mean (95%)"
LEVELS = (0.025, 0.975)
NOTE = (
    "Sources that begin with FC, INC or W are rows of the register of evidence (docs/reference/parameters.md tells what each is). Ranges hold 95%. A prior without a "
    "range: set by the ward, or solved from its own figures."
)
FITTED = "Fitted parameters are drawn from their posterior; all others have none, and are drawn from their prior."
USED_NOTE = "Used: over the draws of these runs, after what the ward is known to be."


def ledger_of(source: Source) -> Ledger | None:
    """The ledger, when it is the one that was used."""
    versions = source.manifest.get("versions", {})
    used = versions.get("ledger") or (source.manifest.get("parameters") or {}).get("ledger")
    ledger = Ledger.load()
    return ledger if used == ledger.hash else None


def fitted(source: Source) -> dict[str, str]:
    """Mean and range of the posterior of each fitted parameter, when the runs drew from the posterior that there is; else nothing."""
    used = source.manifest.get("versions", {}).get("posterior") or (source.manifest.get("parameters") or {}).get("posterior")
    if source.drawn != "posterior":
        return {}
    try:
        posterior = shipped_posterior()
    except PosteriorError:
        return {}
    if used != posterior.hash:
        return {}
    rows = np.array(posterior.rows)
    lows, highs = np.quantile(rows, LEVELS, axis=0)
    return {name: _ranged(*values) for name, *values in zip(posterior.names, rows.mean(axis=0), lows, highs, strict=True)}


def prior(entry: Entry) -> str:
    """The range of a prior; empty where it has none."""
    low, high = entry.quantiles(*LEVELS)
    return "" if low == high else _span(low, high)


def origin(entry: Entry) -> str:
    """Where a value comes from."""
    return " ".join(entry.sources) or f"assumption: {entry.assumption}"


def inputs(source: Source) -> Table:
    """Every uncertain input, those that were fitted first."""
    caption = "Uncertain inputs of the model with priors and sources"
    ledger = ledger_of(source)
    if ledger is None:
        return table(caption, ("",), [("The inputs were of another version of the ledger than this one; its own version has them.",)])
    own = {row["name"]: row for row in source.rows("parameters.csv")}
    learned = fitted(source)
    entries = sorted(ledger, key=lambda entry: entry.name not in learned)
    rows: list[tuple[Cell, ...]] = [_row(entry, learned, own) for entry in entries]
    head = ("input", "parameter", "unit", "value", PRIOR, *((POSTERIOR,) if learned else ()), *((USED,) if own else ()), "source")
    notes = (NOTE, *((FITTED,) if learned else ()), *((USED_NOTE,) if own else ()))
    folded = f"All {len(rows)} inputs with priors and sources" + (f", the {len(learned)} fitted ones first" if learned else "")
    return table(caption, head, rows, folded=folded, notes=notes)


def _row(entry: Entry, learned: Mapping[str, str], own: Mapping[str, Row]) -> tuple[Cell, ...]:
    told: Iterable[Cell] = (entry.label, entry.name, entry.unit, figure(entry.value), prior(entry) or "-")
    added = ((learned.get(entry.name, "-"),) if learned else (), (_used(own.get(entry.name, {})),) if own else ())
    return (*told, *added[0], *added[1], origin(entry))


def _used(row: Row) -> str:
    mean, low, high = (number(row, key) for key in ("used_mean", "used_low", "used_high"))
    return "-" if mean is None else figure(mean) if low is None or high is None or low == high else _ranged(mean, low, high)


def figure(x: float) -> str:
    """A value with three figures, without powers of ten."""
    return f"{x:,.0f}" if abs(x) >= 1000.0 else f"{x:.3g}" if abs(x) >= 1e-4 or x == 0.0 else f"{x:.1g}"


def _span(low: float, high: float) -> str:
    return f"{figure(low)} to {figure(high)}"


def _ranged(mean: float, low: float, high: float) -> str:
    return f"{figure(mean)} ({_span(low, high)})"
