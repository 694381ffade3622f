"""Cancelling, moving and telling in bulk, and taking it back."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from bookings.actions import batch_work
from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.batches import stop_batch, undo_batch
from bookings.actions.bulk import start_cancelling, start_moving, start_telling
from bookings.actions.undoing import UNDO_FOR
from bookings.models import Appointment, Batch, BatchItem, Holiday, Notice
from bookings.rules.statuses import Status
from core import clock
from core.errors import NotAllowed
from events.models import Event
from tests.support.batches import book_many, ids, outcomes, state_of, statuses, stop_reason_of, work_off
from tests.support.booking import book, events_of, refused, set_status, types_of
from tests.support.catalogue import at, coming_day, guest
from tests.support.notices import instant, relay, send_all


@pytest.fixture
def three(desk, check_up, dr_bob):
    """Nine, half past nine and ten o'clock tomorrow."""
    return book_many(desk, check_up, 3, practitioner_id=str(dr_bob.pk))


def places(rows):
    """Who and when on the hospital's clocks, of each appointment as it is now."""
    known = {row.pk: row for row in Appointment.objects.select_related("practitioner")}
    zone = instant(0).tzinfo
    return [
        (known[row.pk].practitioner.name_en, f"{known[row.pk].start.astimezone(zone):%d %H:%M}")
        for row in rows
    ]


def day(days):
    return f"{coming_day(days):%d}"


# ── cancelling ───────────────────────────────────────────────────────────────
def test_each_is_cancelled_with_the_reason_as_whoever_asked(desk, people, three):
    batch = start_cancelling(desk, ids=ids(three), reason="The doctor is ill")
    work_off()

    assert statuses(three) == ["CANCELLED"] * 3
    assert {row.cancel_reason for row in Appointment.objects.all()} == {"The doctor is ill"}
    assert outcomes(batch) == [("DONE", "")] * 3
    for row in three:
        event = events_of(row)[-1]
        assert (event.type, event.door, event.actor_user_id) == (
            "booking.cancelled", "admin", people.desk.pk,
        )  # fmt: skip
        assert "ill" not in str(event.data)


def test_what_is_over_or_gone_is_named_and_the_rest_is_cancelled(desk, three):
    set_status(three[0], "COMPLETED")
    cancel_appointment(desk, reference=three[1].reference)
    batch = start_cancelling(desk, ids=[*ids(three), three[0].service.practitioners.get().pk], reason="")
    work_off()

    assert outcomes(batch) == [
        ("REFUSED", "illegal_status"), ("UNCHANGED", ""), ("DONE", ""), ("REFUSED", "booking_not_found"),
    ]  # fmt: skip
    assert state_of(batch) == "DONE"


def test_one_named_twice_is_one_item(desk, three):
    batch = start_cancelling(desk, ids=[three[0].pk, three[0].pk], reason="")

    assert batch.total == 1


def test_each_patient_is_told_once(desk, three, mailoutbox):
    start_cancelling(desk, ids=ids(three), reason="ill")
    work_off()
    relay()
    send_all()

    assert sorted(mail.to[0] for mail in mailoutbox) == [f"guest{n}@example.com" for n in range(3)]


def test_a_doctor_cancels_own_appointments_in_bulk_and_no_others(people, desk, check_up, dr_eve, three):
    other = book(desk, check_up, at(9), guest=guest("Nok"), practitioner_id=str(dr_eve.pk))
    batch = start_cancelling(people.actor(Role.DOCTOR), ids=[three[0].pk, other.pk], reason="")
    work_off()

    assert outcomes(batch) == [("DONE", ""), ("REFUSED", "booking_not_found")]
    assert statuses([other]) == ["SCHEDULED"]


@pytest.mark.parametrize("start", [start_cancelling, start_moving, start_telling])
def test_a_patient_does_nothing_in_bulk_that_is_not_theirs(alice, three, start):
    asked = {"reason": ""} if start is not start_telling else {}
    try:
        start(alice, ids=ids(three), **asked)
    except NotAllowed:
        assert not Batch.objects.exists()
    work_off()

    assert statuses(three) == ["SCHEDULED"] * 3


def test_a_cancelled_batch_is_taken_back_as_far_as_each_still_may(desk, check_up, three):
    batch = start_cancelling(desk, ids=ids(three), reason="ill")
    work_off()
    taken = book(desk, check_up, three[1].start, guest=guest("Next", "0899999999"))
    undo_batch(desk, batch.pk)
    assert state_of(batch) == "WAITING"
    work_off()

    assert statuses(three) == ["SCHEDULED", "CANCELLED", "SCHEDULED"]
    assert outcomes(batch) == [("UNDONE", ""), ("DONE", "slot_taken"), ("UNDONE", "")]
    assert state_of(batch) == "DONE"
    assert statuses([taken]) == ["SCHEDULED"]
    with refused("nothing_to_undo"):
        undo_batch(desk, batch.pk)


def test_taking_a_batch_back_leaves_what_was_not_its_doing(desk, three):
    cancel_appointment(desk, reference=three[0].reference)
    batch = start_cancelling(desk, ids=ids(three), reason="")
    work_off()
    undo_batch(desk, batch.pk)
    work_off()

    assert statuses(three) == ["CANCELLED", "SCHEDULED", "SCHEDULED"]


def test_after_half_an_hour_a_batch_stands(desk, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")
    work_off()
    Batch.objects.filter(pk=batch.pk).update(ended_at=clock.now() - UNDO_FOR - timedelta(seconds=1))

    with refused("nothing_to_undo"):
        undo_batch(desk, batch.pk)
    work_off()
    assert statuses(three) == ["CANCELLED"] * 3


def test_an_administrator_takes_back_somebodys_batch_as_themselves(desk, people, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")
    work_off()
    undo_batch(people.actor(Role.ADMIN), batch.pk)
    work_off()

    assert statuses(three) == ["SCHEDULED"] * 3
    assert events_of(three[0])[-1].actor_user_id == people.admin.pk


def test_what_was_stopped_half_way_and_is_taken_back_was_not_stopped_any_more(desk, three, monkeypatch):
    monkeypatch.setattr(batch_work, "ITEMS_A_STEP", 1)
    batch = start_cancelling(desk, ids=ids(three), reason="")
    batch_work.work_off(str(batch.pk))
    stop_batch(desk, batch.pk)
    assert stop_reason_of(batch) == "ASKED"

    undo_batch(desk, batch.pk)
    assert stop_reason_of(batch) == ""
    work_off()
    assert (state_of(batch), stop_reason_of(batch)) == ("DONE", "")
    assert statuses(three) == ["SCHEDULED"] * 3


# ── moving ───────────────────────────────────────────────────────────────────
def test_each_keeps_its_time_of_day_on_another_day(desk, three):
    batch = start_moving(desk, ids=ids(three), day=coming_day(2), reason="closed")
    work_off()

    assert outcomes(batch) == [("DONE", "")] * 3
    assert places(three) == [("Dr Bob", f"{day(2)} {clocks}") for clocks in ("09:00", "09:30", "10:00")]
    assert [types_of(row)[-1] for row in three] == ["booking.rescheduled"] * 3
    assert "closed" not in str(list(Event.objects.values("data", "changes")))


def test_each_keeps_its_time_with_another_practitioner(desk, dr_eve, three):
    start_moving(desk, ids=ids(three), practitioner_id=str(dr_eve.pk))
    work_off()

    assert places(three) == [("Dr Eve", f"{day(1)} {clocks}") for clocks in ("09:00", "09:30", "10:00")]


def test_a_taken_time_of_day_gives_way_to_the_nearest_free_one(desk, check_up, three):
    book(desk, check_up, at(10, days=2), guest=guest("Next", "0899999999"))
    start_moving(desk, ids=[three[2].pk], day=coming_day(2))
    work_off()

    assert places([three[2]]) == [("Dr Bob", f"{day(2)} 09:30")]


def test_on_a_day_without_a_free_time_it_stays_and_the_reason_is_named(desk, check_up, dr_bob, three):
    Holiday.objects.create(date=coming_day(2), name_th="วันหยุด", name_en="Holiday", is_confirmed=True)
    batch = start_moving(desk, ids=ids(three), day=coming_day(2))
    work_off()

    assert outcomes(batch) == [("REFUSED", "holiday")] * 3
    assert places(three) == [("Dr Bob", f"{day(1)} {clocks}") for clocks in ("09:00", "09:30", "10:00")]


def test_what_is_there_already_is_unchanged(desk, dr_bob, three):
    batch = start_moving(desk, ids=ids(three), practitioner_id=str(dr_bob.pk), day=coming_day(1))
    work_off()

    assert outcomes(batch) == [("UNCHANGED", "")] * 3


def test_who_is_here_already_is_not_moved(desk, three):
    change_status(desk, reference=three[0].reference, status=Status.CHECKED_IN)
    batch = start_moving(desk, ids=ids(three), day=coming_day(2))
    work_off()

    assert outcomes(batch)[0] == ("REFUSED", "illegal_status")


def test_without_a_wish_each_gets_the_nearest_free_time_of_its_practitioner(desk, three):
    start_moving(desk, ids=[three[0].pk])
    work_off()

    assert places([three[0]]) == [("Dr Bob", f"{day(1)} 10:30")]


def test_a_moved_batch_is_moved_back_the_last_first(desk, three):
    before = places(three)
    batch = start_moving(desk, ids=ids(three))
    work_off()
    # The second stands where the first was, the third where the second was.
    assert places(three) == [("Dr Bob", f"{day(1)} {clocks}") for clocks in ("10:30", "09:00", "09:30")]
    undo_batch(desk, batch.pk)
    work_off()

    assert places(three) == before
    assert outcomes(batch) == [("UNDONE", "")] * 3


@pytest.mark.parametrize(
    ("role", "outcome", "reason"),
    [(Role.ADMIN, ("UNDONE", ""), "Fever"), (Role.FRONT_DESK, ("DONE", "slot_taken"), "")],
)
def test_who_was_overbooked_is_moved_back_for_the_same_reason_by_who_may(
    people, check_up, dr_bob, three, role, outcome, reason
):
    who = {"guest": guest("Nok", "0811111111"), "practitioner_id": str(dr_bob.pk)}
    row = book(people.actor(Role.ADMIN), check_up, at(9), overbook_reason="Fever", **who)
    batch = start_moving(people.actor(role), ids=[row.pk], day=coming_day(2))
    work_off()
    row.refresh_from_db()
    assert (row.overbooked, outcomes(batch)) == (False, [("DONE", "")])
    assert "Fever" not in str(BatchItem.objects.get(batch=batch).fields)
    undo_batch(people.actor(role), batch.pk)
    work_off()

    row.refresh_from_db()
    assert outcomes(batch) == [outcome]
    assert (row.overbook_reason if row.overbooked else "") == reason


def test_what_somebody_moved_on_meanwhile_is_not_moved_back(desk, three):
    batch = start_moving(desk, ids=ids(three), day=coming_day(2))
    work_off()
    reschedule_appointment(desk, reference=three[1].reference, start=at(15, days=3))
    undo_batch(desk, batch.pk)
    work_off()

    assert outcomes(batch) == [("UNDONE", ""), ("DONE", "moved_meanwhile"), ("UNDONE", "")]
    assert places([three[1]]) == [("Dr Bob", f"{day(3)} 15:00")]


def test_a_stopped_move_is_moved_back_as_far_as_it_came(desk, three):
    batch = start_moving(desk, ids=ids(three), day=coming_day(2))
    work_off()
    Batch.objects.filter(pk=batch.pk).update(state="STOPPED")
    BatchItem.objects.filter(batch=batch, number=3).update(outcome="WAITING")
    undo_batch(desk, batch.pk)
    work_off()

    assert [outcome for outcome, _reason in outcomes(batch)] == ["UNDONE", "UNDONE", "WAITING"]


# ── telling ──────────────────────────────────────────────────────────────────
def test_each_patient_is_asked_once_to_choose_another_time(desk, three, mailoutbox):
    batch = start_telling(desk, ids=ids(three))
    work_off()
    send_all()

    assert outcomes(batch) == [("DONE", "")] * 3
    assert len(mailoutbox) == 3
    assert mailoutbox[0].to == ["guest0@example.com"]
    assert three[0].reference in mailoutbox[0].body


def test_that_a_patient_was_asked_stands_in_the_history_with_ids_and_public_facts_alone(desk, people, three):
    start_telling(desk, ids=ids(three[:1]))
    work_off()

    event = events_of(three[0])[-1]
    assert (event.type, event.door, event.actor_user_id) == (
        "booking.asked_to_choose", "admin", people.desk.pk,
    )  # fmt: skip
    assert set(event.data) == {"reference", "event_type_id", "provider_id", "start", "status"}
    assert event.changes == {}


def test_the_same_batch_worked_off_again_tells_nobody_twice(desk, three, mailoutbox):
    batch = start_telling(desk, ids=ids(three))
    work_off()
    BatchItem.objects.update(outcome="WAITING")
    Batch.objects.filter(pk=batch.pk).update(state="WAITING", ended_at=None)
    batch_work.work_off(str(batch.pk))
    send_all()

    assert Notice.objects.count() == len(mailoutbox) == 3
    assert Event.objects.filter(type="booking.asked_to_choose").count() == 3


def test_another_batch_asks_again(desk, three):
    for _ in range(2):
        start_telling(desk, ids=[three[0].pk])
        work_off()

    assert Notice.objects.filter(kind="choose_another_time").count() == 2


def test_who_is_not_expected_is_not_asked(desk, three):
    set_status(three[0], "CHECKED_IN")
    set_status(three[1], "CANCELLED")
    batch = start_telling(desk, ids=ids(three))
    work_off()

    assert outcomes(batch)[:2] == [("REFUSED", "illegal_status")] * 2
    assert Notice.objects.count() == Event.objects.filter(type="booking.asked_to_choose").count() == 1


def test_who_moved_before_the_message_went_is_not_asked(desk, three, mailoutbox):
    start_telling(desk, ids=[three[0].pk])
    work_off()
    reschedule_appointment(desk, reference=three[0].reference, start=at(15))
    send_all()

    assert Notice.objects.get(kind="choose_another_time").why == "moved"
    assert mailoutbox == []


def test_a_doctor_tells_nobody_in_bulk(people, three):
    with pytest.raises(NotAllowed):
        start_telling(people.actor(Role.DOCTOR), ids=ids(three))
