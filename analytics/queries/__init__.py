"""Figures by SQL aggregates over the hospital's local days; a bounded number of statements each."""
