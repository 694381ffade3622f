"""Signatures, held against the `standardwebhooks` package as an independent verifier."""

import base64
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from webhooks.signature import new_secret, sign

BODY = '{"event": "booking.created", "data": {"title": "ตรวจ"}}'.encode()


def signed(*secrets: str, sent_at: datetime | None = None, body: bytes = BODY) -> dict[str, str]:
    return sign(secrets, message_id="msg_1", sent_at=sent_at or datetime.now(UTC), body=body)


def test_a_secret_is_thirty_two_random_bytes_in_the_conventions_form():
    secrets = {new_secret() for _ in range(20)}

    assert len(secrets) == 20
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32


def test_an_independent_verifier_accepts_what_we_sign():
    secret = new_secret()

    assert Webhook(secret).verify(BODY, signed(secret))["event"] == "booking.created"


def test_the_headers_name_the_message_and_the_second_of_this_attempt():
    secret, sent_at = new_secret(), datetime(2026, 11, 20, 10, 0, 0, 999_999, tzinfo=UTC)

    headers = signed(secret, sent_at=sent_at)

    assert set(headers) == {"webhook-id", "webhook-timestamp", "webhook-signature"}
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_1", "1795168800")
    assert headers["webhook-signature"] == Webhook(secret).sign("msg_1", sent_at, BODY.decode())


@pytest.mark.parametrize("zone", ["Asia/Bangkok", "America/New_York", "UTC"])
def test_the_zone_of_the_moment_does_not_matter(zone):
    secret = new_secret()

    Webhook(secret).verify(BODY, signed(secret, sent_at=datetime.now(ZoneInfo(zone))))


def test_while_a_secret_rotates_either_verifies_and_after_that_the_new_one_alone():
    old, new = new_secret(), new_secret()

    for secret in (old, new):
        Webhook(secret).verify(BODY, signed(new, old))
    Webhook(new).verify(BODY, signed(new))
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(BODY, signed(new))


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(datetime.now(UTC).timestamp()) - 60)},
        {"webhook-signature": "v1," + base64.b64encode(bytes(32)).decode()},
        {"webhook-signature": ""},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_changed_header_does_not_verify(changed):
    secret = new_secret()

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, {**signed(secret), **changed})


def test_a_changed_body_does_not_verify():
    secret = new_secret()

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY.replace(b"created", b"creatad"), signed(secret))


@pytest.mark.parametrize("age", [timedelta(minutes=5, seconds=5), -timedelta(minutes=5, seconds=5)])
def test_a_message_out_of_its_time_does_not_verify(age):
    secret = new_secret()

    with pytest.raises(WebhookVerificationError, match="timestamp too"):
        Webhook(secret).verify(BODY, signed(secret, sent_at=datetime.now(UTC) - age))


def test_another_endpoints_secret_does_not_verify():
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, signed(new_secret()))
