"""A real roster given by the planner: CSV with the columns date, shift, role, staff."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

from .compose import Composed, inside
from .errors import COMMAND_LINE, Mark, Problem, Source, printable, shown
from .reader import NotReadError, read_bytes
from .schema import Scenario

Row = tuple[int, str, str, str]
"""Day number (0 = start date), shift, role, staff."""

COLUMNS = ("date", "shift", "role", "staff")
ROLES = ("rn", "hca", "na")
SHIFTS = {
    "three_shift": ("early", "late", "night"),
    "long_day": ("long_day", "long_night"),
    "mixed": ("early", "late", "night", "long_day", "long_night"),
}
MOST = 20
"""Wrong lines told one by one."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_roster(done: Composed, scenario: Scenario, mark: Mark, folder: Path) -> list[Row] | None:
    """Rows of the roster file that a scenario names; None with problems noted when it cannot be used.

    Parameters
    ----------
    done : Composed
        Where files and problems are noted.
    scenario : Scenario
        The scenario, in order otherwise.
    mark : Mark
        Where the scenario names the file.
    folder : Path
        Folder of the file that names it.
    """
    wanted = scenario.staffing.roster_file
    if wanted is None:
        return None
    key = "staffing.roster_file"
    path = inside(folder, wanted)
    if path is None:
        message = f"{key} names {shown(wanted)}, which is not in the folder of this scenario"
        done.problems.append(
            Problem.at(mark, "WS131", message, key=key, value=shown(wanted), hint="copy it beside the scenario")
        )
        return None
    name = str(Path(mark.source.name).parent / wanted) if mark.source.name != COMMAND_LINE else wanted
    try:
        text = read_bytes(path, name, "WS160")
    except NotReadError as error:
        message = f"{key} names {shown(wanted)}: {error.problem.message}"
        place = (
            error.problem
            if error.problem.line > 1
            else Problem.at(mark, "WS160", message, key=key, value=shown(wanted))
        )
        done.problems.append(place)
        return None
    done.files.append(path)
    rows, problems = parse_roster(text, name, scenario.ward.start_date, SHIFTS[scenario.staffing.pattern])
    done.problems += problems
    return rows if not problems else None


def parse_roster(text: str, name: str, start: date, shifts: tuple[str, ...]) -> tuple[list[Row], list[Problem]]:
    """Rows of a roster as text, sorted, and what is wrong with it.

    Parameters
    ----------
    text : str
        CSV.
    name : str
        File name in messages.
    start : date
        Day 0.
    shifts : tuple of str
        Shifts of the pattern in use.
    """
    source = Source(name, tuple(text.splitlines()))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            message = f"the columns are {shown(','.join(header)) if header else 'missing'}; they must be date,shift,role,staff"
            return [], [
                Problem.at(Mark(source, 1, 1, max(1, len(source.lines[0]) if source.lines else 1)), "WS161", message)
            ]
        seen: dict[tuple[int, str, str], int] = {}
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            row = _row(header, cells, start, shifts, Mark(source, line), problems)
            if row is None:
                continue
            who = (row[0], row[1], row[3])
            if who in seen:
                message = f"{printable(row[3])} is on this shift already, on line {seen[who]}"
                problems.append(Problem.at(Mark(source, line, 1, len(source.lines[line - 1])), "WS162", message))
            seen[who] = line
            rows.append(row)
            if len(problems) >= MOST:
                break
    except csv.Error as error:
        problems.append(Problem.at(Mark(source, max(1, reader.line_num)), "WS162", f"this line is not CSV: {error}"))
    if not rows and not problems:
        problems.append(
            Problem.at(
                Mark(source), "WS162", "the roster has no lines", hint="leave roster_file out to have one drawn up"
            )
        )
    return sorted(rows), problems


def _row(
    header: list[str], cells: list[str], start: date, shifts: tuple[str, ...], mark: Mark, problems: list[Problem]
) -> Row | None:
    """One line of the roster; None with its problems noted."""
    before = len(problems)

    def wrong(column: str, message: str) -> None:
        at = sum(len(cell) + 1 for cell in cells[: header.index(column)]) + 1
        place = Mark(mark.source, mark.line, at, max(1, len(cells[header.index(column)])))
        problems.append(Problem.at(place, "WS162", message, key=column, value=shown(cells[header.index(column)])))

    if len(cells) != len(header):
        place = Mark(mark.source, mark.line, 1, max(1, len(mark.text)))
        problems.append(Problem.at(place, "WS162", f"this line has {len(cells)} columns; it must have 4"))
        return None
    row = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    day = 0
    try:
        if not _DATE.fullmatch(row["date"]):
            raise ValueError
        day = (date.fromisoformat(row["date"]) - start).days
    except ValueError:
        wrong("date", f"date is {shown(row['date'])}; it must be a date written YYYY-MM-DD")
    if row["shift"] not in shifts:
        wrong("shift", f"shift is {shown(row['shift'])}; under this pattern it must be one of {', '.join(shifts)}")
    if row["role"] not in ROLES:
        wrong("role", f"role is {shown(row['role'])}; it must be one of {', '.join(ROLES)}")
    if not 1 <= len(row["staff"]) <= 60:
        wrong("staff", f"staff is {shown(row['staff'])}; it must be text of 1 to 60 characters")
    return (day, row["shift"], row["role"], row["staff"]) if len(problems) == before else None
