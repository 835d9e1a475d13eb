"""Incidents: hazards and mechanisms, what follows, what is reported."""
