"""Peak memory of an experiment against its number of replications, in parent and workers."""

from __future__ import annotations

from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from wardsim.experiments.replicate import Request, replicate
from wardsim.scenario.schema import Scenario

from .apart import apart
from .figures import table
from .report import Finding

FLAT = 1.10


def peak(replications: int, years: float) -> dict[str, float]:
    """Peak resident memory, MB, of this process and of its largest worker, after an experiment through the API."""
    scenario = Scenario.model_validate(
        {
            "name": "baseline",
            "run": {"replications": replications, "years": years, "warm_up_weeks": 0},
            "start": {"burn_in_weeks": 0},
        }
    )
    outcome = replicate(Request(scenario, processes=2))
    if outcome.runs != replications:
        raise RuntimeError(f"{outcome.runs} of {replications} runs have a result")
    return {"parent": getrusage(RUSAGE_SELF).ru_maxrss / 1024.0, "worker": getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024.0}


def report(repeats: int, quick: bool) -> Finding:
    """One fresh process a number of replications (memory does not need repeats)."""
    sizes, years = ((4, 8, 16), 0.1) if quick else ((8, 32, 128), 0.25)
    found = [apart("benchmarks.memory:peak", replications=n, years=years) for n in sizes]
    rows, figures = [], {}
    for who in ("parent", "worker"):
        peaks = [f[who] for f in found]
        ratio = max(peaks) / min(peaks)
        verdict = "flat" if ratio <= FLAT else "not flat"
        rows.append([who, ", ".join(f"{n}: {p:.0f} MB" for n, p in zip(sizes, peaks, strict=True)), f"{ratio:.2f}", verdict])
        figures[f"memory, {who}"] = ratio
    text = table(["", f"peak by replications of {years:g} years", "largest over smallest", f"within {FLAT:.0%}"], rows)
    return Finding("Memory", text, figures)
