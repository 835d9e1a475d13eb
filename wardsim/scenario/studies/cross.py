"""What the keys of a study file say only together: names given twice, measures that are not, designs that do not fit."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from typing import Any

from ..check import locate, validated
from ..errors import Mark, Problem, shown
from ..fields import Keys, Path, dotted
from ..reader import Entry, Node
from .parts import Axis, Level, Point
from .schema import OptimiseFile, OptionsFile, SensitivityFile, StudySection, SweepFile

FEWEST_FOR_EMULATOR = 20
OF_METHOD = {"points": "sobol", "through": "sobol", "trajectories": "morris", "levels": "morris"}
"""Keys of a sensitivity study that belong to one method."""


def check_unused_precision(root: Node, problems: list[Problem]) -> None:
    """Check the precision of a file that has no effect because the number of runs is asked for: its mistakes are mistakes all the same."""
    entry = root.value.get("precision") if isinstance(root.value, dict) else None
    if entry is None or entry.node.bad:
        return
    alone = Node(root.mark, {"name": Entry(root.mark, Node(root.mark, "-")), "precision": entry})
    bad: set[Path] = set()
    content = validated(alone, Keys(StudySection, "a study file"), problems, bad, {})
    if isinstance(content, StudySection):
        Checks(alone, bad, problems).precision(content)


class Checks:
    """Checks of one study file; what rests on a value already known to be wrong is left unsaid.

    Parameters
    ----------
    root : Node
        The file.
    bad : set of paths
        Values that are wrong in themselves.
    problems : list of Problem
        Added to.
    """

    def __init__(self, root: Node, bad: set[Path], problems: list[Problem]) -> None:
        self.root = root
        self.bad = bad
        self.problems = problems

    def mark(self, path: Path, on_key: bool = False) -> Mark:
        """Place of a value or of its key."""
        node, key_mark = locate(self.root, path)
        return key_mark if on_key or isinstance(node.value, dict) or node.value is None else node.mark

    def say(
        self, path: Path, code: str, message: str, hint: str = "", on_key: bool = False, alone: bool = False
    ) -> None:
        """Note a problem, unless a value there is already known to be wrong (`alone`: whatever is wrong inside the group there)."""
        if not any(path[: len(wrong)] == wrong or (not alone and wrong[: len(path)] == path) for wrong in self.bad):
            self.problems.append(Problem.at(self.mark(path, on_key), code, message, key=dotted(path), hint=hint))

    def all(self, study: StudySection) -> None:
        """Every check of a file whose values are each in order."""
        self._figures(study)
        self._structures(study)
        self._measures(study)
        if study.replications is not None and study.precision:
            self.say(
                ("precision",),
                "WS179",
                "both replications and precision are given",
                "keep one: a fixed number, or as many as it takes",
                True,
            )
        if isinstance(study, SweepFile):
            self._design(study)
        if isinstance(study, SensitivityFile):
            self._method(study)

    def precision(self, study: StudySection) -> None:
        """The checks of a precision by itself."""
        self._figures(study)
        self._measures(study)

    def _figures(self, study: StudySection) -> None:
        for name, wanted in study.precision.items():
            if (wanted.half_width is None) == (wanted.percent_of_base is None):
                self.say(
                    ("precision", name),
                    "WS179",
                    f"precision.{name} must have half_width or percent_of_base, one of the two",
                    "",
                    True,
                )
        for name, limit in study.limits.items() if isinstance(study, OptimiseFile) else ():
            path: Path = ("limits", name)
            if limit.at_most is None and limit.at_least is None:
                self.say(path, "WS179", f"limits.{name} has no limit", "give at_most, at_least or both", True)
            elif limit.at_most is not None and limit.at_least is not None and limit.at_least > limit.at_most:
                message = (
                    f"limits.{name} must be at least {limit.at_least:g} and at most {limit.at_most:g}, which nothing is"
                )
                self.say(path, "WS179", message, "", True)

    def _structures(self, study: StudySection) -> None:
        seen: dict[frozenset[str], int] = {}
        names: set[str] = set()
        for index, structure in enumerate(study.mechanisms):
            path: Path = ("mechanisms", index)
            off = frozenset(structure.off)
            if len(off) < len(structure.off):
                self.say((*path, "off"), "WS173", "a mechanism is listed twice", "keep one")
            elif off in seen:
                self.say((*path, "off"), "WS173", f"the same mechanisms are off in mechanisms[{seen[off]}]", "keep one")
            elif structure.name is not None and structure.name in names:
                self.say(
                    (*path, "name"),
                    "WS173",
                    f"two forms of the model are named {shown(structure.name)}",
                    "give each its own name",
                )
            seen.setdefault(off, index)
            names |= {structure.name} if structure.name is not None else set()

    def _measures(self, study: StudySection) -> None:
        """Names of measures; the registry is asked for by name, and only when a file names a measure."""
        places: list[tuple[Path, str, bool]] = [(("precision", name), name, True) for name in study.precision]
        places += [(("measures", index), name, False) for index, name in enumerate(study.measures)]
        if isinstance(study, SensitivityFile):
            places += [(("outcomes", index), name, False) for index, name in enumerate(study.outcomes)]
        if isinstance(study, OptionsFile):
            places += [(("values", name), name, True) for name in study.values]
        if isinstance(study, OptimiseFile):
            places += [(("objective",), study.objective, False)]
            places += [(("limits", name), name, True) for name in study.limits]
            places += [(("pareto", index), name, False) for index, name in enumerate(study.pareto)]
        if not places:
            return
        registry = importlib.import_module("wardsim.measures.registry")
        listed: set[tuple[str | int, str]] = set()
        for path, name, on_key in places:
            if name not in registry.MEASURES:
                near = registry.nearest(name, 1)
                hint = f"did you mean {near[0]}?" if near else "docs/reference/measures.md lists them"
                self.say(path, "WS176", f"{shown(name)} is no measure", hint, on_key, on_key)
            elif len(path) == 2 and isinstance(path[1], int):
                if (path[0], name) in listed:
                    self.say(path, "WS173", f"{path[0]} lists {name} twice", "keep one")
                listed.add((path[0], name))
            elif path[0] == "values" and isinstance(study, OptionsFile):
                self._worth(path, registry.MEASURES[name], study.values[name])

    def _worth(self, path: Path, measure: Any, value: float) -> None:
        """A value that contradicts the measure: of the other sign, of nothing, or money that the cost holds already."""
        what = dotted(path)
        if measure.layer == "money":
            self.say(path, "WS179", f"{what} is money, which counts at -1 by itself", "delete it", True)
        elif value == 0.0:
            self.say(path, "WS179", f"{what} is 0, which says nothing", "delete it, or say what one unit is worth", True)
        elif measure.direction == ("higher" if value < 0.0 else "lower"):
            better, sign = ("more", "positive") if value < 0.0 else ("less", "negative")
            message = f"{what} is {value:g}, but {better} of it is better; its value must be {sign}"
            self.say(path, "WS179", message, f"write {-value:g}", True)

    def _design(self, study: SweepFile) -> None:
        design = study.design
        fills = design.kind in ("latin_hypercube", "sobol")
        if fills and design.points is None:
            self.say(
                ("design",),
                "WS178",
                f"the design {design.kind} needs its number of points",
                "as in {kind: sobol, points: 64}",
                True,
            )
        elif not fills and design.points is not None:
            self.say(
                ("design", "points"), "WS178", f"the design {design.kind} takes no number of points", "delete `points`"
            )
        elif design.kind == "sobol" and design.points is not None:
            self._power(("design", "points"), design.points)
        if design.kind == "csv" and design.file is None:
            self.say(("design",), "WS178", "the design csv needs its file", "as in {kind: csv, file: design.csv}", True)
        elif design.kind != "csv" and design.file is not None:
            self.say(
                ("design", "file"),
                "WS178",
                f"the design {design.kind} takes no file",
                "delete `file`, or write kind: csv",
            )

    def _power(self, path: Path, points: int) -> None:
        if points & (points - 1):
            below = 1 << (points.bit_length() - 1)
            message = f"{dotted(path)} is {points}; a Sobol design is balanced only with a power of two"
            self.say(path, "WS178", message, f"write {below} or {below * 2}")

    def _method(self, study: SensitivityFile) -> None:
        if study.method == "sobol":
            self._power(("points",), study.points)
            if study.through == "emulator" and study.points < FEWEST_FOR_EMULATOR:
                message = f"points is {study.points}; an emulator needs {FEWEST_FOR_EMULATOR} or more"
                self.say(("points",), "WS178", message, "write 32 or more; 256 serve a dozen parameters")
        if study.method == "morris" and study.levels % 2:
            self.say(
                ("levels",),
                "WS178",
                f"levels is {study.levels}; a Morris design needs an even number",
                f"write {study.levels + 1}",
            )
        for key, method in OF_METHOD.items():
            if key in study.model_fields_set and study.method != method:
                self.say(
                    (key,),
                    "WS178",
                    f"{key} belongs to the method {method}, not {study.method}",
                    "delete it, or change `method`",
                )

    def picked(self, key: str, axes: Sequence[Axis]) -> Point | None:
        """The point that `reference` names, None when there is none or it is wrong.

        Parameters
        ----------
        key : str
            `reference`.
        axes : sequence of Axis
            Each must be named.
        """
        node, _ = locate(self.root, (key,))
        if node is self.root or not isinstance(node.value, dict):
            return None
        by_name = {axis.name: axis for axis in axes}
        for name in node.value:
            if name not in by_name:
                self.say(
                    (key, name),
                    "WS177",
                    f"{key} names {shown(name)}, which does not vary in this study",
                    _one_of(by_name),
                    True,
                )
        out: list[Level] = []
        for name, axis in by_name.items():
            entry = node.value.get(name)
            if entry is None:
                self.say(
                    (key,), "WS177", f"{key} does not say which level of {name}", "give a level or label for each", True
                )
                continue
            value = entry.node.plain()
            level = _pick(axis, value, entry.node)
            if level is None:
                wanted = ", ".join(level.label for level in axis.levels) or f"from {axis.low} to {axis.high}"
                self.say(
                    (key, name), "WS177", f"{key}.{name} is {shown(value)}; it must be one of its levels ({wanted})"
                )
            else:
                out.append(level)
        return tuple(out) if len(out) == len(axes) else None


def _pick(axis: Axis, value: object, node: Node) -> Level | None:
    for level in axis.levels:
        if value == level.label or (value == level.given and isinstance(value, bool) == isinstance(level.given, bool)):
            return level
    if axis.levels or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    inside = axis.low is None or axis.high is None or axis.low <= value <= axis.high
    return axis.at(float(value), node.mark) if inside and not (axis.whole and value % 1) else None


def _one_of(names: Iterable[str]) -> str:
    return "it is one of " + ", ".join(names)
