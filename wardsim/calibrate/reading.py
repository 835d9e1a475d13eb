"""Reads `targets.yaml` and `free.yaml`: YAML with the line of each entry, schema, then what must hold between files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from wardsim.measures import MEASURES
from wardsim.parameters.evidence import Row
from wardsim.parameters.ledger import register
from wardsim.scenario.shipped import shipped

from .targets import FILE, Targets, TargetsError

Lines = dict[tuple[str, int], int]
"""Line of each entry, by section and place."""


def parse(path: Path) -> tuple[dict[str, Any], Lines]:
    """A YAML mapping of sections as plain data, and the line of each entry of each section.

    Raises
    ------
    TargetsError
        Not readable, or not a mapping of lists.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        raw = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise TargetsError(f"{path.name}: cannot be read: {error}") from None
    except YAMLError as error:
        raise TargetsError(f"{path.name}: not readable as YAML: {' '.join(str(error).split())}") from None
    if not isinstance(raw, dict) or not all(isinstance(section, list) for section in raw.values()):
        raise TargetsError(f"{path.name}: must be sections, each a list of entries")
    lines: Lines = {}
    for name, section in raw.items():
        for place in range(len(section)):
            lines[str(name), place] = section.lc.item(place)[0] + 1
    return {str(name): [_plain(entry) for entry in section] for name, section in raw.items()}, lines


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    return float(node) if isinstance(node, float) else str(node)


def schema_problems(name: str, data: Mapping[str, Any], lines: Lines, error: ValidationError) -> Iterator[str]:
    """What the schema has against a file, one line a problem with its place."""
    for fault in error.errors(include_url=False):
        location = fault["loc"]
        message = fault["msg"].removeprefix("Value error, ")
        where, entry = name, ""
        if len(location) > 1 and isinstance(location[1], int):
            where = f"{name}:{lines.get((str(location[0]), location[1]), 0)}"
            item = data[str(location[0])][location[1]]
            entry = (
                str(item.get("id") or item.get("name") or location[0]) if isinstance(item, dict) else str(location[0])
            )
            location = location[2:]
        key = ".".join(str(part) for part in location)
        given = (
            ""
            if fault["type"] == "missing" or isinstance(fault["input"], (dict, list))
            else f" (it is {fault['input']!r})"
        )
        yield ": ".join(part for part in (where, entry, key, message + given) if part)


def checked(path: Path, model: type[BaseModel], among: Callable[[Any, Callable[[str, int], str]], list[str]]) -> Any:
    """Read a file, check it against its model, then against everything else.

    Parameters
    ----------
    path : pathlib.Path
    model : type
        Pydantic model of the whole file.
    among : callable
        Given the model and a function from (section, place) to `file:line`, the problems that concern several entries or files.
    """
    data, lines = parse(path)
    try:
        whole = model.model_validate(data)
    except ValidationError as error:
        raise TargetsError("\n".join(schema_problems(path.name, data, lines, error))) from None
    problems = among(whole, lambda section, place: f"{path.name}:{lines.get((section, place), 0)}")
    if problems:
        raise TargetsError("\n".join(problems))
    return whole


def read(folder: Path | None = None) -> Targets:
    """The targets of a calibration folder, checked; see `load_targets`."""
    place = folder or shipped("calibration")
    rows = register(place.resolve())

    def among(whole: Targets, at: Callable[[str, int], str]) -> list[str]:
        return [*_names(whole, at), *_references(whole, at), *_rows(whole, rows, at), *_settings(whole, at)]

    found: Targets = checked(place / FILE, Targets, among)
    return found


def _names(whole: Targets, at: Callable[[str, int], str]) -> Iterator[str]:
    for section in ("settings", "studies", "targets", "by_construction", "validation"):
        seen: set[str] = set()
        for place, item in enumerate(getattr(whole, section)):
            if item.id in seen:
                yield f"{at(section, place)}: {item.id}: this id is already taken"
            seen.add(item.id)


def _references(whole: Targets, at: Callable[[str, int], str]) -> Iterator[str]:
    settings = {setting.id for setting in whole.settings}
    studies = {study.id for study in whole.studies}
    sizes: dict[str, int] = {}
    for place, target in enumerate(whole.targets):
        where = f"{at('targets', place)}: {target.id}"
        if target.measure not in MEASURES:
            yield f"{where}: measure {target.measure} is no measure"
        if target.setting not in settings:
            yield f"{where}: setting {target.setting} is none of {', '.join(sorted(settings))}"
        if target.study is not None:
            sizes[target.study] = sizes.get(target.study, 0) + (target.weight.value > 0.0)
            if target.study not in studies:
                yield f"{where}: study {target.study} is not among the studies"
    for place, study in enumerate(whole.studies):
        n = sizes.get(study.id, 0)
        if n < 2:
            yield f"{at('studies', place)}: {study.id}: a study here has at least two fitted targets; it has {n}"
        elif study.correlation <= -1.0 / (n - 1):
            yield f"{at('studies', place)}: {study.id}: {n} targets cannot all be correlated by {study.correlation:g}"
    for section in ("by_construction", "validation"):
        for place, shown in enumerate(getattr(whole, section)):
            for measure in shown.measures:
                if measure not in MEASURES:
                    yield f"{at(section, place)}: {shown.id}: measure {measure} is no measure"
            if shown.setting not in settings:
                yield f"{at(section, place)}: {shown.id}: setting {shown.setting} is none of {', '.join(sorted(settings))}"


USES = {"targets": "target", "by_construction": "input", "validation": "validation", "not_compared": "target"}
"""Use that the register must give the rows of each section."""


def _rows(whole: Targets, register: Mapping[str, Row], at: Callable[[str, int], str]) -> Iterator[str]:
    for section, use in USES.items():
        for place, item in enumerate(getattr(whole, section)):
            where = f"{at(section, place)}: {getattr(item, 'id', section)}"
            for name in item.rows:
                row = register.get(name)
                if row is None:
                    yield f"{where}: {name} is not in the evidence register"
                elif row.use != use:
                    yield f"{where}: {name} has the use {row.use} in the evidence register; here it must be {use}"
                elif section == "targets" and row.status == "recalled":
                    yield f"{where}: {name} is recalled from memory and cannot be a target"
    named = {name for section in ("targets", "not_compared") for item in getattr(whole, section) for name in item.rows}
    for name, row in register.items():
        if row.use == "target" and name not in named:
            yield f"{FILE}: {name} has the use target in the evidence register, and no target names it ({row.quantity})"


def _settings(whole: Targets, at: Callable[[str, int], str]) -> Iterator[str]:
    from wardsim.scenario.errors import ScenarioError
    from wardsim.scenario.shipped import shipped_scenarios

    known = shipped_scenarios()
    for place, setting in enumerate(whole.settings):
        where = f"{at('settings', place)}: {setting.id}"
        if setting.scenario not in known:
            yield f"{where}: {setting.scenario} is no shipped scenario ({', '.join(known)})"
            continue
        try:
            scenario_of(whole, setting.id)
        except ScenarioError as error:
            yield f"{where}: {' '.join(str(error).split())}"


def scenario_of(whole: Targets, setting: str) -> Any:
    """The scenario (as loaded, with its hash) of one setting."""
    from wardsim.scenario.load import load
    from wardsim.scenario.shipped import shipped_scenarios

    found = next(s for s in whole.settings if s.id == setting)
    return load(shipped_scenarios()[found.scenario], dict(found.set))
