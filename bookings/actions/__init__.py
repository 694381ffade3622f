"""Verbs: each checks who acts, locks, judges by the rules, writes, records the event, and returns."""
