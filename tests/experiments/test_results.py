"""The results folder: names that cannot lead out, cells that are no formulas, files that are whole, bytes that are the same."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from tests.experiments.fake_ward import fails_at_3, fake
from tests.support import ROOT
from wardsim.cli import main
from wardsim.cli.output import report
from wardsim.experiments.export import files_of, identity, manifest_of, results_name, status_of
from wardsim.experiments.replicate import Request, check, replicate
from wardsim.experiments.results import (
    MANIFEST,
    FolderError,
    cell,
    csv_bytes,
    folder_name,
    json_bytes,
    number,
    prepare,
    slug,
    write_folder,
)
from wardsim.measures import MEASURES
from wardsim.scenario.schema import Scenario


def scenario(**run):
    base = {"years": 0.02, "warm_up_weeks": 0, "replications": 12, "seed": 7}
    return Scenario.model_validate({"name": "A ward", "run": {**base, **run}})


def outcome(task=fake, **changes):
    settings = {"scenario": scenario(), "processes": 1}
    return replicate(Request(**{**settings, **changes}), task=task)


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../../etc/passwd",
        "/abs",
        "C:\\x",
        "a/b\\c",
        "nul",
        "CON",
        "com1",
        "x" * 300,
        "\x00",
        "",
        "  ",
        "été -- ok",
        "<b>",
        "$(rm)",
    ],
)
def test_no_name_leads_out_of_the_folder(name):
    made = slug(name)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(made) <= 45
    assert made not in ("con", "nul", "com1", "..")
    assert folder_name(name, {}).startswith(made + "-")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"])
def test_user_text_is_never_a_formula(text):
    assert cell(text) == "'" + text


def test_numbers_stay_numbers():
    assert [cell(x) for x in (-1.5, -3, 0.1 + 0.2, float("nan"), None, -0.0, 1e22)] == [
        "-1.5",
        "-3",
        "0.3",
        "",
        "",
        "0",
        "1e+22",
    ]
    assert number(float("inf")) is None
    assert csv_bytes(("a", "b"), [("x,y", 1.0)]) == b'a,b\n"x,y",1\n'
    with pytest.raises(ValueError, match="JSON"):
        json_bytes({"x": float("nan")})


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(FolderError, match=r"thesis\.doc"):
        prepare(tmp_path)
    with pytest.raises(FolderError, match="cannot write"):
        prepare(tmp_path / "thesis.doc" / "x")


def a_manifest(**more):
    return {"schema_version": 1, "identity": "0" * 64, **more}


def manifest(**more):
    return json.dumps(a_manifest(files={"training.csv": "1" * 64}, **more))


@pytest.mark.parametrize(
    "there",
    [
        {"training.csv": "who came when"},  # a name that results have too
        {"measures.csv": "1", "weeks.csv": "2", "report.html": "3"},
        {MANIFEST: "{}"},
        {MANIFEST: '{"name": "my app", "icons": []}', "training.csv": "mine"},
        {MANIFEST: "[1, 2", "training.csv": "mine"},
        {MANIFEST: json.dumps({"schema_version": 1, "identity": "x", "files": {"training.csv": "1" * 64}}), "training.csv": "mine"},
        {MANIFEST: manifest(), "training.csv": "of the run", "weeks.csv": "mine"},
        {MANIFEST: manifest(kind="sweep"), "study.json": "{}", "runs.parquet": "", "training.csv": ""},
        {MANIFEST: manifest(), "study.json": "{}", "training.csv": ""},
    ],
)
def test_nothing_that_is_not_of_a_run_is_touched(tmp_path, there):
    for name, text in there.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(FolderError, match="give a new or empty folder") as refused:
        write_folder(tmp_path, {"measures.csv": b"new\n"}, a_manifest())
    assert report(refused.value, []) == 2
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == there
    done = CliRunner().invoke(main, ["run", str(ROOT / "scenarios" / "baseline.yaml"), "--replications", "1", "--out", str(tmp_path)])
    assert done.exit_code == 2, done.output
    assert "give a new or empty folder" in done.stderr
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == there


def test_only_what_the_old_manifest_lists_is_removed(tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "kept.csv").write_text("outside")
    (tmp_path / "r" / ".notes").write_text("mine")
    (tmp_path / "r" / MANIFEST).write_text(json.dumps(a_manifest(files=dict.fromkeys(("../kept.csv", "..", ".notes"), "1" * 64))))
    write_folder(tmp_path / "r", {"measures.csv": b"1\n"}, a_manifest())
    assert (tmp_path / "kept.csv").exists()
    assert sorted(p.name for p in (tmp_path / "r").iterdir()) == [".notes", MANIFEST, "measures.csv"]


def test_a_first_write_that_fails_can_be_tried_again(tmp_path, monkeypatch):
    written = []

    def full(handle):
        written.append(handle)
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FolderError, match="No space left"):
        write_folder(tmp_path, {"measures.csv": b"1\n", "weeks.csv": b"2\n"}, a_manifest())
    assert list(tmp_path.iterdir()) == []
    write_folder(tmp_path, {"measures.csv": b"1\n", "weeks.csv": b"2\n"}, a_manifest())


@pytest.mark.skipif(os.name == "nt", reason="permissions")
@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o022, 0o644), (0o002, 0o664)])
def test_files_have_the_permissions_that_the_user_gives_new_files(tmp_path, umask, mode):
    code = f"from pathlib import Path; from wardsim.experiments.results import write_whole; write_whole(Path({str(tmp_path / 'x')!r}), b'')"
    subprocess.run([sys.executable, "-c", f"import os; os.umask({umask}); {code}"], cwd=ROOT, check=True)
    assert (tmp_path / "x").stat().st_mode & 0o777 == mode


def test_old_and_new_never_mix(tmp_path):
    write_folder(tmp_path / "r", {"measures.csv": b"1\n", "quarters.csv": b"2\n"}, a_manifest())
    (tmp_path / "r" / "export").mkdir()
    (tmp_path / "r" / "export" / "quarters.csv").write_bytes(b"2\n")
    write_folder(tmp_path / "r", {"measures.csv": b"3\n"}, a_manifest())
    assert (tmp_path / "r" / "export" / "quarters.csv").exists()
    assert sorted(p.name for p in (tmp_path / "r").iterdir() if p.is_file()) == [MANIFEST, "measures.csv"]
    assert list(json.loads((tmp_path / "r" / MANIFEST).read_text())["files"]) == ["measures.csv"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_temporary(tmp_path, monkeypatch):
    write_folder(tmp_path, {"measures.csv": b"old\n"}, a_manifest())

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FolderError, match="No space left"):
        write_folder(tmp_path, {"measures.csv": b"new\n"}, {})
    assert (tmp_path / "measures.csv").read_bytes() == b"old\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == [MANIFEST, "measures.csv"]


def test_every_table_is_there_and_is_csv():
    files = files_of(outcome(), MEASURES)
    assert set(files) == {
        "measures.csv", "replications.csv", "incidents_by_type.csv", "staff_time.csv", "training.csv", "shifts.csv", "tasks.csv",
        "parameters.csv", "hours.csv", "training_steps.csv", "activity_time.csv", "day.csv", "weeks.csv", "single_years.csv",
    }  # fmt: skip
    measures = list(csv.DictReader(files["measures.csv"].decode().splitlines()))
    assert list(measures[0]) == [
        "name", "label", "unit", "layer", "mean", "low", "high", "year_low", "year_high", "mc_low", "mc_high", "n", "reason", "estimand",
    ]  # fmt: skip
    first = measures[0]
    assert (first["name"], first["layer"], first["n"], first["estimand"]) == (
        "assaults_true_per_1000_obd",
        "happened",
        "12",
        "steady",
    )
    assert float(first["low"]) <= float(first["mean"]) <= float(first["high"])
    stay = next(row for row in measures if row["name"] == "stay_median_days")
    assert (stay["mean"], stay["low"], stay["reason"]) == ("", "", "nobody was discharged")
    rows = list(csv.DictReader(files["replications.csv"].decode().splitlines()))
    assert [(int(r["draw"]), int(r["replication"])) for r in rows] == [(i // 2, i) for i in range(12)]
    total = sum(float(r["assaults_true_per_1000_obd"]) for r in rows) / 12
    assert total == pytest.approx(float(first["mean"]))
    kinds = list(csv.DictReader(files["incidents_by_type.csv"].decode().splitlines()))
    assert {(r["type"], r["layer"], r["quantity"]) for r in kinds} == {
        ("verbal", layer, q) for layer in ("happened", "reported") for q in ("per_1000_obd", "per_year")
    }
    time = {
        (r["activity"], r["quantity"]): float(r["mean"])
        for r in csv.DictReader(files["staff_time.csv"].decode().splitlines())
    }
    assert time["direct", "share_of_duty"] + time["idle", "share_of_duty"] == pytest.approx(100.0)
    assert time["direct", "hours_per_day"] + time["idle", "hours_per_day"] == pytest.approx(24.0)


def test_bytes_depend_on_the_inputs_only():
    one, again, pool = outcome(), outcome(), outcome(processes=2)
    assert files_of(one, MEASURES) == files_of(again, MEASURES) == files_of(pool, MEASURES)
    drop = {"run_environment"}
    a, b = ({k: v for k, v in manifest_of(o).items() if k not in drop} for o in (one, pool))
    assert a == b
    assert (
        files_of(outcome(scenario=scenario(seed=8)), MEASURES)["measures.csv"]
        != files_of(one, MEASURES)["measures.csv"]
    )


def test_more_runs_keep_the_first_ones():
    few = files_of(outcome(), MEASURES)["replications.csv"].splitlines()
    more = files_of(outcome(scenario=scenario(replications=16)), MEASURES)["replications.csv"].splitlines()
    assert more[: len(few)] == few


def test_the_name_covers_what_decides_the_numbers():
    request = Request(scenario())
    name = results_name(request)
    assert name.startswith("a-ward-")
    assert results_name(replace(request, processes=2, events=True, cache="x")) == name
    others = [
        Request(scenario(seed=8)),
        Request(scenario(years=0.03)),
        replace(request, point=True),
        replace(request, baseline=Scenario(name="b")),
        replace(request, holidays=frozenset({1})),
    ]
    assert len({name, *(results_name(other) for other in others)}) == 6
    assert identity(request)["parameters"] == "prior"


def test_transition_is_followed_by_quarter():
    done = outcome(scenario=scenario(estimand="transition", years=1.0), baseline=Scenario(name="base"))
    rows = list(csv.DictReader(files_of(done, MEASURES)["quarters.csv"].decode().splitlines()))
    assert {r["quarter"] for r in rows} == {"1", "2", "3", "4"}
    assert {r["estimand"] for r in rows} == {"transition"}
    assert manifest_of(done)["checks"]["in_balance"] is None
    assert manifest_of(done)["baseline"]["name"] == "base"


def test_a_change_is_followed_for_three_years_unless_said_otherwise():
    plain = Scenario.model_validate({"name": "x", "run": {"estimand": "transition"}})
    said = Scenario.model_validate({"name": "x", "run": {"estimand": "transition", "years": 1.0}})
    assert (Request(plain).years, Request(said).years, Request(Scenario(name="x")).years) == (3.0, 1.0, 1.0)


def test_failed_runs_are_rows_and_in_the_manifest():
    done = outcome(fails_at_3)
    assert status_of(done) == "partial"
    rows = list(csv.DictReader(files_of(done, MEASURES)["replications.csv"].decode().splitlines()))
    assert [r["status"] for r in rows].count("failed") == 1
    assert (rows[3]["stage"], rows[3]["error"]) == ("ward", "RuntimeError: nobody knows")
    (failure,) = manifest_of(done)["checks"]["failures"]
    assert (failure["seed"], failure["replication"]) == (7, 3)
    assert manifest_of(done)["runs"] == {"planned": 12, "done": 11, "failed": 1}


def test_interrupted_keeps_what_is_finished():
    def interrupted(job):
        if job.replication == 5:
            raise KeyboardInterrupt
        return fake(job)

    done = outcome(interrupted)
    assert (status_of(done), done.runs) == ("interrupted", 5)
    assert len(files_of(done, MEASURES)["replications.csv"].splitlines()) == 6


def test_contradicting_facts_are_found_before_any_run():
    from tests.experiments.fake_ward import parts

    bad = Scenario.model_validate({"name": "x", "ward": {"beds": 13}})
    with pytest.raises(ValueError, match="contradict"):
        check(Request(bad), parts())


def test_checks_say_whether_the_ward_was_in_balance():
    checks = manifest_of(outcome())["checks"]
    assert checks["staff_minutes_close"]["ok"]
    assert checks["hazard_at_cap"] == {"ok": True, "share": 0.0, "limit": 0.001}
