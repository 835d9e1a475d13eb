"""wardsim: a discrete-event model of an acute adult mental health ward.

What would one more nurse at night do, or training that is never cancelled? The model plays a ward minute by minute and says what
happens to violence, to therapeutic contact and to cost, and how sure that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardsim.scenario.load import Loaded, load

__version__ = "0.1.0"
__all__ = ["Loaded", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `wardsim --help` need not wait for the model."""
    if name in ("load", "Loaded"):
        from wardsim.scenario import load as module

        return getattr(module, name)
    raise AttributeError(f"module 'wardsim' has no attribute {name!r}")
