"""What a study is made of: cells (wards to be run), keys (draw and replication), and pieces (what is stored at a time).

Run number r of every cell has parameter draw r // per_draw and replication r: all cells see the same draws and the same
chance (common random numbers), more runs only add to fewer, and a replication number is never used by two draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wardsim.parameters.posterior import Source
from wardsim.scenario.schema import Scenario

from ..job import POINT, Estimand, Job, Roster
from ..results import fingerprint

FORMAT = 1
"""Version of the plain form of a study."""


@dataclass(frozen=True)
class Cell:
    """One ward of a study.

    Attributes
    ----------
    name : str
        Unique in the study, as tables show it.
    scenario : Scenario
        The ward; its `parameters` hold what a design fixes.
    roster : list, optional
        A given roster.
    baseline : Scenario, optional
        Ward before the change, whose saved state is the start and for which the need is solved; left out: the study's.
    factors : mapping
        Where the cell lies in the design: scenario key or parameter (`parameters.NAME`) to value.
    years : float, optional
        Years measured; left out: the study's (steady only: all cells of a transition have the same quarters).
    """

    name: str
    scenario: Scenario
    roster: Roster | None = None
    baseline: Scenario | None = None
    factors: Mapping[str, Any] = field(default_factory=dict)
    years: float | None = None


@dataclass(frozen=True)
class Piece:
    """Runs of one cell that are made and stored together.

    Attributes
    ----------
    cell : int
        Place of the cell in the study.
    block : int
        Runs `block * study.block` up to the next block.
    """

    cell: int
    block: int

    @property
    def name(self) -> str:
        """Name in the store; sorts by cell, then block."""
        return f"{self.cell:05d}-{self.block:05d}"


@dataclass(frozen=True)
class Study:
    """Everything that decides the numbers of a study, and nothing else.

    Attributes
    ----------
    kind : str
        compare, sweep, sensitivity, optimise, calibrate or population.
    name, question : str
        For people.
    cells : tuple of Cell
        The first is the reference of comparisons.
    baseline : Scenario
        Ward before the change.
    baseline_roster : list, optional
        Its given roster.
    estimand : str
        steady or transition.
    years, warm_up_weeks : float
        Measured, and before measuring (steady only).
    seed : int
        Root of all random numbers.
    point : bool
        Point parameters in place of draws.
    per_draw : int
        Replications of each parameter draw.
    block : int
        Runs in a piece.
    limit : int
        Most runs of one cell.
    holidays : frozenset of int
        Day numbers of public holidays.
    measures : tuple of str
        Measures kept; empty: all.
    settings : mapping
        What the analysis needs besides, as plain data. Two of them decide how runs are made: `own_draws` (false: cells with chance of their own
        share their draws of the parameters all the same) and `extra` (an extra output).
    parameters : str
        Where draws come from: prior, or posterior (the calibrated parameters; the others from their priors).
    own_chance : bool
        Every cell has chance of its own in place of the same in all: for emulators, which must not learn the luck of one year.
    """

    kind: str
    name: str
    question: str
    cells: tuple[Cell, ...]
    baseline: Scenario
    baseline_roster: Roster | None = None
    estimand: Estimand = "transition"
    years: float = 3.0
    warm_up_weeks: float = 4.0
    seed: int = 20250407
    point: bool = False
    per_draw: int = 2
    block: int = 4
    limit: int = 400
    holidays: frozenset[int] = frozenset()
    measures: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    parameters: Source = "prior"
    own_chance: bool = False

    def __post_init__(self) -> None:
        names = [cell.name for cell in self.cells]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two cells of a study are named {twice!r}")

    def key(self, run: int) -> tuple[int, int]:
        """Draw and replication of run number `run` of any cell."""
        return (POINT if self.point else run // self.per_draw, run)

    def job(self, cell: int, run: int, *, cache: str = "") -> Job:
        """Run number `run` of a cell; `cache` is the folder of saved starts."""
        chosen = self.cells[cell]
        draw, replication = self.key(run)
        own = chosen.baseline
        return Job(
            scenario=chosen.scenario, draw=draw, replication=replication, seed=self.seed, estimand=self.estimand,
            years=self.years if chosen.years is None else chosen.years, own=cell if self.own_chance else -1,
            own_draw=self.own_chance and bool(self.settings.get("own_draws", True)), extra=str(self.settings.get("extra", "")),
            warm_up_weeks=self.warm_up_weeks, baseline=self.baseline if own is None else own, roster=chosen.roster,
            baseline_roster=self.baseline_roster if own is None else None, holidays=self.holidays, cache=cache,
            parameters=self.parameters, tables=False,
        )  # fmt: skip

    def runs_of(self, piece: Piece) -> range:
        """Run numbers of a piece."""
        return range(piece.block * self.block, (piece.block + 1) * self.block)

    def pieces(self, wanted: Mapping[int, int]) -> list[Piece]:
        """Pieces that hold so many runs of each cell (rounded up to whole pieces), cell by cell.

        Parameters
        ----------
        wanted : mapping of int to int
            Runs by place of the cell.
        """
        return [Piece(cell, block) for cell, runs in sorted(wanted.items()) for block in range(-(-runs // self.block))]

    def plain(self) -> dict[str, Any]:
        """The study as JSON data, from which `of_plain` makes an equal one."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "name": self.name,
            "question": self.question,
            "cells": [
                {
                    "name": cell.name,
                    "scenario": cell.scenario.model_dump(mode="json"),
                    "roster": cell.roster,
                    "baseline": None if cell.baseline is None else cell.baseline.model_dump(mode="json"),
                    "factors": dict(cell.factors),
                    **({} if cell.years is None else {"years": cell.years}),
                }
                for cell in self.cells
            ],
            "baseline": self.baseline.model_dump(mode="json"),
            "baseline_roster": self.baseline_roster,
            "estimand": self.estimand,
            "years": self.years,
            "warm_up_weeks": self.warm_up_weeks,
            "seed": self.seed,
            "point": self.point,
            "per_draw": self.per_draw,
            "block": self.block,
            "limit": self.limit,
            "holidays": sorted(self.holidays),
            "measures": list(self.measures),
            "settings": dict(self.settings),
            "parameters": self.parameters,
            "own_chance": self.own_chance,
        }

    @classmethod
    def of_plain(cls, data: Mapping[str, Any]) -> Study:
        """A study from its plain form.

        Raises
        ------
        ValueError
            When the form is of another version or does not hold a study.
        """
        if data.get("format") != FORMAT:
            raise ValueError(f"study of format {data.get('format')!r}; this version reads format {FORMAT}")
        cells = tuple(
            Cell(
                name=cell["name"],
                scenario=_scenario(cell["scenario"]),
                roster=_roster(cell["roster"]),
                baseline=None if cell["baseline"] is None else _scenario(cell["baseline"]),
                factors=cell["factors"],
                years=cell.get("years"),
            )
            for cell in data["cells"]
        )
        return cls(
            kind=data["kind"], name=data["name"], question=data["question"], cells=cells, baseline=_scenario(data["baseline"]),
            baseline_roster=_roster(data["baseline_roster"]), estimand=data["estimand"], years=data["years"],
            warm_up_weeks=data["warm_up_weeks"], seed=data["seed"], point=data["point"], per_draw=data["per_draw"],
            block=data["block"], limit=data["limit"], holidays=frozenset(data["holidays"]), measures=tuple(data["measures"]),
            settings=data["settings"], parameters=data["parameters"], own_chance=data["own_chance"],
        )  # fmt: skip

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the plain form with the versions of model and ledger: equal exactly when every number must be."""
        from .folder import versions

        return fingerprint({"study": self.plain(), **versions(self.parameters)})


def _scenario(data: Mapping[str, Any]) -> Scenario:
    """A scenario from the JSON that it was dumped to."""
    import json

    return Scenario.model_validate_json(json.dumps(data))


def _roster(rows: Any) -> Roster | None:
    return None if rows is None else [(int(day), str(shift), str(role), str(staff)) for day, shift, role, staff in rows]
