"""Names of this room's events for the history pages. Hospitals themselves are on the pages of `tenants`."""

from django.utils.translation import gettext_lazy as _

from events.admin import EVENT_NAMES
from registry.events import RegistryEvent

EVENT_NAMES.update(
    {
        RegistryEvent.CREATED: _("Hospital set up"),
        RegistryEvent.DEACTIVATED: _("Hospital switched off"),
    }
)
