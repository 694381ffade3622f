"""Hospitals, domains and API keys, run by an operator on the public host."""

import re

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from apikeys.models import ApiKey
from apikeys.secrets import hash_key
from events.models import Event
from events.outbox import history_of
from tenants.context import inside
from tenants.models import Domain, Hospital
from tenants.provisioning import missing_tables
from tests.conftest import make_api_key, signed_in
from tests.support.people import PASSWORD
from tests.support.rest import Rest
from tests.support.statements import counted

HOSPITALS, DOMAINS, KEYS = "/admin/tenants/hospital/", "/admin/tenants/domain/", "/admin/apikeys/apikey/"


def test_a_hospital_that_is_added_works_at_once(operator):
    operator.submit(
        HOSPITALS + "add/", name="Chan Hospital", subdomain="chan", city="Chanthaburi", language="en"
    )

    hospital = Hospital.objects.get(subdomain="chan")
    assert (hospital.schema_name, hospital.city) == ("h_chan", "Chanthaburi")
    assert Domain.objects.get(tenant=hospital).domain == "chan.localhost"
    assert missing_tables(hospital) == []
    with inside(hospital):
        user = User.objects.create_user("a@chan.example", PASSWORD, first_name="A", role=Role.ADMIN)
    assert signed_in(user, "chan.localhost").get("/admin/bookings/appointment/").status_code == 200
    (event,) = history_of("hospital", hospital.pk)
    assert (event.type, event.actor_label, event.data["how"]) == ("hospital.changed", "Olga", "added")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"subdomain": "Not A Label"}, "subdomain"),
        ({"subdomain": "ploy"}, "subdomain"),
        ({"subdomain": "www"}, "subdomain"),
        ({"timezone": "Asia/Nowhere"}, "timezone"),
        ({"name": ""}, "name"),
    ],
)
def test_a_hospital_that_cannot_be_is_refused_in_words_and_leaves_nothing(operator, hospital, typed, field):
    page = operator.submit(HOSPITALS + "add/", **{"name": "X", "subdomain": "x1", **typed})

    assert field in page.context["adminform"].form.errors
    assert not Hospital.objects.filter(name="X").exists()


def test_a_subdomain_and_a_schema_never_change(operator, hospital):
    operator.submit(
        f"{HOSPITALS}{hospital.pk}/change/",
        subdomain="other",
        schema_name="h_other",
        is_active="on",
        city="Trat",
    )

    changed = Hospital.objects.get(pk=hospital.pk)
    assert (changed.subdomain, changed.schema_name, changed.city) == ("ploy", "h_ploy", "Trat")


def test_a_new_time_zone_counts_at_once(operator, hospital, django_capture_on_commit_callbacks, rest):
    rest.get("/event-types")

    with django_capture_on_commit_callbacks(execute=True):
        operator.submit(f"{HOSPITALS}{hospital.pk}/change/", timezone="Asia/Tokyo")

    assert Hospital.objects.get(pk=hospital.pk).timezone == "Asia/Tokyo"
    (event,) = history_of("hospital", hospital.pk)
    assert event.changes == {"timezone": ["Asia/Bangkok", "Asia/Tokyo"]}


def test_a_hospital_is_switched_off_and_on_again(operator, hospital, stranger):
    assert stranger.get("/admin/login/").status_code == 200

    page = operator.act(HOSPITALS, "switch_off", hospital)

    assert "1 hospital switched." in page.text
    assert stranger.get("/admin/login/").status_code == 403

    operator.act(HOSPITALS, "switch_on", hospital)

    assert stranger.get("/admin/login/").status_code == 200
    assert [event.changes for event in history_of("hospital", hospital.pk)] == [
        {"is_active": [True, False]},
        {"is_active": [False, True]},
    ]


def test_a_domain_leads_to_its_hospital_as_soon_as_it_is_saved(
    operator, hospital, django_capture_on_commit_callbacks, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    visitor = Client(headers={"host": "clinic.example.org"})
    assert visitor.get("/admin/login/").status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        operator.submit(DOMAINS + "add/", domain="Clinic.Example.ORG.", tenant=hospital.pk, is_primary=None)

    assert visitor.get("/admin/login/").status_code == 200
    domain = Domain.objects.get(domain="clinic.example.org")
    assert not domain.is_primary

    with django_capture_on_commit_callbacks(execute=True):
        operator.post(f"{DOMAINS}{domain.pk}/delete/", {"post": "yes"})

    assert visitor.get("/admin/login/").status_code == 404
    assert [event.data["how"] for event in history_of("domain", domain.pk)] == ["added", "deleted"]


@pytest.mark.parametrize(
    "typed", ["https://clinic.example.org", "a b", "clinic:8000", "localhost", "-x.org", "x" * 70]
)
def test_what_is_no_host_name_is_refused(operator, hospital, typed):
    page = operator.submit(DOMAINS + "add/", domain=typed, tenant=hospital.pk)

    assert "domain" in page.context["adminform"].form.errors


def test_a_hospital_keeps_its_primary_domain(operator, hospital):
    domain = Domain.objects.get(tenant=hospital)

    assert operator.post(f"{DOMAINS}{domain.pk}/delete/", {"post": "yes"}).status_code == 403


def make_key(operator, hospital, **typed):
    values = {
        "name": "bot",
        "hospital": hospital.pk if hospital else "",
        "scopes": ["read:bookings", "write:bookings"],
        **typed,
    }
    return operator.submit(KEYS + "add/", **values)


def test_a_key_is_shown_once_and_works(operator, hospital):
    page = make_key(operator, hospital)

    (text,) = re.findall(r"nadmor_\w+", page.text)
    assert page["Cache-Control"].count("no-store")
    key = ApiKey.objects.get()
    assert key.key_hash == hash_key(text)
    assert (key.scopes, key.hospital) == (["read:bookings", "write:bookings"], hospital)
    assert Rest(hospital, text).get("/event-types").status_code == 200
    for path in (KEYS, f"{KEYS}{key.pk}/change/", f"{KEYS}{key.pk}/history/", "/admin/events/event/"):
        assert text not in operator.get(path).text
    assert [event.type for event in Event.objects.order_by("id")] == ["key.created"]
    assert text not in str(Event.objects.values())


def test_keys_are_listed_by_hospital_and_by_whether_they_open_anything(operator, hospital, other_hospital):
    for place in (hospital, other_hospital):
        make_api_key(place)
    operator.act(KEYS, "revoke", ApiKey.objects.get(hospital=other_hospital))

    def places(**asked):
        return [key.hospital for key in operator.get(KEYS, **asked).context["cl"].result_list]

    assert places(hospital__id__exact=hospital.pk) == [hospital]
    assert places(is_active__exact="0") == [other_hospital]
    assert len(places()) == 2


def test_a_key_without_scopes_is_refused(operator, hospital):
    page = make_key(operator, hospital, scopes=[])

    assert "scopes" in page.context["adminform"].form.errors
    assert not ApiKey.objects.exists()


def test_a_key_of_the_platform_has_no_hospital(operator, db):
    make_key(operator, None, scopes=["admin:platform"])

    assert ApiKey.objects.get().hospital is None


def test_a_revoked_key_is_refused_at_once(operator, hospital):
    (text,) = re.findall(r"nadmor_\w+", make_key(operator, hospital).text)
    rest = Rest(hospital, text)
    assert rest.get("/event-types").status_code == 200

    page = operator.act(KEYS, "revoke", ApiKey.objects.get())

    assert "1 key revoked." in page.text
    assert rest.get("/event-types").status_code == 401
    assert ApiKey.objects.get().revoked_at is not None


def test_scopes_that_are_taken_away_are_gone_at_once(operator, hospital, django_capture_on_commit_callbacks):
    (text,) = re.findall(r"nadmor_\w+", make_key(operator, hospital).text)
    rest = Rest(hospital, text)
    assert rest.get("/event-types").status_code == 200
    key = ApiKey.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        operator.submit(f"{KEYS}{key.pk}/change/", scopes=["read:patients"], hospital="")

    assert rest.get("/event-types").status_code == 403
    assert ApiKey.objects.get().hospital == hospital
    event = history_of("api_key", key.pk)[-1]
    assert event.changes == {"scopes": [["read:bookings", "write:bookings"], ["read:patients"]]}


def test_the_last_day_of_a_key_is_typed_in_either_calendar_and_counts_to_its_end(operator, hospital):
    make_key(operator, hospital, last_day="31/12/2570")
    key = ApiKey.objects.get()
    assert key.expires_at.isoformat() == "2028-01-01T00:00:00+00:00"

    operator.submit(f"{KEYS}{key.pk}/change/", name="renamed")
    assert ApiKey.objects.get().expires_at == key.expires_at

    operator.submit(f"{KEYS}{key.pk}/change/", last_day="2026-12-31")
    assert ApiKey.objects.get().expires_at.isoformat() == "2027-01-01T00:00:00+00:00"


def test_a_hospitals_administrator_is_no_operator(as_admin, people, in_hospital):
    assert as_admin.get(HOSPITALS).status_code == 404

    answer = Client(headers={"host": "localhost"}).post(
        "/admin/login/", {"username": people.admin.email, "password": PASSWORD, "next": "/admin/"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("path", [HOSPITALS, DOMAINS, KEYS, "/admin/events/event/"])
def test_a_list_costs_as_many_statements_for_three_records_as_for_one(operator, hospital, path):
    def cost():
        with counted() as statements:
            assert operator.get(path).status_code == 200
        return len(statements)

    make_api_key(hospital)
    cost()
    one = cost()
    for number in (1, 2):
        make_api_key(hospital)
        Domain.objects.create(domain=f"d{number}.example.org", tenant=hospital, is_primary=False)

    assert cost() == one
