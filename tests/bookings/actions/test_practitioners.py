"""What doctors are trained for: the whole list at once, with one primary specialty."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.permissions import Role
from bookings.actions.practitioners import Training, update_doctor_specialties
from bookings.actions.specialties import create_specialty
from bookings.models import Practitioner, PractitionerKind, PractitionerSpecialty, Specialty
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from events.models import Event
from events.outbox import history_of
from tenants.context import inside
from tests.support.booking import refused
from tests.support.catalogue import coming_day, make_practitioner
from tests.support.threads import together, winners


@pytest.fixture
def admin(in_hospital, people) -> Actor:
    return people.actor(Role.ADMIN)


@pytest.fixture
def heart(in_hospital):
    return Specialty.objects.create(code="cardiology", name_th="หัวใจ", name_en="Cardiology")


@pytest.fixture
def eyes(in_hospital):
    return Specialty.objects.create(code="eyes", name_th="ตา", name_en="Eyes")


def held(doctor):
    rows = PractitionerSpecialty.objects.filter(practitioner=doctor).order_by("-is_primary")
    return list(
        rows.values_list("specialty__code", "is_primary", "years_of_experience", "certification_date")
    )


# ── specialties of a doctor ───────────────────────────────────────────────────
def test_the_whole_list_is_replaced(admin, dr_bob, heart, eyes):
    dr_bob.specialties.add(heart)

    row = update_doctor_specialties(
        admin,
        doctor_id=dr_bob.pk,
        specialties=[
            Training(specialty_id=eyes.pk, years_of_experience=3),
            Training(
                specialty_id=heart.pk,
                is_primary=True,
                years_of_experience=8,
                certification_date=date(2018, 4, 1),
            ),
        ],
    )

    assert held(dr_bob) == [("cardiology", True, 8, date(2018, 4, 1)), ("eyes", False, 3, None)]
    assert [each.specialty.code for each in row.training] == ["cardiology", "eyes"]
    (event,) = history_of("provider", dr_bob.pk)
    assert event.type == "provider.changed"
    assert event.data == {
        "how": "changed", "fields": ["specialties"], "specialties": ["cardiology", "eyes"],
    }  # fmt: skip


def test_an_empty_list_takes_all_away_and_the_same_list_records_nothing(admin, dr_bob, heart):
    same = [Training(specialty_id=heart.pk, is_primary=True)]
    for _ in range(2):
        update_doctor_specialties(admin, doctor_id=dr_bob.pk, specialties=same)
    assert len(history_of("provider", dr_bob.pk)) == 1

    update_doctor_specialties(admin, doctor_id=dr_bob.pk, specialties=[])
    assert held(dr_bob) == []


@pytest.mark.parametrize("primaries", [(False, False), (True, True)])
def test_just_one_of_several_is_primary(admin, dr_bob, heart, eyes, primaries):
    given = [
        Training(specialty_id=field.pk, is_primary=primary)
        for field, primary in zip((heart, eyes), primaries, strict=True)
    ]

    with pytest.raises(InvalidInput) as caught:
        update_doctor_specialties(admin, doctor_id=dr_bob.pk, specialties=given)
    assert list(caught.value.data["fields"]) == ["specialties"]
    assert held(dr_bob) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"certification_date": "tomorrow"},
        {"years_of_experience": 81},
        {"years_of_experience": -1},
        {"specialty": "twice"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_changes(admin, dr_bob, heart, wrong):
    dr_bob.specialties.add(heart)
    values = {"is_primary": True, **wrong}
    if "certification_date" in wrong:
        values["certification_date"] = coming_day(1)
    given = [Training(specialty_id=heart.pk, **{k: v for k, v in values.items() if k != "specialty"})]
    if "specialty" in wrong:
        given.append(Training(specialty_id=heart.pk))

    with pytest.raises(InvalidInput):
        update_doctor_specialties(admin, doctor_id=dr_bob.pk, specialties=given)
    assert held(dr_bob) == [("cardiology", False, None, None)]
    assert not Event.objects.exists()


def test_todays_certificate_counts(admin, dr_bob, heart):
    given = [Training(specialty_id=heart.pk, is_primary=True, certification_date=coming_day(0))]

    update_doctor_specialties(admin, doctor_id=dr_bob.pk, specialties=given)

    assert held(dr_bob) == [("cardiology", True, None, coming_day(0))]


def test_ids_of_another_hospital_are_not_found(admin, dr_bob, heart, other_hospital, other_people):
    with inside(other_hospital):
        theirs = Specialty.objects.create(code="secret", name_th="x", name_en="x")

    with refused("doctor_not_found"):
        update_doctor_specialties(admin, doctor_id=other_people.dr_bob.pk, specialties=[])
    with refused("specialty_not_found"):
        update_doctor_specialties(
            admin,
            doctor_id=dr_bob.pk,
            specialties=[
                Training(specialty_id=heart.pk, is_primary=True),
                Training(specialty_id=theirs.pk),
            ],
        )
    with refused("doctor_not_found"):
        update_doctor_specialties(admin, doctor_id=uuid4(), specialties=[])
    assert held(dr_bob) == []


def test_a_room_is_no_doctor(admin, in_hospital):
    room = make_practitioner("Room 1")
    Practitioner.objects.filter(pk=room.pk).update(kind=PractitionerKind.ROOM)

    with refused("doctor_not_found"):
        update_doctor_specialties(admin, doctor_id=room.pk, specialties=[])


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_an_administrator_decides_about_specialties(in_hospital, people, role):
    with pytest.raises(NotAllowed):
        update_doctor_specialties(people.actor(role), doctor_id=people.dr_bob.pk, specialties=[])
    with pytest.raises(NotAllowed):
        create_specialty(people.actor(role), code="x", name="X")


def test_two_lists_at_once_never_mix(fresh_hospital):
    doctor = make_practitioner("Dr One")
    codes = [f"s{number}" for number in range(4)]
    fields = [Specialty.objects.create(code=code, name_th=code, name_en=code) for code in codes]
    actor = Actor.system("tests", "practitioners.write")

    def replace(some):
        given = [Training(specialty_id=field.pk, is_primary=field is some[0]) for field in some]
        return lambda: update_doctor_specialties(actor, doctor_id=doctor.pk, specialties=given)

    assert len(winners(together(fresh_hospital, [replace(fields[:2]), replace(fields[2:])]))) == 2
    assert {code for code, *_ in held(doctor)} in ({"s0", "s1"}, {"s2", "s3"})


# ── the catalogue's specialties ───────────────────────────────────────────────
def test_a_specialty_is_added_and_recorded(admin):
    row = create_specialty(admin, code="Cardiology", name="Cardiology", name_th="หัวใจ", description="Heart")

    assert (row.code, row.name_en, row.name_th, row.description) == (
        "cardiology",
        "Cardiology",
        "หัวใจ",
        "Heart",
    )
    (event,) = history_of("specialty", row.pk)
    assert (event.type, event.data) == ("catalogue.changed", {"how": "added", "code": "cardiology"})


def test_a_specialty_without_a_thai_name_has_its_english_one(admin):
    assert create_specialty(admin, code="eyes", name="Eyes").name_th == "Eyes"


def test_a_code_that_is_taken_is_a_conflict(admin, heart):
    with refused("specialty_exists"):
        create_specialty(admin, code="CARDIOLOGY", name="Again")
    assert Specialty.objects.filter(code="cardiology").count() == 1


@pytest.mark.parametrize(
    ("given", "field"), [({"code": "no good"}, "code"), ({"code": ""}, "code"), ({"name": ""}, "name")]
)
def test_a_specialty_that_cannot_be_is_refused_by_its_field(admin, given, field):
    with pytest.raises(InvalidInput) as caught:
        create_specialty(admin, **{"code": "eyes", "name": "Eyes", "name_th": "ตา", **given})
    assert list(caught.value.data["fields"]) == [field]


def test_one_code_may_be_a_specialty_of_each_hospital(admin, heart, other_hospital, other_people):
    with inside(other_hospital):
        assert (
            create_specialty(other_people.actor(Role.ADMIN), code="cardiology", name="Theirs").pk != heart.pk
        )
