"""What many at once may and may not do, over real connections."""

import pytest
from django.db import connection, transaction

from tests.support.sms import read_code
from tests.support.threads import reasons, together, winners
from tests.verification.ages import other_than
from tests.verification.conftest import ABOUT
from verification import limits
from verification.actions import check_code, send_code
from verification.models import PhoneChallenge

pytestmark = pytest.mark.usefixtures("no_codes")


@pytest.fixture
def code(capsys):
    """A code that is on its way."""
    send_code(**ABOUT, language="en")
    return read_code(capsys.readouterr().err)


def test_of_fifty_guesses_at_once_five_are_looked_at(fresh_hospital, code):
    guesses = [other_than(code, number) for number in range(1, 51)]

    outcomes = together(fresh_hospital, [lambda g=guess: check_code(**ABOUT, code=g) for guess in guesses])

    assert reasons(outcomes) == ["too_many_tries"] * 46 + ["wrong_code"] * 4
    assert PhoneChallenge.objects.get().attempts == 5
    assert reasons(together(fresh_hospital, [lambda: check_code(**ABOUT, code=code)])) == ["too_many_tries"]


def test_the_right_code_twenty_times_at_once_is_taken_once(fresh_hospital, code):
    outcomes = together(fresh_hospital, [lambda: check_code(**ABOUT, code=code)] * 20)

    assert len(winners(outcomes)) == 1
    assert set(reasons(outcomes)) <= {"code_expired", "too_many_tries"}


def test_of_twenty_who_ask_at_once_for_one_person_one_gets_a_code(fresh_hospital, capsys):
    outcomes = together(fresh_hospital, [lambda: send_code(**ABOUT, language="en")] * 20)

    assert (len(winners(outcomes)), reasons(outcomes)) == (1, ["code_too_soon"] * 19)
    assert capsys.readouterr().err.count("SMS to") == 1


def test_the_budget_holds_when_many_ask_at_once(fresh_hospital, settings):
    settings.SMS_DAILY_BUDGET = 4
    asking = [
        lambda n=number: send_code(
            purpose="link", subject=f"telegram:{n}", phone=f"+668123456{n:02d}", language="en"
        )
        for number in range(16)
    ]

    outcomes = together(fresh_hospital, asking)

    assert (len(winners(outcomes)), reasons(outcomes)) == (4, ["gateway_away"] * 12)


def test_who_waits_too_long_for_others_is_told_to_try_again(fresh_hospital, monkeypatch, capsys):
    monkeypatch.setattr(limits, "WAIT", 50)
    with transaction.atomic():
        limits.wait_for_turn()
        outcomes = together(fresh_hospital, [lambda: send_code(**ABOUT, language="en")])

    assert reasons(outcomes) == ["busy"]
    assert capsys.readouterr().err == ""


def test_no_transaction_is_open_while_a_gateway_is_asked(settings, monkeypatch):
    seen = []

    class Watching:
        name, checks_itself, needs = "console", False, ()

        def send(self, *_about):
            seen.append(connection.in_atomic_block)
            return ""

    monkeypatch.setattr("verification.gateways.GATEWAYS", {"console": Watching()})
    send_code(**ABOUT, language="en")

    assert seen == [False]
