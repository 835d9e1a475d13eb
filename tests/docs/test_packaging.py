"""Packaging: the two set-up commands, the pinned versions, the versions named in several places."""

from __future__ import annotations

import re
import subprocess
import tomllib
from importlib.metadata import version
from typing import Any

import pytest

import wardsim
from tests.support import ROOT


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def set_up() -> list[str]:
    """Command lines of the section 'Set up' of README.md."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Set up\n")[2].partition("\n## ")[0]
    return [line.removeprefix("$ ") for line in section.splitlines() if line.startswith("$ ")]


def test_there_are_two_set_up_commands() -> None:
    """One installs and runs the baseline, one installs and passes the tests."""
    run, test = set_up()
    assert run.endswith("wardsim run scenarios/baseline.yaml")
    assert test.endswith("pytest -n 2")
    assert "constraints.txt" in run
    assert "constraints.txt" in test


def test_the_checks_run_the_set_up_command() -> None:
    """.ci/run installs and tests with the same words as README.md, and is a sound script."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    _, test = set_up()
    for step in test.split(" && ")[1:]:
        plain = step.replace("pip install", "pip install --quiet --disable-pip-version-check")
        assert plain in script
    assert "set -euo pipefail" in script
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)


def test_one_version(project: dict[str, Any]) -> None:
    """The package, the project file, the citation and the changelog name the same version."""
    number = project["project"]["version"]
    assert wardsim.__version__ == number
    assert f"\nversion: {number}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {number} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_is_pinned(project: dict[str, Any]) -> None:
    """constraints.txt has every dependency of the core and of the tests, no lower than the project file asks."""
    pinned = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    extras = project["project"]["optional-dependencies"]
    wanted = project["project"]["dependencies"] + extras["test"] + extras["docs"]
    for requirement in wanted:
        name, _, lowest = requirement.partition(">=")
        key = re.sub(r"[-_.]+", "-", name).lower()
        assert key in pinned, name
        assert version_tuple(pinned[key]) >= version_tuple(lowest or "0"), name


def version_tuple(text: str) -> tuple[int, ...]:
    """Leading numbers of a version."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def test_declared_decisions_cover_the_dependencies(project: dict[str, Any]) -> None:
    """Each library of the core has its reason in docs/explanation/decisions.md."""
    text = (ROOT / "docs" / "explanation" / "decisions.md").read_text(encoding="utf-8")
    for requirement in project["project"]["dependencies"]:
        name = requirement.partition(">=")[0]
        assert f"| {name} |" in text, name
        assert version(name)


def test_shipped_scenarios_are_in_the_readme() -> None:
    """The table of scenarios names each shipped file, and no other."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z0-9-]+\.yaml)` \|", text, re.MULTILINE))
    assert named == {path.name for path in (ROOT / "scenarios").glob("*.yaml")}


def test_shipped_studies_are_in_the_readme() -> None:
    """The table of studies names each shipped file of every folder, and no other."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z0-9-]+/[a-z0-9-]+\.yaml)` \|", text, re.MULTILINE))
    assert named == {f"{path.parent.name}/{path.name}" for path in (ROOT / "scenarios").glob("*/*.yaml")}


def test_every_command_has_an_example_in_the_readme() -> None:
    """Each command of the command line is called somewhere in the blocks of README.md."""
    from wardsim.cli import COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    called = set(re.findall(r"^\$ (?:\S*/)?wardsim (\w+)", text, re.MULTILINE))
    assert set(COMMANDS) - {"schema"} <= called
