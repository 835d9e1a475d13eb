"""Ctrl-C and a request to terminate while a study runs: out within two seconds, and what is finished stays.

The first signal ends the work in hand. A second one, or a second and a half that was not enough, ends the process where it stands:
whatever is written is written whole, workers end with their parent, and the lock is the operating system's. All this is for a process
that is the command. Where a command was called from Python, signals and process belong to somebody else: Ctrl-C comes as it does
there, any number of times, and nothing else is touched.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from wardsim.experiments.quoted import quoted

from .output import INTERRUPTED, STOPPED, Failure

GRACE_S = 1.5
"""Seconds for the orderly way out."""
OWN_PROCESS = "the process is the command"
"""Object of the outermost click context where it is."""


@contextmanager
def stopping(folder: Path, again: str = "", lost: str = "") -> Iterator[None]:
    """Turn an interruption of the block into a message and an exit code.

    Parameters
    ----------
    folder : Path
        Of the study.
    again : str
        What goes on with it, in words; left out: `wardsim resume`.
    lost : str
        Why nothing stays of what was finished, and what would keep it; left out: it stays.

    Raises
    ------
    Failure
        Exit code 3 when there is something to resume, 130 when there is nothing.
    """
    signals = _Signals(folder, again, lost)
    signals.listen()
    try:
        yield
    except KeyboardInterrupt:
        signals.out = True
        message, code = signals.words()
        raise Failure(message, code) from None
    finally:
        signals.end()


class _Signals:
    def __init__(self, folder: Path, again: str, lost: str) -> None:
        self.out = False
        self._again = again
        self._lost = lost
        self._folder = folder
        self._came = False
        self._timer: threading.Timer | None = None
        self._before: dict[int, Any] = {}

    def listen(self) -> None:
        """Take over the signals; without effect in a thread, and where the process is not the command's own."""
        if _own_process() and threading.current_thread() is threading.main_thread():
            self._before = {n: signal.signal(n, self._first) for n in (signal.SIGINT, signal.SIGTERM)}

    def end(self) -> None:
        """Give the signals back, unless the process is on its way out: then further ones change nothing."""
        if self._timer is not None:
            self._timer.cancel()
        for number, handler in self._before.items():
            # on the way out a further signal has nothing left to stop; Python would give it back to the system, which kills
            signal.signal(number, signal.SIG_IGN if self._came else handler)

    def words(self) -> tuple[str, int]:
        """What to say, and the exit code."""
        if self._lost:
            return f"interrupted; {self._lost}", INTERRUPTED
        if resumable(self._folder):
            return f"stopped; what is finished is kept: {self._again or f'`wardsim resume {quoted(self._folder)}`'} goes on", STOPPED
        return "interrupted; nothing was finished", INTERRUPTED

    def _first(self, number: int, frame: Any) -> NoReturn:
        self._came = True
        for other in self._before:
            signal.signal(other, self._second)
        self._timer = threading.Timer(GRACE_S, self._leave)
        self._timer.daemon = True
        self._timer.start()
        raise KeyboardInterrupt

    def _second(self, number: int, frame: Any) -> None:
        self._leave()

    def _leave(self) -> None:
        message, code = self.words()
        if not self.out:
            with suppress(OSError):
                os.write(2, f"wardsim: {message}\n".encode())
        os._exit(code)


def _own_process() -> bool:
    """Whether the command was called from a command line and not from Python."""
    context = click.get_current_context(silent=True)
    return context is not None and context.find_root().obj == OWN_PROCESS


def resumable(folder: Path) -> bool:
    """Whether a folder, or any in it (a calibration has one a wave), holds finished runs."""
    with suppress(OSError):
        return any(folder.rglob("*.piece")) or any(folder.rglob("runs.parquet"))
    return False
