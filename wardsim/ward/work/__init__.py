"""Work: its kinds, who is given it, the ward's day and shifts, observation, contact."""
