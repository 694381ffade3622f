"""The backstop: what looks like somebody's number, address or secret does not get through."""

import pytest

from apikeys.secrets import make_key
from observing.masking import LONGEST, masked

PERSONAL = {
    "a mobile number": "0812345678",
    "with hyphens": "081-234-5678",
    "international": "+66 81 234 5678",
    "in brackets": "(02) 123 4567",
    "with a prefix in brackets": "+66(0)812345678",
    "in Thai digits": "๐๘๑๒๓๔๕๖๗๘",
    "a national id": "1103700123456",
    "a national id with hyphens": "1-1037-00123-45-6",
    "an e-mail": "somchai.j@mail.example.org",
    "an e-mail in Thai": "สมชาย@ตัวอย่าง.ไทย",
    "an API key": make_key().text,
    "a webhook's secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "a JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r",
    "a JWT without signature": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "a bearer": "Bearer abcdef0123456789",
    "a bot's token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "a password in a URL": "postgresql://nadmor:hunter22@db/nadmor",
}


@pytest.mark.parametrize("text", PERSONAL.values(), ids=PERSONAL)
def test_what_looks_personal_or_secret_is_masked(text):
    out = masked(f"before {text}, after")

    assert text not in out
    assert "hunter22" not in out
    assert out.startswith("before ")
    assert out.endswith(", after")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T10:33:52.123Z",
        "2026-11-21 10:33",
        "job 12345 of kind event failed: ValueError at relay.py:30",
        "6f1c0f6e-1111-4222-8333-123456789012",
        "0f8fad5bd9cb469fa16570867728950e",
        "api/v1/tenants/<str:subdomain>/booking/<reference:reference>",
        "no hint to the workers: ConnectionError",
        "Listening at: http://127.0.0.1:18473 (75551)",
        "kZ8fQ2mN1x",
    ],
)
def test_what_we_say_ourselves_stays(text):
    assert masked(text) == text


def test_a_line_break_cannot_forge_a_line():
    assert masked("one\r\ntwo\u2028three\x1b[31m\u202e") == r"one\r\ntwo\u2028three\x1b[31m\u202e"


def test_a_long_text_is_cut():
    assert len(masked("no " * LONGEST)) == LONGEST
