"""Tools about hospitals: the platform's register, and a hospital's own entry in it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import serializers

from bookings.serializers.fields import WireBoolean, WireEmail, WireId, WireText
from core.pages import Page
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import ADD, CHANGE, DESTROY, READ, Group, Place, Tool
from registry.actions import change_hospital, create_hospital, deactivate_hospital
from registry.queries import find_hospitals_for, hospital_for
from registry.serializers import HospitalSerializer
from tenants.models import Hospital, HospitalType, Language

_HOSPITAL = "0d4f1c9e-6a52-4b0e-9f3a-2f1f0c8a7b11"


class ListHospitalsSerializer(PageParameters):
    """Which hospitals."""

    search = WireText(
        required=False, max_length=100, help_text="Words of the name, subdomain, town or registration number."
    )
    is_active = WireBoolean(required=False, help_text="Only those that are switched on, or off.")


class GetHospitalSerializer(serializers.Serializer):
    """Which hospital."""

    hospital_id = WireId(help_text="The hospital's `id`.")


class _Description(serializers.Serializer):
    address_line2 = WireText(required=False, allow_blank=True, max_length=200, help_text="Further address.")
    timezone = WireText(
        required=False, max_length=64, help_text="IANA zone of all its local times, such as Asia/Bangkok."
    )
    language = serializers.ChoiceField(
        required=False, choices=Language.choices, help_text="What it speaks to patients by default."
    )


class CreateHospitalSerializer(_Description):
    """A new hospital."""

    name = WireText(max_length=200, help_text="As patients know it.")
    subdomain = WireText(
        max_length=40, help_text="Names it in addresses for ever: lower-case letters, digits, hyphens."
    )
    registration_number = WireText(max_length=50, help_text="Of the hospital's licence.")
    email = WireEmail(max_length=254, help_text="Of the hospital.")
    phone_number = WireText(max_length=20, help_text="Of the hospital, such as +6620000001.")
    address_line1 = WireText(max_length=200, help_text="House and street.")
    city = WireText(max_length=100, help_text="Town or district.")
    state = WireText(max_length=100, help_text="Province or state.")
    country = WireText(max_length=100, help_text="In words, such as Thailand.")
    postal_code = WireText(max_length=20, help_text="Such as 10110.")
    hospital_type = serializers.ChoiceField(choices=HospitalType.choices, help_text="What kind of house.")


class UpdateHospitalSerializer(_Description):
    """What is to change of a hospital; what is left out stays."""

    hospital_id = WireId(help_text="The hospital's `id`.")
    name = WireText(required=False, max_length=200, help_text="As patients know it.")
    registration_number = WireText(
        required=False, allow_blank=True, max_length=50, help_text="Of its licence."
    )
    email = WireEmail(required=False, allow_blank=True, max_length=254, help_text="Of the hospital.")
    phone_number = WireText(required=False, allow_blank=True, max_length=20, help_text="Of the hospital.")
    address_line1 = WireText(required=False, allow_blank=True, max_length=200, help_text="House and street.")
    city = WireText(required=False, allow_blank=True, max_length=100, help_text="Town or district.")
    state = WireText(required=False, allow_blank=True, max_length=100, help_text="Province or state.")
    country = WireText(required=False, allow_blank=True, max_length=100, help_text="In words.")
    postal_code = WireText(required=False, allow_blank=True, max_length=20, help_text="Such as 10110.")
    hospital_type = serializers.ChoiceField(
        required=False, choices=HospitalType.choices, help_text="What kind of house."
    )
    is_active = WireBoolean(
        required=False, help_text="True switches it on again. For credentials of the platform alone."
    )

    def validate_is_active(self, active: bool) -> bool:  # noqa: FBT001  -- DRF's signature
        """Switching off asks a person first, and has a tool of its own for it."""
        if not active:
            raise serializers.ValidationError(gettext_lazy("To switch it off use delete_hospital."))
        return active


def _list(call: Call) -> Page[Hospital]:
    asked: Any = call.asked
    chosen = {name: call.data[name] for name in ("search", "is_active") if name in call.data}
    return call.do(find_hospitals_for, **chosen, **asked.page())


def _create(call: Call) -> Hospital:
    call.progress(0, 1, _("Making the tables of the hospital; this takes some seconds."))
    return call.do(create_hospital, **call.data)


def _question(call: Call) -> str | None:
    hospital = call.do(hospital_for, **call.data)
    if not hospital.is_active:
        return None
    return _("Switch off %(name)s? Nobody can book there or sign in until it is switched on again.") % {
        "name": hospital.name
    }


def _say_list(result: dict[str, Any]) -> str:
    count = result["count"]
    return ngettext("%(count)d hospital.", "%(count)d hospitals.", count) % {"count": count}


def _say(result: dict[str, Any]) -> str:
    text = _("%(name)s (%(subdomain)s) is switched on.") if result["is_active"] else _(
        "%(name)s (%(subdomain)s) is switched off."
    )  # fmt: skip
    return text % {"name": result["name"], "subdomain": result["subdomain"]}


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_hospitals",
        title="List hospitals",
        description=(
            "Lists the hospitals of the platform with address, type, time zone and whether each is switched"
            " on. Use it to find the hospital_id that other tools take; credentials of one hospital see "
            "that one alone and need no hospital_id anywhere. Not for doctors or services: those are "
            'list_doctors and get_event_types. Example: {"search": "Chiang Mai", "is_active": true}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("hospitals.read", "hospital.read"),
        takes=ListHospitalsSerializer,
        gives=page_serializer(HospitalSerializer),
        run=_list,
        says=_say_list,
        example={"search": "Chiang Mai", "is_active": True},
        place=Place.PLATFORM,
        suggests=("get_hospital",),
    ),
    Tool(
        name="get_hospital",
        title="Look a hospital up",
        description=(
            "Gives one hospital: name, address, contact, type, time zone, language and whether it is "
            "switched on. Use it when its id is known; list_hospitals finds ids. For figures about it use "
            f'get_hospital_statistics. Example: {{"hospital_id": "{_HOSPITAL}"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("hospitals.read", "hospital.read"),
        takes=GetHospitalSerializer,
        gives=HospitalSerializer,
        run=lambda call: call.do(hospital_for, **call.data),
        says=_say,
        example={"hospital_id": _HOSPITAL},
        place=Place.PLATFORM,
        suggests=("list_doctors", "get_hospital_statistics"),
    ),
    Tool(
        name="create_hospital",
        title="Set up a hospital",
        description=(
            "Sets up a hospital with tables of its own and an address that is made of the subdomain; it can"
            " be used as soon as the answer comes, some seconds later. The subdomain can never change: "
            "confirm its spelling first. Then create_user makes its first administrator (role ADMIN, with "
            'the new hospital_id). Example: {"name": "Chan Clinic", "subdomain": "chan", '
            '"registration_number": "10-0042", "email": "office@chan.example", "phone_number": '
            '"+6639000001", "address_line1": "1 Tha Chalaep Road", "city": "Mueang Chanthaburi", "state": '
            '"Chanthaburi", "country": "Thailand", "postal_code": "22000", "hospital_type": "CLINIC"}.'
        ),
        group=Group.HEALTHCARE,
        hints=ADD,
        needs=("hospitals.write",),
        takes=CreateHospitalSerializer,
        gives=HospitalSerializer,
        run=_create,
        says=_say,
        example={
            "name": "Chan Clinic",
            "subdomain": "chan",
            "registration_number": "10-0042",
            "email": "office@chan.example",
            "phone_number": "+6639000001",
            "address_line1": "1 Tha Chalaep Road",
            "city": "Mueang Chanthaburi",
            "state": "Chanthaburi",
            "country": "Thailand",
            "postal_code": "22000",
            "hospital_type": "CLINIC",
        },
        place=Place.PLATFORM,
        suggests=("create_user", "create_subscription"),
    ),
    Tool(
        name="update_hospital",
        title="Change a hospital's entry",
        description=(
            "Changes the name, contact, address, type, time zone or language of a hospital; only what is "
            "sent changes. The subdomain never changes. A new time zone moves no appointment: it changes "
            "the clocks on which all are shown. With credentials of the platform, is_active true switches a"
            " hospital on again; to switch one off use delete_hospital. "
            f'Example: {{"hospital_id": "{_HOSPITAL}", "phone_number": "+6639000002"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=CHANGE,
        needs=("hospitals.write", "hospital.write"),
        takes=UpdateHospitalSerializer,
        gives=HospitalSerializer,
        run=lambda call: call.do(change_hospital, **call.data),
        says=_say,
        example={"hospital_id": _HOSPITAL, "phone_number": "+6639000002"},
        place=Place.PLATFORM,
        suggests=("get_hospital",),
    ),
    Tool(
        name="delete_hospital",
        title="Switch a hospital off",
        description=(
            "Switches a hospital off: nobody can book there, sign in or use its keys from then on. Nothing "
            "is deleted, and update_hospital with is_active true switches it on again. Needs `confirm` true"
            " after a person has agreed. To close for some days only, use the schedule instead. "
            f'Example: {{"hospital_id": "{_HOSPITAL}", "confirm": true}}.'
        ),
        group=Group.HEALTHCARE,
        hints=DESTROY,
        needs=("hospitals.write",),
        takes=GetHospitalSerializer,
        gives=HospitalSerializer,
        run=lambda call: call.do(deactivate_hospital, **call.data),
        says=_say,
        confirm=_question,
        example={"hospital_id": _HOSPITAL, "confirm": True},
        place=Place.PLATFORM,
        suggests=("list_hospitals",),
    ),
)
