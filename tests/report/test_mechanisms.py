"""The waterfall by mechanism, and what stands in its place where the runs for it were not made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import stdtrit

from tests.report.made import from_file, write
from tests.report.page import Page
from wardsim.experiments.compare.taken_apart import INTERPLAY, REST, WHOLE
from wardsim.report import add_report, figures_of
from wardsim.report.parts.mechanisms import told_from_nought
from wardsim.scenario.studies import load_study

EACH = """
name: What a night nurse acts through
base: baseline.yaml
options:
  - {name: One more nurse, scenario: plus-one-nurse-nights.yaml}
mechanisms: each
replications: 12
years: 0.5
"""


def test_each_is_every_mechanism_alone_and_all_together(tmp_path: Path) -> None:
    forms = load_study(str(write(tmp_path, EACH)), []).content.mechanisms
    assert [form.off for form in forms[:3]] == [("response",), ("contact",), ("limit_setting",)]
    assert len(forms) == 15
    assert forms[-1].name == "without any mechanism"
    assert sorted(forms[-1].off) == sorted(name for form in forms[:-1] for name in form.off)
    over = load_study(str(write(tmp_path, EACH.replace("mechanisms: each\n", ""))), ["mechanisms=each"])
    assert over.content.mechanisms == forms


def test_the_waterfall_ends_at_the_difference_of_the_options_table(tmp_path: Path) -> None:
    from_file(write(tmp_path, EACH), tmp_path / "results")
    page = Page.of(add_report(tmp_path / "results"))
    drawn = {one.name: one for one in figures_of(tmp_path / "results")}
    found = drawn["waterfall-1-assaults"]
    assert len(found.rows) == 17
    assert found.rows[0][0] == "left with all 14 off"
    assert [row[0] for row in found.rows[-2:]] == ["interplay of mechanisms", "difference in the full model"]
    assert {row[0].split()[0] for row in found.rows[1:-2]} == {f"M{i}" for i in range(1, 15)}
    table = (tmp_path / "results" / "mechanisms.csv").read_text().splitlines()
    values = {tuple(line.split(",")[1:3]): float(line.split(",")[3]) for line in table[1:]}
    name = "assaults_true_per_1000_obd"
    parts = [value for (measure, step), value in values.items() if measure == name and step != WHOLE]
    assert sum(parts) == pytest.approx(values[name, WHOLE])
    assert {REST, INTERPLAY} <= {step for _, step in values}
    assert "mechanisms: each" not in page.text


def test_without_such_runs_the_page_says_how_to_make_them(folders: dict[str, Path]) -> None:
    text = Page.of(folders["compare"] / "report.html").text
    assert "wardsim compare OPTIONS.yaml --set mechanisms=each" in text


def test_of_fourteen_that_do_nothing_hardly_any_is_told_from_nought() -> None:
    """Error rate: at most 5 in 100 studies of 14 mechanisms without effect name one; at 95% each, half of all studies would."""
    chance = np.random.default_rng(20250407)
    runs, studies, mechanisms = 12, 400, 14
    values = chance.normal(size=(studies, mechanisms, runs))
    means, errors = values.mean(axis=-1), values.std(axis=-1, ddof=1) / np.sqrt(runs)
    half = stdtrit(runs - 1, 0.975) * errors
    rows = [[{"mc_low": str(m - h), "mc_high": str(m + h), "n": str(runs)} for m, h in zip(*study, strict=True)] for study in zip(means, half, strict=True)]
    named = sum(any(told_from_nought(row, mechanisms) for row in study) for study in rows)
    assert named <= 35  # 400 x 5% = 20, and 3.4 standard deviations
    alone = sum(any(told_from_nought(row, 1) for row in study) for study in rows)
    assert alone > 150
    assert told_from_nought({"mc_low": "1.0", "mc_high": "1.2", "n": "12"}, mechanisms)
    assert not told_from_nought({"mc_low": "0.01", "mc_high": "1.2", "n": "12"}, mechanisms)
    assert not told_from_nought({"mc_low": "", "mc_high": "", "n": "1"}, mechanisms)
