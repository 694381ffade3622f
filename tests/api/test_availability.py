import pytest

from bookings.models import Holiday, ScheduleException
from tenants.context import inside
from tests.api.wire import STARTS, ZONE, day, refusal, slot, wrong


def test_the_slots_of_a_day_are_told_with_provider_and_seats(rest, check_up, dr_bob):
    answer = rest.get(f"/availability/{check_up.pk}", date=day())

    assert answer.status_code == 200
    assert answer.json() == {
        "event_type_id": check_up.pk,
        "timezone": ZONE,
        "date": day(),
        "slots": [slot(dr_bob, at) for at in STARTS],
        "count": 14,
    }


def test_the_slots_of_a_range_are_told_with_both_ends_in_the_order_of_their_starts(rest, check_up, dr_bob):
    answer = rest.get(f"/availability/{check_up.pk}", date_from=day(1), date_to=day(3))

    assert answer.status_code == 200
    assert answer.json() == {
        "event_type_id": check_up.pk,
        "timezone": ZONE,
        "date_from": day(1),
        "date_to": day(3),
        "slots": [slot(dr_bob, at, ahead=ahead) for ahead in (1, 2, 3) for at in STARTS],
        "count": 42,
    }


def test_a_range_of_one_day_is_still_told_as_a_range(rest, check_up):
    body = rest.get(f"/availability/{check_up.pk}", date_from=day(), date_to=day()).json()

    assert (body["date_from"], body["date_to"], body["count"]) == (day(), day(), 14)
    assert "date" not in body


def test_without_a_provider_everybody_who_offers_it_is_told(rest, check_up, dr_bob, dr_eve):
    slots = rest.get(f"/availability/{check_up.pk}", date=day()).json()["slots"]

    assert len(slots) == 28
    assert [one["start"] for one in slots] == sorted(one["start"] for one in slots)
    assert {one["provider"]["name"] for one in slots} == {"Dr Bob", "Dr Eve"}


def test_with_a_provider_only_theirs_are_told(rest, check_up, dr_bob, dr_eve):
    answer = rest.get(f"/availability/{check_up.pk}", date=day(), provider_id=str(dr_eve.pk).upper())

    assert answer.json()["slots"] == [slot(dr_eve, at) for at in STARTS]


def test_a_booked_or_held_slot_is_gone_at_once_and_back_when_it_is_freed(rest, check_up, booked, held):
    def starts() -> list[str]:
        return [one["time"] for one in rest.get(f"/availability/{check_up.pk}", date=day()).json()["slots"]]

    reference, hold = booked("09:00")["reference"], held("13:00")["hold_id"]
    assert starts() == [at for at in STARTS if at not in ("09:00", "13:00")]

    assert rest.post(f"/{reference}/cancel").status_code == 200
    assert rest.delete(f"/hold/{hold}").status_code == 204
    assert starts() == STARTS


def test_seats_left_count_down_and_a_full_session_is_not_told(rest, group, dr_bob):
    def at_nine() -> list[dict]:
        slots = rest.get(f"/availability/{group.pk}", date=day()).json()["slots"]
        return [one for one in slots if one["time"] == "09:00"]

    body = {"event_type_id": group.pk, "date": day(), "time": "09:00"}
    seen = [at_nine()]
    for name in ("Anong", "Bua", "Chai"):
        assert rest.post("/create", {**body, "guest_name": name}).status_code == 201
        seen.append(at_nine())

    assert seen == [
        [slot(dr_bob, "09:00", minutes=60, seats_left=3)],
        [slot(dr_bob, "09:00", minutes=60, seats_left=2)],
        [slot(dr_bob, "09:00", minutes=60, seats_left=1)],
        [],
    ]


def test_holidays_and_time_off_are_not_told(rest, hospital, check_up, dr_bob):
    with inside(hospital):
        Holiday.objects.create(date=day(2), name_th="หยุด", name_en="Closed", is_confirmed=True)
        ScheduleException.objects.create(
            practitioner=dr_bob,
            kind="TIME_OFF",
            date_from=day(3),
            date_until=day(3),
            start_time="09:00",
            end_time="12:00",
        )

    slots = rest.get(f"/availability/{check_up.pk}", date_from=day(2), date_to=day(3)).json()["slots"]

    afternoon = [at for at in STARTS if at >= "13:00"]
    assert slots == [slot(dr_bob, at, ahead=3) for at in afternoon]


def test_a_day_that_is_over_has_no_slots(rest, check_up):
    assert rest.get(f"/availability/{check_up.pk}", date=day(-1)).json()["slots"] == []


def test_thirty_one_days_may_be_asked_for(rest, check_up):
    body = rest.get(f"/availability/{check_up.pk}", date_from=day(1), date_to=day(31)).json()

    assert body["count"] == 31 * 14


def test_thirty_two_days_are_refused(rest, check_up):
    wrong(rest.get(f"/availability/{check_up.pk}", date_from=day(1), date_to=day(32)), "date_to")


def test_a_range_that_ends_before_it_begins_is_refused(rest, check_up):
    wrong(rest.get(f"/availability/{check_up.pk}", date_from=day(2), date_to=day(1)), "date_to")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"date_from": day()},
        {"date_to": day()},
        {"date": day(), "date_from": day(), "date_to": day()},
        {"date": day(), "date_to": day()},
    ],
    ids=["nothing", "no end", "no beginning", "both", "a day and an end"],
)
def test_either_a_day_or_both_ends_of_a_range_must_be_given(rest, check_up, asked):
    wrong(rest.get(f"/availability/{check_up.pk}", **asked), "date")


def test_a_provider_who_does_not_offer_the_event_type_is_not_found(rest, check_up, group, dr_eve):
    answer = rest.get(f"/availability/{group.pk}", date=day(), provider_id=str(dr_eve.pk))

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "provider_not_found"}
