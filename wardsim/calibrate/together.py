"""How far the posterior would move if the targets file said otherwise where it is known to be at fault: by weighting its draws, no ward is run.

Some figures come from one study and count as independent, which makes what they have in common count too much; one figure is passed through a
channel that its study did not use. To mend either undoes the posterior, so that it waits for the next fit. What it would do is known before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .inference import Array, Judge
from .published import PublishedJudge
from .quick import predict
from .sampling import Sampled
from .surrogate import Surrogate

DRAWS = 4000
"""Of the posterior, most that are weighted."""
BATCHES = 10
"""Parts of the draws from which the chance of a shift is found."""
GROUPS = {
    "mean stay, FC001 with FC002 to FC004": ("flow.stay_2023", "flow.stay_2014_2019"),
    "restraint and seclusion on 136 wards, INC054 with INC056": ("containment.restraint", "containment.seclusion"),
    "a review of restraint, INC060 with INC061": ("containment.restraint_review", "containment.restraint_minutes"),
    "staff time per incident, INC176 twice": ("incidents.staff_time", "incidents.staff_time_nursing"),
}
"""Figures of one study or series that the targets file takes as independent."""
JOINED = ("containment.talked_down", "conseq")
"""INC068, of the same case notes as the other figures of that study."""
CORRELATIONS = (0.5, 0.9)
SYDNEY = "incidents.victims_sydney"
"""INC036, recorded for research and passed through the incident system."""
POINTS = (-10.0, 10.0)
"""By which the mix of what is reported might differ from that of what was recorded, percentage points."""


@dataclass(frozen=True)
class Moved:
    """The posterior under other targets.

    Attributes
    ----------
    what : str
        The change.
    share : float
        Effective share of the draws.
    parameter : str
        Whose mean moves most.
    shift, error : float
        By how many posterior standard deviations, and the standard error of that.
    wider : str
        Parameter whose variance changes most, in logarithms.
    variance : float
        By how many times.
    """

    what: str
    share: float
    parameter: str
    shift: float
    error: float
    wider: str
    variance: float


def alternatives(judge: PublishedJudge) -> dict[str, PublishedJudge]:
    """The targets changed where they are known to be at fault, by what is changed; what a judge lacks is left as it is."""
    found: dict[str, PublishedJudge] = {}
    whole = {rho: _joined(judge, (JOINED[0],), JOINED[1]) for rho in CORRELATIONS}
    once = whole[CORRELATIONS[0]]
    for at, (words, names) in enumerate(GROUPS.items()):
        for rho in CORRELATIONS:
            found[f"{words}: errors correlated by {rho:g}"] = _together(judge, names, f"group_{at}", rho)
            whole[rho] = _together(whole[rho], names, f"group_{at}", rho)
        found[f"{words}: counted once, half a weight each"] = _weighed(judge, names, 0.5)
        once = _weighed(once, names, 0.5)
    found["INC068 correlated with the other figures of its case notes as they are with each other"] = _joined(judge, (JOINED[0],), JOINED[1])
    for rho, changed in whole.items():
        found[f"all of these, groups correlated by {rho:g}"] = changed
    found["all of these, each group counted once"] = once
    found["FC134 left out, which looks at the same measure as FC133"] = judge.without(["physical.ecg"])
    found["INC036 left out"] = judge.without([SYDNEY])
    for points in POINTS:
        found[f"INC036 read {points:+g} percentage points"] = replace(
            judge, targets=tuple(t.with_published(t.published + points) if t.id == SYDNEY else t for t in judge.targets)
        )
    return found


def moved(
    surrogate: Surrogate, judge: Judge, sampled: Sampled, instead: Mapping[str, Judge], *, processes: int = 1
) -> list[Moved]:
    """Weight draws of the posterior by what other targets would make of them.

    Parameters
    ----------
    surrogate, judge, sampled
        Emulators, targets and posterior.
    instead : mapping of str to Judge
        Other targets by what is changed; their outcomes are those of the judge.
    processes : int
    """
    if not instead:
        return []
    z = sampled.equally(min(DRAWS, len(sampled.z)))
    mean, variance = predict(surrogate, z, processes)
    before = judge.log_density(mean, variance)
    return [_moved(what, surrogate.problem.names, z, other.log_density(mean, variance) - before) for what, other in instead.items()]


def _moved(what: str, names: tuple[str, ...], z: Array, log: Array) -> Moved:
    w = np.exp(log - log.max())
    w /= w.sum()
    sd = z.std(axis=0)
    shift = (w @ z - z.mean(axis=0)) / sd
    ratio = (w @ z**2 - (w @ z) ** 2) / sd**2
    k, q = int(np.argmax(np.abs(shift))), int(np.argmax(np.abs(np.log(ratio))))
    parts = [slice(b, None, BATCHES) for b in range(BATCHES)]
    each = [float(w[p] @ z[p, k] / w[p].sum() - z[p, k].mean()) / float(sd[k]) for p in parts]
    error = float(np.std(each, ddof=1)) / BATCHES**0.5
    return Moved(what, float(1 / (w**2).sum() / len(w)), names[k], float(shift[k]), error, names[q], float(ratio[q]))


def _joined(judge: PublishedJudge, names: tuple[str, ...], study: str) -> PublishedJudge:
    targets = tuple(t.model_copy(update={"study": study}) if t.id in names else t for t in judge.targets)
    return replace(judge, targets=targets)


def _together(judge: PublishedJudge, names: tuple[str, ...], study: str, correlation: float) -> PublishedJudge:
    """The targets as figures of one study more."""
    one = judge.whole.studies[0].model_copy(update={"id": study, "correlation": correlation})
    whole = judge.whole.model_copy(update={"studies": (*judge.whole.studies, one)})
    return replace(_joined(judge, names, study), whole=whole)


def _weighed(judge: PublishedJudge, names: tuple[str, ...], by: float) -> PublishedJudge:
    targets = tuple(
        t.model_copy(update={"weight": t.weight.model_copy(update={"value": by * t.weight.value})}) if t.id in names else t
        for t in judge.targets
    )
    return replace(judge, targets=targets)
