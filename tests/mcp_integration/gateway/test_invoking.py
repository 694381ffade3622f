from bookings.models import Appointment
from core.actor import Door
from credentials.callers import credential_of_key
from mcp_integration.invoking import invoke
from tests.mcp_integration.gateway.asking import BOOKING, DAY, booking
from tests.mcp_integration.gateway.serving import Gateway, error_in
from tests.support.catalogue import coming_day


def test_a_whole_booking_goes_through_plain_http(by_key, visit):
    gateway, day = by_key(*BOOKING), coming_day(DAY).isoformat()

    [service] = gateway.result("get_event_types")["results"]
    free = gateway.result("check_availability", event_type_id=service["id"], date=day)
    slot = free["slots"][0]
    held = gateway.result("hold_slot", event_type_id=service["id"], date=day, time=slot["time"])
    booked = gateway.result(
        "create_booking",
        **booking(visit, time=slot["time"], hold_id=held["hold_id"], event_type_id=service["id"]),
    )
    reference = booked["booking"]["reference"] if "booking" in booked else booked["reference"]
    found = gateway.result("search_appointments", booking_reference=reference)
    moved = gateway.result("reschedule_booking", booking_reference=reference, new_date=day, new_time="14:00")
    cancelled = gateway.result(
        "cancel_booking", booking_reference=reference, reason="Travelling", confirm=True
    )

    assert found["count"] == 1
    assert "14:00" in str(moved)
    assert cancelled["success"] is True
    assert Appointment.objects.get(reference=reference).status == "CANCELLED"


def test_a_result_is_that_of_the_toolbox(by_key, fresh_hospital, visit):
    gateway = by_key(*BOOKING)
    credential = credential_of_key(gateway.headers["X-API-Key"], Door.MCP)

    for tool in ("get_event_types", "search_appointments"):
        params = {} if tool == "get_event_types" else {"phone": "0898765432"}
        outcome = invoke(credential, tool, params, language="en")
        assert gateway.result(tool, **params) == outcome.result


def test_a_refusal_has_the_status_of_its_code_and_says_what_to_do(by_key, visit):
    gateway = by_key(*BOOKING)
    gateway.result("create_booking", **booking(visit))

    error = error_in(
        gateway.invoke("create_booking", **booking(visit, guest_phone="0811111111")), 409, "CONFLICT"
    )

    assert error["details"]["reason"] == "slot_taken"
    assert error["details"]["retryable"] is False
    assert error["details"]["next"]
    assert len(error["details"]["alternatives"]) >= 1


def test_wrong_parameters_are_named(by_key, visit):
    answer = by_key(*BOOKING).invoke("create_booking", **booking(visit, date="soon", reason="x", surprise=1))

    error = error_in(answer, 400, "VALIDATION_ERROR")
    assert error["details"]["reason"] == "invalid"
    assert set(error["details"]["fields"]) <= {"date", "reason", "surprise"}
    assert "soon" not in answer.text


def test_what_a_key_may_not_do_is_refused_and_what_is_not_there_not_found(by_key, visit):
    gateway = by_key("read:bookings")

    error = error_in(gateway.invoke("create_booking", **booking(visit)), 403, "PERMISSION_DENIED")
    assert error["details"]["scopes"] == ["write:bookings"]
    error_in(gateway.invoke("drop_tables"), 404, "RESOURCE_NOT_FOUND")
    assert not Appointment.objects.exists()


def test_errors_speak_the_language_that_was_asked_for_else_the_hospital_s(by_key, port, fresh_hospital):
    gateway = by_key()
    fresh_hospital.language = "th"
    fresh_hospital.save()
    silent = Gateway(port, gateway.headers["X-API-Key"], language="*")

    english = error_in(gateway.invoke("get_event_types", surprise=1), 400, "VALIDATION_ERROR")
    thai = error_in(
        gateway.invoke("get_event_types", surprise=1, headers={"Accept-Language": "th"}),
        400,
        "VALIDATION_ERROR",
    )
    own = error_in(silent.invoke("get_event_types", surprise=1), 400, "VALIDATION_ERROR")

    assert english["message"] == "Some of the input is wrong."
    assert thai["message"] == own["message"] != english["message"]


def test_without_credentials_or_with_wrong_ones_it_says_how_to_send_them(port, fresh_hospital):
    nobody, stranger = Gateway(port), Gateway(port, "nadmor_wrong")

    for gateway, code in ((nobody, "AUTH_REQUIRED"), (stranger, "AUTH_INVALID")):
        answer = gateway.invoke("get_event_types")
        error_in(answer, 401, code)
        assert answer.headers["www-authenticate"] == 'ApiKey, Bearer realm="NadMor"'


def test_an_access_token_acts_for_its_bearer(by_role, visit):
    front_desk, patient = by_role("FRONT_DESK"), by_role("PATIENT")

    assert front_desk.result("get_event_types")["results"]
    error_in(patient.invoke("list_users"), 403, "PERMISSION_DENIED")


def test_a_key_of_one_hospital_finds_no_other(by_key, both_hospitals, visit):
    ploy, _rama = both_hospitals

    error = error_in(by_key().invoke("get_event_types", subdomain=ploy.subdomain), 404, "RESOURCE_NOT_FOUND")
    assert error["details"]["reason"] == "hospital_not_found"


def test_a_key_of_the_platform_names_the_hospital(by_platform, fresh_hospital, visit):
    gateway = by_platform("read:bookings")

    assert gateway.result("get_event_types", subdomain=fresh_hospital.subdomain)["results"]
    error = error_in(gateway.invoke("get_event_types"), 400, "VALIDATION_ERROR")
    assert list(error["details"]["fields"]) == ["subdomain"]


# ── repeating ─────────────────────────────────────────────────────────────────
def test_a_call_repeated_under_its_key_is_answered_again_and_not_done_again(by_key, visit):
    gateway, key = by_key(*BOOKING), {"Idempotency-Key": "a-1"}

    first = gateway.invoke("create_booking", headers=key, **booking(visit))
    again = gateway.invoke("create_booking", headers=key, **booking(visit))

    assert (first.status_code, again.status_code) == (200, 200), (first.text, again.text)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert Appointment.objects.count() == 1


def test_a_key_that_came_with_another_request_is_a_conflict(by_key, visit):
    gateway, key = by_key(*BOOKING), {"Idempotency-Key": "a-1"}
    gateway.invoke("create_booking", headers=key, **booking(visit))

    error = error_in(
        gateway.invoke("create_booking", headers=key, **booking(visit, time="10:00")), 409, "CONFLICT"
    )

    assert error["details"]["reason"] == "idempotency_key_reused"


def test_two_different_keys_are_one_too_many(by_key, visit):
    answer = by_key(*BOOKING).invoke(
        "create_booking", headers={"Idempotency-Key": "a"}, **booking(visit, idempotency_key="b")
    )

    assert list(error_in(answer, 400, "VALIDATION_ERROR")["details"]["fields"]) == ["idempotency_key"]


def test_a_key_beside_a_tool_that_only_reads_does_no_harm(by_key, visit):
    answer = by_key(*BOOKING).invoke("get_event_types", headers={"Idempotency-Key": "a"})

    assert answer.status_code == 200
