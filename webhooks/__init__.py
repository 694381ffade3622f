"""Telling the hospitals' other systems what happened: signed, durable, and never inside our own network."""
