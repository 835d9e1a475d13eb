"""The day hour by hour: panels one below the other over 24 hours, a line (or bars) a thing, each with its range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .drawn import COLOURS, FAINT, INK, SEQUENTIAL, WIDTH, Drawn, dark, new, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BARS = (SEQUENTIAL[1], SEQUENTIAL[4])
DASHES = ("-", "--", "-.", ":")
"""With the colour, what tells one line from another."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing over the day.

    Attributes
    ----------
    name : str
    values : sequence of float, 24
        By hour, from midnight.
    low, high : sequence of float or None, 24
        Range of each; None where there is none.
    texts : sequence of str, 24
        Each with its range, for the table.
    """

    name: str
    values: Sequence[float]
    low: Sequence[float | None]
    high: Sequence[float | None]
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Panel:
    """Things of one unit.

    Attributes
    ----------
    unit : str
        Title of the axis.
    lines : sequence of Line
        At most four.
    bars : bool
        Whether all are drawn as bars, one inside the other (numbers of events, of which the next are a part).
    bands : bool
        Whether every line has its range drawn, or the first only (the others in the table).
    """

    unit: str
    lines: Sequence[Line]
    bars: bool = False
    bands: bool = True


def hours(panels: Sequence[Panel], *, title: str = "", caption: str = "", name: str = "hours") -> Drawn:
    """A day hour by hour.

    Parameters
    ----------
    panels : sequence of Panel
        From top to bottom.
    title, caption, name : str
        See `Drawn`.
    """
    lines = [(panel, line) for panel in panels for line in panel.lines]
    head = ("hour", *(f"{line.name}, {panel.unit}" for panel, line in lines))
    rows = tuple((f"{hour:02d}:00", *(line.texts[hour] for _, line in lines)) for hour in range(24))

    def draw() -> Figure:
        figure = new(WIDTH, 0.7 + 1.75 * len(panels))
        places = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
        for i, (place, panel) in enumerate(zip(places, panels, strict=True)):
            same = i > 0 and [line.name for line in panel.lines] == [line.name for line in panels[0].lines]
            _panel(place, panel, keyed=not same)
        places[-1].set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
        places[-1].set_xlim(0, 24)
        places[-1].set_xlabel("time of day")
        return figure

    alt = f"A day hour by hour in {len(panels)} panels: {'; '.join(f'{line.name} ({panel.unit})' for panel, line in lines)}. {title}"
    return Drawn(name, title, caption, alt, head, rows, draw)


def _panel(place: Any, panel: Panel, *, keyed: bool) -> None:
    """One panel; where lines lie on each other the first is the broadest, and it alone has a band."""
    edges = list(range(25))
    for i, line in enumerate(panel.lines):
        colour = COLOURS[i % len(COLOURS)]
        low, high = (_known(values) for values in (line.low, line.high))
        if panel.bars:
            middle = [hour + 0.5 for hour in range(24)]
            place.bar(middle, line.values, width=0.84 if i == 0 else 0.42, color=BARS[i % len(BARS)], label=line.name)
            if i == 0:
                place.vlines(middle, low, high, color=FAINT, linewidth=1.1)
            continue
        if panel.bands or i == 0:
            place.fill_between(edges, [*low, low[-1]], [*high, high[-1]], step="post", color=colour, alpha=0.18, linewidth=0)
        place.step(
            edges, [*line.values, line.values[-1]], where="post", color=colour, linewidth=2.6 if i == 0 else 1.7, linestyle=DASHES[i % 4],
            label=line.name,
        )  # fmt: skip
    place.set_ylabel(wrap(panel.unit, 20))
    place.set_ylim(bottom=0)
    if not keyed:
        return
    handles, labels = place.get_legend_handles_labels()
    place.legend(
        handles, [wrap(label, 40) for label in labels], loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2 if len(labels) > 1 else 1,
        frameon=False, fontsize=9, borderaxespad=0.1, handlelength=2.4, columnspacing=1.2,
        labelcolor=[INK if panel.bars else dark(COLOURS[i % len(COLOURS)]) for i in range(len(labels))],
    )  # fmt: skip


def _known(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]
