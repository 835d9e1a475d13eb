"""One experiment: a scenario run many times, summarised.

    request -> first run, timed -> plan -> jobs in processes -> collection -> summaries

The terminal is not known here: whoever calls is told of progress and gets an `Outcome`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, field
from math import sqrt

from wardsim.parameters.posterior import Source
from wardsim.scenario.schema import Scenario

from .collect import Collection, Row
from .drift import Drift, verdicts
from .executor import Task
from .intervals import Summary, student_t
from .job import Estimand, Job, Parts, Roster, RunResult, parameters_of, shipped_parts, simulate
from .local import run_jobs
from .plan import Plan, make_plan, run_keys
from .tables import SPECS

TRANSITION_YEARS = 3.0
"""Years followed after a change, unless the scenario or the command line says otherwise."""
WATCHED = "assaults_true_per_1000_obd"
"""Measure whose simulation error is shown while runs come in."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be run.

    Attributes
    ----------
    scenario : Scenario
        With its run section as the command line left it.
    baseline : Scenario, optional
        Ward before the change (transition); left out: the scenario itself.
    roster, baseline_roster : list, optional
        Given rosters.
    holidays : frozenset of int
        Day numbers of public holidays.
    point : bool
        Point parameters instead of draws.
    parameters : str
        Where draws come from: prior, or posterior.
    processes : int, optional
        Worker processes; left out: one a processor.
    events : bool
        Keep the event log of the first run.
    cache : str
        Folder of saved starting states; "" for none.
    """

    scenario: Scenario
    baseline: Scenario | None = None
    roster: Roster | None = None
    baseline_roster: Roster | None = None
    holidays: frozenset[int] = frozenset()
    point: bool = False
    parameters: Source = "prior"
    processes: int | None = None
    events: bool = False
    cache: str = ""

    @property
    def estimand(self) -> Estimand:
        """Which question is answered."""
        return self.scenario.run.estimand

    @property
    def years(self) -> float:
        """Years measured."""
        return years_of(self.scenario)

    def job(self, draw: int, replication: int) -> Job:
        """One run of it."""
        run = self.scenario.run
        return Job(
            scenario=self.scenario, draw=draw, replication=replication, seed=run.seed, estimand=run.estimand, years=self.years,
            warm_up_weeks=run.warm_up_weeks, baseline=self.baseline if run.estimand == "transition" else None, roster=self.roster,
            baseline_roster=self.baseline_roster, holidays=self.holidays, events=self.events and replication == 0, cache=self.cache,
            parameters=self.parameters, extra="day" if replication == 0 else "",
        )  # fmt: skip


def years_of(scenario: Scenario) -> float:
    """Years measured: as set, else one in balance and three after a change."""
    run = scenario.run
    if run.estimand == "transition" and "years" not in run.model_fields_set:
        return TRANSITION_YEARS
    return run.years


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an experiment is.

    Attributes
    ----------
    done, failed, total : int
        Runs.
    seconds_left : float
        Estimated.
    mean, half_width : float or None
        Of the watched measure so far.
    """

    done: int
    failed: int
    total: int
    seconds_left: float
    mean: float | None
    half_width: float | None


@dataclass(slots=True)
class Outcome:
    """What came out.

    Attributes
    ----------
    request : Request
    plan : Plan
    collection : Collection
        All runs.
    measures : dict of str to Summary
        Over the measured period.
    quarters : list of dict
        The same by quarter (transition).
    tables : dict of str to list of Row
        Finer counts.
    drift : dict of str to Drift
        Whether the ward was in balance (steady).
    seconds : float
        Time taken by the runs.
    interrupted : bool
        Stopped from the keyboard; what was finished is here.
    """

    request: Request
    plan: Plan
    collection: Collection
    measures: dict[str, Summary] = field(default_factory=dict)
    quarters: list[dict[str, Summary]] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    drift: dict[str, Drift] = field(default_factory=dict)
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def runs(self) -> int:
        """Runs with a result."""
        return len(self.collection.done)


def check(request: Request, parts: Parts | None = None) -> None:
    """Condition the point parameters on the scenario, so that facts that contradict each other are found before any
    run.

    Raises
    ------
    ValueError
        With a plain message.
    """
    parameters_of(request.job(-1, 0), parts or shipped_parts())


def replicate(
    request: Request,
    *,
    task: Task = simulate,
    on_plan: Callable[[Plan], None] | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Run an experiment and summarise it.

    Parameters
    ----------
    request : Request
        What.
    task : callable
        Simulates one job; importable by workers.
    on_plan, on_progress : callable, optional
        Told once how many runs there will be and how long they take, then of every result.
    """
    asked = request.scenario.run.replications
    collection = Collection(request.point, request.years)
    begun = time.perf_counter()
    first = task(request.job(*run_keys(1, request.point)[0]))
    seconds = time.perf_counter() - begun
    plan = make_plan(
        asked, point=request.point, processes=request.processes, seconds_per_run=seconds,
        saves_starts=bool(request.cache) and request.estimand == "transition",
    )  # fmt: skip
    if on_plan:
        on_plan(plan)
    outcome = Outcome(request, plan, collection)
    watch = _Watch(plan, on_progress)
    collection.add(first)
    watch.saw(first)
    jobs = [request.job(*key) for key in plan.keys if key != first.key]
    runs: Generator[RunResult, None, None] = run_jobs(jobs, plan.processes, seconds_per_run=seconds, task=task)
    try:
        with closing(runs):
            for result in runs:
                watch.saw(result)
                collection.add(result)
    except KeyboardInterrupt:
        outcome.interrupted = True
    outcome.seconds = time.perf_counter() - begun
    summarise_into(outcome)
    return outcome


def summarise_into(outcome: Outcome) -> None:
    """Sort the runs and fill in every summary."""
    from wardsim.measures import MEASURES

    collection = outcome.collection
    collection.finish()
    outcome.measures = collection.measures(MEASURES)
    windows = outcome.request.job(-1, 0).windows()
    outcome.quarters = [
        collection.measures(MEASURES, window, years=outcome.request.years / max(1, len(windows) - 1))
        for window in range(1, collection.windows)
    ]
    outcome.tables = {name: collection.table(name) for name in SPECS} if collection.done else {}
    outcome.drift = verdicts([r.drift for r in collection.done])


class _Watch:
    """Counts results and says how far they are."""

    def __init__(self, plan: Plan, tell: Callable[[Progress], None] | None) -> None:
        self._plan = plan
        self._tell = tell
        self._done = self._failed = 0
        self._begun = time.perf_counter()
        self._values: list[float] = []

    def saw(self, result: RunResult) -> None:
        """Count one result."""
        self._done += 1
        self._failed += result.failure is not None
        if result.failure is None and WATCHED in result.names:
            self._values.append(float(result.values[0, result.names.index(WATCHED), 0]))
        if self._tell is None:
            return
        total = self._plan.runs
        elapsed = time.perf_counter() - self._begun
        pooled = self._done - 1
        left = elapsed / pooled * (total - self._done) if pooled > 3 else self._plan.seconds
        n = len(self._values)
        mean = sum(self._values) / n if n else None
        half = None
        if n > 1 and mean is not None:
            variance = sum((v - mean) ** 2 for v in self._values) / (n - 1)
            half = student_t(0.975, n - 1) * sqrt(variance / n)
        self._tell(Progress(self._done, self._failed, total, left, mean, half))
