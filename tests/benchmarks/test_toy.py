"""The toy ward of the benchmarks: composed from the shipped parts it runs, and finds what the SimPy textbook version finds."""

from __future__ import annotations

import pytest

from benchmarks.toy import shipped, textbook, world
from benchmarks.toy.world import Outcome
from benchmarks.toy_engines import DOUBT, agree

DAYS = 30.0
RUNS = 60


def year(outcome: Outcome) -> tuple[float, float, float]:
    """Incidents and contact hours a year, mean occupancy."""
    return outcome.incidents * 365.0 / DAYS, outcome.contact_hours * 365.0 / DAYS, outcome.occupancy


@pytest.fixture(scope="module")
def outcomes() -> dict[str, list[tuple[float, float, float]]]:
    return {
        "shipped parts": [year(shipped.run(seed, DAYS)) for seed in range(1, RUNS + 1)],
        "textbook": [year(textbook.thinned(seed, DAYS)) for seed in range(1, RUNS + 1)],
    }


@pytest.mark.statistical
def test_the_shipped_parts_agree_with_the_textbook(outcomes: dict[str, list[tuple[float, float, float]]]) -> None:
    """Eight comparisons at `DOUBT`: right engines fail for one choice of seeds in 1,250, and the seeds are fixed."""
    assert DOUBT == 1e-4
    text, wrong = agree(outcomes)
    assert not wrong, text


@pytest.mark.statistical
def test_an_engine_that_is_off_by_a_quarter_shows(outcomes: dict[str, list[tuple[float, float, float]]]) -> None:
    """The comparison can fail: a quarter more incidents, a twentieth less contact, or fuller beds are found."""
    for measure, factor in enumerate((1.25, 0.95, 1.03)):
        off = [tuple(v * factor if m == measure else v for m, v in enumerate(run)) for run in outcomes["shipped parts"]]
        wrong = agree({"off": off, "textbook": outcomes["textbook"]})[1]
        assert any("off:" in line for line in wrong), (measure, wrong)


@pytest.mark.unit
def test_the_same_seed_gives_the_same_year() -> None:
    assert shipped.run(5, 30.0) == shipped.run(5, 30.0)
    assert shipped.run(5, 30.0) != shipped.run(6, 30.0)


@pytest.mark.unit
def test_the_toy_is_what_it_says() -> None:
    assert sum(kind.a_day for kind in world.WORK) == 54
    assert len(world.WORK) == 7
    assert world.WORK[world.ONE_TO_ONE - 1].name == "one_to_one"
    assert sum(world.CLOCK) == pytest.approx(24.0)
    assert all(world.ward_factor(busy, 6, patients) <= world.CAP for busy in range(7) for patients in range(world.BEDS + 1))
