"""Every benchmark in one command, each figure beside what it is compared with, as ratios.

    python benchmarks/run.py                 # all; a quarter of an hour on an idle machine
    python benchmarks/run.py --quick         # the same with short runs
    python benchmarks/run.py --only toy --only memory
    python benchmarks/run.py --write         # also to benchmarks/results.md
    python benchmarks/run.py --source-only   # without the compiled build, which is otherwise made first where there is a C compiler

CPU time, medians of at least five repeats, the compared things in turn. Peers are optional: `pip install wardsim[bench]`.
Ends with an error if the engines of the toy ward do not agree.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import compiled  # noqa: E402
from benchmarks.report import Finding  # noqa: E402
from wardsim import __version__ as wardsim_version  # noqa: E402

SECTIONS = {
    "kernel": "benchmarks.kernel",
    "toy": "benchmarks.toy_engines",
    "growth": "benchmarks.growth",
    "parallel": "benchmarks.parallel",
    "memory": "benchmarks.memory",
}
LEAST = 5
PACKAGES = ("simpy", "numpy", "salabim", "ciw", "cimba", "numba")


def machine() -> str:
    """Where and with what this was measured."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        models = [line.split(":", 1)[1].strip() for line in information.read_text().splitlines() if line.startswith("model name")]
        model = models[0] if models else model
    versions = [f"wardsim {wardsim_version}"]
    for name in PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            versions.append(f"{name} not installed")
    return (
        f"{datetime.now():%Y-%m-%d}; {model}, {os.cpu_count()} cores, {platform.system()};"
        f" Python {platform.python_version()}; {', '.join(versions)}."
    )


def load() -> str:
    """How busy the machine is, its own work included."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def build(source_only: bool) -> None:
    """Make the compiled build to measure beside this one, or say why there is none."""
    compiled.left_out = source_only
    why = "--source-only" if source_only else compiled.can()
    if not why:
        try:
            compiled.make()
        except SystemExit as error:
            why = str(error)
    if why:
        print(f"Without a compiled build: {why}", flush=True)


def main() -> int:
    """Measure, print, and write if asked."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="short runs: the same tables, wider ranges")
    options.add_argument("--repeats", type=int, default=LEAST, help=f"repeats of every measurement, at least {LEAST}")
    options.add_argument("--only", action="append", choices=tuple(SECTIONS), help="one section; may be given again")
    options.add_argument("--write", action="store_true", help="write benchmarks/results.md")
    options.add_argument("--source-only", action="store_true", help="leave the compiled build out")
    chosen = options.parse_args()
    if chosen.repeats < LEAST:
        options.error(f"medians are of at least {LEAST} repeats")

    length = "short runs" if chosen.quick else "full runs"
    text = [f"{machine()} {chosen.repeats} repeats, {length}."]
    print(text[0], flush=True)
    build(chosen.source_only)
    wrong: list[str] = []
    for name in chosen.only or SECTIONS:
        report: Callable[[int, bool], Finding] = import_module(SECTIONS[name]).report
        before, begin = load(), perf_counter()
        found = report(chosen.repeats, chosen.quick)
        took = f"Took {perf_counter() - begin:.0f} s; load of the machine {before} before, {load()} after."
        section = f"\n## {found.title}\n\n{found.text}\n\n{took}"
        print(section, flush=True)
        text.append(section)
        wrong += found.wrong
    if wrong:
        text.append("\n## NOT IN AGREEMENT\n\n" + "\n".join(f"- {line}" for line in wrong))
        print(text[-1], file=sys.stderr, flush=True)
    if chosen.write:
        head = "# Benchmarks: the last run\n\nWritten by `python benchmarks/run.py --write`. Trust ratios; seconds belong to the machine.\n\n"
        (ROOT / "benchmarks" / "results.md").write_text(head + "\n".join(text) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
