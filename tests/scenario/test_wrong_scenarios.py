"""Shipped wrong scenarios: each is refused with exactly the message beside it, exit code 2, and no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from wardsim.cli import main
from wardsim.scenario.codes import CODES

pytestmark = pytest.mark.unit
FOLDER = Path(__file__).parent / "wrong"
CASES = sorted(path.name for path in FOLDER.glob("[0-9][0-9]-*.yaml"))


def expected(name: str) -> str:
    return (FOLDER / name).with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_thirty_and_their_codes_are_explained() -> None:
    assert len(CASES) >= 30
    told = {word[6:11] for name in CASES for word in expected(name).split() if word.startswith("error[")}
    assert told <= set(CODES)
    assert len(told) >= 18


@pytest.mark.parametrize("name", CASES)
def test_exact_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(main, ["validate", name])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == expected(name)


@pytest.mark.parametrize("name", CASES)
def test_json_carries_the_same_problems(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(main, ["validate", "--json", name])
    assert result.exit_code == 2
    assert result.stderr == ""
    told = json.loads(result.stdout)
    assert told["ok"] is False
    assert told["exit_code"] == 2
    assert told["command"] == "validate"
    heads = [line for line in expected(name).splitlines() if "error[WS" in line]
    made = [f"{p['file']}:{p['line']}:{p['column']}: error[{p['code']}] {p['message']}" for p in told["problems"]]
    assert made == heads


@pytest.mark.e2e
@pytest.mark.parametrize(
    "name", ["01-number-in-words.yaml", "19-tag.yaml", "26-extends-in-a-circle.yaml", "30-roster-lines.yaml"]
)
def test_in_a_process_of_its_own(name: str) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "wardsim", "validate", name],
        cwd=FOLDER,
        env={"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == expected(name)
