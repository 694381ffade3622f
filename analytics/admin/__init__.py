"""Front pages of the two admin sites, in numbers."""

from analytics.admin import hospital, platform

__all__ = ["hospital", "platform"]
