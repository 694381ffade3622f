"""What is typed into the pages of bots and users."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from telegram_integration.models import TelegramLink
from tenants.models import Hospital
from webhooks.admin.forms import ActForm

# Longer than any token is.
_LONGEST_TOKEN = 120


class TokenForm(ActForm):
    """A bot's token. It is never shown again, not even in a form that comes back."""

    token = forms.CharField(
        label=_("Token"),
        max_length=_LONGEST_TOKEN,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
        help_text=_("From @BotFather: a number, a colon, and 35 letters."),
    )


class HospitalTokenForm(TokenForm):
    """A bot's token, and whose bot it is to be."""

    hospital = forms.ModelChoiceField(
        label=_("Hospital"), queryset=Hospital.objects.none(), widget=UnfoldAdminSelectWidget
    )
    field_order = ("hospital", "token")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = Hospital.objects.exclude(schema_name="public").order_by("name")  # type: ignore[attr-defined]  # of a ModelChoiceField


class UnlinkForm(ActForm):
    """In which hospital."""

    link = forms.ModelChoiceField(
        label=_("Hospital"), queryset=TelegramLink.objects.none(), widget=UnfoldAdminSelectWidget
    )
