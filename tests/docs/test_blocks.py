"""Every block of the documents is run, or says why not."""

from __future__ import annotations

import contextlib
import io
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.docs.blocks import MARKED, Block, blocks, pages, small
from tests.support import ROOT

PAGES = {path: [block for block in blocks(path) if block.language in MARKED or block.file] for path in pages()}
RUNNABLE = [path for path, found in PAGES.items() if any(not block.reason for block in found)]


def test_the_search_finds_what_is_there() -> None:
    assert {path.name for path in RUNNABLE} >= {"README.md", "compare-options.md", "own-ward.md", "develop.md"}


def test_what_is_not_run_says_why() -> None:
    for found in PAGES.values():
        for block in found:
            if block.reason:
                assert len(block.reason.split()) >= 3, f"{block.page}:{block.line}: a reason in words"
            else:
                assert block.language != "bash", f"{block.page}:{block.line}: scripts of other machines say why they are not run"


@pytest.fixture
def sitting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped scenarios, and a cache of its own."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.mark.e2e
@pytest.mark.parametrize("path", RUNNABLE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_blocks_run(path: Path, sitting: Path) -> None:
    """All blocks of a page, in order, in one folder, with small runs."""
    names: dict[str, object] = {}
    for block in PAGES[path]:
        if block.reason:
            continue
        for command in block.before:
            assert run(command, block) == 0
        if block.file:
            (sitting / block.file).write_text(block.text, encoding="utf-8")
            assert run(f"wardsim validate {block.file}", block) == 0
        elif block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, f"{block.page}:{block.line}", "exec"), names)
        else:
            codes = [run(step, block) for line in block.commands for step in line.split(" && ")]
            assert codes == [*(0 for _ in codes[1:]), block.exit_code], f"{block.page}:{block.line}"


def run(command: str, block: Block) -> int:
    """Run one command of a page, `wardsim` in this process; its exit code. What went wrong is shown when it was not to go wrong."""
    words = shlex.split(command)
    if words[0].endswith("wardsim"):
        from wardsim.cli import main

        result = CliRunner().invoke(main, small(command))
        code = result.exit_code if result.exception is None or isinstance(result.exception, SystemExit) else 70
        if code not in (0, block.exit_code):
            print(f"{block.page}:{block.line}: {command}\n{result.output}\n{result.exception!r}")
        return code
    if words[0] == "python":
        return subprocess.run([sys.executable, *words[1:]], check=False, cwd=ROOT, capture_output=True).returncode
    raise AssertionError(f"{block.page}:{block.line}: nobody knows how to run {words[0]}; say why it is not run")
