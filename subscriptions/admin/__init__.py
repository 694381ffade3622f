"""Plans and subscriptions on the platform's admin; a hospital's own plan on its admin."""

from subscriptions.admin import hospital, plans, subscriptions

__all__ = ["hospital", "plans", "subscriptions"]
