"""Which hospital a request is for, and what a session and a cache entry of one are worth in another."""

import json
import secrets

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from tenants.context import inside
from tenants.models import Domain, Hospital
from tenants.provisioning import switch_hospital
from tests.conftest import make_api_key, signed_in

PLOY, RAMA, PUBLIC = "ploy.localhost", "rama.localhost", "localhost"


@pytest.fixture
def browser():
    return Client(headers={"accept-language": "en"})


def page(browser, host, path="/admin/"):
    return browser.get(path, headers={"host": host})


def is_signed_in(browser, host):
    """Whether the admin of that host takes somebody with the browser's cookie for a person it knows."""
    thief = Client()
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    answer = page(thief, host)
    assert answer.status_code in (200, 302)
    assert answer.status_code == 200 or answer["location"].startswith("/admin/login/")
    return answer.status_code == 200


def test_a_host_leads_to_its_hospital_or_to_the_platform(hospital, browser):
    assert page(browser, PLOY, "/")["location"] == "/admin/"
    assert page(browser, f"{PLOY}:8000", "/")["location"] == "/admin/"
    assert page(browser, "PLOY.localhost", "/")["location"] == "/admin/"
    assert page(browser, PUBLIC, "/").status_code == 200


@pytest.mark.parametrize("host", ["nowhere.localhost", "ploy.ploy.localhost", "h-ploy.localhost"])
def test_a_host_that_leads_nowhere_is_told_so(hospital, browser, host):
    answer = page(browser, host)

    assert answer.status_code == 404
    assert connection.schema_name == "public"


@pytest.mark.parametrize("host", ["evil.example", "h_ploy.localhost", "ploy.localhost.evil.example"])
def test_a_host_that_is_not_ours_leads_nowhere(hospital, browser, host):
    assert page(browser, host).status_code in (400, 404)


def test_the_platform_is_reached_by_its_ipv6_address_too(hospital, browser, settings):
    settings.PUBLIC_HOSTS = ["[::1]"]
    settings.ALLOWED_HOSTS = ["[::1]"]

    assert page(browser, "[::1]:8000", "/").status_code == 200


def test_the_path_decides_before_the_host(hospital, other_hospital, browser):
    key = make_api_key(other_hospital)
    path = "/api/v1/tenants/rama/booking/event-types"
    for host in (PLOY, RAMA, PUBLIC):
        answer = browser.get(path, headers={"host": host, "x-api-key": key})
        assert (answer.status_code, answer.json()["count"]) == (200, 1), host


@pytest.mark.parametrize("subdomain", ["nowhere", "PLOY", "%00", "h_ploy", "ploy%0A", "%E0%B8%9B"])
def test_a_path_that_names_no_hospital_is_not_found(hospital, browser, subdomain):
    answer = browser.get(
        f"/api/v1/tenants/{subdomain}/booking/event-types", headers={"x-api-key": make_api_key(None)}
    )

    assert answer.status_code == 404


def test_a_hospital_that_is_switched_off_refuses_every_way_in(hospital, browser):
    key = make_api_key(hospital)
    switch_hospital(hospital, active=False)

    assert page(browser, PLOY).status_code == 403
    answer = browser.get("/api/v1/tenants/ploy/booking/event-types", headers={"x-api-key": key})
    assert answer.status_code == 403
    assert "hospital_inactive" in json.dumps(answer.json())
    switch_hospital(hospital, active=True)
    assert page(browser, PLOY).status_code == 302


def test_a_request_leaves_its_hospital_whatever_happens(hospital, browser):
    for path in ("/admin/", "/nowhere", "/api/v1/tenants/ploy/booking/nowhere"):
        page(browser, PLOY, path)
        assert connection.schema_name == "public"


def test_a_hospital_speaks_its_own_language_unless_asked_for_another(hospital):
    Hospital.objects.filter(pk=hospital.pk).update(language="th")

    def language(**headers):
        return Client().get("/admin/login/", headers={"host": PLOY, **headers})["content-language"]

    assert language() == "th"
    assert language(**{"accept-language": "de"}) == "th"
    assert language(**{"accept-language": "en"}) == "en"
    assert language(**{"accept-language": "de, en;q=0.5"}) == "en"


def test_a_session_is_good_where_it_was_opened_alone(people, other_people):
    browser = signed_in(people.admin, PLOY)

    assert is_signed_in(browser, PLOY)
    assert not is_signed_in(browser, RAMA)
    assert not is_signed_in(browser, PUBLIC)
    assert is_signed_in(browser, PLOY)


def test_a_session_of_the_platform_opens_no_hospital(people):
    browser = signed_in(User.objects.get(email="operator@nadmor.example"), PUBLIC)

    assert is_signed_in(browser, PUBLIC)
    assert not is_signed_in(browser, PLOY)


def test_a_session_that_was_copied_into_another_schema_is_worth_nothing(people, hospital, other_hospital):
    """As if a hospital were made out of another's backup: same key, same user, same password hash."""
    browser = signed_in(people.admin, PLOY)
    with inside(hospital):
        session, admin = Session.objects.get(), User.objects.get(pk=people.admin.pk)
    with inside(other_hospital):
        Session.objects.bulk_create([session])
        User.objects.bulk_create([admin])

    assert not is_signed_in(browser, RAMA)
    assert is_signed_in(browser, PLOY)


def test_a_session_cookie_stays_on_its_host(people):
    cookie = signed_in(people.admin, PLOY).cookies["sessionid"]

    assert (cookie["domain"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def test_the_password_of_one_hospital_opens_no_other(people, other_people):
    answer = Client(headers={"host": RAMA}).post(
        "/admin/login/", {"username": people.admin.email, "password": "correct-horse-battery"}
    )

    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies


def test_a_host_of_ones_own_leads_to_the_hospital(hospital, browser, settings):
    settings.ALLOWED_HOSTS = ["book.ploy.example"]
    Domain.objects.create(domain="book.ploy.example", tenant=hospital, is_primary=False)

    assert page(browser, "book.ploy.example", "/")["location"] == "/admin/"


def test_a_cache_entry_is_its_hospitals_alone(hospital, other_hospital):
    name = f"test-{secrets.token_hex(8)}"
    with inside(hospital):
        cache.set(name, "ours", timeout=60)
        assert cache.get(name) == "ours"
    with inside(other_hospital):
        assert cache.get(name) is None
        cache.set(name, "theirs", timeout=60)
    assert cache.get(name) is None
    with inside(hospital):
        assert cache.get(name) == "ours"
        cache.delete(name)
    with inside(other_hospital):
        assert cache.get(name) == "theirs"
        cache.delete(name)
