"""Later parts of the report: targets that are not met, truths recovered, structures."""

from __future__ import annotations

import math

from wardsim.experiments.shown import change_of, changes_of, label
from wardsim.measures import MEASURES

from .found import Found
from .page import Block, Heading, Table, Text
from .sbc import LEVELS
from .structures import APART, Judged


def failing(found: Found) -> list[Block]:
    """Targets that the calibrated ward does not meet, and those that could not be fitted."""
    history = found.calibrated.history
    out: list[Block] = []
    failing = [p for p in found.predicted if not p.inside]
    if failing:
        out += [
            Heading("Targets that are not met", 3),
            Text(
                "The ward cannot give these figures together with the others, discrepancy allowed. Out of reach: no parameters within their priors come "
                "within three standard deviations, so the target was compared and not fitted. The last column is what the targets file, written before any "
                "fitting, says against the figure or of its sources."
            ),
            Table(
                ("target", "published", "simulated", "simulated / published", "out of reach", "on record before fitting"),
                [
                    (found.named(p.target), p.published, p.mean, p.mean / p.published if p.published else float("nan"),
                     p.target in history.aside, found.notes.get(p.target, ""))
                    for p in failing
                ],
            ),
        ]  # fmt: skip
    met = [found.named(name) for name in history.aside if name not in {p.target for p in failing}]
    if met:
        out.append(
            Text(
                f"Not fitted either, as out of reach after the first wave, though inside the interval in the end: {'; '.join(met)}."
            )
        )
    if history.unvalued:
        names = "; ".join(found.named(name) for name in history.unvalued)
        out.append(Text(f"Neither fitted nor compared, since too few runs had a value: {names}."))
    return out


def moved_of(found: Found) -> list[Block]:
    """How far known faults of the targets file would move the posterior."""
    if not found.moved:
        return []
    return [
        Heading("Known faults of the targets, and how far they move the posterior"),
        Text(
            "Figures of one study that count as independent, and a figure that is passed through another channel than its study's. Draws of the posterior are "
            "weighted by what the changed targets make of them on the emulators; no ward is run. The mean that moves most, in posterior standard deviations, plus or "
            "minus two standard errors by the number of draws. The true correlations are not known: 0.5 and 0.9 are tried."
        ),
        Table(
            ("changed", "effective share of the draws", "mean that moves most", "by (posterior SD)", "variance that changes most", "times"),
            [(m.what, f"{m.share:.0%}", found.named(m.parameter), f"{m.shift:+.2f} ± {2 * m.error:.2f}", found.named(m.wider), f"{m.variance:.2f}") for m in found.moved],
        ),
    ]  # fmt: skip


def checks_of(found: Found) -> list[Block]:
    """Simulation-based calibration."""
    out: list[Block] = []
    for check in found.checks:
        p = check.p_values()
        out += [
            Heading(f"Known truths recovered, figures from the {check.on}"),
            Text(
                f"{len(check)} truths drawn from the prior. Ranks of the truths are {'' if check.uniform() else 'NOT '}uniform (1% false alarms over "
                f"all parameters). Least effective draws of an inference: {check.ess.min():.0f}."
                " Bounds are figures and weights 1 in checks."
            ),
            Table(
                ("parameter", *(f"in {level:.0%}" for level in LEVELS), "p, chi-square", "p, Kolmogorov-Smirnov"),
                [
                    (found.named(name), *(int(check.covered(level)[j]) for level in LEVELS), *p[name])
                    for j, name in enumerate(check.names)
                ],
            ),
        ]
    return out


def structures_of(found: Found) -> list[Block]:
    """Structures and their answers."""
    if not found.structures:
        return []
    out: list[Block] = [
        Heading("Structures"),
        Text(
            "Logarithm of the Bayes factor against the model with all mechanisms on, plus or minus two standard errors of its computation. Beyond "
            f"{APART:g} (20 to 1) the targets tell two structures apart. {_verdict(found)} {BIAS}"
        ),
        Table(
            ("structure", "log Bayes factor", "told apart", "ruled out"),
            [(_named(j), f"{j.factor:+.2f} ± {2 * j.error:.2f}", j.told_apart, j.ruled_out) for j in found.structures],
        ),
    ]  # fmt: skip
    asked = [j for j in found.structures if j.answers]
    for question in asked[0].answers if asked else ():
        measures = list(asked[0].answers[question])
        out += [
            Heading(f"What {question} does, under every structure not ruled out", 3),
            Text(ANSWERS),
            Table(
                ("structure", *(_heading(name) for name in measures)),
                [
                    (
                        _named(j),
                        *(
                            _answer(k, *j.answers[question][k])
                            for k in measures
                        ),
                    )
                    for j in asked
                ],
            ),
        ]
    return out


BIAS = (
    "Not in the error: a structure is judged on emulators of its difference from the whole model, from few points; what they do not know widens its likelihood "
    "and not that of the whole model, and what they get wrong is in its factor. Factors of a few tenths say nothing."
)
ANSWERS = (
    "Estimand transition: the year after the change, option less baseline. Mean and 95% range over six rows of the structure's own posterior, two runs "
    "each; all parameters that are not calibrated, among them the sizes of all effects, stand at their point values. So few rows show whether a "
    "structure turns an answer round; they are no finding of one cell, of so many cells some exclude nothing by accident, and rows are not to be compared."
)


def _verdict(found: Found) -> str:
    """Whether the targets tell any structure from the whole model, in words."""
    others = found.structures[1:]
    apart = [_named(j) for j in others if j.told_apart or j.ruled_out]
    if apart:
        return f"Told apart: {'; '.join(apart)}."
    return f"None of the {len(others)} is told apart: these targets do not say which mechanisms exist."


def _named(judged: Judged) -> str:
    """A structure in words."""
    return judged.structure.name.replace("_", " ")


def _answer(name: str, mean: float, low: float, high: float) -> str:
    """A difference with its interval, in the digits of its measure; the interval is not known where too few rows have a value."""
    measure = MEASURES[name]
    if not math.isfinite(mean):
        return "no value"
    known = changes_of(measure, low, high) if math.isfinite(low) else "interval not known"
    return f"{change_of(measure, mean)} ({known})"


def _heading(name: str) -> str:
    return label(MEASURES[name])
