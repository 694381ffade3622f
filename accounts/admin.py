"""Users: the people of a hospital on its own admin, operators on the platform's."""

from typing import Any

from django import forms
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.administrators import lock_with_administrators, require_another_administrator
from accounts.models import User
from accounts.permissions import STAFF_ROLES, Role
from accounts.second_factor import own, steps
from accounts.second_factor.resetting import ResetsSecondFactors
from accounts.staffing import let_staff_in
from core.thai_order import in_thai_order
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.forms import RefusableForm
from tenants.admin_sites.sites import SITES
from tenants.context import in_public_schema

_FACTS = ("second_factor", "signed_in", "made")
_PERSON = ("first_name", "last_name", "phone_number", "language")


class _ChangeForm(RefusableForm, UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "password", "role", "may_overbook", "is_active", *_PERSON)


class _CreationForm(RefusableForm, UserCreationForm):
    # Nobody is added who could never sign in.
    usable_password = None

    class Meta:
        model = User
        fields = ("email", "role", *_PERSON)


class UserAdmin(DjangoUserAdmin, ResetsSecondFactors):  # type: ignore[misc]  # untyped unfold lies between
    """Users sign in by e-mail; what they may do is their role's. They are switched off, not deleted."""

    view_verbs = ("users.read",)
    add_verbs = change_verbs = ("users.write",)
    event_type = "user.changed"
    # Names, addresses and numbers of people stay out of the history.
    told_fields = ("role", "may_overbook", "is_active")
    form = _ChangeForm
    add_form = _CreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "email", "role_name", "is_active", "signed_in")
    list_filter = (("role", ChoicesDropdownFilter), ("is_active", BooleanRadioFilter))
    search_fields = ("first_name", "last_name", "email", "phone_number")
    ordering = (in_thai_order("first_name"), in_thai_order("last_name"), "pk")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password", "role", "may_overbook", "is_active")}),
        (_("Person"), {"fields": _PERSON}),
        (_("Facts"), {"fields": _FACTS}),
    )
    add_fieldsets = ((None, {"fields": ("email", "role", "password1", "password2", *_PERSON)}),)

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """On the platform nobody books."""
        fieldsets = super().get_fieldsets(request, obj)
        if not in_public_schema():
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "may_overbook"]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody takes their own role away or switches themselves off: the last one could not undo it."""
        own = obj is not None and obj.pk == request.user.pk
        return (*_FACTS, "role", "is_active") if own else _FACTS

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Save, if there is room for one more of the staff; the last administrator stays one."""
        if change and {"role", "is_active"} & set(form.changed_data):
            before = lock_with_administrators(obj.pk)
            leaves = not (obj.role == Role.ADMIN and obj.is_active)
            if before and before.role == Role.ADMIN and before.is_active and leaves:
                require_another_administrator(obj.pk)
        if obj.is_staff and not (change and _was_staff(form)):
            let_staff_in()
        super().save_model(request, obj, form, change)

    def formfield_for_choice_field(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.TypedChoiceField | None:
        """On the platform there are operators only."""
        if db_field.name == "role" and in_public_schema():
            kwargs["choices"] = [(Role.ADMIN.value, Role.ADMIN.label)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @method_decorator(sensitive_post_parameters())
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002  -- Django's signature
        """Django's page, in one transaction with its note in the journal."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    @display(description=_("name"), ordering=in_thai_order("first_name"))
    def name(self, user: User) -> str:
        """First and last name."""
        return str(user)

    @display(
        description=_("role"),
        ordering="role",
        label={
            Role.ADMIN: "primary",
            Role.DOCTOR: "info",
            Role.NURSE: "success",
            Role.FRONT_DESK: "warning",
            Role.PATIENT: "default",
        },
    )
    def role_name(self, user: User) -> tuple[str, str]:
        """The role as a coloured label."""
        return user.role, user.get_role_display()

    @display(description=_("last login"), ordering="last_login")
    def signed_in(self, user: User) -> str:
        """When they came last."""
        return say_moment(user.last_login)

    @display(description=_("created at"), ordering="created_at")
    def made(self, user: User) -> str:
        """When the account was made."""
        return say_moment(user.created_at)


def _was_staff(form: forms.ModelForm) -> bool:
    """Whether the account was one of the staff's before; what a form does not show, it does not change."""
    was, now = form.initial, form.instance
    return bool(was.get("is_active", now.is_active)) and was.get("role", now.role) in STAFF_ROLES


for _site in SITES:
    _site.register(User, UserAdmin)
    _site.sign_in = steps.sign_in
    _site.add_pages(steps.pages)
    _site.add_pages(own.pages)
