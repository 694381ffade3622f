"""Tickets for browsers, which cannot set headers on an EventSource."""

from urllib.parse import urlsplit

import httpx
import pytest
from redis import Redis

from accounts.permissions import Role
from accounts.tokens import close_sign_in, open_sign_in
from mcp_integration.streams.tickets import _key
from tenants.context import inside
from tests.conftest import make_api_key
from tests.mcp_integration.streams.conftest import numbered, numbers
from tests.support.streaming import Reader, listening
from tests.support.valve import Valve


def asked(server, headers, params=None) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.post(f"{server.url}/api/mcp/tickets", headers=headers, params=params)


def by_ticket(server, ticket) -> Reader:
    return Reader(server.url, params={"ticket": ticket})


def test_a_ticket_opens_one_stream_with_what_its_credential_may_hear(server, key):
    answer = asked(server, {"X-API-Key": key})
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"ticket": answer.json()["ticket"], "expires_in": 30}

    with listening(by_ticket(server, answer.json()["ticket"])) as client:
        numbered(2)
        client.wait_for(lambda heard: numbers(heard) == [0, 1])


def test_a_ticket_is_good_for_one_use(server, key):
    ticket = asked(server, {"X-API-Key": key}).json()["ticket"]
    with by_ticket(server, ticket).open():
        pass

    with (
        pytest.raises(AssertionError, match=r"401.*AUTH_INVALID.*wrong_ticket"),
        by_ticket(server, ticket).open(),
    ):
        pass


def test_of_many_who_come_with_one_ticket_one_is_let_in(server, key):
    ticket = asked(server, {"X-API-Key": key}).json()["ticket"]
    let_in = 0
    for _ in range(5):
        try:
            with by_ticket(server, ticket).open():
                let_in += 1
        except AssertionError:
            continue
    assert let_in == 1


@pytest.mark.parametrize("ticket", ["", "x", "x" * 43, "x" * 5000])
def test_what_is_no_ticket_opens_nothing(server, ticket):
    with pytest.raises(AssertionError, match="401"), by_ticket(server, ticket).open():
        pass


def test_redis_keeps_a_ticket_for_half_a_minute_and_does_not_see_whose_it_is(
    server, settings, fresh_hospital, fresh_people
):
    user = fresh_people.nurse
    with inside(fresh_hospital):
        token = open_sign_in(user).access_token
    ticket = asked(server, {"Authorization": f"Bearer {token}"}).json()["ticket"]

    with Redis.from_url(settings.REDIS_URL, decode_responses=True) as redis:
        kept, left = redis.get(_key(ticket)), redis.ttl(_key(ticket))
    assert 0 < left <= 30
    for secret in (ticket, token, str(user.pk), user.email, "nurse", fresh_hospital.subdomain):
        assert secret not in kept
        assert secret not in _key(ticket).removeprefix("nadmor:ticket:").partition(":")[2]
    with listening(by_ticket(server, ticket)):
        pass


def test_a_ticket_is_worth_no_more_than_the_sign_in_behind_it(server, fresh_hospital, fresh_people):
    with inside(fresh_hospital):
        pair = open_sign_in(fresh_people.by_role(Role.NURSE))
    ticket = asked(server, {"Authorization": f"Bearer {pair.access_token}"}).json()["ticket"]
    close_sign_in(pair.refresh_token)

    with pytest.raises(AssertionError, match=r"401.*wrong_token"), by_ticket(server, ticket).open():
        pass


def test_a_ticket_needs_credentials_and_a_hospital_of_theirs(server, fresh_hospital):
    assert asked(server, {}).status_code == 401
    key = make_api_key(fresh_hospital, "read:bookings")
    assert asked(server, {"X-API-Key": key}, {"subdomain": "ploy"}).status_code == 404
    assert asked(server, {"X-API-Key": key}, {"hospital_id": "no-id"}).status_code == 400


def test_without_redis_there_are_no_tickets_and_the_answer_says_to_come_again(server, key, settings):
    parts = urlsplit(settings.REDIS_URL)
    with Valve((parts.hostname, parts.port)) as valve:
        valve.shut()
        there = parts.netloc.replace(str(parts.port), str(valve.port))
        settings.REDIS_URL = parts._replace(netloc=there).geturl()
        answer = asked(server, {"X-API-Key": key})

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "SERVER_ERROR"
    assert answer.json()["error"]["details"]["reason"] == "tickets_away"
    assert answer.headers["retry-after"]
