"""Which parameters of the ledger move what: rank correlations over wards with every parameter drawn from its prior.

    calibration/influence.csv             a row a parameter, the most influential first
    calibration/influence.json            how it was made: model, ledger, runs, what rank correlations come about by chance

One run a draw: what is asked is which of some hundreds of unknowns matter, not by how much exactly. A correlation counts when it is larger than the largest of
99.9% of made-up parameters that do nothing; influence is the mean over outcomes of the squares of those that count, on targets or on
headline measures, whichever is more. A parameter without one is not told from chance: it may matter, but less than others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wardsim.experiments.results import csv_bytes, json_bytes, write_whole
from wardsim.scenario.shipped import shipped

from .headline import ASKED
from .inference import Array, CalibrationError
from .ledger_view import ABOUT, TABLE

if TYPE_CHECKING:
    from wardsim.experiments.executor import Executor, Task
    from wardsim.experiments.study.session import Progress
    from wardsim.parameters import Ledger

COLUMNS = (
    "rank", "parameter", "influence", "told_from_chance", "on_targets", "strongest_target", "its_correlation", "on_headline",
    "strongest_headline", "its_correlation_with_headline",
)  # fmt: skip
MADE_UP = 10_000
"""Parameters that do nothing, drawn to see what chance gives."""
BY_CHANCE = 0.999
"""Share of them whose largest correlation is below what counts: of some 480 parameters without effect less than one is taken for more."""
LEAST_VALUES = 0.8
"""Share of runs with a value below which an outcome is left out."""


@dataclass(frozen=True)
class Effort:
    """How the wards are run.

    Attributes
    ----------
    draws : int
        Draws of all parameters, one run each.
    years : float
        Years measured; a year, since figures on training are of the last year.
    burn_in_weeks, warm_up_weeks : int
    seed : int
    """

    draws: int = 300
    years: float = 1.0
    burn_in_weeks: int = 8
    warm_up_weeks: int = 2
    seed: int = 20250407

    def ward_years(self) -> float:
        """Simulated years, run-in included."""
        return self.draws * (self.years + (self.burn_in_weeks + self.warm_up_weeks) / 52.18)


@dataclass(frozen=True)
class Influence:
    """What was found.

    Attributes
    ----------
    names : tuple of str
        Parameters.
    outcomes : tuple of str
        Measures, those of targets first.
    targets : int
        How many of them are of targets.
    rho : array of float, shape (parameters, outcomes)
        Rank correlations.
    runs : int
        Runs with values.
    by_chance : float
        Absolute correlation that the largest of a parameter without effect exceeds in one case of a thousand.
    """

    names: tuple[str, ...]
    outcomes: tuple[str, ...]
    targets: int
    rho: Array
    runs: int
    by_chance: float

    def part(self, j: int, which: slice) -> tuple[float, str, float]:
        """Mean squared correlation of a parameter with some outcomes (those that count), the strongest, and its correlation."""
        rho = self.rho[j, which]
        strongest = int(np.argmax(np.abs(rho)))
        share = float(np.where(np.abs(rho) > self.by_chance, rho**2, 0.0).mean())
        return share, self.outcomes[which][strongest], float(rho[strongest])

    def rows(self) -> list[tuple[Any, ...]]:
        """Rows of the table, the most influential first: by the larger of the influence on targets and on headline measures."""
        of_targets, of_headline = slice(0, self.targets), slice(self.targets, None)
        found = []
        for j, name in enumerate(self.names):
            a, b = self.part(j, of_targets), self.part(j, of_headline)
            told = bool(np.abs(self.rho[j]).max() > self.by_chance)
            found.append((max(a[0], b[0]), float(np.abs(self.rho[j]).max()), (name, max(a[0], b[0]), told, *a, *b)))
        found.sort(key=lambda row: (-row[0], -row[1], row[2][0]))
        return [(rank, *row) for rank, (_, _, row) in enumerate(found, start=1)]


def correlations(drawn: Array, values: Array) -> Array:
    """Rank correlations of columns, shape (parameters, outcomes); 0 for what does not vary."""
    from scipy.stats import rankdata

    def standard(x: Array) -> Array:
        ranked = np.apply_along_axis(rankdata, 0, x)
        away = ranked - ranked.mean(axis=0)
        length = np.sqrt((away**2).sum(axis=0))
        return np.where(length > 0, away / np.where(length > 0, length, 1.0), 0.0)

    found = np.zeros((drawn.shape[1], values.shape[1]))
    for k in range(values.shape[1]):
        good = np.isfinite(values[:, k])
        found[:, k] = standard(drawn[good]).T @ standard(values[good, k : k + 1])[:, 0]
    return found


def influence_of(names: Sequence[str], drawn: Array, outcomes: Sequence[str], targets: int, values: Array, seed: int) -> Influence:
    """Influence from draws and outcomes.

    Parameters
    ----------
    names : sequence of str
        Parameters.
    drawn : array of float, shape (runs, parameters)
    outcomes : sequence of str
        Those of targets first.
    targets : int
        How many are of targets.
    values : array of float, shape (runs, outcomes)
        NaN where a run has no value.
    seed : int
        Of the made-up parameters.
    """
    known = np.isfinite(values).mean(axis=0)
    keep = [k for k in range(values.shape[1]) if known[k] >= LEAST_VALUES]
    if not keep:
        raise CalibrationError("no outcome has a value in four of five runs; see the runs that failed")
    nothing = np.random.default_rng([seed, 163]).uniform(size=(len(drawn), MADE_UP))
    by_chance = float(np.quantile(np.abs(correlations(nothing, values[:, keep])).max(axis=1), BY_CHANCE))
    runs = int(np.isfinite(values[:, keep]).any(axis=1).sum())
    return Influence(
        tuple(names), tuple(outcomes[k] for k in keep), sum(k < targets for k in keep), correlations(drawn, values[:, keep]), runs, by_chance
    )


def run(
    folder: Path,
    effort: Effort,
    *,
    executor: Executor | None = None,
    task: Task | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    calibration: Path | None = None,
) -> Influence:
    """Run the wards and work it out; runs are kept in `folder`, and an interrupted one goes on."""
    from wardsim.experiments.calendar import holidays_around
    from wardsim.experiments.job import simulate
    from wardsim.experiments.study.cells import Cell, Study
    from wardsim.experiments.study.session import Session
    from wardsim.parameters import Ledger

    from .published import PublishedJudge
    from .reading import scenario_of
    from .targets import load_targets

    place = calibration or shipped("calibration")
    ledger, targets = Ledger.load(place), load_targets(place)
    ward = scenario_of(targets, "baseline").scenario
    ward = ward.model_copy(update={"start": ward.start.model_copy(update={"burn_in_weeks": effort.burn_in_weeks})})
    of_targets = tuple(dict.fromkeys(o.measure for o in PublishedJudge.of(targets).looked_at if o.setting == "baseline"))
    outcomes = (*of_targets, *(name for name in ASKED if name not in of_targets))
    study = Study(
        kind="calibrate", name="influence of every parameter", question="", cells=(Cell("baseline", ward),), baseline=ward, estimand="steady",
        years=effort.years, warm_up_weeks=effort.warm_up_weeks, seed=effort.seed, per_draw=1, block=2, limit=effort.draws,
        holidays=holidays_around(ward, (), effort.years, effort.warm_up_weeks), measures=outcomes,
    )  # fmt: skip
    with Session(study, folder, executor=executor, task=task or simulate, on_progress=on_progress) as session:
        session.need({0: effort.draws})
        runs = session.runs()
    columns = [runs.column(0, name) for name in outcomes]
    drawn = [ledger.draw(effort.seed, int(d)) for d in columns[0].draw]
    names = sorted(name for name in ledger.names() if ledger[name].prior.dist != "fixed")
    matrix = np.array([[draw[name] for name in names] for draw in drawn], dtype=np.float64)
    values = np.column_stack([column.value for column in columns])
    return influence_of(names, matrix, outcomes, len(of_targets), values, effort.seed)


def keep(found: Influence, effort: Effort, ledger: Ledger, out: Path) -> None:
    """Write table and manifest, the manifest last."""
    from wardsim.experiments.results import fingerprint
    from wardsim.experiments.start import model_hash, version
    from wardsim.parameters.posterior import priors_identity

    rows = [tuple(float(f"{x:.4g}") if isinstance(x, float) else x for x in row) for row in found.rows()]
    about = {
        "what": "Rank correlations of every parameter of the ledger with the outcomes of targets and the headline measures, over wards "
        "with all parameters drawn from their priors.",
        "wardsim": version(), "model": model_hash(), "ledger": fingerprint(priors_identity(ledger))[:16], "runs": found.runs,
        "years": effort.years, "burn_in_weeks": effort.burn_in_weeks, "warm_up_weeks": effort.warm_up_weeks, "seed": effort.seed,
        "correlation_by_chance": round(found.by_chance, 4), "outcomes_of_targets": list(found.outcomes[: found.targets]),
        "headline_measures": list(found.outcomes[found.targets :]),
    }  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / TABLE, csv_bytes(COLUMNS, rows))
    write_whole(out / ABOUT, json_bytes(about))
