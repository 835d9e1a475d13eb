"""An Excel workbook laid out as the Government Analysis Function asks of statistics in spreadsheets.

A cover, a list of contents, notes, then one table a sheet: title in A1, what the sheet holds and its source in the rows below, one header row with
units, marked up as a table with a name, no merged cells, no empty cells (shorthand is told in the notes), text of 12 points, wrapped. Headings are words;
the name that a column has in its CSV file stands in the sheet of columns. The guidance would rather have no frozen panes: here the header row is frozen,
because tables have thousands of rows and not every program puts headings in place of the letters of columns. Titles are headings of the workbook, which
screen readers list. Nothing is a formula, and text that begins like one is stored as text behind an apostrophe. The same results give the same bytes.
"""

from __future__ import annotations

import io
import re
import textwrap
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..figures.drawn import clean
from ..source import Source
from . import ExportError
from .tables import MEASURED, VALUES, Cell, Column, Table, column, tables_of, values_of

FILE = "results.xlsx"
MOST_ROWS = 50_000
"""Rows of a sheet; a longer table is cut, and says so."""
MOST_TEXT = 2_000
"""Characters of a cell."""
MISSING, NONE = "[x]", "[z]"
"""Shorthand for a number that is not known, and for text that does not apply."""
EVENTS = frozenset({"day"})
"""Tables of events: a number that is not there does not apply."""
STAMP = (1980, 1, 1, 0, 0, 0)
"""Time of every file in the archive, so that the bytes do not depend on the clock."""
DATED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
FONT = "Arial"
WIDE = {
    "label": 46, "definition": 70, "option": 34, "cell": 34, "name": 42, "measure_label": 46, "outcome": 42, "measure": 42, "reason": 40, "note": 40,
    "beaten_by": 60, "same_as": 40, "first": 34, "second": 34, "source": 46, "about": 60, "parameter": 48,
}  # fmt: skip
"""Widths of columns of text, in characters; others 20, numbers 18."""
LINE = 15.75
"""Height of a line of 12 points (points)."""

SHORTHAND = (
    (MISSING, "not available: the number cannot be known from these runs; the table says why where it has such a column"),
    (NONE, "not applicable"),
)
INTERVALS = (
    ("note 1", "Low and high span 95% of what the model does not know (its parameters), with chance taken out. More runs do not narrow them."),
    ("note 2", "Year low and year high span 80% of single ward-years: chance. Nothing narrows them."),
    ("note 3", "Simulation low and high span 95% of the error of the mean. They shrink with more runs; the other two do not."),
    ("note 4", "Happened: what took place on the simulated ward. Reported: what got into its incident system. Compare a local count with reported only."),
    ("note 5", "Rates are ratios of sums over the measured period, not means of ratios. OBD: occupied bed days."),
    ("note 6", "The share of draws in which an option is better is over parameter draws, never over years."),
)  # fmt: skip


def made(source: Source) -> dict[str, bytes]:
    """`results.xlsx`.

    Raises
    ------
    ExportError
        When the folder holds no table, or openpyxl is not installed.
    """
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise ExportError("an Excel workbook needs openpyxl: pip install 'wardsim[excel]' (or export csv)") from None
    tables = sheets_of(source)
    if not tables:
        raise ExportError(f"{source.folder} holds no table")
    book = openpyxl.Workbook()
    book.remove(book.active)
    names = [f"Table_{at}" for at in range(1, len(tables) + 1)]
    _text_sheet(book, "Cover", source.title, cover_of(source))
    _grid(book, "Contents", _table("Contents", "Contents", ("Sheet", "What it holds", "Rows"), [
        ("Notes", "Notes and shorthand", float(len(SHORTHAND) + len(notes_of(source)))),
        ("Columns", "What each column of each table holds", float(sum(len(one.columns) for one in tables))),
        *((name, one.title, float(len(one.rows))) for name, one in zip(names, tables, strict=True)),
    ]), "One row a sheet of this workbook.", "", links=True)  # fmt: skip
    _grid(book, "Notes", _table("Notes", "Notes and shorthand", ("Note", "Text"), [*SHORTHAND, *notes_of(source)]), "One row a note.", "")
    _grid(book, "Columns", _dictionary(names, tables), "One row a column of a table; the name is that of the CSV file.", "")
    for name, one in zip(names, tables, strict=True):
        _grid(book, name, one, one.about, source_of(source))
    book.properties.title = source.title
    book.properties.creator = "wardsim"
    book.properties.language = "en-GB"
    stream = io.BytesIO()
    book.save(stream)
    return {FILE: _still(stream.getvalue())}


def sheets_of(source: Source) -> list[Table]:
    """Tables of the workbook: the headline first, then all values, then the others of the folder."""
    from wardsim.experiments.compare.analysis import HEADLINE

    values = values_of(source)
    found = []
    if values is not None:
        at = [c.name for c in values.columns].index("name")
        rows = tuple(row for row in values.rows if row[at] in HEADLINE)
        found += [Table("headline", "Headline measures", values.about, values.columns, rows), values] if rows else [values]
    seen = {"measures", "options", "differences", "cells"} if values is not None else set()
    found += [one for one in tables_of(source) if one.name not in seen]
    return [_defined(one) for one in found]


def _defined(table: Table) -> Table:
    """Cut to the rows that a sheet takes; a table of measures names the notes in its headings."""
    notes = {"low": 1, "high": 1, "year_low": 2, "year_high": 2, "mc_low": 3, "mc_high": 3, "layer": 4, "mean": 5, "p_better": 6}
    table = _in_words(table)
    columns = tuple(
        Column(c.name, f"{c.heading} [note {notes[c.name]}]", c.about, c.numeric)
        if c.name in notes and (table.name in {*MEASURED, "headline"} or c.name not in ("low", "high", "mean"))
        else c
        for c in table.columns
    )
    if len(table.rows) <= MOST_ROWS:
        return Table(table.name, table.title, table.about, columns, table.rows)
    about = f"{table.about} Cut to the first {MOST_ROWS:,} of {len(table.rows):,} rows; the CSV file has all."
    return Table(table.name, table.title, about, columns, table.rows[:MOST_ROWS])


def _in_words(table: Table) -> Table:
    """With the label of each measure beside its name, where the table has the name only."""
    from wardsim.measures import MEASURES

    columns = list(table.columns)
    told = table.name != "explained" and any(c.name == "label" for c in columns)
    at = next((i for i, c in enumerate(columns) if c.name in ("name", "outcome", "measure")), None)
    if told or at is None or not any(row[at] in MEASURES for row in table.rows):
        return table
    columns.insert(at + 1, column("measure_label", False))
    rows = tuple((*row[: at + 1], MEASURES[str(row[at])].label if row[at] in MEASURES else row[at], *row[at + 1 :]) for row in table.rows)
    return Table(table.name, table.title, table.about, tuple(columns), rows)


def cover_of(source: Source) -> list[str]:
    """Lines of the cover."""
    study, manifest = source.study, source.manifest
    told: Mapping[str, Any] = study if study is not None else manifest
    versions = manifest.get("versions", {})
    runs = manifest.get("runs", {})
    lines = [str(told.get("question") or ""), "", "What these figures are"]
    lines += [
        "Results of a simulation of an acute adult mental health ward (wardsim), not counts of a real ward. Parameters are published figures and "
        "stated assumptions with their uncertainty.",
        ESTIMANDS.get(str(told.get("estimand")), ""),
        DRAWN[source.drawn],
        f"{runs.get('done', '-')} runs with a result, {runs.get('failed', 0)} failed; {told.get('years', '-')} years measured in each.",
    ]
    lines += ["", "Cautions", "Read every value with its low and high. An expected difference whose simulation range spans nothing is too close to tell apart."]
    lines += ["Prices are those of the scenario's price year; opportunity costs are shown apart and never summed with cash."]
    lines += ["", "Source", source_of(source), "", "How to make these figures again"]
    lines.append(f"wardsim {versions.get('wardsim', '-')}, model {versions.get('model', '-')}, seed {told.get('seed', '-')}, identity {manifest.get('identity', '-')}")
    lines += ["", "Contact", "To be completed by whoever publishes these figures: name, organisation, address for questions, date."]
    return lines


ESTIMANDS = {
    "transition": "Estimand: transition. What follows, quarter by quarter, when an option starts today from the ward as it is.",
    "steady": "Estimand: steady. How wards are once compliance, skill and tenure have settled under each option.",
}


DRAWN = {
    "prior": "Parameters: draws from their priors. They have not been fitted to any ward: no result may be used for a decision about staff or patients.",
    "posterior": "Parameters: draws from a posterior calibrated to published rates of many wards; those that no rate speaks to, among them every effect of "
    "staffing and training, keep their priors. No result may be used alone for a decision about staff or patients.",
    "point": "Parameters: one set of values, so that ranges of what is not known are missing. No result may be used for a decision about staff or patients.",
}


def notes_of(source: Source) -> list[tuple[str, str]]:
    """Notes: intervals, layers, and the measures that the tables show with their definitions."""
    from wardsim.measures import MEASURES

    names: dict[str, None] = {}
    for rows in source.tables.values():
        names |= dict.fromkeys(row["name"] for row in rows if row.get("name") in MEASURES)
    return [*INTERVALS, *((name, f"{MEASURES[name].label} ({MEASURES[name].unit}): {MEASURES[name].definition}") for name in names)]


def source_of(source: Source) -> str:
    """Where the numbers come from."""
    versions = source.manifest.get("versions", {})
    kind = {"run": "run of one ward", "compare": "comparison"}.get(source.kind, source.kind)
    estimand = str((source.study or source.manifest).get("estimand", ""))
    return f"Source: wardsim {versions.get('wardsim', '')}, {kind}" + (f", estimand {estimand}" if estimand else "")


def _table(name: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    numeric = [any(isinstance(row[at], float) for row in rows) for at in range(len(headings))]
    columns = tuple(Column(WIDTHS.get(h, h.lower()), h, "", n) for h, n in zip(headings, numeric, strict=True))
    return Table(name, title, "", columns, tuple(tuple(row) for row in rows))


WIDTHS = {"Text": "definition", "What it holds": "label", "Meaning": "about", "Heading": "label"}


def _dictionary(names: Sequence[str], tables: Sequence[Table]) -> Table:
    rows = [
        (name, c.name, c.heading, "number" if c.numeric else "text", c.about or "as it says")
        for name, one in zip(names, tables, strict=True)
        for c in one.columns
    ]
    return _table("Columns", "Columns", ("Table", "Name", "Heading", "Type", "Meaning"), rows)


def _text_sheet(book: Any, name: str, title: str, lines: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(name)
    sheet.column_dimensions["A"].width = 100
    _head(sheet.cell(1, 1), title, 16)
    headings = {"What these figures are", "Cautions", "Source", "How to make these figures again", "Contact"}
    at = 1
    for line in lines:
        if not line:
            continue  # no empty rows
        at += 1
        if line in headings:
            _head(sheet.cell(at, 1), line, 14)
        else:
            _put(sheet.cell(at, 1), line, Font(name=FONT, size=12))
        sheet.cell(at, 1).alignment = Alignment(wrap_text=True, vertical="top")


def _head(cell: Any, text: str, size: int) -> None:
    """A heading, marked as one for those who have the sheet read to them."""
    from openpyxl.styles import Border, Font

    cell.style = "Headline 1" if size > 14 else "Headline 2"
    cell.border = Border()
    _put(cell, text, Font(name=FONT, size=size, bold=True))


def _grid(book: Any, name: str, table: Table, about: str, source: str, *, links: bool = False) -> None:
    """A sheet with one table."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table as Marked
    from openpyxl.worksheet.table import TableStyleInfo

    sheet = book.create_sheet(name)
    bold, usual = Font(name=FONT, size=12, bold=True), Font(name=FONT, size=12)
    noted = "Headings refer to notes, which stand in the worksheet Notes." if any("[note " in one.heading for one in table.columns) else ""
    short = f"{MISSING} not available, {NONE} not applicable." if any(value is None for row in table.rows for value in row) else ""
    lines = (f"{name}: {table.title}" if name.startswith("Table_") else table.title, "This worksheet contains one table.", noted, short, about, source)
    above = [line for line in lines if line]
    for at, line in enumerate(above, start=1):
        if at == 1:
            _head(sheet.cell(at, 1), line, 16)
        else:
            _put(sheet.cell(at, 1), line, usual)
    top = len(above) + 1
    for at, one in enumerate(table.columns, start=1):
        _put(sheet.cell(top, at), _unique(table, at - 1), bold)
        sheet.cell(top, at).alignment = Alignment(wrap_text=True, vertical="top", horizontal="right" if one.numeric else "left")
        sheet.column_dimensions[get_column_letter(at)].width = _width(one)
    text, figure = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top", horizontal="right")
    shown = _shown(table)
    for down, row in enumerate(table.rows, start=top + 1):
        for at, (one, value) in enumerate(zip(table.columns, row, strict=True), start=1):
            cell = sheet.cell(down, at)
            if value is None:
                value = MISSING if one.numeric and table.name not in EVENTS else NONE
            _put(cell, value, usual)
            cell.alignment = figure if one.numeric else text
            if one.name in VALUES and isinstance(value, float):
                cell.number_format = shown(row)
            if links and at == 1:
                cell.hyperlink = f"#'{value}'!A1"
    sheet.row_dimensions[top].height = LINE * max(_lines(table, at) for at in range(len(table.columns)))
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    last = get_column_letter(len(table.columns))
    marked = Marked(displayName=name, ref=f"A{top}:{last}{top + max(len(table.rows), 1)}")
    marked.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(marked)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{top}"


def _width(column: Column) -> int:
    """Characters across."""
    return 18 if column.numeric else WIDE.get(column.name, 20)


def _lines(table: Table, at: int) -> int:
    """Lines of a heading: bold letters are wider than those that widths are counted in."""
    return len(textwrap.wrap(_unique(table, at), int(0.8 * _width(table.columns[at]))))


def _shown(table: Table) -> Callable[[Sequence[Cell]], str]:
    """How the values of a row are shown: with the digits of its measure; the cell holds the whole number."""
    from wardsim.measures import MEASURES

    at = next((i for i, c in enumerate(table.columns) if c.name == "name"), None)

    def of(row: Sequence[Cell]) -> str:
        measure = None if at is None else MEASURES.get(str(row[at]))
        if measure is None:
            return "General"
        return "#,##0" + ("." + "0" * measure.digits if measure.digits else "")

    return of


def _unique(table: Table, at: int) -> str:
    """A heading that no other column of the table has."""
    heading = table.columns[at].heading
    same = [i for i, c in enumerate(table.columns) if c.heading.lower() == heading.lower()]
    return heading if same[0] == at else f"{heading} ({table.columns[at].name})"


def _put(cell: Any, value: Cell, font: Any) -> None:
    """A value in a cell, text always as text."""
    from wardsim.experiments.results import guarded

    if isinstance(value, str):
        shown = clean(value)[:MOST_TEXT]
        value = f"'{shown}" if guarded(shown) else shown
        cell.value = value
        cell.data_type = "s"
    else:
        cell.value = value
    cell.font = font


def _still(book: bytes) -> bytes:
    """The archive without the clock: fixed times of its files, and no dates in its properties."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = DATED.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, content)
    return stream.getvalue()
