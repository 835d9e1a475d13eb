"""Weeks of a run: its tables, the fan in part 6, and what is said where there is no band."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.experiments.fake_ward import FakeWard, condition, draw, measure
from tests.report.page import Page
from tests.report.test_words import rows
from wardsim.experiments.export import files_of, manifest_of
from wardsim.experiments.job import Job, Parts, RunResult, simulate
from wardsim.experiments.replicate import Request, replicate
from wardsim.experiments.results import write_folder
from wardsim.measures import MEASURES
from wardsim.report import add_report, figures_of, report_of
from wardsim.report.figures.drawn import Drawn
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.facts import Facts

ASSAULTS, CONTACT = "assaults_true_per_1000_obd", "one_to_one_min_per_patient_day"


class Violent(FakeWard):
    """Every incident is an assault."""

    def advance(self) -> Facts:
        facts = super().advance()
        facts.incident[:] = [(*row[:3], "assault", *row[4:]) for row in facts.incident]
        return facts


def violent(job: Job) -> RunResult:
    return simulate(job, Parts(draw, condition, Violent, measure))


def ran(folder: Path, runs: int, weeks: float, *, point: bool = False) -> Path:
    """The results folder of a run of a small ward."""
    run = {"years": (7.0 * weeks + 0.1) / 365.25, "warm_up_weeks": 1, "replications": runs, "seed": 7}
    outcome = replicate(Request(Scenario.model_validate({"name": "A ward", "run": run}), point=point, processes=1), task=violent)
    write_folder(folder, files_of(outcome, MEASURES), manifest_of(outcome))
    return folder


def figure(folder: Path) -> Drawn:
    return next(one for one in figures_of(folder) if one.name == "weeks-assaults")


def test_weeks_of_a_run_add_up_to_its_measures_and_single_wards_are_its_runs(tmp_path: Path) -> None:
    folder = ran(tmp_path / "r", 40, 6)
    found = rows(folder, "weeks.csv", name=ASSAULTS)
    assert [row["week"] for row in found] == ["1", "2", "3", "4", "5", "6"]
    assert {row["estimand"] for row in found} == {"steady"}
    (whole,) = rows(folder, "measures.csv", name=ASSAULTS)
    assert sum(float(row["mean"]) for row in found) / 6 == pytest.approx(float(whole["mean"]), rel=0.01)
    assert all(float(row["low"]) <= float(row["mean"]) <= float(row["high"]) for row in found)
    assert {float(row["mean"]) for row in rows(folder, "weeks.csv", name=CONTACT)} == {6.0}
    single = rows(folder, "single_years.csv", name=ASSAULTS)
    assert [(row["run"], row["draw"]) for row in single if row["week"] == "1"] == [("0", "0"), ("2", "1"), ("4", "2")]
    by_run = {row["replication"]: float(row[ASSAULTS]) for row in rows(folder, "replications.csv")}
    of_first = [float(row["value"]) for row in single if row["run"] == "0"]
    assert sum(of_first) / 6 == pytest.approx(by_run["0"], abs=1000 / 420)


def test_part_6_of_a_run_shows_its_weeks_with_both_bands_and_single_wards(tmp_path: Path) -> None:
    folder = ran(tmp_path / "r", 42, 6)
    drawn = figure(folder)
    assert drawn.title == "Physical assaults per 1,000 occupied bed days (happened): 6 weeks of A ward, and of 3 single wards"
    assert "blue band" in drawn.caption
    assert "grey band" in drawn.caption
    assert "No band" not in drawn.caption
    assert ">week of the measured period<" in drawn.svg()
    assert "after the change" not in drawn.svg()
    page = Page.of(add_report(folder))
    assert "6. Over time" in page.text
    for row, (_, week, mean, known, chance) in zip(rows(folder, "weeks.csv", name=ASSAULTS), drawn.rows, strict=True):
        assert (week, mean) == (row["week"], f"{float(row['mean']):.1f}")
        assert known.rstrip("*") == f"{float(row['low']):.1f} to {float(row['high']):.1f}"
        assert chance == f"{float(row['year_low']):.1f} to {float(row['year_high']):.1f}"
    assert report_of(folder) == (folder / "report.html").read_bytes()


@pytest.mark.parametrize(("runs", "point", "said", "ranges"), [
    (1, False, "one run that was made, which gives no range", (False, False)),
    (6, False, "3 parameter draws only, of at least 5 that a range takes", (False, True)),
    (12, False, "No bands: ranges of single weeks from 12 runs of 6 parameter draws are ragged", (True, True)),
    (12, True, "No range of what the model does not know: point parameters", (False, True)),
])  # fmt: skip
def test_with_few_runs_no_band_is_drawn_and_the_caption_says_why(tmp_path: Path, runs: int, point: bool, said: str, ranges: tuple[bool, bool]) -> None:
    folder = ran(tmp_path / "r", runs, 6, point=point)
    drawn = figure(folder)
    assert said in drawn.caption
    assert "band:" not in drawn.caption
    assert ("3 single wards" in drawn.title) == (runs > 1)
    assert tuple(any(row[at] != "-" for row in drawn.rows) for at in (3, 4)) == ranges
    assert not drawn.figure().axes[0].collections or all(not one.get_paths() for one in drawn.figure().axes[0].collections)
    if point:
        single = rows(folder, "single_years.csv", name=ASSAULTS, week="1")
        assert [row["run"] for row in single] == ["0", "1", "2"], "under point parameters every run is a ward of its own"


def test_of_very_many_weeks_one_single_ward_is_drawn(tmp_path: Path) -> None:
    folder = ran(tmp_path / "r", 4, 81)
    drawn = figure(folder)
    assert drawn.title.endswith("81 weeks of A ward, and of 1 single ward")
    assert "thin line: 1 single ward." in drawn.caption
    assert len(drawn.figure().axes[0].lines) == 2
    assert len({row["run"] for row in rows(folder, "single_years.csv")}) == 2, "the file has one of each draw"


def test_a_run_shorter_than_a_week_has_a_page_without_weeks(tmp_path: Path) -> None:
    folder = ran(tmp_path / "r", 4, 0.5)
    assert not list(folder.glob("weeks.csv"))
    assert not list(folder.glob("single_years.csv"))
    assert "Over time" not in Page.of(add_report(folder)).text


def test_weeks_of_a_longer_run_do_not_outlive_it(tmp_path: Path) -> None:
    ran(tmp_path / "r", 4, 2)
    assert (tmp_path / "r" / "weeks.csv").is_file()
    ran(tmp_path / "r", 4, 0.5)
    assert not (tmp_path / "r" / "weeks.csv").exists()
