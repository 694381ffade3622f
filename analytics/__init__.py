"""Figures about a hospital's work, by SQL aggregates."""
