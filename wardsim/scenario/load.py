"""Reads a scenario: one call, everything that is wrong in one pass."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .check import check, locate
from .compose import Composed, compose_file, compose_text
from .errors import COMMAND_LINE, Mark, Problem, ScenarioError, Source
from .hashing import scenario_hash
from .override import Overrides, as_text, override
from .reader import NotReadError
from .roster_file import Row, read_roster
from .schema import Scenario

__all__ = ["Loaded", "Problem", "ScenarioError", "load", "load_text"]


@dataclass(frozen=True)
class Loaded:
    """A scenario as read.

    Attributes
    ----------
    scenario : Scenario
        Immutable; everything resolved.
    files : tuple of Path
        Files it was made from: itself, what it extends, its roster.
    given_roster : list of (day, shift, role, staff), or None
        Rows of its roster file, day 0 being the start date.
    overrides : tuple of str
        Overrides laid over the file, `KEY=VALUE`.
    """

    scenario: Scenario
    files: tuple[Path, ...]
    given_roster: list[Row] | None
    overrides: tuple[str, ...] = ()

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the scenario means (64 hexadecimal digits); its name and question do not count."""
        return scenario_hash(self.scenario, self.given_roster)


def load(path: str | os.PathLike[str], overrides: Overrides | None = None) -> Loaded:
    """Read a scenario file.

    Parameters
    ----------
    path : path
        YAML file.
    overrides : mapping, or iterable of "KEY=VALUE", optional
        Laid over the file with the same strictness, for instance `{"staffing.required.night.rn": 3}`.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    name = os.fspath(path)
    try:
        done = compose_file(Path(path), name)
    except NotReadError as error:
        raise ScenarioError([error.problem]) from None
    return _finish(done, overrides, Path(path).parent)


def load_text(
    text: str, name: str = "scenario.yaml", folder: str | os.PathLike[str] = ".", overrides: Overrides | None = None
) -> Loaded:
    """Read a scenario given as text, as `load` does.

    Parameters
    ----------
    text : str
        YAML.
    name : str
        Its name in messages.
    folder : path
        Where files that it names are looked for.
    overrides : mapping, or iterable of "KEY=VALUE", optional
        Laid over it.
    """
    try:
        done = compose_text(text, name, Path(folder))
    except NotReadError as error:
        raise ScenarioError([error.problem]) from None
    return _finish(done, overrides, Path(folder))


def _finish(done: Composed, overrides: Overrides | None, folder: Path) -> Loaded:
    texts: tuple[str, ...] = ()
    if overrides:
        texts = tuple(as_text(overrides))
        done.folders[COMMAND_LINE] = folder
        override(done, texts)
    loaded = complete(done, texts)
    if loaded is None:
        unknown = Problem.at(Mark(Source(str(folder))), "WS104", "the scenario cannot be checked")
        raise ScenarioError(done.problems or [unknown])
    return loaded


def complete(done: Composed, overrides: tuple[str, ...] = ()) -> Loaded | None:
    """Check a composed scenario and read its roster; None with every problem noted in `done`.

    Parameters
    ----------
    done : Composed
        With whatever is laid over it.
    overrides : tuple of str
        Overrides that were laid over it, to be remembered.
    """
    scenario = check(done)
    roster: list[Row] | None = None
    if scenario is not None and scenario.staffing.roster_file is not None:
        node, _ = locate(done.root, ("staffing", "roster_file"))
        roster = read_roster(done, scenario, node.mark, done.folders[node.mark.source.name])
    if done.problems or scenario is None:
        return None
    return Loaded(scenario, tuple(dict.fromkeys(done.files)), roster, overrides)
