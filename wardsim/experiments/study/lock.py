"""One writer a folder. The lock belongs to the operating system: it is free as soon as its holder is gone, however it went."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..results import FolderError, json_bytes, write_whole

MAIN = "study"
"""Lock of a folder as a whole."""
_PATIENCE_S = 0.15
"""How long a lock is waited for that somebody may only be looking at."""


class FolderBusyError(FolderError):
    """Somebody else works in the folder.

    Parameters
    ----------
    folder : path
        Of the study.
    holder : mapping
        Who: pid, host, started, command.
    """

    exit_code = 1

    def __init__(self, folder: Path, holder: dict[str, Any]) -> None:
        super().__init__(folder, holder)
        self.folder = folder
        self.holder = holder

    def __str__(self) -> str:
        who = "another process"
        if self.holder:
            who = "process {pid} on {host} (`{command}`, since {started})".format_map(_Known(self.holder))
        return f"{self.folder} is in use by {who}; wait until it has ended, or end it"


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


class FolderLock:
    """The right to write in a folder.

    Parameters
    ----------
    folder : Path
        Exists.
    name : str
        Of the lock; its file is `.NAME.lock`, and `.NAME.json` beside it says who holds it.
    """

    def __init__(self, folder: Path, name: str = MAIN) -> None:
        from filelock import FileLock

        self._folder = folder
        self._path = folder / f".{name}.lock"
        self._holder = folder / f".{name}.json"
        self._lock = FileLock(str(self._path), thread_local=False)

    def acquire(self) -> None:
        """Take it.

        Raises
        ------
        FolderBusyError
            When somebody has it.
        FolderError
            When the folder cannot be locked.
        """
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=_PATIENCE_S, poll_interval=0.01)
        except Timeout:
            raise FolderBusyError(self._folder, self.holder()) from None
        except (OSError, NotImplementedError) as error:
            reason = getattr(error, "strerror", None) or error
            raise FolderError(f"cannot lock {self._folder}: {reason}") from None
        try:
            write_whole(self._holder, json_bytes(_myself()))
        except BaseException as error:
            self._lock.release()
            if isinstance(error, OSError):
                raise FolderError(f"cannot write to {self._folder}: {error.strerror or error}") from None
            raise

    def release(self) -> None:
        """Give it back; harmless when it was not taken."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._holder.unlink(missing_ok=True)
            self._lock.release()

    def holder(self) -> dict[str, Any]:
        """Who has it, as far as is known."""
        try:
            found = json.loads(self._holder.read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def held(self) -> bool:
        """Whether somebody has it now."""
        if not self._path.exists():
            return False
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=_PATIENCE_S, poll_interval=0.01)
        except Timeout:
            return True
        self._lock.release()
        return False


def _myself() -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join([Path(sys.argv[0]).name or "python", *sys.argv[1:]])[:200],
    }
