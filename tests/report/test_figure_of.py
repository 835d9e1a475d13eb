"""A figure for any measure of a results folder, and for those by which a study decides how many runs it makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.made import from_file
from wardsim.report import ReportError, figure_of, figures_of

WATCHED = """
name: Watched
base: baseline.yaml
options:
  - {name: One more nurse, scenario: plus-one-nurse-nights.yaml}
precision:
  self_harm_true_per_1000_obd: {half_width: 50}
  assaults_true_per_1000_obd: {half_width: 50}
years: 1
budget_runs: 16
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("watched")
    (root / "study.yaml").write_text(WATCHED, encoding="utf-8")
    from_file(root / "study.yaml", root / "results")
    return root / "results"


def test_measures_that_decide_have_a_figure_of_their_own_once(folder: Path) -> None:
    names = [figure.name for figure in figures_of(folder)]
    assert names.count("ranges-self-harm-true-per-1000-obd") == 1
    assert names.count("ranges-assaults") == 1
    assert len(set(names)) == len(names)


def test_any_measure_has_a_figure_with_its_numbers(folder: Path) -> None:
    drawn = figure_of(folder, "restrictive_interventions_per_1000_obd")
    assert [row[0] for row in drawn.rows] == ["One more nurse"]
    assert "estrictive interventions" in drawn.alt
    with pytest.raises(ReportError, match="holds no measure"):
        figure_of(folder, "nothing")
    with pytest.raises(ReportError, match="holds no measure"):
        figure_of(folder, "occupancy")  # not kept by this study
