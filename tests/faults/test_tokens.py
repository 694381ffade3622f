"""Tokens over real HTTP: a refresh token is good for one pair, and a forged or foreign token for nothing."""

import base64
import itertools
import json
from collections import Counter

from tests.faults.clients import call, many

TRIES, AT_ONCE = 5, 16
_addresses = (f"198.51.100.{number}" for number in itertools.count(1))


def ask(platform, path, body=None, *, method="POST", host="ploy.localhost", **headers):
    """One request, each from an address of its own, so that no limit by address answers in its place."""
    headers = {"X-Forwarded-For": next(_addresses), "Accept-Language": "en", **headers}
    return call(platform.port, method, path, body, host=host, **headers)


def sign_in(platform):
    who = platform.places["ploy"]["desk"]
    answer = ask(platform, "/api/auth/login/", who)
    assert answer.status == 200, answer
    return answer.body


def read(platform, token, subdomain="ploy"):
    path = f"/api/v1/tenants/{subdomain}/booking/event-types"
    return ask(platform, path, method="GET", Authorization=f"Bearer {token}").status


def test_of_sixteen_uses_of_one_refresh_token_one_gives_a_pair(platform, note):
    for _ in range(TRIES):
        body = {"refresh_token": sign_in(platform)["refresh_token"]}
        answers = many([lambda: ask(platform, "/api/auth/refresh/", body)] * AT_ONCE, threads=AT_ONCE)  # noqa: B023

        assert Counter(one.status for one in answers) == {200: 1, 401: AT_ONCE - 1}
        pair = next(one.body for one in answers if one.status == 200)
        assert read(platform, pair["access_token"]) == 200
    note(f"the same refresh token {AT_ONCE} times at once", tries=TRIES, besides="one pair each time")


def unsigned(token):
    """The token with another header and no signature."""
    _, claims, _ = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "==="))
    return f"{packed({'alg': 'none', 'typ': 'JWT'})}.{packed(said)}."


def packed(part):
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def test_a_token_without_signature_or_of_another_hospital_opens_nothing(platform, note):
    token = sign_in(platform)["access_token"]
    head, claims, signature = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "==="))
    rama = platform.sql("SELECT id::text FROM tenants_hospital WHERE subdomain = 'rama'")[0][0]
    other = {**said, **{name: rama for name in said if "hospital" in name}}
    moved = packed(other)

    assert read(platform, token) == 200
    assert read(platform, unsigned(token)) == 401
    assert read(platform, f"{head}.{moved}.{signature}") == 401
    assert read(platform, f"{head}.{moved}.{signature}", subdomain="rama") == 401
    assert read(platform, token, subdomain="rama") in (403, 404)
    note("tokens unsigned, with changed claims, of another hospital", tries=4, besides="401, 403 or 404")
