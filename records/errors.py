"""Refusals about medical records. `reason` is what programs read; the text is for people."""

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind, NotFound
from records.rules.treatments import TreatmentStatus, allowed


class RecordNotFound(NotFound):
    """No medical record has that id, or the caller may not know of it."""

    reason = "record_not_found"
    text = _("There is no such medical record.")


class TreatmentNotFound(NotFound):
    """No treatment has that id, or the caller may not know of it."""

    reason = "treatment_not_found"
    text = _("There is no such treatment.")


class IllegalTreatmentStatus(DomainError):
    """The treatment cannot move from its status to the asked one; `allowed` names what it can become."""

    kind = Kind.CONFLICT
    reason = "illegal_treatment_status"
    text = _("This is not possible for a treatment in its present status.")

    def __init__(self, current: TreatmentStatus) -> None:
        super().__init__(**{"from": current.value, "allowed": allowed(current)})


class RecordsSealed(DomainError):
    """A key is not at hand, or a sealed text was changed or moved: what was written cannot be read.

    Never tells which text it was, and holds nothing of it.
    """

    kind = Kind.UNAVAILABLE
    reason = "records_sealed"
    text = _("The medical records of this hospital cannot be opened at present.")
