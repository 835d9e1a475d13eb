"""The three ranges of a number side by side, never mixed: what is not known, chance of one year, simulation error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, INK, PALE, WIDTH, Drawn, new, rows_of, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Span = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Three:
    """One number.

    Attributes
    ----------
    name : str
    mean : float
    known, year, error : (float, float) or None
        95% of what is not known; 80% of one year; 95% simulation error.
    texts : (str, str, str, str)
        Mean and ranges, for the table.
    """

    name: str
    mean: float
    known: Span
    year: Span
    error: Span
    texts: tuple[str, str, str, str]


HEAD = ("what is not known (95%)", "chance of one year (80%)", "simulation error (95%)")


def ranges(
    found: Sequence[Three], *, value_title: str, title: str = "", caption: str = "", name: str = "ranges", zero: bool = True
) -> Drawn:
    """Numbers with their three ranges, a row each.

    Parameters
    ----------
    found : sequence of Three
        In the order shown.
    value_title : str
        What the numbers are, with their unit.
    zero : bool
        Whether nought (no difference) is drawn.
    title, caption, name : str
        See `Drawn`.
    """

    def draw() -> Figure:
        labels, height = rows_of([one.name for one in reversed(found)], 28, least=0.62)
        figure = new(WIDTH, 1.3 + height * len(found))
        axes = figure.add_subplot()
        if zero:
            axes.axvline(0.0, color=FAINT, linewidth=0.9)
        for i, one in enumerate(found):
            y = len(found) - 1 - i
            for span, shift, colour, wide in ((one.year, -0.22, PALE, 6), (one.known, 0.0, COLOURS[0], 6), (one.error, 0.22, COLOURS[1], 6)):
                if span is not None:
                    axes.plot(span, (y - shift, y - shift), color=colour, linewidth=wide, solid_capstyle="butt")
            axes.plot([one.mean, one.mean], [y - 0.33, y + 0.33], color=INK, linewidth=2)
        axes.set_yticks(range(len(found)), labels)
        axes.set_ylim(-0.6, len(found) - 0.4)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(wrap(value_title, 56))
        _key(axes, found)
        return figure

    alt = f"{value_title}: expected value and three ranges for each of {len(found)}. {title}"
    rows = tuple((one.name, *one.texts) for one in found)
    return Drawn(name, title, caption, alt, ("", "expected", *HEAD), rows, draw)


def _key(axes: object, found: Sequence[Three]) -> None:
    """Which bar is which, above the first row, in the order from top to bottom."""
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

    assert isinstance(axes, Axes)
    some = {HEAD[1]: any(o.year for o in found), HEAD[0]: any(o.known for o in found), HEAD[2]: any(o.error for o in found)}
    colours = {HEAD[1]: PALE, HEAD[0]: COLOURS[0], HEAD[2]: COLOURS[1]}
    handles = [Patch(color=colours[words], label=words) for words, there in some.items() if there]
    if handles:
        axes.legend(handles=handles, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, frameon=False, fontsize=8.5, handlelength=1.2,
                    columnspacing=1.1, borderaxespad=0.1)  # fmt: skip
