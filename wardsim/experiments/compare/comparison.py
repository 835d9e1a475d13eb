"""The whole of a comparison, and what it leaves in the results folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..intervals import Summary
from ..results import INTERVALS, MEANING, csv_bytes, intervals, number, summary_json
from ..statistics.best import Chance
from ..statistics.simultaneous import Simultaneous
from ..study.cells import Study
from ..study.runs import Failed
from .analysis import Against, Option, declared
from .decision import Decision, benefits_csv, decision_json, information_csv
from .prior import Explanation, explained_csv, explanation_json
from .structures import UnderStructure, structures_csv, structures_json
from .taken_apart import taken_apart, taken_apart_csv
from .variance import Spread, spread_json, spreads_csv

_SUMMARY = ("mean", *INTERVALS, "n", "reason")


@dataclass(slots=True)
class Comparison:
    """Options against a reference.

    Attributes
    ----------
    study : Study
    options : list of Option
        The reference first.
    best : dict of str to tuple of Chance
        Probability of being the best over parameter draws, by measure, an entry an option.
    joint : dict of str to Simultaneous
        Intervals of the differences that hold for all options at once, by measure; empty for one option.
    stopped : list of str
        Why no more runs were made, in words.
    failed : list of Failed
        Runs without a result.
    structures : list of UnderStructure
        Headline differences under each form of the model, where there are several.
    spreads : list of Spread
        Headline differences: variance by chance, parameters and structure.
    explained : list of Explanation
        Headline differences: share of the spread over draws by parameter.
    decision : Decision or None
        Choice by net benefit and value of information, where the study says what measures are worth.
    """

    study: Study
    options: list[Option]
    best: dict[str, tuple[Chance, ...]] = field(default_factory=dict)
    joint: dict[str, Simultaneous] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    structures: list[UnderStructure] = field(default_factory=list)
    spreads: list[Spread] = field(default_factory=list)
    explained: list[Explanation] = field(default_factory=list)
    decision: Decision | None = None


def files_of(comparison: Comparison) -> dict[str, bytes]:
    """Tables: options.csv (every measure of every option), differences.csv, quarters.csv, best.csv, variance.csv, structures.csv,
    mechanisms.csv, explained.csv, benefit.csv and information.csv, failures.csv; those of which there is nothing to tell are left out."""
    study = comparison.study
    files = {
        "options.csv": csv_bytes(
            ("option", "name", "label", "unit", "layer", *_SUMMARY, "estimand"),
            [
                (option.name, name, m.label, m.unit, m.layer, *_row(option.measures[name]), study.estimand)
                for option in comparison.options
                for name, m in declared(list(option.measures)).items()
            ],
        ),
        "differences.csv": csv_bytes(
            (
                "option", "reference", "name", "label", "unit", "layer", "better_direction", *_SUMMARY[:-2],
                "all_low", "all_high", "all_mc_low", "all_mc_high", "p_better",
                "p_better_low", "p_better_high", "percent", "percent_low", "percent_high", "n", "draws", "reason", "estimand",
            ),
            [
                _difference(comparison, option, name)
                for option in comparison.options[1:]
                for name in declared(list(option.against))
            ],
        ),
    }  # fmt: skip
    if any(option.quarters for option in comparison.options):
        files["quarters.csv"] = csv_bytes(
            ("option", "quarter", "name", "unit", *_SUMMARY[:-2], "p_better", "n", "reason", "estimand"),
            [
                (
                    option.name, at, name, declared([name])[name].unit, number(one.found.mean), *_bounds(one),
                    one.better.p, one.found.n, one.found.reason, study.estimand,
                )
                for option in comparison.options[1:]
                for at, quarter in enumerate(option.quarters, start=1)
                for name, one in quarter.items()
            ],
        )  # fmt: skip
    if comparison.best:
        files["best.csv"] = csv_bytes(
            ("name", "option", "p_best", "p_best_low", "p_best_high", "estimand"),
            [
                (name, option.name, *map(number, one), study.estimand)
                for name, row in comparison.best.items()
                for option, one in zip(comparison.options, row, strict=True)
            ],
        )
    if comparison.structures:
        files["structures.csv"] = structures_csv(comparison.structures, study.estimand)
    apart = taken_apart(comparison.structures)
    if apart:
        files["mechanisms.csv"] = taken_apart_csv(apart, study.estimand)
    files["variance.csv"] = spreads_csv(comparison.spreads, comparison.options[0].name, study.estimand)
    if comparison.explained:
        files["explained.csv"] = explained_csv(comparison.explained, study.estimand)
    if comparison.decision is not None:
        files["benefit.csv"] = benefits_csv(comparison.decision, study.estimand)
        files["information.csv"] = information_csv(comparison.decision, study.estimand)
    files["failures.csv"] = failures_csv(comparison.failed)
    return files


def failures_csv(failed: list[Failed]) -> bytes:
    """Runs without a result: cell, stage, seed, draw, replication, error, traceback."""
    return csv_bytes(
        ("cell", "stage", "seed", "draw", "replication", "error", "traceback"),
        [
            (one.cell, f.stage, f.seed, f.draw, f.replication, f.error, f.traceback)
            for one in failed
            for f in [one.failure]
        ],
    )


def json_of(comparison: Comparison) -> dict[str, Any]:
    """A comparison as `--json` prints it: options with their measures, each but the first with its differences."""
    told = []
    for option in comparison.options:
        names = declared(list(option.measures))
        one: dict[str, Any] = {
            "name": option.name,
            "runs": option.runs,
            "failed": option.failed,
            "measures": {name: summary_json(option.measures[name], m.unit) for name, m in names.items()},
        }
        if option.against:
            one["differences"] = {name: difference_json(option.against[name], names[name].unit) for name in option.against}
            one["variance"] = {s.measure: spread_json(s) for s in comparison.spreads if s.option == option.name}
            one["explained"] = {e.measure: explanation_json(e) for e in comparison.explained if e.option == option.name}
        told.append(one)
    study = comparison.study
    return {
        "estimand": study.estimand,
        "years": study.years,
        "seed": study.seed,
        "parameters": "point" if study.point else study.parameters,
        "reference": comparison.options[0].name,
        "options": told,
        **_best_json(comparison),
        "structures": structures_json(comparison.structures),
        "decision": None if comparison.decision is None else decision_json(comparison.decision),
        "stopped": comparison.stopped,
    }


def difference_json(one: Against, unit: str) -> dict[str, Any]:
    """A difference: mean, its intervals, p_better."""
    shown: dict[str, Any] = {"difference": number(one.found.mean)}
    shown.update(zip(INTERVALS, _bounds(one), strict=True))
    shown |= {"p_better": number(one.better.p), "p_better_low": number(one.better.low), "p_better_high": number(one.better.high)}
    shown |= {"unit": unit, "n": one.found.n, "draws": one.found.draws}
    return shown | ({"reason": one.reason} if one.reason else {})


def manifest_of(comparison: Comparison) -> Mapping[str, Any]:
    """What the manifest says of a comparison."""
    return {
        "kind": comparison.study.kind,
        "estimand": comparison.study.estimand,
        "intervals": MEANING,
        "runs": {option.name: {"done": option.runs, "failed": option.failed} for option in comparison.options},
        "stopped": comparison.stopped,
    }


def _best_json(comparison: Comparison) -> dict[str, Any]:
    """Probability of being the best by measure and option, and the ends of its range beside it."""
    names = [option.name for option in comparison.options]
    return {
        key: {measure: {name: number(x) for name, x in zip(names, [one[at] for one in row], strict=True)} for measure, row in comparison.best.items()}
        for at, key in enumerate(("best", "best_low", "best_high"))
    }


def _row(summary: Summary) -> list[object]:
    return [number(summary.mean), *intervals(summary), summary.n, summary.reason]


def _bounds(one: Against) -> list[float | None]:
    return [number(getattr(one.found, name)) for name in INTERVALS]


def _difference(comparison: Comparison, option: Option, name: str) -> list[object]:
    one = option.against[name]
    measure = declared([name])[name]
    relative = one.found.relative
    percent = [None] * 3 if relative is None else [number(relative.mean), number(relative.low), number(relative.high)]
    joint = comparison.joint.get(name)
    together = None if joint is None else joint.options[option.name]
    all_of = [None] * 4 if together is None else [number(getattr(together, bound)) for bound in ("low", "high", "mc_low", "mc_high")]
    return [
        option.name, comparison.options[0].name, name, measure.label, measure.unit, measure.layer, measure.direction,
        number(one.found.mean), *_bounds(one), *all_of, number(one.better.p), number(one.better.low), number(one.better.high), *percent,
        one.found.n, one.found.draws, one.reason, comparison.study.estimand,
    ]  # fmt: skip
