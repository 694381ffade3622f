"""Hospitals: each with its own schema, host names, language and zone."""
