"""The same runs on many machines, through a Dask scheduler.

Batches are handed out a few more than there are workers, and their results taken as they come. When a worker dies the scheduler
gives its batch to another one; a batch that takes several workers with it is handed out again job by job, and a job that does so
again is recorded as failed. Every batch carries the version of the model, so that machines with another one are found out and
nothing of theirs is mixed in.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import count
from typing import Any

from .executor import Batch, Results, Task, died, work
from .job import Job, RunResult
from .plan import cores
from .start import measures_hash, model_hash, version
from .threads import THREADS

PATIENCE_S = 120.0
"""How long to wait for a worker when there is none."""
CONNECT_S = 10
"""How long a scheduler may take to answer."""
_LOOK_S = 2.0
_AHEAD = 2
"""Batches waiting beyond those being worked on."""


class ClusterError(RuntimeError):
    """The cluster cannot be used."""


_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?(?:\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):([0-9]{1,5})/?")


def checked_address(address: str) -> str:
    """An address, if it has the form of one.

    Raises
    ------
    ClusterError
        When it has not.
    """
    found = _ADDRESS.fullmatch(address)
    if address != "local" and (found is None or not 0 < int(found[1]) < 1 << 16):
        raise ClusterError(f"{address!r} is no address of a scheduler; it is tcp://host:port (or tls, ws, wss), host:port, or `local`")
    return address


class Cluster:
    """Workers of a Dask scheduler.

    Parameters
    ----------
    address : str
        Of the scheduler (`tcp://host:port`), or `local` for one on this machine.
    workers : int, optional
        Processes of a local one; left out: one a processor.
    patience : float
        Seconds to wait for a worker when there is none.

    Raises
    ------
    ClusterError
        When the address has not the form of one, Dask is not installed, or the scheduler does not answer.
    """

    def __init__(self, address: str, workers: int | None = None, *, patience: float = PATIENCE_S) -> None:
        checked_address(address)
        self._patience = patience
        self._cluster: Any = None
        self._number = count()
        self._client: Any = None
        try:
            dask: Any = import_module("distributed")
        except ImportError:
            raise ClusterError("a cluster needs Dask: pip install 'wardsim[cluster]'") from None
        self._dask = dask
        if address == "local":
            self._cluster = dask.LocalCluster(
                n_workers=workers or cores(), threads_per_worker=1, processes=True, dashboard_address=None,
                env=dict.fromkeys(THREADS, "1"), silence_logs=50,
            )  # fmt: skip
        client = dask.Client.__new__(dask.Client)  # in two steps, so that one that gets nowhere can be closed
        try:
            client.__init__(self._cluster or address, timeout=CONNECT_S, set_as_default=False)
            self._client = client
        except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
            _abandon(client)
            self.close()
            raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from None

    def run(self, batches: Iterable[Batch | None], task: Task) -> Results:
        """Yield key and results of each batch as it finishes."""
        source = iter(batches)
        again: deque[Batch] = deque()
        suspects: deque[Batch] = deque()
        alone: set[Hashable] = set()
        parts = _Parts()
        running: dict[Any, Batch] = {}
        try:
            while True:
                # Whoever may have ended its worker is tried with nothing beside it: another one cannot be to blame then.
                room = (0 if running else 1) if suspects else self._room()
                while len(running) < room:
                    batch = suspects.popleft() if suspects else again.popleft() if again else next(source, None)
                    if batch is None:
                        break
                    running[self._submit(batch, task)] = batch
                    if batch.key in alone:
                        break
                if not running:
                    return
                for future in self._finished(running):
                    batch = running.pop(future)
                    results = self._results(future)
                    if results is None and len(batch.jobs) > 1:
                        again.extend(parts.split(batch))
                        continue
                    if results is None and batch.key not in alone:
                        alone.add(batch.key)
                        suspects.append(batch)
                        continue
                    whole = parts.put(batch, results or [died(batch.jobs[0])])
                    if whole is not None:
                        yield whole
        finally:
            for future in running:
                future.cancel(force=True)

    def close(self) -> None:
        """Leave the scheduler; end the workers of a local one."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(TimeoutError, OSError):
                client.close(timeout=1)
        if self._cluster is not None:
            with suppress(TimeoutError, OSError):
                self._cluster.close(timeout=1)
            self._cluster = None

    def _room(self) -> int:
        threads = sum(int(n) for n in self._client.nthreads().values())
        return max(1, threads) + _AHEAD

    def _submit(self, batch: Batch, task: Task) -> Any:
        return self._client.submit(
            checked,
            batch.jobs,
            task,
            (version(), model_hash(), measures_hash()),
            key=f"wardsim-{id(self)}-{next(self._number)}",
            pure=False,
        )

    def _finished(self, running: Iterable[Any]) -> Iterator[Any]:
        """Those that are done, at least one; waits no longer than the patience for workers."""
        alone = time.monotonic()
        while True:
            try:
                with self._client.as_current():
                    return iter(self._dask.wait(list(running), timeout=_LOOK_S, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                pass
            if self._client.nthreads():
                alone = time.monotonic()
            elif time.monotonic() - alone > self._patience:
                raise ClusterError(f"the cluster has had no worker for {self._patience:g} seconds")

    def _results(self, future: Any) -> list[RunResult] | None:
        """Results of a batch; None when it took its workers with it."""
        from concurrent.futures import CancelledError

        try:
            found: list[RunResult] = future.result()
        except self._dask.KilledWorker:
            return None
        except (CancelledError, OSError) as error:
            if self._client.status != "running":
                raise ClusterError(f"the Dask scheduler is gone: {error}") from None
            return None
        except OtherVersionError as error:
            raise ClusterError(str(error)) from None
        except ImportError as error:
            raise ClusterError(f"a worker of the cluster cannot import what it needs: {error}") from None
        return found


def _abandon(client: Any) -> None:
    """Close a client that did not get through to its scheduler; left alone it would wait for it once more when it is thrown away."""
    with suppress(AttributeError, OSError, RuntimeError):
        client.close(timeout=1)
    client.status = "closed"


class _Parts:
    """Results of batches that were handed out again job by job."""

    def __init__(self) -> None:
        self._parts: dict[Hashable, dict[int, RunResult]] = {}
        self._size: dict[Hashable, int] = {}

    def split(self, batch: Batch) -> list[Batch]:
        """One batch for each job."""
        self._parts[batch.key], self._size[batch.key] = {}, len(batch.jobs)
        return [Batch(_Part(batch.key, i), (job,)) for i, job in enumerate(batch.jobs)]

    def put(self, batch: Batch, results: list[RunResult]) -> tuple[Hashable, list[RunResult]] | None:
        """Key and results of a batch that is whole now."""
        key = batch.key
        if not isinstance(key, _Part):
            return key, results
        parts = self._parts[key.of]
        parts[key.number] = results[0]
        if len(parts) < self._size[key.of]:
            return None
        del self._parts[key.of]
        return key.of, [parts[i] for i in range(self._size.pop(key.of))]


class _Part:
    def __init__(self, of: Hashable, number: int) -> None:
        self.of, self.number = of, number


class OtherVersionError(RuntimeError):
    """A worker has another version of the model."""


def checked(jobs: tuple[Job, ...], task: Task, expected: tuple[str, str, str]) -> list[RunResult]:
    """Work of a worker, if it has the version that is expected."""
    own = (version(), model_hash(), measures_hash())
    if own != expected:
        raise OtherVersionError(
            f"a worker of the cluster has wardsim {own[0]} (model {own[1]}, measures {own[2]}), "
            f"this is {expected[0]} (model {expected[1]}, measures {expected[2]})"
        )
    return work(jobs, task)
