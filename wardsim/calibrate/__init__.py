"""Calibration: targets, their likelihood, the free parameters, and the table of published beside simulated figures."""
