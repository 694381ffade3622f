"""Reads: the only way to rows that somebody owns is a query that is given the actor."""
