"""What a calibration found, all in one place, and the figures of it that go with the posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import diagnose
from .conduct import Calibrated
from .inference import Judge
from .sbc import Check
from .shown import NotFitted
from .structures import Judged
from .together import Moved


@dataclass(frozen=True)
class Found:
    """Everything the report tells.

    Attributes
    ----------
    calibrated : Calibrated
    judge : Judge
    labels : mapping of str to str
        Words for parameters and targets by name.
    notes : mapping of str to str
        What the targets file says of each target: conflicts between sources, what its discrepancy is for.
    predicted, contractions, taught, pairs
        As of `diagnose`.
    layers : mapping of str to str
        Channel through which each target's study looked.
    checks : sequence of Check
        Simulation-based calibration, if it was made.
    structures : sequence of Judged
        The whole model first, if it was made.
    shown : sequence of NotFitted
        Published figures that are shown and not fitted.
    moved : sequence of Moved
        The posterior under targets without their known faults.
    """

    calibrated: Calibrated
    judge: Judge
    labels: Mapping[str, str]
    predicted: Sequence[diagnose.Predicted]
    contractions: Sequence[diagnose.Contraction]
    taught: Sequence[diagnose.Taught]
    pairs: Sequence[diagnose.Pair]
    notes: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    checks: Sequence[Check] = field(default=())
    structures: Sequence[Judged] = field(default=())
    shown: Sequence[NotFitted] = field(default=())
    moved: Sequence[Moved] = field(default=())

    def named(self, name: str) -> str:
        """Words for a name."""
        return self.labels.get(name) or name


def diagnostics(found: Found) -> dict[str, Any]:
    """Figures that go with the posterior."""
    c = found.calibrated
    told: dict[str, Any] = {
        "points": c.points,
        "waves": [
            {"points": w.points, "not_ruled_out": w.share, "emulator_to_target_sd_median": float(np.median(list(w.ratio.values())))}
            for w in c.history.waves
        ],
        "stopped": c.history.stopped,
        "effective_draws_least": float(c.sampled.ess.min()),
        "rhat_most": float(c.sampled.rhat.max()),
        "converged": c.sampled.converged,
        "copy_share": c.sampled.share,
        "importance_share": c.importance.share,
        "importance_shift_most": max(map(abs, c.importance.shift.values())),
        "moved_by_last_runs_most": max(map(abs, c.shifted.values())),
        "emulator_q2_median": float(np.nanmedian([h.q2 for h in c.importance.unseen])),
        "emulator_covered_mean": float(np.mean([h.covered for h in c.importance.unseen])),
        "targets": len(found.predicted),
        "targets_fitted": len(c.judge.names),
        "targets_out_of_reach": dict(sorted(c.history.aside.items())),
        "targets_without_value": sorted(c.history.unvalued),
        "targets_inside": sum(p.inside for p in found.predicted),
        "targets_inside_without_discrepancy": sum(p.inside_without for p in found.predicted),
        "width_median": float(np.median([p.width for p in found.predicted])),
        "contraction": {k.name: k.contraction for k in found.contractions},
        "not_informed": [k.name for k in found.contractions if k.words],
    }  # fmt: skip
    for check in found.checks:
        told[f"check_on_{check.on}"] = {
            "truths": len(check), "uniform": check.uniform(), "covered_80": dict(zip(check.names, check.covered(0.8).tolist(), strict=True)),
        }  # fmt: skip
    rounded: dict[str, Any] = _rounded(told)
    return rounded


def _rounded(x: Any) -> Any:
    if isinstance(x, float):
        return float(f"{x:.6g}") if np.isfinite(x) else None
    if isinstance(x, dict):
        return {k: _rounded(v) for k, v in x.items()}
    return [_rounded(v) for v in x] if isinstance(x, list) else x
