"""Figures of reports, for notebooks as well: each function gives a `Drawn`, which shows itself, and has `figure()`, `svg()`,
`save(kind)` and the same numbers as a table (`head`, `rows`)."""

from .bars import Index, Swing, indices, tornado
from .day import Lane, day
from .drawn import COLOURS, SEQUENTIAL, Drawn
from .fan import Course, fan
from .forest import Row, forest
from .front import Plan, front
from .funnel import Trained, funnel
from .heatmap import heatmap
from .hours import Line, Panel, hours
from .ledger import ledger
from .plane import Cloud, plane
from .ranges import Three, ranges
from .stack import shares
from .waterfall import Step, waterfall

__all__ = [
    "COLOURS", "SEQUENTIAL", "Cloud", "Course", "Drawn", "Index", "Lane", "Line", "Panel", "Plan", "Row", "Step", "Swing", "Three", "Trained",
    "day", "fan", "forest", "front", "funnel", "heatmap", "hours", "indices", "ledger", "plane", "ranges", "shares", "tornado", "waterfall",
]  # fmt: skip
