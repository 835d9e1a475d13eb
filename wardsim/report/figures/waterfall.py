"""The difference by mechanism: what goes with each when it is switched off, what only their interplay makes, what is left with all off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, PALE, WIDTH, Drawn, new, range_on, rows_of, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Span = tuple[float, float] | None
KEY = ((COLOURS[0], "the difference itself"), (COLOURS[3], "raises it"), (COLOURS[1], "lowers it"))
"""Colours of bars, and what they mean."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar.

    Attributes
    ----------
    name : str
    value : float
        What it adds; of a level (`whole`), where it stands.
    span : (float, float) or None
        95% simulation error.
    text : str
        With its range, for the table.
    whole : bool
        Whether it starts at nought.
    """

    name: str
    value: float
    span: Span
    text: str
    whole: bool = False


def waterfall(steps: Sequence[Step], *, value_title: str, title: str = "", caption: str = "", name: str = "waterfall") -> Drawn:
    """A waterfall, from top to bottom.

    Parameters
    ----------
    steps : sequence of Step
        Levels (`whole`) and what lies between them, in order.
    value_title : str
        The difference that is taken apart, with its unit.
    title, caption, name : str
        See `Drawn`.
    """

    def draw() -> Figure:
        from matplotlib.patches import Patch

        labels, height = rows_of([step.name for step in reversed(steps)], 40, least=0.36)
        figure = new(WIDTH, 1.5 + height * len(steps))
        axes = figure.add_subplot()
        axes.axvline(0.0, color=FAINT, linewidth=0.9)
        at = 0.0
        for i, step in enumerate(steps):
            y = len(steps) - 1 - i
            start = 0.0 if step.whole else at
            colour = KEY[0][0] if step.whole else KEY[1][0] if step.value > 0 else KEY[2][0]
            axes.barh(y, step.value, left=start, height=0.62, color=colour)
            end = start + step.value
            if step.span is not None:
                span = (start + step.span[0], start + step.span[1])
                range_on(axes, span, y, colour)
            if i + 1 < len(steps):
                axes.plot((end, end), (y + 0.31, y - 1.31), color=PALE, linewidth=0.9, zorder=0)
            at = end
        axes.set_yticks(range(len(steps)), labels)
        axes.tick_params(axis="y", length=0)
        axes.margins(x=0.06)
        axes.set_xlabel(wrap(value_title, 60))
        axes.legend(
            handles=[Patch(color=colour, label=words) for colour, words in KEY], loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3,
            frameon=False, fontsize=9, borderaxespad=0.1, handlelength=1.4, columnspacing=1.2,
        )  # fmt: skip
        return figure

    alt = f"Waterfall of {value_title} in {len(steps)} steps. {title}"
    return Drawn(name, title, caption, alt, ("step", "adds (95% simulation error)"), tuple((step.name, step.text) for step in steps), draw)
