import time

import pytest
import redis
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction

from apikeys.keys import check_key
from apikeys.limits import (
    Spender,
    TooManyRequests,
    by_address,
    by_key,
    by_user,
    forget_limits,
    limits_degraded,
    spend,
)
from apikeys.models import ApiKey, RateLimit
from apikeys.policies import BY_ADDRESS, BY_KEY, NAMES, POLICIES, Rate
from core.errors import Kind
from tests.apikeys.spending import passed, somebody
from tests.conftest import make_limited_key
from tests.support.statements import counted


def test_the_usual_limits_are_those_of_the_specification():
    assert (POLICIES["availability"], POLICIES["booking"]) == (Rate(100, 3600), Rate(10, 60))
    assert set(POLICIES) == {*BY_KEY, *BY_ADDRESS, "hospital"}
    assert set(NAMES) == set(POLICIES) - {"anonymous"}


def test_as_many_pass_as_the_limit_says_and_each_is_told_what_is_left():
    who = somebody()

    left = [spend("booking", who).remaining for _ in range(10)]

    assert left == list(range(9, -1, -1))
    with pytest.raises(TooManyRequests) as caught:
        spend("booking", who)
    refusal = caught.value
    assert (refusal.kind, refusal.reason) == (Kind.LIMITED, "too_many_requests")
    retry_after = refusal.data["retry_after"]
    assert refusal.data == {"retry_after": retry_after, "policy": "booking", "limit": 10, "window": 60}
    assert 50 <= retry_after <= 60


def test_whoever_waits_as_long_as_told_passes_again():
    who = somebody(reading=Rate(2, 2))
    assert passed("reading", who, tries=2) == 2
    with pytest.raises(TooManyRequests) as caught:
        spend("reading", who)
    assert caught.value.data["retry_after"] in (1, 2)

    time.sleep(caught.value.data["retry_after"])

    assert spend("reading", who).remaining in (0, 1)


def test_what_is_refused_does_not_count():
    who = somebody(reading=Rate(1, 1))
    spend("reading", who)
    end = time.monotonic() + 0.9
    while time.monotonic() < end:
        assert passed("reading", who, tries=1) == 0
        time.sleep(0.1)

    time.sleep(0.3)

    assert passed("reading", who, tries=1) == 1


def test_policies_and_spenders_are_counted_apart():
    who, other = somebody(), somebody()
    assert passed("booking", who, tries=12) == 10

    assert passed("holding", who, tries=12) == 10
    assert passed("booking", other, tries=12) == 10


def test_whoever_is_unlimited_is_not_counted():
    who = Spender("key:free", is_unlimited=True)

    assert [spend("booking", who) for _ in range(20)] == [None] * 20


# ── limits of one's own ───────────────────────────────────────────────────────
def key_of(hospital, **more) -> ApiKey:
    return check_key(make_limited_key(hospital))


def test_a_keys_own_limit_comes_before_its_hospitals_and_that_before_the_usual(hospital):
    text = make_limited_key(hospital)
    RateLimit.objects.create(hospital=hospital, policy="booking", amount=3, seconds=60)
    RateLimit.objects.create(hospital=hospital, policy="reading", amount=4, seconds=60)
    RateLimit.objects.create(
        key=ApiKey.objects.get(public_id=text.split("_")[1]), policy="booking", amount=2, seconds=60
    )
    own, others = by_key(check_key(text)), by_key(key_of(hospital))

    assert passed("booking", own, tries=20) == 2
    assert passed("booking", others, tries=20) == 3
    assert (passed("reading", own, tries=20), passed("reading", others, tries=20)) == (4, 4)
    assert passed("holding", own, tries=20) == 10


def test_another_hospitals_limit_is_not_ours(hospital, other_hospital):
    RateLimit.objects.create(hospital=other_hospital, policy="booking", amount=1, seconds=60)

    assert passed("booking", by_key(key_of(hospital)), tries=20) == 10


def test_people_and_addresses_have_their_hospitals_limits(hospital, people):
    RateLimit.objects.create(hospital=hospital, policy="reading", amount=1, seconds=60)
    RateLimit.objects.create(hospital=hospital, policy="login", amount=2, seconds=60)

    assert passed("reading", by_user(people.admin.pk, hospital), tries=5) == 1
    assert passed("login", by_address("203.0.113.7", hospital), tries=5) == 2


def test_a_key_of_the_platform_has_the_limits_of_the_hospital_that_it_asks(hospital):
    RateLimit.objects.create(hospital=hospital, policy="booking", amount=1, seconds=60)
    platforms = check_key(make_limited_key(None))

    assert passed("booking", by_key(platforms, hospital), tries=20) == 1


def test_limits_come_with_the_key_and_cost_no_statement_of_their_own(hospital):
    text = make_limited_key(hospital)
    RateLimit.objects.create(hospital=hospital, policy="booking", amount=3, seconds=60)
    with counted() as first:
        spend("booking", by_key(check_key(text)))
    with counted() as again:
        spend("booking", by_key(check_key(text)))

    # The key with its hospital and limits, and its last use.
    assert (len(first), len(again)) == (2, 0)


def test_a_hospital_as_a_whole_has_a_ceiling_that_refused_requests_do_not_use_up(hospital):
    RateLimit.objects.create(hospital=hospital, policy="hospital", amount=12, seconds=60)
    greedy, modest = by_key(key_of(hospital)), by_key(key_of(hospital))

    assert passed("booking", greedy, tries=50) == 10
    assert passed("booking", modest, tries=1) == 1
    assert passed("reading", modest, tries=5) == 1
    with pytest.raises(TooManyRequests) as caught:
        spend("reading", modest)
    assert caught.value.data["policy"] == "hospital"


def test_the_ceiling_of_one_hospital_stops_no_other(hospital, other_hospital):
    RateLimit.objects.create(hospital=hospital, policy="hospital", amount=1, seconds=60)
    assert passed("reading", by_key(key_of(hospital)), tries=3) == 1

    assert passed("reading", by_key(key_of(other_hospital)), tries=3) == 3


def test_a_limit_that_is_forgotten_is_read_again(hospital):
    who = lambda: by_address("203.0.113.7", hospital)  # noqa: E731
    assert spend("login", who()).rate == POLICIES["login"]
    RateLimit.objects.create(hospital=hospital, policy="login", amount=5, seconds=60)
    assert spend("login", who()).rate == POLICIES["login"]

    forget_limits()

    assert spend("login", who()).rate == Rate(5, 60)


@pytest.mark.parametrize(
    ("owner", "fields", "constraint"),
    [
        ("nobody", {}, "rate_limit_has_one_owner"),
        ("both", {}, "rate_limit_has_one_owner"),
        ("hospital", {"amount": 0}, "rate_limit_is_possible"),
        ("hospital", {"seconds": 0}, "rate_limit_is_possible"),
        ("key", {"seconds": 86_401}, "rate_limit_is_possible"),
        ("key", {"policy": "hospital"}, "rate_limit_of_a_key_is_one_that_keys_have"),
    ],
)
def test_the_database_refuses_a_limit_that_cannot_be(hospital, owner, fields, constraint):
    owners = {"hospital": hospital, "key": key_of(hospital)}
    of = {name: row for name, row in owners.items() if owner in (name, "both")}

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        RateLimit.objects.create(**{"policy": "booking", "amount": 1, "seconds": 60, **of, **fields})

    assert caught.value.__cause__.diag.constraint_name == constraint


@pytest.mark.parametrize("owner", ["hospital", "key"])
def test_one_owner_has_one_limit_of_a_policy(hospital, owner):
    of = {owner: hospital if owner == "hospital" else key_of(hospital)}
    RateLimit.objects.create(policy="booking", amount=1, seconds=60, **of)

    with pytest.raises(IntegrityError), transaction.atomic():
        RateLimit.objects.create(policy="booking", amount=2, seconds=60, **of)


# ── in Redis ──────────────────────────────────────────────────────────────────
def keys_in_redis() -> list[str]:
    with redis.Redis.from_url(django_settings.REDIS_URL, decode_responses=True) as client:
        return list(client.scan_iter(f"nadmor:limits:{connection.settings_dict['NAME']}:*"))


def test_nothing_in_redis_tells_an_address_a_person_or_a_key(hospital, people):
    text = make_limited_key(hospital)
    spend("reading", by_key(check_key(text)))
    spend("reading", by_user(people.admin.pk, hospital))
    spend("login", by_address("203.0.113.7", hospital))

    found = "\n".join(keys_in_redis())

    assert len(found.splitlines()) == 4
    assert text.split("_")[1] in found
    told = ("203.0.113.7", str(people.admin.pk), people.admin.email, *text.split("_")[2:], "ploy")
    assert not [one for one in told if one in found]


def test_what_is_counted_in_redis_goes_by_itself():
    spend("reading", somebody(reading=Rate(5, 1)))
    assert len(keys_in_redis()) == 1

    time.sleep(2.1)

    assert keys_in_redis() == []


def test_a_server_that_forgot_the_scripts_is_taught_them_again():
    who = somebody()
    spend("booking", who)
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        client.script_flush()

    assert spend("booking", who).remaining == 8
    assert not limits_degraded()
