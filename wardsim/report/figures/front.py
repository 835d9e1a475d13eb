"""Plans by cost and outcome: those that nothing beats, those that keep the limits, and the one that was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .drawn import COLOURS, FAINT, INK, WIDTH, Drawn, new, wrap
from .margin import Name, names_beside, room_for

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
    current : bool
        Whether it is the ward as it is.
    """

    name: str
    x: float
    y: float
    on_front: bool
    chosen: bool
    state: str
    texts: tuple[str, ...]
    current: bool = False


LOOKS = {"undecided": ("D", COLOURS[1], "undecided"), "infeasible": ("X", COLOURS[2], "breaks a limit"), "feasible": ("o", COLOURS[0], "keeps the limits")}
"""Marker, colour and words of each verdict; the last lies uppermost where plans have the same numbers."""
HEIGHT = 3.7
"""Of the axes (in)."""


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
        names = [Name(f"{_standing(plan)}: {plan.name}", plan.x, plan.y, COLOURS[0]) for plan in plans if plan.chosen or plan.current]
        height = room_for(names, HEIGHT)
        figure = new(WIDTH, height + 0.7)
        axes = figure.add_subplot()
        for state, (marker, colour, words) in LOOKS.items():
            some = [plan for plan in plans if plan.state == state]
            if some:
                axes.scatter([p.x for p in some], [p.y for p in some], marker=marker, s=46, color=colour, label=words, linewidth=0)
        edge = [plan for plan in plans if plan.on_front]
        axes.scatter([p.x for p in edge], [p.y for p in edge], s=150, facecolor="none", edgecolor=FAINT, linewidth=1.1, label="on the front")
        for plan in plans:
            if plan.current:
                axes.scatter([plan.x], [plan.y], marker="s", s=240, facecolor="none", edgecolor=INK, linewidth=1.4, label="as it is", zorder=4)
        for plan in plans:
            if plan.chosen:
                axes.scatter([plan.x], [plan.y], marker="*", s=190, color=COLOURS[3], edgecolor=INK, linewidth=0.9, label="chosen", zorder=5)
        axes.set_xlabel(wrap(x_title, 62))
        axes.set_ylabel(wrap(y_title, 44))
        axes.margins(0.08)
        names_beside(axes, names, height)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=6, frameon=False, fontsize=9, handletextpad=0.2, columnspacing=1.0)
        return figure

    alt = f"{len(plans)} plans by {x_title} (across) and {y_title} (upwards). {title}"
    rows = tuple((plan.name, *plan.texts) for plan in plans)
    return Drawn(name, title, caption, alt, ("plan", x_title, y_title, "limits", "on the front", "chosen"), rows, draw)


def _standing(plan: Plan) -> str:
    return "chosen, and the ward as it is" if plan.chosen and plan.current else "chosen" if plan.chosen else "the ward as it is"
