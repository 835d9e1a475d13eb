"""Plans by cost and outcome: those that nothing beats, those that keep the limits, and the one that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, WIDTH, Drawn, new, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan.

    Attributes
    ----------
    name : str
    x, y : float
        Outcome and cost.
    on_front, chosen : bool
    state : str
        feasible, infeasible or undecided.
    texts : tuple of str
        Cells of the table beside the name.
    """

    name: str
    x: float
    y: float
    on_front: bool
    chosen: bool
    state: str
    texts: tuple[str, ...]


LOOKS = {"feasible": ("o", COLOURS[0], "keeps the limits"), "undecided": ("D", COLOURS[1], "undecided"), "infeasible": ("X", COLOURS[2], "breaks a limit")}
"""Marker, colour and words of each verdict."""


def front(plans: Sequence[Plan], *, x_title: str, y_title: str, title: str = "", caption: str = "", name: str = "front") -> Drawn:
    """Plans on the plane of outcome and cost.

    Parameters
    ----------
    plans : sequence of Plan
    x_title, y_title : str
        Outcome and cost with their units.
    title, caption, name : str
        See `Drawn`.
    """

    def draw() -> Figure:
        figure = new(WIDTH, 4.4)
        axes = figure.add_subplot()
        for state, (marker, colour, words) in LOOKS.items():
            some = [plan for plan in plans if plan.state == state]
            if some:
                axes.scatter([p.x for p in some], [p.y for p in some], marker=marker, s=46, color=colour, alpha=0.85, label=words, linewidth=0)
        edge = [plan for plan in plans if plan.on_front]
        axes.scatter([p.x for p in edge], [p.y for p in edge], s=150, facecolor="none", edgecolor=FAINT, linewidth=1.1, label="on the front")
        for plan in plans:
            if plan.chosen:
                axes.annotate(
                    wrap(f"chosen: {plan.name}", 26, 4), xy=(plan.x, plan.y), xytext=(0.99, 0.98), textcoords="axes fraction", ha="right",
                    va="top", fontsize=9.5, color=COLOURS[0], arrowprops={"arrowstyle": "-", "color": COLOURS[0], "linewidth": 1.0},
                )  # fmt: skip
        axes.set_xlabel(wrap(x_title, 62, 2))
        axes.set_ylabel(wrap(y_title, 44, 2))
        axes.margins(0.08)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, frameon=False, fontsize=9, handletextpad=0.3, columnspacing=1.2)
        return figure

    alt = f"{len(plans)} plans by {x_title} (across) and {y_title} (upwards). {title}"
    rows = tuple((plan.name, *plan.texts) for plan in plans)
    return Drawn(name, title, caption, alt, ("plan", x_title, y_title, "limits", "on the front", "chosen"), rows, draw)
