"""Insurance and consents on a patient's page, changed by the verbs."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldBooleanWidget

from bookings.actions.consent import give_consent, withdraw_consent
from bookings.actions.insurance import remove_insurance, save_insurance
from bookings.models import ConsentKind, Patient, PatientConsent, PatientInsurance
from core.actor import Actor
from tenants.admin_sites.dates import say_day, say_moment
from tenants.admin_sites.sites import GrantedInline

_VIEW, _CHANGE = ("patients.read", "patients.read_own"), ("patients.write",)


class CoverFormSet(forms.BaseInlineFormSet):
    """Rows that verbs save; whoever acts is set by the page before it saves them."""

    actor: Actor


class _InsuranceFormSet(CoverFormSet):
    def clean(self) -> None:
        """Refuse two that are both the primary one."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        if sum(bool(row.get("is_primary")) for row in rows if not row.get("DELETE")) > 1:
            raise forms.ValidationError(_("Only one insurance can be the primary one."))

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002  -- Django's signature
        """Add one by the verb."""
        return save_insurance(self.actor, super().save_new(form, commit=False))

    def save_existing(self, form: forms.ModelForm, obj: Any, commit: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002  -- the same
        """Change one by the verb."""
        return save_insurance(self.actor, form.save(commit=False))

    def delete_existing(self, obj: Any, commit: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002  -- the same
        """Remove one by the verb."""
        remove_insurance(self.actor, obj)


class InsuranceInline(GrantedInline):
    """Who pays for the patient, the primary one first."""

    model = PatientInsurance
    formset = _InsuranceFormSet
    view_verbs = _VIEW
    add_verbs = change_verbs = delete_verbs = _CHANGE
    as_read = {"valid_from": "first", "valid_until": "last"}
    fields = ("scheme", "insurer", "policy_number", "valid_from", "valid_until", "is_primary")
    readonly_fields = ("first", "last")
    hide_title = True
    tab = True

    def get_fields(self, request: HttpRequest, obj: Patient | None = None) -> list[str]:
        """What is typed, or for readers the same in words."""
        if self.has_change_permission(request, obj):
            return list(self.fields)
        return [self.as_read.get(name, name) for name in self.fields]

    @display(description=_("valid from"))
    def first(self, row: PatientInsurance) -> str:
        """The first day in the reader's calendar."""
        return say_day(row.valid_from) if row.valid_from else "-"

    @display(description=_("valid until"))
    def last(self, row: PatientInsurance) -> str:
        """The last day in the reader's calendar."""
        return say_day(row.valid_until) if row.valid_until else "-"


class _ConsentForm(forms.ModelForm):
    """A new consent, or one that may be withdrawn: what was agreed to is not changed afterwards."""

    withdraw = forms.BooleanField(required=False, label=_("withdraw"), widget=UnfoldBooleanWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding  # noqa: SLF001  -- Django's own way to ask
        for name in ("kind", "version"):
            self.fields[name].disabled = not is_new
        self.fields["withdraw"].disabled = is_new or self.instance.withdrawn_at is not None


class _ConsentFormSet(CoverFormSet):
    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002  -- Django's signature
        """Note by the verb that it was given."""
        row = super().save_new(form, commit=False)
        return give_consent(
            self.actor, patient_id=row.patient_id, kind=ConsentKind(row.kind), version=row.version
        )

    def save_existing(self, form: forms.ModelForm, obj: Any, commit: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002  -- the same
        """Note by the verb that it was withdrawn, if that was ticked."""
        if form.cleaned_data.get("withdraw"):
            withdraw_consent(self.actor, patient_id=obj.patient_id, kind=ConsentKind(obj.kind))
        return obj


class ConsentInline(GrantedInline):
    """What the patient agrees to, and agreed to once. No row goes."""

    model = PatientConsent
    form = _ConsentForm
    formset = _ConsentFormSet
    view_verbs = _VIEW
    add_verbs = change_verbs = _CHANGE
    fields = ("kind", "version", "given", "ended", "withdraw")
    readonly_fields = ("given", "ended")
    hide_title = True
    tab = True

    def get_fields(self, request: HttpRequest, obj: Patient | None = None) -> list[str]:
        """What is typed; readers withdraw nothing."""
        may_change = self.has_change_permission(request, obj)
        return [name for name in self.fields if may_change or name != "withdraw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PatientConsent]:
        """Those that are live first, then the latest."""
        rows: QuerySet[PatientConsent] = super().get_queryset(request)
        return rows.order_by(F("withdrawn_at").desc(nulls_first=True), "kind", "-given_at")

    @display(description=_("given"))
    def given(self, row: PatientConsent) -> str:
        """When, and through which door."""
        is_new = row._state.adding  # noqa: SLF001  -- Django's own way to ask
        return "-" if is_new else f"{say_moment(row.given_at)} · {row.given_door}"

    @display(description=_("withdrawn"))
    def ended(self, row: PatientConsent) -> str:
        """When, and through which door; a dash while it is live."""
        return f"{say_moment(row.withdrawn_at)} · {row.withdrawn_door}" if row.withdrawn_at else "-"
