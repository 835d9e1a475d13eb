"""What a section of the benchmarks found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Finding:
    """One section.

    Attributes
    ----------
    title, text : str
        Heading, and the table in Markdown.
    figures : mapping of str to float
        The figures that matter.
    wrong : list of str
        What should not be: a disagreement between engines. The command then ends with an error.
    """

    title: str
    text: str
    figures: Mapping[str, float] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
