"""Part 9 of the report of a calibration: how it was done, and how far its machinery can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..content import Cell, Part, Table, table
from ..result import Result
from .calibration import parameter

Cells = list[tuple[Cell, ...]]

METHOD = {
    "name": "size of the calibration",
    "seed": "seed",
    "steps": "steps",
    "waves: first": "first wave: points of the design for each fitted parameter",
    "waves: later": "later waves: points for each fitted parameter",
    "waves: most": "waves at most",
    "waves: points": "points at which the ward was run, at most",
    "ward: years: baseline": "years of each run, the reference ward",
    "ward: years: short_stay": "years of each run, the ward of short stays",
    "ward: runs": "runs of each ward at each point",
    "ward: burn_in_weeks": "weeks run in before, not measured",
    "other_parameters": "parameters that are not fitted",
    "targets_out_of_reach": "targets compared and not fitted: no parameters within their priors come near",
    "targets_without_value": "targets neither compared nor fitted: too few runs had a value",
}
DIAGNOSTICS = {
    "points": "points at which the ward was run",
    "stopped": "why the waves ended",
    "effective_draws_least": "independent draws that the chains are worth, of the worst parameter",
    "rhat_most": "spread between chains over spread within, of the worst parameter (1: mixed)",
    "converged": "chains converged",
    "copy_share": "share of the draws kept when the quick copy of the emulators is corrected by the emulators",
    "importance_share": "share of the draws kept by importance sampling, the way of the checks and of the structures",
    "importance_shift_most": "largest shift of a parameter between importance sampling and chains (posterior SD)",
    "moved_by_last_runs_most": "largest shift of a parameter by the ward's runs at draws of the posterior (posterior SD)",
    "emulator_q2_median": "share of the variance of runs that no emulator had seen that it foretells, median target",
    "emulator_covered_mean": "share of such runs inside the emulator's 95% interval",
    "targets": "targets compared",
    "targets_fitted": "targets fitted",
    "targets_out_of_reach": METHOD["targets_out_of_reach"],
    "targets_without_value": METHOD["targets_without_value"],
    "targets_inside": "targets inside their 95% predictive interval",
    "targets_inside_without_discrepancy": "of these, without the declared discrepancies",
    "width_median": "width of that interval over the published spread, median target",
}
WAVE = {
    "points": "points",
    "not_ruled_out": "share of the prior not ruled out",
    "emulator_to_target_sd_median": "emulator's SD over the target's, median target",
}
APART = ("contraction", "not_informed", "waves", "check_on_emulator", "check_on_ward")
"""Diagnostics that have a table of their own, here or in the parts before."""


def method(result: Result) -> Part:
    """How it was done."""
    part = Part("method", "Method")
    manifest = result.source.manifest
    done, found = manifest.get("method") or {}, manifest.get("diagnostics") or {}
    part.show(
        _words("How it was done", done, METHOD), _waves(found.get("waves") or []),
        _words("Diagnostics", {key: value for key, value in found.items() if key not in APART}, DIAGNOSTICS), _checks(found),
    )  # fmt: skip
    rest = {key: value for key, value in manifest.items() if key not in ("method", "diagnostics", "run_environment")}
    part.show(table("What the posterior belongs to", ("what", "value"), _flat(rest), folded="Fingerprints"))
    return part


def _words(title: str, content: Mapping[str, Any], words: Mapping[str, str]) -> Table | None:
    """Figures in words, in the order of the words; what has none stands last under its own name."""
    given = dict(_flat(content))
    rows: Cells = [(text, given[key]) for key, text in words.items() if key in given]
    rows += [(key.replace("_", " "), value) for key, value in given.items() if key not in words]
    return table(title, ("what", "value"), rows) if rows else None


def _waves(waves: list[Mapping[str, Any]]) -> Table | None:
    rows: Cells = [(str(i), *(_text(wave.get(key)) for key in WAVE)) for i, wave in enumerate(waves, start=1)]
    return table("Waves of history matching", ("wave", *WAVE.values()), rows) if rows else None


def _checks(found: Mapping[str, Any]) -> Table | None:
    """Known truths recovered."""
    checks = {words: found[key] for key, words in (("check_on_emulator", "emulators"), ("check_on_ward", "the ward itself")) if key in found}
    if not checks:
        return None
    names = list(dict.fromkeys(name for check in checks.values() for name in check["covered_80"]))
    rows: Cells = [
        (parameter(name)[0], *(f"{check['covered_80'][name]} of {check['truths']}" if name in check["covered_80"] else "-" for check in checks.values()))
        for name in names
    ]
    ranks = [f"Ranks of the truths are {'' if check['uniform'] else 'not '}uniform on {words}." for words, check in checks.items()]
    return table(
        "Known truths recovered: how often the 80% interval held the truth", ("parameter", *(f"figures from {words}" for words in checks)), rows, notes=ranks
    )


def _flat(content: object, path: str = "") -> list[tuple[str, str]]:
    if isinstance(content, Mapping) and content:
        return [line for key, value in content.items() for line in _flat(value, f"{path}: {key}" if path else str(key))]
    return [(path, _text(content))]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping | list):
        return "; ".join(map(str, value)) or "none"
    return "-" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
