"""Where the parameters of a command come from, and what is said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .output import REFUSED, Failure, Output

if TYPE_CHECKING:
    from wardsim.parameters.posterior import Source


def drawn_from(asked: str | None, out: Output) -> Source:
    """The source of draws: as asked for, else the calibrated posterior if it is there and valid, else the priors with a word on stderr.

    Parameters
    ----------
    asked : str or None
        `--parameters`: prior, posterior, point, or None.
    out : Output
        Told when the posterior is missing or belongs to another model.

    Raises
    ------
    Failure
        When the posterior was asked for and there is none.
    """
    if asked in ("prior", "point"):
        return "prior"
    from wardsim.calibrate.posterior import choose
    from wardsim.parameters.posterior import PosteriorError

    try:
        source, word = choose("posterior" if asked == "posterior" else None)
    except PosteriorError as error:
        raise Failure(str(error), REFUSED) from None
    if word:
        out.say(f"wardsim: {word}" if asked else word)
    return source
