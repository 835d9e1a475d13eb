"""Populations of wards: drawn from published spreads, rated as trusts, and studied as the literature studies wards."""
