from datetime import date, timedelta

import pytest

from tenants.context import inside
from tests.api.wire import ZONE, day, refusal, today, wrong


def coming_month() -> date:
    """The first day of a month all of whose days can be booked: within the horizon of 60 days."""
    return (today().replace(day=1) + timedelta(days=32)).replace(day=1)


def days_of(month: date) -> list[date]:
    end = (month + timedelta(days=31)).replace(day=1)
    return [month + timedelta(days=count) for count in range((end - month).days)]


def test_every_day_of_the_month_is_told_with_the_number_of_its_free_slots(rest, hospital, check_up):
    month = coming_month()
    with inside(hospital):
        check_up.horizon_days = 100
        check_up.save()

    answer = rest.get(f"/availability/{check_up.pk}/days", month=f"{month:%Y-%m}")

    assert answer.status_code == 200
    assert answer.json() == {
        "event_type_id": check_up.pk,
        "timezone": ZONE,
        "month": f"{month:%Y-%m}",
        "days": [{"date": one.isoformat(), "free": 14} for one in days_of(month)],
    }


def test_the_month_counts_what_the_day_lists(rest, check_up, dr_eve, booked):
    booked("09:00", provider_id=str(dr_eve.pk))
    listed = rest.get(f"/availability/{check_up.pk}", date=day()).json()["count"]

    days = rest.get(f"/availability/{check_up.pk}/days", month=day()[:7]).json()["days"]

    assert {one["date"]: one["free"] for one in days}[day()] == listed == 27


def test_a_provider_can_be_asked_for(rest, check_up, dr_eve, booked):
    booked("09:00", provider_id=str(dr_eve.pk))

    days = rest.get(f"/availability/{check_up.pk}/days", month=day()[:7], provider_id=str(dr_eve.pk)).json()[
        "days"
    ]

    assert {one["date"]: one["free"] for one in days}[day()] == 13


def test_days_that_cannot_be_booked_are_told_with_none(rest, check_up):
    days = rest.get(f"/availability/{check_up.pk}/days", month="2020-02").json()["days"]

    assert days == [{"date": f"2020-02-{count:02}", "free": 0} for count in range(1, 30)]


def test_a_month_of_the_first_century_is_written_with_four_digits_of_year(rest, check_up):
    assert rest.get(f"/availability/{check_up.pk}/days", month="0001-01").json()["month"] == "0001-01"


@pytest.mark.parametrize(
    "month",
    [
        "2026-13",
        "2026-00",
        "2026-1",
        "2026",
        "2026-11-20",
        "202611",
        "0000-01",
        "2569-11",
        "２０２６-11",
        "",
        "x",
        "\0",
    ],
)
def test_a_month_of_another_form_is_refused(rest, check_up, month):
    wrong(rest.get(f"/availability/{check_up.pk}/days", month=month), "month")


def test_the_month_must_be_given(rest, check_up):
    wrong(rest.get(f"/availability/{check_up.pk}/days"), "month")


def test_an_unknown_provider_is_not_found(rest, check_up):
    unknown = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"
    answer = rest.get(f"/availability/{check_up.pk}/days", month=day()[:7], provider_id=unknown)

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "provider_not_found"}
