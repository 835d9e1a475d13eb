"""The report of a calibration: what was fitted, how well, what it taught, what it left open; tables first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wardsim.experiments.results import csv_bytes, json_bytes

from . import diagnose
from .conduct import Calibrated, Importance
from .found import Found, diagnostics
from .inference import Judge, scores
from .page import Block, Heading, Spans, Table, Text, markdown, page
from .quick import predict, quick, sobol
from .report_more import checks_of, failing, moved_of, structures_of
from .report_shown import TABLE, shown_bytes, shown_of
from .sbc import Check
from .shown import NotFitted
from .structures import Judged
from .together import moved

TITLE = "Calibration of the ward"
FEW_WEIGHED = 20
"""Effective draws of the simulator below which its weights say nothing."""
LEAST = 0.02
"""Left end of the figure of targets, relative to what was published."""


def find(
    calibrated: Calibrated, labels: Mapping[str, str], *, notes: Mapping[str, str] | None = None,
    layers: Mapping[str, str] | None = None, checks: Sequence[Check] = (),
    structures: Sequence[Judged] = (), shown: Sequence[NotFitted] = (), instead: Mapping[str, Judge] | None = None, candidates: int = 8192, processes: int = 1,
) -> Found:  # fmt: skip
    """Work out every diagnostic."""
    judge, compared = calibrated.judge, calibrated.compared
    surrogate, sampled, seed = calibrated.surrogate, calibrated.sampled, calibrated.plan.seed
    good = calibrated.check.good()
    # runs as the last emulators, which have seen them, smooth them: one run holds the chance of one ward, a study that of many
    mean, unsure = predict(surrogate, scores(calibrated.check.unit[good]), processes)
    z = scores(sobol(candidates, len(surrogate.problem), seed))
    copy = quick(surrogate, near=sampled.z, seed=seed, threads=processes)
    rank = calibrated.plan.waves.rule(len(calibrated.history.waves)).rank
    return Found(
        calibrated, judge, labels, diagnose.predicted(compared, compared.natural(mean), mean, unsure, seed),
        diagnose.contractions(surrogate.problem.names, sampled),
        diagnose.taught(surrogate, judge, sampled, copy=copy, seed=seed, processes=processes),
        diagnose.pairs(copy, judge, z, rank), notes or {}, layers or {}, checks, structures, shown,
        moved(surrogate, judge, sampled, instead or {}, processes=processes),
    )  # fmt: skip


def files(found: Found) -> dict[str, bytes]:
    """The files of the report by name."""
    blocks = list(_blocks(found))
    c = found.calibrated
    natural = c.natural
    return {
        "report.md": markdown(blocks),
        "index.html": page(TITLE, blocks),
        "targets.csv": csv_bytes(
            ("target", "published", "published_low", "published_high", "simulated", "low", "high", "low_without_discrepancy",
             "high_without_discrepancy", "inside", "inside_without_discrepancy", "width"),
            [(p.target, p.published, p.published_low, p.published_high, p.mean, p.low, p.high, p.low_without, p.high_without,
              p.inside, p.inside_without, p.width) for p in found.predicted],
        ),
        "parameters.csv": csv_bytes(
            ("parameter", "low", "median", "high", "prior_low", "prior_median", "prior_high", "contraction", "shift", "ess"),
            [(k.name, *map(float, np.quantile(natural[:, j], (0.05, 0.5, 0.95))), *_prior(c, j), k.contraction, k.shift, k.ess)
             for j, k in enumerate(found.contractions)],
        ),
        "diagnostics.json": json_bytes(diagnostics(found)),
        **({TABLE: shown_bytes(found.shown)} if found.shown else {}),
    }  # fmt: skip


def _prior(c: Calibrated, j: int) -> tuple[float, ...]:
    return tuple(map(float, c.surrogate.problem.factors[j].values(np.array([0.05, 0.5, 0.95]))))


def _blocks(found: Found) -> list[Block]:
    c = found.calibrated
    inside, bare = sum(p.inside for p in found.predicted), sum(p.inside_without for p in found.predicted)
    of = len(found.predicted)
    quiet = [found.named(k.name) for k in found.contractions if k.words]
    out: list[Block] = [
        Heading(TITLE, 1),
        Text(
            f"{inside} of {of} published figures lie inside the 95% predictive interval of the calibrated ward, {bare} without the declared "
            f"discrepancy. {len(quiet)} of {len(found.contractions)} calibrated parameters are not informed by these targets; for them the "
            "prior decides" + (f": {'; '.join(quiet)}." if quiet else ".")
        ),
        Text(" ".join((*_wide(found), EFFECTS, *_low_grade(found)))),
        Heading("Published and simulated"),
        Table(
            ("target", "layer", "published", "simulated", "95% of like studies", "without discrepancy", "inside", "width against published"),
            [
                (found.named(p.target), found.layers.get(p.target, ""), f"{ {'lower': '>= ', 'upper': '<= '}.get(p.censoring, '')}{p.published:.3g}", p.mean,
                 f"{p.low:.3g} to {p.high:.3g}", f"{p.low_without:.3g} to {p.high_without:.3g}",
                 "yes" if p.inside_without else "with discrepancy" if p.inside else "NO", p.width)
                for p in found.predicted
            ],
        ),
        Spans(
            "What like studies would have published, relative to what was published (bar: 95%; dot: simulated mean; logarithmic)",
            [_span(found.named(p.target), *(max(x / p.published, LEAST) for x in (p.low, p.high, p.mean)))
             for p in found.predicted if p.published > 0],
            1.0, True,
        ),
        Heading("Parameters"),
        Text("Contraction is 1 - posterior variance / prior variance where the prior is standard normal. Below 0.2: the prior decides."),
        Table(
            ("parameter", "prior 5%, 50%, 95%", "posterior 5%, 50%, 95%", "contraction", "moved by (prior SD)", "effective draws", ""),
            [
                (found.named(k.name), _three(_prior(c, j)), _three(np.quantile(c.natural[:, j], (0.05, 0.5, 0.95))),
                 k.contraction, k.shift, round(k.ess), k.words)
                for j, k in enumerate(found.contractions)
            ],
        ),
        Spans(
            "Posterior on the scale of its prior (bar: 5% to 95%; dot: median; line: middle of the prior, whose own bar is -1.6 to 1.6)",
            [_span(found.named(k.name), *np.quantile(c.sampled.z[:, j], (0.05, 0.95, 0.5))) for j, k in enumerate(found.contractions)],
            0.0,
        ),
    ]  # fmt: skip
    return [
        *out[:6],
        *failing(found),
        *shown_of(found.shown),
        *out[6:],
        *_identified(found),
        *moved_of(found),
        *_method(found),
        *checks_of(found),
        *structures_of(found),
    ]


EFFECTS = (
    "No effect of staffing, contact, skill or training on violence is among the calibrated parameters: no target separates them, so that their posterior is "
    "their prior, by design and not as a finding."
)
LOW = "Low grade: "
"""How the note of a target begins whose source is weak."""


def _wide(found: Found) -> list[str]:
    widths = [p.width for p in found.predicted if np.isfinite(p.width)]
    if not widths:
        return []
    return [
        f"The median interval is {np.median(widths):.1f} times as wide as sampling and wards let the published figure itself stray; the wider the intervals, "
        "the less it says that figures lie inside."
    ]


def _low_grade(found: Found) -> list[str]:
    return [f"Low grade, {found.named(name)}: {note.partition(LOW)[2]}" for name, note in found.notes.items() if LOW in note]


def _span(label: str, low: float, high: float, mark: float) -> tuple[str, float, float, float]:
    return label, float(low), float(high), float(mark)


def _three(x: Any) -> str:
    return ", ".join(f"{float(v):.3g}" for v in x)


def _identified(found: Found) -> list[Block]:
    c = found.calibrated
    names = c.surrogate.problem.names
    tied = diagnose.correlations(names, c.sampled.z)
    ways = diagnose.directions(names, c.sampled.z)
    least = ways[-3:]
    taught = sorted(found.taught, key=lambda t: -t.nats)
    return [
        Heading("What the targets identify together"),
        Text(
            f"{diagnose.identified(ways)} of {len(ways)} independent combinations of the parameters are narrower than 80% of their prior variance. "
            "The least known: "
            + "; ".join(f"{', '.join(f'{w:+.2f} {found.named(n)}' for n, w in d.parts.items())} (variance {d.variance:.2f})" for d in least)
            + "."
        ),
        Table(("parameter", "and", "correlation"), [(found.named(a), found.named(b), r) for a, b, r in tied])
        if tied
        else Text("No two parameters are correlated by more than 0.5."),
        Heading("What each target taught"),
        Text("The posterior without the target beside the one with it: what would be lost (nats), and whose variance would grow."),
        Table(
            ("target", "lost without it", "variance would grow", "found by"),
            [
                (found.named(t.target), t.nats, "; ".join(f"{found.named(n)} x {r:.2f}" for n, r in t.most.items()) or "none by a tenth", t.by)
                for t in taught
            ],
        ),
        Heading("Pairs that are ruled out"),
        Text("Share of the plane of two parameters (fifths of each prior) where nothing is left, and the part that neither alone explains."),
        Table(
            ("parameter", "and", "ruled out", "beyond each alone"),
            [(found.named(p.first), found.named(p.second), p.ruled_out, p.beyond) for p in found.pairs[:12]],
        ),
    ]  # fmt: skip


def _weights(i: Importance) -> str:
    """What the simulator's own likelihoods say of the emulators' draws."""
    effective = i.share * i.draws
    told = f"Weighted by the likelihood that it gives them, {effective:.0f} of them are effective"
    if effective < FEW_WEIGHED:
        return f"{told}: chance of single runs over so many figures outweighs all else, and nothing is read from these weights."
    return f"{told} (chance of the runs lowers this), and no mean would move by more than {max(map(abs, i.shift.values())):.2f} standard deviations."


def _method(found: Found) -> list[Block]:
    c = found.calibrated
    s, i = c.sampled, c.importance
    return [
        Heading("Method and its errors"),
        Table(
            ("wave", "points", "failed", "prior not ruled out", "emulator / target SD, median", "worst"),
            [
                (w.number, w.points, w.failed, f"{w.share:.2%}" if w.share else f"< {1 / w.tried:.2%}",
                 float(np.median(list(w.ratio.values()))), max(w.ratio.values()))
                for w in c.history.waves
            ],
        ),
        Text(
            f"The waves ended because {c.history.stopped}. Then MCMC on the emulators ({s.steps} steps of each ensemble kept, acceptance "
            f"{s.acceptance:.2f}): at least {s.ess.min():.0f} effective draws of every parameter, split R-hat at most {s.rhat.max():.3f}"
            f"{'' if s.converged else ' - NOT CONVERGED'}. Chains run on a quick copy of the emulators; weighted with the emulators themselves, {s.share:.0%} of "
            f"the draws were effective. The simulator itself was run at {i.draws} draws. {_weights(i)} With these runs added and everything fitted "
            f"again, no mean moved by more than {max(map(abs, c.shifted.values())):.2f} standard deviations."
        ),
        Text("Error of the emulators at draws of the posterior that they had not seen, on the scale of the outcome:"),
        Table(
            ("outcome", "RMSE, chance included", "predicted share (chance out)", "inside 95%", "mean standardised error"),
            [(h.outcome, h.rmse, h.q2, f"{h.covered:.0%}", h.bias) for h in i.unseen],
        ),
    ]  # fmt: skip
