"""Tables of one hospital: medical records, treatments, their keys, their history and who read them."""

from records.models.history import Extent, RecordAccess, RecordRevision, Subject
from records.models.keys import KeyPurpose, RecordKey
from records.models.record import Attachment, MedicalRecord, RecordType
from records.models.treatment import Medication, Treatment

__all__ = [
    "Attachment",
    "Extent",
    "KeyPurpose",
    "MedicalRecord",
    "Medication",
    "RecordAccess",
    "RecordKey",
    "RecordRevision",
    "RecordType",
    "Subject",
    "Treatment",
]
