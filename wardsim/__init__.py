"""wardsim: a discrete-event model of an acute adult mental health ward.

What would one more nurse at night do, or training that is never cancelled? The model plays a ward minute by minute and says what
happens to violence, to therapeutic contact and to cost, and how sure that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardsim.notebook import Results, WardsimError, compare, library, read, run, sweep
    from wardsim.scenario.errors import ScenarioError
    from wardsim.scenario.load import Loaded, load

__version__ = "0.1.0"
__all__ = ["Loaded", "Results", "ScenarioError", "WardsimError", "__version__", "compare", "library", "load", "read", "run", "sweep"]

_PLACES = {
    "load": "wardsim.scenario.load",
    "Loaded": "wardsim.scenario.load",
    "ScenarioError": "wardsim.scenario.errors",
    **dict.fromkeys(("Results", "WardsimError", "compare", "library", "read", "run", "sweep"), "wardsim.notebook"),
}
"""Name -> module that has it."""


def __getattr__(name: str) -> Any:
    """Import on first use, so that `wardsim --help` need not wait for the model."""
    if name in _PLACES:
        from importlib import import_module

        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'wardsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names to complete."""
    return sorted({*globals(), *__all__})
