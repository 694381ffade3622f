from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Figures; it has no tables of its own."""

    name = "analytics"
