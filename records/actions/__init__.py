"""Verbs about medical records and treatments; reading is one of them, as it is written down."""
