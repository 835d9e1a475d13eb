"""How a run tells of its progress: a bar on a terminal, plain lines elsewhere, nothing when nobody wants it."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .output import Output

if TYPE_CHECKING:
    from wardsim.experiments.plan import Plan
    from wardsim.experiments.replicate import Progress, Request

SECONDS_BETWEEN_LINES = 10.0


class Teller:
    """Says what will be run and how far it is.

    Parameters
    ----------
    out : Output
        Where to say it.
    request : Request
        What is run.
    wanted : bool
        False: say the plan only.
    """

    def __init__(self, out: Output, request: Request, wanted: bool) -> None:
        self._out = out
        self._request = request
        self._wanted = wanted and not out.quiet and not out.as_json
        self._bar: Any = None
        self._task: Any = None
        self._last = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def plan(self, plan: Plan) -> None:
        """Say how many runs there will be, how long they take and what they leave on disk."""
        request = self._request
        runs = f"{plan.runs} run{'s' if plan.runs != 1 else ''}"
        if not request.point:
            runs += f" ({plan.draws} parameter draw{'s' if plan.draws != 1 else ''} x {plan.per_draw})"
        length = "1 year" if request.years == 1 else f"{request.years:g} years"
        where = "1 process" if plan.processes == 1 else f"{plan.processes} processes"
        self._out.say(f"{runs} of {length} on {where}: {span(plan.seconds)}, {size(plan.bytes)} on disk")
        if self._wanted and terminal():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=plan.runs)
            self._bar.start()
        self._last = time.monotonic()

    def progress(self, progress: Progress) -> None:
        """Say how far it is."""
        if not self._wanted:
            return
        note = ""
        if progress.mean is not None and progress.half_width is not None:
            note = f"assaults per 1,000 bed days {progress.mean:.1f} ± {progress.half_width:.1f}"
        if progress.failed:
            note += f", {progress.failed} failed"
        if self._bar is not None:
            self._bar.update(self._task, completed=progress.done, description=note)
            return
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_LINES and progress.done < progress.total:
            self._last = now
            left = span(progress.seconds_left)
            self._out.say(f"{progress.done} of {progress.total} runs, {left} left{'; ' + note if note else ''}")


def terminal() -> bool:
    """Whether somebody watches a terminal that can redraw a line."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM", "") != "dumb"


def span(seconds: float) -> str:
    """A time in words."""
    if seconds < 1.5:
        return "about a second"
    if seconds < 90:
        return f"about {seconds:.0f} seconds"
    if seconds < 5400:
        return f"about {seconds / 60:.0f} minutes"
    return f"about {seconds / 3600:.1f} hours"


def size(count: float) -> str:
    """A size in words."""
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
