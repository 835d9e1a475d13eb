"""The cost-consequence plane: what each option changes in an outcome and in cost, one cloud an option over what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .drawn import COLOURS, FAINT, MARKERS, PALE, WIDTH, Drawn, dark, new, wrap

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


def quadrants(cloud: Cloud) -> tuple[int, int, int, int]:
    """Of 100 draws, how many lie upper left, upper right, lower left, lower right."""
    n = len(cloud.xs)
    if not n:
        return (0, 0, 0, 0)
    counts = [0.0] * 4
    for x, y in zip(cloud.xs, cloud.ys, strict=True):
        for left, a in ((True, 0.5 if x == 0 else float(x < 0)), (False, 0.5 if x == 0 else float(x > 0))):
            for up, b in ((True, 0.5 if y == 0 else float(y > 0)), (False, 0.5 if y == 0 else float(y < 0))):
                counts[(0 if up else 2) + (0 if left else 1)] += a * b
    shares = [100.0 * count / n for count in counts]
    rounded = [int(share) for share in shares]
    for i in sorted(range(4), key=lambda k: rounded[k] - shares[k])[: 100 - sum(rounded)]:
        rounded[i] += 1
    return rounded[0], rounded[1], rounded[2], rounded[3]


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
    rows = []
    for cloud in clouds:
        shares = quadrants(cloud) if len(cloud.xs) else None
        rows.append((cloud.name, cloud.x_text, cloud.y_text, *("-" if shares is None else str(share) for share in shares or [0] * 4)))
    if not any(len(cloud.xs) for cloud in clouds):
        rows = [row[:3] for row in rows]
    head = ("option", x_title, y_title, *(f"{corner}: of 100 draws" for corner in corners))[: len(rows[0]) if rows else 3]

    def draw() -> Figure:
        return _draw(clouds, x_title, y_title, corners)

    alt = f"Plane of {x_title} (across) and {y_title} (upwards) with {len(clouds)} options; the reference is where the lines cross. {title}"
    return Drawn(name, title, caption, alt, head, tuple(rows), draw)


def _draw(clouds: Sequence[Cloud], x_title: str, y_title: str, corners: Sequence[str]) -> Figure:
    figure = new(WIDTH, 4.6)
    axes = figure.add_subplot()
    axes.axhline(0.0, color=FAINT, linewidth=0.9, zorder=1)
    axes.axvline(0.0, color=FAINT, linewidth=0.9, zorder=1)
    all_x, all_y = [0.0], [0.0]
    many = len(clouds) > MOST_NAMED
    for i, cloud in enumerate(clouds):
        colour, marker = (COLOURS[0], "o") if many else (COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)])
        if len(cloud.xs):
            import numpy as np
            import seaborn as sns

            sns.scatterplot(
                x=np.asarray(cloud.xs, dtype=float), y=np.asarray(cloud.ys, dtype=float), ax=axes, color=colour, marker=marker, s=16,
                alpha=0.4, linewidth=0, legend=False, zorder=2,
            )  # fmt: skip
        axes.scatter([cloud.x], [cloud.y], color=colour, marker=marker, s=95, edgecolor="white", linewidth=1.2, zorder=4)
        all_x += [cloud.x, *cloud.xs]
        all_y += [cloud.y, *cloud.ys]
    _limits(axes, all_x, all_y)
    _label(axes, outermost(clouds) if many else clouds, many)
    for text, x, y in zip(corners, (0.01, 0.99, 0.01, 0.99), (0.985, 0.985, 0.015, 0.015), strict=True):
        axes.text(
            x, y, text, transform=axes.transAxes, ha="left" if x < 0.5 else "right", va="top" if y > 0.5 else "bottom", color=FAINT,
            fontsize=10, fontstyle="italic", zorder=5,
        )  # fmt: skip
    axes.set_xlabel(wrap(x_title, 70, 2))
    axes.set_ylabel(wrap(y_title, 44, 2))
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


def _label(axes: Any, clouds: Sequence[Cloud], plain: bool) -> None:
    """Names in the right margin, each joined to its mean by a line, spread so that none covers another."""
    low, high = axes.get_ylim()
    texts = [wrap(cloud.name, 22, 3) for cloud in clouds]
    lines = 4.6 / 0.17 * 0.8
    order = sorted(range(len(clouds)), key=lambda i: clouds[i].y)
    heights = [(texts[i].count("\n") + 1.35) / lines * (high - low) for i in order]
    places = spread([clouds[i].y for i in order], heights, low, high)
    right = axes.get_xlim()[1]
    for i, place in zip(order, places, strict=True):
        cloud, colour = clouds[i], COLOURS[0] if plain else COLOURS[i % len(COLOURS)]
        axes.plot((cloud.x, right), (cloud.y, place), color=PALE, linewidth=0.8, clip_on=False, zorder=1)
        axes.annotate(
            texts[i], xy=(right, place), xytext=(3, 0), textcoords="offset points", va="center", ha="left", color=dark(colour), fontsize=9.5,
            annotation_clip=False, linespacing=1.05,
        )  # fmt: skip
    axes.set_xlim(axes.get_xlim()[0], right)
    axes.set_ylim(low, high)


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
