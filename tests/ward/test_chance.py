"""The streams are good chance: even, without memory, apart from each other, and the same numbers by whatever way they are read.

Every test is of fixed keys, so it passes or fails for good; the error rates say how rarely sound chance would have failed. Keys are
those of the ward: small numbers that differ by one in one place, which is where a weak hash shows.
"""

from __future__ import annotations

from itertools import product
from math import sqrt

import numpy as np
import pytest
from scipy import stats

from wardsim.ward.core.mixing import MASK, state_of, step_of, uniform, uniforms
from wardsim.ward.core.points import points
from wardsim.ward.core.quantiles import normal, normal_quantile, normals
from wardsim.ward.core.streams import Hashed, Stream, Streams

LONG = 1 << 16


def longs() -> list[np.ndarray]:
    """Long stretches of a few streams whose keys differ by little."""
    streams = Streams(1, 0)
    keys = [(1, 0, 0), (1, 0, 1), (1, 1, 0), (2, 0, 0), (0, 0, 0), (0, 0, 0, 0)]
    return [streams.hashed(Stream.PATIENT, *key).array(0, LONG) for key in keys]


def neighbours() -> np.ndarray:
    """First 8 draws of 30,720 streams: seeds, replications, purposes and entities that differ by one."""
    rows = [
        Streams(seed, replication).hashed(stream, a, b, 0).array(0, 8)
        for seed, replication, stream in product(range(4), range(8), (Stream.PATIENT, Stream.ACUITY, Stream.DURATION))
        for a, b in product(range(8), range(40))
    ]
    return np.array(rows)


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    return neighbours()


def test_all_ways_of_reading_give_the_same_numbers() -> None:
    hashed = Streams(9, 4).hashed(Stream.CONTACT, 1, 2, 3)
    one_by_one = [hashed[n] for n in range(900)]
    assert hashed.span(0, 900) == one_by_one
    assert hashed.array(0, 900).tolist() == one_by_one
    assert hashed.span(7, 5) == one_by_one[7:12]
    assert hashed.array(7, 5).tolist() == one_by_one[7:12]
    assert hashed.span(100, 0) == []
    assert Streams(9, 4).row(Stream.CONTACT, 1, 2, 3, n=40) == one_by_one[:40]


def test_the_hash_is_that_of_splitmix64() -> None:
    """Against the published generator, written plainly: state 1234567 with the golden step (first outputs widely quoted)."""
    golden = 0x9E3779B97F4A7C15
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    assert [uniform(1234567, golden, n) for n in range(1, 6)] == [(word >> 11) * 2.0**-53 for word in expected]
    assert uniforms(1234567, golden, 1, 5).tolist() == [(word >> 11) * 2.0**-53 for word in expected]


@pytest.mark.theory
def test_uniform_in_every_stream_and_across_streams(table: np.ndarray) -> None:
    """Kolmogorov-Smirnov on 6 long stretches, on each of 8 occasions across 30,720 neighbours, and all of them together.

    15 tests, each at 1e-4: sound chance fails once in 670. A distortion of the distribution by 0.9% would be seen.
    """
    p = [stats.kstest(u, "uniform").pvalue for u in (*longs(), *table.T, table.ravel())]
    assert min(p) > 1e-4


@pytest.mark.theory
def test_every_bit_is_even(table: np.ndarray) -> None:
    """Shares of ones in the upper 52 bits, long stretches and first draws of neighbours: 4.5 SE, 104 bits (error rate 7e-4)."""
    for u in (np.concatenate(longs()), table.ravel()):
        words = (u * 2.0**53).astype(np.uint64)
        for bit in range(1, 53):
            share = ((words >> np.uint64(bit)) & np.uint64(1)).mean()
            assert abs(share - 0.5) < 4.5 * 0.5 / sqrt(len(words))


@pytest.mark.theory
def test_no_memory_within_a_stream() -> None:
    """Correlation at lags 1 to 40 of 6 streams, of the draw and of its distance from the middle: 480 at 5 SE (error rate 3e-4)."""
    for u in longs():
        for v in (u - 0.5, np.abs(u - 0.5) - 0.25):
            for lag in range(1, 41):
                r = float(np.mean(v[:-lag] * v[lag:]) / v.var())
                assert abs(r) < 5.0 / sqrt(LONG)


@pytest.mark.theory
def test_pairs_and_triples_fill_the_cube() -> None:
    """Chi-square of successive pairs in 64 x 64 cells and of triples in 16 x 16 x 16: 12 tests at 1e-4 (error rate 1.2e-3)."""
    for u in longs():
        pairs = (u * 64).astype(int)
        p = [stats.chisquare(np.bincount(pairs[0::2] * 64 + pairs[1::2], minlength=4096)).pvalue]
        thirds = (u[: LONG // 3 * 3] * 16).astype(int).reshape(-1, 3)
        p.append(stats.chisquare(np.bincount(thirds @ [256, 16, 1], minlength=4096)).pvalue)
        assert min(p) > 1e-4


@pytest.mark.theory
def test_streams_of_neighbouring_keys_are_independent(table: np.ndarray) -> None:
    """Draw n of a stream beside draw m of the next in each place of the key, 8 x 8 occasions, 5 places, 5 SE (error rate 2e-4)."""
    whole = table.reshape(4, 8, 3, 8, 40, 8) - 0.5
    for axis in range(5):
        moved = np.moveaxis(whole, axis, 0)
        first, second = moved[:-1].reshape(-1, 8), moved[1:].reshape(-1, 8)
        r = first.T @ second / len(first) * 12.0
        assert np.abs(r).max() < 5.0 / sqrt(len(first))


@pytest.mark.theory
def test_long_stretches_of_neighbours_are_independent_at_any_shift() -> None:
    """Cross-correlation of every two of 6 streams at all 65,536 shifts, by Fourier transform: 15 x 65,536 at 6 SE (2e-3)."""
    spectra = [np.fft.rfft(u - u.mean()) for u in longs()]
    for i in range(len(spectra)):
        for j in range(i):
            r = np.fft.irfft(spectra[i] * np.conj(spectra[j]), LONG) * 12.0 / LONG
            assert np.abs(r).max() < 6.0 / sqrt(LONG)


@pytest.mark.theory
def test_no_stream_runs_into_another() -> None:
    """2 million draws of 40,000 streams of one run are all different (by chance two of 53 bits meet once in 4,500 tries)."""
    streams = Streams(3, 1)
    draws = np.concatenate([streams.hashed(Stream.DURATION, 1, a, 0, kind).array(0, 50) for a in range(1000) for kind in range(40)])
    assert len(np.unique(draws)) == len(draws)


@pytest.mark.theory
def test_a_bit_of_the_key_turns_half_the_bits_of_the_draw() -> None:
    """Avalanche: 20,000 keys, each of 32 bits of a part; the mean of turned bits is 26.5 of 53 within 5 SE (error rate 2e-5)."""
    streams = Streams(5, 0)
    rng = np.random.default_rng(2)
    for bit in range(32):
        turned = []
        for a in rng.integers(0, 2**20, 600).tolist():
            first, second = streams.hashed(Stream.COURSE, a, 3)[0], streams.hashed(Stream.COURSE, a ^ (1 << bit), 3)[0]
            turned.append((int(first * 2.0**53) ^ int(second * 2.0**53)).bit_count())
        assert np.mean(turned) == pytest.approx(26.5, abs=5.0 * sqrt(53) / 2.0 / sqrt(600))


def test_states_and_steps_of_many_keys_are_all_different_and_steps_are_odd_and_mixed() -> None:
    root = state_of(0, (1, 0, 0))
    states = [state_of(root, key) for key in product(range(30), range(60), range(10))]
    states += [state_of(root, key) for key in product(range(30), range(60))]
    steps = [step_of(state) for state in states]
    assert len(set(states)) == len(states)
    assert len(set(steps)) == len(steps)
    for step in steps:
        bits = step & MASK
        assert bits & 1
        assert (bits ^ bits >> 1).bit_count() >= 24


@pytest.mark.parametrize("key", [(-1,), (2**32,), (1, -1), (1, 2**40, 0)])
def test_a_key_beyond_its_word_is_refused(key: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="parts of a stream's key are numbers from 0 to"):
        Streams(1, 0).hashed(Stream.PATIENT, *key)


def test_draws_lie_in_the_unit_interval_at_far_and_negative_occasions() -> None:
    hashed = Streams(2, 0).hashed(Stream.PATIENT, 1)
    assert all(0.0 <= hashed[n] < 1.0 for n in (0, 1, 2**40, 2**62, -1, -(2**50)))


def test_normals_are_the_quantiles_of_their_uniforms() -> None:
    u = [1e-300, 1e-16, 1e-9, 0.01, 0.0749, 0.075, 0.0751, 0.3, 0.5, 0.7, 0.925, 0.9251, 0.999999, 1.0 - 2.0**-53]
    assert [normal(x) for x in u] == pytest.approx(stats.norm.ppf(np.clip(u, 1e-16, 1 - 1e-16)), rel=1e-12, abs=1e-12)
    many = Streams(1, 1).row(Stream.ACUITY, 1, n=2000)
    assert normals(many) == [normal(x) for x in many]
    assert normals(many) == pytest.approx(normal_quantile(np.array(many)), rel=1e-14, abs=1e-15)


@pytest.mark.theory
def test_points_are_those_of_a_poisson_process() -> None:
    """4,000 processes of 9.3 points: count against its law (chi-square), places and marks even (KS), 4 tests at 1e-4 (4e-4)."""
    streams = Streams(6, 0)
    made = [points(streams.hashed(Stream.CANDIDATES, 1, n), 9.3) for n in range(4000)]
    counts = np.array([len(places) for places, _ in made])
    cells = np.clip(counts, 3, 17) - 3
    law = stats.poisson(9.3)
    expected = np.array([law.cdf(3), *law.pmf(np.arange(4, 17)), law.sf(16)]) * len(made)
    p = [stats.chisquare(np.bincount(cells, minlength=15), expected).pvalue]
    p += [stats.kstest(np.concatenate(list(side)), "uniform").pvalue for side in zip(*made, strict=True)]
    places, marks = (np.concatenate(list(side)) for side in zip(*made, strict=True))
    p.append(stats.pearsonr(places, marks).pvalue)
    assert min(p) > 1e-4
    assert all(np.all(np.diff(places) > 0.0) for places, _ in made)


def test_points_keep_their_marks_when_the_mean_moves() -> None:
    draws = Streams(6, 0).hashed(Stream.CANDIDATES, 3)
    few, many = points(draws, 200.0), points(draws, 260.0)
    n = len(few[0])
    assert len(many[0]) > n
    assert few[1].tolist() == many[1][:n].tolist()
    assert few[0] == pytest.approx(many[0][:n] * 1.3)


def test_points_go_on_where_the_first_guess_was_short() -> None:
    """Gaps that are all small: the places are drawn again, twice as many, until they pass the end."""

    class Small(Hashed):
        def array(self, first: int, n: int) -> np.ndarray:
            return np.full(n, 0.01)

    places, _ = points(Small(0, 1), 5.0)
    assert len(places) == int(-5.0 / np.log1p(-0.01))
