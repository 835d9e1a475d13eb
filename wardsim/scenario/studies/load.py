"""Reads a study file: one call, everything that is wrong in one pass, every ward resolved."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..check import locate, validated
from ..compose import Composed
from ..errors import Mark, Problem, ScenarioError, Source, shown
from ..fields import Path as KeyPath
from ..fields import dotted
from ..load import Loaded
from ..override import Overrides, as_text, override
from ..reader import Entry, Node, NotReadError, read_bytes, read_nodes
from .axes import AxisReader
from .cross import OF_METHOD, Checks, check_unused_precision
from .design_file import read_design
from .kinds import FILL, KINDS, kind_of, no_kind, normalise, note_empty
from .parts import Axis, Point, Setting, Variant
from .ranges import read_ranges
from .schema import PopulationFile, StudySection
from .spreads import Spreads
from .study_file import StudyFile
from .wards import Wards, settings_of

BASE = "base."
"""Beginning of an override that changes the base scenario rather than the study."""
NAMED = ("parameters", "factors", "choices", "reference", "spread")
"""Groups of a study file whose keys have dots in them."""


def kind_of_file(path: str | os.PathLike[str]) -> str | None:
    """Kind of study that a file holds, "" when it names a kind that there is not; None when it is a scenario or cannot be read."""
    name = os.fspath(path)
    try:
        root, _ = read_nodes(read_bytes(Path(path), name), name)
    except NotReadError:
        return None
    return kind_of(root)


def load_study(
    path: str | os.PathLike[str], overrides: Overrides | None = None, *, replications: int | None = None
) -> StudyFile:
    """Read a study file.

    Parameters
    ----------
    path : path
        YAML file; its kind is told by `kind:`, or by options, factors, choices or outcomes.
    overrides : mapping, or iterable of "KEY=VALUE", optional
        Laid over the file with the same strictness: keys of the study (`years=1`), or, after `base.`, keys of the scenarios
        it starts from (`base.ward.beds=20`).
    replications : int, optional
        Runs of each ward, whatever precision file and overrides ask for: that is checked, and has no effect.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    name = os.fspath(path)
    try:
        text = read_bytes(Path(path), name)
    except NotReadError as error:
        raise ScenarioError([error.problem]) from None
    return _load(text, name, Path(path).parent, Path(path), overrides, replications)


def load_study_text(
    text: str, name: str = "study.yaml", folder: str | os.PathLike[str] = ".", overrides: Overrides | None = None
) -> StudyFile:
    """Read a study file given as text, as `load_study` does.

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
    return _load(text, name, Path(folder), None, overrides)


def _load(
    text: str, name: str, folder: Path, path: Path | None, overrides: Overrides | None, replications: int | None = None
) -> StudyFile:
    try:
        root, problems = read_nodes(text, name)
    except NotReadError as error:
        raise ScenarioError([error.problem]) from None
    texts = tuple(as_text(overrides)) if overrides else ()
    done = Composed(root, problems=problems)
    own = [line for line in texts if not line.startswith(BASE)]
    _with_another_method(done, own)
    override(done, own, NAMED)
    if replications is not None:
        check_unused_precision(done.root, problems)
        fixed = ("precision={}", f"replications={replications}")
        override(done, fixed, NAMED)
        texts += fixed
    kind = kind_of(done.root)
    if not kind:
        raise ScenarioError([*problems, no_kind(done.root)])
    wards = Wards(name, folder, [line.removeprefix(BASE) for line in texts if line.startswith(BASE)])
    reading = _Reading(kind, name, normalise(done.root, kind, problems), wards, problems)
    study = reading.study(path, texts)
    if study is None or problems:
        raise ScenarioError(problems or [Problem.at(Mark(Source(name)), "WS170", "the study file cannot be read")])
    return study


def _with_another_method(done: Composed, overrides: Sequence[str]) -> None:
    """Where an override names the method of a sensitivity study, what the file says of another method goes with that."""
    named = [line.partition("=")[2].strip() for line in overrides if line.partition("=")[0].strip() == "method"]
    if named and isinstance(done.root.value, dict):
        kept = {key: entry for key, entry in done.root.value.items() if OF_METHOD.get(key, named[-1]) == named[-1]}
        done.root = replace(done.root, value=kept)


class _Reading:
    """One file on its way from nodes to a study."""

    def __init__(self, kind: str, name: str, root: Node, wards: Wards, problems: list[Problem]) -> None:
        self.kind = kind
        self.name = name
        self.root = root
        self.wards = wards
        self.problems = problems
        self.bad: set[KeyPath] = set()

    def study(self, path: Path | None, overrides: tuple[str, ...]) -> StudyFile | None:
        """The study; None, or with problems noted, when something is wrong."""
        note_empty(self.root, self.kind, self.bad, self.problems)
        content = validated(self.root, KINDS[self.kind], self.problems, self.bad, FILL[self.kind])
        checks = Checks(self.root, self.bad, self.problems)
        if isinstance(content, StudySection):
            checks.all(content)
        base = self._base()
        below = base[0] if base is not None else None
        options = self._options(base, checks)
        axes, reader = self._axes(below)
        ranges = (
            read_ranges(entry.node, self.problems)
            if self.kind == "sensitivity" and (entry := self._at("parameters"))
            else []
        )
        rows = self._rows(axes, reader)
        reference = checks.picked("reference", axes) if axes else None
        varied = Spreads(checks, content).read() if isinstance(content, PopulationFile) else []
        everywhere, base = self._everywhere(base)
        if self.kind == "options":
            self._names(base, checks)
        if self.problems or not isinstance(content, StudySection) or base is None:
            return None
        files = tuple(dict.fromkeys([*([path] if path is not None else []), *self.wards.files]))
        return StudyFile(
            self.kind, self.name, content, base[1], tuple(options), tuple(axes), tuple(ranges), tuple(rows), tuple(varied), tuple(everywhere),
            reference, files, overrides, self.wards, below,
        )  # fmt: skip

    def _at(self, key: str) -> Entry | None:
        assert isinstance(self.root.value, dict)
        entry = self.root.value.get(key)
        return entry if entry is not None and not entry.node.bad else None

    def _base(self) -> tuple[Composed, Loaded] | None:
        entry = self._at("base")
        node = entry.node if entry is not None else Node(self.root.mark, "baseline.yaml")
        if ("base",) in self.bad:
            return None
        return self.wards.open(node, "base", self.problems)

    def _everywhere(
        self, base: tuple[Composed, Loaded] | None
    ) -> tuple[list[Setting], tuple[Composed, Loaded] | None]:
        """What a population file sets for all its wards, and the base with it."""
        entry = self._at("set")
        if self.kind != "population" or entry is None or base is None:
            return [], base
        settings = settings_of(entry.node, self.problems)
        loaded = self.wards.make(base[0], settings, entry.key_mark, "set", self.problems)
        return settings, (base[0], loaded) if loaded is not None else base

    def _options(self, base: tuple[Composed, Loaded] | None, checks: Checks) -> list[Variant]:
        """Options of an options file, or the one of a sensitivity file."""
        out: list[Variant] = []
        many = ("options",) in self.bad
        if (
            self.kind == "options"
            and not many
            and (entry := self._at("options"))
            and isinstance(entry.node.value, list)
        ):
            for index, item in enumerate(entry.node.value):
                found = self._option(item, ("options", index), base, checks)
                out += [found] if found is not None else []
        if self.kind == "sensitivity" and (entry := self._at("option")) and entry.node.value is not None:
            found = self._option(entry.node, ("option",), base, checks)
            out += [found] if found is not None else []
        return out

    def _option(
        self, node: Node, path: KeyPath, base: tuple[Composed, Loaded] | None, checks: Checks
    ) -> Variant | None:
        if not isinstance(node.value, dict) or node.bad:
            return None
        scenario, changes, named = (node.value.get(key) for key in ("scenario", "set", "name"))
        title = str(named.node.value) if named is not None and isinstance(named.node.value, str) else "Option"
        asked = node.value.get("question")
        if changes is None and (scenario is None or scenario.node.value is None):
            checks.say(path, "WS108", f"the option {shown(title)} changes nothing; it needs `scenario`, `set`, or both")
            return None
        if scenario is not None and scenario.node.value is not None:
            own = self.wards.open(scenario.node, dotted((*path, "scenario")), self.problems)
            start = own[0] if own is not None else None
        else:
            start = base[0] if base is not None else None
        settings = settings_of(changes.node, self.problems) if changes is not None else []
        if start is None:
            return None
        if named is not None and isinstance(named.node.value, str) and named.node.value:
            settings.append(Setting("name", named.node, named.key_mark))
        if asked is not None and isinstance(asked.node.value, str):
            settings.append(Setting("question", asked.node, asked.key_mark))
        loaded = self.wards.make(start, settings, node.mark, f"the option {title}", self.problems)
        if loaded is None:
            return None
        if base is not None:
            self._calendar(loaded, base[1], title, path, checks)
        return Variant(title, loaded.scenario.question if asked is not None else "", loaded)

    def _calendar(self, loaded: Loaded, base: Loaded, title: str, path: KeyPath, checks: Checks) -> None:
        """All wards of a study live through the same days."""
        for key in ("start_date", "bank_holidays"):
            mine, theirs = getattr(loaded.scenario.ward, key), getattr(base.scenario.ward, key)
            if mine != theirs:
                message = (
                    f"the option {shown(title)} has ward.{key} {mine}, the base {theirs}; all wards of a study share it"
                )
                checks.say(path, "WS172", message, "change it in the base, or with --set base.ward." + key)

    def _axes(self, below: Composed | None) -> tuple[list[Axis], AxisReader | None]:
        section = {"sweep": "factors", "optimise": "choices"}.get(self.kind, "")
        entry = self._at(section)
        if entry is None or not isinstance(entry.node.value, dict) or (section,) in self.bad:
            return [], None
        node, _ = locate(self.root, ("design", "kind"))
        design = node.value if isinstance(node.value, str) else "factorial"
        reader = AxisReader(section, self.wards, below, design, self.problems, entry.node.value.keys())
        read = [
            reader.read(name, item.key_mark, item.node)
            for name, item in entry.node.value.items()
            if not {(section, name), (section, name, "levels"), (section, name, "keys")}
            & self.bad  # also: far too many
        ]
        axes = [axis for axis in read if axis is not None]
        self._overlap(section, axes)
        return axes, reader

    def _overlap(self, section: str, axes: Iterable[Axis]) -> None:
        """No key is moved by two factors: the one laid last would win in silence."""
        movers: dict[str, str] = {}
        for axis in axes:
            moved = dict.fromkeys([*axis.keys, *(setting.key for level in axis.levels for setting in level.settings)])
            for key in moved:
                if key in movers:
                    message = f"{section}.{axis.name} moves {key}, which {movers[key]} moves too"
                    hint = "every key belongs to one factor"
                    self.problems.append(
                        Problem.at(axis.mark, "WS173", message, key=f"{section}.{axis.name}", hint=hint)
                    )
            movers |= dict.fromkeys(moved, axis.name)

    def _rows(self, axes: list[Axis], reader: AxisReader | None) -> list[Point]:
        entry = self._at("design")
        if self.kind != "sweep" or entry is None or not isinstance(entry.node.value, dict) or self.problems:
            return []
        kind, file = (entry.node.value.get(key) for key in ("kind", "file"))
        if kind is None or kind.node.value != "csv" or file is None:
            return []
        points = read_design(file.node, axes, self.wards, self.problems)
        for place, axis in enumerate(axes):
            free = not axis.levels and axis.low is None
            different = (
                {point[place].label: point[place] for point in points if len(point) == len(axes)} if free else {}
            )
            for level in different.values():
                assert reader is not None
                reader.try_level(level, level.settings[0].node.mark, axis.name)
        return points

    def _names(self, base: tuple[Composed, Loaded] | None, checks: Checks) -> None:
        """Each option has a name of its own, and the reference is one of them."""
        names = [base[1].scenario.name] if base is not None else []
        entry = self._at("options")
        for index, item in enumerate(
            entry.node.value if entry is not None and isinstance(entry.node.value, list) else ()
        ):
            named = item.value.get("name") if isinstance(item.value, dict) else None
            if named is None or not isinstance(named.node.value, str):
                continue
            if named.node.value in names:
                message = f"two wards of this study are named {shown(named.node.value)}"
                checks.say(("options", index, "name"), "WS173", message, "give each its own name")
            names.append(named.node.value)
        told = self._at("reference")
        if told is not None and isinstance(told.node.value, str) and told.node.value not in names:
            message = f"reference is {shown(told.node.value)}; it must be one of {', '.join(names)}"
            checks.say(("reference",), "WS177", message)
