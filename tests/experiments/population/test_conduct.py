"""Populations from file to tables on a fake ward: chance of their own, ratings counted, the picture and its range, findings, restart."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.experiments.population.made import built, fake, studies, trusts
from wardsim.cli.population_tables import json_of, text_of
from wardsim.experiments.executor import Here
from wardsim.experiments.extra import extra_of
from wardsim.experiments.population.conduct import Result, conduct
from wardsim.experiments.population.ratings import eased, ratings_of
from wardsim.experiments.population.trusts import Population
from wardsim.experiments.study.cells import Study
from wardsim.experiments.study.session import Session
from wardsim.measures.rating import CRITERIA, Criterion, rating_of

pytestmark = pytest.mark.unit


def run(study: Study, folder: Path) -> Result:
    with Session(study, folder, executor=Here(), task=fake) as session:
        result = conduct(session).result
    assert isinstance(result, Result)
    return result


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"))))


def test_every_ward_has_chance_of_its_own_and_the_same_draw(tmp_path: Path) -> None:
    study = built(trusts(sigma=0.01))
    jobs = [study.job(cell, 1) for cell in range(3)]
    assert len({job.chance for job in jobs}) == 3
    assert {(job.draw, job.seed) for job in jobs} == {(1, study.seed)}
    counts = {fake(job).values[0, 0, 1] for job in jobs}
    assert len(counts) > 1


def test_own_draws_differ_by_ward() -> None:
    study = built(trusts())
    own = Study.of_plain({**study.plain(), "settings": {**study.settings, "own_draws": True}})
    scales = {fake(own.job(cell, 0)).parameters["scale"] / own.cells[cell].scenario.parameters["incidents.local_scale"] for cell in range(4)}
    assert len(scales) == 4


@pytest.mark.statistical
def test_the_spread_between_wards_comes_out_as_it_went_in(tmp_path: Path) -> None:
    """Log rates of 60 wards have the SD put in (0.6), with Poisson chance of about 80 events added: within 3.3 of its standard error."""
    study = built(trusts(trusts=30, wards=2, populations=1, sigma=0.6, share=0.0))
    result = run(study, tmp_path / "a")
    values = np.array([float(row["assaults_true_per_1000_obd"]) for row in table(tmp_path / "a", "wards.csv")])
    beds = np.array([float(row["ward.beds"]) for row in table(tmp_path / "a", "wards.csv")])
    sd = np.log(values * beds).std(ddof=1)
    assert sd == pytest.approx(np.sqrt(0.6**2 + 1 / 80), abs=3.3 * 0.6 / np.sqrt(2 * 60))
    assert result.populations == 1


def test_the_population_is_a_ratio_of_sums_beside_its_row(tmp_path: Path) -> None:
    study = built(trusts(populations=3))
    result = run(study, tmp_path / "a")
    first, second = result.picture
    with Session(study, tmp_path / "a", executor=Here(), task=fake) as session:
        session.need(dict.fromkeys(range(12), 3))
        runs = session.runs()
    tops, bottoms = runs.values[:, 0, 1], runs.values[:, 0, 2]
    each = [1000 * tops[runs.run == r].sum() / bottoms[runs.run == r].sum() for r in range(3)]
    assert first.mean == pytest.approx(np.mean(each))
    assert first.low < first.mean < first.high
    assert first.low <= min(each)
    assert max(each) <= first.high
    assert (first.published, first.difference) == (15.0, pytest.approx(first.mean - 15))
    assert first.inside == (first.low <= 15 <= first.high)
    assert (second.mean, second.published, second.difference, second.inside) == (90.0, None, None, None)
    assert Population(study, runs).numbers == [0, 1, 2]


def test_ratings_are_counted_and_move_with_their_thresholds(tmp_path: Path) -> None:
    study = built(trusts(trusts=10, populations=2))
    result = run(study, tmp_path / "a")
    assert result.rated is not None
    values = [{row["ward"]: 0 for row in table(tmp_path / "a", "wards.csv")}]
    assert len(values[0]) == 20
    as_set, harder, easier = result.rated.splits[:3]
    assert sum(as_set.mean) + as_set.unrated == pytest.approx(10)
    rank = [np.dot(one.mean, (4, 3, 2, 1)) for one in (harder, as_set, easier)]
    assert rank == sorted(rank)
    assert rank[0] < rank[2]
    told = Counter(row["rating"] for row in table(tmp_path / "a", "trusts.csv"))
    assert sum(told.values()) == 20
    assert told["4"] / 2 == pytest.approx(as_set.mean[0])
    assert result.ratings_published == (8, 20, 30, 11)


def test_ratings_of_known_values() -> None:
    judged = (Criterion("a", 1.0, 2.0, 3.0, False), Criterion("b", 90.0, 80.0, 70.0, True))
    values = {"a": np.array([0.5, 2.5, 9.0, np.nan]), "b": np.array([95.0, 75.0, 10.0, np.nan])}
    assert ratings_of(values, judged, 2, 4).tolist() == [4, 2, 1, 0]
    assert rating_of([4, 4, 4, 1]) == 3
    assert rating_of([4, 4, 4, 4, 1, 1, 1]) == 2
    assert rating_of([3, 2]) == 2


def test_easing_never_makes_a_threshold_harder() -> None:
    for one in CRITERIA:
        easy, hard = eased(one, 1.5), eased(one, 0.5)
        sign = -1 if one.higher_is_better else 1
        for name in ("excellent", "good", "fair"):
            assert sign * getattr(easy, name) > sign * getattr(one, name) > sign * getattr(hard, name)
        assert eased(one, 1.0) == one


def test_studies_are_made_stored_and_taken_up_again(tmp_path: Path) -> None:
    study = built(studies(number=5, populations=2))
    result = run(study, tmp_path / "a")
    assert {cell.years for cell in study.cells} <= {0.25, 0.5}
    assert len(result.studies) == 10
    for run_, place, found in result.studies:
        assert found["unadjusted"].fitted, (run_, place)
        assert 0 < found["adjusted"].p <= 1
    assert sum(result.counts["adjusted"].mean.values()) == pytest.approx(5)
    assert result.counts_published == (9, 9, 26)
    before = {path.name: path.read_bytes() for path in (tmp_path / "a").glob("*.csv")}
    again = run(study, tmp_path / "a")  # from the compacted folder
    assert again.counts == result.counts
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").glob("*.csv")} == before
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert "shifts.parquet" in manifest["files"]


def test_a_damaged_extra_is_made_again(tmp_path: Path) -> None:
    study = built(studies(number=2, populations=1))
    first = run(study, tmp_path / "a")
    whole = (tmp_path / "a" / "shifts.parquet").read_bytes()
    (tmp_path / "a" / "shifts.parquet").write_bytes(b"PAR1")
    assert run(study, tmp_path / "a").counts == first.counts
    assert (tmp_path / "a" / "shifts.parquet").read_bytes() == whole


def test_half_stored_half_new_gives_the_same(tmp_path: Path) -> None:
    study = built(studies(number=3, populations=2))
    with Session(study, tmp_path / "b", executor=Here(), task=fake) as session:
        session.need({0: 2, 1: 2})
    assert run(study, tmp_path / "b").counts == run(study, tmp_path / "a").counts
    assert (tmp_path / "b" / "shifts.parquet").read_bytes() == (tmp_path / "a" / "shifts.parquet").read_bytes()


def test_what_is_not_asked_for_is_not_made() -> None:
    study = built(trusts())
    assert study.job(0, 0).extra == ""
    assert fake(study.job(0, 0)).extra.size == 0
    with pytest.raises(KeyError):
        extra_of("nothing")


def test_what_is_printed_says_what_it_is_not(tmp_path: Path) -> None:
    text = text_of(run(built(trusts()), tmp_path / "a"), 100)
    for words in ("Shown, not validation", "made up", "nothing of the population was fitted to the figures beside it", "published, of 69 (W127)", "not calibrated"):
        assert words in " ".join(text.split())
    assert max(map(len, text.splitlines())) <= 100
    result = run(built(studies()), tmp_path / "b")
    text = text_of(result, 100)
    assert "published, of 44 (W133)" in text
    assert "Chance alone" in text
    data = json_of(result)
    assert data["findings"]["published"] == (9, 9, 26)
    json.dumps(data, allow_nan=False)
    json.dumps(json_of(run(built(trusts()), tmp_path / "a")), allow_nan=False)
