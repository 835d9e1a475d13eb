"""What the simulation costs, measured beside what else could be used."""
