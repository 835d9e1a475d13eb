"""The schemas of study files, one file a kind."""

from .common import Change, Precision, Structure, StudySection
from .optimise import Limit, OptimiseFile
from .options import Option, OptionsFile
from .population import PopulationFile, Published, Ratings, Spread, Studies, Thresholds
from .sensitivity import Range, SensitivityFile
from .sweep import Design, Factor, SweepFile

__all__ = [
    "Change",
    "Design",
    "Factor",
    "Limit",
    "OptimiseFile",
    "Option",
    "OptionsFile",
    "PopulationFile",
    "Precision",
    "Published",
    "Range",
    "Ratings",
    "SensitivityFile",
    "Spread",
    "Structure",
    "Studies",
    "StudySection",
    "SweepFile",
    "Thresholds",
]
