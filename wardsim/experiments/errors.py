"""What every refusal of a study has in common."""

from __future__ import annotations


class CannotError(ValueError):
    """A study cannot be carried out as asked; the message says why and what would do."""

    exit_code = 2
