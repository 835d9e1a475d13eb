"""A sweep from beginning to end: every cell run with the same keys, a tidy table, a surface, and what is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wardsim.measures import MEASURES

from ..compare.analysis import HEADLINE, Option, declared, options_of
from ..compare.comparison import failures_csv
from ..compare.conduct import cells_of_model
from ..compare.enough import enough
from ..compare.structures import UnderStructure, by_structure, structures_csv
from ..compare.variance import Spread, spreads, spreads_csv
from ..day import FILE as DAY
from ..intervals import Summary
from ..results import INTERVALS, MEANING, csv_bytes, intervals, number
from ..study.cells import Study
from ..study.finished import Finished
from ..study.kinds import status_of
from ..study.runs import Failed, Runs
from ..study.session import Session
from ..threads import one_thread
from .marks import mark_of
from .prior_share import PriorShare, prior_share, ratio_of
from .surface import Surface, fit

ROUNDS = 300
"""Bootstrap rounds for the variance of each difference: there are many cells."""


@dataclass(slots=True)
class Sweep:
    """What a sweep found.

    Attributes
    ----------
    study : Study
    factors : list of mapping
        Axes, as in the settings of the study.
    points : list of mapping
        Points of the full model: cell, labels, values.
    cells : list of Option
        In the order of the study, the reference first.
    surfaces : dict of str to Surface
        By measure.
    shares : dict of str to PriorShare
        How much of what is not known of the differences is prior, by measure.
    stopped : list of str
        Why no more runs were made.
    failed : list of Failed
    structures : list of UnderStructure
    spreads : list of Spread
        Headline differences of every cell: variance by chance, parameters and structure.
    """

    study: Study
    factors: list[Mapping[str, Any]]
    points: list[Mapping[str, Any]]
    cells: list[Option]
    surfaces: dict[str, Surface] = field(default_factory=dict)
    shares: dict[str, PriorShare] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    structures: list[UnderStructure] = field(default_factory=list)
    spreads: list[Spread] = field(default_factory=list)

    @property
    def reference(self) -> Option:
        """The cell that the others are compared with."""
        return self.cells[0]

    def cell(self, name: str) -> Option:
        """A cell by name."""
        return next(cell for cell in self.cells if cell.name == name)


def conduct(session: Session) -> Finished:
    """Make the runs of a sweep, analyse them, finish the folder."""
    study = session.study
    cells = cells_of_model(study)
    stopped = enough(session, cells)
    sweep = swept(study, session.runs(), cells)
    sweep.stopped = stopped
    done = sum(cell.runs for cell in sweep.cells)
    summary = {
        "status": status_of(done, len(sweep.failed)),
        "runs": {"done": done, "failed": len(sweep.failed)},
        "result": {"kind": study.kind, "estimand": study.estimand, "intervals": MEANING, "stopped": stopped},
    }
    day = session.day()
    session.finish({**files_of(sweep), **({} if day is None else {DAY: day})}, summary)
    return Finished(summary, sweep)


def swept(study: Study, runs: Runs, cells: list[int]) -> Sweep:
    """The sweep that runs make."""
    settings = study.settings
    options = options_of(study, runs, cells)
    sweep = Sweep(study, list(settings["factors"]), list(settings["points"]), options, failed=list(runs.failed))
    place = {cell.name: i for i, cell in enumerate(study.cells)}
    at = [place[point["cell"]] for point in sweep.points]
    with one_thread():
        sweep.spreads = spreads(study, runs, cells, bootstraps=ROUNDS)
    factors = [factor["name"] for factor in sweep.factors]
    values = [point["values"] for point in sweep.points]
    for name in HEADLINE:
        if name not in runs.names:
            continue
        found = fit(name, values, factors, [runs.column(cell, name) for cell in at], point=study.point)
        if found is not None:
            sweep.surfaces[name] = found
        share = prior_share([cell.against[name] for cell in options[1:]], [one for one in sweep.spreads if one.measure == name])
        if share is not None:
            sweep.shares[name] = share
    sweep.structures = by_structure(study, runs)
    return sweep


def files_of(sweep: Sweep) -> dict[str, bytes]:
    """Tables: cells.csv (every cell, measure, interval and mark), surface.csv, prior_share.csv, variance.csv, structures.csv,
    failures.csv.
    """
    factors = [factor["name"] for factor in sweep.factors]
    points = {point["cell"]: point for point in sweep.points}
    rows = []
    for cell in sweep.cells:
        point = points.get(cell.name)
        labels = [None if point is None else point["labels"][name] for name in factors]
        values = [None if point is None else float(point["values"][name]) for name in factors]
        for name, measure in declared(list(cell.measures)).items():
            rows.append([cell.name, *labels, *values, name, measure.unit, measure.layer, *_level(cell.measures[name]), *_against(cell, name)])
    files = {
        "cells.csv": csv_bytes(
            (
                "cell", *factors, *(f"{name} (number)" for name in factors), "name", "unit", "layer", "mean", *INTERVALS, "n", "reason",
                "difference", *(f"difference_{name}" for name in INTERVALS), "difference_reason", "p_better", "sign",
                "half_width_over_parameter_sd", "error_over_parameter_sd", "estimand",
            ),
            [[*row, sweep.study.estimand] for row in rows],
        ),
        "surface.csv": csv_bytes(
            (
                "name", "unit", "term", "coefficient", "low", "high", "mc_low", "mc_high", "p_positive", "misfit", "cell_error", "n", "draws",
                "estimand",
            ),
            [
                (
                    name, MEASURES[name].unit, term.name, number(term.mean), number(term.low), number(term.high), number(term.mc_low), number(term.mc_high),
                    number(term.p_positive), number(surface.misfit), number(surface.error), surface.n, surface.draws,
                    sweep.study.estimand,
                )
                for name, surface in sweep.surfaces.items()
                for term in surface.terms
            ],
        ),
        "prior_share.csv": csv_bytes(
            ("name", *shares_of(None), "estimand"),
            [(name, *shares_of(share).values(), sweep.study.estimand) for name, share in sweep.shares.items()],
        ),
        "variance.csv": spreads_csv(sweep.spreads, sweep.reference.name, sweep.study.estimand),
        "failures.csv": failures_csv(sweep.failed),
    }  # fmt: skip
    if sweep.structures:
        files["structures.csv"] = structures_csv(sweep.structures, sweep.study.estimand)
    return files


def shares_of(share: PriorShare | None) -> dict[str, float | int | str | None]:
    """What files and `--json` say of a measure over all cells, medians with the range over cells; of None the names only."""
    over = {
        "parameters_pct": "parameters", "chance_of_one_year_pct": "chance", "structure_pct": "structure",
        "half_width_over_parameter_sd": "half_ratio", "error_over_parameter_sd": "error_ratio",
    }  # fmt: skip
    names = {
        "cells_settled": "settled", "cells_open": "open", "cells_noise": "noise", "cells": "cells", "cells_within_a_quarter": "within",
        "cells_error_within_a_quarter": "within_error", "cells_judged": "judged", "times_as_many_runs": "runs_factor", "reason": "reason",
    }  # fmt: skip
    found: dict[str, float | int | str | None] = {}
    for name, key in over.items():
        three = None if share is None else getattr(share, key)
        found |= {f"{name}{end}": None if three is None else three[at] for at, end in enumerate(("", "_smallest", "_largest"))}
    found |= {name: None if share is None else getattr(share, key) for name, key in names.items()}
    return {name: number(value) if isinstance(value, float) else value for name, value in found.items()}


def _level(summary: Summary) -> list[object]:
    return [number(summary.mean), *intervals(summary), summary.n, summary.reason]


def _against(cell: Option, name: str) -> list[object]:
    if name not in cell.against:
        return [None] * (len(INTERVALS) + 3) + ["reference", None, None]
    one = cell.against[name]
    bounds = [number(getattr(one.found, bound)) for bound in INTERVALS]
    ratios = ratio_of(one.found) or (None, None)
    return [number(one.found.mean), *bounds, one.reason, number(one.better.p), mark_of(one), *map(number, ratios)]
