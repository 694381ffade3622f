import json

import pytest

from core.actor import Door
from core.errors import InvalidInput, NotFound
from credentials.callers import credential_of_key
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.collections.reading import (
    CollectionNotAllowed,
    CollectionNotFound,
    open_reading,
    read_item,
)
from records.models import Extent, RecordAccess
from tests.conftest import make_limited_key
from tests.mcp_integration.collections.asking import read
from tests.mcp_integration.conftest import credential_of_user, credential_with_scopes

IN_A_HOSPITAL = [name for name in COLLECTIONS if name not in ("hospitals", "subscription_plans")]


OPEN = {
    "ADMIN": {
        "hospitals", "users", "doctors", "patients", "appointments", "medical_records", "treatments",
        "specialties", "subscription_plans",
    },
    "DOCTOR": {
        "hospitals", "doctors", "patients", "appointments", "medical_records", "treatments", "specialties",
    },
    "NURSE": {
        "hospitals", "doctors", "patients", "appointments", "medical_records", "treatments", "specialties",
    },
    "FRONT_DESK": {"hospitals", "doctors", "patients", "appointments", "specialties"},
    "PATIENT": {"appointments", "medical_records", "treatments", "specialties"},
}  # fmt: skip


@pytest.mark.parametrize("role", OPEN)
def test_each_role_may_read_just_what_it_may(hospital, people, filled, role):
    caller = credential_of_user(people.by_role(role), hospital)
    open_ones = set()
    for name in COLLECTIONS:
        try:
            read(caller, name)
        except CollectionNotAllowed:
            continue
        open_ones.add(name)

    assert open_ones == OPEN[role]


def test_a_patient_and_a_doctor_see_their_own_alone(hospital, people, filled):
    patient = credential_of_user(people.patient, hospital)
    doctor = credential_of_user(people.doctor, hospital)

    for caller in (patient, doctor):
        for name in ("appointments", "medical_records", "treatments"):
            assert read(caller, name)["count"] == 0
            with pytest.raises(NotFound):
                read_item(caller, name, filled[name])


def test_an_unknown_collection_is_not_found(key):
    with pytest.raises(CollectionNotFound):
        read(key, "secrets")


def test_reading_counts_against_the_limit_of_reading(hospital):
    caller = credential_of_key(make_limited_key(hospital, "read:bookings"), Door.MCP)
    reading = open_reading(caller, "specialties", {})

    assert reading.allowance is not None
    assert reading.allowance.policy == "reading"


# ── hospitals apart ───────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", IN_A_HOSPITAL)
def test_nothing_of_another_hospital_comes_back(key, filled, canaries, name):
    expand = ",".join(COLLECTIONS[name].expansions)
    said = json.dumps(read(key, name, limit=100, expand=expand))

    assert "CANARY" not in said
    assert "rama" not in said.lower()
    with pytest.raises(NotFound):
        read_item(key, name, canaries[name])


@pytest.mark.parametrize(
    ("name", "by", "of"),
    [
        ("appointments", "patient_id", "patients"),
        ("appointments", "doctor_id", "doctors"),
        ("medical_records", "patient_id", "patients"),
        ("treatments", "doctor_id", "doctors"),
        ("doctors", "specialty_id", "specialties"),
    ],
)
def test_another_hospital_s_ids_find_nothing(key, filled, canaries, name, by, of):
    assert read(key, name, filter=json.dumps({by: canaries[of]}))["count"] == 0


def test_another_hospital_cannot_be_named(key, filled, other_hospital):
    for place in ({"subdomain": "rama"}, {"hospital_id": str(other_hospital.uuid)}):
        with pytest.raises(NotFound):
            read(key, "appointments", **place)
    with pytest.raises(NotFound):
        read_item(key, "hospitals", str(other_hospital.uuid))


def test_the_platform_names_the_hospital_and_sees_all_of_them(hospital, filled, canaries):
    platform = credential_with_scopes(None, "admin:platform", "read:bookings")

    assert read(platform, "hospitals")["count"] == 2
    assert read(platform, "specialties", subdomain="rama", fields="code")["results"] == [{"code": "canary-0"}]
    assert read(platform, "specialties", hospital_id=hospital.uuid)["count"] == 3
    with pytest.raises(InvalidInput):
        read(platform, "specialties")


def test_the_platform_s_accounts_are_its_operators(filled):
    operators = read(credential_with_scopes(None, "admin:platform"), "users", expand="hospital")

    assert [row["email"] for row in operators["results"]] == ["operator@nadmor.example"]
    assert operators["results"][0]["hospital"] is None


# ── what is written down ──────────────────────────────────────────────────────
def test_a_list_of_records_shows_titles_and_each_patient_read_is_written_down(key, filled):
    before = RecordAccess.objects.count()

    rows = read(key, "medical_records")["results"]

    assert all("diagnosis" not in row for row in rows)
    entries = list(RecordAccess.objects.order_by("id")[before:])
    assert len(entries) == 3
    assert {entry.extent for entry in entries} == {"SUMMARY"} or {str(e.extent).lower() for e in entries} == {
        "summary"
    }
    assert {entry.purpose for entry in entries} == {"collection medical_records"}
    assert {entry.door for entry in entries} == {"mcp"}


def test_a_record_in_full_is_written_down_as_such(key, filled):
    before = RecordAccess.objects.count()

    item = read_item(key, "medical_records", filled["medical_records"])

    [entry] = RecordAccess.objects.order_by("id")[before:]
    assert item["diagnosis"] == "ours"
    assert item["untrusted_symptoms"] == "ours symptom"
    assert entry.extent == Extent.WHOLE
    assert [str(one) for one in entry.subject_ids] == [filled["medical_records"]]
