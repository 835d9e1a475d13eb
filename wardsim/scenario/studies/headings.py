"""Names that a factor cannot have, since tables of results have a column of that name beside those of the factors."""

from __future__ import annotations

import importlib
from collections.abc import Collection

NUMBER = " (number)"
"""End of the heading of a factor's second column."""
_RANGE = ("low", "high", "mc_low", "mc_high")
_GAP = ("mean", *_RANGE, "share_below", "share_below_low", "share_below_high")
_INTERVALS = ("low", "high", "year_low", "year_high", "mc_low", "mc_high")
HEADINGS = {
    "factors": frozenset({
        "cell", "name", "unit", "layer", "mean", *_INTERVALS, "n", "reason", "difference", *(f"difference_{one}" for one in _INTERVALS),
        "difference_reason", "p_better", "sign", "half_width_over_parameter_sd", "error_over_parameter_sd", "estimand",
    }),
    "choices": frozenset({
        "option", "state", "standing", "over", "probability", "share", "share_mc_low", "share_mc_high", "mc_low", "mc_high", "low", "high",
        "binding", "draws", "runs", "failed", "reason", "estimand", "cost", *(f"cost_{one}" for one in _GAP),
        *(f"difference_{one}" for one in _GAP), *(f"effect_{one}" for one in _GAP), "p_cheapest", "p_cheapest_low", "p_cheapest_high",
        "runs_needed", "runs_needed_low", "runs_needed_high", "runs_needed_reason", "on_front", "membership", "beaten_by", "same_as",
        "first", "second", "factor", "from", "to", "measure", "kind", "price",
    }),
}  # fmt: skip
"""Section of the study file -> headings that stand in a table beside its factors."""
OPENINGS = {"factors": (), "choices": ("first: ", "second: ", "share: ", "mc_low: ", "mc_high: ")}
"""Section -> how headings open that go on with the name of a factor or with a limit."""


def is_heading(section: str, name: str, names: Collection[str]) -> bool:
    """Whether a table has another column of the name of a factor.

    Parameters
    ----------
    section : str
        `factors` or `choices`.
    name : str
        Of the factor.
    names : collection of str
        Of all factors.
    """
    if name in HEADINGS[section] or name.startswith(OPENINGS[section]) or (name.endswith(NUMBER) and name.removesuffix(NUMBER) in names):
        return True
    if section == "factors":
        return False
    measures = importlib.import_module("wardsim.measures.registry").MEASURES  # the front has a column each of those it is made of
    return any(name.endswith(end) and name.removesuffix(end) in measures for end in ("", *(f"_{one}" for one in _RANGE)))
