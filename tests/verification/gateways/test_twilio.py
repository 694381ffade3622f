"""Twilio checks its own codes."""

import pytest

from tests.verification.ages import other_than
from tests.verification.conftest import ABOUT, PHONE
from verification.actions import check_code, send_code
from verification.errors import CodeExpired, GatewayAway, TooManyTries, WrongCode
from verification.gateways.base import NotSent, Unavailable
from verification.gateways.twilio import Twilio
from verification.models import PhoneChallenge


@pytest.fixture
def twilio(gateways, settings):
    settings.SMS_GATEWAY = ["twilio"]
    return gateways


@pytest.fixture
def code(twilio, db):
    """Twilio's code, on its way by our verb."""
    send_code(**ABOUT, language="th")
    return twilio.sent[-1].text


def test_the_message_is_in_the_persons_language(twilio, code):
    assert twilio.sent[-1].language == "th"


def test_the_row_names_the_verification_and_holds_no_code_of_ours(twilio, code):
    row = PhoneChallenge.objects.get()

    assert (row.gateway, row.code_key) == ("twilio", "")
    assert row.gateway_reference in twilio.verifications


def test_twilios_code_is_taken_once(code):
    check_code(**ABOUT, code=code)

    with pytest.raises(CodeExpired):
        check_code(**ABOUT, code=code)


def test_a_wrong_code_counts_with_us_as_with_twilio(twilio, code):
    for number in range(1, 5):
        with pytest.raises(WrongCode):
            check_code(**ABOUT, code=other_than(code, number))
    with pytest.raises(TooManyTries):
        check_code(**ABOUT, code=other_than(code, 5))

    assert next(iter(twilio.verifications.values())).tried == 5


def test_what_is_no_code_is_not_sent_to_twilio(twilio, code):
    with pytest.raises(WrongCode):
        check_code(**ABOUT, code="12ab")

    assert len(twilio.requests) == 1


def test_a_verification_that_twilio_has_forgotten_opens_nothing(twilio, code):
    twilio.expire()

    with pytest.raises(WrongCode):
        check_code(**ABOUT, code=code)


def test_twilio_away_is_no_wrong_code(twilio, code):
    twilio.fault("twilio", "503")
    with pytest.raises(GatewayAway):
        check_code(**ABOUT, code=code)
    twilio.mend("twilio")

    check_code(**ABOUT, code=code)


def test_a_code_of_twilios_is_checked_there_after_another_gateway_was_named(settings, code):
    settings.SMS_GATEWAY = ["console"]

    check_code(**ABOUT, code=code)


def test_twilio_sends_five_times_at_most(twilio):
    for _ in range(5):
        Twilio().send(PHONE, "", "", "en")

    with pytest.raises(NotSent, match="429 60203"):
        Twilio().send(PHONE, "", "", "en")


def test_twilio_checks_five_times_at_most(twilio):
    sid = Twilio().send(PHONE, "", "", "en")
    code = twilio.sent[-1].text
    assert not any(Twilio().check(sid, PHONE, other_than(code, number)) for number in range(1, 6))

    assert not Twilio().check(sid, PHONE, code)


def test_twilio_refuses_land_lines(twilio):
    twilio.landlines.add(PHONE)

    with pytest.raises(NotSent, match="403 60205"):
        Twilio().send(PHONE, "", "", "en")


def test_a_check_that_twilio_refuses_is_no_answer(twilio, settings):
    sid = Twilio().send(PHONE, "", "", "en")
    settings.TWILIO_AUTH_TOKEN = "wrong"

    with pytest.raises(Unavailable, match="401 20003"):
        Twilio().check(sid, PHONE, "123456")
