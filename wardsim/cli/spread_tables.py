"""What `compare` and `sweep` print about where an answer comes from: chance, parameters, structure, and single parameters."""

from __future__ import annotations

from collections.abc import Sequence

from wardsim.experiments.compare.analysis import declared
from wardsim.experiments.compare.prior import LARGEST, Explanation
from wardsim.experiments.compare.sentences import signed
from wardsim.experiments.compare.structures import Move, UnderStructure, moves, strongest
from wardsim.experiments.compare.variance import NOT_VARIED, Spread
from wardsim.experiments.statistics.variance import PARTS, Part
from wardsim.measures.declare import Measure
from wardsim.parameters import Ledger

from .grid import MONEY, THOUSAND, Entry, fill, grids, label

SOURCES = {"chance": "chance of one year", "parameters": "parameters", "structure": "structure"}
MOST_FORMS, WIDEST_HEAD = 5, 20
"""Forms of the model in one table, and characters of their names."""


def spread_text(found: Sequence[Spread], options: Sequence[str], spoken: Sequence[str], width: int) -> str:
    """Of the spread of each answer, the share of each source with its 95% interval.

    Parameters
    ----------
    found : sequence of Spread
    options, spoken : sequence of str
        Options and measures that are printed, in order.
    width : int
        Columns.
    """
    by = {(one.option, one.measure): one.found for one in found}
    sources = [source for source in PARTS if any(source in (one.found.parts or {}) for one in found)]
    reasons = dict.fromkeys(one.found.reason for one in found if one.found.parts is None)
    if not sources:
        return fill(f"Of the spread of an answer, nothing can be told: {'; '.join(reasons)}.", width) if reasons else ""
    unvaried = [] if "structure" in sources else [fill(f"Structure: {NOT_VARIED}.", width)]
    tables = []
    for option in options:
        entries = []
        for name, measure in declared(spoken).items():
            told = by.get((option, name))
            if told is None:
                continue
            if told.parts is None:
                entries.append(Entry(label(measure), ("-",), told.reason))
                continue
            entries.append(Entry(label(measure), tuple(_share(told.parts.get(source)) for source in sources)))
        tables.append((option, entries))
    head = (
        "Of the spread of this answer: percent from the chance of one year in each ward, from parameters nobody has measured"
        + (", and from the form of the model (mechanisms on or off)" if "structure" in sources else "")
        + ", each with its 95% interval"
    )
    return "\n".join([fill(head, width), *grids(tables, tuple(SOURCES[source] for source in sources), width), *unvaried])


def _share(part: Part | None) -> str:
    return "-" if part is None else f"{part.share:.0f} ({part.share_low:.0f} to {part.share_high:.0f})"


def structure_text(found: list[UnderStructure], options: Sequence[str], spoken: Sequence[str], width: int) -> str:
    """The same answers under each form of the model, and which form moves each the most."""
    if not found:
        return ""
    forms = list(dict.fromkeys(one.structure for one in found))
    by = {(one.option, one.measure, one.structure): one.against.found.mean for one in found}
    told = moves(found)
    shown = forms if len(forms) <= MOST_FORMS else _moving(told, forms)
    tables, said = [], []
    for option in options:
        entries, still = [], []
        for name, measure in declared(spoken).items():
            cells = tuple(_signed(measure, by.get((option, name, form))) for form in shown)
            entries.append(Entry(label(measure), cells))
            most = strongest(told, option, name)
            still += [] if most is not None else [_lower(measure.label)]
            said += [] if most is None else [fill(f"{option}: {_drives(measure, most)}", width)]
        tables.append((option, entries))
        if still:
            said.append(fill(f"{option}: no form of the model moves {', '.join(still)} by more than the simulation error.", width))
    heads = tuple(form if len(form) <= WIDEST_HEAD else f"{form[: WIDEST_HEAD - 1]}." for form in shown)
    left = f" ({len(forms) - len(shown)} more in structures.csv)" if len(shown) < len(forms) else ""
    title = fill(f"The same differences under each form of the model{left}; their ranges are in structures.csv", width)
    return "\n".join([title, *grids(tables, heads, width), *said])


def _moving(told: Sequence[Move], forms: Sequence[str]) -> list[str]:
    """The full model and the forms that move most answers by more than the simulation error, in their order."""
    seen = {form: sum(one.told for one in told if one.structure == form) for form in forms[1:]}
    kept = sorted(seen, key=lambda form: -seen[form])[: MOST_FORMS - 1]
    return [forms[0], *(form for form in forms[1:] if form in kept)]


def _drives(measure: Measure, most: Move) -> str:
    turned = ", and its sign turns" if most.full * most.mean < 0.0 else ""
    return (
        f"{_lower(measure.label)} moves most {most.structure}, from {_signed(measure, most.full)} to {_signed(measure, most.mean)}{turned} "
        f"(by {_signed(measure, most.moved)}, 95% simulation error {_span(measure, most.mc_low, most.mc_high)})."
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def structures_of_cells(found: list[UnderStructure], spoken: Sequence[str], width: int) -> str:
    """Over all cells of a sweep: what each form of the model does to the differences, a line a measure."""
    if not found:
        return ""
    told = moves(found)
    said = ["What the form of the model does to the differences"]
    for name, measure in declared(spoken).items():
        forms: dict[str, list[Move]] = {}
        for one in told:
            if one.measure == name:
                forms.setdefault(one.structure, []).append(one)
        if not forms:
            continue
        size = {form: sorted(abs(one.moved) for one in some)[len(some) // 2] for form, some in forms.items()}
        most = max(size, key=lambda form: size[form])
        some = forms[most]
        turned = sum(one.full * one.mean < 0.0 for one in some)
        seen = sum(one.told for one in some)
        said.append(
            fill(
                f"{measure.label}: {most} moves the differences most, by {_plain(measure, size[most])} {measure.unit} in the middle cell; "
                f"in {seen} of {len(some)} cells by more than the simulation error, and in {turned} the sign turns.",
                width,
            )
        )
    return "\n".join([*said, "structures.csv has every cell under every form."]) if len(said) > 1 else ""


def explained_text(found: Sequence[Explanation], spoken: Sequence[str], width: int) -> str:
    """How much of each answer is prior: the largest parameters of each."""
    if not found:
        return ""
    if all(one.reason and not one.parts for one in found):
        reasons = dict.fromkeys(one.reason for one in found)
        return fill(f"How much of an answer is which parameter cannot be told: {'; '.join(reasons)}.", width)
    ledger = Ledger.load()
    parts = [fill("How much of each answer is prior: percent of its spread over parameter draws that one parameter explains", width)]
    tables = []
    quiet = []
    for one in found:
        if one.measure not in spoken:
            continue
        measure = declared([one.measure])[one.measure]
        shown = [part for part in one.parts[:LARGEST] if part.told_apart]
        if not shown:
            quiet.append(f"{one.option}, {measure.label}")
            continue
        entries = [
            Entry(
                f"{ledger[part.name].label} ({part.name})" if part.name in ledger else part.name,
                (f"{part.share:.0f}", f"{part.low:.0f} to {part.high:.0f}", f"{part.error:.0f}", "rises" if part.slope > 0 else "falls"),
            )
            for part in shown
        ]
        tables.append((f"{one.option}: {measure.label}", entries))
    if tables:
        parts += grids(tables, ("percent", "95%", "s.e.", "the difference"), width)
    if quiet:
        parts.append(fill(f"No single parameter is told apart from accident with these draws: {'; '.join(quiet)}.", width))
    parts.append("explained.csv has the other measures and parameters, and topics.")
    return "\n".join(parts)


def _plain(measure: Measure, x: float) -> str:
    return f"{x / THOUSAND if measure.unit == MONEY else x:,.{measure.digits}f}{' thousand' if measure.unit == MONEY else ''}"


def _signed(measure: Measure, x: float | None) -> str:
    return "-" if x is None else signed(x / THOUSAND if measure.unit == MONEY else x, measure.digits)


def _span(measure: Measure, low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{_signed(measure, low)} to {_signed(measure, high)}"
