"""What a reminder says, and in which words."""

import re

import pytest

from bookings.actions.reminders import plan_reminders
from bookings.models import Patient
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.notices import instant, send_all

MALEE = guest(email="malee@example.com")


@pytest.fixture
def booked(desk, check_up):
    return book(desk, check_up, at(10), guest=MALEE)


def test_a_reminder_is_in_english_where_the_patient_reads_it(booked, mailoutbox):
    Patient.objects.update(language="en")
    plan_reminders(instant(18))
    send_all()

    (mail,) = mailoutbox
    day = instant(10, days=1)
    assert f"{day:%A} {day.day} {day:%B %Y}" in mail.body
    assert "10:00" in mail.body
    assert "Dear Malee Srisuk," in mail.body
    assert booked.reference in mail.body
    assert "Ploy Hospital" in mail.subject


def test_a_reminder_is_in_thai_with_the_buddhist_year(booked, mailoutbox):
    Patient.objects.update(language="th")
    plan_reminders(instant(18))
    send_all()

    (mail,) = mailoutbox
    day = instant(10, days=1)
    assert re.search(rf"วัน\S+ที่ {day.day} [ก-๙]+ {day.year + 543}", mail.body)
    assert "10:00 น." in mail.body
    assert str(day.year) not in mail.body
    assert str(day.year) not in mail.alternatives[0].content


def test_without_a_patient_the_hospitals_language_holds(desk, check_up, mailoutbox):
    book(desk, check_up, at(10), guest=guest(phone="", email="malee@example.com"))
    plan_reminders(instant(18))
    send_all()

    assert "Dear Malee Srisuk," in mailoutbox[0].body


def test_a_reminder_names_neither_service_nor_practitioner_nor_notes(desk, check_up, mailoutbox):
    book(desk, check_up, at(10), guest=MALEE, notes="HIV test")
    plan_reminders(instant(18))
    send_all()

    (mail,) = mailoutbox
    written = f"{mail.subject}{mail.body}{mail.alternatives[0].content}".lower()
    for secret in ("check-up", "bob", "บ็อบ", "hiv"):
        assert secret not in written


def test_a_name_with_markup_is_text_in_both_forms(desk, check_up, mailoutbox):
    book(desk, check_up, at(10), guest=guest("O'Brien <b>", email="o@example.com"))
    Patient.objects.update(language="en")
    plan_reminders(instant(18))
    send_all()

    (mail,) = mailoutbox
    assert "Dear O'Brien <b>," in mail.body
    assert "O&#x27;Brien &lt;b&gt;" in mail.alternatives[0].content
