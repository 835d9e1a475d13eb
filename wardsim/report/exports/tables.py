"""The tables of a results folder with titles, typed columns and their meaning: what every spreadsheet and data file is made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..source import Row, Source, number
from .headings import OWN, heading_of

Cell = str | float | None
"""A value of a table: text, a number, or nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes
    ----------
    name : str
        As in the CSV file.
    heading : str
        For readers, with its unit where the whole column has one.
    about : str
        What it holds.
    numeric : bool
        Numbers, or nothing; else text.
    """

    name: str
    heading: str
    about: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    name : str
        Of its file, without ending.
    title : str
        What it shows.
    about : str
        How to read it.
    columns : tuple of Column
    rows : tuple of tuple
        A row a tuple, in the order of the columns.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


KNOWN = "95%, what the model does not know, chance removed"
YEAR = "80%, one year by chance"
ERROR = "95%, simulation error"
MEANT: dict[str, tuple[str, str]] = {
    "option": ("Option", "the ward that was run"),
    "cell": ("Ward", "the ward that was run"),
    "reference": ("Reference", "the ward with which it is compared"),
    "quantity": ("Quantity", "level: the measure itself; difference: option less reference"),
    "name": ("Measure name", "fixed name of the measure; docs/reference/measures.md defines each"),
    "label": ("Measure", "the measure in words"),
    "unit": ("Unit", "unit of every value of the row"),
    "layer": ("Layer", "happened, reported, ward or money"),
    "better_direction": ("Better", "which way is better: lower, higher or neutral"),
    "mean": ("Expected value", "mean over all runs, in the unit of the row"),
    "low": (f"Low ({KNOWN})", "lower end over parameter draws"),
    "high": (f"High ({KNOWN})", "upper end over parameter draws"),
    "year_low": (f"Year low ({YEAR})", "lower end for one ward-year"),
    "year_high": (f"Year high ({YEAR})", "upper end for one ward-year"),
    "mc_low": (f"Simulation low ({ERROR})", "lower end of the error of the mean"),
    "mc_high": (f"Simulation high ({ERROR})", "upper end of the error of the mean"),
    "p_better": ("Share of draws in which it is better (0 to 1)", "share of parameter draws in which the expected difference is better"),
    "n": ("Runs", "number of runs behind the value"),
    "draws": ("Parameter draws", "number of draws of the parameters"),
    "reason": ("Why a value is missing", "reason for an empty value"),
    "difference_reason": ("Why a difference is missing", "reason for an empty value of the difference, or a caution about its range"),
    "estimand": ("Estimand", "transition: what follows a change; steady: wards in balance"),
    "quarter": ("Quarter", "quarter after the change, from 1"),
    "from_day": ("From (day)", "first day of the quarter"),
    "to_day": ("To (day)", "last day of the quarter"),
    "parameter": ("Parameter", "name in the ledger of parameters"),
    "index": ("Index", "what was worked out of the parameter"),
    "method": ("Method", "tornado, morris, sobol or prcc"),
    "outcome": ("Outcome", "measure, or its difference"),
    "value": ("Value", "value of the index, or of the parameter"),
    "source": ("Source", "rows of the register of evidence, or the assumption; in tables of variance, the part of the spread"),
    "share": ("Share (0 to 1)", "share of the spread, or of the draws"),
    "prior_low": ("Prior low (5%)", "5% point of the prior"),
    "prior_high": ("Prior high (95%)", "95% point of the prior"),
    "used_mean": ("Mean as used", "mean over the runs"),
    "used_low": ("Low as used (2.5%)", "2.5% point over the runs"),
    "used_high": ("High as used (97.5%)", "97.5% point over the runs"),
    "mechanism": ("Mechanism", "switch in the scenario that the parameter belongs to"),
    "sign": ("Mark", "lower, higher, open, noise or reference"),
    "error": ("Error", "what went wrong"),
    "p_best": ("Share of draws in which it is best (0 to 1)", "share of parameter draws in which the option is best"),
    "p_best_low": ("Share best, low (95%)", "lower end of what other draws could have made the share"),
    "p_best_high": ("Share best, high (95%)", "upper end of what other draws could have made the share"),
}  # fmt: skip
"""Column -> heading and meaning; others stand in `headings`."""

TEXT = frozenset({
    "option", "cell", "reference", "quantity", "name", "label", "unit", "layer", "better_direction", "reason", "estimand", "parameter",
    "index", "method", "outcome", "source", "sign", "error", "traceback", "mechanism", "stage", "kind", "term", "told_apart", "note",
    "interval_source", "state", "standing", "beaten_by", "same_as", "first", "second", "factor", "from", "to", "row", "trust", "ward",
})  # fmt: skip
"""Columns that are text even where every cell looks like a number."""

TITLES: dict[str, tuple[str, str]] = {
    "measures": ("Every measure of the ward", "One row a measure."),
    "options": ("Every measure of every option", "One row a measure of an option."),
    "differences": ("Differences from the reference", "One row a measure of an option: option less reference under the same chance."),
    "cells": ("Every measure of every ward of the sweep", "One row a measure of a ward, with its difference from the reference."),
    "quarters": ("Quarter by quarter", "One row a measure and quarter; in a comparison differences from the reference."),
    "weeks": ("Week by week", "One row a week and measure (of each option), with the range of one week of a ward as that of one year."),
    "single_years": ("Single wards, week by week", "One row a week and measure of some single runs; nothing is averaged, so there is no range."),
    "variance": ("Where the spread of each answer comes from", "One row a source of the spread: chance of a year, parameters, form of the model."),
    "explained": ("How much of each answer is prior", "One row a parameter: its share of the spread of an answer over parameter draws."),
    "best": ("Which option is best", "One row a measure and option: share of parameter draws in which it is best."),
    "structures": ("Differences under other forms of the model", "One row an option under a form of the model."),
    "benefit": ("Net benefit", "One row an option at the values given."),
    "information": ("What knowing more is worth", "One row a parameter or group."),
    "sensitivity": ("Which unknown inputs decide the answer", "One row an index of a parameter and outcome."),
    "surface": ("Surface through the cells", "One row a term, factors scaled from -1 to 1."),
    "prior_share": ("Simulation error beside the spread by parameters", "One row a measure."),
    "choice": ("The cheapest plan within the limits", "One row a plan."),
    "verdicts": ("Whether each plan keeps the limits", "One row a plan."),
    "front": ("Plans that no other beats", "One row a plan."),
    "prices": ("What a step between neighbouring plans costs and brings", "One row a step."),
    "incidents_by_type": ("Incidents by type", "One row a type and layer."),
    "staff_time": ("How staff spent their minutes", "One row a role and kind of work."),
    "training": ("Training by course", "One row a course."),
    "hours": ("The day hour by hour", "One row an hour of the day and a quantity: people on duty, work asked for, at work, contact, incidents a year."),
    "activity_time": ("Where time on duty goes", "One row a role, an activity and a quantity."),
    "training_steps": ("Training step by step", "One row a step: hours of courses off the ward a year; in date: percent of needs."),
    "mechanisms": ("The difference by mechanism", "One row a step: left with all off, what goes with each mechanism, interplay, the full model."),
    "day": ("One day of the first run", "One row a stretch or an event, minutes from midnight. One simulated day, so without ranges."),
    "shifts": ("Shifts by role", "One row a shift and role."),
    "tasks": ("Work by kind", "One row a kind of work."),
    "parameters": ("Inputs of the model that nobody sets", "One row a parameter with its prior, what the runs used, and its source."),
    "failures": ("Runs without a result", "One row a failed run."),
}  # fmt: skip
"""Table -> title and how to read it."""

VALUES = ("mean", "low", "high", "year_low", "year_high", "mc_low", "mc_high")
MEASURED = frozenset({
    "values", "measures", "options", "differences", "cells", "quarters", "structures", "incidents_by_type", "staff_time", "training", "shifts", "tasks",
    "hours", "activity_time", "training_steps", "mechanisms", "weeks",
})  # fmt: skip
"""Tables whose low and high are the range of what is not known; in others they are a 95% interval of the row's own value."""
_KEYS = ("option", "reference", "quantity", "name", "label", "unit", "layer", "better_direction")
VALUE_COLUMNS = (*_KEYS, *VALUES, "p_better", "n", "draws", "reason", "estimand")
"""Columns of the one table of all values."""


PERCENT = frozenset({"variance", "explained"})
"""Tables whose shares are percent; elsewhere they go from 0 to 1."""


def column(name: str, numeric: bool, table: str = "values") -> Column:
    """A column with its heading and meaning."""
    if name in ("low", "high") and table not in MEASURED:
        end = "lower" if name == "low" else "upper"
        return Column(name, f"{name.capitalize()} (95%)", f"{end} end of the 95% interval of the row's value", numeric)
    if name.startswith("share") and table in PERCENT:
        what = {"share": "Share (percent)", "share_low": "Share, low (95%, percent)", "share_high": "Share, high (95%, percent)"}
        return Column(name, what.get(name, name), "percent of the spread of the answer", numeric)
    heading, about = OWN.get((table, name)) or MEANT.get(name) or heading_of(name)
    return Column(name, heading, about, numeric)


def tables_of(source: Source) -> Iterator[Table]:
    """Every table of a folder, those that open a report first; empty ones are left out."""
    known = {f"{name}.csv": at for at, name in enumerate(TITLES)}
    for file in sorted(source.tables, key=lambda name: (known.get(name, len(known)), name)):
        rows = source.tables[file]
        if rows and None not in rows[0]:
            yield _typed(file.removesuffix(".csv"), rows)


def _typed(name: str, rows: list[Row]) -> Table:
    columns = tuple(column(key, _numeric(key, rows), name) for key in rows[0])
    title, about = TITLES.get(name, (name.replace("_", " ").capitalize(), "One row a line of the file."))
    filled = tuple(tuple(number(row, c.name) if c.numeric else (row[c.name] or None) for c in columns) for row in rows)
    return Table(name, title, about, columns, filled)


def _numeric(key: str, rows: list[Row]) -> bool:
    if key in TEXT:
        return False
    there = [row[key] for row in rows if row[key]]
    return all(_is_number(text) for text in there) if there else not key.endswith("reason")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def values_of(source: Source) -> Table | None:
    """Every value with its intervals in one table, the same columns for a run, a comparison and a sweep; None where there are none.

    Values of several options stand below one another: levels of every option, and differences from the reference.
    """
    found = list(_values(source))
    if not found:
        return None
    text = {*_KEYS, "reason", "estimand"}
    columns = tuple(column(name, name not in text) for name in VALUE_COLUMNS)
    rows = tuple(tuple(line.get(c.name) for c in columns) for line in found)
    return Table("values", "Every value with its low and high", "One row a measure of a ward, or its difference from the reference.", columns, rows)


def _values(source: Source) -> Iterator[Mapping[str, Cell]]:
    from wardsim.measures import MEASURES

    estimand = str((source.study or source.manifest).get("estimand", ""))

    def line(row: Row, ward: str, quantity: str, reference: str, prefix: str = "", mean: str = "mean") -> Mapping[str, Cell]:
        measure = MEASURES.get(row["name"])
        made: dict[str, Cell] = {
            "option": ward, "reference": reference or None, "quantity": quantity, "name": row["name"], "label": row.get("label") or row["name"],
            "unit": row.get("unit") or None, "layer": row.get("layer") or None, "estimand": row.get("estimand") or estimand,
            "better_direction": measure.direction if measure is not None else row.get("better_direction") or None,
            "mean": number(row, mean), "n": number(row, "n"), "draws": number(row, "draws"), "reason": row.get(f"{prefix}reason") or None,
            "p_better": number(row, "p_better") if quantity == "difference" else None,
        }  # fmt: skip
        return {**made, **{name: number(row, prefix + name) for name in VALUES[1:]}}

    cells = [] if source.study is None else source.study["cells"]
    reference = str(cells[0]["name"]) if cells else ""
    ward = str(source.manifest.get("scenario", {}).get("name", "")) if source.study is None else ""
    for row in source.rows("measures.csv"):
        yield line(row, ward, "level", "")
    for row in source.rows("options.csv"):
        yield line(row, source.name(row["option"]), "level", "")
    for row in source.rows("differences.csv"):
        yield line(row, source.name(row["option"]), "difference", source.name(row["reference"]))
    for row in source.rows("cells.csv"):
        name = source.name(row["cell"])
        yield line(row, name, "level", "")
        if row.get("sign") != "reference":
            yield line(row, name, "difference", reference, "difference_", "difference")
