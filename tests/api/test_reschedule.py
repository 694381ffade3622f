import pytest

from bookings.models import Appointment, WeeklyHours
from bookings.rules.statuses import RESCHEDULABLE, Status, allowed
from tenants.context import inside
from tests.api.stored import alter, nothing_stored
from tests.api.wire import MOMENT, STARTS, day, refusal, wrong
from tests.support.booking import set_status

NOWHERE = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"


def test_a_booking_moves_and_keeps_its_reference(rest, booked):
    body = booked(guest_phone="0898765432", notes="Fasting")

    answer = rest.post(
        f"/{body['reference']}/reschedule", {"new_date": day(2), "new_time": "15:30", "reason": "Work"}
    )

    assert answer.status_code == 200
    assert answer.json() == {
        **body,
        "start": f"{day(2)}T15:30:00+07:00",
        "end": f"{day(2)}T16:00:00+07:00",
        "updated_at": MOMENT,
    }
    assert rest.get(f"/{body['reference']}").json() == answer.json()


def test_the_old_time_is_free_at_once_and_the_new_one_is_taken(rest, check_up, booked):
    reference = booked("09:00")["reference"]

    assert rest.post(f"/{reference}/reschedule", {"new_date": day(), "new_time": "11:00"}).status_code == 200

    slots = rest.get(f"/availability/{check_up.pk}", date=day()).json()["slots"]
    assert [one["time"] for one in slots] == [at for at in STARTS if at != "11:00"]


def test_it_stays_with_its_provider_unless_another_is_named(rest, dr_bob, dr_eve, booked):
    reference = booked(provider_id=str(dr_eve.pk))["reference"]
    path = f"/{reference}/reschedule"

    stays = rest.post(path, {"new_date": day(2), "new_time": "09:00"}).json()
    moves = rest.post(path, {"new_date": day(2), "new_time": "09:00", "provider_id": str(dr_bob.pk)}).json()

    assert (stays["provider"]["name"], moves["provider"]["name"]) == ("Dr Eve", "Dr Bob")


def test_a_confirmed_booking_has_to_be_confirmed_anew(rest, hospital, booked):
    reference = booked()["reference"]
    with inside(hospital):
        set_status(Appointment.objects.get(reference=reference), "CONFIRMED")

    answer = rest.post(f"/{reference}/reschedule", {"new_date": day(2), "new_time": "09:00"})

    assert (answer.status_code, answer.json()["status"]) == (200, "SCHEDULED")


def test_a_taken_time_is_refused_with_alternatives_and_the_old_time_stays_booked(rest, booked):
    mine, theirs = booked("09:00"), booked("10:00", guest_name="Somebody Else")

    with nothing_stored():
        answer = rest.post(f"/{mine['reference']}/reschedule", {"new_date": day(), "new_time": "10:00"})

    details = refusal(answer, 409, "CONFLICT", "slot_taken")
    assert [one["time"] for one in details["alternatives"]] == ["09:30", "10:30", "09:00"]
    assert rest.get(f"/{mine['reference']}").json() == mine
    assert rest.get(f"/{theirs['reference']}").json() == theirs


@pytest.mark.parametrize("status", [one for one in Status if one not in RESCHEDULABLE | {Status.HELD}])
def test_what_has_begun_or_is_over_cannot_be_moved(rest, hospital, booked, status):
    reference = booked()["reference"]
    with inside(hospital):
        set_status(Appointment.objects.get(reference=reference), status)

    with nothing_stored():
        answer = rest.post(f"/{reference}/reschedule", {"new_date": day(2), "new_time": "09:00"})

    assert refusal(answer, 409, "CONFLICT") == {
        "reason": "illegal_status",
        "from": status.value,
        "allowed": allowed(status),
    }


def test_an_unknown_reference_or_provider_is_not_found_and_nothing_is_stored(rest, booked):
    reference, asked = booked()["reference"], {"new_date": day(2), "new_time": "09:00"}

    with nothing_stored():
        one = rest.post("/CCCC-CCCC/reschedule", asked)
        other = rest.post(f"/{reference}/reschedule", {**asked, "provider_id": NOWHERE})

    assert refusal(one, 404, "RESOURCE_NOT_FOUND") == {"reason": "booking_not_found"}
    assert refusal(other, 404, "RESOURCE_NOT_FOUND") == {"reason": "provider_not_found"}


def test_a_time_that_the_clocks_skip_is_refused_by_the_name_of_its_field(rest, hospital, check_up, booked):
    reference = booked()["reference"]
    # Lisbon's clocks go from 01:00 to 02:00 on the last Sunday of March.
    alter(hospital, timezone="Europe/Lisbon")
    with inside(hospital):
        check_up.horizon_days = 730
        check_up.save()
        WeeklyHours.objects.update(start_time="00:00", end_time="08:00")

    with nothing_stored():
        moved = rest.post(f"/{reference}/reschedule", {"new_date": "2027-03-28", "new_time": "01:30"})
        booking = rest.post(
            "/create",
            {"event_type_id": check_up.pk, "date": "2027-03-28", "time": "01:30", "guest_name": "Malee"},
        )

    wrong(moved, "new_time")
    wrong(booking, "time")
