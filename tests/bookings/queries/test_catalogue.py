from datetime import date, time
from decimal import Decimal

from bookings.models import HealthcareService, Holiday, ScheduleException, Specialty, WeeklyHours
from bookings.queries.catalogue import catalogue, services_for
from bookings.serializers.catalogue import EventTypeListSerializer
from tenants.context import inside
from tests.support.booking import book
from tests.support.catalogue import at, make_service
from tests.support.statements import counted


def test_another_hospitals_rules_change_without_ours(check_up, other_hospital):
    ours = catalogue()
    with inside(other_hospital):
        theirs = catalogue().book.version
        WeeklyHours.objects.update(start_time=time(7))
        assert catalogue().book.version != theirs
    assert catalogue() is ours


def test_nothing_is_read_again_while_nothing_changed(check_up):
    first = catalogue()
    with counted() as statements:
        assert catalogue() is first
    assert statements == ["SELECT version FROM bookings_rulesversion"]


def test_bookings_are_no_change_of_the_rules(desk, check_up):
    before = catalogue()
    book(desk, check_up, at(9))
    assert catalogue() is before


def test_a_hospital_that_moves_to_another_zone_has_other_rules(in_hospital, check_up):
    assert catalogue().book.zone == "Asia/Bangkok"
    in_hospital.timezone = "Asia/Tokyo"

    assert catalogue().book.zone == "Asia/Tokyo"
    assert {rules.zone for rules in catalogue().book.practitioners.values()} == {"Asia/Tokyo"}


def test_what_is_over_is_not_read(check_up, dr_bob):
    long_ago = date(2020, 1, 1)
    ScheduleException.objects.create(
        practitioner=dr_bob, kind="EXTRA_HOURS", date_from=long_ago, date_until=long_ago
    )
    Holiday.objects.create(date=long_ago, name_th="x", name_en="x", is_confirmed=True)

    assert catalogue().book.holidays == {}
    assert catalogue().book.practitioners[str(dr_bob.pk)].extra_hours == ()


def test_a_service_is_read_as_it_stands(check_up, desk, dr_bob, dr_eve):
    specialty = Specialty.objects.create(code="eyes", name_th="ตา", name_en="Eyes")
    HealthcareService.objects.filter(pk=check_up.pk).update(
        price=Decimal("1234.50"), description_en="A look", specialty=specialty, buffer_after=5
    )
    make_service(slug="second")

    first, second = services_for(desk)
    assert (first.pk, first.price, first.specialty.code) == (check_up.pk, Decimal("1234.50"), "eyes")
    assert (first.buffer_after, first.description_en) == (5, "A look")
    shown, empty = EventTypeListSerializer([first, second]).data["results"]
    assert [one["name"] for one in shown["providers"]] == [dr_bob.name, dr_eve.name]
    assert empty["providers"] == []
