"""When a study has runs enough."""

from __future__ import annotations

from collections.abc import Sequence

from ..study.session import Session


def enough(session: Session, cells: Sequence[int]) -> list[str]:
    """Make runs of every cell until there are enough; why there are no more, in words."""
    study = session.study
    session.need(dict.fromkeys(range(len(study.cells)), study.limit))
    return [f"{study.limit} runs of each ward, as asked."]
