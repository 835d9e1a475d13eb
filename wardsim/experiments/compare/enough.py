"""When a study has runs enough: as many as asked, or until the differences are as precise as asked, or the budget is spent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wardsim.measures import MEASURES

from ..statistics.difference import Difference
from ..statistics.precision import Estimate, Rule, Target
from ..study.cells import Study
from ..study.runs import Runs
from ..study.session import Session
from .analysis import against

USUAL = (
    Target("one_to_one_min_per_patient_day", 5.0, relative=True),
    Target("assaults_true_per_1000_obd", 10.0, relative=True),
    Target("cost_total_per_year", 1.0, relative=True),
)
"""Precision when a study names none: 95% simulation error of each difference, percent of the reference."""


def enough(session: Session, cells: Sequence[int]) -> list[str]:
    """Make runs of every cell until there are enough.

    The number depends on results alone, never on time or on what is stored already: an interrupted study that is resumed stops where
    it would have stopped.

    Parameters
    ----------
    session : Session
        Open.
    cells : sequence of int
        Cells of the full model, the reference first; precision is judged on them.

    Returns
    -------
    list of str
        Why there are no more runs, in words.
    """
    study = session.study
    everything = range(len(study.cells))
    if study.settings.get("replications") is not None or len(cells) < 2:
        session.need(dict.fromkeys(everything, study.limit))
        return [f"{study.limit} runs of each ward, as asked."]
    rule = rule_of(study)
    runs = rule.first
    while True:
        session.need(dict.fromkeys(everything, runs))
        found = rule.check(runs, estimates(study, session.runs(), cells, rule.targets))
        if found.status != "more":
            return [f"Stopped: {found.sentence}."]
        runs = found.runs_next


def rule_of(study: Study) -> Rule:
    """The stopping rule of a study."""
    wanted = study.settings.get("precision") or {}
    targets = tuple(
        Target(name, about["half_width"])
        if about.get("half_width") is not None
        else Target(name, about["percent_of_base"], relative=True)
        for name, about in wanted.items()
    )
    kept = study.measures or tuple(MEASURES)
    usual = tuple(target for target in USUAL if target.name in kept)
    return Rule(targets or usual, per_draw=study.per_draw, block=study.block, budget=study.limit, point=study.point)


def estimates(study: Study, runs: Runs, cells: Sequence[int], targets: Sequence[Target]) -> dict[str, Estimate]:
    """Where each target stands: the option whose difference is known least."""
    found = {}
    for target in targets:
        if target.name not in runs.names:
            found[target.name] = Estimate(None, None, None)
            continue
        reference = runs.column(cells[0], target.name)
        known = reference.value[np.isfinite(reference.value)]
        base = float(known.mean()) if len(known) else None
        told = [against(study, runs, cells[0], cell, MEASURES[target.name]).found for cell in cells[1:]]
        found[target.name] = Estimate.of(max(told, key=_half), base)
    return found


def _half(found: Difference) -> float:
    return float("inf") if found.mc_low is None or found.mc_high is None else found.mc_high - found.mc_low
