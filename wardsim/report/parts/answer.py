"""Part 1: the question, the options, three numbers with their ranges in sentences, and the caveats that matter."""

from __future__ import annotations

from dataclasses import replace

from wardsim.experiments.compare.sentences import digits_for, sentence
from wardsim.experiments.intervals import Summary
from wardsim.experiments.optimise.chance import OF_ITSELF
from wardsim.experiments.results import cell as guarded
from wardsim.experiments.shown import MONEY, THOUSAND, change_of, changes_of, number_of, range_of, time_after
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Part, table
from ..result import SPOKEN, Alternative, Result
from ..source import number, whole
from . import calibration, population
from .sensitivity import doubts, leading

UNCALIBRATED = (
    "The model is not calibrated to any ward: its parameters are priors from published figures and stated assumptions. No result may "
    "be used for a decision about staff or patients."
)
CALIBRATED = (
    "The parameters that published figures say something about are drawn from their calibrated posterior; all others, among them every effect of "
    "staffing, contact, skill and training, are priors from published figures and stated assumptions. The model is calibrated to published figures of many wards, "
    "not to yours, and no result may be used alone for a decision about staff or patients."
)
"""Said when the draws of the runs are those of the posterior."""
FEW = 2
"""Options up to which each number gets its own full sentence."""
MOST = 8
"""Options that are told one by one."""


def answer(result: Result) -> Part:
    """The first screen."""
    part = Part("answer", "The answer")
    part.say(result.question or "(no question was written down)", strong=True)
    if result.kind == "calibrate":
        calibration.told(result, part)
        return part
    part.say(setting(result))
    if result.kind == "run" and result.reference is not None:
        part.say(*_levels(result.reference), points=True)
    elif result.kind == "sweep":
        part.say(_now(result))
        part.say(*_sweep(result), points=True)
    elif result.kind == "compare":
        _options(result, part)
    elif result.kind == "sensitivity":
        part.say(*leading(result), points=True)
    elif result.kind == "optimise":
        part.say(*_choice(result), points=True)
    elif result.kind == "population":
        population.told(result, part)
    part.say(*caveats(result), points=True, title="Mind")
    return part


def setting(result: Result) -> str:
    """Estimand, length, runs, in a sentence."""
    years = "1 year" if result.years == 1 else f"{result.years:g} years"
    study = result.source.study
    if result.estimand == "steady":
        what = f"Estimand steady: {years} of the ward in balance"
    else:
        before = study["baseline"]["name"] if study is not None else (result.source.manifest["baseline"] or {}).get("name", result.title)
        what = f'Estimand transition: {time_after(result.years)} after a change of "{before}" at time zero'
    cells = len(study["cells"]) if study is not None else 1
    done = result.source.manifest.get("runs", {}).get("done", 0)
    told = f"{what}; {cells} wards, {done} runs in all" if cells > 1 else f"{what}; {done} runs"
    if result.kind == "population":
        told = f"{what}; {cells} wards, {result.runs} populations"
    elif result.runs and cells > 1:
        told = f"{what}; {result.runs} runs of each ward with the same chance"
    if result.point:
        told += ", point parameters"
    elif result.draws:
        told += f", {result.draws} parameter draws"
    reference = f". Differences are from: {_called(result.reference)}" if result.reference is not None and result.options else ""
    return f"{told}{reference}."


def caveats(result: Result) -> list[str]:
    """What must be known before a number is used."""
    said = [CALIBRATED if result.drawn == "posterior" else UNCALIBRATED, *doubts(result)]
    if result.point:
        said.append("Point parameters: the ranges cover chance only, not what the model does not know.")
    elif result.draws and result.draws < 30:
        said.append(f"Only {result.draws} parameter draws: ranges of what is not known are rough.")
    if result.years < 1.0:
        said.append(f"Each run measures {result.years:g} years only, less than a year of a ward.")
    failed = int(result.source.manifest.get("runs", {}).get("failed", 0))
    if failed:
        said.append(f"{failed} runs failed and are left out; part 9 says why.")
    if result.source.manifest.get("status") == "interrupted":
        said.append("The run was interrupted: these are the runs that were finished.")
    close = [one.name for one in result.options if one.differences and all(_noise(one, name) for name in SPOKEN if name in one.differences)]
    if result.kind == "compare" and close:
        said.append(f"Too close to tell apart with these runs in all three numbers: {'; '.join(close)}.")
    if result.kind in ("compare", "sweep"):
        said.append("The ranges cover chance and the uncertain inputs listed in part 9. They do not cover what the model leaves out (part 8).")
    return said


def _noise(one: Alternative, name: str) -> bool:
    found = one.differences[name]
    return found.mc_low is None or found.mc_high is None or found.mc_low <= 0.0 <= found.mc_high


def _options(result: Result, part: Part) -> None:
    reference = result.reference
    assert reference is not None
    full = []
    for option in result.options:
        for name in SPOKEN:
            if name in option.differences:
                base = reference.levels[name].mean if name in reference.levels else None
                full.append(
                    sentence(option.name, reference.name, MEASURES[name], option.differences[name], base, option.better.get(name))
                )
    if len(result.options) <= FEW:
        part.say(*full, points=True)
        return
    part.say(_now(result))
    part.say(*(_short(result, option) for option in result.options[:MOST]), points=True)
    if len(result.options) > MOST:
        part.say(f"{len(result.options) - MOST} more options stand in part 2.")
    part.show(table("The same in full sentences", ("",), [(line,) for line in full], folded="Each number in a full sentence, with single years"))


def _now(result: Result) -> str:
    """Where the reference stands, with what the brackets of the next sentences hold."""
    reference = result.reference
    assert reference is not None
    told = []
    for name in SPOKEN:
        found = reference.levels.get(name)
        if found is not None and found.mean is not None:
            span = range_of(MEASURES[name], found.low, found.high)
            span = span if span != "-" else range_of(MEASURES[name], found.mc_low, found.mc_high)
            told.append(f"{NAMES[name]} {number_of(MEASURES[name], found.mean)} ({span if span != '-' else 'no range'}) {_unit(MEASURES[name])}")
    known = any(one.low is not None for option in result.options for one in option.differences.values())
    what = "the 95% range of what the model does not know, and in how many of 100 parameter draws it is lower or higher" if known else "the 95% simulation error only"
    return f"{_called(reference)}: {'; '.join(told)}. Changes from that (in brackets {what}):"


def _short(result: Result, option: Alternative) -> str:
    """The three numbers of an option in one sentence."""
    told = []
    for name in SPOKEN:
        found = option.differences.get(name)
        if found is None or found.mean is None:
            continue
        measure = MEASURES[name]
        unit = THOUSAND if measure.unit == MONEY else 1.0
        half = None if found.mc_low is None or found.mc_high is None else (found.mc_high - found.mc_low) / 2.0 / unit
        shown = replace(measure, digits=digits_for(measure, half))
        span = changes_of(shown, found.low, found.high)
        span = span if span != "-" else changes_of(shown, found.mc_low, found.mc_high)
        text = f"{NAMES[name]} {change_of(shown, found.mean)} ({span if span != '-' else 'no range'}{_share(measure, option.better.get(name))})"
        told.append(text + (", too close to tell apart" if _noise(option, name) else ""))
    return f"{_called(option)}: {'; '.join(told)}."


def _called(one: Alternative) -> str:
    """An option by its name, a cell of a sweep by its levels and what they are levels of."""
    text = ", ".join(f"{factor} {level}" for factor, level in one.labels.items()) or one.name
    return text[:1].upper() + text[1:]


NAMES = {
    "assaults_true_per_1000_obd": "assaults that happen", "one_to_one_min_per_patient_day": "one-to-one time", "cost_total_per_year": "cash cost",
}  # fmt: skip


def _share(measure: Measure, p: float | None) -> str:
    """In how many draws the change is up or down, told of the side that has more."""
    if p is None:
        return ""
    hundred = round(100 * p)
    words = ("lower", "higher") if measure.direction == "lower" else ("higher", "lower")
    return f"; {words[0]} in {hundred}" if p >= 0.5 else f"; {words[1]} in {100 - hundred}"


def _unit(measure: Measure) -> str:
    return "thousand GBP a year" if measure.unit == MONEY else measure.unit


def _levels(ward: Alternative) -> list[str]:
    """The three numbers of one ward."""
    told = []
    for name in SPOKEN:
        found = ward.levels.get(name)
        if found is not None and found.mean is not None:
            told.append(_level(MEASURES[name], found))
    return told


def _level(measure: Measure, found: Summary) -> str:
    text = f"{measure.label}: {number_of(measure, found.mean)} {_unit(measure)}"
    if found.low is not None:
        text += f" (95% range of what the model does not know: {range_of(measure, found.low, found.high)})"
    elif found.mc_low is not None:
        text += f" (95% simulation error only: {range_of(measure, found.mc_low, found.mc_high)})"
    if found.year_low is not None:
        text += f". By chance alone, one year is between {range_of(measure, found.year_low, found.year_high).replace(' to ', ' and ')} (80%)"
    return text + "."


def _sweep(result: Result) -> list[str]:
    """Each factor from the reference to its last level, the others as they are; then what is settled."""
    reference = result.reference
    assert reference is not None
    told = []
    for factor in result.settings["factors"]:
        name = factor["name"]
        others = [one for one in result.options if reference.labels and _only(one, reference, name)]
        levels = [level["label"] for level in factor["levels"]]
        ends = [one for one in others if levels and one.labels[name] == levels[-1]]
        told += [_short(result, one) for one in ends[:1]]
    for row in result.source.rows("prior_share.csv"):
        if row["name"] in SPOKEN:
            settled, open_, noise, cells = (whole(row, key) for key in ("cells_settled", "cells_open", "cells_noise", "cells"))
            signs = [one.signs.get(row["name"]) for one in result.options]
            rest = [(noise, "these runs cannot tell"), (signs.count("same"), "nothing differs"), (signs.count("unknown"), "there is no range to judge it by")]
            told.append(
                f"{MEASURES[row['name']].label}: the evidence settles the sign in {settled} of {cells} cells and leaves it open in {open_}"
                + "".join(f"; in {count} {words}" for count, words in rest if count) + "."
            )
    return told


def _only(one: Alternative, reference: Alternative, factor: str) -> bool:
    """Whether a cell differs from the reference in this factor alone."""
    return {key for key, label in one.labels.items() if label != reference.labels.get(key)} == {factor}


def _choice(result: Result) -> list[str]:
    """The plan that was chosen, its cost, how sure."""
    told = result.source.manifest["result"]
    chosen = told.get("chosen")
    settings = result.settings
    measure = MEASURES[settings["objective"]]
    plans = len(result.source.study["cells"]) if result.source.study else 0
    share = f"{100 * float(settings['probability']):g}"
    if chosen is None:
        return [f"Of {plans} plans none is known to keep the limits in at least {share} of 100 parameter draws, so none is chosen."]
    row = next(iter(result.source.rows("choice.csv", option=guarded(chosen))), {})
    said = [
        f"Of {plans} plans, {chosen} is the cheapest {'that keeps' if told.get('sure') else 'known to keep'} the limits in at least {share} of 100 parameter draws: "
        f"{number_of(measure, number(row, 'cost'))} {_unit(measure)}."
    ]
    keeps, low, high = number(row, "share"), number(row, "share_mc_low"), number(row, "share_mc_high")
    judged = next(iter(result.source.rows("verdicts.csv", option=guarded(chosen))), {})
    if judged.get("reason") == OF_ITSELF:
        said.append("The limits are held against it, so it keeps them whatever the runs show.")
    elif keeps is not None and low is not None and high is not None:
        said.append(f"It keeps them in {100 * keeps:.0f} of 100 draws (95% simulation error: {100 * low:.0f} to {100 * high:.0f}).")
    said.append("The promised confidence was reached." if told.get("sure") else "The promised confidence was not reached: more runs are needed.")
    level = [result.source.name(one["option"]) for one in result.source.rows("choice.csv") if one["standing"] not in ("", "chosen")]
    if level:
        said.append(f"Not ruled out by these runs: {'; '.join(level[:6])}{' and others' if len(level) > 6 else ''}.")
    return said
