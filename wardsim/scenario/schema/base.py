"""What every section of a scenario shares: frozen, strict, and every field documented."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    """A part of a scenario: immutable, no unknown keys, no coercion of text into numbers, finite numbers only."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


Percent = Annotated[float, Field(ge=0, le=100)]
"""A share in percent, 0 to 100."""

Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of day, HH:MM, 24-hour."""

Text = Annotated[str, Field(max_length=2000)]
"""Free text; shown literally everywhere."""

Name = Annotated[str, Field(min_length=1, max_length=120)]
"""A short name; shown literally everywhere."""


def _iso_date(value: object) -> date:
    """A calendar date; text must be YYYY-MM-DD (numbers, times and day-first dates would be guesses)."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return date.fromisoformat(value)
    raise ValueError("not a date written YYYY-MM-DD")


IsoDate = Annotated[date, BeforeValidator(_iso_date)]
"""A calendar date, YYYY-MM-DD."""


class FrozenDict(dict[str, float]):
    """A dictionary that cannot be changed, so that a scenario stays what was read."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a scenario cannot be changed; make a new one with overrides")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __reduce__(self) -> tuple[type[FrozenDict], tuple[dict[str, float]]]:
        return FrozenDict, (dict(self),)


Frozen = Annotated[dict[str, float], AfterValidator(FrozenDict)]
"""Numbers by name, unchangeable."""
