"""Published beside simulated: ratios of sums, intervals with and without discrepancy, bounds, and the table in words."""

from __future__ import annotations

from math import isnan, sqrt

import numpy as np
import pytest

from wardsim.calibrate.compare import (
    Result,
    compare,
    count,
    markdown,
    number,
    result_of,
    shown_markdown,
    simulated_of,
    table,
)
from wardsim.calibrate.targets import load_targets

from .made import figure, rate


def test_a_ratio_over_runs_is_a_ratio_of_sums() -> None:
    """Two runs, 1 of 10 and 9 of 30, per 1,000."""
    result = result_of([100.0, 300.0], [1.0, 9.0], [10.0, 30.0])
    assert result.mean == pytest.approx(250.0)
    residual = [(1000 * 1 - 250 * 10) / 20, (1000 * 9 - 250 * 30) / 20]
    assert result.sd == pytest.approx(float(np.std(residual, ddof=1)))
    assert result.n == 2


def test_what_is_no_ratio_is_a_plain_mean_and_unknown_runs_are_left_out() -> None:
    assert result_of([1.0, 3.0, np.nan], [np.nan] * 3, [np.nan] * 3) == Result(2.0, pytest.approx(sqrt(2)), 2)
    assert result_of([1.0, 3.0]) == Result(2.0, pytest.approx(sqrt(2)), 2)
    assert isnan(result_of([np.nan]).mean)
    nothing = result_of([0.0, 0.0], [0.0, 0.0], [5.0, 5.0])
    assert (nothing.mean, nothing.sd) == (0.0, 0.0)


def test_simulation_error_is_on_the_scale_of_the_target() -> None:
    simulated = simulated_of(figure(33.0, 0.1), Result(20.0, 4.0, 16))
    assert simulated.emulator_variance == pytest.approx((4 / 20) ** 2 / 16)
    years = figure(33.0, 0.1).model_copy(update={"se": None, "ward_years": 2.0})
    assert simulated_of(years, Result(20.0, 4.0, 16)).simulation_variance == pytest.approx(0.04 / 2)


@pytest.mark.parametrize(("mean", "inside", "without"), [(33.0, True, True), (26.0, True, False), (12.0, False, False)])
def test_inside_with_and_without_discrepancy(mean: float, inside: bool, without: bool) -> None:
    row = compare(figure(33.0, 0.05, discrepancy=0.15), Result(mean, 0.01, 100))
    assert (row.inside, row.inside_without) == (inside, without)
    assert row.low < row.low_without < row.high_without < row.high


def test_of_a_bound_only_its_side_counts() -> None:
    low = figure(20.0, 0.1).model_copy(update={"censoring": "lower"})
    assert compare(low, Result(100.0, 0.1, 10)).inside
    assert not compare(low, Result(5.0, 0.1, 10)).inside
    high = figure(20.0, 0.1).model_copy(update={"censoring": "upper"})
    assert compare(high, Result(5.0, 0.01, 10)).inside
    assert not compare(high, Result(100.0, 0.1, 10)).inside


def test_a_measure_without_a_value_is_outside() -> None:
    row = compare(rate(18, 1500), Result(float("nan"), float("nan"), 0))
    assert not row.inside
    assert "| - |" in markdown([row])


def test_the_whole_table_has_a_line_for_each_target_and_each_shown_figure() -> None:
    targets = load_targets()
    results = {
        setting.id: {
            target.measure: Result(target.published, 0.01, 50)
            for target in targets.targets
            if target.setting == setting.id
        }
        for setting in targets.settings
    }
    rows = table(targets, results)
    assert [row.target.id for row in rows] == [target.id for target in targets.targets]
    text = markdown(rows)
    assert len(text.splitlines()) == len(rows) + 2
    assert "(not fitted)" in text
    assert "at least 195 incidents per 1,000 patient days" in text
    found = count(rows)
    assert found.of == len(targets.fitted)
    assert found.inside == found.of, "a ward that does what was published passes each of its targets"
    assert 1.0 < found.narrow < 3.0
    shown = shown_markdown(
        targets.validation, {"baseline": {"patients_violent": Result(24.0, 3.0, 12)}, "short_stay": {}}
    )
    assert "24 (Patients who assaulted someone in their stay (happened))" in shown
    assert "over many wards or studies" in shown


@pytest.mark.parametrize(
    ("x", "text"), [(0.0187, "0.0187"), (1422.4, "1,422"), (33.0, "33"), (float("nan"), "-"), (123456.0, "123,456")]
)
def test_numbers_have_three_digits_and_are_whole_from_a_thousand(x: float, text: str) -> None:
    assert number(x) == text
