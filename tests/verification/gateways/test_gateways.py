"""What all gateways have in common: how they fail, and what they never do."""

import time

import pytest

from config.settings import telegram
from tests.support.sms import CREDENTIALS
from verification.gateways import GATEWAYS, wire
from verification.gateways.base import NotSent, Unavailable

PHONE = "+66812345678"
REMOTE = ["twilio", "thaibulksms", "smsmkt", "telegram"]


def send(name, phone=PHONE, text="NadMor code: 123456", code="123456", language="en"):
    return GATEWAYS[name].send(phone, text, code, language)


@pytest.mark.parametrize("name", REMOTE)
def test_a_message_reaches_its_phone(gateways, name):
    reference = send(name)

    [sms] = gateways.sent
    assert (sms.gateway, sms.phone) == (name, PHONE)
    assert reference


@pytest.mark.parametrize("name", ["thaibulksms", "smsmkt"])
def test_thai_arrives_as_it_was_written(gateways, name):
    send(name, text="รหัส 123456 & ห้ามบอกใคร+")

    assert gateways.sent[-1].text == "รหัส 123456 & ห้ามบอกใคร+"


@pytest.mark.parametrize("setting", [
    "TWILIO_AUTH_TOKEN", "TWILIO_VERIFY_SERVICE_SID", "THAIBULKSMS_SECRET", "SMSMKT_SECRET_KEY",
    "TELEGRAM_GATEWAY_TOKEN",
])  # fmt: skip
def test_wrong_credentials_are_a_refusal(gateways, settings, setting):
    setattr(settings, setting, "wrong")
    name = next(name for name, gateway in GATEWAYS.items() if setting in gateway.needs)

    with pytest.raises(NotSent) as caught:
        send(name)
    assert not caught.value.may_have_gone
    assert gateways.sent == []


@pytest.mark.parametrize("name", ["thaibulksms", "smsmkt"])
def test_an_account_without_credit_is_a_refusal(gateways, name):
    gateways.credit = 0

    with pytest.raises(NotSent) as caught:
        send(name)
    assert not caught.value.may_have_gone


@pytest.mark.parametrize("name", ["thaibulksms", "smsmkt"])
def test_a_number_that_is_not_thai_is_a_refusal(gateways, name):
    with pytest.raises(NotSent) as caught:
        send(name, phone="+447911123456")
    assert not caught.value.may_have_gone


@pytest.mark.parametrize("name", REMOTE)
@pytest.mark.parametrize(
    ("kind", "may_have_gone"),
    [("400", False), ("429", False), ("500", True), ("503", True), ("redirect", False), ("junk", False),
     ("flood", False), ("drop", True)],
)  # fmt: skip
def test_a_gateway_that_fails_raises_one_thing(gateways, name, kind, may_have_gone):
    gateways.fault(name, kind)

    with pytest.raises(NotSent) as caught:
        send(name)
    assert caught.value.may_have_gone is may_have_gone
    assert "812345678" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert gateways.requests == [], "no redirect was followed"


@pytest.mark.parametrize("name", REMOTE)
def test_a_gateway_that_hangs_is_left(gateways, monkeypatch, name):
    monkeypatch.setattr(wire, "WHOLE", 0.3)
    gateways.fault(name, "hang")
    began = time.monotonic()

    with pytest.raises(NotSent) as caught:
        send(name)
    assert (caught.value.word, caught.value.may_have_gone) == ("timeout", True)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("name", REMOTE)
def test_a_gateway_that_is_not_there_took_nothing(gateways, settings, name):
    setting = "TELEGRAM_GATEWAY_BASE_URL" if name == "telegram" else f"{name.upper()}_BASE_URL"
    setattr(settings, setting, "http://127.0.0.1:1")

    with pytest.raises(NotSent) as caught:
        send(name)
    assert (caught.value.word, caught.value.may_have_gone) == ("no_connection", False)


@pytest.mark.parametrize("name", ["console", "thaibulksms", "smsmkt", "telegram"])
def test_a_gateway_that_sends_our_codes_knows_none(name):
    assert GATEWAYS[name].check("reference", PHONE, "123456") is False


@pytest.mark.parametrize("name", GATEWAYS)
def test_what_a_gateway_needs_is_a_setting(settings, name):
    assert all(hasattr(settings, setting) and setting in CREDENTIALS for setting in GATEWAYS[name].needs)


def test_the_console_is_silent_where_it_is_not_allowed(settings, capsys):
    settings.SMS_CONSOLE_ALLOWED = False

    with pytest.raises(Unavailable):
        send("console")
    assert capsys.readouterr().err == ""


def test_in_production_the_console_cannot_be_allowed():
    assert telegram.SMS_CONSOLE_ALLOWED is False


def test_without_a_name_of_ours_thaibulksms_sends_under_the_accounts(gateways, settings):
    settings.THAIBULKSMS_SENDER = ""
    send("thaibulksms")

    assert b"sender" not in gateways.requests[-1].body


def test_telegram_gets_the_code_and_how_long_it_is_good(gateways):
    send("telegram")

    assert gateways.sent[-1].text == "123456"
    assert b'"ttl": 300' in gateways.requests[-1].body


def test_telegram_refuses_who_has_no_telegram(gateways):
    gateways.without_telegram.add(PHONE)

    with pytest.raises(NotSent, match="PHONE_NUMBER_NOT_AVAILABLE"):
        send("telegram")
