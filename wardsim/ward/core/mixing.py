"""The arithmetic of chance: 64 bits in, 64 bits out that look like nothing of what went in.

Two finalisers: the one of MurmurHash3 takes up the parts of a key, the one of SplitMix64 (Steele, Lea and Flood 2014) makes the draws.
Each is written twice, since a compiled ward reckons with machine numbers: they wrap round at 64 bits by themselves, and carry a
sign. There the factors are less 2**64, and what a shift to the right brings in from the sign is cut off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from .compiled import COMPILED

if TYPE_CHECKING:
    from mypy_extensions import i64

MASK: Final = 0xFFFFFFFFFFFFFFFF
GOLDEN: Final = 0x9E3779B97F4A7C15
"""2**64 over the golden ratio, odd."""
_GOLDEN_SIGNED: Final = -0x61C8864680B583EB
_WORD: Final = 0xFFFFFFFF
_TO_UNIT: Final = 2.0**-53
_FEW_CHANGES: Final = 24
"""Steps with fewer changes between neighbouring bits than this are mended (Steele, Lea and Flood 2014, section 4)."""


def state_of(state: i64, parts: tuple[int, ...]) -> i64:
    """Take up the parts of a key one after the other: another order, or one part more, is another state.

    Raises
    ------
    ValueError
        If a part is not from 0 to 2**32 - 1.
    """
    for part in parts:
        state = with_part(state, part)
    return state


def with_part(state: i64, part: int) -> i64:
    """Take up one part; `ValueError` as above."""
    if not 0 <= part <= _WORD:
        raise ValueError(f"parts of a stream's key are numbers from 0 to 2**32 - 1: {part}")
    if COMPILED:
        word: i64 = part
        return _spread_signed(state + _GOLDEN_SIGNED + word)
    whole: int = state
    return _spread((whole + GOLDEN + part) & MASK)


def step_of(state: i64) -> i64:
    """The odd step from one draw of a stream to the next, its own for each state."""
    if COMPILED:
        signed = _spread_signed(state ^ _GOLDEN_SIGNED) | 1
        if _changes_signed(signed) < _FEW_CHANGES:
            signed ^= -0x5555555555555556
        return signed
    whole: int = state
    step = _spread(whole ^ GOLDEN) | 1
    if (step ^ step >> 1).bit_count() < _FEW_CHANGES:
        step ^= 0xAAAAAAAAAAAAAAAA
    return step


def uniform(state: i64, step: i64, occasion: i64) -> float:
    """One uniform in [0, 1) on a grid of 2**-53."""
    if COMPILED:
        return _uniform_signed(state, step, occasion)
    start: int = state
    by: int = step
    number: int = occasion
    z = (start + number * by) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return ((z ^ (z >> 31)) >> 11) * _TO_UNIT


def span(state: i64, step: i64, first: i64, n: i64) -> list[float]:
    """`uniform` of `n` occasions from `first` on."""
    if COMPILED:
        return [_uniform_signed(state, step, occasion) for occasion in range(first, first + n)]
    return [uniform(state, step, occasion) for occasion in range(first, first + n)]


def uniforms(state: int, step: int, first: int, n: int) -> NDArray[np.float64]:
    """Uniforms of `n` occasions from `first` on, all at once; the numbers that `uniform` gives."""
    z = np.arange(first, first + n, dtype=np.int64).view(np.uint64)
    z *= np.uint64(step & MASK)
    z += np.uint64(state & MASK)
    z ^= z >> np.uint64(30)
    z *= np.uint64(0xBF58476D1CE4E5B9)
    z ^= z >> np.uint64(27)
    z *= np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    z >>= np.uint64(11)
    result = z.view(np.int64).astype(np.float64)  # all below 2**53; numbers without a sign take longer to convert
    result *= _TO_UNIT
    return result


def _spread(z: int) -> int:
    z = ((z ^ (z >> 33)) * 0xFF51AFD7ED558CCD) & MASK
    z = ((z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53) & MASK
    return z ^ (z >> 33)


def _spread_signed(z: i64) -> i64:
    z = (z ^ ((z >> 33) & 0x7FFFFFFF)) * -0xAE502812AA7333
    z = (z ^ ((z >> 33) & 0x7FFFFFFF)) * -0x3B314601E57A13AD
    return z ^ ((z >> 33) & 0x7FFFFFFF)


def _changes_signed(z: i64) -> i64:
    """How many neighbouring bits differ."""
    b = z ^ ((z >> 1) & 0x7FFFFFFFFFFFFFFF)
    b -= (b >> 1) & 0x5555555555555555
    b = (b & 0x3333333333333333) + ((b >> 2) & 0x3333333333333333)
    b = (b + (b >> 4)) & 0x0F0F0F0F0F0F0F0F
    return ((b * 0x0101010101010101) >> 56) & 0x7F


def _uniform_signed(state: i64, step: i64, occasion: i64) -> float:
    z = state + occasion * step
    z = _times(z ^ ((z >> 30) & 0x3FFFFFFFF), 0xBF58476D, 0x1CE4E5B9)
    z = _times(z ^ ((z >> 27) & 0x1FFFFFFFFF), 0x94D049BB, 0x133111EB)
    top: int = ((z ^ ((z >> 31) & 0x1FFFFFFFF)) >> 11) & 0x1FFFFFFFFFFFFF
    return top * _TO_UNIT


def _times(z: i64, high: i64, low: i64) -> i64:
    """By a factor of 64 bits, given in halves: a whole one of more than 62 bits would be an object, unpacked at each draw."""
    return ((z * high) << 32) + z * low
