"""Figures of reports, for notebooks as well: each function gives a `Drawn`, which shows itself, and has `figure()`, `svg()`,
`save(kind)` and the same numbers as a table (`head`, `rows`)."""

from .bars import Index, Swing, indices, tornado
from .drawn import COLOURS, SEQUENTIAL, Drawn
from .fan import Course, fan
from .front import Plan, front
from .heatmap import heatmap
from .plane import Cloud, plane
from .ranges import Three, ranges
from .stack import shares

__all__ = [
    "COLOURS", "SEQUENTIAL", "Cloud", "Course", "Drawn", "Index", "Plan", "Swing", "Three", "fan", "front", "heatmap", "indices", "plane", "ranges",
    "shares", "tornado",
]  # fmt: skip
