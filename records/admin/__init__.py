"""Clinical pages of each hospital's own admin: records, treatments, and the log of who read them."""

from records.admin.log import RecordAccessAdmin
from records.admin.records import MedicalRecordAdmin
from records.admin.treatments import TreatmentAdmin

__all__ = ["MedicalRecordAdmin", "RecordAccessAdmin", "TreatmentAdmin"]
