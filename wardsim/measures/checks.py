"""Checks of the model itself, as measures: small by construction, shown so that anybody can see that they are."""

from __future__ import annotations

import numpy as np

from .declare import Measure, Value, plain, share
from .view import View

DECLARED: tuple[Measure, ...] = (
    Measure(
        "time_ledger_residual_min",
        "Staff minutes not accounted for",
        "min",
        "Minutes of work in the whole run that overlap other work of the same person or lie outside the person's time "
        "on duty; more than rounding is an error.",
        "lower",
        "ward",
        "checks",
        6,
    ),
    Measure(
        "hazard_at_cap",
        "Time at the cap of the incident engine",
        "%",
        "Share of patient time in the whole run in which the declared cap on the product of ward terms was reached "
        "(should stay below 0.1).",
        "lower",
        "ward",
        "checks",
        3,
    ),
)


def compute(view: View) -> dict[str, Value]:
    """Values of the measures declared above."""
    columns = view.columns
    capped = float(np.sum(columns.floats("exposure", "capped_minutes")))
    exposed = float(np.sum(columns.floats("exposure", "patient_minutes")))
    return {
        "time_ledger_residual_min": plain(view.ledger.residual),
        "hazard_at_cap": share(capped, exposed, "the incident engine stated no exposure"),
    }
