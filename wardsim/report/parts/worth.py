"""Part 8: which uncertain inputs make the spread, the choice by net benefit, and what it would be worth to know more; each with its range."""

from __future__ import annotations

from wardsim.experiments.shown import THOUSAND, label
from wardsim.measures import MEASURES

from ..content import Cell, Table, table
from ..result import SPOKEN, Result
from ..source import Row, number
from .words import share_of

LARGEST = 5
"""Inputs told for each answer."""
ENDS = ("low", "high", "mc_low", "mc_high")


def by_input(result: Result) -> Table | None:
    """The inputs that explain most of the spread over draws."""
    source = result.source
    rows: list[tuple[Cell, ...]] = []
    for option in dict.fromkeys(row["option"] for row in source.rows("explained.csv")):
        for name in SPOKEN:
            some = [row for row in source.rows("explained.csv", option=option, name=name, kind="parameter") if row.get("told_apart") == "yes"]
            some.sort(key=lambda row: -(number(row, "share") or 0.0))
            rows += [(f"{source.name(option)}: {label(MEASURES[name])}",)] if some else []
            rows += [
                (row["label"] or row["parameter"], row["parameter"], f"{number(row, 'share') or 0.0:.0f}%{_ends(row, '.0f', 'share_')}")
                for row in some[:LARGEST]
            ]
    if not rows:
        return None
    head = ("input", "parameter", "share of the spread over draws (95%)")
    return table("Which uncertain inputs make the spread of the answer", head, rows)


def net_benefit(result: Result) -> Table | None:
    """The options by expected net benefit."""
    rows: list[tuple[Cell, ...]] = []
    for row in result.source.rows("benefit.csv"):
        chosen = " (the choice)" if row["chosen"] == "yes" else ""
        rows.append((
            f"{result.source.name(row['option'])}{chosen}", _thousand(row, "net_benefit", *(f"net_benefit_{end}" for end in ENDS)),
            _thousand(row, "gain", "low", "high"), _span(row, "mc_low", "mc_high") or "-", share_of(row, "p_best", "p_best_low", "p_best_high"),
        ))  # fmt: skip
    head = ("option", "net benefit (not known, 95%)", "gain over the reference (not known, 95%)", "simulation error of the gain (95%)", "best in of 100 draws")
    notes = ("sim.: 95% simulation error, where there is no range of what is not known.",) if any("sim. " in line for row in rows for line in row[1]) else ()
    return table("Choice by expected net benefit, thousand GBP a year", head, rows, notes=notes) if rows else None


def _thousand(row: Row, key: str, *ends: str) -> Cell:
    """Money in thousands with its range below it, else (further two ends) its simulation error, named so; a dash where there is none."""
    x = number(row, key)
    if x is None:
        return "-"
    spans = ((word, _span(row, low, high)) for word, low, high in zip(("", "sim. "), ends[::2], ends[1::2], strict=False))
    text = f"{x / THOUSAND:+,.1f}"
    return next(((text, f"({word}{span})") for word, span in spans if span), text)


def _span(row: Row, low: str, high: str) -> str:
    """A range of money in thousands; nothing where there is none."""
    a, b = number(row, low), number(row, high)
    return "" if a is None or b is None else f"{a / THOUSAND:+,.1f} to {b / THOUSAND:+,.1f}"


def knowing(result: Result) -> Table | None:
    """What it would be worth to know more."""
    rows: list[tuple[Cell, ...]] = []
    for row in result.source.rows("information.csv"):
        value = number(row, "value")
        if value is not None and (row["kind"] == "perfect" or row["told_apart"] == "yes") and len(rows) < 10:
            rows.append((row["label"] or row["name"], row["kind"], f"{value:,.0f}{_ends(row, ',.0f')}"))
    head = ("to know", "kind", "GBP a year (95%)")
    return table("What it would be worth to know more before choosing", head, rows) if rows else None


def _ends(row: Row, form: str, prefix: str = "") -> str:
    """The range of a number, else its standard error, named so, else that there is none."""
    low, high, error = (number(row, key) for key in (f"{prefix}low", f"{prefix}high", "standard_error"))
    if low is not None and high is not None:
        return f" ({low:{form}} to {high:{form}})"
    return " (no range)" if error is None else f" (standard error {error:{form}})"
