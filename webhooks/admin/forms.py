"""What is typed into the pages of webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from core.errors import DomainError, InvalidInput
from tenants.admin_sites.dates import TypedDateField, TypedDateWidget
from tenants.admin_sites.forms import RefusableForm, show_refusal
from webhooks.admin.words import CHOICES
from webhooks.guard import check_url


class WebhookForm(RefusableForm):
    """An address and what is sent to it."""

    url = forms.CharField(
        label=_("Address"), max_length=2000, widget=UnfoldAdminTextInputWidget,
        help_text=_("Begins with https:// and names a host on the public internet; port 443 or 8443."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("Events"), choices=list(CHOICES.items()), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    def clean_url(self) -> str:
        """The address in its usual form."""
        try:
            return check_url(self.cleaned_data["url"], field="url")
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.data["fields"]["url"]) from refusal


class ActForm(forms.Form):
    """A form that leads to a verb; without fields it asks whether that is really wanted."""

    def refuse(self, refusal: DomainError) -> None:
        """Show the verb's refusal."""
        show_refusal(self, refusal)

    def typed(self) -> dict[str, Any]:
        """What the verb needs."""
        return {}


class RecoverForm(ActForm):
    """Since when."""

    since = TypedDateField(
        label=_("Since the beginning of this day"),
        widget=TypedDateWidget,
        help_text=_("At most 30 days ago."),
    )
