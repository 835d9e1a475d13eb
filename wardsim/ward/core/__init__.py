"""What every part stands on: time, chance, facts."""
