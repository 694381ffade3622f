"""Refusals of resources."""

from django.utils.translation import gettext_lazy as _

from core.errors import NotFound


class ResourceNotFound(NotFound):
    """Nothing is at that address for this caller."""

    reason = "resource_not_found"
    text = _("There is no such resource.")
