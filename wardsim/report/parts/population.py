"""The report of a population of wards: beside published figures, rated trusts, the literature made again."""

from __future__ import annotations

from wardsim.experiments.shown import label
from wardsim.measures import MEASURES

from ..content import Cell, Part, Table, table
from ..figures import Drawn, Row, forest
from ..result import Result
from ..source import Row as Line
from ..source import number

WORDS = ("excellent", "good", "fair", "weak")
FINDINGS = {"fewer": "fewer incidents with more staff", "more": "more incidents with more staff", "no difference": "no difference"}
MODELS = {"unadjusted": "without adjustment", "adjusted": "adjusted for what studies had"}
MOST = 40
"""Studies listed."""


def told(result: Result, part: Part) -> None:
    """The first screen."""
    lines = []
    beside = [row for row in result.source.rows("picture.csv") if number(row, "published") is not None and number(row, "mean") is not None]
    if beside:
        inside = sum(row["inside"] == "true" for row in beside)
        lines.append(f"{inside} of {len(beside)} published figures lie inside the range of the simulated population (in brackets: 95% range over populations).")
    for row in beside[:3]:
        lines.append(f"{_name(row)}: simulated {_value(row, 'mean')} ({_range(row)}), published {_value(row, 'published')}.")
    if ratings := result.source.rows("ratings.csv"):
        ours = ", ".join(f"{number(ratings[0], word) or 0.0:.0f} {word} ({_ends(ratings[0], word)})" for word in WORDS)
        theirs = next((row for row in ratings if row["thresholds"].startswith("published")), None)
        rated = sum(number(ratings[0], word) or 0.0 for word in WORDS)
        published = "" if theirs is None else f"; published, of {sum(number(theirs, w) or 0.0 for w in WORDS):.0f}: {', '.join(f'{theirs[w]} {w}' for w in WORDS)}"
        lines.append(f"Of {rated:.0f} rated trusts: {ours}{published}.")
    counts = result.source.rows("counts.csv")
    for model in dict.fromkeys(row["model"] for row in counts):
        own = [row for row in counts if row["model"] == model]
        text = ", ".join(f"{number(r, 'mean') or 0.0:.0f} {r['finding']} ({_counts(r)}; published {r['published'] or '-'})" for r in own)
        lines.append(f"Studies made on the wards, {MODELS.get(model, model)}: {text}.")
    part.say(*lines, points=True)


def compared(result: Result) -> Part | None:
    """Part 2: beside what was published."""
    part = Part("options", "Beside what was published")
    part.show(_picture(result), _ratings(result), *_literature(result))
    part.show(_table(result), _studies(result))
    return part if part.blocks else None


def _name(row: Line) -> str:
    measure = MEASURES.get(row["name"])
    return row["name"] if measure is None else label(measure)


def _value(row: Line, key: str) -> str:
    x = number(row, key)
    return "-" if x is None else f"{x:.3g}"


def _range(row: Line) -> str:
    return "no range" if not row["low"] else f"{_value(row, 'low')} to {_value(row, 'high')}"


def _ends(row: Line, word: str) -> str:
    low, high = number(row, f"{word}_low"), number(row, f"{word}_high")
    return "no range" if low is None or high is None else f"{low:.0f} to {high:.0f}"


def _counts(row: Line) -> str:
    low, high = number(row, "low"), number(row, "high")
    return "no range" if low is None or high is None else f"{low:.0f} to {high:.0f}"


def _picture(result: Result) -> Drawn | None:
    """Simulated in parts of what was published."""
    shown = []
    for row in result.source.rows("picture.csv"):
        published, mean = number(row, "published"), number(row, "mean")
        if not published or mean is None or published <= 0.0:
            continue
        low, high, ward_low, ward_high = (number(row, key) for key in ("low", "high", "ward_p10", "ward_p90"))
        span = None if low is None or high is None else (max(low / published, 0.02), max(high / published, 0.02))
        outer = None if ward_low is None or ward_high is None else (max(ward_low / published, 0.02), max(ward_high / published, 0.02))
        texts = (_value(row, "mean"), _range(row), f"{_value(row, 'ward_p10')} to {_value(row, 'ward_p90')}", _value(row, "published"), row["row"])
        shown.append(Row(_name(row), max(mean / published, 0.02), span, outer, 1.0, texts, row["inside"] != "false"))
    if not shown:
        return None
    inside = sum(row.inside for row in shown)
    return forest(
        shown, value_title="simulated, in parts of what was published (logarithmic)", line=1.0, logarithmic=True,
        head=("outcome", "simulated", "95% of populations", "wards, 10% to 90%", "published", "row of the register"),
        keys=("population, 95% range", "single wards, 10% to 90%", "published"),
        title=f"{inside} of {len(shown)} published figures lie inside the range of the simulated population",
        caption=(
            f"{result.runs or '-'} population{'' if result.runs == 1 else 's'}, each with another draw of what is not known; the range also holds which "
            "wards there are. Rows of the register of evidence in the table. Source: picture.csv."
        ),
        name="picture",
    )  # fmt: skip


def _ratings(result: Result) -> Drawn | None:
    rows = result.source.rows("ratings.csv")
    ours = next((row for row in rows if row["thresholds"] == "as set"), None)
    theirs = next((row for row in rows if row["thresholds"].startswith("published")), None)
    if ours is None:
        return None
    trusts, of = number(ours, "trusts") or 1.0, number(theirs, "trusts") if theirs is not None else None
    shown = []
    for word in WORDS:
        mean, low, high = (number(ours, f"{word}{end}") for end in ("", "_low", "_high"))
        mark = None if theirs is None or not of else 100.0 * (number(theirs, word) or 0.0) / of
        span = None if low is None or high is None else (100.0 * low / trusts, 100.0 * high / trusts)
        published = "-" if theirs is None else f"{theirs[word]} of {of:.0f}"
        texts = (f"{mean or 0.0:.1f} of {trusts:.0f} ({_ends(ours, word)})", published)
        inside = mark is None or span is None or span[0] <= mark <= span[1]
        shown.append(Row(word, 100.0 * (mean or 0.0) / trusts, span, None, mark, texts, inside))
    return forest(
        shown, value_title="percent of trusts", head=("rating", "simulated trusts (95%)", "published trusts"),
        keys=("simulated, 95% range", "", "published"), title="Ratings of simulated trusts beside the published ones",
        caption="A rating is a judgement; the thresholds here are those of the study file, and other thresholds stand in ratings.csv. Source: ratings.csv.",
        name="ratings",
    )  # fmt: skip


def _literature(result: Result) -> list[Drawn]:
    found: list[Drawn] = []
    counts = result.source.rows("counts.csv")
    for model in dict.fromkeys(row["model"] for row in counts):
        shown = []
        for row in (one for one in counts if one["model"] == model):
            low, high, mark = number(row, "low"), number(row, "high"), number(row, "published")
            span = None if low is None or high is None else (low, high)
            inside = mark is None or span is None or span[0] <= mark <= span[1]
            texts = (f"{number(row, 'mean') or 0.0:.1f} ({_counts(row)})", row["published"] or "-")
            shown.append(Row(FINDINGS.get(row["finding"], row["finding"]), number(row, "mean"), span, None, mark, texts, inside))
        found.append(forest(
            shown, value_title="studies", head=("finding", "simulated (95%)", "published"), keys=("simulated, 95% range", "", "published"),
            title=f"What studies on simulated wards find, {MODELS.get(model, model)}",
            caption="Each study is made on wards of its own as the published ones were: wards, months, outcome, regression. Source: counts.csv.",
            name=f"literature-{'adjusted' if model == 'adjusted' else 'unadjusted' if model == 'unadjusted' else len(found)}",
        ))  # fmt: skip
    return found


def _table(result: Result) -> Table | None:
    rows: list[tuple[Cell, ...]] = [
        (_name(row), _value(row, "mean"), _range(row), _value(row, "published"), _value(row, "difference"), row["explanation"] or "-")
        for row in result.source.rows("picture.csv")
    ]
    head = ("outcome", "simulated", "95% range", "published", "difference", "why they may differ")
    return table("Every outcome that was looked at", head, rows) if rows else None


def _studies(result: Result) -> Table | None:
    rows: list[tuple[Cell, ...]] = [
        (f"{row['population']}-{row['study']}", row["model"], row["outcome"], row["exposure"], row["finding"],
         f"{_value(row, 'ratio')} ({_range(row)})", row["rows"])
        for row in result.source.rows("studies.csv")[:MOST]
    ]  # fmt: skip
    head = ("population-study", "model", "outcome", "exposure", "finding", "ratio (its own 95% interval)", "rows")
    return table("Studies one by one", head, rows, folded="The studies one by one") if rows else None
