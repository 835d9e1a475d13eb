"""The staff time ledger: where the time on duty goes, a bar a role or a ward, every minute in one part of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, INK, SEQUENTIAL, WIDTH, Drawn, new, rows_of, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOKS = (COLOURS[0], COLOURS[1], SEQUENTIAL[1], COLOURS[3], COLOURS[2], "#FFFFFF")
"""Colour of each part; white gets an outline. Numbers stand on the parts, and the key has their order."""
LEAST_LABELLED = 0.055
"""Share of the longest bar from which a part has its number on it."""


def ledger(
    names: Sequence[str], parts: Sequence[str], values: Sequence[Sequence[float]], *, unit: str, texts: Sequence[Sequence[str]],
    title: str = "", caption: str = "", name: str = "staff-time", head: str = "staff",
) -> Drawn:  # fmt: skip
    """Stacked bars of time by what it goes into.

    Parameters
    ----------
    names : sequence of str
        Bars, from top to bottom.
    parts : sequence of str
        What time goes into, at most six.
    values : sequence of sequence of float, shape (bars, parts)
        Time in `unit`.
    unit : str
        Title of the axis.
    texts : sequence of sequence of str, shape (bars, parts)
        The same with ranges, for the table.
    title, caption, name : str
        See `Drawn`.
    head : str
        What a bar is, for the table.
    """
    longest = max((sum(row) for row in values), default=0.0) or 1.0

    def draw() -> Figure:
        from matplotlib.patches import Patch

        labels, height = rows_of(list(reversed(names)), 30, least=0.46)
        figure = new(WIDTH, 1.35 + height * len(names))
        axes = figure.add_subplot()
        for i, row in enumerate(values):
            start, y = 0.0, len(names) - 1 - i
            for colour, value in zip(LOOKS, row, strict=False):
                axes.barh(y, value, left=start, height=0.64, color=colour, edgecolor=FAINT if colour == "#FFFFFF" else "white", linewidth=0.8)
                if value >= LEAST_LABELLED * longest:
                    ink = "white" if colour in (COLOURS[0], COLOURS[2]) else INK
                    text = f"{value:.0f}" if value >= 10 else f"{value:.1f}"
                    axes.text(start + value / 2, y, text, ha="center", va="center", color=ink, fontsize=9)
                start += value
        axes.set_yticks(range(len(names)), labels)
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0, longest * 1.01)
        axes.set_xlabel(wrap(unit, 62))
        handles = [
            Patch(facecolor=colour, edgecolor=FAINT, label=wrap(part, 26), linewidth=0.6)
            for colour, part in zip(LOOKS, parts, strict=False)
        ]
        axes.legend(
            handles=handles, loc="lower center", bbox_to_anchor=(0.35, 1.0), ncols=3, frameon=False, fontsize=9, borderaxespad=0.2,
            columnspacing=1.2, handlelength=1.6,
        )  # fmt: skip
        return figure

    alt = f"Stacked bars of {unit}: {', '.join(parts)}; a bar for each of {len(names)}. {title}"
    rows = tuple((one, *row) for one, row in zip(names, texts, strict=True))
    return Drawn(name, title, caption, alt, (head, *parts), rows, draw)
