"""Rows kept for validation beside what stored results say of them."""

from __future__ import annotations

from collections import Counter

from .answers import COMPARISON, warning
from .common import table
from .ranges import legend, level, populations
from .stored import Stored, number, stored

POPULATION = "national-2008/population"
LITERATURE = "national-2008/staffing-studies"


def rows() -> str:
    """Every declared validation row with the simulated figures that are stored."""
    from wardsim.calibrate.targets import load_targets
    from wardsim.experiments.shown import label, number_of, range_of
    from wardsim.measures import MEASURES

    one, many = stored(COMPARISON), stored(POPULATION)
    ward = {} if one is None else {row["name"]: row for row in one.rows("options.csv") if row["option"] == _first(one)}
    picture = {} if many is None else {row["name"]: row for row in many.rows("picture.csv")}
    lines = []
    for shown in load_targets().validation:
        simulated = []
        for name in shown.measures:
            measure = MEASURES[name]
            parts = []
            if (row := ward.get(name)) is not None and (mean := number(row, "mean")) is not None:
                low, high = number(row, "year_low"), number(row, "year_high")
                parts.append(f"baseline ward {level(measure, row)}, one year {range_of(measure, low, high)}")
            if (row := picture.get(name)) is not None and (mean := number(row, "mean")) is not None:
                parts.append(f"population {number_of(measure, mean)} ({range_of(measure, number(row, 'low'), number(row, 'high'))})")
            if parts:
                simulated.append(f"{label(measure)}: {'; '.join(parts)}")
        lines.append((shown.label, ", ".join(shown.rows), shown.published, ". ".join(simulated) or "not on one ward, see below", shown.reason))
    text = table(("what", "rows", "published", "simulated", "how it is compared"), lines)
    said = [warning(one) + one.origin() if one is not None else "No reference result is stored yet.", "" if many is None else warning(many) + many.origin()]
    return "\n".join((_ranges(one, many), text, legend(text), "\n\n".join(part for part in said if part))) + "\n"


def _ranges(one: Stored | None, many: Stored | None) -> str:
    """What the two figures of a cell are, and what stands in brackets."""
    told = []
    if one is not None:
        told.append(f"*Baseline ward*: {one.question()}, {one.replications()} runs; in brackets 95% of what is not known, *one year*: 80% of single years, by chance.")
    if many is not None:
        told.append(f"*Population*: {many.question()}, {populations(many.rows('picture.csv'))}; in brackets 95% over them and over which trusts there are.")
    return " ".join(told) + "\n"


def _first(one: Stored) -> str:
    return next((row["option"] for row in one.rows("options.csv")), "")


def literature() -> str:
    """The simulated literature on staffing beside the published one."""
    one = stored(LITERATURE)
    if one is None:
        return (
            "No reference result of `scenarios/national-2008/staffing-studies.yaml` is stored in this version: run it to see the counts "
            "([the national picture](national-picture.md)).\n"
        )
    lines = [(row["model"], row["finding"], row["mean"], f"{row['low']} to {row['high']}", row["published"]) for row in one.rows("counts.csv")]
    counts = table(("regression", "finding", "simulated analyses, mean", "95% range", "published"), lines)
    many = len({row["population"] for row in one.rows("studies.csv")})
    few = (
        f"{one.question()}; over {many} literature{'' if many == 1 else 's'}, each with one draw of what is not known; a range over so few is a rough one. "
        "Events are as reported, restrictive interventions as recorded.\n\n"
    )
    between = (
        "The same analyses (unadjusted and adjusted together, so that each study counts twice) by what was counted as staffing, and by what was "
        f"counted as the event{'; in brackets the least and the most of any of the literatures' if many > 1 else ''}:\n"
    )
    return "\n".join((warning(one) + few[:1].upper() + few[1:] + counts, between, _by_kind(one), one.origin() + "\n"))


FINDINGS = ("fewer", "more", "none")
EXPOSURES = {"nursing": "all nursing staff", "registered": "registered nurses"}
EVENTS = {"aggression": "reported aggression", "assaults": "reported assaults", "restrictive": "restrictive interventions", "self_harm": "reported self-harm"}


def _by_kind(one: Stored) -> str:
    """Simulated analyses, unadjusted and adjusted, counted by exposure and by event."""
    rows = one.rows("studies.csv")
    found = Counter((key, row[key], row["finding"]) for row in rows for key in ("exposure", "outcome"))
    each = {
        of: Counter((key, row[key], row["finding"]) for row in rows if row["population"] == of for key in ("exposure", "outcome"))
        for of in dict.fromkeys(row["population"] for row in rows)
    }

    def said(key: str, value: str, finding: str) -> str:
        shares = []
        for own in each.values():
            if total := sum(own[key, value, f] for f in FINDINGS):
                shares.append(100 * own[key, value, finding] / total)
        text = f"{100 * found[key, value, finding] / sum(found[key, value, f] for f in FINDINGS):.0f}%"
        return text if len(shares) < 2 else f"{text} ({min(shares):.0f} to {max(shares):.0f})"

    lines = []
    for key, words in (("exposure", EXPOSURES), ("outcome", EVENTS)):
        for value, text in words.items():
            total = sum(found[key, value, finding] for finding in FINDINGS)
            if total:
                lines.append((text, *(said(key, value, finding) for finding in FINDINGS), total))
    return table(("counted", "fewer", "more", "no difference", "analyses"), lines)
