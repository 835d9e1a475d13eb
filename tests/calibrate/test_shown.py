"""Figures that are not fitted: listed with weight and reason, beside the ward only where a result of the same posterior is stored."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from wardsim.calibrate.page import markdown
from wardsim.calibrate.report_shown import shown_bytes, shown_of
from wardsim.calibrate.shown import REFERENCE, VALIDATION, WEIGHT_0, Beside, not_fitted, stored_values, with_values
from wardsim.calibrate.targets import load_targets
from wardsim.experiments.reproduce.reference import read
from wardsim.scenario.shipped import shipped

TARGETS = load_targets()


@pytest.fixture(scope="module")
def posterior() -> str:
    """Fingerprint of the posterior with which the reference result was made."""
    return str(read(shipped("results") / "reference" / REFERENCE)["rests_on"]["posterior"])


def test_every_target_of_weight_0_and_every_validation_row_is_listed() -> None:
    found = not_fitted(TARGETS)
    assert {one.id for one in found if one.why == WEIGHT_0} == {t.id for t in TARGETS.targets} - {t.id for t in TARGETS.fitted}
    assert {row for one in found if one.why == WEIGHT_0 for row in one.rows} == {"W092", "FC098", "INC021"}
    assert {row for one in found if one.why == VALIDATION for row in one.rows} >= {"INC044", "INC045", "W127", "INC012", "W133"}
    assert all(one.reason for one in found)


def test_the_report_shows_them_with_layer_range_and_reason_and_says_that_they_do_not_count(posterior: str) -> None:
    found = with_values(not_fitted(TARGETS), stored_values(posterior))
    text = markdown(shown_of(found)).decode()
    assert "they are not among the figures counted above" in text
    line = next(line for line in text.splitlines() if "W092" in line)
    assert TARGETS["training.covered"].weight.reason in line
    assert "| 0 |" in line
    assert " to " in line.split("|")[6]
    nurses = [line for line in text.splitlines() if "INC044" in line]
    assert [line.split("|")[5].strip() for line in nurses] == ["happened", "reported", "reported"]
    assert all(" to " in line.split("|")[7] for line in nurses)
    assert "none on one ward" in next(line for line in text.splitlines() if "W133" in line)


def test_another_posterior_has_nothing_beside_them() -> None:
    assert stored_values("0" * 64) == {}
    text = markdown(shown_of(with_values(not_fitted(TARGETS), {}))).decode()
    assert "are not stored for this posterior" in text
    assert "W092" in text


def test_without_reference_results_there_is_nothing_beside_them(tmp_path: Path, posterior: str) -> None:
    assert stored_values(posterior, tmp_path) == {}
    shutil.copytree(shipped("results") / "reference" / REFERENCE, tmp_path / REFERENCE)
    assert stored_values(posterior, tmp_path)
    about = json.loads((tmp_path / REFERENCE / "reference.json").read_text())
    del about["rests_on"]["posterior"]
    (tmp_path / REFERENCE / "reference.json").write_text(json.dumps(about))
    assert stored_values(posterior, tmp_path) == {}


def test_the_table_has_a_row_a_measure() -> None:
    found = with_values(not_fitted(TARGETS), {"patients_assaulted": Beside("patients_assaulted", "happened", 15.0, 5.0, 40.0)})
    rows = list(csv.DictReader(io.StringIO(shown_bytes(found).decode())))
    patients = [row for row in rows if row["figure"] == "patients_assaulted"]
    assert [(row["measure"], row["simulated"], row["low"], row["high"]) for row in patients] == [
        ("patients_assaulted", "15", "5", "40"), ("patients_assaulted_census", "", "", ""),
    ]  # fmt: skip
    assert shown_bytes([replace(found[0], measures=())]).decode().splitlines()[1].startswith("weight 0,")


def test_the_shipped_report_has_every_one_of_them_with_a_value_and_its_source() -> None:
    """Numbers are those of the reference result when the report was made; which figures there are is decided by the targets file."""
    with (shipped("calibration") / "report" / "shown.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = [(one.why, one.label, one.published, one.reason) for one in not_fitted(TARGETS) for _ in one.measures or [None]]
    assert [(row["why"], row["label"], row["published"], row["reason"]) for row in rows] == wanted
    assert all(row["simulated"] and row["low"] and row["source"] for row in rows if row["measure"])
