"""The difference by mechanism: what goes with each when it is switched off, what only their interplay makes, what is left with all off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, INK, PALE, WIDTH, Drawn, new, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Span = tuple[float, float] | None


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
        figure = new(WIDTH, 1.25 + 0.36 * len(steps))
        axes = figure.add_subplot()
        axes.axvline(0.0, color=FAINT, linewidth=0.9)
        at = 0.0
        for i, step in enumerate(steps):
            y = len(steps) - 1 - i
            start = 0.0 if step.whole else at
            colour = COLOURS[0] if step.whole else COLOURS[3] if step.value > 0 else COLOURS[1]
            axes.barh(y, step.value, left=start, height=0.62, color=colour)
            end = start + step.value
            if step.span is not None:
                span = (start + step.span[0], start + step.span[1])
                axes.plot(span, (y, y), color="white", linewidth=3.0)
                axes.plot(span, (y, y), color=INK, linewidth=1.1)
            if i + 1 < len(steps):
                axes.plot((end, end), (y + 0.31, y - 1.31), color=PALE, linewidth=0.9, zorder=0)
            at = end
        axes.set_yticks(range(len(steps)), [wrap(step.name, 40, 1) for step in reversed(steps)])
        axes.tick_params(axis="y", length=0)
        axes.margins(x=0.06)
        axes.set_xlabel(wrap(value_title, 60, 2))
        return figure

    alt = f"Waterfall of {value_title} in {len(steps)} steps. {title}"
    return Drawn(name, title, caption, alt, ("step", "adds (95% simulation error)"), tuple((step.name, step.text) for step in steps), draw)
