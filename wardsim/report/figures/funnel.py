"""The training funnel: hours needed, asked for, booked, released and attended, and the share of needs that is in date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .drawn import COLOURS, FAINT, WIDTH, Drawn, dark, new, range_on, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Span = tuple[float, float] | None
LABELS = ("needed", "asked for", "booked", "released", "attended")
"""Of the steps of `wardsim.measures.by_hour.STEPS`."""


@dataclass(frozen=True, slots=True)
class Trained:
    """One ward.

    Attributes
    ----------
    name : str
    hours : sequence of float, 5
        Needed, asked for, booked, released, attended: hours a year.
    spans : sequence of (float, float) or None, 5
        Range of each.
    in_date : float or None
        Percent of needs in date.
    in_date_span : (float, float) or None
    texts : sequence of str, 6
        All six with their ranges, for the table.
    """

    name: str
    hours: Sequence[float]
    spans: Sequence[Span]
    in_date: float | None
    in_date_span: Span
    texts: Sequence[str]


def funnel(wards: Sequence[Trained], *, title: str = "", caption: str = "", name: str = "training") -> Drawn:
    """A training funnel; with several wards, bars side by side.

    Parameters
    ----------
    wards : sequence of Trained
        At most four.
    title, caption, name : str
        See `Drawn`.
    """

    def draw() -> Figure:
        many = len(wards)
        figure = new(WIDTH, 1.5 + 0.3 * (len(LABELS) + 1) * (1 + 0.5 * (many - 1)))
        above, below = figure.subplots(2, 1, gridspec_kw={"height_ratios": (len(LABELS), 1.15)})
        height = 0.78 / many
        for i, ward in enumerate(wards):
            colour = COLOURS[i % len(COLOURS)]
            shift = (i - (many - 1) / 2.0) * height
            for k, (value, span) in enumerate(zip(ward.hours, ward.spans, strict=True)):
                _bar(above, len(LABELS) - 1 - k - shift, value, span, height, colour, f"{value:,.0f}", wrap(ward.name, 40) if k == 0 else None)
            if ward.in_date is not None:
                _bar(below, -shift, ward.in_date, ward.in_date_span, height, colour, f"{ward.in_date:.0f}%", None)
        above.set_yticks(range(len(LABELS)), list(reversed(LABELS)))
        above.margins(x=0.12)
        above.set_xlim(left=0)
        above.set_xlabel("hours of courses off the ward, a year")
        below.set_yticks([0], ["in date"])
        below.set_xlim(0, max([112.0, *(1.15 * max(w.in_date or 0.0, w.in_date_span[1] if w.in_date_span else 0.0) for w in wards)]))
        below.set_xticks(range(0, 101, 20))
        below.set_xlabel("percent of needs")
        for axes in (above, below):
            axes.tick_params(axis="y", length=0)
        if many > 1:
            above.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False, fontsize=9, borderaxespad=0.1)
        return figure

    alt = f"Bars: hours of training needed, asked for, booked, released and attended, and percent in date, for {len(wards)} ward(s). {title}"
    head = ("ward", *(f"{step}, hours a year" for step in LABELS), "in date, % of needs")
    rows = tuple((ward.name, *ward.texts) for ward in wards)
    return Drawn(name, title, caption, alt, head, rows, draw)


def _bar(axes: Any, y: float, value: float, span: Span, height: float, colour: str, text: str, label: str | None) -> None:
    """A bar with its range and its number at the end of both."""
    axes.barh(y, value, height=height * 0.9, color=colour, label=label)
    if span is not None:
        range_on(axes, span, y, colour)
        axes.plot(span, (y, y), color=FAINT, linestyle="none", marker="|", markersize=5)
    axes.annotate(
        text, (max(value, span[1] if span else 0.0), y), xytext=(5, 0), textcoords="offset points", va="center", color=dark(colour),
        fontsize=9 if height > 0.25 else 8, annotation_clip=False,
    )  # fmt: skip
