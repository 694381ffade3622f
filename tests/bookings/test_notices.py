"""Notices from the order to the mark: by any channel, at least once, while they are of use."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F

from bookings import channels
from bookings.actions.notices import NoticeSettled, notify, send_again
from bookings.actions.reminders import plan_reminders
from bookings.actions.sending import LEASE, open_lane, send_notice
from bookings.channels import NotNow, NotTaken, Unsure
from bookings.models import Notice, Patient
from core import clock
from core.errors import NotAllowed
from events.models import Event
from jobs import handlers
from jobs.queue import lease
from jobs.worker import run_due
from tenants.context import outside
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.notices import fates, instant, send_all, sending_jobs
from tests.support.smtp import mail_server, silent_server

MALEE = guest(email="malee@example.com")


class Pigeon:
    """A channel of a room above."""

    name, label, delivers, lane, repeats = "pigeon", "Pigeon", True, "notices", True

    def __init__(self):
        self.sent, self.excuse, self.fault = [], "", None

    def why_not(self, _):
        return self.excuse

    def send(self, to, message):
        if self.fault is not None:
            raise self.fault
        self.sent.append((to, message))


@pytest.fixture
def pigeon(monkeypatch):
    """A second channel, tried after e-mail where a hospital has no order of its own."""
    monkeypatch.setattr(channels, "_channels", dict(channels._channels))
    bird = Pigeon()
    channels.add_channel(bird, preference=60)
    return bird


@pytest.fixture
def booked(desk, check_up):
    return book(desk, check_up, at(10), guest=MALEE)


@pytest.fixture
def ordered(booked):
    """A reminder that waits."""
    plan_reminders(instant(18))
    return Notice.objects.get()


def prefer(names):
    """Set the channels of every hospital, in order."""
    Hospital.objects.update(notice_channels=names)
    forget_hospitals()


def the_notice():
    return Notice.objects.get()


def let_time_pass(span):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public.jobs_job SET due_at = due_at - %s", [span])
    Notice.objects.update(handing_since=F("handing_since") - span)


# ── channels ───────────────────────────────────────────────────────────────────
def test_the_first_channel_that_reaches_somebody_takes_it(ordered, pigeon, mailoutbox):
    send_all()

    assert the_notice().channel == "email"
    assert pigeon.sent == []


def test_a_hospital_has_its_own_order(ordered, pigeon, mailoutbox):
    prefer("pigeon, email")
    send_all()

    assert the_notice().channel == "pigeon"
    (to, message) = pigeon.sent[0]
    assert (to.name, to.email, message.id) == ("Malee Srisuk", "malee@example.com", ordered.pk)
    assert mailoutbox == []


def test_a_channel_that_a_hospital_did_not_choose_is_not_used(ordered, pigeon, mailoutbox):
    prefer("pigeon")
    pigeon.excuse = "no_dovecote"
    send_all()

    assert fates() == [(ordered.for_time, "SKIPPED", "no_dovecote")]
    assert the_notice().channel == "log"
    assert mailoutbox == []


def test_whom_one_channel_does_not_reach_the_next_does(desk, check_up, pigeon):
    book(desk, check_up, at(10), guest=guest(email=""))
    plan_reminders(instant(18))
    send_all()

    assert (the_notice().status, the_notice().channel, the_notice().why) == ("SENT", "pigeon", "")


def test_whom_no_channel_reaches_stands_in_the_log_with_the_reason(desk, check_up):
    book(desk, check_up, at(10), guest=guest(email=""))
    plan_reminders(instant(18))
    send_all()

    assert (the_notice().status, the_notice().channel, the_notice().why) == ("SKIPPED", "log", "no_address")
    assert the_notice().sent_at is None


def test_a_refusal_for_good_leads_to_the_next_channel_and_at_last_to_a_failure(ordered, pigeon):
    prefer("pigeon")
    pigeon.fault = NotTaken("wrong_bird")
    send_all()

    assert (the_notice().status, the_notice().why) == ("FAILED", "wrong_bird")


def test_the_address_of_the_booking_comes_before_the_patients(desk, check_up, mailoutbox):
    Patient.objects.create(
        name="Malee Srisuk", name_key="malee srisuk", phone_number="+66898765432", email="old@example.com"
    )
    book(desk, check_up, at(10), guest=MALEE)
    book(desk, check_up, at(11), guest=guest(email=""))
    plan_reminders(instant(18))
    send_all()

    assert sorted(mail.to[0] for mail in mailoutbox) == ["malee@example.com", "old@example.com"]


# ── faults ─────────────────────────────────────────────────────────────────────
def test_what_does_not_go_through_is_tried_again_after_longer_and_longer_pauses(ordered, pigeon):
    prefer("pigeon")
    pigeon.fault = NotNow("storm")
    pauses = []
    for _ in range(8):
        send_all()
        due = sending_jobs().get().due_at
        pauses.append(round((due - clock.now()).total_seconds()))
        let_time_pass(timedelta(hours=1))

    assert pauses == [30, 60, 120, 240, 480, 960, 1800, 1800]
    assert (the_notice().status, the_notice().attempts, the_notice().why) == ("PENDING", 8, "storm")
    pigeon.fault = None
    send_all()
    assert (the_notice().status, the_notice().attempts, the_notice().why) == ("SENT", 9, "")


def test_what_did_not_go_through_until_it_was_of_no_use_has_failed(ordered, pigeon):
    prefer("pigeon")
    pigeon.fault = NotNow("storm")
    send_all()
    Notice.objects.update(good_until=clock.now())
    let_time_pass(timedelta(hours=1))
    pigeon.fault = None
    send_all()

    assert (the_notice().status, the_notice().why, the_notice().attempts) == ("FAILED", "storm", 1)
    assert pigeon.sent == []
    assert not sending_jobs().exists()


def test_a_notice_is_not_tried_again_after_it_is_of_no_use(ordered, pigeon):
    prefer("pigeon")
    pigeon.fault = NotNow("storm")
    soon = clock.now() + timedelta(seconds=5)
    Notice.objects.update(good_until=soon)
    send_all()

    assert sending_jobs().get().due_at == soon


def test_a_notice_that_nobody_tried_in_time_is_too_late(ordered, mailoutbox):
    Notice.objects.update(good_until=clock.now())
    send_all()

    assert (the_notice().status, the_notice().why) == ("SKIPPED", "too_late")
    assert mailoutbox == []


def die(*_):
    raise KeyboardInterrupt


def test_a_worker_that_dies_after_the_servers_yes_sends_the_same_message_once_more(
    ordered, settings, monkeypatch
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with mail_server() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        with monkeypatch.context() as patch:
            patch.setattr("bookings.actions.sending._mark_sent", die)
            lease(["notice.send.telegram"], LEASE)
            with pytest.raises(KeyboardInterrupt):
                send_notice(str(ordered.pk))
        send_all()
        assert the_notice().status == "PENDING", "still leased"
        let_time_pass(LEASE)
        send_all()

    assert the_notice().status == "SENT"
    first, again = box.taken
    assert first["Message-ID"] == again["Message-ID"]
    assert Event.objects.filter(type="booking.reminder_sent").count() == 1


def test_one_address_that_is_refused_and_a_server_that_hangs_keep_nobody_else_from_being_told(
    desk, check_up, settings
):
    for hour, name in ((9, "malee"), (10, "somsri"), (11, "wichai")):
        book(desk, check_up, at(hour), guest=guest(name, email=f"{name}@example.com"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 1
    plan_reminders(instant(18))
    with silent_server() as port:
        settings.EMAIL_PORT = port
        send_all()
    assert {why for _, _, why in fates()} == {"mail_server_away"}

    _, email = channels._channels["email"]
    email._rests_until = 0.0
    let_time_pass(timedelta(hours=1))
    with mail_server() as box:
        settings.EMAIL_PORT = box.port
        box.refused["somsri@example.com"] = "550 No such user"
        send_all()

    assert [(status, why) for _, status, why in fates()] == [
        ("SENT", ""), ("FAILED", "address_refused"), ("SENT", ""),
    ]  # fmt: skip
    assert sorted(box.recipients) == [["malee@example.com"], ["wichai@example.com"]]


def test_a_notice_of_a_kind_that_nobody_knows_is_kept_and_its_job_tells(in_hospital):
    notify("riddle", subject=uuid4(), for_time=instant(10, days=1), good_until=instant(9, days=1))
    send_all()

    assert the_notice().status == "PENDING"
    assert sending_jobs().get().last_error.startswith("KeyError")


# ── lanes, and what does not bear repetition ───────────────────────────────────
@pytest.fixture
def loft(pigeon, monkeypatch):
    """The pigeon as the first channel, in a lane of its own; what it took it must not get twice."""
    monkeypatch.setattr(handlers, "_handlers", dict(handlers._handlers))
    monkeypatch.setattr(handlers, "_places", dict(handlers._places))
    pigeon.lane, pigeon.repeats = "loft", False
    channels.add_channel(pigeon, preference=1)
    open_lane("loft", places=3)
    return pigeon


def work(lane):
    with outside():
        return run_due(lane)


def test_a_notice_begins_in_the_lane_of_the_first_channel_and_stays_out_of_all_others(
    desk, check_up, loft, mailoutbox
):
    book(desk, check_up, at(10), guest=MALEE)
    plan_reminders(instant(18))
    assert [job.kind for job in sending_jobs()] == ["notice.send.loft"]

    assert work("notices") == 0
    assert work("loft") == 1
    assert (the_notice().status, the_notice().channel, the_notice().attempts) == ("SENT", "pigeon", 1)
    assert handlers.places_of("loft") == 3


def test_whom_the_first_channel_cannot_reach_goes_over_to_the_lane_of_the_next(
    desk, check_up, loft, mailoutbox
):
    loft.excuse = "no_dovecote"
    book(desk, check_up, at(10), guest=MALEE)
    plan_reminders(instant(18))
    work("loft")
    assert [job.kind for job in sending_jobs()] == ["notice.send"]
    assert mailoutbox == []

    work("notices")
    assert the_notice().channel == "email"
    assert not sending_jobs().exists()


def test_what_was_refused_for_good_goes_on_and_never_back(desk, check_up, loft, mailoutbox):
    loft.fault = NotTaken("wrong_bird")
    book(desk, check_up, at(10), guest=MALEE)
    plan_reminders(instant(18))
    work("loft")
    loft.fault = None
    work("notices")

    assert (the_notice().channel, the_notice().passed) == ("email", {"pigeon": "wrong_bird"})
    assert loft.sent == []


@pytest.mark.parametrize("fault", [Unsure("no_answer"), ValueError("a bug")])
def test_what_may_have_arrived_is_not_handed_over_again(desk, check_up, loft, mailoutbox, fault):
    loft.fault = fault
    book(desk, check_up, at(10), guest=MALEE)
    plan_reminders(instant(18))
    work("loft")
    loft.fault = None
    let_time_pass(timedelta(minutes=1))
    work("loft")
    work("notices")

    assert (the_notice().channel, the_notice().passed) == ("email", {"pigeon": "outcome_unknown"})
    assert loft.sent == []


def test_what_may_have_arrived_by_the_only_channel_has_failed_until_staff_says_otherwise(
    desk, check_up, loft
):
    loft.fault = Unsure("no_answer")
    row = book(desk, check_up, at(10), guest=guest(email=""))
    plan_reminders(instant(18))
    work("loft")
    work("notices")
    assert fates() == [(row.start, "FAILED", "outcome_unknown")]
    assert the_notice().handing_since is None

    loft.fault = None
    send_again(desk, notice_id=the_notice().pk)
    work("loft")
    assert fates() == [(row.start, "SENT", "")]


def test_a_channel_that_is_busy_says_until_when_and_that_is_no_failure(desk, check_up, loft):
    loft.fault = NotNow("flying", timedelta(seconds=3))
    book(desk, check_up, at(10), guest=MALEE)
    plan_reminders(instant(18))
    work("loft")

    assert (the_notice().status, the_notice().why, the_notice().attempts) == ("PENDING", "flying", 0)
    assert 2 < (sending_jobs().get().due_at - clock.now()).total_seconds() <= 3


def test_a_worker_that_dies_with_the_message_in_hand_leaves_it_to_the_next_channel(
    desk, check_up, loft, mailoutbox, monkeypatch
):
    book(desk, check_up, at(10), guest=MALEE)
    plan_reminders(instant(18))
    pk = str(the_notice().pk)
    with monkeypatch.context() as patch:
        patch.setattr("bookings.actions.sending._mark_sent", die)
        lease(["notice.send.loft"], LEASE)
        with pytest.raises(KeyboardInterrupt):
            send_notice(pk, lane="loft")
    assert send_notice(pk, lane="loft") == the_notice().handing_since + LEASE, "who knows whether it is dead"

    let_time_pass(LEASE)
    work("loft")
    work("notices")
    assert the_notice().channel == "email"
    assert len(loft.sent) == len(mailoutbox) == 1


def test_what_is_settled_while_it_is_in_hand_is_sent_all_the_same_and_says_so(
    desk, check_up, loft, monkeypatch
):
    book(desk, check_up, at(10), guest=MALEE)
    plan_reminders(instant(18))
    send = loft.send

    def settle_meanwhile(to, message):
        Notice.objects.update(status="SKIPPED", why="moved")
        send(to, message)

    monkeypatch.setattr(loft, "send", settle_meanwhile)
    work("loft")

    assert (the_notice().status, the_notice().why, the_notice().handing_since) == ("SENT", "", None)


# ── sending again ──────────────────────────────────────────────────────────────
def test_a_notice_that_failed_is_sent_again_when_staff_asks(desk, ordered, pigeon):
    prefer("pigeon")
    pigeon.fault = NotTaken("wrong_bird")
    send_all()
    pigeon.fault = None
    send_again(desk, notice_id=ordered.pk)
    send_all()

    assert (the_notice().status, the_notice().attempts) == ("SENT", 1)
    (event,) = Event.objects.filter(type="notice.sent_again")
    assert event.changes == {"status": ["FAILED", "PENDING"]}


def test_what_was_sent_or_waits_or_is_out_of_date_is_not_sent_again(desk, ordered, booked):
    with pytest.raises(NoticeSettled):
        send_again(desk, notice_id=ordered.pk)
    send_all()
    with pytest.raises(NoticeSettled):
        send_again(desk, notice_id=ordered.pk)
    Notice.objects.update(status="FAILED", sent_at=None, good_until=clock.now())
    with pytest.raises(NoticeSettled):
        send_again(desk, notice_id=ordered.pk)
    with pytest.raises(NoticeSettled):
        send_again(desk, notice_id=uuid4())


def test_a_patient_sends_no_notice_again(alice, ordered):
    with pytest.raises(NotAllowed):
        send_again(alice, notice_id=ordered.pk)
