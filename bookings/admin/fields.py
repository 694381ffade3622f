"""Form fields of the front desk."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from tenants.admin_sites.dates import TypedDateField

__all__ = ["TimeOfDayField", "TypedDateField", "time_widget"]


def time_widget() -> forms.Widget:
    """A plain line: what is typed looks the same on every machine, whatever its clock's habits."""
    return UnfoldAdminTextInputWidget(attrs={"placeholder": "09:30", "autocomplete": "off"})  # type: ignore[no-any-return]


class TimeOfDayField(forms.TimeField):
    """A time on the hospital's clocks as people type it: ``09:30``, ``9:30`` or ``9.30``."""

    default_error_messages = {"invalid": _("Write the time as HH:MM, such as 09:30.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", time_widget())
        super().__init__(input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """``HH:MM``, whatever the language; what was typed stays as it is."""
        return f"{value:%H:%M}" if isinstance(value, time) else value
