"""What README.md and the tutorial tell of results: sentences, tables and figures, all read from `results/reference/`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .common import table
from .ranges import SHARES, better, changed, draws_kept, known, legend, level
from .stored import Row, Stored, number, stored

COMPARISON = "options/extra-night-nurse"
SWEEP = "sweeps/staffing-by-training"
TOLD = (
    "assaults_true_per_1000_obd", "restrictive_interventions_per_1000_obd", "one_to_one_min_per_patient_day", "no_one_to_one_first_week",
    "cost_total_per_year",
)  # fmt: skip
"""Measures of the table in README.md."""


def warning(one: Stored) -> str:
    """What must be minded of a reference: that it is reduced, or of an older model. Empty when there is nothing."""
    said = []
    if one.reduced:
        overrides = ", ".join(f"`{text}`" for text in one.about["overrides"])
        said.append(f"This is the reduced form that the checks make again ({overrides}): it shows what is told, and is far too short to say anything.")
    if changed := one.changed():
        said.append(f"It was made with another {', '.join(changed)} than this version has.")
    return f"**{' '.join(said)}**\n\n" if said else ""


def comparison() -> str:
    """The comparison of README.md: one sentence an option, the table, the figure."""
    one = stored(COMPARISON)
    if one is None:
        return "No reference result of this study is stored yet.\n"
    rows = [row for row in one.rows("differences.csv") if row["name"] in TOLD]
    options = list(dict.fromkeys(row["option"] for row in rows))
    said = "" if one.reduced else "\n".join(f"- {_sentence(option, rows)}" for option in options) + "\n"
    told = differences(rows, TOLD, one.rows("options.csv"))
    parts = (
        warning(one) + _frame(one, rows), said, told, legend(said + told, *([SHARES] if said else [])), f"![{_alt(options)}](docs/figures/comparison.svg)\n",
        one.origin(),
    )  # fmt: skip
    return "\n".join(part for part in parts if part) + "\n"


def plain() -> str:
    """That the shipped files of which results are shown are followed for longer as they are, when somebody types their commands."""
    from wardsim.experiments.shown import time_after

    found = [one for study in (COMPARISON, SWEEP) if (one := stored(study)) is not None and one.years()[0] < one.years()[1]]
    if not found:
        return ""
    ours = ", ".join(dict.fromkeys(time_after(one.years()[0]) for one in found))
    again = ", ".join(f"`wardsim reproduce {one.name}`" for one in found)
    told = "; ".join(f"`{one.command()}`: {one.years()[1]:g} years" for one in found)
    return (
        f"The results at the head of this page are of {ours} after the change ({again}). Typed as above, the commands "
        f"follow a ward for longer ({told}), and give other numbers.\n"
    )


def differences(rows: Sequence[dict[str, str]], names: Sequence[str], levels: Sequence[Row] = ()) -> str:
    """Differences of some measures with what is not known, a column an option, after the level that they are differences from.

    Parameters
    ----------
    rows : sequence of dict of str to str
        Rows of `differences.csv`.
    names : sequence of str
        Measures, in this order.
    levels : sequence of Row
        Rows of `options.csv`, those of the reference among them.
    """
    from wardsim.experiments.shown import label
    from wardsim.measures import MEASURES

    options = list(dict.fromkeys(row["option"] for row in rows))
    cells = []
    for name in names:
        own = next((row for row in levels if row["option"] == rows[0]["reference"] and row["name"] == name), None)
        line = [label(MEASURES[name]), "not known" if own is None else level(MEASURES[name], own)]
        for option in options:
            row = next((r for r in rows if r["option"] == option and r["name"] == name), None)
            line.append("" if row is None else changed(MEASURES[name], row))
        cells.append(line)
    return table(("in brackets: 95% range of what is not known", rows[0]["reference"], *(f"difference: {option}" for option in options)), cells)


def _frame(one: Stored, rows: Sequence[dict[str, str]]) -> str:
    return f"One more person on every night, followed from the same state of the baseline ward: {one.question()}; {draws_kept(rows)}.\n"


def _sentence(option: str, rows: Sequence[dict[str, str]]) -> str:
    """Assaults and contact of one option, each number with its range inside the sentence."""
    from wardsim.experiments.shown import change_of, changes_of
    from wardsim.measures import MEASURES

    told = []
    for name, what in (
        ("assaults_true_per_1000_obd", "physical assaults per 1,000 occupied bed days (happened)"),
        ("one_to_one_min_per_patient_day", "one-to-one minutes with nursing staff per patient day"),
    ):
        row = next(r for r in rows if r["option"] == option and r["name"] == name)
        measure = MEASURES[name]
        text = f"{what} change by {change_of(measure, number(row, 'mean'))}"
        if row["low"]:
            text += f" (95% range of what is not known {known(measure, row)}"
        else:
            text += f" (simulation error {changes_of(measure, number(row, 'mc_low'), number(row, 'mc_high'))}, no range of what is not known"
        told.append(text + (f"; {share})" if (share := better(row)) else ")"))
    return f"**{option}**: {'; '.join(told)}."


def _alt(options: Sequence[str]) -> str:
    return f"Difference in assaults from the ward as it is for {len(options)} ways of adding one person on every night, each with three ranges"


def comparison_figure() -> bytes | None:
    """Differences in assaults by option with their three ranges."""
    one = stored(COMPARISON)
    if one is None:
        return None
    from wardsim.experiments.shown import change_of, changes_of, label
    from wardsim.measures import MEASURES
    from wardsim.report.figures import Three, ranges

    measure = MEASURES[TOLD[0]]
    found = []
    for row in one.rows("differences.csv"):
        if row["name"] != measure.name:
            continue
        spans = [_span(row, *pair) for pair in (("low", "high"), ("year_low", "year_high"), ("mc_low", "mc_high"))]
        mean = number(row, "mean")
        assert mean is not None
        year, error = (changes_of(measure, *(span or (None, None))) for span in spans[1:])
        found.append(Three(row["option"], mean, spans[0], spans[1], spans[2], (change_of(measure, mean), known(measure, row), year, error)))
    drawn = ranges(found, value_title=f"difference in {label(measure)}", title=_heading(one, "One more person on every night: assaults"), name="comparison")
    return drawn.save("svg")


def _span(row: dict[str, str], low: str, high: str) -> tuple[float, float] | None:
    a, b = number(row, low), number(row, high)
    return None if a is None or b is None else (a, b)


def _heading(one: Stored, text: str) -> str:
    return f"{text} (reduced study)" if one.reduced else text


def second() -> str:
    """The second result of README.md: the sweep."""
    one = stored(SWEEP)
    return "No reference result of a sweep is stored yet.\n" if one is None else _sweep(one)


def _sweep(one: Stored) -> str:
    from wardsim.experiments.shown import label
    from wardsim.measures import MEASURES

    lines = []
    for name in ("assaults_true_per_1000_obd", "one_to_one_min_per_patient_day"):
        measure = MEASURES[name]
        rows = [row for row in one.rows("cells.csv") if row["name"] == name and row["sign"] != "reference"]
        settled = sum(row["sign"] in SETTLED for row in rows)
        ends = sorted((row for row in rows if row["difference"]), key=lambda row: float(row["difference"]))
        least, most = (f"{changed(measure, row, *DIFFERENCE)} at {row['cell']}" for row in (ends[0], ends[-1]))
        lines.append(f"- {label(measure)}: from {least}, to {most}; the sign is settled in {settled} of the {len(rows)} other wards.")
    runs, draws = size(one)
    return (
        warning(one)
        + f"Registered nurses per shift by release for training, each ward compared with the baseline: {one.question()}; {runs} runs of each ward over {draws} draws of "
        "what is not known. Differences with their 95% range of what is not known, at registered nurses per shift / release:\n\n"
        + "\n".join(lines)
        + f"\n\n{unmarked(one.rows('cells.csv'))}{legend(' '.join(lines))}".rstrip()
        + "\n\n![Heatmap of the difference in one-to-one minutes by registered nurses per shift and release for training](docs/figures/second.svg)\n\n"
        + "Hatched: the evidence does not settle whether contact rises or falls. Outlined: the baseline.\n\n"
        + one.origin()
        + "\n"
    )


SETTLED = ("higher", "lower")
"""Marks of a cell whose sign is settled."""
DIFFERENCE = ("difference", ("difference_low", "difference_high"), "difference_reason")
"""Columns of `cells.csv` that a difference stands in."""


def unmarked(rows: Sequence[Row], column: str = DIFFERENCE[2]) -> str:
    """Said where a table that is stored has not the column that says which ranges chance alone could have made."""
    if not rows or column in rows[0]:
        return ""
    return "Ranges that chance alone could have made are not marked here: the stored table does not say which they are.\n"


def size(one: Stored) -> tuple[str, str]:
    """Runs of each ward of a sweep, and the draws that they are spread over."""
    row = next(iter(one.rows("surface.csv")), {})
    return row.get("n", "not known"), row.get("draws", "not known")


def second_figure() -> bytes | None:
    """The figure of `second`."""
    one = stored(SWEEP)
    return None if one is None else _heatmap(one)


def _heatmap(one: Stored) -> bytes:
    from wardsim.experiments.shown import change_of, label
    from wardsim.measures import MEASURES
    from wardsim.report.figures import heatmap

    measure = MEASURES["one_to_one_min_per_patient_day"]
    found = [row for row in one.rows("cells.csv") if row["name"] == measure.name]
    keys = [key for key in found[0] if f"{key} (number)" in found[0]]
    axes: list[list[str]] = [_levels(found, key) for key in keys[:2]]
    cells: dict[tuple[str, str], dict[str, str]] = {(row[keys[0]], row[keys[1]]): row for row in found}

    def each(pick: Callable[[dict[str, str]], Any]) -> list[list[Any]]:
        return [[pick(cells[a, b]) for b in axes[1]] for a in axes[0]]

    base = next((row for row in found if row["sign"] == "reference"), None)
    return heatmap(
        each(lambda row: 0.0 if row["sign"] == "reference" else number(row, "difference")),
        rows=axes[0], columns=axes[1], row_title=keys[0], column_title=keys[1], value_title=f"difference in {label(measure)}",
        texts=each(lambda row: "0" if row["sign"] == "reference" else change_of(measure, number(row, "difference"))),
        marks=each(lambda row: row["sign"]),
        current=None if base is None else (axes[0].index(base[keys[0]]), axes[1].index(base[keys[1]])),
        title=_heading(one, "One-to-one time by staffing and release for training"), name="second",
    ).save("svg")  # fmt: skip


def _levels(rows: Sequence[dict[str, str]], key: str) -> list[str]:
    """Labels of a factor in the order of its numbers."""
    found = {row[key]: float(row[f"{key} (number)"]) for row in rows if row[key]}
    return sorted(found, key=lambda text: found[text])
