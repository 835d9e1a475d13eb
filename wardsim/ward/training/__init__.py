"""Training: needs, places, release, what is learnt and forgotten; programmes."""
