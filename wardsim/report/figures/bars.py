"""Bars, a row a factor: the tornado, and indices of sensitivity with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, INK, SEQUENTIAL, WIDTH, Drawn, dark, new, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    """A tornado, the largest swing on top.

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

    def draw() -> Figure:
        figure = new(WIDTH, 1.2 + 0.48 * len(swings))
        axes = figure.add_subplot()
        axes.axvline(0.0, color=FAINT, linewidth=0.9)
        for i, one in enumerate(swings):
            pairs = ((one.low, one.low_range, COLOURS[0], "at its low", -0.19), (one.high, one.high_range, COLOURS[3], "at its high", 0.19))
            for value, span, colour, words, shift in pairs:
                y = len(swings) - 1 - i - shift
                axes.barh(y, value, height=0.36, color=colour)
                if span is not None:
                    axes.plot(span, (y, y), color="white", linewidth=3.2)
                    axes.plot(span, (y, y), color=INK, linewidth=1.2)
                if i == 0:
                    edge = max([0.0, value, *(span or ())])
                    axes.annotate(words, (edge, y), xytext=(5, 0), textcoords="offset points", va="center", color=dark(colour), fontsize=9.5)
        axes.set_yticks(range(len(swings)), [wrap(one.factor, 34, 2) for one in reversed(swings)])
        axes.tick_params(axis="y", length=0)
        axes.margins(x=0.12)
        axes.set_xlabel(wrap(value_title, 52, 3))
        return figure

    alt = f"Tornado: {value_title}, for {len(swings)} factors at their low and at their high. {title}"
    return Drawn(name, title, caption, alt, ("factor", "at its low", "at its high"), rows, draw)


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
    """Indices of sensitivity as bars, the largest on top.

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
    marked = any(one.alone is not None for one in found)
    head = ("factor", value_title, alone_title)[: 3 if marked else 2]
    rows = tuple((one.factor, one.text, one.alone_text)[: len(head)] for one in found)

    def draw() -> Figure:
        figure = new(WIDTH, 1.2 + 0.42 * len(found))
        axes = figure.add_subplot()
        for i, one in enumerate(found):
            y = len(found) - 1 - i
            axes.barh(y, one.value, height=0.6, color=SEQUENTIAL[1])
            if one.span is not None:
                axes.plot(one.span, (y, y), color=INK, linewidth=1.3)
                axes.plot(one.span, (y, y), color=INK, linestyle="none", marker="|", markersize=7)
            if one.alone is not None:
                axes.plot([one.alone], [y], color="white", marker="D", markersize=6, markeredgecolor=COLOURS[2], markeredgewidth=1.6)
        if floor is not None:
            axes.axvline(floor, color=COLOURS[2], linewidth=1.2, linestyle="--")
        axes.axvline(0.0, color=FAINT, linewidth=0.9)
        axes.set_yticks(range(len(found)), [wrap(one.factor, 34, 2) for one in reversed(found)])
        axes.tick_params(axis="y", length=0)
        words = f"{value_title} (bar{', with 95% interval' if any(one.span for one in found) else ''})" + (f"; {alone_title} (diamond)" if marked else "")
        axes.set_xlabel(wrap(words, 52, 3))
        return figure

    alt = f"Bars: {value_title}, for {len(found)} factors, the largest on top. {title}"
    return Drawn(name, title, caption, alt, head, rows, draw)
