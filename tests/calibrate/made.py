"""Targets made by hand for the tests of the likelihood."""

from __future__ import annotations

from typing import Any

from wardsim.calibrate.targets import Target

BASE: dict[str, Any] = {
    "id": "made", "guide": "none", "label": "Made", "rows": ["INC001"], "layer": "case_notes",
    "measure": "assaults_true_per_1000_obd", "population": "nobody", "window": "never", "setting": "baseline",
    "weight": {"value": 1.0, "reason": "made"},
}  # fmt: skip


def made(between: float = 0.0, discrepancy: float = 1e-7, wards: float = 1.0, **changes: Any) -> Target:
    """A target with nearly no spread unless it is asked for."""
    spread = {
        "between": {"sd": between, "wards": wards, "reason": "made"},
        "discrepancy": {"sd": discrepancy, "reason": "made"},
    }
    return Target.model_validate({**BASE, **spread, **changes})


def rate(count: float, exposure: float, per: float = 1000.0, **changes: Any) -> Target:
    """A count in an exposure."""
    kind = "negative_binomial" if changes.get("overdispersion", 1.0) > 1.0 else "poisson"
    return made(likelihood=kind, scale="log", count=count, exposure=exposure, per=per, **changes)


def share(count: float, n: float, **changes: Any) -> Target:
    """Some of n, in percent."""
    return made(likelihood="binomial", scale="logit", count=count, exposure=n, per=100.0, **changes)


def figure(value: float, se: float, scale: str = "log", **changes: Any) -> Target:
    """A published figure with its error."""
    return made(likelihood="normal", scale=scale, value=value, se=se, **changes)
