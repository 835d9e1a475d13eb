"""The report of a population of wards: beside published figures, rated trusts, the literature made again."""

from __future__ import annotations

from collections import Counter

from wardsim.experiments.shown import label, number_of, range_of
from wardsim.measures import MEASURES

from ..content import Cell, Part, Table, table
from ..figures import Drawn, Row, forest
from ..result import Result
from ..source import Row as Line
from ..source import number

WORDS = ("excellent", "good", "fair", "weak")
FINDINGS = {
    "fewer": "fewer incidents with more staff", "more": "more incidents with more staff", "no difference": "no difference", "none": "no difference",
}  # fmt: skip
FINDING = {"fewer": "fewer", "more": "more", "no difference": "no difference", "none": "no difference"}
OUTCOMES = {"aggression": "reported aggression", "assaults": "reported assaults", "restrictive": "restrictive interventions", "self_harm": "reported self-harm"}
EXPOSURES = {"nursing": "all nursing staff", "registered": "registered nurses"}
FEW = 20
"""Populations below which a range says so beside every set of numbers."""
MODELS = {"unadjusted": "without adjustment", "adjusted": "adjusted for what studies had"}
MOST = 40
"""Studies listed."""


def told(result: Result, part: Part) -> None:
    """The first screen."""
    lines = []
    beside = [row for row in result.source.rows("picture.csv") if number(row, "published") is not None and number(row, "mean") is not None]
    if beside:
        inside, figures = sum(row["inside"] == "true" for row in beside), len({row["row"] for row in beside})
        lines.append(
            f"{inside} of {len(beside)} comparisons with {figures} published figure{'' if figures == 1 else 's'} lie inside the range of the simulated population (in "
            f"brackets: 95% range over {_few(result)}){_repeated(beside)}."
        )
    for row in beside[:3]:
        lines.append(f"{_name(row)}: simulated {_value(row, 'mean')} ({_range(row)}), published {_value(row, 'published')} ({row['row']}).")
    if ratings := result.source.rows("ratings.csv"):
        ours = ", ".join(f"{number(ratings[0], word) or 0.0:.0f} {word} ({_ends(ratings[0], word)})" for word in WORDS)
        theirs = next((row for row in ratings if row["thresholds"].startswith("published")), None)
        rated = sum(number(ratings[0], word) or 0.0 for word in WORDS)
        published = "" if theirs is None else f"; published, of {sum(number(theirs, w) or 0.0 for w in WORDS):.0f}: {', '.join(f'{theirs[w]} {w}' for w in WORDS)}"
        lines.append(f"Of {rated:.0f} rated trusts, mean and range over {_few(result)}: {ours}{published}.")
    counts = result.source.rows("counts.csv")
    for model in dict.fromkeys(row["model"] for row in counts):
        own = [row for row in counts if row["model"] == model]
        text = ", ".join(f"{number(r, 'mean') or 0.0:.0f} {FINDING.get(r['finding'], r['finding'])} ({_counts(r)}; published {r['published'] or '-'})" for r in own)
        lines.append(f"Studies made on the wards, {MODELS.get(model, model)}, mean and range over {_few(result)}: {text}.")
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


def _few(result: Result) -> str:
    """How many populations a range rests on, and what so few are worth."""
    many = result.runs
    if not many:
        return "populations"
    said = f"{many} population{'' if many == 1 else 's'}"
    return f"{said}, a rough one" if many < FEW else said


def _repeated(rows: list[Line]) -> str:
    """Figures that stand beside several measures, which are not independent."""
    count = Counter(row["row"] for row in rows)
    again = [f"{name} {n} times" for name, n in count.items() if n > 1]
    return f"; {', '.join(again)}, beside different measures, which are not independent" if again else ""


def _value(row: Line, key: str) -> str:
    """A number of the picture in the digits of its measure; a published one as it was printed."""
    x, measure = number(row, key), MEASURES.get(row.get("name", ""))
    return "-" if x is None else f"{x:.3g}" if measure is None or key.startswith("published") else number_of(measure, x)


def _range(row: Line) -> str:
    if not row["low"]:
        return "no range"
    measure = MEASURES.get(row.get("name", ""))
    return f"{_value(row, 'low')} to {_value(row, 'high')}" if measure is None else range_of(measure, number(row, "low"), number(row, "high"))


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
        title=f"{inside} of {len(shown)} comparisons lie inside the range of the simulated population",
        caption=(
            f"Range over {_few(result)}, each with another draw of what is not known; it also holds which wards there are. A row of the register that stands "
            "beside several measures is one published figure. Source: picture.csv."
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
        texts = (f"{mean or 0.0:.0f} of {trusts:.0f} ({_ends(ours, word)})", published)
        inside = mark is None or span is None or span[0] <= mark <= span[1]
        shown.append(Row(word, 100.0 * (mean or 0.0) / trusts, span, None, mark, texts, inside))
    return forest(
        shown, value_title="percent of trusts", head=("rating", "simulated trusts (95%)", "published trusts"),
        keys=("simulated, 95% range", "", "published"), title="Ratings of simulated trusts beside the published ones",
        caption=f"Mean and range over {_few(result)}. "
        "A rating is a judgement; the thresholds here are those of the study file, and other thresholds stand in ratings.csv. Source: ratings.csv.",
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
            texts = (f"{number(row, 'mean') or 0.0:.0f} ({_counts(row)})", row["published"] or "-")
            shown.append(Row(FINDINGS.get(row["finding"], row["finding"]), number(row, "mean"), span, None, mark, texts, inside))
        found.append(forest(
            shown, value_title="studies", head=("finding", "simulated (95%)", "published"), keys=("simulated, 95% range", "", "published"),
            title=f"What studies on simulated wards find, {MODELS.get(model, model)}",
            caption=f"Mean and range over {_few(result)}. "
            "Each study is made on wards of its own as the published ones were: wards, months, outcome, regression. Source: counts.csv.",
            name=f"literature-{'adjusted' if model == 'adjusted' else 'unadjusted' if model == 'unadjusted' else len(found)}",
        ))  # fmt: skip
    return found


def _table(result: Result) -> Table | None:
    rows: list[tuple[Cell, ...]] = [
        (_name(row), _value(row, "mean"), _range(row), _value(row, "published"), row["row"] or "-", _value(row, "difference"), row["explanation"] or "-")
        for row in result.source.rows("picture.csv")
    ]
    head = ("outcome", "simulated", "95% range", "published", "row of the register", "difference", "why they may differ")
    notes = [f"Range over {_few(result)}. The difference has the range of the simulated value."]
    return table("Every outcome that was looked at", head, rows, notes=notes) if rows else None


def _studies(result: Result) -> Table | None:
    rows: list[tuple[Cell, ...]] = [
        (f"{row['population']}-{row['study']}", MODELS.get(row["model"], row["model"]), OUTCOMES.get(row["outcome"], row["outcome"]),
         EXPOSURES.get(row["exposure"], row["exposure"]), FINDING.get(row["finding"], row["finding"]), f"{_value(row, 'ratio')} ({_range(row)})", row["rows"])
        for row in result.source.rows("studies.csv")[:MOST]
    ]  # fmt: skip
    head = ("population-study", "model", "outcome", "exposure", "finding", "ratio (its own 95% interval)", "shifts or days")
    return table("Studies one by one", head, rows, folded="The studies one by one") if rows else None
