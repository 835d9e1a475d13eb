"""Scales on which a published and a simulated figure are compared: as it is, in logarithms, in log odds."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["identity", "log", "logit"]
Floats = NDArray[np.float64]

SMALLEST = 1e-9
"""Shares and rates nearer to their bound than this are taken to be this far from it."""


def to_scale(scale: Scale, x: Any, per: float = 1.0) -> Floats:
    """Value in its unit to the scale.

    Parameters
    ----------
    scale : str
        identity, log or logit.
    x : array or float
        In the unit of the measure.
    per : float
        For log odds: the value that stands for a share of 1 (100 for percent).
    """
    value = np.asarray(x, np.float64)
    if scale == "log":
        logged: Floats = np.log(np.maximum(value, SMALLEST))
        return logged
    if scale == "logit":
        share = np.clip(value / per, SMALLEST, 1.0 - SMALLEST)
        odds: Floats = np.log(share) - np.log1p(-share)
        return odds
    return value


def from_scale(scale: Scale, y: Any, per: float = 1.0) -> Floats:
    """From the scale back to the unit of the measure."""
    value = np.asarray(y, np.float64)
    if scale == "log":
        grown: Floats = np.exp(value)
        return grown
    if scale == "logit":
        share: Floats = per / (1.0 + np.exp(-value))
        return share
    return value


def slope(scale: Scale, x: Any, per: float = 1.0) -> Floats:
    """Change on the scale for a unit of the measure at `x`: turns a standard deviation in units into one on the scale."""
    value = np.asarray(x, np.float64)
    if scale == "log":
        return 1.0 / np.maximum(value, SMALLEST)
    if scale == "logit":
        share = np.clip(value / per, SMALLEST, 1.0 - SMALLEST)
        steep: Floats = 1.0 / (per * share * (1.0 - share))
        return steep
    return np.ones_like(value)
