"""Designs: which wards a study runs, and with what.

    StudyFile -> points of a design -> cells -> Study

Points are rows with an id; chance designs are made from the seed of the study alone, so that the same file gives the same
cells anywhere.
"""
