"""What is typed on the pages of the second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts.second_factor.checking import LONGEST

# Phones show digits to type, browsers offer what came to the phone, and nothing is put right by a dictionary.
_ONE_TIME = {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "off"}


class PhoneCodeForm(forms.Form):
    """The code that a phone shows."""

    code = forms.CharField(
        label=_("Code of the phone"),
        max_length=LONGEST,
        widget=UnfoldAdminTextInputWidget(attrs={**_ONE_TIME, "inputmode": "numeric", "autofocus": True}),
        help_text=_("Six digits. A new one every 30 seconds."),
    )


class RecoveryCodeForm(forms.Form):
    """A recovery code; a phone's is taken too."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=LONGEST,
        widget=UnfoldAdminTextInputWidget(
            attrs={**_ONE_TIME, "autocapitalize": "characters", "autofocus": True}
        ),
        help_text=_("Such as 7KQ2-M4XN-0RTV-B3HP. Each is good for one use."),
    )


class ProofForm(forms.Form):
    """Who it is, once more: before a second factor is replaced or given up."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1024,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    code = forms.CharField(
        label=_("Code of the phone, or a recovery code"),
        max_length=LONGEST,
        widget=UnfoldAdminTextInputWidget(attrs=_ONE_TIME),
    )

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_code:
            del self.fields["code"]
