"""What the shipped studies say: blocks of `explanation/findings.md` and `explanation/national-picture.md`, from stored results."""

from __future__ import annotations

from collections import Counter

from wardsim.experiments.optimise.chance import OF_ITSELF
from wardsim.experiments.population.ratings import thresholds_in_words
from wardsim.experiments.shown import MONEY, THOUSAND

from .answers import COMPARISON, DIFFERENCE, SETTLED, SWEEP, comparison, differences, size, unmarked, warning
from .common import table
from .ranges import changed, draws_kept, legend, level, populations
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
    if one is None:
        return missing(COMPARISON)
    rows = [row for row in one.rows("differences.csv") if row["name"] in BEHIND]
    told = differences(rows, BEHIND, one.rows("options.csv"))
    return "\n".join((f"{warning(one)}Of the same runs: {one.question()}; {draws_kept(rows)}.\n", told, legend(told), one.origin())) + "\n"


def sweep() -> str:
    """Violence, contact and cost of every ward of staffing by training, as differences from the baseline."""
    from wardsim.calibrate.headline import ASKED

    one = stored(SWEEP)
    if one is None:
        return missing(SWEEP)
    runs, draws = size(one)
    head = f"{one.question()}; {runs} runs of each ward over {draws} draws of what is not known."
    told = "\n".join(_surface(one, name) for name in ASKED)
    return "\n".join((f"{warning(one)}{_capital(head)} {SPREAD}\n", told, f"{unmarked(one.rows('cells.csv'))}{legend(told)}", one.origin())) + "\n"


SPREAD = (
    "Of the spread of a difference in one year, the share that is not known and not chance is that of the middle ward, in brackets the smallest and the "
    "largest of all."
)
"""Which wards the spread of a difference is of."""


def _surface(one: Stored, name: str) -> str:
    from wardsim.experiments.shown import label
    from wardsim.experiments.sweep.marks import SIGNS
    from wardsim.measures import MEASURES

    signs = {str(sign): mark for sign, mark in SIGNS.items()}
    measure = MEASURES[name]
    found = [row for row in one.rows("cells.csv") if row["name"] == name]
    staff, training = [key.removesuffix(" (number)") for key in found[0] if key.endswith(" (number)")]
    cells = {(row[staff], row[training]): row for row in found}

    def said(row: Row | None) -> str:
        if row is None:
            return "not run"
        if row["sign"] == "reference":
            return f"{level(measure, row)}: the baseline"
        return f"{changed(measure, row, *DIFFERENCE)} {signs[row['sign']]}".rstrip() if row["difference"] else "not known"

    across = _in_order(found, training)
    lines = [[down, *(said(cells.get((down, over))) for over in across)] for down in _in_order(found, staff)]
    settled = sum(row["sign"] in SETTLED for row in found)
    share = next(row for row in one.rows("prior_share.csv") if row["name"] == name)
    parameters, least, most = (number(share, f"parameters_pct{end}") for end in ("", "_smallest", "_largest"))
    return (
        f"{label(measure)}: the sign is settled in {settled} of {len(found) - 1} wards; of the spread of a difference in one year {parameters:.0f}% ({least:.0f} to "
        f"{most:.0f}) is what is not known, the rest chance; the simulation error is at most a quarter of what is not known in "
        f"{share['cells_error_within_a_quarter']} of {share['cells_judged']} wards.\n\n" + table((f"{staff} / {training}", *across), lines) + "\n"
    )


def _in_order(rows: list[dict[str, str]], key: str) -> list[str]:
    found = {row[key]: float(row[f"{key} (number)"]) for row in rows if row[key]}
    return sorted(found, key=lambda text: found[text])


def worth() -> str:
    """The choice at the values of the worked example, and which unknowns would be worth measuring first."""
    from wardsim.experiments.shown import changes_of, label
    from wardsim.measures import MEASURES
    from wardsim.report.parts.words import lower, share_of

    one = stored(WORTH)
    if one is None:
        return missing(WORTH)
    benefits = one.rows("benefit.csv")
    chosen = table(
        ("option", "expected gain over the baseline, GBP thousand a year (95% range of what is not known)", "simulation error of the gain (95%)",
         "best in so many % of draws (95%)"),
        [
            (f"**{row['option']}**" if row["chosen"] == "yes" else row["option"],
             changed(_Money, row, "gain") if row["gain"] else "the reference",
             changes_of(_Money, number(row, "mc_low"), number(row, "mc_high")) if row["gain"] else "",
             share_of(row, "p_best", "p_best_low", "p_best_high"))
            for row in benefits
        ],
    )  # fmt: skip
    worths = "; ".join(f"{lower(label(MEASURES[name]))} {value:+,.0f}" for name, value in one.values().items())
    frame = f"{one.question()}; {draws_kept(one.rows('differences.csv'))}. Values, in GBP a year for one unit: {worths}; cash cost as it is.\n"
    chosen = f"{_capital(frame)}\n{chosen}" + (f"\n{said}" if (said := legend(chosen)) else "")
    known = one.rows("information.csv")
    perfect = next((row for row in known if row["kind"] == "perfect"), None)
    apart = sorted((row for row in known if row["told_apart"] == "yes"), key=lambda row: -(number(row, "value") or 0.0))
    lines = [] if perfect is None else [
        f"To know every parameter before choosing would be worth GBP {_pounds(perfect, 'value')} a year for one ward (standard error "
        f"{_pounds(perfect, 'standard_error')}, 95%: {_pounds(perfect, 'low')} to {_pounds(perfect, 'high')}). "
        f"Of {len(known) - 1} single parameters and topics {len(apart)} are told apart from accident{':' if apart else '.'}\n"
    ]  # fmt: skip
    if apart:
        rows = [(row["label"] or row["name"], f"{_pounds(row, 'value')} ({_pounds(row, 'low')} to {_pounds(row, 'high')})") for row in apart[:MOST]]
        lines.append(table(("unknown", "worth of knowing it, GBP a year for one ward (95%)"), rows))
    return warning(one) + "\n".join([chosen, *lines]) + "\n" + one.origin() + "\n"


class _Money:
    """Money by the year as `shown` writes it: in thousands, with a decimal, as the terminal has a net benefit."""

    unit = MONEY
    digits = 1


PLANS = "optimise/cheapest-safe"
VERDICTS = {"feasible": "keeps the limits", "infeasible": "does not keep them", "undecided": "open"}
CHEAPER = "may be cheaper"
"""Standing of the plans that are open and cheaper, or may be."""


def levels() -> str:
    """Which inputs decide how much violence and contact the model shows, and how well the emulator behind it predicts."""
    one = stored(LEVELS)
    if one is None:
        return missing(LEVELS)
    totals = [row for row in one.rows("sensitivity.csv") if row["index"] == "ST" and row["method"] == "emulator" and row["interval_source"] == BOTH]
    most = max(int(row["n"]) for row in totals)
    found = list({(row["outcome"], row["parameter"]): row for row in totals if int(row["n"]) == most}.values())
    head = f"{one.question()}; {one.replications()} runs at each point.\n"
    parts = "\n".join(_deciding(found, outcome) for outcome in dict.fromkeys(row["outcome"] for row in found))
    return f"{warning(one)}{_capital(head)}\n{parts}\n{one.origin()}\n"


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
        f"{100 * float(own[0]['emulator_error']):.1f}% unexplained (from {own[0]['n']} points).\n"
    )


def cheapest() -> str:
    """Which plans keep the limits, the cheapest that does and all that may be cheaper, and where the runs went."""
    from wardsim.experiments.shown import label
    from wardsim.measures import MEASURES
    from wardsim.report.parts.words import share_of

    one = stored(PLANS)
    if one is None:
        return missing(PLANS)
    rows = sorted(one.rows("choice.csv"), key=lambda row: number(row, "difference_mean") or 0.0)
    count = Counter(row["state"] for row in rows)
    said = ", ".join(f"{count[state]} {'is' if count[state] == 1 else 'are'} {words}" for state, words in (
        ("feasible", "known to keep all limits"), ("infeasible", "known not to"), ("undecided", "open"),
    ))  # fmt: skip
    runs = sum(int(row["runs"]) for row in rows)
    chosen = next((row["option"] for row in rows if row["standing"] == "chosen"), "")
    answer = f"The cheapest plan known to keep them is **{chosen}**." if chosen else "No plan is known to keep them, so none is chosen."
    given = {row["option"] for row in one.rows("verdicts.csv") if row["reason"] == OF_ITSELF}
    shown = [row for row in rows if row["standing"]] if chosen else [row for row in rows if row["state"] != "infeasible"]
    lines = [
        (
            f"**{row['option']}**" if row["option"] == chosen else row["option"],
            changed(_Money, row, "difference_mean", ("difference_low", "difference_high")) if row["difference_mean"] else "the reference",
            "by definition: the limits are held against it" if row["option"] in given else share_of(row, "share", "share_mc_low", "share_mc_high"),
            VERDICTS[row["state"]], row["standing"], row["runs"],
        )
        for row in shown
    ]  # fmt: skip
    header = (
        "plan (registered nurses / healthcare assistants / training)",
        f"{label(MEASURES[one.objective()])}, difference from the reference (95% range of what is not known)",
        "draws that keep all limits, % (range that the verdict goes by)", "verdict", "standing", "runs",
    )  # fmt: skip
    frame = f"{one.question()}. Of {len(rows)} plans, after {runs:,} runs: {said}. {answer}"
    beside = f"{_left_out(rows, shown)} {BY_ALL} {unmarked(rows, 'difference_reason')}".rstrip() + "\n"
    return "\n".join((
        f"{warning(one)}{_capital(frame)}\n", table(header, lines), beside, f"{_spent(one, rows, shown, runs)}\n", f"{_nearest(rows)}\n",
        *_meaning(rows, chosen, given), one.origin() + "\n",
    ))  # fmt: skip


BY_ALL = (
    "The range that a verdict goes by is simulation error, its chance of being wrong shared over all plans and all looks at them, so that it is wider than "
    "a 95% range."
)
"""What stands beside a share of draws."""


def _left_out(rows: list[dict[str, str]], shown: list[dict[str, str]]) -> str:
    """Which plans stand in the table, and what the others are."""
    others = [row for row in rows if row not in shown]
    if not others:
        return f"All {len(rows)} plans are shown."
    least = min(number(row, "difference_mean") or 0.0 for row in others)
    cheaper = sum(row["standing"] == CHEAPER for row in shown)
    verdicts = ", ".join(f"{n} {VERDICTS[state]}" if n < len(others) else VERDICTS[state] for state, n in Counter(row["state"] for row in others).items())
    both = sum((number(row, "difference_low") or 0.0) < 0.0 for row in others)
    return (
        f"Shown: the plan that is chosen and all {cheaper} that are, or may be, cheaper. Not shown: the other {len(others)} ({verdicts}), which these runs "
        f"set aside because they cost more on average, by GBP {least / THOUSAND:,.1f} thousand a year or more"
        + (f" (in {both} of them the 95% range of what is not known reaches below nothing)." if both else ".")
    )


def _spent(one: Stored, rows: list[dict[str, str]], shown: list[dict[str, str]], runs: int) -> str:
    """On which plans the runs were spent."""
    budget = one.budget()
    others = [int(row["runs"]) for row in rows if row not in shown]
    first = min(int(row["runs"]) for row in rows)
    own = {int(row["runs"]) for row in shown}
    judged = one.rows("verdicts.csv")
    draws = {int(row["draws"]) for row in judged if row["option"] in {row["option"] for row in shown}}
    each = f"{min(own):,}" if len(own) == 1 else f"{min(own):,} to {max(own):,}"
    of = f", {min(draws)} draws with {min(own) // min(draws)} runs each" if len(own) == len(draws) == 1 else ""
    told = f"Of the {budget:,} runs that were allowed {runs:,} are made: {runs - sum(others):,} on the plans of the table ({each} each{of})"
    if not others:
        return f"{told}."
    more = [n for n in sorted(others) if n > first]
    went = f"a first look of {first} at each" + (
        f", more ({', '.join(str(n) for n in more)}) for {len(more)} of them while they might have been cheaper" if more else ""
    )
    return f"{told} and {sum(others):,} on the {len(others)} that are set aside as dearer: {went}."


def _meaning(rows: list[dict[str, str]], chosen: str, given: set[str]) -> list[str]:
    """What it means that the choice is the plan that the limits are held against, and that nothing is known of those that may be cheaper."""
    if chosen not in given or any(row["state"] != "undecided" for row in rows if row["option"] != chosen):
        return []
    return [
        "**No other plan is known to be safe, and none is known not to be.** The ward as it is keeps limits that are held against itself by arithmetic, so it is "
        "the cheapest plan that is *known* to keep them; that is no finding about the others.\n"
    ]


def _nearest(rows: list[dict[str, str]]) -> str:
    """Which of the open plans that may be cheaper keeps the limits in most draws, and what is known of how many runs would decide them."""
    from wardsim.report.parts.words import share_of

    open_ = [row for row in rows if row["standing"] == CHEAPER]
    if not open_:
        return "No plan that may be cheaper is left open."
    best = max(open_, key=lambda row: number(row, "share") or 0.0)
    untold = Counter(row["runs_needed_reason"] for row in open_ if not row["runs_needed"])
    told, share = sum(bool(row["runs_needed"]) for row in open_), share_of(best, "share", "share_mc_low", "share_mc_high")
    why = "; ".join(f"{reason} ({n})" for reason, n in untold.items())
    return (
        f"Of the {len(open_)} that may be cheaper, {best['option']} keeps the limits in the largest share of draws, in % {share}: that is what this model with "
        "its priors expects, and does not say that a ward can spare somebody."
        + (f" About how many runs would decide {told} of them stands in `choice.csv`." if told else "")
        + (f" How many runs would decide {'the other ' if told else ''}{sum(untold.values())} cannot be told: {why}." if untold else "")
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
    rows = one.rows("picture.csv")
    lines = []
    for row in rows:
        measure = MEASURES[row["name"]]
        published = f"{number_of(measure, number(row, 'published'))} ({row['row']})" if row["row"] else "no figure in the register"
        inside = {"true": "yes", "false": "no"}.get(row["inside"], "")
        value = number_of(measure, number(row, "mean"))
        wards = range_of(measure, number(row, "ward_p10"), number(row, "ward_p90"))
        lines.append((label(measure), f"{value} ({range_of(measure, number(row, 'low'), number(row, 'high'))})", wards, published, inside, row["use_of_row"]))
    few = (
        f"{one.question()}; {populations(rows)}, each with one draw of what is not known: so few draws say little of that part of a range. "
        "The range is over these populations and over which trusts there happened to be. A row that is a target was fitted by the calibration of the single ward.\n\n"
    )
    head = ("measure", "simulated (95%)", "wards (80% of them)", "published", "in the range", "use of the row")
    return warning(one) + _capital(few) + table(head, lines) + "\n" + one.origin() + "\n"


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
    trusts = max((int(row["trusts"]) for row in one.rows("ratings.csv") if row["trusts"]), default=0)
    head = (
        f"Of {trusts} trusts, so many with each rating: mean and 95% range over the same {populations(one.rows('picture.csv'))} "
        f"and over which trusts there happened to be; {one.question()}.\n"
    )
    return f"{warning(one)}{head}\n" + table(("thresholds", *words, "unrated"), lines) + "\n" + one.origin() + "\n"


def _trusts(row: Row, word: str) -> str:
    mean, low, high = (number(row, key) for key in (word, f"{word}_low", f"{word}_high"))
    if mean is None:
        return "not known"
    return f"{mean:.0f}" if low is None or high is None else f"{mean:.1f} ({low:.0f} to {high:.0f})"
