"""Bars, a row a factor: the tornado, and indices of sensitivity with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, INK, SEQUENTIAL, WIDTH, Drawn, faint, new, range_on, rows_of, told_apart, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure


PALE_BARS = "Pale bars are not told from chance: their range includes nought, or there are too few runs for a range."


@dataclass(frozen=True, slots=True)
class Swing:
    """One factor of a tornado.

    Attributes
    ----------
    factor : str
    low, high : float
        Change of the outcome from the centre when the factor is at its low and at its high.
    low_range, high_range : (float, float) or None
        95% simulation error.
    low_text, high_text : str
        The same with ranges, for the table.
    """

    factor: str
    low: float
    high: float
    low_range: tuple[float, float] | None = None
    high_range: tuple[float, float] | None = None
    low_text: str = ""
    high_text: str = ""


def tornado(
    swings: Sequence[Swing], *, value_title: str, title: str = "", caption: str = "", name: str = "tornado"
) -> Drawn:
    """A tornado, the largest swing on top. Swings that are not told from none are pale, and the caption says so.

    Parameters
    ----------
    swings : sequence of Swing
        In the order shown.
    value_title : str
        Change of the outcome, with its unit.
    title, caption, name : str
        See `Drawn`.
    """
    rows = tuple((one.factor, one.low_text, one.high_text) for one in swings)
    pale = not all(told_apart(span) for one in swings for span in (one.low_range, one.high_range))

    def draw() -> Figure:
        from matplotlib.patches import Patch

        labels, height = rows_of([one.factor for one in reversed(swings)], 36, least=0.48)
        figure = new(WIDTH, 1.4 + height * len(swings))
        axes = figure.add_subplot()
        axes.axvline(0.0, color=FAINT, linewidth=0.9)
        for i, one in enumerate(swings):
            for value, span, colour, shift in ((one.low, one.low_range, COLOURS[0], -0.19), (one.high, one.high_range, COLOURS[3], 0.19)):
                y = len(swings) - 1 - i - shift
                face = colour if told_apart(span) else faint(colour)
                axes.barh(y, value, height=0.34, color=face, edgecolor=colour, linewidth=0.8)
                if span is not None:
                    range_on(axes, span, y, face)
        axes.set_yticks(range(len(swings)), labels)
        axes.tick_params(axis="y", length=0)
        axes.margins(x=0.05)
        axes.set_xlabel(wrap(value_title, 52))
        handles = [Patch(color=COLOURS[0], label="at its low"), Patch(color=COLOURS[3], label="at its high")]
        if pale:
            handles.append(Patch(facecolor=faint(FAINT), edgecolor=FAINT, label="pale: not told from no difference"))
        axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False, fontsize=9, borderaxespad=0.1,
                    handlelength=1.4, columnspacing=1.2)  # fmt: skip
        return figure

    alt = f"Tornado: {value_title}, for {len(swings)} factors at their low and at their high. {title}"
    return Drawn(name, title, f"{caption} {PALE_BARS}".strip() if pale else caption, alt, ("factor", "at its low", "at its high"), rows, draw)


@dataclass(frozen=True, slots=True)
class Index:
    """One factor's index.

    Attributes
    ----------
    factor : str
    value : float
    span : (float, float) or None
        95% interval.
    alone : float or None
        A second value, shown as a mark (first-order beside total effect).
    text, alone_text : str
        For the table.
    """

    factor: str
    value: float
    span: tuple[float, float] | None = None
    alone: float | None = None
    text: str = ""
    alone_text: str = ""


def indices(
    found: Sequence[Index], *, value_title: str, alone_title: str = "", floor: float | None = None, title: str = "", caption: str = "",
    name: str = "indices",
) -> Drawn:  # fmt: skip
    """Indices of sensitivity as bars, the largest on top. Those whose interval includes nought are pale, and the caption says so.

    Parameters
    ----------
    found : sequence of Index
        In the order shown.
    value_title, alone_title : str
        What the bar is, and what the mark is.
    floor : float, optional
        What chance alone would reach; drawn as a line.
    title, caption, name : str
        See `Drawn`.
    """

    def hidden(one: Index) -> bool:
        return one.value != 0.0 and one.span is not None and not told_apart(one.span)

    marked = any(one.alone is not None for one in found)
    head = ("factor", value_title, alone_title)[: 3 if marked else 2]
    rows = tuple((one.factor, one.text, one.alone_text)[: len(head)] for one in found)

    def draw() -> Figure:
        labels, height = rows_of([one.factor for one in reversed(found)], 36, least=0.42)
        figure = new(WIDTH, 1.2 + height * len(found))
        axes = figure.add_subplot()
        for i, one in enumerate(found):
            y = len(found) - 1 - i
            face = faint(SEQUENTIAL[1]) if hidden(one) else SEQUENTIAL[1]
            axes.barh(y, one.value, height=0.6, color=face, edgecolor=SEQUENTIAL[1], linewidth=0.8)
            if one.span is not None:
                axes.plot(one.span, (y, y), color=INK, linewidth=1.3)
                axes.plot(one.span, (y, y), color=INK, linestyle="none", marker="|", markersize=7)
            if one.alone is not None:
                axes.plot([one.alone], [y], color="white", marker="D", markersize=6, markeredgecolor=COLOURS[2], markeredgewidth=1.6, clip_on=False, zorder=4)
        if floor is not None:
            axes.axvline(floor, color=COLOURS[2], linewidth=1.2, linestyle="--")
        axes.axvline(0.0, color=FAINT, linewidth=0.9)
        axes.set_yticks(range(len(found)), labels)
        axes.tick_params(axis="y", length=0, pad=8)
        words = f"{value_title} (bar{', with 95% interval' if any(one.span for one in found) else ''})" + (f"; {alone_title} (diamond)" if marked else "")
        axes.set_xlabel(wrap(words, 52))
        return figure

    if any(hidden(one) for one in found):
        caption = f"{caption} {PALE_BARS}".strip()
    alt = f"Bars: {value_title}, for {len(found)} factors, the largest on top. {title}"
    return Drawn(name, title, caption, alt, head, rows, draw)
