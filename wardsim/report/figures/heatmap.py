"""A measure over two levers: a number in each cell, where the ward stands now outlined, hatched where the sign is not settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .drawn import INK, PALE, SEQUENTIAL, WIDTH, Drawn, new, rows_of, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SETTLED = ("higher", "lower", "same", "reference")
"""Marks that need no hatching."""
STEPS = 40
"""Colours; with more the key would be a picture made of dots."""


def heatmap(
    values: Sequence[Sequence[float | None]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    row_title: str,
    column_title: str,
    value_title: str,
    texts: Sequence[Sequence[str]] | None = None,
    marks: Sequence[Sequence[str]] | None = None,
    current: tuple[int, int] | None = None,
    ranges: Mapping[tuple[int, int], str] | None = None,
    title: str = "",
    caption: str = "",
    name: str = "heatmap",
) -> Drawn:
    """A heatmap.

    Parameters
    ----------
    values : sequence of sequence of float or None, shape (rows, columns)
        What is coloured.
    rows, columns : sequence of str
        Labels of the levels.
    row_title, column_title, value_title : str
        Names of the levers, and of the value with its unit.
    texts : sequence of sequence of str, optional
        What is written in the cells; left out: the values.
    marks : sequence of sequence of str, optional
        Sign of each cell: higher, lower, same, reference, or open, noise, unknown, which are hatched.
    current : (int, int), optional
        Row and column of the ward as it is.
    ranges : mapping of (int, int) to str, optional
        Range of each cell, for the table.
    title, caption, name : str
        See `Drawn`.
    """
    shown = texts or [["" if x is None else f"{x:+.3g}" for x in row] for row in values]
    signs = marks or [["higher"] * len(columns) for _ in rows]
    told = ranges or {}
    listed = tuple(
        (row, column, shown[i][j], told.get((i, j), ""), signs[i][j])
        for i, row in enumerate(rows)
        for j, column in enumerate(columns)
    )

    def draw() -> Figure:
        return _draw(values, shown, signs, rows, columns, (row_title, column_title, value_title), current)

    alt = f"Heatmap of {value_title} by {row_title} (rows) and {column_title} (columns). {title}"
    head = (row_title, column_title, value_title, "95% range of what is not known", "sign")
    return Drawn(name, title, caption, alt, head, listed, draw)


def _draw(
    values: Sequence[Sequence[float | None]],
    shown: Sequence[Sequence[str]],
    signs: Sequence[Sequence[str]],
    rows: Sequence[str],
    columns: Sequence[str],
    titles: tuple[str, str, str],
    current: tuple[int, int] | None,
) -> Figure:
    import numpy as np
    import seaborn as sns
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    table = np.array([[np.nan if x is None else x for x in row] for row in values], dtype=float)
    labels, height = rows_of(rows, 18, least=0.56)
    figure = new(WIDTH, 1.5 + height * len(rows))
    axes = figure.add_subplot()
    colours = LinearSegmentedColormap.from_list("blues", SEQUENTIAL[:4], N=STEPS)
    low, high = (float(np.nanmin(table)), float(np.nanmax(table))) if np.isfinite(table).any() else (0.0, 1.0)
    high = high if high > low else low + 1.0
    sns.heatmap(
        table, ax=axes, cmap=colours, vmin=low, vmax=high, cbar=True, linewidths=1.5, linecolor="white",
        cbar_kws={"label": wrap(titles[2], 38), "shrink": 0.95},
    )  # fmt: skip
    for i, line in enumerate(shown):
        for j, text in enumerate(line):
            value = table[i, j]
            colour = colours((value - low) / (high - low)) if np.isfinite(value) else PALE
            if signs[i][j] not in SETTLED:
                _hatch(axes, j, i)
            box: dict[str, Any] = {"boxstyle": "round,pad=0.2", "facecolor": colour, "edgecolor": "none"}
            axes.text(j + 0.5, i + 0.5, text, ha="center", va="center", color=_ink(colour), fontsize=10.5, bbox=box)
    if current is not None:
        axes.add_patch(Rectangle((current[1] + 0.03, current[0] + 0.03), 0.94, 0.94, fill=False, edgecolor="#F46A25", linewidth=3.5))
    axes.set_xticks([j + 0.5 for j in range(len(columns))], [wrap(text, max(9, 56 // len(columns))) for text in columns], rotation=0)
    axes.set_yticks([i + 0.5 for i in range(len(rows))], labels, rotation=0)
    axes.tick_params(length=0)
    axes.set_xlabel(wrap(titles[1], 50))
    axes.set_ylabel(wrap(titles[0], 30))
    return figure


def _ink(colour: Any) -> str:
    """Black or white, whichever stands out more (contrast of WCAG)."""
    from matplotlib.colors import to_rgb

    light = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    return INK if (luminance + 0.05) ** 2 > 1.05 * 0.053 else "white"


def _hatch(axes: Any, x: float, y: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x + 0.01, y + 0.01), 0.98, 0.98, fill=False, hatch="////", edgecolor="white", linewidth=0.0))
