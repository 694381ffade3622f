"""A hospital full of canaries: every row of it says so, and every id of it is known."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from apikeys.scopes import SCOPES
from bookings.models import Practitioner
from core import clock
from core.cursors import encode_cursor
from subscriptions.models import Plan
from tenants.context import inside
from tenants.models import Hospital
from tests.mcp_integration.conftest import credential_with_scopes
from tests.support.catalogue import give_hours, make_service
from tests.support.people import People
from tests.support.tools import Tools

CANARY = "Kanarienvogel"
PHONE, EMAIL, KEY = "+66899990001", "kanarienvogel@rama.example", "kanarienvogel-key-1"
OF_HOSPITALS = tuple(scope for scope in SCOPES if scope != "admin:platform")


@dataclass
class House:
    """A hospital, its tools, and what was made in it: parameter → value that is right there."""

    hospital: Hospital
    tools: Tools
    values: dict[str, Any] = field(default_factory=dict)


def furnish(hospital: Hospital, people: People, word: str, *, phone: str, email: str, key: str) -> House:
    """Make one of everything in a hospital by its own tools; each text says `word`."""
    house = House(hospital, Tools(credential_with_scopes(hospital, *OF_HOSPITALS)))
    with inside(hospital):
        doctor = Practitioner.objects.create(name_th=word, name_en=word)
        give_hours(doctor)
        service = make_service(doctor, slug=word.lower(), name_th=word, name_en=word)
        patient = people.alice
        # Of the same name, hospitals would be told apart by nothing.
        type(patient).objects.filter(pk=patient.pk).update(
            name=f"{word} Alice", phone_number=phone, email=email
        )
    price = Decimal(100)
    plan, _ = Plan.objects.get_or_create(
        code="any",
        defaults={
            "name_th": "แผน", "name_en": "Plan", "plan_type": "BASIC", "price_monthly": price,
            "price_quarterly": price, "price_annual": price,
        },
    )  # fmt: skip
    house.values = {
        "event_type_id": service.pk,
        "doctor_id": str(doctor.pk),
        "provider_id": str(doctor.pk),
        "patient_id": str(patient.pk),
        "user_id": str(people.nurse.pk),
        "plan_id": str(plan.pk),
        "hospital_id": str(hospital.uuid),
        "subdomain": hospital.subdomain,
        "phone": phone,
        "email": email,
        "search": word,
        "idempotency_key": key,
    }
    _make_more(house, word)
    return house


def _make_more(house: House, word: str) -> None:
    call, values = house.tools.call, house.values
    date = day(3)
    slot = {"event_type_id": values["event_type_id"], "date": date}
    values["hold_id"] = call("hold_slot", **slot, time="10:00")["hold_id"]
    booked = call(
        "create_booking", **slot, time="11:00", guest_name=f"{word} Guest", guest_phone=values["phone"],
        guest_email=values["email"], notes=word, idempotency_key=values["idempotency_key"],
    )  # fmt: skip
    values["booking_reference"] = _first_of(booked, "reference")
    ids = {"patient_id": values["patient_id"], "doctor_id": values["doctor_id"]}
    values["appointment_id"] = call(
        "create_appointment", **ids, appointment_date=date, appointment_time="14:00:00", reason=word
    )["id"]
    values["record_id"] = call(
        "create_medical_record", patient_id=ids["patient_id"], title=word, description=word,
        record_type="CONSULTATION", diagnosis=word, symptoms=word,
    )["id"]  # fmt: skip
    values["treatment_id"] = call(
        "create_treatment", **ids, name=word, description=word, instructions=word, follow_up_date=date,
        medications=[{"name": word, "dosage": "1", "frequency": word, "duration": word}],
    )["id"]  # fmt: skip
    values["specialty_id"] = call("create_specialty", code=word[:20].upper(), name=word, description=word)[
        "id"
    ]
    values["subscription_id"] = call(
        "create_subscription", hospital_id=values["hospital_id"], plan_id=values["plan_id"],
        start_date=day(0), billing_cycle="MONTHLY",
    )["id"]  # fmt: skip


def day(ahead: int) -> str:
    """A day to come, on the clocks of both hospitals."""
    return (clock.today_in("Asia/Bangkok") + timedelta(days=ahead)).isoformat()


def _first_of(answer: dict[str, Any], name: str) -> Any:
    """A field of an answer, or of the object inside of it."""
    if name in answer:
        return answer[name]
    return next(inner[name] for inner in answer.values() if isinstance(inner, dict) and name in inner)


def every_id(hospital: Hospital) -> set[str]:
    """The ids of all rows of a hospital's schema that are UUIDs, and the hospital's own."""
    found = {str(hospital.uuid)}
    with inside(hospital):
        for model in _models():
            if model._meta.pk.get_internal_type() == "UUIDField":
                found |= {str(key) for key in model.objects.values_list("pk", flat=True)}
    return found


def cursors(hospital: Hospital) -> list[str]:
    """Cursors that stand for rows of a hospital."""
    places = []
    with inside(hospital):
        for model in _models():
            fields = {one.name for one in model._meta.get_fields()}
            if "created_at" in fields and (row := model.objects.order_by("created_at").last()) is not None:
                places.append((row.created_at, str(row.pk)))
    return [text for place in places if (text := _cursor(place)) is not None]


def _cursor(place: Any) -> str | None:
    try:
        return encode_cursor(place)
    except ValueError:
        return None


def fingerprint(hospital: Hospital) -> dict[str, str]:
    """A hash of every table of a hospital, and of what the public tables hold about it."""
    prints = {}
    with inside(hospital), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [hospital.schema_name]
        )
        tables = [f'"{hospital.schema_name}"."{name}"' for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM {table} t")
            prints[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
        for table, column in (("tenants_hospital", "id"), ("subscriptions_subscription", "hospital_id")):
            cursor.execute(
                f"SELECT coalesce(string_agg(t::text, '|' ORDER BY t::text), '') FROM public.{table} t"
                f" WHERE {column} = %s",
                [hospital.pk],
            )
            prints[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
    return prints


def text_of(answer: Any) -> str:
    """An answer of any kind as one text."""
    return json.dumps(answer, ensure_ascii=False, default=str)


def _models() -> list[Any]:
    labels = {name.rpartition(".")[2] for name in settings.TENANT_APPS}
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in labels & {"accounts", "bookings", "records"} and model._meta.managed
    ]
