"""What a study will take, from counting alone, so that an absurd one is refused at once."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from wardsim.scenario.studies.schema import OptionsFile, PopulationFile, SensitivityFile
from wardsim.scenario.studies.study_file import StudyFile

from ..errors import CannotError
from ..plan import BYTES_FIXED, BYTES_PER_RUN, BYTES_STATE, cores, slowdown
from ..population.study import wards_of
from ..study.cells import Study
from .parameters import count_rows
from .points import count

MOST_CELLS = 20_000
MOST_SECONDS = 30 * 86_400.0
"""A month of this machine."""
MOST_BYTES = 100e9
SECONDS_PER_WARD_YEAR = 1.0
"""Simulated on one usual processor; used until a run has been timed."""
RUNS = 60
"""Runs of a cell that a usual precision takes; used when the file gives neither a number nor a budget."""


class TooLargeError(CannotError):
    """A study that is legal but absurdly large.

    Parameters
    ----------
    message : str
        How large, and what to do.
    """


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a study will take.

    Attributes
    ----------
    cells : int
        Wards.
    runs : int
        Runs of all of them.
    seconds : float
        Time, all processes at work.
    bytes : float
        Disk.
    exact : bool
        Whether the number of runs is fixed; else it depends on the precision reached.
    """

    cells: int
    runs: int
    seconds: float
    bytes: float
    exact: bool


def estimate(study: StudyFile | Study, seconds_per_run: float | None = None, processes: int | None = None) -> Estimate:
    """Count the cells and runs of a study, and say what they take; nothing is built or run.

    Parameters
    ----------
    study : StudyFile or Study
        A file as read, or the study made from it.
    seconds_per_run : float, optional
        From a run that was timed; left out: a usual second a simulated year, burn-in included.
    processes : int, optional
        At work side by side; left out: one a processor.
    """
    many = max(1, processes or cores())
    if isinstance(study, Study):
        cells, given = len(study.cells), study.settings.get("replications")
        budget, per_draw = study.settings.get("budget_runs"), study.per_draw
        years, burn_in, estimand = study.years, study.baseline.start.burn_in_weeks / 52.18, study.estimand
        starts = len({id(cell.baseline) for cell in study.cells})
    else:
        content = study.content
        cells, given, budget, per_draw = cells_of(study), content.replications, content.budget_runs, content.per_draw
        years, burn_in = content.measured_years, study.base.scenario.start.burn_in_weeks / 52.18
        estimand, starts = content.estimand, _starts(study)
    windows = _windows(years, estimand)
    each = given if given is not None else RUNS
    runs = cells * each
    if given is None and budget is not None:
        runs = min(runs, max(budget, cells * per_draw))
    if seconds_per_run is None:
        # the state at time zero is made once for each draw and replication, and shared by all cells with the same baseline
        shared = burn_in * min(1.0, starts / max(1, min(cells, 10**9))) if estimand == "transition" else burn_in
        seconds_per_run = SECONDS_PER_WARD_YEAR * (years + shared)
    waves = -(-runs // many)
    seconds = float(min(waves, 10**15)) * seconds_per_run * slowdown(many)
    size = BYTES_FIXED + float(min(runs, 10**15)) * BYTES_PER_RUN * windows + min(each, 10**9) * BYTES_STATE
    return Estimate(cells, runs, seconds, size, given is not None)


def cells_of(file: StudyFile) -> int:
    """Number of cells of the study that a file describes (one more when the reference is no point of it), without making them."""
    content = file.content
    if isinstance(content, SensitivityFile):
        wards = count_rows(content, len(file.ranges)) * (2 if file.options else 1)
    elif isinstance(content, OptionsFile):
        wards = 1 + len(file.options)
    elif isinstance(content, PopulationFile):
        wards = wards_of(content)
    else:
        wards = count(file)
    return wards * (1 + len(content.mechanisms))


def _starts(file: StudyFile) -> int:
    """Different wards before the change: one for each form of the model, and for each point of a design over parameters."""
    content = file.content
    rows = count_rows(content, len(file.ranges)) if isinstance(content, SensitivityFile) else 1
    return rows * (1 + len(content.mechanisms))


def refuse_absurd(
    study: StudyFile | Study, allow_large: bool = False, seconds_per_run: float | None = None
) -> Estimate:
    """The estimate of a study, refused when it is absurd.

    Raises
    ------
    TooLargeError
        More than 20,000 cells, a month of this machine, or 100 GB, and not allowed to be.
    """
    found = estimate(study, seconds_per_run)
    if not allow_large and (found.cells > MOST_CELLS or found.seconds > MOST_SECONDS or found.bytes > MOST_BYTES):
        name = study.path if isinstance(study, StudyFile) else study.name
        raise TooLargeError(
            f"{name}: {_many(found.cells)} wards and {_many(found.runs)} runs would take about {in_words(found.seconds)} and "
            f"{_size(found.bytes)}; give fewer levels, points or replications, or allow it with --allow-large"
        )
    return found


def in_words(seconds: float) -> str:
    """A time for people, no more exact than it is known."""
    for size, name in ((365.25 * 86_400, "year"), (86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            value = seconds / size
            rounded = ceil(value) if value < 10 else float(f"{value:.2g}")
            return f"{rounded:,.0f} {name}s" if value < 1e6 else f"more than a million {name}s"
    whole = max(1, round(seconds))
    return f"{whole} second{'s' if whole > 1 else ''}"


def _many(number: int) -> str:
    return f"{number:,}" if number < 10**12 else "more than a million million"


def _size(number: float) -> str:
    return f"{number / 1e9:,.1f} GB" if number < 1e15 else "more disk than there is"


def _windows(years: float, estimand: str) -> int:
    """Rows of measures that one run leaves: the whole period, and its quarters after a change."""
    return 1 + (max(1, round(years * 4)) if estimand == "transition" else 0)
