from decimal import Decimal

from bookings.models import Practitioner, Specialty
from tenants.context import inside
from tests.api.wire import send
from tests.support.catalogue import make_practitioner, make_service


def test_an_event_type_is_listed_with_everything_that_the_specification_names(rest, in_hospital, check_up):
    heart = Specialty.objects.create(code="cardiology", name_th="หทัยวิทยา", name_en="Cardiology")
    anong, bua = make_practitioner("Dr Anong"), make_practitioner("Dr Bua")
    clinic = make_service(
        bua, anong,
        slug="heart", name_th="คลินิกหัวใจ", name_en="Heart clinic", description_th="ตรวจ",
        description_en="A look at the heart.", duration_minutes=45, price=Decimal("1500.5"), currency="THB",
        specialty=heart, capacity=2,
    )  # fmt: skip

    answer = rest.get("/event-types")

    assert answer.status_code == 200
    body = answer.json()
    assert body["count"] == 2
    assert body["results"][1] == {
        "id": clinic.pk,
        "slug": "heart",
        "name": "Heart clinic",
        "name_th": "คลินิกหัวใจ",
        "name_en": "Heart clinic",
        "description": "A look at the heart.",
        "duration_minutes": 45,
        "price": "1500.50",
        "currency": "THB",
        "capacity": 2,
        "specialty": {"code": "cardiology", "name": "Cardiology"},
        "providers": [{"id": str(anong.pk), "name": "Dr Anong"}, {"id": str(bua.pk), "name": "Dr Bua"}],
    }


def test_what_an_event_type_does_not_have_is_null_or_empty(rest, check_up, dr_bob):
    assert rest.get("/event-types").json() == {
        "results": [
            {
                "id": check_up.pk,
                "slug": "check-up",
                "name": "check-up",
                "name_th": "check-up",
                "name_en": "check-up",
                "description": "",
                "duration_minutes": 30,
                "price": None,
                "currency": "THB",
                "capacity": 1,
                "specialty": None,
                "providers": [{"id": str(dr_bob.pk), "name": "Dr Bob"}],
            }
        ],
        "count": 1,
    }


def test_names_are_in_the_language_that_the_caller_asks_for(rest, in_hospital):
    fields = {"name_th": "วัคซีน", "name_en": "Vaccination", "description_th": "ฉีด", "description_en": "A shot"}
    make_service(make_practitioner("Dr Eve"), slug="shot", **fields)

    def last(language: str) -> dict:
        return rest.get("/event-types", headers={"Accept-Language": language}).json()["results"][-1]

    assert (last("th")["name"], last("th")["description"]) == ("วัคซีน", "ฉีด")
    assert (last("en")["name"], last("en")["description"]) == ("Vaccination", "A shot")
    assert last("th")["name_en"] == last("en")["name_en"] == "Vaccination"


def test_an_event_type_that_is_switched_off_is_not_listed(rest, hospital, check_up):
    assert rest.get("/event-types").json()["count"] == 1
    with inside(hospital):
        check_up.is_active = False
        check_up.save()

    assert rest.get("/event-types").json() == {"results": [], "count": 0}


def test_a_provider_who_cannot_be_booked_is_not_named(rest, hospital, dr_bob):
    assert len(rest.get("/event-types").json()["results"][0]["providers"]) == 1
    with inside(hospital):
        Practitioner.objects.filter(pk=dr_bob.pk).update(is_bookable=False)

    assert rest.get("/event-types").json()["results"][0]["providers"] == []


def test_head_answers_like_get_without_a_body(rest, check_up):
    told, asked = send(rest, "GET", "/event-types"), send(rest, "HEAD", "/event-types")

    assert asked.status_code == 200
    assert asked.content == b""
    assert told.content != b""
    assert asked["Content-Type"] == told["Content-Type"] == "application/json"
