"""A number is proven by a code where no contact proves it, or a history is behind it."""

import pytest

from bookings.models import Patient
from telegram_integration.models import Proof, TelegramLink
from tests.telegram_integration.codes import another_than, let_pass, sent_code
from tests.telegram_integration.registering import ALICE, MALEE, link_of, patient_of, with_phone

# Each test looks into Ploy.
pytestmark = pytest.mark.usefixtures("in_hospital")

THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def test_a_typed_number_is_proven_by_a_code(at_phone, capsys):
    at_phone.says("089-111 2222")
    assert "089 111 2222" in at_phone.text
    assert not TelegramLink.objects.exists()
    at_phone.says(sent_code(capsys))

    assert patient_of(at_phone).phone_number == MALEE
    assert link_of(at_phone).proof == Proof.CODE


def test_the_code_may_be_in_thai_digits_with_spaces(at_code, capsys):
    code = sent_code(capsys).translate(THAI_DIGITS)
    at_code.says(f" {code[:3]} {code[3:]} ")

    assert link_of(at_code).proof == Proof.CODE


@pytest.mark.parametrize(
    "disguise",
    [
        {"is_own": False},
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "Malee", "date": 1}},
        {"forward_date": 1},
        {"via_bot": {"id": 5, "is_bot": True, "first_name": "Contacts"}},
    ],
    ids=lambda disguise: next(iter(disguise)),
)
def test_any_other_contact_needs_a_code(at_phone, capsys, disguise):
    at_phone.shares(MALEE, **disguise)

    assert not TelegramLink.objects.exists()
    at_phone.says(sent_code(capsys))
    assert link_of(at_phone).proof == Proof.CODE


def test_a_contact_of_another_account_is_no_proof(at_phone, capsys):
    at_phone.sends_message(contact={"phone_number": MALEE, "first_name": "X", "user_id": 99})

    assert not TelegramLink.objects.exists()
    assert sent_code(capsys)


def test_a_patient_with_a_history_is_claimed_by_code_alone(chat, people, capsys):
    chat.says("/start")
    chat.says("alice PLOY")
    chat.shares(ALICE)
    assert not TelegramLink.objects.exists()
    assert "confirm your phone number with a code" in chat.text
    chat.says(sent_code(capsys))

    assert link_of(chat).patient_id == people.alice.pk
    assert Patient.objects.filter(phone_number=ALICE).count() == 1


def test_a_wrong_code_says_how_many_tries_are_left(at_code, capsys):
    code = sent_code(capsys)
    for left in ("4 more tries", "3 more tries", "2 more tries", "1 more try"):
        at_code.says(another_than(code))
        assert left in at_code.text
    at_code.says(another_than(code))
    assert "Too many wrong tries" in at_code.text
    at_code.says(code)

    assert "Too many wrong tries" in at_code.text
    assert "Send again" in at_code.labels
    assert not TelegramLink.objects.exists()


def test_what_is_no_code_costs_no_try(at_code, capsys):
    code = sent_code(capsys)
    for text in ("hello", "12345", "12 34 5x", "👍"):
        at_code.says(text)
        assert "A code has 6 digits" in at_code.text
    at_code.sends_photo()
    at_code.says(code)

    assert link_of(at_code)


def test_a_code_that_ran_out_leads_to_another(at_code, capsys):
    code = sent_code(capsys)
    let_pass(minutes=6)
    at_code.says(code)
    assert "not valid any more" in at_code.text
    at_code.taps("Send again")
    at_code.says(sent_code(capsys))

    assert link_of(at_code)


def test_another_code_too_soon_is_answered_with_how_long_to_wait(at_code, capsys):
    sent_code(capsys)
    reply = at_code.taps("Send again")

    assert reply.cards == ()
    assert reply.is_alert
    assert "Please wait" in at_code.toast
    assert capsys.readouterr().err == ""


def test_too_many_codes_leave_a_way_on(at_code, hospital, capsys):
    with_phone(hospital)
    for _ in range(8):
        let_pass(seconds=61)
        at_code.taps("Send again")
    sent = capsys.readouterr().err.count("SMS to")

    assert sent == 3
    assert "Too many codes were asked for" in at_code.card.text
    assert "02 123 4567" in at_code.card.text
    assert {"Another number", "Leave"} <= set(at_code.labels)


def test_another_number_may_be_given(at_code, capsys):
    sent_code(capsys)
    let_pass(seconds=61)
    at_code.taps("Another number")
    assert at_code.card.contact_button
    at_code.says("0892223333")
    at_code.says(sent_code(capsys))

    assert patient_of(at_code).phone_number == "+66892223333"


def test_another_number_too_soon_is_told_from_when_on_it_gets_a_code(at_code, capsys):
    sent_code(capsys)
    at_code.says("089 222 3333")
    assert "089 222 3333" in at_code.text
    assert "A code can be sent from" in at_code.text
    let_pass(seconds=61)
    at_code.taps("Send again")
    at_code.says(sent_code(capsys))

    assert patient_of(at_code).phone_number == "+66892223333"


def test_a_number_where_a_code_is_expected_is_another_number(at_code, capsys):
    sent_code(capsys)
    let_pass(seconds=61)
    at_code.says("089 222 3333")
    at_code.says(sent_code(capsys))

    assert patient_of(at_code).phone_number == "+66892223333"


def test_a_contact_where_a_code_is_expected_is_proof(at_code):
    at_code.shares(MALEE)

    assert link_of(at_code).proof == Proof.CONTACT


def test_a_closed_record_is_told_to_its_owner_with_a_way_on(chat, people, capsys):
    Patient.objects.filter(pk=people.alice.pk).update(is_active=False)
    chat.says("/start")
    chat.says(people.alice.name)
    chat.shares(ALICE)
    chat.says(sent_code(capsys))

    assert "Your record at this hospital is closed" in chat.text
    assert not TelegramLink.objects.exists()
    assert "Main menu" in chat.labels


def test_a_gateway_that_is_away_leaves_a_way_on(at_phone, settings):
    settings.SMS_GATEWAY = []
    at_phone.says("0891112222")

    assert "No code can be sent at the moment" in at_phone.text
    assert "Send again" in at_phone.labels
    at_phone.shares(MALEE)
    assert link_of(at_phone)


def test_nothing_of_a_number_or_a_code_is_logged(at_phone, capsys, caplog):
    caplog.set_level(0)
    at_phone.says("089 111 2222")
    code = sent_code(capsys)
    at_phone.says(another_than(code))
    at_phone.says(code)

    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert code not in said
    assert "1112222" not in said.replace(" ", "")
    assert "Malee" not in said
