from datetime import date

import pytest

from bookings.actions.schedules import confirm_holidays, suggest_thai_holidays, unconfirm_holidays
from bookings.models import Holiday
from core.errors import InvalidInput
from events.models import Event
from tests.support.booking import book, refused
from tests.support.catalogue import at, coming_day


@pytest.fixture
def admin(in_hospital, people):
    return people.actor("ADMIN")


def test_the_public_holidays_of_a_year_are_suggested_in_two_languages(admin):
    added = suggest_thai_holidays(admin, year=2027)

    assert added == Holiday.objects.count() > 10
    songkran = Holiday.objects.get(date=date(2027, 4, 13))
    assert ("สงกรานต์" in songkran.name_th, "Songkran" in songkran.name_en) == (True, True)
    assert not Holiday.objects.filter(is_confirmed=True).exists()
    event = Event.objects.get()
    assert (event.type, event.subject_id, event.data) == ("holidays.suggested", "2027", {"added": added})


def test_days_that_stand_already_stay_as_they_are(admin):
    Holiday.objects.create(date=date(2027, 4, 13), name_th="ของเรา", name_en="Ours", is_confirmed=True)
    first = suggest_thai_holidays(admin, year=2027)

    assert suggest_thai_holidays(admin, year=2027) == 0
    assert Holiday.objects.count() == first + 1
    ours = Holiday.objects.get(date=date(2027, 4, 13))
    assert (ours.name_en, ours.is_confirmed) == ("Ours", True)


@pytest.mark.parametrize("year", [1999, 2101, 2569])
def test_a_year_that_cannot_be_meant_is_refused_by_its_field(admin, year):
    with pytest.raises(InvalidInput) as caught:
        suggest_thai_holidays(admin, year=year)
    assert list(caught.value.data["fields"]) == ["year"]


def test_a_holiday_closes_the_hospital_only_when_a_person_confirmed_it(admin, desk, check_up):
    day = Holiday.objects.create(date=coming_day(), name_th="วันหยุด", name_en="Day off")
    book(desk, check_up, at(9))

    assert confirm_holidays(admin, ids=[day.pk]) == 1
    with refused("holiday"):
        book(desk, check_up, at(10))
    assert Event.objects.get(type="holidays.confirmed").data == {"days": [coming_day().isoformat()]}


def test_confirming_again_changes_and_records_nothing(admin):
    day = Holiday.objects.create(date=coming_day(), name_th="วันหยุด", name_en="Day off", is_confirmed=True)
    other = Holiday.objects.create(date=coming_day(2), name_th="วันหยุด", name_en="Day off")

    assert confirm_holidays(admin, ids=[day.pk]) == 0
    assert not Event.objects.exists()
    assert not Holiday.objects.get(pk=other.pk).is_confirmed


def test_a_confirmed_day_that_is_opened_again_can_be_booked_and_is_recorded_once(admin, desk, check_up):
    day = Holiday.objects.create(date=coming_day(), name_th="วันหยุด", name_en="Day off", is_confirmed=True)
    with refused("holiday"):
        book(desk, check_up, at(9))

    assert unconfirm_holidays(admin, ids=[day.pk]) == 1
    assert unconfirm_holidays(admin, ids=[day.pk]) == 0
    book(desk, check_up, at(9))

    event = Event.objects.get(type="holidays.changed")
    assert (event.changes, event.data) == (
        {"is_confirmed": [True, False]},
        {"days": [coming_day().isoformat()]},
    )


def test_only_who_writes_holidays_opens_a_day_again(desk):
    with refused("not_allowed"):
        unconfirm_holidays(desk, ids=[])
