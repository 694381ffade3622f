"""Limits at the REST door: headers, refusals, whose count it is, and what happens without Redis."""

import re

import pytest
from django.urls import URLPattern, get_resolver

from api.views.base import RestView
from apikeys.keys import forget_keys
from apikeys.models import ApiKey, RateLimit
from apikeys.policies import POLICIES
from tenants.context import outside
from tests.api.operations import OPERATIONS, operation
from tests.api.wire import day, refusal, send
from tests.conftest import make_limited_key
from tests.support.statements import counted

POLICY_OF = {
    "event-types": "reading", "availability": "availability", "days": "availability", "create": "booking",
    "hold": "holding", "release": "writing", "search": "reading", "ics": "reading", "look-up": "reading",
    "cancel": "writing", "reschedule": "writing",
}  # fmt: skip
each_operation = pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.name in POLICY_OF], ids=str
)


def told(answer) -> tuple[str, int, int, int, int]:
    """Policy, limit, window, what is left and when, as the two headers say it."""
    policy = re.fullmatch(r'"([a-z]+)";q=(\d+);w=(\d+)', answer["RateLimit-Policy"])
    left = re.fullmatch(r'"([a-z]+)";r=(\d+);t=(\d+)', answer["RateLimit"])
    assert policy[1] == left[1]
    return policy[1], int(policy[2]), int(policy[3]), int(left[2]), int(left[3])


@pytest.fixture
def limited(rest, hospital):
    """A client whose key has the usual limits."""
    rest.key = make_limited_key(hospital)
    return rest


def set_limit(rest, policy: str, amount: int, seconds: int = 60) -> None:
    """Give the client's key a limit of its own."""
    with outside():
        key = ApiKey.objects.get(public_id=rest.key.split("_")[1])
        RateLimit.objects.create(key=key, policy=policy, amount=amount, seconds=seconds)
    forget_keys()


def views(patterns=None, before: str = ""):
    """Each route of the REST door with its view."""
    for one in get_resolver("config.urls_api").url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one.callback
        else:
            yield from views(one.url_patterns, route)


def test_every_view_declares_a_limit():
    found = {route: getattr(view, "view_class", None) for route, view in views()}
    ours = {route: view for route, view in found.items() if route.startswith(("api/v1/", "api/auth/"))}

    assert len(ours) >= 11
    assert [route for route, view in ours.items() if not (view and issubclass(view, RestView))] == []
    for route, view in ours.items():
        limit = view.limit if isinstance(view.limit, dict) else {"": view.limit}
        assert set(limit.values()) <= set(POLICIES), route


@each_operation
def test_every_answer_says_what_is_left_of_the_right_limit(ids, limited, operation):
    answer = operation.ask(limited, ids)

    policy, amount, window, left, after = told(answer)
    assert answer.status_code == operation.status
    assert (policy, amount, window) == (
        POLICY_OF[operation.name],
        POLICIES[policy].amount,
        POLICIES[policy].seconds,
    )
    assert left == amount - 1
    assert window - 5 <= after <= window


def test_a_key_without_limits_is_told_nothing(rest, check_up):
    answer = rest.get("/event-types")

    assert "RateLimit" not in answer
    assert "RateLimit-Policy" not in answer


def test_the_101st_look_at_free_times_within_an_hour_is_refused_with_the_time_to_wait(limited, check_up):
    path = f"/availability/{check_up.pk}"
    statuses = [limited.get(path, date=day()).status_code for _ in range(100)]

    answer = limited.get(path, date=day())

    assert set(statuses) == {200}
    details = refusal(answer, 429, "RATE_LIMIT", "too_many_requests")
    retry_after = int(answer["Retry-After"])
    assert details == {
        "reason": "too_many_requests",
        "retry_after": retry_after,
        "policy": "availability",
        "limit": 100,
        "window": 3600,
    }
    assert 3500 < retry_after <= 3600
    assert told(answer) == ("availability", 100, 3600, 0, retry_after)
    # Another policy has a count of its own.
    assert limited.get("/event-types").status_code == 200


def test_the_11th_booking_within_a_minute_is_refused_and_nothing_is_booked(limited, visit):
    for hour in range(9, 12):
        for minute in ("00", "30"):
            assert limited.post("/create", visit(f"{hour:02}:{minute}")).status_code == 201
    for hour in range(13, 15):
        for minute in ("00", "30"):
            assert limited.post("/create", visit(f"{hour:02}:{minute}")).status_code == 201

    refusal(limited.post("/create", visit("16:00")), 429, "RATE_LIMIT", "too_many_requests")
    assert limited.post("/hold", {**visit("16:00")}).status_code == 201


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda rest: rest.get("/availability/1?date=x"), 400),
        (lambda rest: rest.get("/availability/2147483647", date=day()), 404),
        (lambda rest: send(rest, "PUT", "/availability/1"), 405),
        (lambda rest: send(rest, "GET", "/availability/1", accept="image/png"), 406),
    ],
)
def test_a_request_counts_whatever_it_is_answered(limited, check_up, ask, status):
    set_limit(limited, "availability", 2)

    answers = [ask(limited) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [status, status, 429]
    assert [told(answer)[3] for answer in answers] == [1, 0, 0]


def test_a_repetition_counts_too(limited, visit):
    set_limit(limited, "booking", 2)
    asked = {"Idempotency-Key": "k"}

    statuses = [limited.post("/create", visit(), headers=asked).status_code for _ in range(3)]

    assert statuses == [201, 201, 429]


def test_a_scope_that_is_lacking_counts_too(rest, hospital, check_up):
    rest.key = make_limited_key(hospital, "write:bookings")
    set_limit(rest, "reading", 1)

    assert [rest.get("/event-types").status_code for _ in range(2)] == [403, 429]


def test_each_key_has_a_count_of_its_own(limited, hospital, check_up):
    set_limit(limited, "reading", 1)
    assert [limited.get("/event-types").status_code for _ in range(2)] == [200, 429]

    limited.key = make_limited_key(hospital)

    assert limited.get("/event-types").status_code == 200


def test_counting_costs_the_database_nothing(limited, check_up):
    assert limited.get("/event-types").status_code == 200

    with counted() as said:
        assert limited.get("/event-types").status_code == 200

    assert len(said) == 2


# ── without good credentials ──────────────────────────────────────────────────
def anonymous(rest, *, key: str | None = None, address: str = "203.0.113.7", **headers: str):
    """Ask with a key that is none, from an address."""
    rest.key = key
    return rest.client.get(f"{rest.base}/event-types", headers=rest.headers(headers), REMOTE_ADDR=address)


@pytest.mark.parametrize("key", [None, "x", "nadmor_aaaaaaaaaa_" + "a" * 32 + "_aaaaaa"])
def test_nobody_tries_keys_without_end(rest, check_up, key):
    answers = [anonymous(rest, key=key) for _ in range(32)]

    assert [answer.status_code for answer in answers] == [401] * 30 + [429] * 2
    assert told(answers[0]) == ("anonymous", 30, 60, 29, told(answers[0])[4])
    refusal(answers[-1], 429, "RATE_LIMIT", "too_many_requests")
    assert anonymous(rest, key=key, address="203.0.113.8").status_code == 401


def test_a_key_that_tries_other_hospitals_is_counted_by_its_address(rest, other_hospital, check_up):
    key = make_limited_key(other_hospital)

    statuses = [anonymous(rest, key=key).status_code for _ in range(31)]

    assert statuses == [404] * 30 + [429]


def test_a_good_key_is_not_refused_for_what_others_at_its_address_did(rest, check_up):
    good = rest.key
    for _ in range(31):
        anonymous(rest)

    assert anonymous(rest).status_code == 429
    assert anonymous(rest, key=good).status_code == 200


def test_a_client_cannot_choose_its_address(rest, check_up, settings):
    statuses = [anonymous(rest, **{"X-Forwarded-For": f"198.51.100.{n}"}).status_code for n in range(31)]
    assert statuses[-1] == 429

    settings.TRUSTED_PROXIES = 1

    assert anonymous(rest, **{"X-Forwarded-For": "198.51.100.1"}).status_code == 401


# ── without Redis ─────────────────────────────────────────────────────────────
def test_without_redis_everything_works_and_limits_are_counted_here(limited, settings, visit):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    set_limit(limited, "booking", 2)

    answers = [limited.post("/create", visit(at)) for at in ("09:00", "09:30", "10:00")]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert [told(answer)[3] for answer in answers] == [1, 0, 0]


def test_an_operation_that_is_asked_by_head_counts_as_get(limited, ids):
    assert told(operation("availability").ask(limited, ids, method="HEAD"))[3] == 99
    assert told(operation("availability").ask(limited, ids))[3] == 98
