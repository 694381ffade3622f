"""How much the MCP process says."""

import logging


def at_level(level: str) -> None:
    """Say no less than `level` asks for, of ours; an empty one leaves everything as it is."""
    if level:
        logging.getLogger().setLevel(level)
