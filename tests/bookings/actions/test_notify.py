"""Ordering a notice: once for each subject and time."""

import pytest
from django.db import transaction

from bookings.actions.notices import notify
from bookings.actions.reminders import plan_reminders
from bookings.models import Notice
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.notices import instant, send_all, sending_jobs


@pytest.fixture
def ordered(desk, check_up):
    """A reminder that waits."""
    book(desk, check_up, at(10), guest=guest(email="malee@example.com"))
    plan_reminders(instant(18))
    return Notice.objects.get()


def order(**fields):
    about = {"subject": "x", "for_time": instant(10, days=1), "good_until": instant(9, days=1)}
    return notify("reminder", **{**about, **fields})


def test_a_notice_is_ordered_once_for_each_subject_and_time(in_hospital):
    first, again, other = order(), order(), order(for_time=instant(11, days=1))

    assert first.pk == again.pk != other.pk
    queued = set(sending_jobs().values_list("subject", flat=True))
    assert queued == {str(first.pk), str(other.pk)}


def test_a_notice_that_is_rolled_back_was_never_ordered(in_hospital):
    with transaction.atomic():
        order()
        transaction.set_rollback(True)

    assert not Notice.objects.exists()
    assert not sending_jobs().exists()


def test_ordering_what_was_settled_does_not_bring_it_back(ordered, mailoutbox):
    send_all()
    again = notify(
        "reminder", subject=ordered.subject, for_time=ordered.for_time, good_until=ordered.good_until
    )
    send_all()

    assert (again.pk, again.status) == (ordered.pk, "SENT")
    assert len(mailoutbox) == 1
