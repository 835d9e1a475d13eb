"""Every shipped options file runs from beginning to end: all its wards, the analysis, the tables, and the figure of each measure it decides by.

Tiny runs (a week, one set of parameters); under `-m slow` also some weeks with draws of the parameters.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from wardsim.experiments.design.build import study_of
from wardsim.experiments.executor import Here
from wardsim.experiments.job import simulate
from wardsim.experiments.start import cache_folder
from wardsim.experiments.study.kinds import analysis_of
from wardsim.experiments.study.session import Session
from wardsim.report import ReportError, figure_of, figures_of
from wardsim.scenario.library import Shelved, library
from wardsim.scenario.studies import load_study

OPTIONS = [one for one in library() if one.path.startswith("options/")]
TINY = ["years=0.02", "replications=1", "per_draw=1", "warm_up_weeks=0", "parameters=point", "base.start.burn_in_weeks=1", "precision={}"]


def made(one: Shelved, folder: Path, *overrides: str) -> list[dict[str, str]]:
    """Run a file; the rows of options.csv."""
    study = study_of(load_study(one.file, list(overrides)))
    with Session(study, folder, executor=Here(), task=simulate, cache=str(cache_folder())) as session:
        finished = analysis_of(study.kind)(session)
    assert finished.summary["status"] == "ok"
    assert finished.summary["runs"]["failed"] == 0
    with (folder / "options.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len({row["option"] for row in rows}) == len({cell.name.partition(" [")[0] for cell in study.cells}), "forms of the model are in structures.csv"
    return rows


@pytest.mark.e2e
@pytest.mark.parametrize("one", OPTIONS, ids=lambda one: one.path)
def test_the_file_runs(one: Shelved, tmp_path: Path) -> None:
    kept = {*one.measures, "cost_total_per_year", "nurse_time_direct", "occupied_bed_days_per_year"}
    rows = made(one, tmp_path / "results", *TINY, f"measures=[{', '.join(sorted(kept))}]")
    there = {row["name"] for row in rows}
    assert set(one.measures) <= there
    assert all(row["mean"] or row["reason"] for row in rows)
    assert all(float(row["mean"]) > 0 for row in rows if row["name"] == "cost_total_per_year")


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.parametrize("one", OPTIONS, ids=lambda one: one.path)
def test_the_file_runs_with_draws_and_has_its_figures(one: Shelved, tmp_path: Path) -> None:
    rows = made(one, tmp_path / "results", "years=0.12", "replications=4", "base.start.burn_in_weeks=2", "precision={}")
    assert {"plane-assaults", "ranges-assaults"} <= {figure.name for figure in figures_of(tmp_path / "results")}
    for measure in one.measures:
        if not any(row["mean"] for row in rows if row["name"] == measure):  # asks about a longer time than six weeks
            assert all(row["reason"] for row in rows if row["name"] == measure)
            with pytest.raises(ReportError, match=measure):
                figure_of(tmp_path / "results", measure)
            continue
        drawn = figure_of(tmp_path / "results", measure)
        assert drawn.rows or "no" in drawn.title
