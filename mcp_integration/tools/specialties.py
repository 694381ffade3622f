"""Tools about specialties: the fields of medicine that a hospital offers."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import serializers

from bookings.actions.specialties import create_specialty
from bookings.queries.practitioners import find_doctors_for
from bookings.queries.specialties import find_specialties_for
from bookings.serializers.doctors import DoctorSerializer
from bookings.serializers.fields import WireBoolean, WireId, WireText
from bookings.serializers.specialties import SpecialtyDetailSerializer
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import ADD, READ, Group, Tool
from mcp_integration.tools.doctors import say_doctors

_SPECIALTY = "e2f0b6d8-1c7a-4f55-8a3e-6d9b0c4a7f12"


class ListSpecialtiesSerializer(PageParameters):
    """Which specialties."""

    search = WireText(
        required=False, max_length=100, help_text="Words of the code, a name or the description."
    )
    is_active = WireBoolean(required=False, help_text="Only those that are offered, or are not any more.")


class CreateSpecialtySerializer(serializers.Serializer):
    """A new specialty."""

    code = WireText(
        max_length=40, help_text="Short and unique: letters, digits, hyphens, such as cardiology."
    )
    name = WireText(max_length=200, help_text="In English.")
    description = WireText(max_length=2000, allow_blank=True, help_text="What it is about; may be empty.")
    name_th = WireText(
        required=False, max_length=200, help_text="In Thai; without it the English name stands for both."
    )


class GetSpecialtyDoctorsSerializer(PageParameters):
    """Which specialty."""

    specialty_id = WireId(help_text="Of list_specialties.")


def _list(call: Call) -> Any:
    asked: Any = call.asked
    chosen = {name: call.data[name] for name in ("search", "is_active") if name in call.data}
    return call.do(find_specialties_for, **chosen, **asked.page())


def _doctors(call: Call) -> Any:
    asked: Any = call.asked
    return call.do(find_doctors_for, specialty=call.data["specialty_id"], **asked.page())


def _say_list(result: dict[str, Any]) -> str:
    count = result["count"]
    said = ngettext("%(count)d specialty", "%(count)d specialties", count) % {"count": count}
    names = ", ".join(row["name"] for row in result["results"])
    return f"{said}: {names}." if names else f"{said}."


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_specialties",
        title="List specialties",
        description=(
            "Lists the hospital's specialties with code, names, description and how many active doctors "
            "have each. Use it to find a specialty_id, or the code that list_doctors takes. What can be "
            "booked are services: get_event_types. "
            'Example: {"search": "heart", "is_active": true}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("catalogue.read",),
        takes=ListSpecialtiesSerializer,
        gives=page_serializer(SpecialtyDetailSerializer),
        run=_list,
        says=_say_list,
        example={"search": "heart", "is_active": True},
        suggests=("get_specialty_doctors",),
    ),
    Tool(
        name="create_specialty",
        title="Add a specialty",
        description=(
            "Adds a specialty to the hospital. The code is unique: a refusal with reason specialty_exists "
            "says that there is one already, which list_specialties shows. Then update_doctor_specialties "
            "gives it to doctors. "
            'Example: {"code": "cardiology", "name": "Cardiology", "description": "Heart and vessels", '
            '"name_th": "โรคหัวใจ"}.'
        ),
        group=Group.HEALTHCARE,
        hints=ADD,
        needs=("catalogue.write",),
        takes=CreateSpecialtySerializer,
        gives=SpecialtyDetailSerializer,
        run=lambda call: call.do(create_specialty, **call.data),
        says=lambda result: _("%(name)s is there.") % {"name": result["name"]},
        example={
            "code": "cardiology",
            "name": "Cardiology",
            "description": "Heart and vessels",
            "name_th": "โรคหัวใจ",
        },
        suggests=("update_doctor_specialties",),
    ),
    Tool(
        name="get_specialty_doctors",
        title="List a specialty's doctors",
        description=(
            "Lists the doctors who have a specialty, with their years in it and whether it is their primary"
            " one. Use it to recommend somebody; list_doctors also filters by who can be booked. "
            f'Example: {{"specialty_id": "{_SPECIALTY}"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("practitioners.read",),
        takes=GetSpecialtyDoctorsSerializer,
        gives=page_serializer(DoctorSerializer),
        run=_doctors,
        says=say_doctors,
        example={"specialty_id": _SPECIALTY},
        suggests=("get_doctor_details", "list_appointment_slots"),
    ),
)
