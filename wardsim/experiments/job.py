"""One job: scenario x parameter draw x replication, simulated and measured. Everything here also runs in worker
processes, so nothing heavy is imported.

The chain: draw the parameters, condition them on what is known of the ward, find or make the start, run the ward,
measure. A failure at any link is data (stage, seed, what went wrong), not a crash of the experiment.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from wardsim.measures.columns import Columns
from wardsim.parameters.posterior import Source
from wardsim.scenario.schema import Scenario
from wardsim.ward.core.clock import WEEK, YEAR
from wardsim.ward.core.facts import Facts
from wardsim.ward.core.memory import seldom_collecting

from .threads import one_thread

Estimand = Literal["steady", "transition"]
Parameters = dict[str, float]
Roster = list[tuple[int, str, str, str]]

POINT = -1
"""Draw number of the point parameters."""
QUARTER = YEAR / 4
SOLVED_FOR_BASELINE = (
    "flow.referrals_per_week", "flow.stay_scale", "incidents.local_scale", "incidents.local_assault_scale",
)  # fmt: skip
"""Parameters solved from local facts or occupancy. After a change they stay those of the baseline: the change alters
the ward, not the need around it."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one worker is asked to simulate.

    Attributes
    ----------
    scenario : Scenario
        What runs.
    draw : int
        Number of the parameter draw; -1 for the point values.
    replication : int
        Keys every stream of chance together with the seed.
    seed : int
        Root seed.
    estimand : str
        steady or transition.
    years : float
        Years measured.
    warm_up_weeks : float
        Weeks simulated after time zero and not measured (steady only).
    baseline : Scenario, optional
        Ward before the change: the need is solved for it, and (transition) its saved state is the start; left out: the scenario
        itself.
    roster, baseline_roster : list, optional
        Given rosters of the two.
    holidays : frozenset of int
        Day numbers of public holidays.
    events : bool
        Whether to bring back the event log.
    cache : str
        Folder of saved starting states; "" for none.
    parameters : str
        Where the draw comes from: prior, or posterior (the calibrated parameters; the others from their priors).
    own : int
        Number of a ward with chance of its own beside others with the same seed and replication; -1: shares theirs.
    own_draw : bool
        Whether it has its own draw of the parameters too.
    extra : str
        Extra output to bring back (see `extra`); "" for none.
    tables : bool
        Whether to bring back the finer counts of `tables`.
    """

    scenario: Scenario
    draw: int
    replication: int
    seed: int
    estimand: Estimand = "steady"
    years: float = 1.0
    warm_up_weeks: float = 4.0
    baseline: Scenario | None = None
    roster: Roster | None = None
    baseline_roster: Roster | None = None
    holidays: frozenset[int] = frozenset()
    events: bool = False
    cache: str = ""
    parameters: Source = "prior"
    own: int = -1
    own_draw: bool = False
    extra: str = ""
    tables: bool = True

    @property
    def chance(self) -> int:
        """Root of the streams of chance."""
        return self.seed if self.own < 0 else own_seed(self.seed, self.own)

    @property
    def key(self) -> tuple[int, int]:
        """Draw and replication: where the result belongs."""
        return self.draw, self.replication

    @property
    def measured(self) -> tuple[float, float]:
        """First and last minute measured."""
        start = self.warm_up_weeks * WEEK if self.estimand == "steady" else 0.0
        return start, start + self.years * YEAR

    def windows(self) -> list[tuple[float, float]]:
        """The measured period, then (transition only) its quarters; a last piece shorter than half a quarter joins
        the one before."""
        start, end = self.measured
        whole = [(start, end)]
        if self.estimand == "steady" or end - start < 1.5 * QUARTER:
            return whole
        n = max(1, round((end - start) / QUARTER))
        return whole + [(start + i * QUARTER, start + (i + 1) * QUARTER if i < n - 1 else end) for i in range(n)]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run has no result.

    Attributes
    ----------
    stage : str
        parameters, start, ward, measures, tables, or process (the worker itself died).
    seed, draw, replication : int
        What to run to see it again.
    error : str
        Kind of error and its message, one line.
    traceback : str
        Where in the package, innermost last; without folders of this machine.
    """

    stage: str
    seed: int
    draw: int
    replication: int
    error: str
    traceback: str


@dataclass(slots=True)
class RunResult:
    """What one job brought back.

    Attributes
    ----------
    draw, replication : int
        Key.
    failure : Failure or None
        Set if the run failed; everything else is then empty.
    names : tuple of str
        Measures, in the order of the registry.
    values : array, shape (windows, measures, 3)
        Value, numerator, denominator.
    missing : dict of str to str
        Why a measure has no value over the whole period.
    drift : dict of str to float
        Change a year of slow quantities over the measured period, as a share of their mean (steady only).
    counts : dict of tuple to float
        Finer sums by (table, row, metric); see `tables`.
    exposures : dict of str to float
        What they are out of.
    parameters : dict of str to float
        As used, after conditioning.
    events : list of tuple
        Event log, if asked for.
    extra : array, shape (rows, columns)
        Extra output, if asked for.
    seconds : float
        Time taken.
    """

    draw: int
    replication: int
    failure: Failure | None = None
    names: tuple[str, ...] = ()
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0, 3)))
    missing: dict[str, str] = field(default_factory=dict)
    drift: dict[str, float] = field(default_factory=dict)
    counts: dict[tuple[str, ...], float] = field(default_factory=dict)
    exposures: dict[str, float] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=dict)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    extra: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))
    seconds: float = 0.0

    @property
    def key(self) -> tuple[int, int]:
        """Draw and replication."""
        return self.draw, self.replication


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is composed of; tests put simpler parts in place.

    Attributes
    ----------
    draw : callable(seed, draw) -> dict
        Parameters of one draw.
    condition : callable(scenario, parameters) -> dict
        Parameters given what is known of the ward.
    ward : callable
        `Ward` or something of its signature.
    measure : callable(columns, scenario, parameters, windows, holidays=) -> list of dict
        For each window values by measure name, each with value, numerator, denominator and reason.
    posterior : callable(seed, draw) -> dict, optional
        Calibrated parameters of one draw.
    """

    draw: Callable[[int, int], Mapping[str, float]]
    condition: Callable[[Scenario, Mapping[str, float]], Parameters]
    ward: Callable[..., Any]
    measure: Callable[..., Sequence[Mapping[str, Any]]]
    posterior: Callable[[int, int], Mapping[str, float]] | None = None


@cache
def shipped_parts() -> Parts:
    """The parts of the package: ledger, conditioning, ward, measures."""
    from wardsim.measures import measure_windows
    from wardsim.parameters import Ledger
    from wardsim.parameters.conditioning import condition
    from wardsim.parameters.posterior import shipped_posterior
    from wardsim.ward.ward import Ward

    return Parts(Ledger.load().draw, condition, Ward, measure_windows, lambda *key: shipped_posterior().draw(*key))


def simulate(job: Job, parts: Parts | None = None) -> RunResult:
    """Simulate and measure one job.

    Parameters
    ----------
    job : Job
        What to run.
    parts : Parts, optional
        Left out: those of the package.

    Returns
    -------
    RunResult
        With `failure` set if any stage raised.
    """
    begun = time.perf_counter()
    result = RunResult(job.draw, job.replication)
    stage = ["parameters"]
    with seldom_collecting(), one_thread():
        try:
            _fill(result, job, parts or shipped_parts(), stage)
        except Exception as error:
            result = failed(job, stage[0], error)
    result.seconds = time.perf_counter() - begun
    return result


def failed(job: Job, stage: str, error: BaseException) -> RunResult:
    """A result that says why there is none."""
    message = " ".join(f"{type(error).__name__}: {error}".split())
    return RunResult(
        job.draw, job.replication, Failure(stage, job.seed, job.draw, job.replication, message, _where(error))
    )


def drawn_by(job: Job, parts: Parts) -> Mapping[str, float]:
    """Parameters of the draw of a job, before anything is known of its ward."""
    root = job.chance if job.own_draw else job.seed
    drawn = parts.draw(root, job.draw)
    if job.parameters == "posterior" and job.draw != POINT:
        if parts.posterior is None:
            raise ValueError("there is no posterior to draw from")
        drawn = {**drawn, **parts.posterior(root, job.draw)}
    return drawn


def parameters_of(job: Job, parts: Parts) -> tuple[Parameters, Parameters]:
    """Parameters of the scenario and of its baseline, conditioned; what is solved for the baseline holds for both."""
    drawn = drawn_by(job, parts)
    own = parts.condition(job.scenario, drawn)
    if job.baseline is None or job.baseline is job.scenario:
        return own, own
    before = parts.condition(job.baseline, drawn)
    kept = {name: before[name] for name in SOLVED_FOR_BASELINE if name in before}
    return {**own, **kept}, before


def _fill(result: RunResult, job: Job, parts: Parts, stage: list[str]) -> None:
    from .drift import nursing_posts
    from .start import saved_start

    parameters, before = parameters_of(job, parts)
    _, end = job.measured
    state: dict[str, Any] | None = None
    begin = 0.0
    if job.estimand == "transition":
        stage[0] = "start"
        state = saved_start(job, before, parts.ward)
    else:
        begin = -job.scenario.start.burn_in_weeks * WEEK
    stage[0] = "ward"
    ward = parts.ward(
        job.scenario, parameters, job.chance, job.replication, begin=begin, until=end, start=state, given_roster=job.roster,
        holidays=job.holidays,
    )  # fmt: skip
    facts = ward.run()
    try:
        _measure(result, job, parts, parameters, facts, nursing_posts(ward), stage)
    finally:
        facts.clear()


def _measure(
    result: RunResult, job: Job, parts: Parts, parameters: Parameters, facts: Facts, posts: list[tuple[float, float]], stage: list[str]
) -> None:
    """Turn the facts of a run into values, tables, and the event log if it was asked for."""
    from .drift import drift_of
    from .events import event_log
    from .tables import tables_of

    start, end = job.measured
    stage[0] = "measures"
    columns = Columns(facts)
    windows = parts.measure(columns, job.scenario, parameters, job.windows(), holidays=job.holidays)
    result.names = tuple(windows[0])
    result.values = np.array(
        [[(v.value, v.numerator, v.denominator) for v in window.values()] for window in windows], dtype=np.float64
    ).reshape(len(windows), len(result.names), 3)
    result.missing = {name: v.reason for name, v in windows[0].items() if v.reason}
    stage[0] = "tables"
    if job.tables:
        result.counts, result.exposures = tables_of(columns, start, end)
    if job.estimand == "steady":
        result.drift = drift_of(columns, posts, start, end)
    if job.extra:
        from .extra import extra_of

        result.extra = extra_of(job.extra).make(columns, start, end)
    if job.events:
        result.events = event_log(facts, job.scenario.ward.beds, job.replication, end)
    result.parameters = parameters


def own_seed(seed: int, ward: int) -> int:
    """Root of the streams of one ward among many, 0 to 2**63 - 1."""
    return int.from_bytes(blake2b(f"{seed} {ward}".encode(), digest_size=8).digest()) >> 1


def _where(error: BaseException) -> str:
    """Frames of the traceback as `package/file.py:line in function`, so that the text is the same on every machine."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        parts = Path(frame.filename).parts
        at = next(
            (i for i in range(len(parts) - 1, -1, -1) if parts[i] in ("wardsim", "site-packages", "tests")),
            len(parts) - 1,
        )
        lines.append(f"{'/'.join(parts[at:])}:{frame.lineno} in {frame.name}")
    return "\n".join(lines)
