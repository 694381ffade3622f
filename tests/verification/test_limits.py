from datetime import timedelta

import pytest

from core import clock
from tests.verification.ages import let_pass
from tests.verification.conftest import ABOUT
from verification.actions import send_code
from verification.errors import CodeTooSoon, GatewayAway, TooManyCodes
from verification.models import PhoneChallenge

pytestmark = pytest.mark.django_db


def send(number: int = 0, phone: int = 0) -> None:
    """A code for a subject to a phone."""
    about = {**ABOUT, "subject": f"telegram:{number}", "phone": f"+668123456{phone:02d}"}
    send_code(**about, language="en")


def test_between_two_sendings_lies_a_minute():
    send()
    with pytest.raises(CodeTooSoon) as caught:
        send()

    wait = caught.value.again_at - clock.now()
    assert timedelta(seconds=30) < wait <= timedelta(seconds=60)
    let_pass(seconds=61)
    send()


@pytest.mark.parametrize(("number", "phone"), [(0, 1), (1, 0)], ids=["subject", "phone"])
def test_the_minute_holds_for_the_person_and_for_the_number(number, phone):
    send()

    with pytest.raises(CodeTooSoon):
        send(number, phone)


def test_another_purpose_does_not_shorten_the_minute():
    send()

    with pytest.raises(CodeTooSoon):
        send_code(**{**ABOUT, "subject": "telegram:0", "purpose": "other"}, language="en")


def test_a_number_gets_three_codes_in_a_quarter_of_an_hour():
    for number in range(3):
        send(number)
        let_pass(minutes=2)
    with pytest.raises(TooManyCodes):
        send(3)

    let_pass(minutes=11)
    send(3)


def test_a_number_gets_ten_codes_a_day():
    for number in range(10):
        send(number)
        let_pass(minutes=16)
    with pytest.raises(TooManyCodes):
        send(11)

    let_pass(hours=24 - 2)
    send(11)


def test_a_person_gets_five_codes_an_hour():
    for phone in range(5):
        send(phone=phone)
        let_pass(minutes=2)
    with pytest.raises(TooManyCodes):
        send(phone=6)

    let_pass(minutes=51)
    send(phone=6)


def test_a_person_gets_ten_codes_a_day():
    for phone in range(10):
        send(phone=phone)
        let_pass(minutes=61)
    with pytest.raises(TooManyCodes):
        send(phone=11)


def test_what_is_refused_counts_for_nothing():
    send()
    for _ in range(20):
        with pytest.raises(CodeTooSoon):
            send()

    assert PhoneChallenge.objects.count() == 1


def test_the_platform_sends_no_more_codes_than_its_budget(settings, caplog):
    settings.SMS_DAILY_BUDGET = 3
    for number in range(3):
        send(number, number)
    with pytest.raises(GatewayAway):
        send(3, 3)

    assert "the budget of one-time codes for 24 hours is used up" in caplog.messages
    let_pass(hours=24)
    send(3, 3)


def test_a_budget_of_nothing_sends_nothing(settings):
    settings.SMS_DAILY_BUDGET = 0

    with pytest.raises(GatewayAway):
        send()


def test_whoever_hammers_at_a_gateway_that_is_away_is_stopped(settings, gateways):
    settings.SMS_GATEWAY = ["smsmkt"]
    gateways.credit = 0
    for _ in range(30):
        with pytest.raises(GatewayAway):
            send()

    with pytest.raises(TooManyCodes):
        send()
    assert len(gateways.requests) == 30


def test_limits_hold_across_a_rotation_of_the_keys(settings):
    for number in range(3):
        send(number)
        let_pass(minutes=2)
    settings.ENCRYPTION_KEYS = ["a-new-key", *settings.ENCRYPTION_KEYS]

    with pytest.raises(TooManyCodes):
        send(4)
