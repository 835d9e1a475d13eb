"""The scenario's schema, one file a section."""

from .scenario import Scenario

__all__ = ["Scenario"]
