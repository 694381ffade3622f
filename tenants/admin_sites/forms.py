"""Forms that show the refusal of the verb that they led to."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind


class ChangedMeanwhile(DomainError):
    """The database refused what the form had found right: somebody else was faster."""

    kind = Kind.CONFLICT
    reason = "changed_meanwhile"
    text = _("Somebody else has just saved the same thing. Please look again.")


def show_refusal(form: forms.BaseForm, refusal: DomainError) -> None:
    """Put a refusal where the person who typed will look: at the named fields, else above the form."""
    fields = refusal.data.get("fields") or {None: [refusal]}
    for field, texts in fields.items():
        form.add_error(field if field in form.fields else None, [str(text) for text in texts])


class RefusableForm(forms.ModelForm):
    """A form that can be shown again with the refusal of the verb that it led to."""

    refusal: ClassVar[DomainError | None] = None

    def clean(self) -> dict[str, Any] | None:
        """What was typed, with the refusal as its error."""
        cleaned = super().clean()
        if self.refusal is not None:
            show_refusal(self, self.refusal)
        return cleaned
