"""What the benchmarks compute from their measurements, and the wards they measure."""

from __future__ import annotations

import pytest

from benchmarks.apart import MeasurementError, apart
from benchmarks.figures import exponent, student, table
from benchmarks.growth import BEDS, scaled
from wardsim.scenario.schema import Scenario

pytestmark = pytest.mark.unit


def test_the_exponent_of_a_power_is_the_power() -> None:
    sizes = (1.0, 2.0, 5.0, 20.0)
    assert exponent(sizes, [3.0 * s**1.3 for s in sizes]) == pytest.approx(1.3)


def test_the_interval_is_students() -> None:
    found = student([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found.mean == pytest.approx(3.0)
    assert found.half == pytest.approx(2.776445 * (2.5 / 5.0) ** 0.5, rel=1e-6)


def test_a_table_is_lined_up() -> None:
    lines = table(["engine", "s"], [["a", "10.5"], ["longer name", "2"]]).splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1


def test_staff_and_establishment_go_with_the_beds() -> None:
    plain = Scenario(name="scaled")
    assert scaled(plain.ward.beds).staffing.establishment == plain.staffing.establishment
    assert scaled(plain.ward.beds).staffing.required == plain.staffing.required
    for beds in BEDS:
        ward = scaled(beds)
        assert ward.ward.beds == beds
        share = beds / plain.ward.beds
        assert ward.staffing.establishment.hca_band3_wte == pytest.approx(plain.staffing.establishment.hca_band3_wte * share)
        assert abs(ward.staffing.required.late.hca - plain.staffing.required.late.hca * share) <= 0.5


def test_a_measurement_apart_returns_plain_data_and_says_what_went_wrong() -> None:
    assert apart("benchmarks.figures:exponent", sizes=[1, 10], costs=[1, 100]) == pytest.approx(2.0)
    with pytest.raises(MeasurementError, match="ZeroDivisionError"):
        apart("benchmarks.figures:exponent", sizes=[2, 2], costs=[1, 3])
