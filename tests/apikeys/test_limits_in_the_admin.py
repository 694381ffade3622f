"""Limits that differ from the usual, set by an operator on the public host."""

import pytest

from accounts.models import User
from apikeys.keys import check_key
from apikeys.limits import Spender, by_address, by_key, spend
from apikeys.models import ApiKey, RateLimit
from apikeys.policies import POLICIES, Rate
from events.outbox import history_of
from tests.admin.browser import Browser
from tests.conftest import make_limited_key, signed_in
from tests.support.statements import counted

KEYS, LIMITS = "/admin/apikeys/apikey/", "/admin/apikeys/ratelimit/"


@pytest.fixture
def operator(db) -> Browser:
    """Olga's browser, at the public host."""
    return Browser(signed_in(User.objects.get(email="operator@nadmor.example"), "localhost"), None)


def key_row(text: str) -> ApiKey:
    return ApiKey.objects.get(public_id=text.split("_")[1])


def rate_of(policy: str, who: Spender) -> Rate:
    allowance = spend(policy, who)
    assert allowance is not None
    return allowance.rate


def row(number: int, **typed) -> dict[str, object]:
    """One line of the limits on a key's page, as a browser sends it."""
    return {f"rate_limits-{number}-{name}": value for name, value in typed.items()}


def test_a_keys_limit_is_set_on_its_page_and_counts_at_once(
    operator, hospital, django_capture_on_commit_callbacks
):
    text = make_limited_key(hospital)
    key = key_row(text)
    assert rate_of("availability", by_key(check_key(text))) == POLICIES["availability"]

    with django_capture_on_commit_callbacks(execute=True):
        operator.submit(
            f"{KEYS}{key.pk}/change/",
            **{"rate_limits-TOTAL_FORMS": 1},
            **row(0, policy="availability", amount=5000, seconds=3600, key=key.pk),
        )

    assert rate_of("availability", by_key(check_key(text))) == Rate(5000, 3600)
    event = history_of("api_key", key.pk)[-1]
    assert (event.type, event.actor_label, event.data["added"]) == ("limit.changed", "Olga", 1)


def test_a_hospitals_limit_is_set_changed_and_removed(operator, hospital, django_capture_on_commit_callbacks):
    def rate() -> Rate:
        return rate_of("login", by_address("203.0.113.7", hospital))

    with django_capture_on_commit_callbacks(execute=True):
        operator.submit(LIMITS + "add/", hospital=hospital.pk, key="", policy="login", amount=50, seconds=60)
    limit = RateLimit.objects.get()
    assert (limit.hospital, limit.key, rate()) == (hospital, None, Rate(50, 60))

    with django_capture_on_commit_callbacks(execute=True):
        operator.submit(f"{LIMITS}{limit.pk}/change/", amount=70)
    assert rate() == Rate(70, 60)

    with django_capture_on_commit_callbacks(execute=True):
        operator.post(f"{LIMITS}{limit.pk}/delete/", {"post": "yes"})
    assert rate() == POLICIES["login"]
    events = history_of("rate_limit", limit.pk)
    assert [event.data["how"] for event in events] == ["added", "changed", "deleted"]
    assert events[1].changes == {"amount": [50, 70]}


@pytest.mark.parametrize(
    "typed",
    [
        {"hospital": ""},
        {"amount": "0"},
        {"seconds": "86401"},
        {"policy": "anonymous"},
        {"policy": ""},
        {"amount": "x"},
    ],
)
def test_a_limit_that_cannot_be_is_refused_in_words(operator, hospital, typed):
    asked = {"hospital": hospital.pk, "key": "", "policy": "login", "amount": 5, "seconds": 60}

    page = operator.submit(LIMITS + "add/", **{**asked, **typed})

    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert not RateLimit.objects.exists()


def test_a_limit_of_both_a_hospital_and_a_key_is_refused_in_words(operator, hospital):
    key = key_row(make_limited_key(hospital))

    page = operator.submit(
        LIMITS + "add/", hospital=hospital.pk, key=key.pk, policy="booking", amount=5, seconds=60
    )

    assert "Choose a hospital or a key, not both." in page.text
    assert not RateLimit.objects.exists()


def test_a_second_limit_for_the_same_is_refused_in_words(operator, hospital):
    asked = {"hospital": hospital.pk, "key": "", "policy": "booking", "amount": 5, "seconds": 60}
    operator.submit(LIMITS + "add/", **asked)

    page = operator.submit(LIMITS + "add/", **asked)

    assert page.context["adminform"].form.errors
    assert RateLimit.objects.count() == 1


def test_a_list_of_limits_costs_as_many_statements_for_three_as_for_one(operator, hospital):
    def cost() -> int:
        with counted() as statements:
            assert operator.get(LIMITS).status_code == 200
        return len(statements)

    RateLimit.objects.create(hospital=hospital, policy="booking", amount=5, seconds=60)
    cost()
    one = cost()
    for _ in range(2):
        key = key_row(make_limited_key(hospital))
        RateLimit.objects.create(key=key, policy="booking", amount=5, seconds=60)

    assert cost() == one
