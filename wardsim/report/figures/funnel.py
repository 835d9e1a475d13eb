"""The training funnel: hours needed, booked, released and attended, and the share of needs that is in date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .drawn import COLOURS, FAINT, INK, WIDTH, Drawn, dark, new, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Span = tuple[float, float] | None
STEPS = ("needed", "booked", "released", "attended")


@dataclass(frozen=True, slots=True)
class Trained:
    """One ward.

    Attributes
    ----------
    name : str
    hours : sequence of float, 4
        Needed, booked, released, attended: hours a year.
    spans : sequence of (float, float) or None, 4
        Range of each.
    in_date : float or None
        Percent of needs in date.
    in_date_span : (float, float) or None
    texts : sequence of str, 5
        All five with their ranges, for the table.
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
        figure = new(WIDTH, 1.7 + 0.3 * (len(STEPS) + 1) * (1 + 0.55 * (len(wards) - 1)))
        left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": (3.1, 1.0)})
        many = len(wards)
        height = 0.74 / many
        for i, ward in enumerate(wards):
            colour = COLOURS[i % len(COLOURS)]
            shift = (i - (many - 1) / 2.0) * height
            for k, (value, span) in enumerate(zip(ward.hours, ward.spans, strict=True)):
                y = len(STEPS) - 1 - k - shift
                left.barh(y, value, height=height * 0.92, color=colour, label=ward.name if k == 0 else None)
                _range(left, span, y)
                text = f"{value:,.0f}"
                left.annotate(text, (max(value, span[1] if span else 0.0), y), xytext=(4, 0), textcoords="offset points", va="center",
                              fontsize=9 if many < 3 else 8, color=dark(colour))  # fmt: skip
            if ward.in_date is not None:
                right.barh(-shift, ward.in_date, height=height * 0.92, color=colour)
                _range(right, ward.in_date_span, -shift)
                right.annotate(f"{ward.in_date:.0f}%", (3, -shift), va="center", color="white" if colour in (COLOURS[0], COLOURS[2]) else INK,
                               fontsize=9)  # fmt: skip
        left.set_yticks(range(len(STEPS)), list(reversed(STEPS)))
        left.tick_params(axis="y", length=0)
        left.margins(x=0.14)
        left.set_xlim(left=0)
        left.set_xlabel("hours of courses off the ward, a year")
        right.set_yticks([])
        right.set_xlim(0, 100)
        right.set_xlabel(wrap("in date, % of needs", 12, 2))
        if many > 1:
            left.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False, fontsize=9, borderaxespad=0.1)
        return figure

    alt = f"Bars: hours of training needed, booked, released and attended, and percent in date, for {len(wards)} ward(s). {title}"
    head = ("ward", *(f"{step}, hours a year" for step in STEPS), "in date, % of needs")
    rows = tuple((ward.name, *ward.texts) for ward in wards)
    return Drawn(name, title, caption, alt, head, rows, draw)


def _range(axes: Any, span: Span, y: float) -> None:
    if span is not None:
        axes.plot(span, (y, y), color="white", linewidth=3.0)
        axes.plot(span, (y, y), color=INK, linewidth=1.1)
        axes.plot(span, (y, y), color=FAINT, linestyle="none", marker="|", markersize=5)
