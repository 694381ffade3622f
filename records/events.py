"""What can happen to medical records and treatments, by the names that subscribers know."""

from enum import StrEnum


class RecordEvent(StrEnum):
    """Types of `events.Event` that this room records: ids and names of fields, never a word of content."""

    RECORD_CREATED = "record.created"
    RECORD_CHANGED = "record.changed"
    TREATMENT_CREATED = "treatment.created"
    TREATMENT_CHANGED = "treatment.changed"
