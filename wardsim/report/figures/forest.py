"""Ranges in rows, each beside a mark of its own: simulated beside published, posterior beside prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, PALE, WIDTH, Drawn, new, rows_of, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Span = tuple[float, float] | None
TICKS = ((1.0,), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0))
"""Numbers of each power of ten that a logarithmic axis shows, from the widest axis to the narrowest."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes
    ----------
    name : str
    mean : float or None
        Simulated (or posterior) centre.
    span : (float, float) or None
        Its 95% range.
    outer : (float, float) or None
        A wider or an earlier range, drawn pale behind it.
    mark : float or None
        Published value.
    texts : tuple of str
        Cells of the table beside the name.
    inside : bool
        Whether the mark lies in the range; outside it is drawn hollow and larger.
    """

    name: str
    mean: float | None
    span: Span
    outer: Span
    mark: float | None
    texts: tuple[str, ...]
    inside: bool = True


def forest(
    rows: Sequence[Row], *, value_title: str, head: Sequence[str], keys: tuple[str, str, str] = ("range", "", "published"),
    line: float | None = None, logarithmic: bool = False, title: str = "", caption: str = "", name: str = "forest",
) -> Drawn:  # fmt: skip
    """Ranges in rows.

    Parameters
    ----------
    rows : sequence of Row
        From top to bottom.
    value_title : str
        Title of the axis, with its unit.
    head : sequence of str
        Heads of the table, that of the names first.
    keys : (str, str, str)
        Words for the range, for the pale one behind it, and for the mark; empty: not there.
    line : float, optional
        Where a line is drawn (no difference, or what was published).
    logarithmic : bool
        Scale of the axis; values must be positive.
    title, caption, name : str
        See `Drawn`.
    """

    def draw() -> Figure:
        names, height = rows_of([row.name for row in rows], 40, least=0.29, size=8.5)
        figure = new(WIDTH, 1.6 + height * len(rows))
        axes = figure.add_subplot()
        if logarithmic:
            axes.set_xscale("log")
        if line is not None:
            axes.axvline(line, color=FAINT, linewidth=0.9)
        for i, row in enumerate(rows):
            y = len(rows) - 1 - i
            if row.outer is not None:
                axes.plot(row.outer, (y, y), color=PALE, linewidth=7, solid_capstyle="butt")
            if row.span is not None:
                axes.plot(row.span, (y, y), color=COLOURS[0], linewidth=3.2, solid_capstyle="butt")
            if row.mean is not None:
                axes.plot([row.mean], [y], color=COLOURS[0], marker="o", markersize=5.5, markeredgecolor="white")
            if row.mark is not None:
                face = COLOURS[3] if row.inside else "white"
                axes.plot([row.mark], [y], color=COLOURS[3], marker="D", markersize=6 if row.inside else 7, markerfacecolor=face,
                          markeredgecolor="#B5430B", markeredgewidth=1.6, linestyle="none")  # fmt: skip
        axes.set_yticks(range(len(rows)), list(reversed(names)), fontsize=8.5)
        axes.set_ylim(-0.7, len(rows) - 0.3)
        axes.tick_params(axis="y", length=0)
        if logarithmic:
            _plain(axes)
        axes.set_xlabel(wrap(value_title, 52))
        _key(axes, keys, rows)
        return figure

    alt = f"{value_title}: ranges in {len(rows)} rows ({', '.join(key for key in keys if key)}). {title}"
    return Drawn(name, title, caption, alt, tuple(head), tuple((row.name, *row.texts) for row in rows), draw)


def _plain(axes: object) -> None:
    """Plain numbers on a logarithmic axis, few enough to be read and enough to read between."""
    from matplotlib.axes import Axes
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    assert isinstance(axes, Axes)
    low, high = axes.get_xlim()
    inside: list[float] = []
    for bases in TICKS:
        steps = [base * 10.0**power for power in range(-4, 6) for base in bases]
        inside = [step for step in steps if low <= step <= high]
        if len(inside) >= 4:
            break
    if len(inside) < 4:
        inside = [float(step) for step in MaxNLocator(5).tick_values(low, high) if low <= step <= high and step > 0.0]
    axes.xaxis.set_major_locator(FixedLocator(inside))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))


def _key(axes: object, keys: tuple[str, str, str], rows: Sequence[Row]) -> None:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    assert isinstance(axes, Axes)
    some = (
        (keys[0], Line2D([], [], color=COLOURS[0], linewidth=3.2, marker="o", markersize=5.5, markeredgecolor="white")),
        (keys[1], Line2D([], [], color=PALE, linewidth=7)),
        (keys[2], Line2D([], [], color=COLOURS[3], marker="D", linestyle="none", markersize=6, markeredgecolor="#B5430B")),
        (f"{keys[2]}, outside the range", Line2D([], [], color=COLOURS[3], marker="D", linestyle="none", markersize=7, markerfacecolor="white",
                                                markeredgecolor="#B5430B")),
    )  # fmt: skip
    there = (True, bool(keys[1]), bool(keys[2]), bool(keys[2]) and any(row.mark is not None and not row.inside for row in rows))
    handles = [(handle, words) for (words, handle), shown in zip(some, there, strict=True) if shown and words]
    axes.legend(
        [handle for handle, _ in handles], [words for _, words in handles], loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2,
        frameon=False, fontsize=9, borderaxespad=0.1, handlelength=1.8, columnspacing=1.2,
    )  # fmt: skip
