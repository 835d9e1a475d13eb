"""Patients: who comes, how ill, where they are, when they go, what is due to them."""
