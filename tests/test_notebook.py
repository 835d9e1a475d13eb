"""wardsim from Python: what a notebook gets is what the command wrote, and the example runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import wardsim
from tests.support import ROOT

TINY = {"years": 0.03, "replications": 2, "parameters": "point"}
QUICK = {"start.burn_in_weeks": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def compared(folder: Path) -> wardsim.Results:
    """Two options on the baseline, some days long."""
    options = {"Bank nurse": {"staffing.by_bank_extra.night.rn": 1}, "=Records": {"work.documentation_time_multiplier": 0.5}}
    return wardsim.compare("baseline", options, overrides=QUICK, out=folder / "compared", **TINY)


def test_import_is_light() -> None:
    code = "import sys, wardsim; print([m for m in ('numpy', 'pandas', 'pydantic', 'simpy', 'click') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == "[]"


def test_every_name_is_there() -> None:
    assert all(hasattr(wardsim, name) for name in wardsim.__all__)
    assert set(wardsim.__all__) <= set(dir(wardsim))
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = wardsim.nothing_like_it


def test_frames_are_the_tables_of_the_folder(compared: wardsim.Results) -> None:
    frame = compared.frame("differences")
    own = pd.read_csv(compared.folder / "differences.csv")
    assert list(frame.columns) == list(own.columns)
    assert frame["mean"].to_numpy() == pytest.approx(own["mean"].to_numpy(), nan_ok=True)
    assert set(frame["option"]) == {"Bank nurse", "=Records"}  # names as they are, not as a spreadsheet must see them
    assert set(compared.frame()["quantity"]) == {"level", "difference"}
    assert compared.frame()["mean"].dtype == float
    with pytest.raises(KeyError, match="differences"):
        compared.frame("nothing")


def test_options_do_what_they_say(compared: wardsim.Results) -> None:
    found = compared.frame("differences").set_index(["option", "name"])["mean"]
    assert found["=Records", "nurse_time_indirect"] < 0
    assert found["Bank nurse", "care_hours_rn_per_patient_day"] > 0
    study = json.loads((compared.folder / "study.json").read_text())["study"]
    assert [cell["name"] for cell in study["cells"]] == ["Baseline", "Bank nurse", "=Records"]
    assert study["cells"][1]["scenario"]["staffing"]["by_bank_extra"]["night"]["rn"] == 1


def test_the_same_comparison_is_taken_up(compared: wardsim.Results, folder: Path) -> None:
    before = (compared.folder / "seconds.csv").read_bytes()  # what each run took: made again, it would take something else
    options = {"Bank nurse": {"staffing.by_bank_extra.night.rn": 1}, "=Records": {"work.documentation_time_multiplier": 0.5}}
    again = wardsim.compare("baseline", options, overrides=QUICK, out=folder / "compared", **TINY)
    assert (again.folder / "seconds.csv").read_bytes() == before
    assert again.frame().equals(compared.frame())


def test_plots(compared: wardsim.Results) -> None:
    drawn = compared.plot("nurse_time_indirect")
    assert [row[0] for row in drawn.rows] == ["Bank nurse", "=Records"]
    assert drawn.svg().startswith("<svg")
    names = [figure.name for figure in compared.figures]
    assert compared.plot(names[0]).name == names[0]
    with pytest.raises(KeyError, match="no measure and no figure"):
        compared.plot("nothing")


def test_what_it_shows_is_escaped(compared: wardsim.Results) -> None:
    assert "6 runs" in repr(compared)
    shown = compared._repr_html_()
    assert "<table" in shown
    assert len(compared.headline) >= 5 * 3


def test_run_is_the_command(folder: Path) -> None:
    from click.testing import CliRunner

    from wardsim.cli import main

    ward = wardsim.load(ROOT / "scenarios" / "baseline.yaml", QUICK)
    mine = wardsim.run(ward, {"ward.beds": 16}, out=folder / "mine", events=True, **TINY)
    words = ["run", "scenarios/baseline.yaml", "--set", "start.burn_in_weeks=1", "--set", "ward.beds=16", "--years", "0.03", "--replications", "2"]
    theirs = CliRunner().invoke(main, [*words, "--parameters", "point", "--jobs", "1", "--events", "--out", str(folder / "theirs")])
    assert theirs.exit_code == 0, theirs.output
    for name in ("measures.csv", "events.csv", "replications.csv"):
        assert (folder / "mine" / name).read_bytes() == (folder / "theirs" / name).read_bytes()
    assert mine.kind == "run"
    assert {path.name for path in mine.export("vidigi")} >= {"event_log.csv"}


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(wardsim.ScenarioError, match=r"ward\.bed"):
        wardsim.run("baseline", {"ward.bed": 3, "staffing.required.night.rn": -1})
    with pytest.raises(wardsim.ScenarioError, match="demand"):
        wardsim.compare("baseline", {"x": {"demand.sources.young_people_pct": 50}})
    with pytest.raises(wardsim.WardsimError, match="study file"):
        wardsim.compare("options/headroom", "baseline")
    from wardsim.report import ReportError

    with pytest.raises(ReportError, match="no finished results"):
        wardsim.read(tmp_path)


@pytest.mark.parametrize("value", [np.int64(16), np.uint8(16), np.array(16)])
def test_numbers_of_numpy_are_numbers(value, folder: Path) -> None:
    ran = wardsim.run("baseline", {**QUICK, "ward.beds": value, "training.protected": np.True_}, out=folder / f"numpy-{type(value).__name__}", **TINY)
    assert ran.manifest["scenario"]["ward"]["beds"] == 16
    assert ran.manifest["scenario"]["training"]["protected"] is True


@pytest.mark.parametrize("value", [object(), {16}, 16j, np.datetime64("2024-01-01"), {"beds": object()}, {(1, 2): 3}])
def test_what_no_scenario_can_hold_is_told_with_its_key(value) -> None:
    for call in (lambda: wardsim.run("baseline", {"ward.beds": value}), lambda: wardsim.compare("baseline", {"x": {"ward.beds": value}})):
        with pytest.raises(wardsim.WardsimError, match=r"ward\.beds cannot be set to"):
            call()


def test_the_library_is_a_frame() -> None:
    shelf = wardsim.library()
    assert "options/electronic-records.yaml" in set(shelf["file"])
    assert shelf["question"].str.endswith("?").all()


@pytest.mark.e2e
def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The percent script from top to bottom, with tiny runs in place of its own."""
    text = (ROOT / "docs" / "notebooks" / "first-comparison.py").read_text(encoding="utf-8")
    small = text.replace('SIZE = {"years": 1, "replications": 20}', f"SIZE = {TINY | {'jobs': 1}!r}").replace("SHORTER = {}", f"SHORTER = {QUICK!r}")
    assert small != text
    assert small.count("# %%") >= 10
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    exec(compile(small, "first-comparison.py", "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out
    assert "18 beds" in said
    assert "staffing.required.night.nurses" in said
    assert "report.html" in said
    assert "options/protected-training.yaml" in said
