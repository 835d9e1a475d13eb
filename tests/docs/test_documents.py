"""The documents: every command in them is a command, the cheap ones run, links lead somewhere, pages are up to date."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from tests.support import ROOT

DOCUMENTS = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "calibration").glob("*.md")]
)
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def commands() -> Iterator[tuple[str, str]]:
    """Every `$ wardsim ...` of a console block, also as the last step of a chain, with the document it is in."""
    for path in DOCUMENTS:
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in block.splitlines():
                for step in line.removeprefix("$ ").split(" && "):
                    if line.startswith("$ ") and re.match(r"(\.venv/bin/)?wardsim\b", step):
                        yield path.relative_to(ROOT).as_posix(), step.partition("wardsim")[2].strip()


COMMANDS = sorted(set(commands()))


@pytest.fixture
def program() -> click.Command:
    """The command line."""
    from wardsim.cli import main

    return main


def test_documents_have_commands() -> None:
    """The search finds what is there."""
    assert {path for path, _ in COMMANDS} >= {"README.md", "docs/how-to/compare-options.md"}


@pytest.mark.e2e
@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_every_command_is_one(path: str, command: str, program: click.Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command line parses from the top folder, those that are not run by `test_blocks` too."""
    monkeypatch.chdir(ROOT)
    words = shlex.split(command)
    if "--help" in words or "--version" in words:
        result = CliRunner().invoke(program, words)
        assert result.exit_code == 0, result.output
        return
    assert isinstance(program, click.Group)
    context = click.Context(program, info_name="wardsim")
    name, subcommand, rest = program.resolve_command(context, words)
    assert subcommand is not None
    subcommand.make_context(name, rest, parent=context)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    """Relative links of the documents point at files of the project."""
    targets = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in targets if not (path.parent / link).exists()] == []


def generator() -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date() -> None:
    """Each page made from the ledger and the code is as it would be written now."""
    assert generator().outdated() == []


def test_the_mechanism_table_is_whole() -> None:
    """Every switch but the residual one has its row, M1 to M14."""
    from wardsim.parameters.entry import SWITCHES

    rows = generator().MECHANISMS
    assert [row[0] for row in rows] == [f"M{number}" for number in range(1, 15)]
    assert {row[1] for row in rows} == SWITCHES - {"direct_effects"}


def test_table_cells_are_kept_apart() -> None:
    """Text with bars, line ends or tags stays in its cell."""
    page = generator().table(("a",), [("x | y\nz <b>",)])
    assert page.splitlines()[-1] == "| x \\| y z &lt;b> |"


def test_the_rows_page_names_measures_files_and_keys_that_exist() -> None:
    from wardsim.measures import MEASURES
    from wardsim.scenario.schema import Scenario

    text = (ROOT / "docs" / "explanation" / "rows.md").read_text(encoding="utf-8")
    schema = str(Scenario.model_json_schema())
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")][1:-1]
        if len(cells) != 5 or not re.match(r"[AB]\d", cells[0]):
            continue
        for name in re.findall(r"`([a-z_0-9]+)`", cells[4]):
            assert name.startswith("_") or name.endswith("_") or name in MEASURES, f"{cells[0]}: no measure {name}"
        for key in re.findall(r"`([a-z_.]+)`", cells[2]):
            assert f"'{key.strip('.').split('.')[-1]}'" in schema, f"{cells[0]}: no scenario key {key}"
        for path in re.findall(r"`((?:patients|staff|training|work|incidents)/\w+\.py)`", cells[1]):
            assert (ROOT / "wardsim" / "ward" / path).is_file(), f"{cells[0]}: no file {path}"
