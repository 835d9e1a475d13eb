"""A day on the ward as a still picture: who was on duty and at what, how many patients, what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .drawn import COLOURS, FAINT, INK, PALE, WIDTH, Drawn, new, wrap
from .margin import spread

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS: tuple[tuple[str, float], ...] = ((COLOURS[0], 0.78), (COLOURS[2], 0.78), (COLOURS[1], 0.46), (COLOURS[3], 0.2), (PALE, 0.06))
"""Colour and height of the bar of each group of work: what is with patients is tallest, nothing in hand a line."""
MOST_LINES = 4
"""Of numbers of incidents."""
FARTHEST = 0.75
"""Hours that the number of an incident may stand from its time before a further line is opened."""


@dataclass(frozen=True, slots=True)
class Lane:
    """People of one team who follow each other on a line.

    Attributes
    ----------
    team : str
    duties : sequence of (float, float)
        Minutes from midnight.
    work : sequence of (float, float, int)
        Begin, end and group of work (its place in `groups`).
    """

    team: str
    duties: Sequence[tuple[float, float]]
    work: Sequence[tuple[float, float, int]]


def day(
    lanes: Sequence[Lane], *, groups: Sequence[str], patients: Sequence[tuple[float, int]], marks: Sequence[tuple[float, str, bool]],
    head: Sequence[str], rows: Sequence[tuple[str, ...]], title: str = "", caption: str = "", name: str = "day",
) -> Drawn:  # fmt: skip
    """A day on the ward.

    Parameters
    ----------
    lanes : sequence of Lane
        From top to bottom.
    groups : sequence of str
        Groups of work; the last is that of people with nothing in hand.
    patients : sequence of (float, int)
        Minute, and how many were on the ward from then on.
    marks : sequence of (float, str, bool)
        Minute, number, and whether it is a physical assault, of each incident.
    head, rows : sequence
        The table: the day hour by hour.
    title, caption, name : str
        See `Drawn`.
    """

    def draw() -> Figure:
        return _draw(lanes, groups, patients, marks)

    alt = f"A day on the ward: what each of {len(lanes)} lines of staff was at over 24 hours ({', '.join(groups)}), {len(marks)} incidents, patients on the ward. {title}"
    return Drawn(name, title, caption, alt, tuple(head), tuple(rows), draw)


def _draw(
    lanes: Sequence[Lane], groups: Sequence[str], patients: Sequence[tuple[float, int]], marks: Sequence[tuple[float, str, bool]]
) -> Figure:
    lines = numbered(marks)
    top = 0.3 + 0.22 * (len(lines) - 1)
    figure = new(WIDTH, 1.8 + top + 0.23 * len(lanes))
    above, staff, below = figure.subplots(
        3, 1, sharex=True, gridspec_kw={"height_ratios": (top, 0.23 * max(len(lanes), 1), 0.85)}
    )
    _incidents(above, staff, lines)
    for i, lane in enumerate(lanes):
        y = len(lanes) - 1 - i
        for start, end in lane.duties:
            staff.barh(y, (end - start) / 60.0, left=start / 60.0, height=LOOKS[-1][1], color=FAINT, linewidth=0)
        for group, (colour, height) in enumerate(LOOKS[:-1]):
            some = [(start / 60.0, (end - start) / 60.0) for start, end, at in lane.work if at == group]
            if some:
                staff.broken_barh(some, (y - height / 2.0, height), facecolors=colour, linewidth=0)
    teams = list(dict.fromkeys(lane.team for lane in lanes))
    middles = []
    for team in teams:
        places = [len(lanes) - 1 - i for i, lane in enumerate(lanes) if lane.team == team]
        middles.append(sum(places) / len(places))
        if max(places) < len(lanes) - 1:
            staff.axhline(max(places) + 0.5, color=PALE, linewidth=0.8)
    staff.set_yticks(middles, [wrap(team, 12) for team in teams])
    staff.set_ylim(-0.6, len(lanes) - 0.4)
    staff.tick_params(axis="y", length=0)
    times = [minute / 60.0 for minute, _ in patients]
    numbers = [count for _, count in patients]
    below.step([*times, 24.0], [*numbers, numbers[-1] if numbers else 0], where="post", color=COLOURS[0], linewidth=2)
    below.set_ylabel("patients")
    below.set_ylim(0, max([*numbers, 1]) * 1.2)
    below.set_xlim(0, 24)
    below.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
    below.set_xlabel("time of day")
    _key(above, groups)
    return figure


Mark = tuple[float, str, bool]


def _incidents(above: Any, staff: Any, lines: Sequence[Sequence[tuple[float, Mark]]]) -> None:
    """Numbers of incidents along the top, each joined to its minute."""
    above.set_ylim(0, len(lines))
    above.axis("off")
    above.text(-0.022, 0.5, "incidents", transform=above.transAxes, ha="right", va="center", fontsize=9.5)
    for at, line in enumerate(lines):
        for x, (minute, number, assault) in line:
            colour = COLOURS[2] if assault else INK
            above.plot((x, minute / 60.0), (at + 0.5, -0.15), color=FAINT, linewidth=0.7, clip_on=False, zorder=1)
            above.text(x, at + 0.5, number, ha="center", va="center", fontsize=8.5, color="white" if assault else INK,
                       bbox={"boxstyle": "round,pad=0.2", "facecolor": colour if assault else "white", "edgecolor": colour, "linewidth": 0.9})  # fmt: skip
            staff.axvline(minute / 60.0, color=colour, linewidth=1.4 if assault else 0.7, linestyle="-" if assault else ":", zorder=0)


def numbered(marks: Sequence[Mark]) -> list[list[tuple[float, Mark]]]:
    """Incidents in lines, the lowest first, each with the hour at which its number stands, so that none covers another.

    Parameters
    ----------
    marks : sequence of (float, str, bool)
        In the order of time.
    """
    for count in range(1, MOST_LINES + 1):
        lines = []
        for first in range(count):
            some = marks[first::count]
            widths = [0.44 + 0.32 * len(number) for _, number, _ in some]
            lines.append(list(zip(spread([minute / 60.0 for minute, _, _ in some], widths, 0.0, 24.0), some, strict=True)))
        if all(abs(x - mark[0] / 60.0) <= FARTHEST for line in lines for x, mark in line):
            break
    return lines


def _key(above: Any, groups: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(color=FAINT if colour == PALE else colour, label=words) for words, (colour, _) in zip(groups, LOOKS, strict=True)]
    above.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 0.95), ncols=3, frameon=False, fontsize=9, columnspacing=1.2, handlelength=1.4,
    )  # fmt: skip


def packed(spans: Sequence[tuple[float, float]]) -> list[int]:
    """A line for each span (in order of their beginning), so that those on one line do not overlap."""
    ends: list[float] = []
    found = []
    for start, end in spans:
        free = next((i for i, last in enumerate(ends) if last <= start + 31.0), len(ends))
        if free == len(ends):
            ends.append(end)
        ends[free] = end
        found.append(free)
    return found
