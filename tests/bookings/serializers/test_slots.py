from decimal import Decimal

from django.utils import translation

from bookings.models import HealthcareService, Specialty
from bookings.queries.availability import availability_for, month_for
from bookings.queries.catalogue import services_for
from bookings.serializers.catalogue import EventTypeListSerializer, EventTypeSerializer
from bookings.serializers.slots import AvailabilitySerializer, MonthSerializer
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest, make_service


def test_a_day_of_slots_is_told_on_the_hospitals_clocks(desk, check_up, dr_bob):
    found = availability_for(desk, service_id=check_up.pk, date_from=coming_day(), date_until=coming_day())
    wire, day = AvailabilitySerializer(found).data, coming_day().isoformat()

    assert list(wire) == ["event_type_id", "timezone", "date", "slots", "count"]
    assert (wire["event_type_id"], wire["timezone"], wire["date"]) == (check_up.pk, "Asia/Bangkok", day)
    assert wire["count"] == len(wire["slots"]) == 14
    assert wire["slots"][0] == {
        "start": f"{day}T09:00:00+07:00", "end": f"{day}T09:30:00+07:00", "time": "09:00",
        "provider": {"id": str(dr_bob.pk), "name": dr_bob.name}, "seats_left": 1,
    }  # fmt: skip


def test_a_range_tells_both_its_ends(desk, check_up):
    found = availability_for(desk, service_id=check_up.pk, date_from=coming_day(), date_until=coming_day(2))
    wire = AvailabilitySerializer(found, context={"as_range": True}).data

    assert (wire["date_from"], wire["date_to"]) == (coming_day().isoformat(), coming_day(2).isoformat())
    assert "date" not in wire
    assert wire["count"] == 28


def test_seats_of_a_group_are_told(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=3)
    book(desk, yoga, at(9), guest=guest("Ann"))
    found = availability_for(desk, service_id=yoga.pk, date_from=coming_day(), date_until=coming_day())

    assert [slot["seats_left"] for slot in AvailabilitySerializer(found).data["slots"]][:2] == [2, 3]


def test_a_month_tells_every_day(desk, check_up):
    wire = MonthSerializer(month_for(desk, service_id=check_up.pk, month=coming_day())).data

    assert (wire["event_type_id"], wire["timezone"]) == (check_up.pk, "Asia/Bangkok")
    assert wire["month"] == f"{coming_day():%Y-%m}"
    assert [day["date"][:7] for day in wire["days"]] == [wire["month"]] * len(wire["days"])
    assert {"date": coming_day().isoformat(), "free": 14} in wire["days"]


def test_an_event_type_is_told_in_both_languages_and_the_callers(desk, check_up, dr_bob, dr_eve):
    eyes = Specialty.objects.create(code="eyes", name_th="ตา", name_en="Eyes")
    HealthcareService.objects.update(
        name_th="ตรวจสุขภาพ", name_en="Check-up", description_th="ดู", description_en="A look",
        price=Decimal("1234.5"), specialty=eyes,
    )  # fmt: skip

    with translation.override("th"):
        wire = EventTypeListSerializer(services_for(desk)).data
    assert wire["count"] == 1
    assert wire["results"][0] == {
        "id": check_up.pk, "slug": "check-up", "name": "ตรวจสุขภาพ",
        "name_th": "ตรวจสุขภาพ", "name_en": "Check-up", "description": "ดู", "duration_minutes": 30,
        "price": "1234.50", "currency": "THB", "capacity": 1,
        "specialty": {"code": "eyes", "name": "ตา"},
        "providers": [
            {"id": str(dr_bob.pk), "name": "นพ. บ็อบ"}, {"id": str(dr_eve.pk), "name": "Dr Eve"}
        ],
    }  # fmt: skip


def test_an_event_type_without_price_specialty_or_provider_says_so(desk):
    make_service(slug="plain")
    plain = services_for(desk)[-1]
    wire = EventTypeSerializer(plain).data

    assert (wire["price"], wire["specialty"], wire["providers"]) == (None, None, [])
    assert set(wire) == set(EventTypeSerializer().fields)
