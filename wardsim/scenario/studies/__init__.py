"""Study files: what a planner writes to compare options, sweep levels, test what matters, or find the cheapest safe plan.

    options, sweep, sensitivity or optimise file -> StudyFile (checked, every ward resolved) -> Study (see experiments)

The same reader, the same strictness and the same messages as for scenarios: all that is wrong is told in one pass, each
with file, line, code and remedy.
"""

from .load import kind_of_file, load_study, load_study_text
from .study_file import StudyFile

__all__ = ["StudyFile", "kind_of_file", "load_study", "load_study_text"]
