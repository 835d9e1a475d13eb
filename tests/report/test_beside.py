"""Pages of populations and calibrations, and what a page says of where the parameters came from."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.report.page import Page
from wardsim.experiments.results import csv_bytes
from wardsim.parameters import Ledger
from wardsim.report import ReportError, add_report, figures_of, report_of
from wardsim.scenario.shipped import shipped


def calibration(folder: Path, *, converged: bool = True, name: str = "full") -> Path:
    """A calibration's folder with three figures, of which one is missed, and two parameters, of which one learned nothing."""
    (folder / "posterior").mkdir(parents=True)
    (folder / "report").mkdir()
    names = [entry.name for entry in Ledger.load()][:2]
    draws = csv_bytes(names, [(1.0, 2.0), (1.5, 2.5)])
    (folder / "posterior" / "draws.csv").write_bytes(draws)
    manifest = {
        "format": 1, "table": hashlib.sha256(draws).hexdigest(), "method": {"name": name, "seed": 1},
        "diagnostics": {"converged": converged, "points": 40, "waves": [{"points": 20}]},
    }  # fmt: skip
    (folder / "posterior" / "manifest.json").write_text(json.dumps(manifest))
    head = ("target", "published", "published_low", "published_high", "simulated", "low", "high", "low_without_discrepancy",
            "high_without_discrepancy", "inside", "inside_without_discrepancy", "width")  # fmt: skip
    (folder / "report" / "targets.csv").write_bytes(csv_bytes(head, [
        ("flow.stay_2014_2019", 33.0, 30, 36, 32.0, 28.0, 37.0, 30.0, 34.5, True, True, 1.0),
        ("<script>alert(1)</script>", 10.0, 8, 12, 2.0, 1.0, 4.0, 1.5, 3.0, False, False, 1.0),
        ("made.up", 5.0, 4, 6, 8.0, 4.5, 11.0, 6.0, 9.0, True, False, 1.0),
    ]))  # fmt: skip
    head = ("parameter", "low", "median", "high", "prior_low", "prior_median", "prior_high", "contraction", "shift", "ess")
    (folder / "report" / "parameters.csv").write_bytes(csv_bytes(head, [
        (names[0], 1.0, 1.2, 1.4, 0.5, 1.5, 3.0, 0.71, -0.4, 900), (names[1], 0.5, 2.0, 4.0, 0.4, 2.0, 4.1, 0.03, 0.02, 950),
    ]))  # fmt: skip
    return folder


def test_a_calibration_is_told_with_what_it_missed_and_what_it_did_not_learn(tmp_path: Path) -> None:
    folder = calibration(tmp_path / "calibration")
    page = Page.of(add_report(folder))
    assert "2 of 3 published figures lie inside" in page.text
    assert "1 of them without the discrepancy" in page.text
    assert "The median range is 1.0 times as wide as sampling and wards let the published figure itself stray." in page.text
    assert "Outside: <script>alert(1)</script>." in page.text
    assert "2 parameters were fitted; 1 of them learned next to nothing" in page.text
    assert "Mean stay 2014-2019" in page.text
    assert "No effect of staffing, contact, skill or training was fitted" in page.text
    assert "converge" not in page.text.split("Diagnostics")[0]
    drawn = {one.name: one for one in figures_of(folder)}
    assert set(drawn) == {"targets-1", "posterior", "contraction"}
    assert drawn["targets-1"].rows[1][1:] == ("10", "2", "1.5 to 3", "1 to 4", "no")
    assert drawn["contraction"].rows[0][1] == "0.71"
    assert all("<text" in one.svg() for one in drawn.values())
    assert report_of(folder) == (folder / "report.html").read_bytes()


def test_figures_that_are_not_fitted_stand_apart_and_do_not_count(tmp_path: Path) -> None:
    folder = calibration(tmp_path / "calibration")
    head = ("why", "figure", "label", "rows", "published", "measure", "measure_label", "unit", "layer", "simulated", "low", "high", "reason")
    (folder / "report" / "shown.csv").write_bytes(csv_bytes(head, [
        ("weight 0", "training.covered", "Absence that was covered", "W092", "52 %", "training_backfilled", "", "%", "survey", 52.1327, 18.8, 100.0, "A gap."),
        ("validation", "patients_assaulted", "Patients attacked", "INC045", "15%", "patients_assaulted", "", "%", "happened", None, None, None, "A survey."),
        ("validation", "literature", "Analyses", "W133 INC115", "9 / 9 / 26", "", "", "", "", None, None, None, "Many studies."),
    ]))  # fmt: skip
    page = Page.of(add_report(folder)).text
    assert "2 of 3 published figures lie inside" in page
    assert "Targets of weight 0: compared, not fitted, not counted above" in page
    assert "52 (19 to 100)" in page
    assert "A gap." in page
    assert "Declared for validation: never fitted" in page
    assert "not stored for this posterior" in page
    assert "W133, INC115" in page


def test_how_a_calibration_was_done_is_told_in_words(tmp_path: Path) -> None:
    """The page of the calibration that is shipped: every figure has words, waves and known truths have tables of their own."""
    for part in ("posterior", "report"):
        shutil.copytree(shipped("calibration") / part, tmp_path / "c" / part)
    text = Page.of(add_report(tmp_path / "c")).text
    text = text[text.index("9. Method") : text.index("Fingerprints")]
    assert "_" not in text
    manifest = json.loads((tmp_path / "c" / "posterior" / "manifest.json").read_text())
    for wave in manifest["diagnostics"]["waves"]:
        assert f"{wave['not_ruled_out']:.4g}" in text
    assert "Known truths recovered: how often the 80% interval held the truth" in text
    check = manifest["diagnostics"]["check_on_ward"]
    assert text.count(f" of {check['truths']}") >= len(check["covered_80"])


def test_a_calibration_that_is_no_use_says_so_first(tmp_path: Path) -> None:
    text = Page.of(add_report(calibration(tmp_path / "calibration", converged=False, name="reduced"))).text
    assert "too coarse to be used" in text
    assert "must not be drawn from" in text


def test_a_posterior_that_was_touched_is_refused(tmp_path: Path) -> None:
    folder = calibration(tmp_path / "calibration")
    with (folder / "posterior" / "draws.csv").open("a") as stream:
        stream.write("3,4\n")
    with pytest.raises(ReportError, match=r"draws\.csv is not the table"):
        report_of(folder)
    (folder / "posterior" / "draws.csv").unlink()
    with pytest.raises(ReportError, match=r"draws\.csv"):
        report_of(folder)


def add(folder: Path, tables: dict[str, bytes], **about: object) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, content in tables.items():
        (folder / name).write_bytes(content)
        manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({**manifest, **about}))


def test_a_population_stands_beside_what_was_published(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "population"
    shutil.copytree(folders["tornado"], folder)
    head = ("name", "mean", "low", "high", "ward_p10", "ward_p90", "row", "published", "published_low", "published_high", "difference", "inside",
            "use_of_row", "explanation", "populations", "estimand")  # fmt: skip
    picture = csv_bytes(head, [
        ("patients_assaulted", 15.5, 10.3, 22.3, 8.0, 25.0, "W001", 15, None, None, 0.5, "true", "validation", "", 4, "steady"),
        ("nursing_staff_assaulted_per_year", 77.9, 66.7, 88.7, 64, 90, "W002", 46, None, None, 31.9, "false", "validation", "=why", 4, "steady"),
    ])  # fmt: skip
    ends = [f"{word}{end}" for word in ("excellent", "good", "fair", "weak") for end in ("", "_low", "_high")]
    ratings = csv_bytes(("thresholds", *ends, "unrated", "trusts"), [
        ("as set", 0, 0, 0, 3, 1, 6, 5, 2, 8, 0, 0, 1, 0, 8), ("published (W003)", 8, None, None, 20, None, None, 30, None, None, 11, None, None, 0, 69),
    ])  # fmt: skip
    counts = csv_bytes(("model", "finding", "mean", "low", "high", "published", "unfitted"), [
        ("unadjusted", "fewer", 2, 0, 5, 9, 0), ("unadjusted", "more", 7, 3, 12, 9, 0), ("unadjusted", "no difference", 35, 30, 40, 26, 0),
    ])  # fmt: skip
    add(folder, {"picture.csv": picture, "ratings.csv": ratings, "counts.csv": counts}, kind="population", result={"populations": 4})
    page = Page.of(add_report(folder))
    assert "1 of 2 comparisons with 2 published figures lie inside the range of the simulated population" in page.text
    assert page.text.count("4 populations, a rough one") >= 5, "first screen, each figure and the table say on how few the ranges rest"
    assert "3 good (1 to 6)" in page.text
    assert "published, of 69: 8 excellent, 20 good, 30 fair, 11 weak" in page.text
    assert "7 more (3 to 12; published 9)" in page.text
    drawn = {one.name: one for one in figures_of(folder)}
    assert {"picture", "ratings", "literature-unadjusted"} <= set(drawn)
    assert drawn["ratings"].rows[1][1] == "3 of 8 (1 to 6)"
    rows = picture.replace(b"W002", b"W001")
    add(folder, {"picture.csv": rows}, kind="population", result={"populations": 4})
    again = Page.of(add_report(folder)).text
    assert "1 of 2 comparisons with 1 published figure lie inside" in again
    assert "W001 2 times, beside different measures, which are not independent" in again


@pytest.mark.parametrize(("source", "words", "other"), [("prior", "not calibrated to any ward", "calibrated posterior"),
                                                        ("posterior", "drawn from their calibrated posterior", "The model is not calibrated")])  # fmt: skip
def test_the_caveat_follows_the_draws_of_the_runs(folders: dict[str, Path], tmp_path: Path, source: str, words: str, other: str) -> None:
    folder = tmp_path / "compare"
    shutil.copytree(folders["compare"], folder)
    described = json.loads((folder / "study.json").read_text())
    described["study"]["parameters"] = source
    add(folder, {"study.json": json.dumps(described).encode()})
    text = Page.of(add_report(folder)).text
    assert words in text
    assert other not in text
    assert "decision about staff or patients" in text
