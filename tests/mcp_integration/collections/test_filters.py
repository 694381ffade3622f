import json

import pytest
from rest_framework.exceptions import ValidationError

from core.errors import InvalidInput
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.collections.reading import (
    read_collection,
    read_item,
)
from tests.mcp_integration.collections.asking import read

FILTERS = [
    ("hospitals", {"subdomain": "ploy"}, 1),
    ("hospitals", {"subdomain": "rama"}, 0),
    ("hospitals", {"is_active": True, "hospital_type": ["GENERAL", "CLINIC"]}, 1),
    ("hospitals", {"created_from": "2100-01-01"}, 0),
    ("hospitals", {"created_until": "2100-01-01"}, 1),
    ("users", {"role": "NURSE"}, 1),
    ("users", {"role": ["NURSE", "DOCTOR"], "is_active": True}, 2),
    ("users", {"created_from": "2100-01-01"}, 0),
    ("users", {"created_until": "2100-01-01", "role": "ADMIN"}, 1),
    ("doctors", {"kind": "NURSE"}, 0),
    ("doctors", {"is_available": True, "is_active": True}, 4),
    ("patients", {"is_active": False}, 0),
    ("patients", {"language": "th", "created_from": "2020-01-01", "created_until": "2100-01-01"}, 4),
    ("appointments", {"status": "SCHEDULED"}, 3),
    ("appointments", {"status": ["CANCELLED", "NO_SHOW"]}, 0),
    ("appointments", {"date_from": "2027-01-02"}, 2),
    ("appointments", {"date_from": "2027-01-02", "date_to": "2027-01-02"}, 1),
    ("appointments", {"event_type_id": 999}, 0),
    ("medical_records", {"record_type": "CONSULTATION"}, 3),
    ("medical_records", {"record_type": "CHECKUP"}, 0),
    ("medical_records", {"date_from": "2100-01-01"}, 0),
    ("medical_records", {"date_to": "2100-01-01"}, 3),
    ("treatments", {"status": "ACTIVE"}, 3),
    ("treatments", {"status": "COMPLETED"}, 0),
    ("treatments", {"created_from": "2020-01-01", "created_until": "2020-01-02"}, 0),
    ("specialties", {"code": ["ours-1", "ours-2"]}, 2),
    ("specialties", {"is_active": True}, 3),
    ("subscription_plans", {"plan_type": "BASIC"}, 1),
    ("subscription_plans", {"is_active": False}, 0),
]


@pytest.mark.parametrize(("name", "asked", "found"), FILTERS)
def test_a_collection_is_narrowed(key, filled, name, asked, found):
    assert read(key, name, filter=json.dumps(asked))["count"] == found


@pytest.mark.parametrize(
    ("name", "by", "of", "found"),
    [
        ("appointments", "patient_id", "patients", 1),
        ("appointments", "doctor_id", "doctors", 1),
        ("medical_records", "patient_id", "patients", 1),
        ("medical_records", "doctor_id", "doctors", 1),
        ("treatments", "patient_id", "patients", 1),
        ("treatments", "doctor_id", "doctors", 1),
        ("doctors", "specialty_id", "specialties", 1),
    ],
)
def test_a_collection_is_narrowed_by_what_it_is_about(key, filled, name, by, of, found):
    assert read(key, name, filter=json.dumps({by: filled[of]}))["count"] == found


def test_every_filter_is_tried_above():
    by_id = {"patient_id", "doctor_id", "specialty_id"}
    tried = {name: set() for name in COLLECTIONS}
    for name, asked, _found in FILTERS:
        tried[name] |= set(asked)

    assert {name: tried[name] | (by_id & set(row.filters)) for name, row in COLLECTIONS.items()} == {
        name: set(row.filters) for name, row in COLLECTIONS.items()
    }


# ── what is wrong ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"page": "0"}, "page"),
        ({"page": "two"}, "page"),
        ({"page": "99999", "limit": "100"}, "page"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"sort": "guest_phone"}, "sort"),
        ({"sort": "patient__user__password"}, "sort"),
        ({"sort": "start,status,created_at,updated_at"}, "sort"),
        ({"sort": ","}, "sort"),
        ({"filter": "status"}, "filter"),
        ({"filter": "[]"}, "filter"),
        ({"filter": '{"guest_phone": "1"}'}, "filter"),
        ({"filter": '{"patient__user__password": "1"}'}, "filter"),
        ({"filter": '{"status": "SCHEDULED", "status": "CANCELLED"}'}, "filter"),
        ({"filter": '{"status": "HELD"}'}, "filter.status"),
        ({"filter": '{"status": {"in": []}}'}, "filter.status"),
        ({"filter": '{"status": []}'}, "filter.status"),
        ({"filter": '{"status": null}'}, "filter.status"),
        ({"filter": '{"patient_id": 7}'}, "filter.patient_id"),
        ({"filter": '{"date_from": "soon"}'}, "filter.date_from"),
        ({"filter": '{"date_from": "2569-01-01"}'}, "filter.date_from"),
        ({"filter": '{"date_from": ["2027-01-01"]}'}, "filter.date_from"),
        (
            {"filter": json.dumps({"patient_id": ["00000000-0000-4000-8000-000000000000"] * 21})},
            "filter.patient_id",
        ),
        ({"filter": "{" * 30}, "filter"),
        ({"fields": "password"}, "fields"),
        ({"expand": "user"}, "expand"),
        ({"offset": "1"}, "offset"),
        ({"hospital_id": "ploy"}, "hospital_id"),
        ({"sort": "start\x00"}, "sort"),
    ],
)
def test_what_cannot_be_asked_for_is_named(key, filled, params, field):
    with pytest.raises((InvalidInput, ValidationError)) as caught:
        read_collection(key, "appointments", params)

    error = caught.value
    fields = error.data["fields"] if isinstance(error, InvalidInput) else error.detail
    assert list(fields) == [field]


def test_pages_are_not_asked_of_one_item(key, filled):
    with pytest.raises(InvalidInput):
        read_item(key, "users", filled["users"], {"page": "2"})
