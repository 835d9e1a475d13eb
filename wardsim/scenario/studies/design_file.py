"""A design given by the planner: CSV with a column for each factor and a row for each point."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from difflib import get_close_matches

from ..compose import inside
from ..errors import Mark, Problem, Source, printable, shown
from ..reader import Node, NotReadError, read_bytes, scalar
from .parts import Axis, Level, Point, made_level
from .wards import Wards

MOST = 20
"""Wrong cells told one by one."""
MOST_ROWS = 100_000


def read_design(node: Node, axes: Sequence[Axis], wards: Wards, problems: list[Problem]) -> list[Point]:
    """Points of the design file that a study names, one a row; empty with problems noted when it cannot be used.

    Parameters
    ----------
    node : Node
        The value that names it.
    axes : sequence of Axis
        Factors, each of which must be a column.
    wards : Wards
        Says which folder, and remembers the file.
    problems : list of Problem
        Added to.
    """
    wanted, key = node.value, "design.file"
    if not isinstance(wanted, str) or node.bad:
        return []
    path = inside(wards.folder, wanted)
    if path is None:
        message = f"{key} names {shown(wanted)}, which is not in the folder of this study"
        problems.append(
            Problem.at(node.mark, "WS131", message, key=key, value=shown(wanted), hint="copy it beside the study")
        )
        return []
    from pathlib import Path

    name = str(Path(wards.name).parent / wanted)
    try:
        text = read_bytes(path, name, "WS180")
    except NotReadError as error:
        message = f"{key} names {shown(wanted)}: {error.problem.message}"
        here = error.problem.line > 1
        problems.append(
            error.problem if here else Problem.at(node.mark, "WS180", message, key=key, value=shown(wanted))
        )
        return []
    wards.files.append(path)
    wards.own.add(name)
    found, more = parse_design(text, name, axes)
    problems += more
    return found


def parse_design(text: str, name: str, axes: Sequence[Axis]) -> tuple[list[Point], list[Problem]]:
    """Points of a design as text, and what is wrong with it.

    Parameters
    ----------
    text : str
        CSV.
    name : str
        File name in messages.
    axes : sequence of Axis
        Factors. A cell is a label or level of its factor, a number within its range, or any value when the factor has neither.
    """
    source = Source(name, tuple(text.splitlines()))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    points: list[Point] = []
    seen: dict[tuple[str, ...], int] = {}
    try:
        header = [column.strip() for column in next(reader, [])]
        wrong = _columns(header, source, axes)
        if wrong:
            return [], wrong
        order = [header.index(axis.name) for axis in axes]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            line = reader.line_num
            if len(row) != len(header):
                message = f"this line has {len(row)} values; it must have {len(header)} ({', '.join(header)})"
                problems.append(Problem.at(Mark(source, line, 1), "WS182", message))
            else:
                point = _point(row, order, axes, source, line, problems)
                labels = tuple(level.label for level in point)
                if len(point) == len(axes) and labels in seen:
                    problems.append(
                        Problem.at(
                            Mark(source, line, 1), "WS182", f"this point is already given on line {seen[labels]}"
                        )
                    )
                seen.setdefault(labels, line)
                points.append(point)
            if len(points) > MOST_ROWS:
                problems.append(
                    Problem.at(Mark(source, line, 1), "WS182", f"a design file has at most {MOST_ROWS:,} points")
                )
            if len(problems) > MOST:
                problems = problems[:MOST]
                problems.append(
                    Problem.at(Mark(source, line, 1), "WS182", "there may be more; only the first are told")
                )
                break
    except csv.Error as error:
        problems.append(
            Problem.at(Mark(source, max(1, reader.line_num), 1), "WS182", f"this is not valid CSV: {error}")
        )
    if not points and not problems:
        problems.append(Problem.at(Mark(source), "WS182", "the design file has no points"))
    return points, problems


def _columns(header: list[str], source: Source, axes: Sequence[Axis]) -> list[Problem]:
    """What is wrong with the first line."""
    names = [axis.name for axis in axes]
    out: list[Problem] = []
    for column in header:
        if column not in names:
            near = get_close_matches(column, names, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"the factors are {', '.join(names)}"
            out.append(
                Problem.at(Mark(source), "WS181", f"the column {shown(column)} is no factor of the study", hint=hint)
            )
    for name in names:
        if header.count(name) != 1:
            often = "is missing" if name not in header else "is there twice"
            out.append(
                Problem.at(
                    Mark(source),
                    "WS181",
                    f"the column {name} {often}",
                    hint="the first line names the factors, one a column",
                )
            )
    return out


def _point(
    row: list[str], order: list[int], axes: Sequence[Axis], source: Source, line: int, problems: list[Problem]
) -> Point:
    point: list[Level] = []
    for column, axis in zip(order, axes, strict=True):
        text = row[column].strip()
        at = source.lines[line - 1].find(text) if 0 < line <= len(source.lines) else 0
        level = _cell(text, axis, Mark(source, line, max(0, at) + 1, max(1, len(text))))
        if isinstance(level, Problem):
            problems.append(level)
        else:
            point.append(level)
    return tuple(point)


def _cell(text: str, axis: Axis, mark: Mark) -> Level | Problem:
    """The level that a cell means."""
    value, complaint = scalar(text)
    if complaint:
        return Problem.at(mark, "WS182", f"{axis.name} is {shown(text)}; {complaint}", key=axis.name, value=shown(text))
    if axis.levels:
        for level in axis.levels:
            same = level.given == value and isinstance(level.given, bool) == isinstance(value, bool)
            if text == level.label or (same and not isinstance(level.given, dict)):
                return level
        words = ", ".join(level.label for level in axis.levels)
        message = f"{axis.name} is {shown(text)}; it must be one of {words}"
        return Problem.at(mark, "WS182", message, key=axis.name, value=shown(text))
    if axis.low is not None and axis.high is not None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not axis.low <= float(value) <= axis.high or (axis.whole and float(value) % 1):  # type: ignore[arg-type]
            kind = "a whole number" if axis.whole else "a number"
            message = f"{axis.name} is {shown(text)}; it must be {kind} from {axis.low:g} to {axis.high:g}"
            return Problem.at(mark, "WS182", message, key=axis.name, value=printable(text))
        return axis.at(float(value), mark)  # type: ignore[arg-type]
    return made_level(axis.keys, Node(mark, value), mark)
