"""A study: many wards run with the same chance, piece by piece, in one folder, with nothing lost.

    options, sweep or design -> Study of cells -> pieces of runs -> store -> Runs (arrays) -> analysis

Every analysis (compare, sweep, sensitivity, optimise) asks a `Session` for runs of cells and gets arrays back. Where the
runs are made, in which order, in how many attempts, leaves no trace in the arrays.
"""
