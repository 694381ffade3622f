"""Cancelling: sure? why? done."""

import pytest

from bookings.actions.patients import Guest
from telegram_integration import drafts
from tests.support.booking import book, set_status, types_of
from tests.support.booking_chat import actions, find, tap
from tests.support.catalogue import at

pytestmark = pytest.mark.usefixtures("in_hospital", "check_up")

REASON = "Visiting my mother in <Chiang Mai>"


@pytest.fixture
def row(people, desk, check_up):
    """Alice's visit tomorrow at ten."""
    return book(desk, check_up, at(10), guest=Guest.known(people.alice))


@pytest.fixture
def asked(patient_chat, row):
    """Alice, who said that she is sure, and is asked why."""
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    tap(patient_chat, "ac")
    tap(patient_chat, "acy")
    return patient_chat


def now_of(row):
    row.refresh_from_db()
    return row.status, row.cancel_reason


def test_first_it_is_asked_whether_they_are_sure(patient_chat, row):
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    tap(patient_chat, "ac")
    (yes,), (no,) = patient_chat.card.rows
    assert [(button.text, str(button.style)) for button in (yes, no)] == [
        ("Yes, cancel it", "danger"),
        ("No, keep it", ""),
    ]
    patient_chat.taps("No, keep it")
    assert "Status: Scheduled" in patient_chat.card.text
    assert now_of(row) == ("SCHEDULED", "")


def test_a_reason_goes_to_the_hospital_and_not_into_the_chat(asked, row):
    asked.says(REASON)
    assert now_of(row) == ("CANCELLED", REASON)
    assert "Your appointment is cancelled." in asked.card.text
    assert "Chiang Mai" not in asked.text
    assert actions(asked) == {"bs", "m"}
    tap(asked, "bs")
    assert "Choose a day." in asked.card.text


def test_the_reason_can_be_skipped(asked, row):
    asked.taps("Skip")
    assert now_of(row) == ("CANCELLED", "")
    assert "Your appointment is cancelled." in asked.card.text


@pytest.mark.parametrize("how", ["typed", "skipped"])
def test_done_again_after_a_crash_it_shows_the_same(asked, row, how):
    first = asked.says(REASON) if how == "typed" else asked.taps("Skip")
    again = asked.again()
    assert again.cards == first.cards
    assert types_of(row).count("booking.cancelled") == 1


def test_what_is_typed_afterwards_is_no_reason_any_more(asked, row):
    asked.says(REASON)
    asked.says("Thank you")
    assert now_of(row) == ("CANCELLED", REASON)
    assert "Your appointment is cancelled." not in asked.text


@pytest.mark.parametrize("away", ["ad", "menu", "command", "cancel"])
def test_whoever_goes_elsewhere_does_not_cancel_by_what_they_type_next(asked, row, away):
    if away == "ad":
        asked.taps("No, keep it")
    elif away == "menu":
        asked.taps("No, keep it")
        tap(asked, "m")
    else:
        asked.says("/cancel" if away == "cancel" else "/book")
    asked.says("Hello?")
    assert now_of(row) == ("SCHEDULED", "")


def test_a_photo_is_no_reason(asked, row):
    asked.sends_photo()
    assert "write the reason in a few words" in asked.card.text
    assert actions(asked) == {"acs", "ad"}
    asked.says(REASON)
    assert now_of(row) == ("CANCELLED", REASON)


def test_a_reason_that_is_too_long_is_asked_for_again(asked, row):
    asked.says("x" * 501)
    assert "500 characters at most" in asked.card.text
    assert now_of(row) == ("SCHEDULED", "")
    asked.says("ก" * 500)
    assert now_of(row) == ("CANCELLED", "ก" * 500)


def test_while_nothing_can_be_remembered_no_reason_is_asked_for(patient_chat, row, settings):
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    tap(patient_chat, "ac")
    # Nobody listens on the discard port.
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    drafts._redis.cache_clear()
    tap(patient_chat, "acy")
    assert "The appointment will be cancelled." in patient_chat.card.text
    tap(patient_chat, "acs")
    assert now_of(row) == ("CANCELLED", "")


@pytest.mark.parametrize("status", ["COMPLETED", "NO_SHOW"])
@pytest.mark.parametrize("action", ["ac", "acy", "acs"])
def test_what_cannot_be_cancelled_any_more_says_so(patient_chat, row, status, action):
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    for step in ("ac", "acy", "acs"):
        found = find(patient_chat, step)
        if step == action:
            set_status(row, status)
        patient_chat.taps_data(found[1].data, found[0])
        if step == action:
            break
    assert "cannot be cancelled any more" in patient_chat.card.text
    assert now_of(row) == (status, "")


def test_cancelled_by_the_desk_meanwhile_it_is_shown_as_cancelled(asked, row):
    set_status(row, "CANCELLED")
    asked.says(REASON)
    assert "Your appointment is cancelled." in asked.card.text
    assert now_of(row) == ("CANCELLED", "")


def test_after_the_hospital_was_changed_a_typed_text_cancels_nothing_there(
    asked, row, other_hospital, other_people
):
    user = asked.user
    user.hospital = other_hospital
    user.save()
    asked.says(REASON)
    assert now_of(row) == ("SCHEDULED", "")


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_card_fits_in_both_languages(patient_chat, row, language):
    patient_chat.speaks(language).says("/myappointments")
    for action in ("ad", "ac", "acy", "acs"):
        tap(patient_chat, action)
    assert now_of(row)[0] == "CANCELLED"
