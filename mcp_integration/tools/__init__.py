"""Every tool, group by group, in the order in which clients list them."""

from mcp_integration.toolbox.tool import Tool
from mcp_integration.tools import (
    analytics,
    appointments,
    booking,
    doctors,
    hospitals,
    records,
    specialties,
    subscriptions,
    treatments,
    users,
)

ALL_TOOLS: tuple[Tool, ...] = (
    *booking.TOOLS,
    *hospitals.TOOLS,
    *users.TOOLS,
    *doctors.TOOLS,
    *specialties.TOOLS,
    *appointments.TOOLS,
    *records.TOOLS,
    *treatments.TOOLS,
    *subscriptions.TOOLS,
    *analytics.TOOLS,
)
