"""The channel by Telegram, from the order of a notice to the message in the chat."""

import time

import pytest
from django.db import connection
from django.db.models import F

from bookings.actions.appointments import cancel_appointment, reschedule_appointment
from bookings.actions.consent import give_consent, withdraw_consent
from bookings.actions.notices import send_again
from bookings.actions.reminders import plan_reminders
from bookings.actions.sending import LEASE, send_notice
from bookings.channels import Recipient
from bookings.models import ConsentKind, Notice
from core import clock
from jobs.queue import lease
from telegram_integration.bots import forget_bots, give_bot
from telegram_integration.models import TelegramChat, TelegramLink, TelegramUser
from telegram_integration.sending.bucket import CHAT_PAUSE, pause
from telegram_integration.sending.channel import TelegramChannel
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.notices import instant, relay, send_all, sending_jobs
from tests.support.statements import counted
from tests.support.waiting_list import let_jobs_run, wait

OWN_TOKEN = "220201543:for-tests-only-for-tests-only-for-tes"


def the_notice():
    return Notice.objects.get()


def fate():
    return the_notice().status, the_notice().channel, the_notice().why


def let_time_pass(span):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.jobs_job SET due_at = due_at - %s", [span])
    Notice.objects.update(handing_since=F("handing_since") - span)


def send_after_a_second():
    """Send what waits when the chat, which was just written to, is free again."""
    time.sleep(CHAT_PAUSE + 0.05)
    send_all()


# ── what arrives ───────────────────────────────────────────────────────────────
def test_a_reminder_arrives_in_the_chat_with_its_buttons_and_not_by_mail(
    sandbox, patient, reminded, own, mailoutbox
):
    send_all()

    card = patient.card
    assert all(words in card["text"] for words in ("10:00", own.reference, "Ploy Hospital"))
    assert [[(one["text"], one["style"]) for one in row] for row in card["buttons"]] == [
        [("Confirm", "success")],
        [("Reschedule", ""), ("Cancel appointment", "danger")],
    ]
    assert card["is_protected"]
    assert fate() == ("SENT", "telegram", "")
    assert mailoutbox == []
    assert sandbox.refusals() == []


def test_no_card_on_a_locked_phone_names_the_service_or_the_practitioner(
    desk, patient, own, check_up, dr_bob
):
    reschedule_appointment(desk, reference=own.reference, start=at(11))
    relay()
    send_all()
    cancel_appointment(desk, reference=own.reference)
    relay()
    send_after_a_second()

    said = "".join(card["text"] for card in patient.cards)
    assert "Your appointment was moved" in said
    assert "Your appointment was cancelled" in said
    assert not any(name in said for name in (dr_bob.name_en, dr_bob.name_th, check_up.name_en))


def test_what_the_desk_changes_the_patient_reads_in_the_chat_with_ways_on(desk, patient, own):
    reschedule_appointment(desk, reference=own.reference, start=at(11))
    relay()
    send_all()
    assert "11:00" in patient.card["text"]
    assert patient.labels == ["Details", "Reschedule", "Cancel appointment"]

    cancel_appointment(desk, reference=own.reference)
    relay()
    send_after_a_second()
    assert patient.labels == ["Book again"]


def test_an_offer_of_the_waiting_list_says_until_when_it_is_kept(desk, patient, check_up, people):
    who = guest(people.alice.name, people.alice.phone_number)
    wait(desk, check_up, guest=who)
    row = book(desk, check_up, at(10), guest=guest("Nok", "0820000001"))
    cancel_appointment(desk, reference=row.reference)
    let_jobs_run()
    send_all()

    assert "A time has become free" in patient.card["text"]
    assert "It is kept for you until" in patient.card["text"]
    assert patient.labels == ["Take it", "No, thank you"]


def test_a_chat_speaks_its_own_language(patient_chat, patient, reminded):
    patient_chat.speaks("th")
    send_all()

    assert "น." in patient.card["text"]
    assert str(reminded.for_time.year + 543) in patient.card["text"]


def test_what_a_person_typed_is_text_and_never_markup(sandbox, patient, reminded, in_hospital):
    in_hospital.name, in_hospital.phone_number = "<b>Ploy & Co", "<i>02"
    in_hospital.save()
    send_all()

    assert "<b>Ploy & Co" in patient.card["text"]
    assert sandbox.refusals() == []


# ── whom it reaches ────────────────────────────────────────────────────────────
def test_whoever_is_not_on_telegram_gets_a_mail(sandbox, platform_bot, reminded, mailoutbox):
    send_all()

    assert fate() == ("SENT", "email", "")
    assert len(mailoutbox) == 1
    assert sandbox.calls() == []


def test_whoever_is_known_to_another_hospital_alone_is_not_known_here(
    sandbox, patient, reminded, other_hospital, mailoutbox
):
    TelegramLink.objects.update(hospital=other_hospital)
    send_all()

    assert fate() == ("SENT", "email", "")
    assert sandbox.calls("sendMessage") == []


def test_the_patients_own_hospital_is_written_to_by_its_own_bot_where_they_talk_to_it(
    sandbox, patient, patient_chat, reminded, in_hospital
):
    own = give_bot(in_hospital, OWN_TOKEN)
    sandbox.ask("POST", "/bots", token=OWN_TOKEN)
    channel, alice = TelegramChannel(), Recipient(patient_id=reminded.patient_id)
    assert channel.why_not(alice) == ""

    send_all()
    assert patient.card["text"], "by the platform's: with the other she never talked"

    TelegramChat.objects.create(bot=own, user=patient_chat.user)
    sandbox.ask("POST", f"/users/{patient.id}/start?bot=220201543")
    Notice.objects.update(status="PENDING", sent_at=None)
    send_notice(str(reminded.pk), lane="telegram")
    assert fate() == ("SENT", "telegram", "")
    seen = {"bot": "220201543", "after": 0, "wait": 0}
    shown = sandbox.ask("GET", f"/users/{patient.id}/chat", params=seen)
    assert any("10:00" in one["text"] for one in shown["messages"])


def test_a_hospitals_bot_that_is_switched_off_and_a_platform_without_a_token_reach_nobody(
    sandbox, patient, reminded, settings
):
    channel, alice = TelegramChannel(), Recipient(patient_id=reminded.patient_id)
    assert channel.why_not(alice) == ""

    settings.TELEGRAM_BOT_TOKEN = ""
    forget_bots()
    assert channel.why_not(alice) == "no_telegram"
    forget_bots()


def test_of_whom_nothing_is_known_nobody_is_asked(in_hospital, platform_bot):
    with counted() as statements:
        assert TelegramChannel().why_not(Recipient(name="Malee")) == "no_telegram"

    assert statements == []


def test_finding_the_chat_is_one_statement(in_hospital, patient_chat, people):
    channel, alice = TelegramChannel(), Recipient(patient_id=people.alice.pk)
    channel.why_not(alice)
    with counted() as statements:
        assert channel.why_not(alice) == "no_telegram"
    assert len(statements) == 1


# ── what goes wrong ────────────────────────────────────────────────────────────
def test_whoever_blocked_the_bot_is_marked_gets_a_mail_and_is_not_written_to_again(
    desk, sandbox, patient, reminded, own, mailoutbox
):
    patient.blocks()
    send_all()

    assert fate() == ("SENT", "email", "")
    assert TelegramChat.objects.get().blocked_at is not None
    tries = len(sandbox.calls("sendMessage"))

    reschedule_appointment(desk, reference=own.reference, start=at(11))
    relay()
    send_all()
    assert Notice.objects.get(kind="booking_moved").channel == "email"
    assert len(sandbox.calls("sendMessage")) == tries


def test_whom_nothing_else_reaches_the_log_says_that_the_bot_is_blocked(patient, alice, check_up, people):
    book(alice, check_up, at(10), guest=guest(people.alice.name, people.alice.phone_number))
    plan_reminders(instant(18))
    patient.blocks()
    send_all()

    assert fate() == ("FAILED", "log", "telegram_blocked")


def test_a_pause_that_telegram_wants_is_made_and_does_not_count_as_a_failure(sandbox, patient, reminded):
    sandbox.fail_next("sendMessage", "429", retry_after=7)
    send_all()

    due = sending_jobs().get().due_at
    assert 5 < (due - clock.now()).total_seconds() <= 7
    assert (the_notice().status, the_notice().attempts, the_notice().why) == ("PENDING", 0, "telegram_busy")
    assert the_notice().handing_since is None


def test_a_message_to_a_chat_that_is_busy_waits_for_it_and_for_nothing_else(
    sandbox, patient, patient_chat, reminded, mailoutbox
):
    pause(patient_chat.bot, patient_chat.user.pk, 30)
    send_all()

    assert (the_notice().status, the_notice().why, the_notice().attempts) == ("PENDING", "telegram_busy", 0)
    assert 20 < (sending_jobs().get().due_at - clock.now()).total_seconds() <= 30
    assert sandbox.calls("sendMessage") == mailoutbox == []


def test_a_telegram_that_is_away_is_left_in_peace_and_asked_again(sandbox, patient, reminded, mailoutbox):
    sandbox.fail_next("sendMessage", "reset")
    sandbox.__exit__()
    send_all()

    assert (the_notice().status, the_notice().why, the_notice().attempts) == ("PENDING", "telegram_away", 1)
    assert mailoutbox == []


def test_a_bot_whose_token_is_of_no_use_keeps_nobody_from_being_told(sandbox, patient, reminded, mailoutbox):
    sandbox.fail_next("sendMessage", "401")
    send_all()

    assert fate() == ("SENT", "email", "")
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("fault", ["lost", "500"])
def test_a_message_that_may_have_arrived_is_not_sent_again_but_goes_out_by_mail(
    sandbox, patient, reminded, mailoutbox, fault
):
    sandbox.fail_next("sendMessage", fault)
    send_all()

    assert fate() == ("SENT", "email", "")
    assert the_notice().passed == {"telegram": "outcome_unknown"}
    assert len(sandbox.calls("sendMessage")) == 1
    assert len(mailoutbox) == 1


def test_where_there_is_no_other_channel_the_log_says_that_nobody_knows_and_staff_may_send_it_again(
    desk, sandbox, patient, reminded, own
):
    type(own).objects.update(guest_email="")
    sandbox.fail_next("sendMessage", "lost")
    send_all()
    assert fate() == ("FAILED", "log", "outcome_unknown")

    send_again(desk, notice_id=reminded.pk)
    send_after_a_second()
    assert (fate(), the_notice().passed) == (("SENT", "telegram", ""), {})


def test_a_worker_that_is_killed_after_telegrams_yes_leaves_nothing_that_is_sent_twice(
    sandbox, patient, reminded, mailoutbox, monkeypatch
):
    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("bookings.actions.sending._mark_sent", die)
        lease(["notice.send.telegram"], LEASE)
        with pytest.raises(KeyboardInterrupt):
            send_notice(str(reminded.pk), lane="telegram")
    send_all()
    assert the_notice().status == "PENDING", "somebody may have it in hand"
    assert send_notice(str(reminded.pk), lane="telegram") > clock.now()

    let_time_pass(LEASE)
    send_all()
    assert fate() == ("SENT", "email", "")
    assert len(sandbox.calls("sendMessage")) == 1
    assert len(mailoutbox) == 1


def test_what_telegram_refuses_for_good_does_not_go_in_circles(sandbox, patient, reminded, own):
    type(own).objects.update(guest_email="")
    TelegramUser.objects.update(telegram_id=404)
    send_all()

    assert fate() == ("FAILED", "log", "telegram_refused")
    assert len(sandbox.calls("sendMessage")) == 1
    assert not sending_jobs().exists()


# ── lanes ──────────────────────────────────────────────────────────────────────
def test_a_reminder_to_a_patient_costs_few_statements(patient, reminded):
    lease(["notice.send.telegram"], LEASE)
    with counted() as statements:
        send_notice(str(reminded.pk), lane="telegram")

    assert the_notice().status == "SENT"
    assert len(statements) <= 12


def test_whoever_withdrew_their_consent_is_not_reminded(patient, reminded, desk, people, mailoutbox):
    about = {"patient_id": people.alice.pk, "kind": ConsentKind.REMINDERS}
    give_consent(desk, **about, version="1")
    withdraw_consent(desk, **about)
    send_all()

    assert (the_notice().status, the_notice().why) == ("SKIPPED", "no_consent")
    assert mailoutbox == []
