from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class McpIntegrationConfig(AppConfig):
    """The MCP door: tools that an assistant can trust, over every transport."""

    name = "mcp_integration"
    verbose_name = _("AI assistants")
