"""Reference results made again: the same study, the same numbers."""
