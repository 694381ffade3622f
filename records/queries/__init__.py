"""Reads, as far as the actor may see them. Whoever hands them out logs it: see `records.actions`."""
