"""What runs of several wards say about their difference, and how sure that is.

    columns of two cells -> difference (three intervals) -> p_better, simultaneous, precision
    columns of many cells -> best, variance, information

Runs come as draws of the parameters with a few replications (different chance) each; all cells see the same draws and the
same chance. `split` takes the two apart, and everything here is built on it. Formulas, assumptions and measured coverage:
docs/explanation/statistics.md.
"""
