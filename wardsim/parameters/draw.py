"""Drawing parameters from their priors: one uniform a parameter, keyed by seed, draw and the parameter's name.

The uniform is a hash of its key (a counter-based generator): parameter A's draw number 7 is the same whether or not
parameter B exists, in whichever order they are drawn, in whichever process. Values are found by inversion, so a changed
prior moves its own parameter smoothly and no other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from .entry import Entry

POINT = -1
"""Draw number that stands for the point values."""

_CELL = 2.0**-52


def uniform(seed: int, draw: int, name: str) -> float:
    """A uniform number in (0, 1), a pure function of its key.

    Parameters
    ----------
    seed : int
        Root seed, 0 or greater.
    draw : int
        Draw number, 0 or greater.
    name : str
        Ledger name.

    Returns
    -------
    float
        The middle of one of 2**52 equal cells, so never 0 or 1.
    """
    digest = hashlib.blake2b(f"{seed}:{draw}:{name}".encode(), digest_size=8, person=b"wardsim.prior").digest()
    return ((int.from_bytes(digest, "little") >> 12) + 0.5) * _CELL


def draw_values(entries: Iterable[Entry], seed: int, draw: int) -> dict[str, float]:
    """One value for each entry: the point values for draw -1, else the draw of that number.

    Parameters
    ----------
    entries : iterable of Entry
        Ledger entries.
    seed, draw : int
        Root seed and draw number.

    Returns
    -------
    dict of str to float
        By ledger name, each within its range.
    """
    if draw < POINT:
        raise ValueError(f"draw must be -1 (point values) or a number from 0; it is {draw}")
    if draw == POINT:
        return {entry.name: entry.value for entry in entries}
    return {entry.name: entry.distribution.quantile(uniform(seed, draw, entry.name)) for entry in entries}


def parameters_hash(parameters: Mapping[str, float]) -> str:
    """Short fingerprint of a set of parameter values (16 hex digits): equal if and only if every name and value is."""
    text = json.dumps({name: float(value).hex() for name, value in parameters.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
