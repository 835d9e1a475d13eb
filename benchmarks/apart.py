"""One measurement in a process of its own, so that no engine warms, fills or disturbs another.

    python -m benchmarks.apart benchmarks.growth:years '{"seed": 1}'

runs a function with keyword arguments and prints what it returns as one line of JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MARK = "measured: "


class MeasurementError(RuntimeError):
    """The process of a measurement ended without a result."""


def apart(function: str, /, build: Path | None = None, **arguments: Any) -> Any:
    """Call `module:function` in a new process of this Python and return its answer (plain data).

    Parameters
    ----------
    function : str
        What to call.
    build : Path, optional
        Folder of another build of wardsim, used in place of the one installed.
        It goes to the head of the path before anything of wardsim is imported.
    arguments
        Plain data.

    Raises
    ------
    MeasurementError
        With what the process said.
    """
    command = [sys.executable, "-m", "benchmarks.apart", function, json.dumps(arguments), *([] if build is None else [str(build)])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **threads}, check=False)
    for line in reversed(done.stdout.splitlines()):
        if line.startswith(MARK):
            return json.loads(line.removeprefix(MARK))
    raise MeasurementError(f"{function} {arguments}: exit code {done.returncode}\n{done.stdout}{done.stderr}")


def spin(rounds: int) -> float:
    """A bare loop of a kernel's kind, heap and closures; CPU seconds."""
    from heapq import heappop, heappush

    begin = process_time()
    heap: list[tuple[float, int]] = [(float(i), i) for i in range(100)]
    for n in range(rounds):
        time, i = heappop(heap)
        heappush(heap, (time + 1.0 + (n * 7919 % 101) / 101.0, i))
    return process_time() - begin


if __name__ == "__main__":
    sys.path[:0] = sys.argv[3:]
    for build in sys.argv[3:]:  # a module of benchmarks that the build has compiled too
        __path__ = importlib.import_module("benchmarks").__path__
        __path__.insert(0, str(Path(build) / "benchmarks"))
    module, _, name = sys.argv[1].partition(":")
    answer = getattr(importlib.import_module(module), name)(**json.loads(sys.argv[2]))
    print(MARK + json.dumps(answer), flush=True)
