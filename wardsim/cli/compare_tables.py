"""What `wardsim compare` prints: each option against the reference with its ranges, in a table and in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.experiments.compare.analysis import HEADLINE, Against, Option, declared
from wardsim.experiments.compare.comparison import Comparison, json_of
from wardsim.experiments.compare.sentences import sentence
from wardsim.experiments.intervals import UNRESOLVED
from wardsim.experiments.shown import calibrated_words, change_of, changes_of, drawn_words, time_after
from wardsim.measures.declare import Measure

from .decision_tables import decision_text
from .grid import CAUTION, PIPED, Entry, fill, grids, label, number_of, opened, span_of
from .spread_tables import explained_text, spread_text, structure_text

KNOWN, ERROR, YEAR = "not known (95%)", "simulation (95%)", "one year each (80%)"
__all__ = ["json_of", "text_of"]
SPOKEN = (
    "assaults_true_per_1000_obd", "assaults_reported_per_1000_obd", "one_to_one_min_per_patient_day", "training_release_honoured",
    "cost_total_per_year",
)  # fmt: skip
"""Measures that get a sentence."""


def text_of(comparison: Comparison, width: int = PIPED) -> str:
    """Everything that is printed about a comparison."""
    parts = [_title(comparison, width)]
    reference = comparison.options[0]
    for option in comparison.options[1:]:
        parts.append(_option(option, reference, width))
    parts += [_best(comparison, width), _words(comparison, width)]
    names = [option.name for option in comparison.options[1:]]
    parts.append(spread_text(comparison.spreads, names, SPOKEN, width))
    parts.append(structure_text(comparison.structures, names, SPOKEN, width))
    if comparison.decision is None:
        parts.append(explained_text(comparison.explained, SPOKEN, width))
    parts += [decision_text(comparison.decision, width), _how_many(comparison, width), _legend(comparison, width)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _title(comparison: Comparison, width: int) -> str:
    study = comparison.study
    if study.estimand == "steady":
        what = f"Estimand steady: {span_of(study.years)} of wards in balance"
    else:
        what = f'Estimand transition: {time_after(study.years)} after a change of "{study.baseline.name}" at time zero'
    runs = comparison.options[0].runs
    draws = drawn_words(study.point, study.parameters, -(-runs // study.per_draw))
    told = f"{what}; {runs} runs of each ward with the same chance, {draws}"
    question = f"\n{fill(study.question, width)}" if study.question else ""
    return f"{study.name}{question}\n{fill(told, width)}"


def _option(option: Option, reference: Option, width: int) -> str:
    entries = []
    for name, measure in declared(list(option.against)).items():
        if name in HEADLINE:
            entries.append(_entry(measure, reference, option.against[name]))
    heads = (reference.name[:24], "difference", KNOWN, ERROR, "better in")
    title = f"{option.name}"
    return "\n".join(grids([(title, entries)], heads, width))


def _entry(measure: Measure, reference: Option, one: Against) -> Entry:
    base = number_of(measure, reference.measures[measure.name].mean)
    found = one.found
    if found.mean is None:
        return Entry(label(measure), (base,), found.reason)
    known = changes_of(measure, found.low, found.high)
    if found.low is not None and UNRESOLVED in found.reason:
        known += CAUTION
    error = changes_of(measure, found.mc_low, found.mc_high)
    share = "-" if one.better.p is None else f"{round(100 * one.better.p)} of 100{opened(one.better.low, one.better.high)}"
    return Entry(label(measure), (base, change_of(measure, found.mean), known, error, share))


def _best(comparison: Comparison, width: int) -> str:
    """How often each option is the best, by measure."""
    if not comparison.best:
        return ""
    names = [option.name for option in comparison.options]
    heads = [name if len(name) <= 22 else f"{name[:21]}." for name in names]
    entries = [
        Entry(label(measure), tuple(f"{round(100 * one.p)}{opened(one.low, one.high)}" for one in comparison.best[name]))
        for name, measure in declared(list(comparison.best)).items()
    ]
    return "\n".join(grids([("Best in so many of 100 parameter draws", entries)], heads, width))


def _words(comparison: Comparison, width: int) -> str:
    reference = comparison.options[0]
    said = []
    for option in comparison.options[1:]:
        for name, measure in declared(list(option.against)).items():
            if name not in SPOKEN:
                continue
            one = option.against[name]
            base = reference.measures[name].mean
            said.append(fill(sentence(option.name, reference.name, measure, one.found, base, one.better.p), width))
    return "\n".join(["In words", *said])


def _how_many(comparison: Comparison, width: int) -> str:
    return "\n".join(fill(line, width) for line in comparison.stopped)


def _legend(comparison: Comparison, width: int) -> str:
    told: Sequence[str] = (
        f"{KNOWN}: what the model does not know (its parameters), with chance removed"
        + (": - because these are point parameters." if comparison.study.point else "."),
        f"{CAUTION}: parameters spread less than chance does with these runs; the range is the most that they could hide.",
        f"{ERROR}: error of the simulation itself; more runs narrow it, and only it.",
        "better in: share of parameter draws in which the expected difference is better, never a share of years; in brackets its own 95% "
        "range where so few draws leave it open.",
        "These ranges cover chance and the uncertain parameters of the ledger. They do not cover what the model leaves out. "
        + calibrated_words(comparison.study.point, comparison.study.parameters),
        "Other measures, quarters and one-year ranges are in the results folder.",
    )
    return "\n".join(fill(line, width) for line in told)
