"""The commands on studies with a ward of a few sums."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.cli import made_up

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("compare", "file.yaml", ...)` runs a command with the made-up ward in a folder of its own; files there are named as they are."""
    from wardsim.cli import asked, collect, main, resume, worker
    from wardsim.experiments import probe

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARDSIM_STARTS", str(tmp_path / "starts"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(probe, "seconds_per_run", lambda study, cell=0: (0.01, 0.0))
    for module in (asked, resume, worker, collect):
        monkeypatch.setattr(module, "task", made_up.task)

    def run(*words: str, jobs: int = 1) -> Result:
        where = ["--jobs", str(jobs)] if words[0] in ("compare", "sweep", "sensitivity", "optimise", "resume", "collect") else []
        return CliRunner().invoke(main, [*words, *where])

    return run


@pytest.fixture
def data(call: Call) -> Callable[..., dict[str, Any]]:
    """As `call`, with `--json`: the data of a command that ended well."""

    def run(*words: str) -> dict[str, Any]:
        done = call(*words, "--json")
        assert done.exit_code == 0, done.output
        assert done.stderr == ""
        found: dict[str, Any] = json.loads(done.stdout)["data"]
        return found

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Writes a file; its name."""

    def to(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return to
