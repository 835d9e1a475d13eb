"""Where the parameters of a command come from, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from .output import REFUSED, Failure, Output

if TYPE_CHECKING:
    from wardsim.parameters.posterior import Source


def parameters_option(function: Callable[..., None]) -> Callable[..., None]:
    """Decorator: the option `--parameters`, for `drawn_from`."""
    return click.option(
        "--parameters",
        type=click.Choice(["prior", "posterior", "point"]),
        help="posterior: draws calibrated to published rates; prior: draws before that; point: one set of values, chance only. "
        "Left out: what the file says, else the posterior if a valid one is there, else the priors.",
    )(function)


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
