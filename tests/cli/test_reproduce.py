"""Reference results made again: the same numbers, or told where they differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli import made_up
from wardsim.cli import main, reproduce, studies
from wardsim.experiments.reproduce.check import CLOSE, DIFFERENT, EXACT, compare_tables
from wardsim.experiments.reproduce.reference import references

HEAD = "name,mean,mc_low,mc_high,reason\n"


def table(mean: float, half: float, reason: str = "") -> bytes:
    return f"{HEAD}a,{mean},{mean - half},{mean + half},{reason}\n".encode()


@pytest.mark.parametrize(
    ("made", "same_versions", "verdict"),
    [
        (table(10.0, 1.0), True, EXACT),
        (table(10.1, 1.0), True, DIFFERENT),
        (table(10.1, 1.0), False, CLOSE),
        (table(13.0, 1.0), False, DIFFERENT),  # more than three standard errors of both
        (table(10.0, 1.0, "few draws"), False, CLOSE),
        (f"{HEAD}".encode(), False, DIFFERENT),
        (b"name,mean\na,10\n", False, DIFFERENT),
    ],
)
def test_tables_are_the_same_byte_for_byte_or_within_simulation_error(made, same_versions, verdict):
    assert compare_tables("t.csv", table(10.0, 1.0), made, same_versions=same_versions).verdict == verdict


def test_a_difference_is_told_with_its_line_and_column():
    found = compare_tables("t.csv", table(10.0, 1.0), table(13.0, 1.0), same_versions=True)
    assert found.differences[0] == "line 2, mean: 13.0 where the reference has 10.0"


def test_every_reference_is_whole():
    assert references()
    for one in references().values():
        assert one.tables
        assert one.versions
        assert all((one.folder / name).is_file() for name in one.tables)


@pytest.mark.e2e
def test_a_reference_comparison_is_made_again():
    """From the shipped file to the tables: eight runs of each of four wards."""
    done = CliRunner().invoke(main, ["reproduce", "extra-night-nurse-reduced", "--json", "--jobs", "2"])
    assert done.exit_code == 0, done.output
    (one,) = json.loads(done.stdout)["data"]["references"]
    assert one["ok"]
    assert {about["verdict"] for about in one["tables"].values()} <= {EXACT, CLOSE}


@pytest.mark.parametrize(("words", "told"), [((), True), (("--no-progress",), False), (("--quiet",), False)])
def test_progress_is_told_unless_it_is_not_wanted(words, told, monkeypatch):
    monkeypatch.setattr(reproduce, "task", made_up.task)
    monkeypatch.setattr(studies, "SECONDS_BETWEEN_LINES", -1.0)
    monkeypatch.setattr("wardsim.report.kept.pages_of", lambda place: {})
    done = CliRunner().invoke(main, ["reproduce", "extra-night-nurse-reduced", "--jobs", "1", *words])
    assert done.exit_code == 1  # another ward makes other numbers
    assert (" of 32 runs" in done.stderr) is told
    assert ("4 wards, 8 runs of each" in done.stderr) is (words != ("--quiet",))


def test_an_unknown_reference_is_refused_with_the_known_ones():
    done = CliRunner().invoke(main, ["reproduce", "nothing"])
    assert done.exit_code == 2
    assert "extra-night-nurse-reduced" in done.stderr
    assert not Path("results/nothing").exists()


def test_a_calibration_is_reaffirmed_by_its_own_command(monkeypatch):
    monkeypatch.setattr(reproduce, "_reaffirmed", lambda reference, *more: {"name": reference.name, "ok": True})
    for words in (["calibration-reduced"], ["calibration", "--reduced"], ["sensitivity-reduced", "calibration-reduced"]):
        done = CliRunner().invoke(main, ["reproduce", *words, "--reaffirm"])
        assert done.exit_code == 2, done.output
        assert "`wardsim calibrate --reaffirm`" in done.stderr
    done = CliRunner().invoke(main, ["reproduce", "--reaffirm", "--json"])
    assert "calibration-reduced" not in {one["name"] for one in json.loads(done.stdout)["data"]["references"]}
    done = CliRunner().invoke(main, ["reproduce", "--reduced", "--reaffirm"])
    assert done.exit_code == 0
    assert done.stderr == "left out: calibration-reduced; `wardsim calibrate --reaffirm` keeps a calibration where only code changed\n"


def test_every_reference_says_where_its_parameters_are_drawn_from():
    """Left to a default, comparisons were drawn from the priors while the documents named the posterior."""
    from wardsim.experiments.reproduce.reference import read, references, study_of_reference

    studies = [one for one in references().values() if one.study != "calibrate"]
    assert len(studies) >= 10
    for one in studies:
        given = [text.partition("=")[2] for text in one.overrides if text.partition("=")[0] in ("parameters", "others")]
        study = study_of_reference(one)
        assert given == ["point" if study.point else study.parameters], one.name
        assert ("posterior" in read(one.folder)["rests_on"]) == (given == ["posterior"]), one.name
