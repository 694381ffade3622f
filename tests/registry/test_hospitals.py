"""Hospitals: seen by whom, set up, described, switched off and on."""

import pytest

from accounts.permissions import Role
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from events.models import Event
from events.outbox import history_of
from registry.actions import change_hospital, create_hospital, deactivate_hospital
from registry.queries import find_hospitals_for, hospital_for, hospitals_for
from tenants.context import inside, outside
from tenants.directory import hospital_by_subdomain
from tenants.errors import HospitalInactive, HospitalNotFound
from tenants.models import Hospital
from tenants.provisioning import missing_tables
from tests.support.statements import counted

DETAILS = {"city": "Chanthaburi", "hospital_type": "CLINIC", "phone_number": "+6639000001"}


@pytest.fixture
def platform(hospital) -> Actor:
    """Somebody who runs the platform, outside of every hospital."""
    with outside():
        yield Actor.system("tests", "hospitals.read", "hospitals.write")


# ── who sees what ─────────────────────────────────────────────────────────────
def test_the_platform_sees_every_hospital(platform, hospital, other_hospital):
    assert {hospital, other_hospital} <= set(hospitals_for(platform))
    assert hospital_for(platform, hospital_id=hospital.uuid) == hospital


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DOCTOR, Role.NURSE, Role.FRONT_DESK])
def test_staff_see_their_own_hospital_alone(in_hospital, other_hospital, people, role):
    actor = people.actor(role)

    assert list(hospitals_for(actor)) == [in_hospital]
    assert hospital_for(actor, hospital_id=in_hospital.uuid) == in_hospital
    with pytest.raises(HospitalNotFound):
        hospital_for(actor, hospital_id=other_hospital.uuid)


def test_a_patient_and_a_stranger_see_no_hospital(in_hospital, people):
    assert not hospitals_for(people.actor(Role.PATIENT)).exists()
    assert not hospitals_for(Actor.system("nobody")).exists()


def test_grants_of_the_platform_reach_one_hospital_where_one_was_entered(in_hospital, other_hospital):
    actor = Actor.system("tests", "hospitals.read")

    assert list(hospitals_for(actor)) == [in_hospital]
    with pytest.raises(HospitalNotFound):
        hospital_for(actor, hospital_id=other_hospital.uuid)


def test_staff_of_a_hospital_see_none_where_a_door_left_them_outside(in_hospital, people):
    actor = people.actor(Role.ADMIN)
    with outside():
        assert not hospitals_for(actor).exists()


# ── lists ─────────────────────────────────────────────────────────────────────
def test_hospitals_are_found_by_words_of_name_subdomain_town_and_number(platform, hospital, other_hospital):
    Hospital.objects.filter(pk=hospital.pk).update(city="Chiang Mai", registration_number="10-0042")

    def found(search):
        return [row.subdomain for row in find_hospitals_for(platform, search=search).rows]

    assert found("chiang HOSPITAL") == found("0042") == found("ploy") == ["ploy"]
    assert found("nowhere") == []
    assert {"ploy", "rama"} <= set(found(""))


def test_hospitals_are_found_by_whether_they_are_on(platform, other_hospital):
    deactivate_hospital(platform, hospital_id=other_hospital.uuid)

    assert "rama" in {row.subdomain for row in find_hospitals_for(platform, is_active=False).rows}
    assert "rama" not in {row.subdomain for row in find_hospitals_for(platform, is_active=True).rows}


def test_pages_of_hospitals_follow_one_another_without_a_gap(platform, hospital, other_hospital):
    every = [row.pk for row in find_hospitals_for(platform).rows]
    seen, after = [], None
    while True:
        page = find_hospitals_for(platform, limit=1, after=after)
        seen += [row.pk for row in page.rows]
        assert page.count == len(every)
        if (after := page.next_after) is None:
            break

    assert seen == every


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_hospitals_takes_two_statements_whatever_its_length(platform, count):
    for number in range(count):
        Hospital.objects.create(subdomain=f"h{number}", name="Listed", schema_name=f"h_h{number}")

    with counted() as statements:
        page = find_hospitals_for(platform, search="listed")
    assert (len(page.rows), len(statements)) == (count, 2), statements


# ── setting up ────────────────────────────────────────────────────────────────
def test_a_hospital_that_is_created_is_ready_and_recorded_in_the_public_schema(platform):
    hospital = create_hospital(platform, name="Chan Clinic", subdomain="chan", **DETAILS)

    assert missing_tables(hospital) == []
    assert hospital_by_subdomain("chan").city == "Chanthaburi"
    (event,) = history_of("hospital", hospital.pk)
    assert (event.type, event.actor_label) == ("hospital.created", "tests")
    assert event.data == {"hospital_id": str(hospital.uuid), "subdomain": "chan"}
    with inside(hospital):
        assert not Event.objects.filter(type="hospital.created").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"subdomain": "ploy"}, "subdomain"),
        ({"subdomain": "www"}, "subdomain"),
        ({"subdomain": "Not A Label"}, "subdomain"),
        ({"timezone": "Asia/Nowhere"}, "timezone"),
        ({"hospital_type": "CASTLE"}, "hospital_type"),
        ({"email": "nobody"}, "email"),
        ({"schema_name": "public"}, "schema_name"),
        ({"is_active": False}, "is_active"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_leaves_nothing(platform, given, field):
    with pytest.raises(InvalidInput) as caught:
        create_hospital(platform, **{"name": "X", "subdomain": "x1", **given})

    assert list(caught.value.data["fields"]) == [field]
    assert not Hospital.objects.filter(name="X").exists()
    assert not Event.objects.filter(type="hospital.created").exists()


def test_only_the_platform_sets_hospitals_up(in_hospital, people):
    with pytest.raises(NotAllowed):
        create_hospital(people.actor(Role.ADMIN), name="X", subdomain="x1")


# ── changing ──────────────────────────────────────────────────────────────────
def test_an_administrator_changes_their_own_hospital(in_hospital, people, django_capture_on_commit_callbacks):
    hospital_by_subdomain("ploy")
    with django_capture_on_commit_callbacks(execute=True):
        changed = change_hospital(
            people.actor(Role.ADMIN), hospital_id=in_hospital.uuid, city="Trat", timezone="Asia/Tokyo"
        )

    assert (changed.city, changed.timezone) == ("Trat", "Asia/Tokyo")
    assert hospital_by_subdomain("ploy").timezone == "Asia/Tokyo"
    with outside():
        (event,) = history_of("hospital", in_hospital.pk)
    assert (event.type, event.actor_user_id) == ("hospital.changed", people.admin.pk)
    assert event.changes == {"timezone": ["Asia/Bangkok", "Asia/Tokyo"]}
    assert event.data["fields"] == ["city", "timezone"]


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK])
def test_others_of_its_staff_do_not_change_it(in_hospital, people, role):
    with pytest.raises(NotAllowed):
        change_hospital(people.actor(role), hospital_id=in_hospital.uuid, city="Trat")


@pytest.mark.parametrize("changes", [{"is_active": False}, {"is_active": True}])
def test_an_administrator_does_not_switch_their_own_hospital(in_hospital, people, changes):
    with pytest.raises(NotAllowed):
        change_hospital(people.actor(Role.ADMIN), hospital_id=in_hospital.uuid, **changes)


def test_another_hospital_is_not_found_and_not_changed(in_hospital, other_hospital, people):
    with pytest.raises(HospitalNotFound):
        change_hospital(people.actor(Role.ADMIN), hospital_id=other_hospital.uuid, city="Trat")
    assert Hospital.objects.get(pk=other_hospital.pk).city == "Bangkok"


@pytest.mark.parametrize("field", ["subdomain", "schema_name", "uuid", "id", "created_at"])
def test_what_names_a_hospital_never_changes(platform, hospital, field):
    with pytest.raises(InvalidInput) as caught:
        change_hospital(platform, hospital_id=hospital.uuid, **{field: "x"})
    assert list(caught.value.data["fields"]) == [field]


def test_a_wrong_value_is_refused_by_its_field_and_nothing_changes(platform, hospital):
    with pytest.raises(InvalidInput) as caught:
        change_hospital(platform, hospital_id=hospital.uuid, city="Trat", timezone="Nowhere")

    assert list(caught.value.data["fields"]) == ["timezone"]
    assert Hospital.objects.get(pk=hospital.pk).city == "Bangkok"


def test_a_change_to_what_it_is_already_is_not_recorded(platform, hospital):
    change_hospital(platform, hospital_id=hospital.uuid, city=hospital.city, is_active=True)

    assert history_of("hospital", hospital.pk) == []


# ── switching ─────────────────────────────────────────────────────────────────
def test_a_hospital_is_switched_off_for_every_door_and_on_again(platform, hospital):
    assert not deactivate_hospital(platform, hospital_id=hospital.uuid).is_active
    with pytest.raises(HospitalInactive):
        hospital_by_subdomain("ploy")

    assert change_hospital(platform, hospital_id=hospital.uuid, is_active=True).is_active
    assert hospital_by_subdomain("ploy") == hospital
    assert [(event.type, event.changes) for event in history_of("hospital", hospital.pk)] == [
        ("hospital.deactivated", {"is_active": [True, False]}),
        ("hospital.changed", {"is_active": [False, True]}),
    ]


def test_switching_off_again_changes_and_records_nothing(platform, hospital):
    for _ in range(2):
        deactivate_hospital(platform, hospital_id=hospital.uuid)

    assert len(history_of("hospital", hospital.pk)) == 1


def test_an_administrator_cannot_switch_a_hospital_off(in_hospital, people):
    with pytest.raises(NotAllowed):
        deactivate_hospital(people.actor(Role.ADMIN), hospital_id=in_hospital.uuid)
