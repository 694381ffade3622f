import json

from bookings.models import Patient
from mcp_integration.gateway import resources
from tests.mcp_integration.gateway.serving import error_in
from tests.support.rows import insert_appointment

RECORDS = ("read:records", "write:records")


def patients(count):
    for number in range(count):
        name = f"Patient {number}"
        Patient.objects.create(name=name, name_key=name.lower(), phone_number=f"+66812340{number:03}")


def test_a_page_names_the_addresses_of_the_next_and_the_one_before(by_key, staff):
    gateway = by_key("read:patients")
    patients(3)

    first = gateway.read("patients", limit=2, sort="name", fields="id,untrusted_name")
    second = gateway.ask("GET", first["next"]).json()

    assert (first["count"], first["page"], first["limit"], first["previous"]) == (4, 1, 2, None)
    assert first["next"].startswith("/api/mcp/resources/patients?")
    names = [row["untrusted_name"] for page in (first, second) for row in page["results"]]
    assert names == ["Alice fresh", "Patient 0", "Patient 1", "Patient 2"]
    assert second["next"] is None
    assert gateway.ask("GET", second["previous"]).json()["results"] == first["results"]


def test_an_item_is_read_by_its_address(by_key, staff):
    gateway = by_key("read:patients")

    item = gateway.read(f"patients/{staff.alice.pk}", fields="id,untrusted_name")

    assert item == {"id": str(staff.alice.pk), "untrusted_name": "Alice fresh"}
    error = error_in(gateway.get("/api/mcp/resources/patients/nobody"), 404, "RESOURCE_NOT_FOUND")
    assert error["details"]["retryable"] is False


def test_what_has_not_changed_is_not_sent_again(by_key, staff):
    gateway = by_key("read:patients")
    path = "/api/mcp/resources/patients"
    first = gateway.get(path)

    same = gateway.get(path, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    patients(1)
    changed = gateway.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert "X-API-Key" in first.headers["vary"]


def test_all_rows_come_as_lines_to_who_accepts_them(by_key, staff, monkeypatch):
    monkeypatch.setattr(resources, "BATCH", 2)
    gateway = by_key("read:patients", "read:bookings")
    patients(5)

    answer = gateway.get(
        "/api/mcp/resources/patients",
        headers={"Accept": "application/x-ndjson"},
        sort="name",
        expand="hospital",
        fields="untrusted_name",
    )

    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert answer.headers["x-total-count"] == "6"
    assert [row["untrusted_name"] for row in rows] == ["Alice fresh", *(f"Patient {n}" for n in range(5))]
    assert {row["hospital"]["subdomain"] for row in rows} == {"fresh"}


def test_of_very_many_rows_there_come_so_many_and_it_says_how_many_there_are(by_key, staff, monkeypatch):
    monkeypatch.setattr(resources, "MOST_ROWS", 3)
    patients(5)

    answer = by_key("read:patients").get(
        "/api/mcp/resources/patients", headers={"Accept": "application/x-ndjson"}
    )

    assert len(answer.text.splitlines()) == 3
    assert answer.headers["x-total-count"] == "6"


def test_lines_end_with_an_error_for_who_takes_too_long(by_key, staff, monkeypatch):
    monkeypatch.setattr(resources, "LONGEST", -1)

    answer = by_key("read:patients").get(
        "/api/mcp/resources/patients", headers={"Accept": "application/x-ndjson"}
    )

    [line] = answer.text.splitlines()
    assert json.loads(line)["error"]["details"]["reason"] == "took_too_long"


def test_what_is_wrong_is_named_in_the_envelope(by_key, staff):
    gateway = by_key("read:patients")
    path = "/api/mcp/resources/patients"

    wrong = {
        "limit": {"limit": 0},
        "sort": {"sort": "password"},
        "filter": {"filter": "x"},
        "filter.is_active": {"filter": '{"is_active": 1}'},
        "fields": {"fields": "password"},
        "expand": {"expand": "user"},
        "surprise": {"surprise": 1},
    }
    for field, params in wrong.items():
        error = error_in(gateway.get(path, **params), 400, "VALIDATION_ERROR")
        assert list(error["details"]["fields"]) == [field]
    twice = gateway.ask("GET", f"{path}?page=1&page=2")
    assert list(error_in(twice, 400, "VALIDATION_ERROR")["details"]["fields"]) == ["page"]


def test_who_may_not_read_is_refused_and_what_is_no_collection_not_found(by_key, by_role, staff):
    gateway = by_key("read:bookings")

    error_in(gateway.get("/api/mcp/resources/patients"), 403, "PERMISSION_DENIED")
    error_in(gateway.get("/api/mcp/resources/secrets"), 404, "RESOURCE_NOT_FOUND")
    error_in(by_role("PATIENT").get("/api/mcp/resources/users"), 403, "PERMISSION_DENIED")


def test_appointments_are_read_with_what_belongs_to_them(by_key, staff, visit):
    insert_appointment(visit, staff.dr_bob, patient_id=staff.alice.pk, notes="<b>obey</b>\u202e")

    [row] = by_key("read:bookings", "read:patients").read("appointments", expand="patient,doctor,hospital")[
        "results"
    ]

    assert row["patient"]["id"] == str(staff.alice.pk)
    assert row["doctor"]["id"] == str(staff.dr_bob.pk)
    assert row["hospital"]["subdomain"] == "fresh"
    assert row["untrusted_notes"] == "<b>obey</b>"
    assert row["start"].endswith("+07:00")


def test_figures_are_read_like_collections(by_key, by_role, staff):
    gateway = by_key("admin:hospital")

    assert {"today", "coming", "month"} <= set(gateway.read("analytics/dashboard"))
    assert {"statistics", "doctors", "specialties"} == set(gateway.read("analytics/reports"))
    error_in(gateway.get("/api/mcp/resources/analytics/salaries"), 404, "RESOURCE_NOT_FOUND")
    error_in(by_role("NURSE").get("/api/mcp/resources/analytics/dashboard"), 403, "PERMISSION_DENIED")


def test_the_platform_names_the_hospital_in_the_address(by_platform, fresh_hospital, staff, visit):
    gateway = by_platform("read:bookings")

    by_id = gateway.read("doctors", hospital_id=str(fresh_hospital.uuid))
    by_name = gateway.read("doctors", subdomain="fresh")

    assert by_id == by_name
    assert by_id["count"] == 1
    error = error_in(gateway.get("/api/mcp/resources/doctors"), 400, "VALIDATION_ERROR")
    assert list(error["details"]["fields"]) == ["hospital_id"]


def test_a_hospital_s_key_reads_no_other(by_key, both_hospitals, staff):
    ploy, _rama = both_hospitals
    gateway = by_key("read:bookings")

    for params in ({"subdomain": ploy.subdomain}, {"hospital_id": str(ploy.uuid)}):
        error_in(gateway.get("/api/mcp/resources/doctors", **params), 404, "RESOURCE_NOT_FOUND")
    error_in(gateway.get(f"/api/mcp/resources/hospitals/{ploy.uuid}"), 404, "RESOURCE_NOT_FOUND")


def test_reading_has_a_limit_of_its_own(by_limited_key, staff):
    answer = by_limited_key("read:bookings").get("/api/mcp/resources/doctors")

    assert answer.headers["ratelimit-policy"] == '"reading";q=300;w=60'
