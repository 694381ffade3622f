import logging
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import clock
from tests.support.sms import read_code
from tests.verification.ages import let_pass, other_than
from tests.verification.conftest import ABOUT, PHONE
from verification.actions import check_code, send_code
from verification.errors import (
    CodeExpired,
    CodeTooSoon,
    GatewayAway,
    NumberNotServed,
    TooManyCodes,
    TooManyTries,
    WrongCode,
)
from verification.models import PhoneChallenge

pytestmark = pytest.mark.django_db


# ── sending ───────────────────────────────────────────────────────────────────
def test_a_code_of_six_digits_goes_out_and_is_valid_for_five_minutes(capsys):
    before = clock.now()
    sent = send_code(**ABOUT, language="en")

    printed = capsys.readouterr().err
    assert printed == f"SMS to {PHONE}: {printed.partition(': ')[2]}"
    assert printed.count("\n") == 1
    assert len(read_code(printed)) == 6
    assert timedelta(0) <= sent.expires_at - before - timedelta(minutes=5) < timedelta(seconds=20)
    assert timedelta(minutes=3, seconds=59) < sent.expires_at - sent.again_at <= timedelta(minutes=4)


def test_codes_are_drawn_anew_each_time(sent_code):
    codes = {sent_code(subject=f"telegram:{n}", phone=f"+6681234567{n}") for n in range(9)}

    assert len(codes) == 9


def test_the_table_holds_neither_the_number_nor_the_code(sent_code):
    code = sent_code()

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM public.phone_challenges c")
        [(stored,)] = cursor.fetchall()
    assert "812345678" not in stored
    assert code not in {part.strip('" ') for part in stored.replace(":", ",").split(",")}


def test_another_code_ends_the_one_before(sent_code):
    first = sent_code()
    let_pass(seconds=61)
    second = sent_code()

    with pytest.raises(WrongCode):
        check_code(**ABOUT, code=first)
    check_code(**ABOUT, code=second)


@pytest.mark.parametrize(
    "phone",
    [
        "+6621234567",
        "+12025550143",
        "+6681234",
        "0812345678",
        "",
        "+66812345678 ",
        "+660812345678",
        "+661900123456",
    ],
)
def test_a_number_that_is_no_thai_mobile_gets_no_code(phone, capsys):
    with pytest.raises(NumberNotServed):
        send_code(**{**ABOUT, "phone": phone}, language="en")

    assert capsys.readouterr().err == ""
    assert not PhoneChallenge.objects.exists()


def test_other_countries_are_served_where_the_settings_say_so(settings, sent_code):
    settings.SMS_PREFIXES = ["+66", "+4479"]

    assert sent_code(phone="+447911123456")
    with pytest.raises(NumberNotServed):
        send_code(**{**ABOUT, "phone": "+442079460958"}, language="en")


def test_without_a_gateway_no_code_is_made(settings):
    settings.SMS_GATEWAY = []

    with pytest.raises(GatewayAway):
        send_code(**ABOUT, language="en")
    assert not PhoneChallenge.objects.exists()


def test_a_gateway_that_fails_gives_way_to_the_next(settings, gateways, caplog):
    settings.SMS_GATEWAY = ["telegram", "twilio", "thaibulksms"]
    gateways.without_telegram.add(PHONE)
    gateways.fault("twilio", "503")

    send_code(**ABOUT, language="en")

    [sms] = gateways.sent
    assert (sms.gateway, sms.phone) == ("thaibulksms", PHONE)
    check_code(**ABOUT, code=read_code(sms.text))
    assert [record.getMessage() for record in caplog.records if record.name.startswith("verification")] == [
        "the gateway telegram did not take a code: 200 PHONE_NUMBER_NOT_AVAILABLE",
        "the gateway twilio did not take a code: 503 000",
    ]


def test_where_all_gateways_fail_nobody_waits_a_minute_and_no_code_lives(settings, gateways):
    settings.SMS_GATEWAY = ["thaibulksms", "smsmkt"]
    gateways.credit = 0
    for _ in range(8):
        with pytest.raises(GatewayAway):
            send_code(**ABOUT, language="en")
    with pytest.raises(CodeExpired):
        check_code(**ABOUT, code="123456")

    gateways.credit = 10
    send_code(**ABOUT, language="en")
    assert len(gateways.sent) == 1


def test_a_sending_without_an_answer_does_not_count_against_the_minute_but_against_the_limits(
    settings, gateways
):
    settings.SMS_GATEWAY = ["smsmkt"]
    gateways.fault("smsmkt", "drop")
    for _ in range(3):
        with pytest.raises(GatewayAway):
            send_code(**ABOUT, language="en")
    gateways.mend("smsmkt")

    with pytest.raises(TooManyCodes):
        send_code(**ABOUT, language="en")


def test_neither_number_nor_code_is_in_a_log_or_an_exception(settings, gateways, caplog):
    settings.SMS_GATEWAY = ["thaibulksms", "smsmkt", "telegram", "twilio"]
    caplog.set_level(logging.DEBUG)
    for name in settings.SMS_GATEWAY:
        gateways.fault(name, "junk")

    with pytest.raises(GatewayAway) as caught:
        send_code(**ABOUT, language="th")

    told = caplog.text + repr(caught.value) + str(caught.value) + repr(caught.value.data)
    assert "12345678" not in told
    assert "NadMor" not in told


def test_sending_within_a_transaction_is_refused():
    with transaction.atomic(), pytest.raises(RuntimeError):
        send_code(**ABOUT, language="en")


# ── checking ──────────────────────────────────────────────────────────────────
def test_the_right_code_is_taken_once(sent_code):
    code = sent_code()
    check_code(**ABOUT, code=code)

    with pytest.raises(CodeExpired):
        check_code(**ABOUT, code=code)


@pytest.mark.parametrize("write", [
    lambda code: f" {code[:3]} {code[3:]} ",
    lambda code: f"{code[:3]}-{code[3:]}",
    lambda code: "".join(chr(0x0E50 + int(digit)) for digit in code),
    lambda code: "".join(chr(0xFF10 + int(digit)) for digit in code),
], ids=["spaces", "hyphen", "thai", "wide"])  # fmt: skip
def test_a_code_is_read_as_people_write_it(sent_code, write):
    check_code(**ABOUT, code=write(sent_code()))


@pytest.mark.parametrize(
    "written", ["", "12345", "1234567", "abcdef", "🙂🙂🙂🙂🙂🙂", "²³¹²³¹", "x" * 10_000]
)
def test_what_is_no_code_is_a_wrong_one(sent_code, written):
    sent_code()

    with pytest.raises(WrongCode) as caught:
        check_code(**ABOUT, code=written)
    assert caught.value.left == 4


def test_after_five_wrong_tries_even_the_right_code_opens_nothing(sent_code):
    code = sent_code()
    left = []
    for number in range(1, 5):
        with pytest.raises(WrongCode) as caught:
            check_code(**ABOUT, code=other_than(code, number))
        left.append(caught.value.left)
    with pytest.raises(TooManyTries):
        check_code(**ABOUT, code=other_than(code, 5))

    assert left == [4, 3, 2, 1]
    with pytest.raises(TooManyTries):
        check_code(**ABOUT, code=code)


def test_the_fifth_try_may_be_the_right_one(sent_code):
    code = sent_code()
    for number in range(1, 5):
        with pytest.raises(WrongCode):
            check_code(**ABOUT, code=other_than(code, number))

    check_code(**ABOUT, code=code)


def test_a_code_runs_out_after_five_minutes(sent_code):
    code = sent_code()
    let_pass(minutes=4, seconds=30)
    with pytest.raises(WrongCode):
        check_code(**ABOUT, code=other_than(code))
    let_pass(seconds=31)

    with pytest.raises(CodeExpired):
        check_code(**ABOUT, code=code)


@pytest.mark.parametrize(
    "other",
    [{"purpose": "other"}, {"subject": "telegram:2"}, {"phone": "+66812345679"}],
    ids=lambda o: next(iter(o)),
)
def test_a_code_is_good_for_its_purpose_subject_and_number_alone(sent_code, other):
    code = sent_code()

    with pytest.raises(CodeExpired):
        check_code(**{**ABOUT, **other}, code=code)
    check_code(**ABOUT, code=code)


def test_a_code_that_nobody_sent_is_an_old_one():
    with pytest.raises(CodeExpired):
        check_code(**ABOUT, code="123456")


def test_a_code_lives_on_when_the_encryption_keys_are_rotated(settings, sent_code):
    code = sent_code()
    settings.ENCRYPTION_KEYS = ["a-new-key", *settings.ENCRYPTION_KEYS]

    with pytest.raises(CodeTooSoon):
        send_code(**ABOUT, language="en")
    check_code(**ABOUT, code=code)


def test_without_its_key_a_code_is_gone(settings, sent_code):
    code = sent_code()
    settings.ENCRYPTION_KEYS = ["a-new-key"]

    with pytest.raises(CodeExpired):
        check_code(**ABOUT, code=code)


def test_a_try_counts_within_no_transaction_of_the_caller():
    with transaction.atomic(), pytest.raises(RuntimeError):
        check_code(**ABOUT, code="123456")
