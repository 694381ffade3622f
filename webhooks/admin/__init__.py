"""Webhooks in both admins: a hospital's own, and all hospitals' for the platform."""

from webhooks.admin import deliveries, webhooks
from webhooks.admin.words import name_events

__all__ = ["deliveries", "webhooks"]

name_events()
