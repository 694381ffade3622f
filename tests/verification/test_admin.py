"""What became of a code, as operators read it."""

import pytest

from tests.verification.ages import let_pass, other_than
from tests.verification.conftest import ABOUT
from verification.actions import check_code, send_code
from verification.admin import state_of
from verification.errors import GatewayAway, TooManyTries, WrongCode
from verification.models import PhoneChallenge

pytestmark = pytest.mark.django_db


def state() -> str:
    return state_of(PhoneChallenge.objects.get())


def test_a_code_is_valid_until_it_runs_out(sent_code):
    sent_code()
    assert state() == "live"

    let_pass(minutes=5)
    assert state() == "over"


def test_a_code_that_was_used_says_so_for_ever(sent_code):
    check_code(**ABOUT, code=sent_code())
    let_pass(hours=1)

    assert state() == "used"


def test_a_code_that_was_guessed_at_too_often_says_so(sent_code):
    code = sent_code()
    for number in range(1, 6):
        with pytest.raises((WrongCode, TooManyTries)):
            check_code(**ABOUT, code=other_than(code, number))

    assert state() == "burnt"


@pytest.mark.parametrize(("kind", "word"), [("400", "failed"), ("drop", "lost")])
def test_a_code_that_no_gateway_took_says_so(settings, gateways, kind, word):
    settings.SMS_GATEWAY = ["smsmkt"]
    gateways.fault("smsmkt", kind)
    with pytest.raises(GatewayAway):
        send_code(**ABOUT, language="en")

    assert state() == word


def test_a_code_without_an_answer_yet_is_being_sent(sent_code):
    sent_code()
    PhoneChallenge.objects.update(sent_at=None)

    assert state() == "under_way"
