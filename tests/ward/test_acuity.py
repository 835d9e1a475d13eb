"""The latent course of acuity: extendable, vectorised, and with the published shape."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support import point_parameters
from wardsim.ward.core.clock import DAY
from wardsim.ward.core.streams import Stream, Streams
from wardsim.ward.patients.acuity import CEILING, FLOOR, STEP, STEPS, Courses


def courses(threshold: float = 0.0, seed: int = 3, **changes: float) -> Courses:
    return Courses(Streams(seed, 0), point_parameters(**changes), threshold)


def test_asking_for_later_values_first_changes_nothing() -> None:
    made = courses()
    early = made.course((1, 5, 0), 3.0, 100.0, 30 * DAY)
    late = made.course((1, 5, 0), 3.0, 100.0, 30 * DAY)
    late.at(100.0 + 500 * DAY)
    times = 100.0 + np.arange(0, 200 * DAY, 333.0)
    assert [early.at(t) for t in times] == [late.at(t) for t in times]


def test_one_value_and_many_agree_and_hold_for_eight_hours() -> None:
    course = courses().course((2, 7, 1), 3.4, -50.0, 20 * DAY)
    times = np.linspace(-400.0, 90 * DAY, 3001)
    assert course.values(times).tolist() == [course.at(float(t)) for t in times]
    assert course.at(-400.0) == course.at(-50.0)
    assert course.at(-50.0 + STEP - 0.1) == course.at(-50.0)
    assert course.at(-50.0 + STEP) != course.at(-50.0)


def test_bounds_and_levels() -> None:
    made = courses(patients__acuity_noise_sd_points=1.4)
    for n in range(20):
        course = made.course((1, n, 0), 1.0 + 0.2 * n, 0.0, 25 * DAY)
        values = course.values(np.arange(0.0, 60 * DAY, STEP))
        assert values.min() >= FLOOR
        assert values.max() <= CEILING
        levels = [course.level(t) for t in np.arange(0.0, 60 * DAY, STEP)]
        assert set(levels) <= {1, 2, 3, 4, 5}
        assert levels == [int(v + 0.5) for v in values]


def test_falls_by_half_most_of_it_early_and_then_stays() -> None:
    made = courses()
    days = [0.0, 10.0, 20.0, 40.0, 80.0]
    trend = [made.trend(4.0, day, 40.0) for day in days]
    assert trend[0] == 4.0
    assert trend[3] == pytest.approx(1.0 + 3.0 * 0.5)
    assert trend[4] == trend[3]
    assert (4.0 - trend[2]) / (4.0 - trend[3]) == pytest.approx(0.8176, abs=1e-3)


@pytest.mark.statistical
@pytest.mark.parametrize("clinical_days", [3.0, 40.0])
def test_admissions_have_the_published_share_of_high_acuity_whatever_the_stay(clinical_days: float) -> None:
    """6,000 admissions: a binomial interval at 99.9% (an error of 8% of the share would be seen)."""
    made = courses()
    share = point_parameters()["patients.high_acuity_share"]
    z = np.random.default_rng(11).standard_normal(6000)
    high = sum(made.course((3, n, 0), made.severity(z[n]), 0.0, clinical_days * DAY).level(0.0) >= 4 for n in range(6000))
    assert abs(high / 6000 - share) < 3.29 * (share * (1 - share) / 6000) ** 0.5


def test_threshold_moves_severity_at_admission_by_itself() -> None:
    assert courses(0.6).severity(0.3) - courses(0.0).severity(0.3) == pytest.approx(0.6)


def test_a_census_can_say_how_ill_somebody_is_now() -> None:
    for level in range(1, 6):
        course = courses().course((0, level, 0), 2.5, -30 * DAY, 60 * DAY)
        course.lift_to(level, 0.0)
        assert course.level(0.0) == level
        again = courses().course((0, level, 0), 2.5, -30 * DAY, 60 * DAY)
        again.set_lift(course.lift)
        times = np.arange(-30 * DAY, 90 * DAY, STEP)
        assert np.array_equal(again.values(times), course.values(times))


@pytest.mark.statistical
def test_high_acuity_at_admission() -> None:
    """Seed 3; 4,000 patients; binomial SE 0.67 points, tolerance 3.3 SE (error rate 1 in 1,000)."""
    made = courses()
    z = np.random.default_rng(5).standard_normal(4000)
    high = [made.course((1, n, 0), made.severity(float(z[n])), 0.0, 20 * DAY).level(0.0) >= 4 for n in range(4000)]
    assert np.mean(high) == pytest.approx(0.233, abs=0.022)


@pytest.mark.statistical
def test_shift_to_shift_correlation_across_blocks() -> None:
    """40,000 steps of noise; SE of r about 0.004 and of the variance 0.012; tolerances above 4 SE. Joins of blocks included."""
    made = courses()
    draws = Streams(1, 0).hashed(Stream.ACUITY, 1)
    blocks, last = [], None
    for n in range(480):
        blocks.append(made.noise_block(draws, n * STEPS, last))
        last = blocks[-1][-1]
    noise = np.concatenate(blocks)
    assert np.corrcoef(noise[:-1], noise[1:])[0, 1] == pytest.approx(0.72, abs=0.02)
    assert noise.var() == pytest.approx(1.0, abs=0.06)
    joins = np.arange(STEPS, len(noise), STEPS)
    assert np.corrcoef(noise[joins - 1], noise[joins])[0, 1] == pytest.approx(0.72, abs=0.1)
