"""One-time codes: proof that somebody has a phone at hand."""
