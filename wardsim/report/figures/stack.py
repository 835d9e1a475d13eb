"""Shares of a whole as stacked bars with direct labels: where the spread of an answer comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .drawn import COLOURS, WIDTH, Drawn, new, rows_of, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def shares(
    names: Sequence[str], sources: Sequence[str], values: Sequence[Sequence[float]], *, texts: Sequence[Sequence[str]], title: str = "",
    caption: str = "", name: str = "shares",
) -> Drawn:  # fmt: skip
    """Stacked bars of shares in percent.

    Parameters
    ----------
    names : sequence of str
        Rows.
    sources : sequence of str
        Parts of each bar, at most four.
    values : sequence of sequence of float, shape (rows, sources)
        Percent.
    texts : sequence of sequence of str, shape (rows, sources)
        The same with ranges, for the table.
    title, caption, name : str
        See `Drawn`.
    """

    def draw() -> Figure:
        labels, height = rows_of(list(reversed(names)), 34, least=0.5)
        figure = new(WIDTH, 1.2 + height * len(names))
        axes = figure.add_subplot()
        for i, row in enumerate(values):
            start = 0.0
            y = len(names) - 1 - i
            for k, share in enumerate(row):
                axes.barh(y, share, left=start, height=0.62, color=COLOURS[k], edgecolor="white", linewidth=1)
                if share >= 8.0:
                    ink = "#0B0C0C" if COLOURS[k] in ("#28A197", "#F46A25") else "white"
                    axes.text(start + share / 2, y, f"{share:.0f}%", ha="center", va="center", color=ink, fontsize=9.5)
                start += share
        axes.set_yticks(range(len(names)), labels)
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(0, 100)
        axes.set_xlabel("percent of the spread of the difference")
        from matplotlib.patches import Patch

        handles = [Patch(color=COLOURS[k], label=wrap(source, 34)) for k, source in enumerate(sources)]
        axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False, fontsize=9, borderaxespad=0.1)
        return figure

    alt = f"Stacked bars: percent of the spread by source ({', '.join(sources)}), a bar for each of {len(names)} answers. {title}"
    rows = tuple((one, *row) for one, row in zip(names, texts, strict=True))
    return Drawn(name, title, caption, alt, ("answer", *sources), rows, draw)
