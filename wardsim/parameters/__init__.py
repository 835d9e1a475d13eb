"""Parameters: natural history and effects of the model, each with a prior and a source."""

from .draw import POINT, parameters_hash
from .entry import Entry, prior_mass
from .explain import explain, nearest
from .ledger import Ledger, LedgerError

__all__ = ["POINT", "Entry", "Ledger", "LedgerError", "explain", "nearest", "parameters_hash", "prior_mass"]
