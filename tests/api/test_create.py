import pytest

from bookings.models import Appointment, Patient
from events.models import Event
from tenants.context import inside
from tests.api.stored import how_many, nothing_stored
from tests.api.wire import MOMENT, REFERENCE, STARTS, ZONE, day, refusal

NOWHERE = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"


def test_a_guest_books_a_free_slot_and_is_told_all_about_it(rest, check_up, dr_bob, visit):
    answer = rest.post(
        "/create",
        visit("13:30", guest_phone="081-234-5678", guest_email="Malee@Example.org", notes="Left ear\nhurts"),
    )

    assert answer.status_code == 201
    assert answer.json() == {
        "reference": REFERENCE,
        "status": "SCHEDULED",
        "event_type": {"id": check_up.pk, "name": "check-up"},
        "provider": {"id": str(dr_bob.pk), "name": "Dr Bob"},
        "start": f"{day()}T13:30:00+07:00",
        "end": f"{day()}T14:00:00+07:00",
        "timezone": ZONE,
        "guest_name": "Malee Srisuk",
        "guest_email": "malee@example.org",
        "guest_phone": "+66812345678",
        "notes": "Left ear\nhurts",
        "cancel_reason": "",
        "source": "api",
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }


def test_only_four_fields_are_needed(rest, visit):
    body = rest.post("/create", visit()).json()

    assert (body["guest_email"], body["guest_phone"], body["notes"]) == ("", "", "")


@pytest.mark.parametrize("empty", [None, ""])
def test_fields_that_may_be_left_out_may_also_be_null_or_empty(rest, visit, empty):
    answer = rest.post("/create", visit(guest_email=empty, guest_phone=empty, notes=empty))

    assert answer.status_code == 201
    assert (answer.json()["guest_email"], answer.json()["guest_phone"], answer.json()["notes"]) == (
        "",
        "",
        "",
    )


def test_ids_that_may_be_left_out_may_also_be_null(rest, visit):
    assert rest.post("/create", visit(provider_id=None, hold_id=None)).status_code == 201


def test_what_is_booked_is_what_is_looked_up(rest, booked):
    body = booked(guest_phone="0812345678", notes="Fasting")

    assert rest.get(f"/{body['reference']}").json() == body


def test_one_row_one_patient_and_two_events_are_stored(rest, hospital, visit):
    with inside(hospital):
        before = Appointment.objects.count(), Patient.objects.count(), Event.objects.count()

    body = rest.post("/create", visit(guest_phone="0898765432")).json()

    with inside(hospital):
        after = Appointment.objects.count(), Patient.objects.count(), Event.objects.count()
        row = Appointment.objects.select_related("patient").get(reference=body["reference"])
        created, registered = Event.objects.order_by("-id")[:2]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 2]
    assert (row.guest_phone, row.patient.phone_number, row.source) == ("+66898765432", "+66898765432", "api")
    assert [created.type, registered.type] == ["booking.created", "patient.registered"]
    # The key's public id, which tells who it was and opens nothing.
    assert created.actor_label == rest.key.split("_")[1]
    assert created.door == "api"


def test_a_named_provider_is_the_one_who_is_booked(rest, dr_eve, booked):
    assert booked(provider_id=str(dr_eve.pk))["provider"] == {"id": str(dr_eve.pk), "name": "Dr Eve"}


def test_without_a_provider_two_can_book_the_same_time_and_a_third_cannot(
    rest, dr_bob, dr_eve, booked, visit
):
    names = {booked(guest_name=name)["provider"]["name"] for name in ("Anong", "Bua")}

    assert names == {"Dr Bob", "Dr Eve"}
    refusal(rest.post("/create", visit(guest_name="Chai")), 409, "CONFLICT", "slot_taken")


def test_a_hold_becomes_the_booking_and_is_gone(rest, booked, held):
    hold = held("10:00")

    body = booked("10:00", hold_id=hold["hold_id"])

    assert (body["start"], body["provider"]) == (hold["slot"]["start"], hold["slot"]["provider"])
    refusal(rest.delete(f"/hold/{hold['hold_id']}"), 404, "RESOURCE_NOT_FOUND", "hold_not_found")


def test_three_seats_are_booked_by_three_and_refused_to_a_fourth(rest, group, booked, visit):
    for name in ("Anong", "Bua", "Chai"):
        booked("09:00", event_type_id=group.pk, guest_name=name)

    answer = rest.post("/create", visit("09:00", event_type_id=group.pk, guest_name="Dao"))

    refusal(answer, 409, "CONFLICT", "slot_taken")


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "Robert'); DROP TABLE x;--", "{{7*7}} ${7*7}", "นางสาวมาลี ศรีสุข 🌸", "=1+1"],
)
def test_a_name_is_kept_and_told_literally(rest, booked, name):
    reference = booked(guest_name=name, notes=name)["reference"]

    answer = rest.get(f"/{reference}")

    assert (answer.json()["guest_name"], answer.json()["notes"]) == (name, name)
    assert name.encode() in answer.content
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_spaces_around_and_within_a_name_are_tidied(booked):
    assert booked(guest_name="  Malee \n\t Srisuk ")["guest_name"] == "Malee Srisuk"


def test_an_event_type_id_may_come_as_digits_in_text(booked, check_up):
    assert booked(event_type_id=str(check_up.pk))["event_type"]["id"] == check_up.pk


def test_seconds_of_zero_are_taken_for_whole_minutes(booked):
    assert booked("09:30:00")["start"] == f"{day()}T09:30:00+07:00"


def test_every_slot_of_the_day_can_be_booked_and_then_none_is_left(rest, check_up, booked):
    references = {booked(at)["reference"] for at in STARTS}

    assert len(references) == 14
    assert rest.get(f"/availability/{check_up.pk}", date=day()).json()["slots"] == []


def test_unknown_fields_are_passed_over(rest, visit):
    assert rest.post("/create", visit(colour="red", deeper={"a": [1]})).status_code == 201


def test_fields_that_only_the_hospital_sets_cannot_be_set(rest, visit):
    body = rest.post("/create", visit(status="COMPLETED", source="admin", reference="CCCC-CCCC")).json()

    assert (body["status"], body["source"]) == ("SCHEDULED", "api")
    assert body["reference"] != "CCCC-CCCC"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"event_type_id": 2147483647}, "event_type_not_found"),
        ({"provider_id": NOWHERE}, "provider_not_found"),
    ],
)
def test_what_is_unknown_is_not_found_and_nothing_is_stored(rest, visit, asked, reason):
    with nothing_stored():
        answer = rest.post("/create", visit(**asked))

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": reason}


def test_an_unknown_hold_is_a_conflict_and_nothing_is_stored(rest, visit):
    with nothing_stored():
        answer = rest.post("/create", visit(hold_id=NOWHERE))

    refusal(answer, 409, "CONFLICT", "hold_expired")


def test_a_hold_books_no_other_time_than_its_own(rest, visit, held):
    hold = held("10:00")["hold_id"]

    with nothing_stored():
        answer = rest.post("/create", visit("10:30", hold_id=hold))

    refusal(answer, 409, "CONFLICT", "hold_expired")
    assert how_many("bookings_appointment") == 1
