"""Tokens that somebody else made or changed: each is a 401, and nothing happens."""

import base64
import hashlib
import hmac
import json
import uuid
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.conf import settings

from core import clock
from tests.api.contract import checked
from tests.api.operations import operation
from tests.api.signing_in import PLOY, Program
from tests.api.stored import nothing_stored
from tests.api.wire import refusal
from tests.support.rest import Rest


@pytest.fixture
def token(people) -> str:
    return Program(PLOY).tokens(people.admin.email)["access_token"]


@pytest.fixture
def nobody(hospital) -> Rest:
    return checked(Rest(hospital, None))


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def signed(claims: Any, *, key: str = "", digest: str = "sha256", **header: Any) -> str:
    """A token with this header and these claims, signed by HMAC with our key unless told otherwise."""
    text = f"{encoded({'typ': 'JWT', 'alg': 'HS256', **header})}.{encoded(claims)}"
    mark = hmac.new((key or settings.JWT_SECRET).encode(), text.encode(), digest).digest()
    return f"{text}.{encoded(mark)}"


def unsigned(claims: dict[str, Any], alg: Any) -> str:
    return f"{encoded({'typ': 'JWT', 'alg': alg})}.{encoded(claims)}."


def later(**by: int) -> int:
    return clock.to_epoch(clock.now() + timedelta(**by))


# Each makes a forgery out of a good token's text and claims.
FORGERIES = {
    "alg none": lambda _, said: unsigned(said, "none"),
    "alg None": lambda _, said: unsigned(said, "None"),
    "alg nOnE": lambda _, said: unsigned(said, "nOnE"),
    "alg empty": lambda _, said: unsigned(said, ""),
    "alg null": lambda _, said: unsigned(said, None),
    "alg none, signed": lambda _, said: signed(said, alg="none"),
    "alg a list": lambda _, said: signed(said, alg=["HS256"]),
    "no alg": lambda _, said: f"{encoded({'typ': 'JWT'})}.{encoded(said)}.{signed(said).rpartition('.')[2]}",
    "HS384 with our key": lambda _, said: signed(said, alg="HS384", digest="sha384"),
    "HS512 with our key": lambda _, said: signed(said, alg="HS512", digest="sha512"),
    "RS256, signed as HS256": lambda _, said: signed(said, alg="RS256"),
    "ES256, signed as HS256": lambda _, said: signed(said, alg="ES256"),
    "hs256 in lower case": lambda _, said: signed(said, alg="hs256"),
    "another key": lambda _, said: signed(said, key="another-key-of-more-than-32-characters"),
    "the key of sessions": lambda _, said: signed(said, key=settings.SECRET_KEY),
    "an empty key": lambda _, said: signed(said, key="\x00"),
    "another key, and a path to it": lambda _, said: signed(said, key="x" * 40, kid="../../../dev/null"),
    "another key, and SQL for it": lambda _, said: signed(said, key="x" * 40, kid="' UNION SELECT 'x"),
    "another key, brought along": lambda _, said: signed(
        said, key="x" * 40, jwk={"kty": "oct", "k": encoded(b"x" * 40)}
    ),
    "another key, at an address": lambda _, said: signed(said, key="x" * 40, jku="http://127.0.0.1:9/keys"),
    "an extension that must be understood": lambda _, said: signed(said, crit=["exp"]),
    "no signature": lambda text, _: text.rpartition(".")[0] + ".",
    "no part for a signature": lambda text, _: text.rpartition(".")[0],
    "half a signature": lambda text, _: text[:-22],
    "a signature of another token": lambda text, said: (
        text.rpartition(".")[0] + "." + signed({**said, "jti": "x"}).rpartition(".")[2]
    ),
    "a fourth part": lambda text, _: f"{text}.{encoded('x')}",
    "the claims of another hospital under the old signature": lambda text, said: ".".join(
        (text.split(".")[0], encoded({**said, "hospital_id": str(uuid.uuid4())}), text.split(".")[2])
    ),
    "a better role under the old signature": lambda text, said: ".".join(
        (
            text.split(".")[0],
            encoded({**said, "role": "ADMIN", "user_id": str(uuid.uuid4())}),
            text.split(".")[2],
        )
    ),
    "run out": lambda _, said: signed({**said, "exp": later(seconds=-31)}),
    "never runs out": lambda _, said: signed({**said, "exp": None}),
    "runs out at a word": lambda _, said: signed({**said, "exp": "tomorrow"}),
    "not yet made": lambda _, said: signed({**said, "iat": later(seconds=60)}),
    "not yet good": lambda _, said: signed({**said, "nbf": later(seconds=60)}),
    "of another issuer": lambda _, said: signed({**said, "iss": "elsewhere.example"}),
    "of no issuer": lambda _, said: signed({**said, "iss": None}),
    "for another audience": lambda _, said: signed({**said, "aud": "webhooks"}),
    "for several audiences": lambda _, said: signed({**said, "aud": ["nadmor", "webhooks"]}),
    "no user": lambda _, said: signed({**said, "user_id": str(uuid.uuid4())}),
    "a user by no UUID": lambda _, said: signed({**said, "user_id": "1 OR 1=1"}),
    "a user by a number": lambda _, said: signed({**said, "user_id": 1}),
    "no sign-in": lambda _, said: signed({**said, "sid": str(uuid.uuid4())}),
    "a hospital by no UUID": lambda _, said: signed({**said, "hospital_id": "ploy"}),
    "of the platform, with the user of a hospital": lambda _, said: signed({**said, "hospital_id": None}),
    "claims that are a list": lambda _, said: signed([said]),
    "claims that are no JSON": lambda *_: signed(b"{"),
    "deep claims": lambda *_: signed(b"[" * 900 + b"]" * 900),
    "a deep header": lambda text, _: ".".join((encoded(b"[" * 1100), *text.split(".")[1:])),
    "nothing": lambda *_: "",
    "dots": lambda *_: "..",
    "words": lambda *_: "not a token",
    "Thai": lambda *_: "ก.ข.ค".encode().decode("latin-1"),
    "a key": lambda *_: "nadmor_" + "0" * 10 + "_" + "0" * 32 + "_" + "0" * 6,
    "very long": lambda text, _: text + "A" * 100_000,
}
for _name in ("iss", "aud", "iat", "exp", "jti", "sid", "user_id", "email", "role", "hospital_id"):
    FORGERIES[f"without {_name}"] = lambda _, said, name=_name: signed(
        {claim: value for claim, value in said.items() if claim != name}
    )


@pytest.mark.parametrize("what", FORGERIES)
def test_a_token_that_we_did_not_sign_as_it_is_opens_nothing(nobody, ids, token, what):
    forged = FORGERIES[what](token, read(token))

    with nothing_stored():
        answer = operation("create").ask(nobody, ids, authorization=f"Bearer {forged}")

    assert refusal(answer, 401, "AUTH_INVALID") == {"reason": "wrong_token"}
    assert answer["WWW-Authenticate"] == 'ApiKey, Bearer realm="NadMor"'


def test_the_way_these_tokens_are_made_makes_good_ones_too(nobody, ids, token):
    good = signed(read(token))

    assert operation("event-types").ask(nobody, ids, authorization=f"Bearer {good}").status_code == 200


def test_clocks_may_differ_by_half_a_minute(nobody, ids, token):
    for moved in ({"exp": later(seconds=-25)}, {"iat": later(seconds=25)}):
        askew = signed({**read(token), **moved})
        assert operation("event-types").ask(nobody, ids, authorization=f"Bearer {askew}").status_code == 200


def test_a_hospital_claim_of_another_that_is_signed_is_not_found_here_and_nobody_there(
    other_hospital, nobody, ids, token
):
    """Somebody who has our key: even then a user of one hospital is nobody in another."""
    moved = signed({**read(token), "hospital_id": str(other_hospital.uuid)})

    with nothing_stored():
        answer = operation("create").ask(nobody, ids, authorization=f"Bearer {moved}")
        there = Program(PLOY).get(moved, subdomain="rama")

    refusal(answer, 404, "RESOURCE_NOT_FOUND", "hospital_not_found")
    refusal(there, 401, "AUTH_INVALID", "wrong_token")


def test_what_the_token_says_of_a_role_gives_none(nobody, ids, people, hospital):
    token = Program(PLOY).tokens(people.patient.email)["access_token"]
    better = signed({**read(token), "role": "ADMIN"})

    assert operation("look-up").ask(nobody, ids, authorization=f"Bearer {better}").status_code == 404


def test_our_own_signature_is_the_one_of_the_standard(token):
    text, _dot, mark = token.rpartition(".")

    assert mark == encoded(hmac.new(settings.JWT_SECRET.encode(), text.encode(), hashlib.sha256).digest())
