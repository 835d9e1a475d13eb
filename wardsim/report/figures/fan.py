"""Differences (or levels) by quarter or week: what is expected, the range of what is not known around it, and some single wards, a panel an
option."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, PALE, WIDTH, Drawn, new, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Course:
    """One option over time.

    Attributes
    ----------
    name : str
    mean, low, high : sequence of float or None
        A value a quarter (or week); the range is that of what is not known.
    year_low, year_high : sequence of float or None
        How single wards vary by chance.
    texts : sequence of (str, str, str)
        Mean, range and range by chance of each quarter, for the table.
    singles : sequence of sequence of float or None
        Some single wards.
    """

    name: str
    mean: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    year_low: Sequence[float | None]
    year_high: Sequence[float | None]
    texts: Sequence[tuple[str, str, str]]
    singles: Sequence[Sequence[float | None]] = ()


def fan(
    courses: Sequence[Course], *, value_title: str, title: str = "", caption: str = "", name: str = "quarters", zero: bool = True,
    each: str = "quarter", axis: str = "quarter after the change",
) -> Drawn:  # fmt: skip
    """A fan chart by quarter or week.

    Parameters
    ----------
    courses : sequence of Course
        A panel each.
    value_title : str
        What is shown, with its unit.
    zero : bool
        Whether nought (no difference) is drawn.
    each : str
        What a value is of: quarter or week.
    axis : str
        What is counted from left to right.
    title, caption, name : str
        See `Drawn`.
    """
    rows = tuple((one.name, str(at), *texts) for one in courses for at, texts in enumerate(one.texts, start=1))

    def draw() -> Figure:
        return _draw(courses, value_title, zero, axis)

    alt = f"{value_title} by {each}, a panel for each of {len(courses)} options. {title}"
    chance = f"80% range of one {'week of a ward' if each == 'week' else 'year'} by chance"
    head = ("option" if zero else "ward", each, value_title, "95% range of what is not known", chance)
    return Drawn(name, title, caption, alt, head, rows, draw)


def _draw(courses: Sequence[Course], value_title: str, zero: bool, axis: str) -> Figure:
    across = min(3, len(courses))
    down = ceil(len(courses) / across)
    figure = new(WIDTH, 1.0 + 2.1 * down)
    grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False)
    for i, place in enumerate(grid.flat):
        if i >= len(courses):
            place.set_visible(False)
            continue
        one = courses[i]
        x = list(range(1, len(one.mean) + 1))

        def known(values: Sequence[float | None]) -> list[float]:
            return [float("nan") if value is None else value for value in values]

        if zero:
            place.axhline(0.0, color=FAINT, linewidth=0.9)
        if one.singles:
            place.fill_between(x, known(one.year_low), known(one.year_high), color=PALE, alpha=0.35, linewidth=0)
        else:
            wide = {"marker": "_", "linestyle": "none", "markersize": 7, "color": FAINT}
            place.plot(x, known(one.year_low), **wide)
            place.plot(x, known(one.year_high), **wide)
        for single, dashes in zip(one.singles, ("-", "--", ":"), strict=False):
            place.plot(x, known(single), color=FAINT, linewidth=0.8, linestyle=dashes)
        place.fill_between(x, known(one.low), known(one.high), color=COLOURS[0], alpha=0.22, linewidth=0)
        place.plot(x, known(one.mean), color=COLOURS[0], linewidth=2, marker="" if one.singles else "o", markersize=4)
        place.set_title(wrap(one.name, 28 if across > 2 else 44), fontsize=10)
        place.set_xticks(x if len(x) <= 8 else x[:: ceil(len(x) / 6)])
        place.tick_params(labelbottom=True)
        if i + across >= len(courses):
            place.set_xlabel(axis)
    figure.supylabel(wrap(value_title, int(11 * (0.6 + 2.1 * down))), fontsize=10)
    return figure
