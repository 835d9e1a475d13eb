"""Levels of staffing, training or anything else, crossed or spread: a table of cells with intervals, and a surface through them."""
