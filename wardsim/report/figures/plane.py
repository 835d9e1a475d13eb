"""The cost-consequence plane: what each option changes in an outcome and in cost, one cloud an option over what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .drawn import COLOURS, FAINT, MARKERS, WIDTH, Drawn, new, wrap
from .margin import Name, names_beside, room_for

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CORNERS = {
    "lower": ("better, dearer", "worse, dearer", "better, cheaper", "worse, cheaper"),
    "higher": ("worse, dearer", "better, dearer", "worse, cheaper", "better, cheaper"),
    "neutral": ("less, dearer", "more, dearer", "less, cheaper", "more, cheaper"),
}
"""Words for the quadrants by the better direction of the outcome: upper left, upper right, lower left, lower right."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """One option on the plane.

    Attributes
    ----------
    name : str
    x, y : float
        Expected difference in outcome and in cost.
    xs, ys : sequence of float
        The same in each parameter draw, chance removed; empty where it cannot be.
    x_text, y_text : str
        Both with their ranges, for the table.
    """

    name: str
    x: float
    y: float
    xs: Sequence[float] = field(default_factory=tuple)
    ys: Sequence[float] = field(default_factory=tuple)
    x_text: str = ""
    y_text: str = ""


MOST_NAMED = 8
"""Options beyond which only the outermost are named on the picture; the table names all."""
HEIGHT = 3.9
"""Of the axes (in)."""


def plane(
    clouds: Sequence[Cloud], *, x_title: str, y_title: str, direction: str, title: str = "", caption: str = "", name: str = "plane",
) -> Drawn:  # fmt: skip
    """A cost-consequence plane.

    Parameters
    ----------
    clouds : sequence of Cloud
        The options; the reference is the origin.
    x_title, y_title : str
        Outcome and cost with their units.
    direction : str
        Better direction of the outcome: lower, higher or neutral.
    title, caption, name : str
        See `Drawn`.
    """
    corners = CORNERS[direction]
    rows = tuple((cloud.name, cloud.x_text, cloud.y_text) for cloud in clouds)

    def draw() -> Figure:
        return _draw(clouds, x_title, y_title, corners)

    alt = f"Plane of {x_title} (across) and {y_title} (upwards) with {len(clouds)} options; the reference is where the lines cross. {title}"
    return Drawn(name, title, caption, alt, ("option", x_title, y_title), rows, draw)


def _draw(clouds: Sequence[Cloud], x_title: str, y_title: str, corners: Sequence[str]) -> Figure:
    many = len(clouds) > MOST_NAMED
    looks = [(COLOURS[0], "o") if many else (COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)]) for i in range(len(clouds))]
    named = outermost(clouds) if many else clouds
    names = [Name(cloud.name, cloud.x, cloud.y, colour) for cloud, (colour, _) in zip(clouds, looks, strict=True) if cloud in named]
    height = room_for(names, HEIGHT)
    figure = new(WIDTH, height + 0.7)
    axes = figure.add_subplot()
    axes.axhline(0.0, color=FAINT, linewidth=0.9, zorder=1)
    axes.axvline(0.0, color=FAINT, linewidth=0.9, zorder=1)
    all_x, all_y = [0.0], [0.0]
    for i, (cloud, (colour, marker)) in enumerate(zip(clouds, looks, strict=True)):
        if len(cloud.xs):
            import numpy as np
            import seaborn as sns

            sns.scatterplot(
                x=np.asarray(cloud.xs, dtype=float), y=np.asarray(cloud.ys, dtype=float), ax=axes, color=colour, marker=marker, s=16,
                alpha=0.4, linewidth=0, legend=False, zorder=2,
            )  # fmt: skip
        axes.scatter([cloud.x], [cloud.y], color=colour, marker=marker, s=95 if many else max(75.0, 220.0 * 0.72**i), edgecolor="white", linewidth=1.2, zorder=4)
        all_x += [cloud.x, *cloud.xs]
        all_y += [cloud.y, *cloud.ys]
    _limits(axes, all_x, all_y)
    names_beside(axes, names, height)
    for text, x, y in zip(corners, (0.01, 0.99, 0.01, 0.99), (0.985, 0.985, 0.015, 0.015), strict=True):
        axes.text(
            x, y, text, transform=axes.transAxes, ha="left" if x < 0.5 else "right", va="top" if y > 0.5 else "bottom", color=FAINT,
            fontsize=10, fontstyle="italic", zorder=5, bbox={"boxstyle": "square,pad=0.15", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
    axes.set_xlabel(wrap(x_title, 70))
    axes.set_ylabel(wrap(y_title, 44))
    return figure


def _limits(axes: Any, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Room around all points, and above and below for the words in the corners."""
    across = (max(xs) - min(xs)) or 1.0
    up = (max(ys) - min(ys)) or 1.0
    aside = 0.36 * max(max(xs), -min(xs), 0.5 * across)  # so that no word of a corner is crossed by the line between the two sides
    axes.set_xlim(min(min(xs) - 0.08 * across, -aside), max(max(xs) + 0.08 * across, aside))
    axes.set_ylim(min(ys) - 0.14 * up, max(ys) + 0.14 * up)


def outermost(clouds: Sequence[Cloud]) -> list[Cloud]:
    """Those with the least and the most of the outcome and of cost."""
    found = [
        pick(clouds, key=key) for key in (lambda cloud: cloud.x, lambda cloud: cloud.y) for pick in (min, max)
    ]
    return [cloud for cloud in clouds if cloud in found]
