"""Tools about doctors: whoever's time is booked, rooms excepted."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import serializers

from bookings.actions.practitioners import Training, update_doctor_specialties
from bookings.queries.practitioners import doctor_details_for, find_doctors_for
from bookings.serializers.doctors import DoctorDetailsSerializer, DoctorSerializer
from bookings.serializers.fields import WireBoolean, WireDate, WireId, WireInteger, WireText
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.paging import PageParameters, page_serializer
from mcp_integration.toolbox.tool import CHANGE, READ, Group, Tool

_DOCTOR = "7c1d9a34-52e0-4a4b-9d0c-1b8f3f0d2e55"
_SPECIALTY = "e2f0b6d8-1c7a-4f55-8a3e-6d9b0c4a7f12"
# Nobody is trained in more.
_MOST_SPECIALTIES = 20


class ListDoctorsSerializer(PageParameters):
    """Which doctors."""

    specialty = WireText(
        required=False,
        max_length=40,
        help_text="Only those of a specialty: its id, or its code (cardiology).",
    )
    is_available = WireBoolean(
        required=False,
        help_text="Only those who are active, bookable and have working hours, or who are not.",
    )


class GetDoctorSerializer(serializers.Serializer):
    """Which doctor."""

    doctor_id = WireId(help_text="The doctor's `id`.")


class TrainingParametersSerializer(serializers.Serializer):
    """One specialty of a doctor."""

    specialty_id = WireId(help_text="Of list_specialties.")
    is_primary = WireBoolean(default=False, help_text="True for just one of the list.")
    years_of_experience = WireInteger(
        required=False, allow_null=True, min_value=0, max_value=80, help_text="Whole years in it."
    )
    certification_date = WireDate(
        required=False, allow_null=True, help_text="YYYY-MM-DD of the certificate; not in the future."
    )


class UpdateDoctorSpecialtiesSerializer(serializers.Serializer):
    """A doctor, and all their specialties."""

    doctor_id = WireId(help_text="The doctor's `id`.")
    specialties = TrainingParametersSerializer(  # type: ignore[call-arg]  # the list takes its length
        many=True, max_length=_MOST_SPECIALTIES,
        help_text="ALL specialties of the doctor: what is not in the list is taken away.",
    )  # fmt: skip


def _list(call: Call) -> Any:
    asked: Any = call.asked
    chosen = {name: call.data[name] for name in ("specialty", "is_available") if name in call.data}
    return call.do(find_doctors_for, **chosen, **asked.page())


def _update(call: Call) -> Any:
    training = [Training(**each) for each in call.data["specialties"]]
    return call.do(update_doctor_specialties, doctor_id=call.data["doctor_id"], specialties=training)


def say_doctors(result: dict[str, Any]) -> str:
    """How many there are, and the names of those on the page."""
    count = result["count"]
    said = ngettext("%(count)d doctor", "%(count)d doctors", count) % {"count": count}
    names = ", ".join(doctor["name"] for doctor in result["results"])
    return f"{said}: {names}." if names else f"{said}."


def _say(result: dict[str, Any]) -> str:
    fields = ", ".join(each["name"] for each in result["specialties"])
    name = result["name"]
    return f"{name}: {fields}." if fields else _("%(name)s has no specialty.") % {"name": name}


TOOLS: tuple[Tool, ...] = (
    Tool(
        name="list_doctors",
        title="List doctors",
        description=(
            "Lists the doctors, nurses and therapists whose time is booked, with specialties (the primary "
            "one first), years of experience and whether they can be booked at all (is_available). Use it "
            "to find a doctor_id, or who works in a specialty. Whether somebody is free at a time is "
            "list_appointment_slots; accounts are list_users. "
            'Example: {"specialty": "cardiology", "is_available": true}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("practitioners.read",),
        takes=ListDoctorsSerializer,
        gives=page_serializer(DoctorSerializer),
        run=_list,
        says=say_doctors,
        example={"specialty": "cardiology", "is_available": True},
        suggests=("get_doctor_details", "list_appointment_slots"),
    ),
    Tool(
        name="get_doctor_details",
        title="Look a doctor up",
        description=(
            "Gives one doctor with specialties, the services that they offer (event_type_id), weekly hours "
            "and coming exceptions on the clocks of `timezone`. Use it to say when somebody usually works; "
            "free times of a day are list_appointment_slots. "
            f'Example: {{"doctor_id": "{_DOCTOR}"}}.'
        ),
        group=Group.HEALTHCARE,
        hints=READ,
        needs=("practitioners.read",),
        takes=GetDoctorSerializer,
        gives=DoctorDetailsSerializer,
        run=lambda call: call.do(doctor_details_for, **call.data),
        says=_say,
        example={"doctor_id": _DOCTOR},
        suggests=("list_appointment_slots",),
    ),
    Tool(
        name="update_doctor_specialties",
        title="Set a doctor's specialties",
        description=(
            "Replaces ALL specialties of a doctor by the given list: read them with get_doctor_details and "
            "send those that stay too. Just one is primary; an empty list takes all away. Years are whole, "
            "the certification date is YYYY-MM-DD and not in the future. Ids come from list_specialties; "
            f'create_specialty makes a new one. Example: {{"doctor_id": "{_DOCTOR}", "specialties": '
            f'[{{"specialty_id": "{_SPECIALTY}", "is_primary": true, "years_of_experience": 8, '
            '"certification_date": "2018-04-01"}]}.'
        ),
        group=Group.HEALTHCARE,
        hints=CHANGE,
        needs=("practitioners.write",),
        takes=UpdateDoctorSpecialtiesSerializer,
        gives=DoctorSerializer,
        run=_update,
        says=_say,
        example={
            "doctor_id": _DOCTOR,
            "specialties": [
                {
                    "specialty_id": _SPECIALTY,
                    "is_primary": True,
                    "years_of_experience": 8,
                    "certification_date": "2018-04-01",
                }
            ],
        },
        suggests=("get_doctor_details",),
    ),
)
