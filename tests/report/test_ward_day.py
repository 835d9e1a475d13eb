"""Part 7: hours, staff time and training with their ranges, a day as a still picture and as numbers to be played."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.report.page import Page
from wardsim.cli import main
from wardsim.experiments.intervals import UNRESOLVED
from wardsim.experiments.shown import CAUTION
from wardsim.report import figures_of
from wardsim.report.figures import Drawn


def figure(folder: Path, name: str) -> Drawn:
    return next(one for one in figures_of(folder) if one.name == name)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def played(folder: Path) -> dict[str, list]:
    text = (folder / "report.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="replay-day">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_hours_of_the_page_are_those_of_the_file(folders: dict[str, Path]) -> None:
    found = figure(folders["compare"], "shift-profile")
    table = {(row["option"], row["hour"]): row for row in rows(folders["compare"], "hours.csv") if row["quantity"] == "nursing"}
    assert len(found.rows) == 24
    for row in found.rows:
        own = table["Baseline", row[0][:2]]
        mark = CAUTION if UNRESOLVED in own["reason"] else ""
        assert row[1] == f"{float(own['mean']):.2f} ({float(own['low']):.2f} to {float(own['high']):.2f}{mark})"


def test_time_and_training_have_a_range_beside_every_number(folders: dict[str, Path]) -> None:
    found = figure(folders["compare"], "training-funnel")
    assert [head.partition(",")[0] for head in found.head] == ["ward", "needed", "asked for", "booked", "released", "attended", "in date"]
    for row in found.rows:
        assert all(re.fullmatch(r"[\d,]+ \((sim\. )?-?[\d,]+ to [\d,]+\*?\)", cell) for cell in row[1:]), row


def test_the_day_is_told_hour_by_hour_and_played_from_the_same_facts(folders: dict[str, Path]) -> None:
    """The day of `made.a_day`: nurse 2 comes on at 7:00, patient 31 goes on leave at 5:00, the assault is at 15:04."""
    table = {row[0]: row for row in figure(folders["compare"], "day").rows}
    assert table["09:00"][1:4] == ("2", "1", "1.0")
    assert table["08:00"][4] == "0.7", "40 minutes with a patient from 8:20"
    assert "15:04 physical assault, patient 1 on healthcare assistant 1, reported; 15:10 restraint, patient 1" in table["15:00"][-1]
    assert table["21:00"][-1] == "21:50 verbal aggression, patient 1, not reported"
    day = played(folders["compare"])
    names = [person[0] for person in day["people"]]
    assert names == ["nurse 1", "nurse 2", "healthcare assistant 1", "doctor 1"]
    assert [patient[0] for patient in day["patients"]] == [1, 2, 3, 4]
    minute = 910 * 10
    on_duty = [name for name, duties, _ in day["people"] if any(a <= minute < b for a, b in duties)]
    assert on_duty == ["healthcare assistant 1", "doctor 1"]
    work = next(w for name, _, pieces in day["people"] if name == "healthcare assistant 1" for w in pieces if w[0] <= minute < w[1])
    assert day["kinds"][work[2]] == ["incident response", day["groups"].index("incidents and observation")]
    assert [event[1] for event in day["events"]] == ["physical assault, patient 1 on healthcare assistant 1", "restraint, patient 1", "verbal aggression, patient 1"]


def test_without_scripts_the_day_stands_as_a_picture_and_a_table(folders: dict[str, Path]) -> None:
    found = Page.of(folders["compare"] / "report.html")
    replay = next(about for _, about in found.tags if about.get("id") == "replay")
    assert "hidden" in replay, "controls that do nothing are not shown"
    assert any("A day on the ward: what each" in about.get("aria-label", "") for tag, about in found.tags if tag == "svg")
    labels = {about["for"] for tag, about in found.tags if tag == "label"}
    assert {about["id"] for tag, about in found.tags if tag == "input"} == labels


def test_a_real_ward_tells_the_same_time_in_every_table(tmp_path: Path) -> None:
    """Of a real run: nursing staff by hour add up to the hours of the staff time ledger, whose parts add up to the time on duty."""
    folder = tmp_path / "results"
    words = ["run", "scenarios/baseline.yaml", "--replications", "2", "--years", "0.1", "--warm-up", "1", "--set", "start.burn_in_weeks=1", "--jobs", "1",
             "--no-progress", "--out", str(folder)]  # fmt: skip
    runner = CliRunner()
    assert runner.invoke(main, words).exit_code == 0
    assert runner.invoke(main, ["report", str(folder)]).exit_code == 0
    hours = rows(folder, "hours.csv")
    nursing = sum(float(row["mean"]) for row in hours if row["quantity"] == "nursing")
    spent = [row for row in rows(folder, "activity_time.csv") if row["quantity"] == "hours_per_day" and row["role"] in ("rn", "hca", "na")]
    assert nursing == pytest.approx(sum(float(row["mean"]) for row in spent), rel=0.02), "the window has no whole days"
    share = {}
    for row in rows(folder, "activity_time.csv"):
        if row["quantity"] == "share_of_duty":
            share[row["role"]] = share.get(row["role"], 0.0) + float(row["mean"])
    assert all(total == pytest.approx(100.0, abs=0.01) for total in share.values())
    day = [row for row in rows(folder, "day.csv") if row["what"] == "duty"]
    assert len(day) > 10
    assert {one.name for one in figures_of(folder)} >= {"shift-profile", "staff-time", "training-funnel", "day"}
