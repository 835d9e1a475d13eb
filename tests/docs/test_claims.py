"""What the documents claim can be looked up: files exist, symbols of the model are entries of the ledger, results are stored and current."""

from __future__ import annotations

import sys

import pytest

from tests.support import ROOT

sys.path.insert(0, str(ROOT / "docs"))

from docpages import (
    answers,
    assumptions,
    calibrated,
    common,
    files,
    fill,
    findings,
    ranges,
    stored,
    tutorial,
    validation,
)

CLAIMS = [
    f"explanation/{page}.md"
    for page in ("rap", "reproducibility-checklist", "stress-des", "model", "validation", "architecture", "verification", "evidence-and-targets")
]


@pytest.mark.parametrize("page", CLAIMS)
def test_files_that_stand_behind_a_claim_exist(page: str) -> None:
    found = files.named(page)
    missing = [name for name in found if not (ROOT / name.rstrip("/")).exists() and "*" not in name]
    assert missing == []


@pytest.mark.parametrize("page", CLAIMS[:3])
def test_every_claim_has_a_file(page: str) -> None:
    """Each line of a checklist that says yes names a file or a page."""
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        if "| yes |" in line:
            where = line.split("|")[3]
            assert "`" in where or "](" in where, line


def test_symbols_of_the_model_are_in_the_ledger_or_the_scenario() -> None:
    from wardsim.parameters import Ledger
    from wardsim.scenario.fields import walk

    known = {entry.name for entry in Ledger.load()} | {about.key for _, about in walk()}
    named = files.entries("explanation/model.md")
    assert len(named) > 80
    assert sorted(named - known) == []


def test_reference_results_belong_to_this_model() -> None:
    """Numbers in the documents were made by this model, ledger, targets, posterior and seed; else `python docs/generate.py --remake`."""
    assert {one.name: one.changed() for one in stored.every() if one.changed()} == {}


def test_a_changed_fingerprint_is_noticed() -> None:
    """A reference of another model, posterior or seed says so, and the pages that show it do."""
    one = next(one for one in stored.every() if not one.calibration)
    rests_on = {**one.about.get("rests_on", {}), "posterior": "0" * 16, "seed": -1}
    other = stored.Stored(one.name, one.folder, {**one.about, "versions": {**one.about["versions"], "model": "0" * 16}, "rests_on": rests_on}, one.reduced)
    assert {"model", "posterior", "seed"} <= set(other.changed())
    assert "another model" in answers.warning(other)


def test_what_is_said_of_calibration_follows_from_the_posterior() -> None:
    valid = bool(calibrated.fitted())
    assert ("Not calibrated" in calibrated.note()) is not valid
    assert valid is (calibrated.posterior() is not None and not calibrated.outdated())


def test_blocks_are_filled_and_nothing_else_is_touched() -> None:
    text = "before\n<!-- fill: calibrated-status -->\nold\n<!-- /fill -->\nafter\n"
    new = fill.filled(text)
    assert new.startswith("before\n")
    assert new.endswith("<!-- /fill -->\nafter\n")
    assert "old" not in new
    assert fill.filled(new) == new
    with pytest.raises(KeyError):
        fill.filled("<!-- fill: no-such-block -->\n<!-- /fill -->")


def test_numbers_of_the_comparison_are_those_of_the_stored_tables() -> None:
    """The table of README.md holds the stored mean of every option, rounded as measures are."""
    from wardsim.experiments.shown import change_of
    from wardsim.measures import MEASURES

    one = stored.stored(answers.COMPARISON)
    assert one is not None
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for row in one.rows("differences.csv"):
        if row["name"] in answers.TOLD:
            assert f"{change_of(MEASURES[row['name']], float(row['mean']))} (" in text


def test_ranges_that_chance_could_have_made_are_marked_as_on_the_terminal() -> None:
    """Every difference of the comparison whose row says so has the mark inside its brackets, no other has it, and the mark is explained."""
    from wardsim.experiments.intervals import UNRESOLVED
    from wardsim.experiments.shown import CAUTION, change_of, changes_of
    from wardsim.measures import MEASURES
    from wardsim.report.parts.marked import MEANING

    one = stored.stored(answers.COMPARISON)
    assert one is not None
    for text, names in ((answers.comparison(), answers.TOLD), (findings.behind(), findings.BEHIND)):
        table = [line for line in text.splitlines() if line.startswith("| ")]
        marked = 0
        for row in one.rows("differences.csv"):
            if row["name"] in names and row["low"]:
                measure, caution = MEASURES[row["name"]], CAUTION if UNRESOLVED in row["reason"] else ""
                known = changes_of(measure, float(row["low"]), float(row["high"]))
                assert any(f"{change_of(measure, float(row['mean']))} ({known}{caution})" in line for line in table)
                marked += bool(caution)
        assert marked == sum(line.count(f"{CAUTION})") for line in table)
        assert (MEANING.removeprefix(CAUTION) in text) is bool(marked)


def test_a_share_of_draws_has_its_own_range_where_few_draws_leave_it_open() -> None:
    open_ = {"p_better": "0.279", "p_better_low": "0.068", "p_better_high": "0.566"}
    assert ranges.better(open_) == "better in 28% (7 to 57) of draws"
    assert ranges.better({**open_, "p_better_low": "0.25", "p_better_high": "0.30"}) == "better in 28% of draws"
    assert ranges.better({"p_better": ""}) == ""
    assert "of 100 draws" not in answers.comparison()


def test_every_block_of_results_says_what_it_answers_and_how_it_is_made_again() -> None:
    """Estimand, period, study with overrides, command: in the line below the numbers, and that the plain command does something else where it does."""
    blocks = (
        answers.comparison, answers.second, findings.night, findings.behind, findings.sweep, findings.worth, findings.levels, findings.cheapest,
        findings.picture, findings.ratings, validation.rows, validation.literature,
    )  # fmt: skip
    for block in blocks:
        line = next(line for line in block().splitlines() if line.startswith("Numbers: "))
        assert "; estimand *" in line, block.__name__
        assert "; again with `wardsim reproduce " in line, block.__name__
    one = stored.stored(answers.COMPARISON)
    assert one is not None
    assert one.about["overrides"]
    assert all(f"`{text}`" in one.origin() for text in one.about["overrides"])
    ours, plain = one.years()
    assert (f"`{one.command()}` follows" in one.origin()) is (ours != plain)
    assert one.command() in answers.plain()


def test_a_gain_stands_with_what_is_not_known_before_the_simulation_error() -> None:
    one = stored.stored(findings.WORTH)
    assert one is not None
    text = findings.worth()
    for row in one.rows("benefit.csv"):
        if row["gain"]:
            gain, low, high, least, most = (float(row[key]) / 1000 for key in ("gain", "low", "high", "mc_low", "mc_high"))
            assert f"| {gain:+.1f} ({low:+.1f} to {high:+.1f}) | {least:+.1f} to {most:+.1f} |" in text


def test_all_plans_that_may_be_cheaper_are_shown_and_all_runs_are_told() -> None:
    one = stored.stored(findings.PLANS)
    assert one is not None
    text, rows = findings.cheapest(), one.rows("choice.csv")
    for row in rows:
        assert (f"| {row['option']} |" in text or f"| **{row['option']}** |" in text) is bool(row["standing"])
    on = sum(int(row["runs"]) for row in rows if row["standing"])
    off = sum(int(row["runs"]) for row in rows if not row["standing"])
    assert f"Of the {one.budget():,} runs that were allowed {on + off:,} are made: {on:,} on" in text
    assert f" and {off:,} on the " in text
    shown = [float(row["difference_mean"]) for row in rows if row["standing"] and row["difference_mean"]]
    assert f"all {len(shown)} that are, or may be, cheaper" in text


def test_numbers_of_populations_are_those_of_the_tables() -> None:
    assert ranges.populations([{"populations": "6"}]) == "6 populations"
    assert ranges.populations([{"populations": "1"}]) == "1 population"
    one = stored.stored(validation.LITERATURE)
    assert one is not None
    many = len({row["population"] for row in one.rows("studies.csv")})
    assert f"over {many} literature" in validation.literature()


def test_a_table_that_cannot_tell_what_chance_could_have_made_says_so() -> None:
    assert answers.unmarked([{"difference_reason": ""}]) == ""
    assert "not marked" in answers.unmarked([{"difference": "1"}])


def test_the_tutorial_was_played_as_it_stands() -> None:
    """What the tutorial shows was printed by the commands and files that it shows, by this model; else `python docs/generate.py --remake`."""
    assert len([block for block in tutorial.asked() if block.language == "console"]) == tutorial.COUNT
    assert tutorial.changed() == []


def test_rows_of_the_fitted_figures_are_counted_once() -> None:
    """Two rows stand under two targets each: they are one row each in the count, and said so."""
    from wardsim.calibrate.targets import load_targets

    rows = [row for target in load_targets().fitted for row in target.rows]
    said = assumptions.age()
    assert len(set(rows)) < len(rows)
    assert f"rest on {len(set(rows))} rows" in said
    assert all(row in said for row in rows if rows.count(row) > 1)


def test_no_page_says_that_targets_inform_a_parameter_that_was_not_calibrated() -> None:
    from wardsim.parameters import Ledger

    fitted = calibrated.fitted()
    assert fitted
    for entry in Ledger.load():
        if entry.targets:
            words = "targets that speak to it: " if entry.name in fitted else "not calibrated, compared with "
            assert words + entry.targets[0] in common.origin(entry)


def test_known_faults_of_the_targets_stand_with_their_effect() -> None:
    lines = calibrated.moved().splitlines()
    assert sum(line.startswith("| all of these") for line in lines) == 3
    assert all("±" in line and "%" in line for line in lines[2:])
