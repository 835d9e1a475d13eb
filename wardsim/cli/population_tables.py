"""What `wardsim population` prints: the picture beside published figures, ratings and how they move, findings counted."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from wardsim.experiments.population.conduct import RANGE, Result
from wardsim.experiments.population.literature import FINDINGS, MODELS, WORDS, chance_of_none
from wardsim.experiments.population.picture import Beside
from wardsim.experiments.population.ratings import thresholds_in_words
from wardsim.experiments.results import number
from wardsim.experiments.shown import SOURCE_WORDS, calibrated_words
from wardsim.measures import MEASURES

from .grid import PIPED, Entry, fill, grids, label, number_of, range_of

RATINGS = ("excellent", "good", "fair", "weak")


def text_of(result: Result, width: int = PIPED) -> str:
    """Everything that is printed about a population."""
    parts = [_title(result, width), _picture(result, width), _ratings(result, width), _counts(result, width), _legend(result, width)]
    return "\n\n".join(part for part in parts if part) + "\n"


def json_of(result: Result) -> dict[str, Any]:
    """A population as `--json` prints it."""
    study = result.study
    data: dict[str, Any] = {
        "estimand": study.estimand, "years": study.years, "seed": study.seed, "parameters": "point" if study.point else study.parameters,
        "populations": result.populations, "groups": result.groups, "wards": len(study.cells), "range": RANGE,
        "picture": [_beside(one) for one in result.picture],
    }  # fmt: skip
    if result.rated is not None:
        data["ratings"] = {
            "order": list(RATINGS),
            "published": result.ratings_published,
            "validation": False,
            "splits": [
                {
                    "thresholds": split.name, "mean": list(split.mean), "low": list(split.low), "high": list(split.high),
                    "unrated": split.unrated,
                }
                for split in result.rated.splits
            ],
            "points_pct": {name: [number(x) for x in points] for name, points in result.rated.points.items()},
        }  # fmt: skip
    if result.counts:
        data["findings"] = {
            "order": list(FINDINGS),
            "published": result.counts_published,
            "level_pct": study.settings["studies"]["level_pct"],
            **{
                model: {
                    "mean": [number(count.mean[one]) for one in FINDINGS], "low": [number(count.low[one]) for one in FINDINGS],
                    "high": [number(count.high[one]) for one in FINDINGS], "unfitted": number(count.unfitted),
                }
                for model, count in result.counts.items()
            },
        }  # fmt: skip
        data["studies"] = [
            {"population": run, "study": place + 1, **{model: _finite(asdict(one)) for model, one in found.items()}}
            for run, place, found in result.studies
        ]
    return data


def _finite(data: dict[str, Any]) -> dict[str, Any]:
    return {key: None if isinstance(value, float) and not isfinite(value) else value for key, value in data.items()}


def _beside(one: Beside) -> dict[str, Any]:
    row = one.row
    return {
        "name": one.measure, "unit": MEASURES[one.measure].unit, "mean": number(one.mean), "low": number(one.low), "high": number(one.high),
        "ward_p10": number(one.ward_low), "ward_p90": number(one.ward_high), "row": None if row is None else row.id,
        "published": one.published, "difference": number(one.difference), "inside": one.inside,
        "use_of_row": None if row is None else row.use, "explanation": one.explanation,
    }  # fmt: skip


def _title(result: Result, width: int) -> str:
    study = result.study
    what = "studies" if study.settings["studies"] is not None else "trusts"
    many = f"{result.populations} population{'s' if result.populations != 1 else ''}"
    drawn = "point parameters" if study.point else f"each with its own draw of what is not known {SOURCE_WORDS[study.parameters]}"
    told = (
        f"Estimand {study.estimand}: {many} of {len(study.cells)} wards in {result.groups} {what}, {drawn}; every ward has chance of its own; "
        "nothing of the population was fitted to the figures beside it"
    )
    question = f"\n{fill(study.question, width)}" if study.question else ""
    return f"{study.name}{question}\n{fill(told, width)}"


def _picture(result: Result, width: int) -> str:
    if not result.picture:
        return ""
    entries, notes = [], []
    for one in result.picture:
        measure = MEASURES[one.measure]
        published = "-" if one.published is None or one.row is None else f"{one.published:g} ({one.row.id})"
        difference = "-" if one.difference is None or not isfinite(one.difference) else f"{one.difference:+.{measure.digits}f}"
        inside = {True: "inside", False: "outside", None: "-"}[one.inside]
        spread = range_of(measure, _known(one.ward_low), _known(one.ward_high))
        cells = (
            number_of(measure, _known(one.mean)), range_of(measure, _known(one.low), _known(one.high)), published, difference, inside, spread,
        )  # fmt: skip
        entries.append(Entry(label(measure), cells))
        if one.explanation:
            notes.append(fill(f"{measure.label}: {one.explanation}", width))
    heads = ("simulated", "population 95%", "published", "difference", "in range", "wards, 10 to 90%")
    table = "\n".join(grids([("Population beside published figures", entries)], heads, width))
    return "\n".join([table, *notes])


def _known(x: float) -> float | None:
    return x if isfinite(x) else None


def _ratings(result: Result, width: int) -> str:
    if result.rated is None:
        return ""
    entries = []
    if result.ratings_published is not None:
        total = sum(result.ratings_published)
        published = tuple(str(count) for count in result.ratings_published)
        entries.append(Entry(f"published, of {total} ({result.study.settings['ratings']['row']})", published))
    for split in result.rated.splits:
        cells = tuple(f"{m:.0f} ({a:.0f}-{b:.0f})" for m, a, b in zip(split.mean, split.low, split.high, strict=True))
        entries.append(Entry(thresholds_in_words(split.name), cells))
    table = "\n".join(grids([(f"Trusts by rating, of {result.groups}", entries)], RATINGS, width))
    note = (
        "Shown, not validation: thresholds were set by us before any population was run, and other thresholds give other ratings, as the "
        "lines below the first show (above 1 easier, below 1 harder)."
    )
    return f"{table}\n{fill(note, width)}"


def _counts(result: Result, width: int) -> str:
    if not result.counts:
        return ""
    entries = []
    settings = result.study.settings["studies"]
    if result.counts_published is not None:
        total = sum(result.counts_published)
        entries.append(Entry(f"published, of {total} ({settings['row']})", tuple(str(x) for x in result.counts_published)))
    for model in MODELS:
        count = result.counts[model]
        cells = tuple(f"{count.mean[one]:.1f} ({count.low[one]:.0f}-{count.high[one]:.0f})" for one in FINDINGS)
        entries.append(Entry(f"simulated, {model}", cells))
    title = f"Studies by finding with more staff, of {result.groups}"
    table = "\n".join(grids([(title, entries)], [WORDS[one] for one in FINDINGS], width))
    expected, spread = chance_of_none(result.groups, float(settings["level_pct"]))
    notes = [
        f"Chance alone, with nothing there, would give {expected:.1f} fewer and as many more (SD {spread:.1f} each) at {settings['level_pct']:g}%."
    ]
    unfitted = max(count.unfitted for count in result.counts.values())
    if unfitted:
        notes.append(f"Up to {unfitted:.1f} studies had too few events for their regression; they count as no difference.")
    return "\n".join([table, *(fill(note, width) for note in notes)])


def _legend(result: Result, width: int) -> str:
    lines = [
        f"Population 95%: {RANGE}.",
        "A published figure outside the range is a disagreement, to be explained and not to be tuned away.",
        f"{calibrated_words(False, result.study.parameters)} wards.csv has what was drawn for each ward.",
    ]
    return "\n".join(fill(line, width) for line in lines)
