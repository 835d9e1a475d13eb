"""Part 1: the question, the options, three numbers with their ranges in sentences, and the caveats that matter."""

from __future__ import annotations

from dataclasses import replace

from wardsim.experiments.compare.sentences import digits_for, sentence
from wardsim.experiments.intervals import Summary
from wardsim.experiments.shown import MONEY, THOUSAND, change_of, changes_of, number_of, range_of, time_after
from wardsim.experiments.statistics.difference import Difference
from wardsim.measures import MEASURES
from wardsim.measures.declare import Measure

from ..content import Part, table
from ..result import SPOKEN, Alternative, Result
from ..source import whole
from . import calibration, population
from .frequency import a_year, both_sides, every, more_or_fewer
from .marked import MEANING, known, mark, span
from .plans import chosen
from .sensitivity import doubts, leading
from .words import draws_of, too_few, unit_of

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
ERROR = (
    "The simulation error in its place is the error of the mean: of the chance of these runs, and of which parameter draws they happened to try."
)
ROUGH = 30
"""Parameter draws below which ranges are rough."""
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
        part.say(*chosen(result), points=True)
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
        told += f", {draws_of(result.draws)}"
    reference = f". Differences are from: {_called(result.reference)}" if result.reference is not None and result.options else ""
    return f"{told}{reference}."


def caveats(result: Result) -> list[str]:
    """What must be known before a number is used."""
    said = [CALIBRATED if result.drawn == "posterior" else UNCALIBRATED, *doubts(result)]
    ranged, marked = _ranges(result)
    if result.point:
        said.append("Point parameters: the ranges cover chance only, not what the model does not know.")
    elif result.draws and ranged and result.draws < ROUGH:
        said.append(f"The ranges of what is not known rest on {draws_of(result.draws)} only, so they are rough, and so are shares of draws.")
    elif result.draws and not ranged:
        said.append(f"{too_few(result.draws)}, so there is no range of what the model does not know. {ERROR}")
    if marked:
        said.append(MEANING)
    if result.years < 1.0:
        said.append(f"Each run measures {result.years:g} years, less than a year of a ward.")
    failed = int(result.source.manifest.get("runs", {}).get("failed", 0))
    if failed:
        said.append(f"{failed} runs failed and are left out; part 9 says why.")
    if result.source.manifest.get("status") == "interrupted":
        said.append("The run was interrupted: these are the runs that were finished.")
    close = [one.name for one in result.options if one.differences and all(_noise(one, name) for name in SPOKEN if name in one.differences)]
    if result.kind == "compare" and close:
        said.append(f"Too close to tell apart with these runs in all three numbers: {'; '.join(close)}.")
    if result.kind in ("compare", "sweep", "run"):
        covered = "chance and the uncertain inputs listed in part 9" if ranged else "chance, and the inputs only as far as these few draws show them"
        covered = "chance only" if result.point else covered
        said.append(f"The ranges cover {covered}. They do not cover what the model leaves out (part 8).")
    return said


def _ranges(result: Result) -> tuple[bool, bool]:
    """Whether the three numbers have ranges of what is not known, and whether one of these has the mark of chance."""
    found = [at for one in result.alternatives for name in SPOKEN for at in (one.levels.get(name), one.differences.get(name)) if at is not None]
    ranged = [at for at in found if at.low is not None]
    return bool(ranged), any(mark(at.reason) for at in ranged)


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
        part.say(*(_short(result, option) for option in result.options), points=True, title="The same in short")
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
            rate = every(found.mean * _bed_days(reference) / 1000.0) if name == ASSAULTS else ""
            told.append(f"{NAMES[name]} {number_of(MEASURES[name], found.mean)} {span(range_of, MEASURES[name], found)} {unit_of(MEASURES[name])}{rate and f', {rate}'}")
    ranged = any(one.low is not None for option in result.options for one in option.differences.values())
    shares = any(p is not None for option in result.options for p in option.better.values())
    what = "the 95% range of what the model does not know" if ranged else "the 95% simulation error only"
    what += ", and in about how many parameter draws it goes which way" if shares else ""
    return f"{_called(reference)}: {'; '.join(told)}. Changes from that (in brackets {what}):"


def _bed_days(ward: Alternative) -> float:
    """Occupied bed days of a year on the ward, to tell a rate as so many incidents; 0 where it is not known."""
    found = ward.levels.get("occupied_bed_days_per_year")
    return 0.0 if found is None or found.mean is None else found.mean


def _short(result: Result, option: Alternative) -> str:
    """The three numbers of an option in one sentence, with natural frequencies from both sides."""
    told = []
    for name in SPOKEN:
        found = option.differences.get(name)
        if found is None or found.mean is None:
            continue
        measure = MEASURES[name]
        unit = THOUSAND if measure.unit == MONEY else 1.0
        half = None if found.mc_low is None or found.mc_high is None else (found.mc_high - found.mc_low) / 2.0 / unit
        shown = replace(measure, digits=digits_for(measure, half))
        p = option.better.get(name)
        better, worse = SIDES[name]
        share = "" if p is None else f"; {both_sides(p, better, worse)}"
        text = f"{NAMES[name]} {change_of(shown, found.mean)} {span(changes_of, shown, found, share)}"
        text += ", too close to tell apart" if _noise(option, name) else ""
        told.append(text + (_a_year(result, option, found) if name == ASSAULTS else ""))
    return f"{_called(option)}: {'; '.join(told)}."


def _a_year(result: Result, option: Alternative, found: Difference) -> str:
    """The same as so many assaults on this ward; where it cannot be told apart, its range alone."""
    assert result.reference is not None
    a_rate = _bed_days(result.reference) / 1000.0
    low, high = (found.low, found.high) if found.low is not None else (found.mc_low, found.mc_high)
    if not a_rate or low is None or high is None or found.mean is None:
        return ""
    between = f"{a_year(low * a_rate, high * a_rate)}{mark(found.reason) if found.low is not None else ' by simulation error'}"
    expected = "" if _noise(option, ASSAULTS) else more_or_fewer(found.mean * a_rate)
    return f" - on this ward {expected} ({between})" if expected else f" - on this ward {between}"


def _called(one: Alternative) -> str:
    """An option by its name, a cell of a sweep by its levels and what they are levels of."""
    text = ", ".join(f"{factor} {level}" for factor, level in one.labels.items()) or one.name
    return text[:1].upper() + text[1:]


NAMES = {
    "assaults_true_per_1000_obd": "assaults that happen", "one_to_one_min_per_patient_day": "one-to-one time", "cost_total_per_year": "cash cost",
}  # fmt: skip


SIDES = {
    "assaults_true_per_1000_obd": ("fewer", "more"), "one_to_one_min_per_patient_day": ("more", "less"), "cost_total_per_year": ("cheaper", "dearer"),
}  # fmt: skip
"""Better and worse, in words."""
ASSAULTS = "assaults_true_per_1000_obd"


def _levels(ward: Alternative) -> list[str]:
    """The three numbers of one ward."""
    found = {name: ward.levels[name] for name in SPOKEN if name in ward.levels}
    return [_level(MEASURES[name], at, _bed_days(ward) if name == ASSAULTS else 0.0) for name, at in found.items() if at.mean is not None]


def _level(measure: Measure, found: Summary, bed_days: float) -> str:
    text = f"{measure.label}: {number_of(measure, found.mean)} {unit_of(measure)}"
    if found.low is not None:
        text += f" (95% range of what the model does not know: {known(range_of, measure, found)})"
    elif found.mc_low is not None:
        text += f" (95% simulation error only: {range_of(measure, found.mc_low, found.mc_high)})"
    rate = every((found.mean or 0.0) * bed_days / 1000.0)
    text += f", on this ward {rate}" if rate else ""
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
