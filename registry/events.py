"""What can happen to hospitals, by the names that subscribers know."""

from enum import StrEnum


class RegistryEvent(StrEnum):
    """Types of `events.Event` that this room records, in the public schema."""

    CREATED = "hospital.created"
    CHANGED = "hospital.changed"
    DEACTIVATED = "hospital.deactivated"
