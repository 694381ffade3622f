"""What the platform's front page says of the platform's own parts: the same as whoever watches it gets."""

from analytics.platform import Part
from observing.health import readiness


def look_at_parts() -> list[Part]:
    """Each check with its state; takes as long as the slowest look is patient, a second."""
    _is_ready, told = readiness()
    return [Part(name, found["status"], found.get("seconds")) for name, found in told["checks"].items()]
