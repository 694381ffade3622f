"""Tools about accounts: who can sign in to a hospital, or to the platform."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import serializers

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.users import create_user, deactivate_user, update_user
from bookings.queries.users import find_users_for, user_for
from bookings.serializers.fields import WireBoolean, WireDate, WireEmail, WireId, WireInteger, WireText
from bookings.serializers.users import UserSerializer
from core.pages import Page
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import ADD, CHANGE, DESTROY, READ, Group, Place, Tool
from tenants.models import Language

_USER = "5b3a9c77-0c1e-4f0a-8c58-0d2f9f4f6a21"
# Longer ones only cost time to hash (characters).
_LONGEST_PASSWORD = 128


class ListUsersSerializer(PageParameters):
    """Which accounts."""

    role = serializers.ChoiceField(required=False, choices=Role.choices, help_text="Only those of a role.")
    is_active = WireBoolean(required=False, help_text="Only those that are switched on, or off.")
    search = WireText(
        required=False, max_length=100, help_text="Words of the name, e-mail address or phone number."
    )


class GetUserSerializer(serializers.Serializer):
    """Which account."""

    user_id = WireId(help_text="The account's `id`.")


class _Facts(serializers.Serializer):
    """What only people of one role have."""

    language = serializers.ChoiceField(
        required=False, choices=Language.choices, help_text="The language of the pages and messages."
    )
    date_of_birth = WireDate(required=False, help_text="Patients only: YYYY-MM-DD, Gregorian.")
    license_number = WireText(
        required=False, max_length=50, help_text="Doctors only: of the licence to practise."
    )
    years_of_experience = WireInteger(
        required=False, min_value=0, max_value=80, help_text="Doctors only: whole years."
    )


class CreateUserSerializer(_Facts):
    """A new account."""

    email = WireEmail(max_length=254, help_text="What they sign in with; one account each.")
    password = WireText(
        min_length=10, max_length=_LONGEST_PASSWORD, trim_whitespace=False,
        help_text="10 characters or more, not a common word, not the name. It is never shown again.",
    )  # fmt: skip
    first_name = WireText(max_length=100, help_text="First name.")
    last_name = WireText(max_length=100, allow_blank=True, help_text="Last name; may be empty.")
    role = serializers.ChoiceField(choices=Role.choices, help_text="What they are in the hospital.")
    phone_number = WireText(
        required=False,
        allow_blank=True,
        max_length=20,
        help_text="With country code, or as dialled in Thailand.",
    )


class UpdateUserSerializer(_Facts):
    """What is to change of an account; what is left out stays."""

    user_id = WireId(help_text="The account's `id`.")
    email = WireEmail(required=False, max_length=254, help_text="What they sign in with.")
    password = WireText(
        required=False, min_length=10, max_length=_LONGEST_PASSWORD, trim_whitespace=False,
        help_text="A new one; everybody who is signed in to the account is signed out.",
    )  # fmt: skip
    first_name = WireText(required=False, max_length=100, help_text="First name.")
    last_name = WireText(required=False, allow_blank=True, max_length=100, help_text="Last name.")
    role = serializers.ChoiceField(required=False, choices=Role.choices, help_text="What they are now.")
    phone_number = WireText(required=False, allow_blank=True, max_length=20, help_text="With country code.")
    is_active = WireBoolean(required=False, help_text="True switches the account on again.")

    def validate_is_active(self, active: bool) -> bool:  # noqa: FBT001  -- DRF's signature
        """Switching off asks a person first, and has a tool of its own for it."""
        if not active:
            raise serializers.ValidationError(gettext_lazy("To switch it off use delete_user."))
        return active


def _list(call: Call) -> Page[User]:
    asked: Any = call.asked
    chosen = {name: call.data[name] for name in ("role", "is_active", "search") if name in call.data}
    return call.do(find_users_for, **chosen, **asked.page())


def _question(call: Call) -> str | None:
    user = call.do(user_for, **call.data)
    if not user.is_active:
        return None
    # No name: names in questions could be read as orders.
    return _("Switch off the account %(id)s (%(role)s)? They are signed out at once.") % {
        "id": user.pk,
        "role": user.get_role_display(),
    }


def _say_list(result: dict[str, Any]) -> str:
    count = result["count"]
    return ngettext("%(count)d account.", "%(count)d accounts.", count) % {"count": count}


def _say(result: dict[str, Any]) -> str:
    text = _("The account %(id)s (%(role)s) is switched on.") if result["is_active"] else _(
        "The account %(id)s (%(role)s) is switched off."
    )  # fmt: skip
    return text % {"id": result["id"], "role": Role(result["role"]).label}


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_users",
        title="List accounts",
        description=(
            "Lists who can sign in to the hospital: role, address, whether the account is on, and the "
            "doctor_id or patient_id that stands behind it. Use it to find a user_id. Not for patients in "
            "general: most have no account. With credentials of the platform and no hospital_id it lists "
            'the operators of the platform. Example: {"role": "DOCTOR", "is_active": true}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("users.read",),
        takes=ListUsersSerializer,
        gives=page_serializer(UserSerializer),
        run=_list,
        says=_say_list,
        example={"role": "DOCTOR", "is_active": True},
        place=Place.ANY,
        suggests=("get_user", "create_user"),
    ),
    Tool(
        name="get_user",
        title="Look an account up",
        description=(
            "Gives one account: name, address, role, phone number, whether it is on, and the doctor or "
            "patient behind it. Use it when the user_id is known; list_users finds ids. There is no way to "
            f'read a password. Example: {{"user_id": "{_USER}"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("users.read",),
        takes=GetUserSerializer,
        gives=UserSerializer,
        run=lambda call: call.do(user_for, **call.data),
        says=_say,
        example={"user_id": _USER},
        place=Place.ANY,
        suggests=("update_user",),
    ),
    Tool(
        name="create_user",
        title="Add an account",
        description=(
            "Adds somebody who can sign in. For a DOCTOR it also makes the doctor, or takes the one of the "
            "same license_number who has no account yet; for a PATIENT it makes the patient, or takes the "
            "one of the same phone number and name. A refusal names the wrong field (an address that is "
            "taken, a weak password). Do not make up a password: ask for one. A new doctor gets hours and "
            "services in the admin pages, specialties by update_doctor_specialties. Example: "
            '{"email": "malee@ploy.example", "password": "a-long-secret-2026", "first_name": "Malee", '
            '"last_name": "Srisuk", "role": "DOCTOR", "license_number": "12345", "years_of_experience": 8}.'
        ),
        group=Group.HEALTHCARE,
        hints=ADD,
        needs=("users.write",),
        takes=CreateUserSerializer,
        gives=UserSerializer,
        run=lambda call: call.do(create_user, **call.data),
        says=_say,
        example={
            "email": "malee@ploy.example",
            "password": "a-long-secret-2026",
            "first_name": "Malee",
            "last_name": "Srisuk",
            "role": "DOCTOR",
            "license_number": "12345",
            "years_of_experience": 8,
        },
        place=Place.ANY,
        suggests=("update_doctor_specialties",),
    ),
    Tool(
        name="update_user",
        title="Change an account",
        description=(
            "Changes an account: name, address, role, phone number, language, password, or whether it is on;"
            " only what is sent changes. A new password signs everybody out of the account. A new role "
            "brings its rights at once, and makes or lets go the doctor or patient behind it. The last "
            "administrator stays one, and nobody changes their own role. To switch an account off use "
            f'delete_user. Example: {{"user_id": "{_USER}", "role": "NURSE"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=CHANGE,
        needs=("users.write",),
        takes=UpdateUserSerializer,
        gives=UserSerializer,
        run=lambda call: call.do(update_user, **call.data),
        says=_say,
        example={"user_id": _USER, "role": "NURSE"},
        place=Place.ANY,
        suggests=("get_user",),
    ),
    Tool(
        name="delete_user",
        title="Switch an account off",
        description=(
            "Switches an account off: whoever is signed in by it is signed out, and nobody signs in again. "
            "Nothing is deleted; a doctor behind it stays bookable, and update_user with is_active true "
            "switches it on again. Refused for one's own account and for the last administrator. Needs "
            f'`confirm` true after a person has agreed. Example: {{"user_id": "{_USER}", "confirm": true}}.'
        ),
        group=Group.HEALTHCARE,
        hints=DESTROY,
        needs=("users.write",),
        takes=GetUserSerializer,
        gives=UserSerializer,
        run=lambda call: call.do(deactivate_user, **call.data),
        says=_say,
        confirm=_question,
        example={"user_id": _USER, "confirm": True},
        place=Place.ANY,
        suggests=("list_users",),
    ),
)
