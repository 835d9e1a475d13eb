"""Absurd but legal studies are refused at once by counting (T16), and the count is that of the study."""

from __future__ import annotations

import time

import pytest

from wardsim.experiments.design.build import study_of
from wardsim.experiments.design.estimate import TooLargeError, cells_of, estimate, in_words
from wardsim.scenario.shipped import shipped_studies
from wardsim.scenario.studies import load_study, load_study_text

pytestmark = pytest.mark.unit


def million() -> str:
    hundred = list(range(100))
    levels = [round(10 + 0.1 * value, 1) for value in hundred]
    return (
        f"name: x\nfactors:\n  staffing.absence.headroom_pct: {levels}\n  staffing.temporary.overtime_by_own_staff_pct: {levels}\n"
        f"  staffing.long_day_pct: {levels}\n"
    )


def test_a_million_cells_are_refused_within_a_second() -> None:
    file = load_study_text(million())
    started = time.perf_counter()
    with pytest.raises(TooLargeError, match=r"1,000,000 wards .* --allow-large"):
        study_of(file)
    assert time.perf_counter() - started < 0.5
    assert estimate(file).cells == 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "name: x\nreplications: 100000\nyears: 20\noptions:\n"
        + "".join(f"  - {{name: o{i}, set: {{ward.beds: {i}}}}}\n" for i in range(10, 40)),
        "name: x\nfactors: {ward.beds: {low: 5, high: 60}, staffing.absence.headroom_pct: {low: 1, high: 50}}\ndesign: {kind: sobol, points: 524288}\n",
        "name: x\nmethod: sobol\nthrough: ward\npoints: 65536\nparameters: ['mechanisms.*']\n",
    ],
)
def test_other_absurd_studies_are_refused(text: str) -> None:
    file = load_study_text(text)
    started = time.perf_counter()
    with pytest.raises(TooLargeError):
        study_of(file)
    assert time.perf_counter() - started < 1.0


def test_numbers_beyond_counting_are_told_in_words() -> None:
    factors = "".join(
        f"  training.courses.{name}.fee_gbp: {list(range(200))}\n"
        for name in ("violence_prevention", "de_escalation", "life_support", "induction")
    )
    with pytest.raises(TooLargeError, match="wards"):
        study_of(load_study_text(f"name: x\nfactors:\n{factors}"))


def test_a_large_study_may_be_allowed() -> None:
    text = "name: x\nreplications: 100000\nyears: 20\noptions:\n  - {name: a, set: {ward.beds: 17}}\n"
    assert study_of(load_study_text(text), allow_large=True).limit == 100_000


@pytest.mark.parametrize("name", shipped_studies())
def test_the_count_is_that_of_the_study_and_every_shipped_one_is_allowed(name: str) -> None:
    file = load_study(shipped_studies()[name])
    study = study_of(file)
    assert 0 <= len(study.cells) - cells_of(file) <= 1  # the base, where it is no point of the design
    before, after = estimate(file, 2.0, 2), estimate(study, 2.0, 2)
    assert after.seconds == pytest.approx(before.seconds, rel=0.05)
    assert before.runs <= after.runs <= before.runs * 1.05 + 60


def test_more_processes_take_less_time_and_a_budget_bounds_the_runs() -> None:
    file = load_study(shipped_studies()["optimise/cheapest-safe"])
    assert estimate(file, 1.0, 1).seconds > 1.5 * estimate(file, 1.0, 2).seconds
    small = load_study(shipped_studies()["optimise/cheapest-safe"], {"budget_runs": 100})
    assert estimate(small).runs == 100


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (80, "80 seconds"),
        (100, "2 minutes"),
        (4e4, "11 hours"),
        (1e7, "120 days"),
        (1e9, "32 years"),
    ],
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
