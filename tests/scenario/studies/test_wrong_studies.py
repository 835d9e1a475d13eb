"""Wrong study files: each is refused with exactly the message beside it, exit code 2, and no traceback."""

from __future__ import annotations

import json
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


def test_there_are_many_and_every_code_of_studies_is_among_them() -> None:
    told = {word[6:11] for name in CASES for word in expected(name).split() if word.startswith("error[")}
    assert len(CASES) >= 35
    assert told <= set(CODES)
    assert {code for code in CODES if code >= "WS170"} <= told


@pytest.mark.parametrize("name", CASES)
def test_exact_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(main, ["validate", name])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == expected(name)


@pytest.mark.parametrize("name", CASES[::6])
def test_json_carries_the_same_problems(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    result = CliRunner().invoke(main, ["validate", "--json", name])
    told = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, told["ok"]) == (2, "", False)
    made = [f"{p['file']}:{p['line']}:{p['column']}: error[{p['code']}] {p['message']}" for p in told["problems"]]
    assert made == [line for line in expected(name).splitlines() if "error[WS" in line]
