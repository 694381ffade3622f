"""Refusals about hospitals."""

from django.utils.translation import gettext_lazy as _

from core.errors import Busy, DomainError, Kind, NotFound


class HospitalNotFound(NotFound):
    """No hospital goes by that subdomain or host."""

    reason = "hospital_not_found"
    text = _("There is no hospital by that name.")


class HospitalInactive(DomainError):
    """The hospital was switched off; its data is kept."""

    kind = Kind.NOT_ALLOWED
    reason = "hospital_inactive"
    text = _("This hospital does not take appointments here at present.")


class ProvisioningFailed(DomainError):
    """A schema could not be completed; nothing of it was kept."""

    kind = Kind.UNAVAILABLE
    reason = "provisioning_failed"
    text = _("The hospital could not be set up. Nothing was kept; please try again.")


class ProvisioningBusy(Busy):
    """Another hospital is being set up at this moment."""

    reason = "provisioning_busy"
    text = _("Another hospital is being set up. Please try again in a moment.")
