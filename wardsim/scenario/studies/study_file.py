"""A study file that has been read: its content, and every ward that it makes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from ..compose import Composed
from ..errors import Mark, Problem, Source
from ..load import Loaded
from .parts import Axis, ParameterRange, Point, Setting, Variant
from .schema import StudySection
from .spreads import Varied
from .wards import Wards


@dataclass(frozen=True)
class StudyFile:
    """A study file as read.

    Attributes
    ----------
    kind : str
        options, sweep, sensitivity, optimise or population.
    path : str
        The file, as the user wrote it.
    content : OptionsFile, SweepFile, SensitivityFile, OptimiseFile or PopulationFile
        Every key with its default.
    base : Loaded
        Base scenario, with overrides.
    options : tuple of Variant
        Options of an options file; the option tested by a sensitivity file.
    axes : tuple of Axis
        Factors of a sweep file, choices of an optimise file.
    ranges : tuple of ParameterRange
        Parameters of a sensitivity file.
    rows : tuple of Point
        Points of a design file.
    varied : tuple of Varied
        What differs between the wards of a population file.
    everywhere : tuple of Setting
        What a population file sets for all its wards.
    reference : Point or None
        Cell that the others are compared with; None: the base.
    files : tuple of Path
        Every file it was made from, the study file first.
    overrides : tuple of str
        Overrides laid over it.
    """

    kind: str
    path: str
    content: StudySection
    base: Loaded
    options: tuple[Variant, ...] = ()
    axes: tuple[Axis, ...] = ()
    ranges: tuple[ParameterRange, ...] = ()
    rows: tuple[Point, ...] = ()
    varied: tuple[Varied, ...] = ()
    everywhere: tuple[Setting, ...] = ()
    reference: Point | None = None
    files: tuple[Path, ...] = ()
    overrides: tuple[str, ...] = ()
    _wards: Wards | None = field(default=None, repr=False, compare=False)
    _below: Composed | None = field(default=None, repr=False, compare=False)

    @property
    def parameters(self) -> Literal["posterior", "prior", "point"] | None:
        """Where the parameters of its runs come from, those that a design fixes apart; None: the file does not say."""
        found: Literal["posterior", "prior", "point"] | None = getattr(self.content, "others" if self.kind == "sensitivity" else "parameters")
        return found

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what the study means (64 hexadecimal digits); its name and question do not count."""
        wards = [self.base.hash, *(option.loaded.hash for option in self.options)]
        content = self.content.model_dump(mode="json", exclude={"name", "question", "base"})
        rows = [[level.given for level in row] for row in self.rows]
        text = json.dumps({"content": content, "wards": wards, "rows": rows}, sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def ward_at(self, point: Point, what: str, problems: list[Problem]) -> Loaded | None:
        """The ward of one point; None with problems noted at their lines in the study file.

        Parameters
        ----------
        point : Point
            A level of every axis.
        what : str
            Name of the cell, for messages.
        problems : list of Problem
            Added to; a contradiction that other cells share is told once.
        """
        assert self._wards is not None
        assert self._below is not None
        settings = [*self.everywhere, *(setting for level in point for setting in level.settings)]
        at = settings[0].mark if settings else Mark(Source(self.path))
        found: list[Problem] = []
        loaded = self._wards.make(self._below, settings, at, what, found)
        told = {(problem.file, problem.line, problem.column, problem.code) for problem in problems}
        for problem in found:
            if (problem.file, problem.line, problem.column, problem.code) not in told:
                hint = problem.hint or f"this shows in the cell {what}"
                problems.append(replace(problem, hint=hint))
        return loaded
