"""Calibration: what published rates say about the parameters of the model, and what they leave open.

    targets, free parameters -> waves of runs, emulators, what is ruled out -> MCMC on the emulators -> the ward itself at
    draws of the posterior -> posterior table -> diagnostics, structures, report

The inference knows no ward: a `Simulator` gives outcomes with their noise at points of the prior, a `Judge` says what
published figures say of outcomes. Tests put a toy with a known truth in place of the first.
"""
