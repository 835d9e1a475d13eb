"""Is the sign of a difference settled? The mark is part of the answer, not a footnote."""

from __future__ import annotations

from typing import Literal

from ..compare.analysis import Against

Mark = Literal["higher", "lower", "open", "noise", "same", "unknown"]
"""higher, lower: the 95% range of what is not known lies on that side, and so do at least 97.5% of the fresh draws behind `p_better`
(which has another way to take chance out; both must agree); open: one of them spans nothing; noise: the simulation error spans
nothing, more runs may tell; same: no difference in any run; unknown: no value, or (point parameters) no range to judge by."""

SIGNS: dict[Mark, str] = {"higher": "", "lower": "", "open": "?", "noise": "~", "same": "=", "unknown": "^"}
"""How tables show it, after the number."""
WORDS: dict[Mark, str] = {
    "higher": "higher, and the evidence settles the sign",
    "lower": "lower, and the evidence settles the sign",
    "open": "the sign is not settled by what is known",
    "noise": "too close to tell apart with these runs",
    "same": "no difference",
    "unknown": "no range to judge the sign by",
}


TAIL = 0.025
"""Most of `p_better` that may lie on the other side of a settled sign."""


def mark_of(one: Against) -> Mark:
    """The mark of a difference from the reference."""
    found = one.found
    if found.mean is None:
        return "unknown"
    if found.mc_low is not None and found.mc_high is not None:
        if found.mc_low == 0.0 == found.mc_high:
            return "same"
        if found.mc_low <= 0.0 <= found.mc_high:
            return "noise"
    if found.low is None or found.high is None:
        return "unknown"
    if found.low <= 0.0 <= found.high or (one.better.p is not None and TAIL < one.better.p < 1.0 - TAIL):
        return "open"
    return "higher" if found.low > 0.0 else "lower"
