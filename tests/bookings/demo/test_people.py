from datetime import date
from random import Random

import phonenumbers

from bookings.actions.patients import name_key, normalise_phone
from bookings.demo.people import make_people
from bookings.demo.plans import all_hospitals

TODAY = date(2026, 11, 20)
DEMO, HUMNOI = all_hospitals(TODAY)


def people(plan=DEMO, count=300):
    return make_people(plan, TODAY, count, Random(1))


def columns(rows):
    return [(row.patient.name, row.patient.phone_number, row.patient.date_of_birth, row.age) for row in rows]


def test_the_same_people_come_each_time():
    assert columns(people()) == columns(people())


def test_there_are_as_many_as_asked_for_and_no_two_are_one_person():
    found = [row.patient for row in people()]
    assert len(found) == 300
    assert len({(one.phone_number, one.name_key) for one in found}) == 300
    assert len({one.hospital_number for one in found}) == 300


def test_numbers_and_keys_are_stored_as_a_booking_would_store_them():
    for row in people():
        one = row.patient
        assert normalise_phone(one.phone_number) == one.phone_number
        assert phonenumbers.is_valid_number(phonenumbers.parse(one.phone_number))
        assert one.name_key == name_key(one.name)


def test_phone_numbers_follow_a_pattern_that_is_made_up():
    assert all(row.patient.phone_number.startswith("+6680000") for row in people())


def test_the_first_one_is_the_account_holder():
    assert people()[0].patient.name == "มาลี ศรีสุข"
    assert people()[0].patient.email == "patient@demo.example"


def test_children_share_the_phone_number_of_an_adult():
    found = people()
    adults = {row.patient.phone_number for row in found if row.age >= 18}
    children = [row for row in found if row.age < 15]
    assert len(children) == 60
    assert all(row.patient.phone_number in adults for row in children)


def test_ages_agree_with_the_days_of_birth():
    for row in people():
        days = (TODAY - row.patient.date_of_birth).days
        assert 0 <= days / 365.25 - row.age <= 1


def test_the_hospitals_have_nobody_in_common():
    numbers = [{row.patient.phone_number for row in people(plan)} for plan in (DEMO, HUMNOI)]
    assert not numbers[0] & numbers[1]
