from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Medical records and treatments, sealed at rest, every read of them logged."""

    name = "records"
    verbose_name = _("Medical records")

    def ready(self) -> None:
        """Have the demonstration filled with records."""
        from bookings.demo.more import add_to_demo  # noqa: PLC0415  -- needs the models
        from records.demo.loader import fill_records  # noqa: PLC0415

        add_to_demo(fill_records)
