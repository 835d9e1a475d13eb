"""History matching: waves of runs, each where the one before has not ruled the parameters out.

A wave is designed, run, emulated (all runs so far together) and judged: a point is ruled out when its rank-th highest
implausibility over the targets is above three. The waves end when the emulators know more than the targets do. Design and
outcomes of a wave are written to its folder, whole or not at all; a wave that is there is taken up and not run again, and
since numbers are written exactly, what follows is the same to the byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wardsim.experiments.results import fingerprint, write_whole
from wardsim.experiments.sensitivity.design import space_filling

from .inference import Array, CalibrationError, Judge, Runs, Simulator, joined, scores, shares
from .plausible import Region, Rule, out_of_reach, region, spread_out
from .quick import quick
from .surrogate import HeldBack, Surrogate, build, held_back, unknown

FORMAT = 1


@dataclass(frozen=True)
class Waves:
    """How waves are made.

    Attributes
    ----------
    first, later : int
        Points of a wave a parameter.
    most : int
        Most waves.
    candidates : int
        Points of the prior looked at to find what is not ruled out.
    edge : float
        Share of a design just beyond what is not ruled out: emulators are worst at the rim.
    rank : tuple of int
        Which highest implausibility decides, wave by wave (the last for the rest): strict only when emulators are good.
    enough, worst : float
        The waves end when the emulator's standard deviation is so small a part of the target's: median over the targets, and
        for the worst of them.
    seed : int
        Of designs.
    """

    first: int = 20
    later: int = 12
    most: int = 3
    candidates: int = 16384
    edge: float = 0.15
    rank: tuple[int, ...] = (3, 3, 2)
    enough: float = 0.25
    worst: float = 0.75
    seed: int = 20250407

    def rule(self, wave: int) -> Rule:
        """Rule of a wave (the first is 1)."""
        return Rule(self.rank[min(wave, len(self.rank)) - 1])


@dataclass(frozen=True)
class Wave:
    """What one wave did.

    Attributes
    ----------
    number, points, failed : int
        Its number, its points, those whose runs failed.
    share : float
        Share of the prior not ruled out by the emulators of all runs so far.
    tried : int
        Points of the prior looked at for it.
    ratio : dict of str to float
        Emulator against target standard deviation, by target: median over what is not ruled out.
    unseen : list of HeldBack
        How well the emulators of the waves before predicted this one's runs; none for the first.
    """

    number: int
    points: int
    failed: int
    share: float
    tried: int
    ratio: dict[str, float]
    unseen: list[HeldBack]

    def plain(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)


@dataclass(frozen=True)
class History:
    """All waves.

    Attributes
    ----------
    waves : list of Wave
    runs : Runs
        Of all waves.
    surrogate : Surrogate
        Emulators of all runs.
    region : Region
        What is not ruled out.
    stopped : str
        Why no further wave was made.
    judge : Judge
        The targets that are fitted: without those of the next two.
    aside : dict of str to float
        Targets out of reach after the first wave: no point of the prior comes within three standard deviations. Least implausibility of each.
        They would rule everything out and drag the posterior to a corner, so they are compared and not fitted.
    unvalued : tuple of str
        Targets whose outcome has too few values to be emulated.
    """

    waves: list[Wave]
    runs: Runs
    surrogate: Surrogate
    region: Region
    stopped: str
    judge: Judge
    aside: dict[str, float]
    unvalued: tuple[str, ...]


Tell = Callable[[str], None]


def match(
    simulator: Simulator,
    judge: Judge,
    settings: Waves,
    folder: Path | None = None,
    *,
    extra: Array | None = None,
    processes: int = 1,
    tell: Tell = lambda _: None,
) -> History:
    """Run the waves.

    Parameters
    ----------
    simulator : Simulator
        Makes outcomes.
    judge : Judge
        Published figures.
    settings : Waves
        How.
    folder : Path, optional
        Where waves are kept; left out: nowhere.
    extra : array of float, optional
        Variance that parameters which are not calibrated add to each outcome.
    processes : int
        For emulators.
    tell : callable
        Told in words how far it is.

    Raises
    ------
    CalibrationError
        When nothing is left, or the folder holds waves of another calibration.
    """
    d = len(simulator.problem)
    design = space_filling(simulator.problem, settings.first * d, settings.seed, "lhs").unit
    parts: list[Runs] = []
    waves: list[Wave] = []
    surrogate: Surrogate | None = None
    left: Region | None = None
    aside: dict[str, float] = {}
    unvalued: tuple[str, ...] = ()
    while True:
        number = len(waves) + 1
        tell(f"wave {number}: {len(design)} points")
        runs = stored_run(simulator, design, folder, f"wave-{number}")
        good = runs.usable()
        if good.mean() < 0.5:
            raise CalibrationError(
                f"wave {number}: {int((~good).sum())} of {len(good)} points have no outcomes; see the runs in {folder}"
            )
        unseen = held_back(surrogate, runs) if surrogate is not None else []
        parts.append(runs)
        every = joined(parts)
        tell(f"wave {number}: emulators of {len(every)} points")
        surrogate = build(
            simulator.problem, simulator.operators, every, start=surrogate, extra=extra, processes=processes
        )
        lost = _unvalued(judge, unknown(simulator.operators, every))
        if lost:
            tell(f"wave {number}: too few values of {', '.join(lost)}: left out")
            judge, unvalued = judge.without(lost), (*unvalued, *lost)
        copy = quick(
            surrogate, near=None if left is None else left.inside, seed=settings.seed + number, threads=processes
        )
        if number == 1:
            aside = out_of_reach(copy, judge, candidates=settings.candidates, seed=settings.seed)
            judge = judge.without(list(aside))
            for name, least in aside.items():
                tell(
                    f"wave 1: {name} is out of reach: nothing in the prior comes within 3 SD (least {least:.1f}); compared, not fitted"
                )
        if not judge.names:
            raise CalibrationError(
                "no target is left that can be reached; look at the published figures beside the pilot runs"
            )
        rule = settings.rule(number)
        left = region(
            copy, judge, rule, candidates=settings.candidates, wanted=max(512, 4 * settings.later * d), seed=settings.seed + number,
        )  # fmt: skip
        ratio = certainty(surrogate, judge, left.inside)
        waves.append(Wave(number, len(runs), int((~good).sum()), left.share, left.tried, ratio, unseen))
        middle, worst = float(np.median(list(ratio.values()))), max(ratio.values())
        tell(
            f"wave {number}: {_share(left)} of the prior not ruled out; emulator against target, standard deviations: "
            f"median {middle:.2f}, worst {worst:.2f}"
        )
        if number > 1 and middle <= settings.enough and worst <= settings.worst:
            return History(
                waves, every, surrogate, left, "the emulators know more than the targets", judge, aside, unvalued
            )
        if number >= settings.most:
            return History(waves, every, surrogate, left, f"{settings.most} waves were allowed", judge, aside, unvalued)
        design = _next(left, settings, every)


def _unvalued(judge: Judge, outcomes: Sequence[str]) -> tuple[str, ...]:
    """Targets that look at outcomes of these names."""
    gone = {judge.operators.index(name) for name in outcomes}
    return tuple(name for name, k in zip(judge.names, judge.looks_at, strict=True) if k in gone)


def certainty(surrogate: Surrogate, judge: Judge, z: Array) -> dict[str, float]:
    """Emulator against target standard deviation by target: median over points."""
    _, variance = surrogate.predict(z[:1024])
    own = np.sqrt(np.maximum(variance - surrogate.extra, 0.0))[:, judge.looks_at]
    ratio = np.median(own, axis=0) / judge.spread()
    return {name: float(r) for name, r in zip(judge.names, ratio, strict=True)}


def stored_run(simulator: Simulator, unit: Array, folder: Path | None, label: str) -> Runs:
    """Outcomes of a design, from its file if they are there.

    Raises
    ------
    CalibrationError
        When the file belongs to another design or another model.
    """
    if folder is None:
        return simulator.run(unit, None, label)
    path = folder / f"{label}.json"
    key = fingerprint(
        {"format": FORMAT, "what": simulator.identity(), "unit": unit.tolist(), "operators": simulator.operators}
    )
    if path.is_file():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["key"] != key:
                raise CalibrationError(
                    f"{path} holds {label} of another calibration (model, targets, priors or settings differ); give another folder"
                )
            return Runs(*(_array(kept[name]) for name in ("unit", "mean", "noise")))
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, CalibrationError):
                raise
            path.unlink()  # not whole: made again
    folder.mkdir(parents=True, exist_ok=True)
    runs = simulator.run(unit, folder, label)
    kept = {
        "label": label,
        "key": key,
        "what": simulator.identity(),
        "parameters": simulator.problem.names,
        "operators": simulator.operators,
        "unit": _plain(runs.unit),
        "mean": _plain(runs.mean),
        "noise": _plain(runs.noise),
    }
    write_whole(path, (json.dumps(kept, allow_nan=False) + "\n").encode())
    return runs


def _plain(x: Array) -> list[list[float | None]]:
    """Numbers that JSON gives back exactly; None for those that are none."""
    return [[v if np.isfinite(v) else None for v in row] for row in x.tolist()]


def _array(rows: Sequence[Sequence[float | None]]) -> Array:
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=np.float64)


def _next(left: Region, settings: Waves, runs: Runs) -> Array:
    d = runs.unit.shape[1]
    number = settings.later * d
    rim = min(round(settings.edge * number), len(left.edge))
    taken = scores(runs.unit)
    inside = spread_out(left.inside, number - rim, taken)
    edge = spread_out(left.edge, rim, np.vstack([taken, inside])) if rim else left.edge[:0]
    return shares(np.vstack([inside, edge]))


def _share(left: Region) -> str:
    if left.share * left.tried < 20:
        return f"{left.share:.2%} ({round(left.share * left.tried)} of {left.tried} points)"
    return f"{left.share:.1%}"
