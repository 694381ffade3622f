"""A phone's codes: good once, about now, and never in plain in the database."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from accounts.models import User
from accounts.second_factor.actions import (
    begin_set_up,
    finish_set_up,
    make_recovery_codes,
    remove_second_factor,
    reset_second_factor,
    use_code,
)
from accounts.second_factor.errors import NothingToSetUp, StillRequired
from accounts.second_factor.models import RecoveryCode, TotpDevice
from accounts.second_factor.recovery import NUMBER, read_code
from accounts.second_factor.state import codes_left, device_of
from accounts.tokens import WrongRefreshToken, open_sign_in, renew
from core import clock
from core.sealing import CannotUnseal
from tests.support.second_factor import PHONE, Phone, give_phone, tell_nobody
from tests.support.threads import together, winners


@pytest.fixture
def fon(in_hospital, people) -> User:
    return User.objects.get(pk=people.desk.pk)


@pytest.fixture
def phone(fon) -> Phone:
    return give_phone(fon)


def is_taken(user, code):
    return use_code(user, code, tell_nobody) is not None


def test_a_code_is_good_once(fon, phone):
    assert [is_taken(fon, phone.code()) for _ in range(2)] == [True, False]


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, False), (0, True), (1, True), (2, False)])
def test_a_phone_s_clock_may_be_off_by_a_step(fon, phone, steps, good):
    # The step before was used when the phone was set up.
    assert is_taken(fon, phone.code(steps)) is good


def test_a_code_of_the_step_before_is_good_as_long_as_no_later_one_was_used(fon, phone):
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        assert is_taken(fon, phone.code(-1))
        assert is_taken(fon, phone.code(0))
        assert not is_taken(fon, phone.code(-1))


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "๑๒๓๔๕๖", "-12345", "１２３４５６", "None"]
)
def test_what_is_no_code_is_refused(fon, phone, typed):
    assert not is_taken(fon, typed)


def test_a_code_may_have_a_gap_in_its_middle(fon, phone):
    code = phone.code()

    assert is_taken(fon, f" {code[:3]} {code[3:]}")


def test_after_wrong_codes_even_a_right_one_waits(fon, phone):
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False) as travel:
        for _ in range(3):
            is_taken(fon, phone.wrong_code())
            travel.shift(timedelta(seconds=60))
        is_taken(fon, phone.wrong_code())
        assert not is_taken(fon, phone.code())
        travel.shift(timedelta(seconds=9))

        assert is_taken(fon, phone.code())
        assert device_of(fon).throttling_failure_count == 0


def test_what_is_too_soon_does_not_make_the_wait_longer(fon, phone):
    is_taken(fon, phone.wrong_code())
    for _ in range(5):
        is_taken(fon, phone.wrong_code())

    assert device_of(fon).throttling_failure_count == 1


def test_the_secret_is_sealed_and_a_copy_in_another_row_opens_nothing(fon, phone, people):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {PHONE}")
        assert phone.secret not in str(cursor.fetchall())
    stolen = TotpDevice(user=people.nurse, sealed_secret=device_of(fon).sealed_secret)
    with pytest.raises(CannotUnseal):
        _ = stolen.secret


def test_another_person_s_code_is_not_ours(fon, phone, people):
    assert not is_taken(User.objects.get(pk=people.nurse.pk), phone.code())


# ── recovery codes ────────────────────────────────────────────────────────────
def test_each_recovery_code_is_good_once(fon, phone):
    assert len(set(phone.recovery_codes)) == NUMBER
    for code in phone.recovery_codes:
        assert [is_taken(fon, code) for _ in range(2)] == [True, False]
    assert codes_left(fon) == 0


def test_a_recovery_code_is_read_as_people_type_it(fon, phone):
    first, second = phone.recovery_codes[:2]
    loose = first.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert is_taken(fon, f"  {loose} ")
    assert is_taken(fon, second.replace("-", ""))


def test_of_a_recovery_code_a_hash_alone_is_kept_that_is_another_for_another_person(fon, phone, people):
    kept = {row.code_hash for row in RecoveryCode.objects.filter(user=fon)}

    assert not kept & {code for typed in phone.recovery_codes for code in (typed, read_code(typed))}
    RecoveryCode.objects.filter(user=fon).update(user=people.nurse)
    nora = User.objects.get(pk=people.nurse.pk)
    give_phone(nora)
    assert not is_taken(nora, phone.recovery_codes[0])


def test_a_recovery_code_is_taken_while_the_phone_s_codes_wait(fon, phone):
    is_taken(fon, phone.wrong_code())

    assert is_taken(fon, phone.recovery_codes[0])


def test_new_recovery_codes_end_the_old_ones(fon, phone):
    fresh = make_recovery_codes(fon, tell_nobody)

    assert not is_taken(fon, phone.recovery_codes[0])
    assert is_taken(fon, fresh[0])


def test_without_a_phone_there_are_no_recovery_codes(fon):
    with pytest.raises(NothingToSetUp):
        make_recovery_codes(fon, tell_nobody)


# ── set up, replaced, given up ────────────────────────────────────────────────
def test_a_phone_counts_only_when_it_has_shown_a_code(fon):
    phone = Phone(begin_set_up(fon).secret)

    assert device_of(fon) is None
    assert not is_taken(fon, phone.code())
    assert finish_set_up(fon, phone.wrong_code(), tell_nobody) is None
    assert device_of(fon) is None


def test_beginning_anew_makes_another_secret(fon):
    first = begin_set_up(fon).secret

    assert begin_set_up(fon).secret != first
    assert TotpDevice.objects.filter(user=fon).count() == 1


def test_the_old_phone_goes_on_until_the_new_one_counts(fon, phone):
    new = Phone(begin_set_up(fon).secret)
    assert is_taken(fon, phone.code())

    finish_set_up(fon, new.code(), tell_nobody)

    assert is_taken(fon, new.code(1))
    assert not is_taken(fon, phone.code(1))
    assert not is_taken(fon, phone.recovery_codes[0])


def test_what_was_not_begun_is_not_finished(fon):
    with pytest.raises(NothingToSetUp):
        finish_set_up(fon, "123456", tell_nobody)


def test_where_it_is_required_it_is_not_given_up(fon, phone, in_hospital):
    in_hospital.second_factor_required = True

    with pytest.raises(StillRequired):
        remove_second_factor(fon, tell_nobody)
    assert device_of(fon) is not None


def test_setting_up_and_resetting_end_what_programs_had_signed_in(fon):
    before = open_sign_in(fon).refresh_token
    give_phone(fon)
    with pytest.raises(WrongRefreshToken):
        renew(before)

    between = open_sign_in(fon).refresh_token
    reset_second_factor(fon, tell_nobody)
    with pytest.raises(WrongRefreshToken):
        renew(between)
    assert not RecoveryCode.objects.filter(user=fon).exists()


# ── at once ───────────────────────────────────────────────────────────────────
@pytest.fixture
def fresh_fon(fresh_hospital) -> User:
    return User.objects.create_user("fon@fresh.example", "a-long-secret-2026", first_name="Fon")


@pytest.mark.parametrize("kind", ["phone", "recovery"])
def test_of_many_with_one_code_at_once_one_is_let_in(fresh_hospital, fresh_fon, kind):
    phone = give_phone(fresh_fon)
    code = phone.code() if kind == "phone" else phone.recovery_codes[0]

    outcomes = together(fresh_hospital, [lambda: is_taken(fresh_fon, code)] * 8)

    assert sorted(outcomes) == [False] * 7 + [True]


def test_of_many_who_finish_at_once_one_gets_the_recovery_codes_that_count(fresh_hospital, fresh_fon):
    phone = Phone(begin_set_up(fresh_fon).secret)

    outcomes = together(fresh_hospital, [lambda: finish_set_up(fresh_fon, phone.code(), tell_nobody)] * 4)

    (won,) = [outcome for outcome in winners(outcomes) if outcome]
    assert is_taken(fresh_fon, won[1][0])
    assert TotpDevice.objects.filter(user=fresh_fon).count() == 1
