"""What the shipped studies say: blocks of `explanation/findings.md` and `explanation/national-picture.md`, from stored results."""

from __future__ import annotations

from collections import Counter

from wardsim.experiments.optimise.chance import OF_ITSELF
from wardsim.experiments.population.ratings import thresholds_in_words

from .answers import COMPARISON, SWEEP, comparison, differences, warning
from .common import table
from .stored import Row, Stored, number, stored
from .validation import POPULATION

WORTH = "options/worth-measuring"
LEVELS = "studies/sensitivity-levels"
MOST = 8
"""Unknowns shown."""


def missing(study: str) -> str:
    """What stands in place of a result that is not stored."""
    return f"No reference result of `scenarios/{study}.yaml` is stored in this version.\n"


def night() -> str:
    """The comparison of README.md, its figure as this folder finds it."""
    return comparison().replace("](docs/figures/", "](../figures/")


BEHIND = (
    "care_hours_rn_per_patient_day", "fill_rn_day", "fill_rn_night", "gaps_filled_bank", "gaps_filled_agency", "gaps_filled_unfilled", "temporary_share",
)  # fmt: skip
"""Facts between one more person at night and one-to-one time by day."""


def behind() -> str:
    """Where the hours of one more person at night come from."""
    one = stored(COMPARISON)
    return missing(COMPARISON) if one is None else differences([r for r in one.rows("differences.csv") if r["name"] in BEHIND], BEHIND)


def sweep() -> str:
    """Violence, contact and cost of every ward of staffing by training, as differences from the baseline."""
    from wardsim.calibrate.headline import ASKED

    one = stored(SWEEP)
    return missing(SWEEP) if one is None else warning(one) + "\n".join(_surface(one, name) for name in ASKED) + "\n" + one.origin() + "\n"


def _surface(one: Stored, name: str) -> str:
    from wardsim.experiments.shown import change_of, changes_of, label, number_of
    from wardsim.experiments.sweep.marks import SIGNS
    from wardsim.measures import MEASURES
    from wardsim.report.parts.marked import explained, mark

    signs = {str(sign): mark for sign, mark in SIGNS.items()}
    measure = MEASURES[name]
    found = [row for row in one.rows("cells.csv") if row["name"] == name]
    staff, training = [key.removesuffix(" (number)") for key in found[0] if key.endswith(" (number)")]
    cells = {(row[staff], row[training]): row for row in found}

    def said(row: Row | None) -> str:
        if row is None:
            return "not run"
        if row["sign"] == "reference":
            return f"{number_of(measure, number(row, 'mean'))} (the baseline)"
        value, low, high = (number(row, key) for key in ("difference", "difference_low", "difference_high"))
        if value is None:
            return "not known"
        span = "" if low is None or high is None else f" ({changes_of(measure, low, high)}{mark(row.get('difference_reason') or '')})"
        return f"{change_of(measure, value)}{span} {signs[row['sign']]}".rstrip()

    across = _in_order(found, training)
    lines = [[down, *(said(cells.get((down, over))) for over in across)] for down in _in_order(found, staff)]
    settled = sum(row["sign"] in ("higher", "lower") for row in found)
    share = next(row for row in one.rows("prior_share.csv") if row["name"] == name)
    parameters, chance = (number(share, f"{key}_pct") for key in ("parameters", "chance_of_one_year"))
    return (
        f"{label(measure)}: the sign is settled in {settled} of {len(found) - 1} wards; of the spread of a difference in one year {parameters:.0f}% is what is not "
        f"known and {chance:.0f}% chance; the simulation error is at most a quarter of what is not known in {share['cells_error_within_a_quarter']} of "
        f"{share['cells_judged']} wards.{explained(text for line in lines for text in line)}\n\n" + table((f"{staff} / {training}", *across), lines) + "\n"
    )


def _in_order(rows: list[dict[str, str]], key: str) -> list[str]:
    found = {row[key]: float(row[f"{key} (number)"]) for row in rows if row[key]}
    return sorted(found, key=lambda text: found[text])


def worth() -> str:
    """The choice at the values of the worked example, and which unknowns would be worth measuring first."""
    from wardsim.report.parts.words import share_of

    one = stored(WORTH)
    if one is None:
        return missing(WORTH)
    chosen = table(
        ("option", "expected gain over the baseline, GBP a year (95% simulation error)", "probability of being best, % (95%)"),
        [
            (f"**{row['option']}**" if row["chosen"] == "yes" else row["option"],
             f"{_pounds(row, 'gain')} ({_pounds(row, 'mc_low')} to {_pounds(row, 'mc_high')})" if row["gain"] else "the reference",
             share_of(row, "p_best", "p_best_low", "p_best_high"))
            for row in one.rows("benefit.csv")
        ],
    )  # fmt: skip
    known = one.rows("information.csv")
    perfect = next((row for row in known if row["kind"] == "perfect"), None)
    apart = sorted((row for row in known if row["told_apart"] == "yes"), key=lambda row: -(number(row, "value") or 0.0))
    lines = [] if perfect is None else [
        f"To know every parameter before choosing would be worth GBP {_pounds(perfect, 'value')} a year for one ward (95%: "
        f"{_pounds(perfect, 'low')} to {_pounds(perfect, 'high')}). "
        f"Of {len(known) - 1} single parameters and topics {len(apart)} are told apart from accident{':' if apart else '.'}\n"
    ]  # fmt: skip
    if apart:
        rows = [(row["label"] or row["name"], f"{_pounds(row, 'value')} ({_pounds(row, 'low')} to {_pounds(row, 'high')})") for row in apart[:MOST]]
        lines.append(table(("unknown", "worth of knowing it, GBP a year for one ward (95%)"), rows))
    return warning(one) + "\n".join([chosen, *lines]) + "\n" + one.origin() + "\n"


PLANS = "optimise/cheapest-safe"
VERDICTS = {"feasible": "keeps the limits", "infeasible": "does not keep them", "undecided": "open"}
SHOWN = 12
"""Plans shown."""


def levels() -> str:
    """Which inputs decide how much violence and contact the model shows, and how well the emulator behind it predicts."""
    one = stored(LEVELS)
    if one is None:
        return missing(LEVELS)
    totals = [row for row in one.rows("sensitivity.csv") if row["index"] == "ST" and row["method"] == "emulator" and row["interval_source"] == BOTH]
    most = max(int(row["n"]) for row in totals)
    found = list({(row["outcome"], row["parameter"]): row for row in totals if int(row["n"]) == most}.values())
    return warning(one) + "\n".join(_deciding(found, outcome) for outcome in dict.fromkeys(row["outcome"] for row in found)) + "\n" + one.origin() + "\n"


BOTH = "Sobol sample and emulator"
"""Intervals that hold both sources of error."""


def _deciding(rows: list[dict[str, str]], outcome: str) -> str:
    """The inputs of one outcome whose share is more than nothing, the largest first, the others by their number."""
    from wardsim.experiments.shown import label
    from wardsim.measures import MEASURES
    from wardsim.parameters import Ledger

    labels = {entry.name: entry.label for entry in Ledger.load()}
    own = sorted((row for row in rows if row["outcome"] == outcome), key=lambda row: -float(row["value"]))
    told = [row for row in own if (number(row, "low") or 0.0) > 0.0]
    rest = max((float(row["high"]) for row in own if row not in told), default=0.0)
    lines = [(f"{labels[row['parameter']]} (`{row['parameter']}`)", f"{float(row['value']):.2f} ({float(row['low']):.2f} to {float(row['high']):.2f})") for row in told]
    return (
        table((label(MEASURES[outcome]), "share of the spread, with interactions (95% range)"), lines)
        + f"\nThe other {len(own) - len(told)} are not told from nothing (at most {rest:.2f}). Of the spread between held-back points the emulator leaves "
        f"{100 * float(own[0]['emulator_error']):.1f}% unexplained.\n"
    )


def cheapest() -> str:
    """Which plans keep the limits, and the cheapest that do or may."""
    one = stored(PLANS)
    if one is None:
        return missing(PLANS)
    rows = one.rows("choice.csv")
    count = Counter(row["state"] for row in rows)
    said = ", ".join(f"{count[state]} {words}" for state, words in (
        ("feasible", "are known to keep all limits"), ("infeasible", "are known not to"), ("undecided", "are open"),
    ))  # fmt: skip
    runs = sum(int(row["runs"]) for row in rows)
    chosen = next((row["option"] for row in rows if row["standing"] == "chosen"), "")
    answer = f"The cheapest plan known to keep them is **{chosen}**." if chosen else "No plan is known to keep them, so none is chosen."
    given = {row["option"] for row in one.rows("verdicts.csv") if row["reason"] == OF_ITSELF}
    lines = []
    for row in sorted((r for r in rows if r["state"] != "infeasible"), key=lambda r: number(r, "cost") or 0.0)[:SHOWN]:
        share, low, high = (number(row, key) for key in ("share", "share_mc_low", "share_mc_high"))
        lines.append((
            f"**{row['option']}**" if row["option"] == chosen else row["option"],
            f"{_pounds(row, 'difference_mean')} ({_pounds(row, 'difference_low')} to {_pounds(row, 'difference_high')})" if row["difference_mean"] else "the reference",
            "by definition: the limits are held against it" if row["option"] in given
            else "not known" if share is None or low is None or high is None
            else f"{100 * share:.0f} ({100 * low:.0f} to {100 * high:.0f})",
            VERDICTS[row["state"]], row["standing"], row["runs"],
        ))  # fmt: skip
    header = (
        "plan (registered nurses / healthcare assistants / training)", "cost against the reference, GBP a year (95% range of what is not known)",
        "draws that keep all limits, % (95% simulation error)", "verdict", "standing", "runs",
    )  # fmt: skip
    return "\n".join((
        f"{warning(one)}Of {len(rows)} plans, after {runs:,} runs: {said}. {answer}\n", table(header, lines), one.origin() + "\n",
    ))  # fmt: skip


def _pounds(row: Row, key: str) -> str:
    value = number(row, key)
    return "not known" if value is None else f"{value:,.0f}"


def picture() -> str:
    """The simulated population beside the published figures."""
    from wardsim.experiments.shown import label, number_of, range_of
    from wardsim.measures import MEASURES

    one = stored(POPULATION)
    if one is None:
        return missing(POPULATION)
    lines = []
    for row in one.rows("picture.csv"):
        measure = MEASURES[row["name"]]
        published = f"{number_of(measure, number(row, 'published'))} ({row['row']})" if row["row"] else "no figure in the register"
        inside = {"true": "yes", "false": "no"}.get(row["inside"], "")
        value = number_of(measure, number(row, "mean"))
        lines.append((label(measure), f"{value} ({range_of(measure, number(row, 'low'), number(row, 'high'))})", published, inside, row["use_of_row"]))
    few = (
        f"{one.replications()} populations, each with one draw of what is not known: so few draws say little of that part of a range. "
        "A row that is a target was fitted by the calibration of the single ward.\n\n"
    )
    head = ("measure", "simulated (95%)", "published", "in the range", "use of the row")
    return warning(one) + few + table(head, lines) + "\n" + one.origin() + "\n"


def ratings() -> str:
    """Trusts by rating under the committed thresholds and their variants, beside the published split."""
    one = stored(POPULATION)
    if one is None:
        return ""
    words = ("excellent", "good", "fair", "weak")
    lines = [
        (thresholds_in_words(row["thresholds"]), *(_trusts(row, word) for word in words), row["unrated"])
        for row in one.rows("ratings.csv")
    ]  # fmt: skip
    return table(("thresholds", *words, "unrated"), lines)


def _trusts(row: Row, word: str) -> str:
    mean, low, high = (number(row, key) for key in (word, f"{word}_low", f"{word}_high"))
    if mean is None:
        return "not known"
    return f"{mean:.0f}" if low is None or high is None else f"{mean:.1f} ({low:.0f} to {high:.0f})"
