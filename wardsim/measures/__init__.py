"""Measures: observers that turn the ward's facts into values. Each measure is declared once; see `MEASURES`."""

from .columns import Columns
from .compute import measure, measure_windows
from .declare import GROUPS, Measure, Value
from .ledger import Ledger, LedgerError
from .registry import HEADLINE, MEASURES, explain

__all__ = [
    "GROUPS",
    "HEADLINE",
    "MEASURES",
    "Columns",
    "Ledger",
    "LedgerError",
    "Measure",
    "Value",
    "explain",
    "measure",
    "measure_windows",
]
