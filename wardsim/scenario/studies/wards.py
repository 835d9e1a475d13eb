"""Resolves the wards of a study: lays what a study file sets over its base, with the strictness of a scenario file.

Nothing here is lenient because it comes from a study: every ward goes through the checks of a scenario, and what is wrong
is told at the line of the study file that set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..compose import Composed, compose_file, named_file
from ..errors import COMMAND_LINE, Mark, Problem, shown
from ..load import Loaded, complete
from ..override import lay, override
from ..reader import Node, NotReadError
from .kinds import kind_of
from .parts import Setting

OF_THE_STUDY = {
    "name": "the study names its wards itself",
    "question": "options have a `question` of their own",
    "schema_version": "",
    "extends": "name the file under `scenario` or `base`",
    "run": "years, estimand, seed and replications stand at the top of the study file",
}
"""Keys of a scenario that a study does not change -> where else to turn."""


class Wards:
    """Makes wards for one study file.

    Parameters
    ----------
    name : str
        Name of the study file in messages.
    folder : Path
        Its folder.
    overrides : sequence of str
        Overrides of the base, `KEY=VALUE`, laid over every scenario file of the study.
    """

    def __init__(self, name: str, folder: Path, overrides: Sequence[str] = ()) -> None:
        self.name = name
        self.folder = folder
        self.overrides = tuple(overrides)
        self.own = {name, COMMAND_LINE}
        self.files: list[Path] = []

    def open(self, node: Node, key: str, problems: list[Problem]) -> tuple[Composed, Loaded] | None:
        """A scenario file that the study names, with the overrides; None with problems noted."""
        itself = (
            isinstance(node.value, str) and node.value == Path(self.name).name
        )  # a study may be called like a scenario
        found = named_file(node, key, self.folder, self.name, problems, "study", beside=not itself)
        if found is None:
            return None
        path, name = found
        try:
            done = compose_file(path, name)
        except NotReadError as error:
            done = Composed(node, [path], {}, [error.problem])
        kind = kind_of(done.root) if isinstance(done.root.value, dict) else None
        if kind is not None:
            message = (
                f"{key} names {shown(node.value)}, which is a study file ({kind or 'of no known kind'}), not a scenario"
            )
            problems.append(Problem.at(node.mark, "WS171", message, key=key, value=shown(node.value)))
            return None
        done.folders |= {self.name: self.folder, COMMAND_LINE: self.folder}
        loaded = (
            complete(done) if not done.problems else None
        )  # by itself, so that what is wrong is told at its own lines
        if loaded is not None and self.overrides:
            override(done, self.overrides)
            loaded = complete(done)
        if loaded is None:
            many = len(set(done.problems))
            message = (
                f"{key} names {shown(node.value)}, which is not in order ({many} problem{'s' if many != 1 else ''})"
            )
            problems.append(Problem.at(node.mark, "WS171", message, key=key, value=shown(node.value)))
            problems += done.problems
            return None
        self.files += [file for file in loaded.files if file not in self.files]
        return done, loaded

    def make(
        self, below: Composed, settings: Iterable[Setting], at: Mark, what: str, problems: list[Problem]
    ) -> Loaded | None:
        """One ward; None with problems noted.

        Parameters
        ----------
        below : Composed
            What it starts from.
        settings : iterable of Setting
            Laid over it, the last one on top.
        at : Mark
            Where the study file speaks of this ward.
        what : str
            The ward, in messages that have no better place.
        problems : list of Problem
            Added to.
        """
        done = below.copy()
        for setting in settings:
            lay(done, setting.key, setting.node, setting.mark)
        loaded = complete(done) if not done.problems else None
        if loaded is None:
            problems += [self._here(problem, at, what) for problem in done.problems]
        return loaded

    def _here(self, problem: Problem, at: Mark, what: str) -> Problem:
        """A problem that shows in another file, told where this file brought it about."""
        if problem.file in self.own:
            return problem
        message = f"{what}: {problem.message} ({problem.file}:{problem.line})"
        return Problem.at(at, problem.code, message, key=problem.key, value=problem.value, hint=problem.hint)


def settings_of(node: Node, problems: list[Problem], above: str = "") -> list[Setting]:
    """Settings of a group, dotted keys and nested groups alike; keys that a study may not set are told and left out.

    Parameters
    ----------
    node : Node
        The group.
    problems : list of Problem
        Added to.
    above : str
        Dotted key of the group, ending in a dot.
    """
    out: list[Setting] = []
    for name, entry in node.value.items() if isinstance(node.value, dict) else ():
        key = f"{above}{name}"
        if entry.node.bad or not allowed(key, entry.key_mark, problems):
            continue
        if isinstance(entry.node.value, dict) and entry.node.value:
            out += settings_of(entry.node, problems, f"{key}.")
        else:
            out.append(Setting(key, entry.node, entry.key_mark))
    return out


def allowed(key: str, mark: Mark, problems: list[Problem]) -> bool:
    """Whether a study may set a key; a problem is noted when not."""
    hint = OF_THE_STUDY.get(key.partition(".")[0])
    if hint is None:
        return True
    problems.append(Problem.at(mark, "WS174", f"{key} cannot be set by a study", key=key, hint=hint))
    return False
