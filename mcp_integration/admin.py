"""What assistants did, in the words of the history."""

from django.utils.translation import gettext_lazy as _

from events.admin import EVENT_NAMES
from mcp_integration.invoking import CALLED

EVENT_NAMES[CALLED] = _("Tool called by an AI assistant")
