"""Names in the right margin of a picture, each joined to its point by a line and spread so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import PALE, dark, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 22
"""Characters of a line."""
LINE = 0.155
"""Height of a line (in)."""


@dataclass(frozen=True, slots=True)
class Name:
    """What is written, where its point is, and its colour."""

    text: str
    x: float
    y: float
    colour: str


def room_for(names: Sequence[Name], least: float) -> float:
    """Height (in) of axes beside which all names have room.

    Parameters
    ----------
    names : sequence of Name
    least : float
        Height that the picture has without them (in).
    """
    return max(least, sum(_lines(name) for name in names) * LINE)


def names_beside(axes: Axes, names: Sequence[Name], height: float) -> None:
    """Write names beside axes of a height (in), whose limits are set and stay."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    order = sorted(names, key=lambda name: name.y)
    heights = [_lines(name) * LINE / height * (high - low) for name in order]
    for name, place in zip(order, spread([name.y for name in order], heights, low, high), strict=True):
        axes.plot((name.x, right), (name.y, place), color=PALE, linewidth=0.8, clip_on=False, zorder=1)
        axes.annotate(
            wrap(name.text, WIDTH), xy=(right, place), xytext=(3, 0), textcoords="offset points", va="center", ha="left", color=dark(name.colour),
            fontsize=9.5, annotation_clip=False, linespacing=1.05,
        )  # fmt: skip
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)


def _lines(name: Name) -> float:
    """Lines of a name with the gap to the next."""
    return wrap(name.text, WIDTH).count("\n") + 1.4


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Places near those wanted (ascending), no closer than their heights, within bounds where there is room."""
    places = list(wanted)
    for _ in range(200):
        moved = False
        for i in range(len(places) - 1):
            gap = (heights[i] + heights[i + 1]) / 2.0 - (places[i + 1] - places[i])
            if gap > 1e-9 * (high - low):
                places[i] -= gap / 2.0
                places[i + 1] += gap / 2.0
                moved = True
        if places:
            up = low + heights[0] / 2.0 - places[0]
            down = places[-1] - (high - heights[-1] / 2.0)
            if up > 0:
                places[0] += up
            if down > 0:
                places[-1] -= down
            moved = moved or up > 1e-9 or down > 1e-9
        if not moved:
            break
    return places
