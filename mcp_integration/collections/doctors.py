"""Doctors, and the fields of medicine that they work in."""

from collections.abc import Sequence
from typing import Any

from bookings.errors import DoctorNotFound, SpecialtyNotFound
from bookings.queries.catalogue import services_for
from bookings.queries.practitioners import doctors_for
from bookings.queries.specialties import specialties_for
from bookings.serializers.catalogue import EventTypeSerializer
from bookings.serializers.doctors import DoctorSerializer
from bookings.serializers.fields import WireId, WireText
from bookings.serializers.specialties import SpecialtyDetailSerializer
from core.actor import Actor
from mcp_integration.collections.filters import by_choice, is_so, one_of, only_one
from mcp_integration.collections.platform import own_hospital
from mcp_integration.collections.row import Collection, related, represented

KINDS = ("DOCTOR", "NURSE", "THERAPIST")


def specialties_in_full(actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """The specialties of practitioners: what they are, and what they are to this one."""
    shown = [doctor["specialties"] for doctor in represented(DoctorSerializer, rows)]
    there = specialties_for(actor).filter(pk__in={one["id"] for some in shown for one in some})
    known = {one["id"]: one for one in represented(SpecialtyDetailSerializer, list(there))}
    return [[{**known.get(one["id"], {}), **one} for one in some] for some in shown]


def services_offered(actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """The event types that practitioners offer."""
    services = represented(EventTypeSerializer, services_for(actor))
    providers = [{one["id"] for one in service["providers"]} for service in services]
    return [
        [service for service, some in zip(services, providers, strict=True) if str(row.pk) in some]
        for row in rows
    ]


def doctors_of(actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """Who works in specialties."""
    there = doctors_for(actor).filter(specialties__in=[row.pk for row in rows]).distinct()
    doctors = represented(DoctorSerializer, list(there))
    return [
        [one for one in doctors if str(row.pk) in {field["id"] for field in one["specialties"]}]
        for row in rows
    ]


the_doctor = related("practitioner_id", doctors_for, DoctorSerializer)

DOCTORS = Collection(
    name="doctors",
    title="Doctors",
    about="Doctors, nurses and therapists of a hospital, with their specialties.",
    needs=("practitioners.read",),
    rows=doctors_for,
    item=DoctorSerializer,
    sorts={
        "created_at": "created_at", "name_th": "name_th", "name_en": "name_en",
        "years_of_experience": "years_of_experience",
    },
    usual_sort="name_en",
    filters={
        "kind": by_choice("kind", KINDS, "Of which kind."),
        "is_active": is_so("is_active", "Whether they are switched on."),
        "is_available": is_so("is_available", "Whether they can be booked: active, bookable, with hours."),
        "specialty_id": only_one("specialties", WireId(), "Who work in this specialty."),
    },
    expansions={"hospital": own_hospital, "specialties": specialties_in_full, "services": services_offered},
    not_found=DoctorNotFound,
)  # fmt: skip
SPECIALTIES = Collection(
    name="specialties",
    title="Specialties",
    about="Fields of medicine at a hospital, with how many work in each.",
    needs=("catalogue.read",),
    rows=specialties_for,
    item=SpecialtyDetailSerializer,
    sorts={"created_at": "created_at", "code": "code", "name_en": "name_en", "doctor_count": "doctor_count"},
    usual_sort="code",
    filters={
        "is_active": is_so("is_active", "Whether it is in use."),
        "code": one_of("code", WireText(max_length=40), "By its code."),
    },
    expansions={"hospital": own_hospital, "doctors": doctors_of},
    not_found=SpecialtyNotFound,
)
