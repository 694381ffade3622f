"""The engine of bulk work: each item once, in transactions of its own, as whoever asked."""

import json
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connections, transaction

from accounts.models import User
from accounts.permissions import Role
from bookings.actions import batch_kinds, batch_work
from bookings.actions.batches import (
    DRAFT_FOR,
    Item,
    batch_kind,
    confirm_batch,
    progress_of,
    start_batch,
    stop_batch,
    undo_batch,
)
from bookings.errors import TryAgain
from bookings.models import Batch, BatchItem, BatchKind, Outcome, Patient
from core import clock
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from jobs.models import Job
from tenants.directory import forget_hospitals
from tests.support.batches import outcomes, state_of, stop_reason_of, work_off
from tests.support.booking import refused
from tests.support.threads import together

PHONE = "+66812345679"


class Work:
    """Bulk work that notes what was done in the database: it goes back with the item's transaction."""

    def __init__(self):
        self.tried = []
        self.before = lambda _number: None

    def run(self, turn):
        number = turn.item.number
        self.tried.append(number)
        Patient.objects.create(name=f"Done {number}", name_key=f"done {number}", phone_number=PHONE)
        self.before(number)
        return Outcome(turn.payload.get("outcome", "DONE"))

    @staticmethod
    def done():
        names = Patient.objects.filter(name__startswith="Done").values_list("name", flat=True)
        return sorted(int(name.split()[1]) for name in names)


@pytest.fixture
def work(monkeypatch):
    monkeypatch.setattr(batch_kinds, "_works", {})
    one = Work()
    batch_kind(BatchKind.IMPORT_PATIENTS, "patients.write", one.run)
    return one


def start(actor, count=3, **asked):
    payloads = asked.pop("payloads", [None] * count)
    items = [Item(payload=payload) for payload in payloads]
    return start_batch(actor, kind=BatchKind.IMPORT_PATIENTS, items=items, **asked)


def test_each_item_is_done_in_its_order_and_the_batch_is_over(desk, work):
    batch = start(desk)
    assert state_of(batch) == "WAITING"
    work_off()

    assert work.tried == work.done() == [1, 2, 3]
    assert outcomes(batch) == [("DONE", "")] * 3
    assert state_of(batch) == "DONE"
    assert Batch.objects.get(pk=batch.pk).ended_at is not None
    assert not Job.objects.filter(kind="batch").exists()


def test_many_items_are_worked_off_in_several_steps(desk, work, monkeypatch):
    monkeypatch.setattr(batch_work, "ITEMS_A_STEP", 4)
    batch = start(desk, 10)

    assert work_off() == 3
    assert work.done() == list(range(1, 11))
    assert state_of(batch) == "DONE"


def test_progress_counts_how_each_item_ended(desk, work):
    payloads = [{"outcome": "DONE"}, {"outcome": "UNCHANGED"}, {"outcome": "DONE"}, {"row": 4}]
    batch = start(desk, payloads=payloads)
    progress = progress_of(desk, batch.pk)
    assert (progress.state, progress.total, progress.waiting, progress.done) == ("WAITING", 4, 4, 0)

    work.before = lambda number: (_ for _ in ()).throw(InvalidInput()) if number == 4 else None
    work_off()

    progress = progress_of(desk, batch.pk)
    assert (progress.state, progress.waiting, progress.done) == ("DONE", 0, 2)
    assert (progress.refused, progress.unchanged, progress.undone) == (1, 1, 0)


def test_what_is_refused_leaves_nothing_but_its_reason_and_fields(desk, work):
    def refuse(number):
        if number == 2:
            raise InvalidInput(phone_number="This is not a phone number.")

    work.before = refuse
    batch = start(desk)
    work_off()

    assert work.done() == [1, 3]
    assert outcomes(batch) == [("DONE", ""), ("REFUSED", "invalid"), ("DONE", "")]
    item = BatchItem.objects.get(batch=batch, number=2)
    assert item.fields == {"phone_number": ["This is not a phone number."]}


def test_a_fault_of_ours_in_one_item_does_not_hold_up_the_rest(desk, work, caplog):
    def stumble(number):
        if number == 2:
            raise KeyError("Malee Srisuk")

    work.before = stumble
    batch = start(desk)
    work_off()

    assert outcomes(batch) == [("DONE", ""), ("REFUSED", "failed"), ("DONE", "")]
    assert state_of(batch) == "DONE"
    assert "KeyError" in caplog.text
    assert "Malee" not in caplog.text


def test_an_item_that_others_keep_busy_is_tried_again(desk, work):
    busy = iter([True, True, False])

    def often_busy(number):
        if number == 2 and next(busy):
            raise TryAgain

    work.before = often_busy
    batch = start(desk)
    work_off()

    assert work.tried == [1, 2, 2, 2, 3]
    assert work.done() == [1, 2, 3]
    assert state_of(batch) == "DONE"


def test_an_item_that_stays_busy_is_refused_and_the_rest_goes_on(desk, work):
    def busy(number):
        if number == 2:
            raise TryAgain

    work.before = busy
    batch = start(desk)
    work_off()

    assert outcomes(batch) == [("DONE", ""), ("REFUSED", "try_again"), ("DONE", "")]


# ── what is kept ─────────────────────────────────────────────────────────────
def test_options_and_lines_are_sealed_and_lines_go_when_they_are_done(desk, work):
    seen = []
    batch = start(desk, payloads=[{"name": "Malee"}, {"name": "Somchai"}], options={"reason": "ill"})
    stored = BatchItem.objects.get(batch=batch, number=1)
    assert "Malee" not in stored.payload
    assert "ill" not in Batch.objects.get(pk=batch.pk).options
    batch_kind(
        BatchKind.IMPORT_PATIENTS,
        "patients.write",
        lambda turn: seen.append((turn.options, turn.payload)) or Outcome.DONE,
    )
    work_off()

    assert seen == [({"reason": "ill"}, {"name": "Malee"}), ({"reason": "ill"}, {"name": "Somchai"})]
    assert set(BatchItem.objects.filter(batch=batch).values_list("payload", flat=True)) == {""}


def test_a_line_of_one_batch_opens_in_no_other_place(desk, work):
    batch = start(desk, payloads=[{"name": "Malee"}, {"name": "Somchai"}])
    first, second = BatchItem.objects.filter(batch=batch)
    BatchItem.objects.filter(pk=second.pk).update(payload=first.payload)
    work_off()

    assert outcomes(batch) == [("DONE", ""), ("REFUSED", "failed")]


def test_the_queue_names_no_line(in_hospital, desk, work):
    batch = start(desk, payloads=[{"name": "Malee"}], options={"reason": "ill"})

    job = Job.objects.get(kind="batch")
    assert (job.subject, job.schema_name) == (str(batch.pk), in_hospital.schema_name)
    assert "Malee" not in json.dumps(list(Job.objects.values("kind", "subject", "last_error")))


# ── drafts ───────────────────────────────────────────────────────────────────
def test_a_draft_waits_until_it_is_confirmed(desk, work):
    batch = start(desk, draft=True)
    work_off()
    assert (state_of(batch), work.done()) == ("DRAFT", [])

    confirm_batch(desk, batch.pk)
    work_off()
    assert (state_of(batch), work.done()) == ("DONE", [1, 2, 3])


def test_a_draft_is_confirmed_once(desk, work):
    batch = start(desk, draft=True)
    confirm_batch(desk, batch.pk)

    with refused("batch_ended"):
        confirm_batch(desk, batch.pk)
    work_off()
    assert (state_of(batch), work.done()) == ("DONE", [1, 2, 3])


def test_a_draft_that_nobody_confirms_ends_and_forgets_its_lines(desk, work):
    batch = start(desk, payloads=[{"name": "Malee"}], draft=True)
    Batch.objects.filter(pk=batch.pk).update(created_at=clock.now() - DRAFT_FOR - timedelta(minutes=1))
    Job.objects.filter(kind="batch").update(due_at=clock.now() - timedelta(seconds=1))
    work_off()

    assert (state_of(batch), work.done()) == ("STOPPED", [])
    assert stop_reason_of(batch) == "UNCONFIRMED"
    assert BatchItem.objects.get(batch=batch).payload == ""
    with refused("batch_ended"):
        confirm_batch(desk, batch.pk)


# ── stopping ─────────────────────────────────────────────────────────────────
def test_a_batch_stopped_in_the_middle_leaves_the_rest(desk, work):
    batch = start(desk, payloads=[{"row": n} for n in range(5)])
    work.before = lambda number: stop_batch(desk, batch.pk) if number == 2 else None
    work_off()

    assert work.done() == [1, 2]
    assert [outcome for outcome, _reason in outcomes(batch)] == ["DONE"] * 2 + ["WAITING"] * 3
    assert (state_of(batch), stop_reason_of(batch)) == ("STOPPED", "ASKED")
    assert set(BatchItem.objects.filter(batch=batch).values_list("payload", flat=True)) == {""}
    with refused("batch_ended"):
        stop_batch(desk, batch.pk)


def test_a_batch_stopped_before_it_began_does_nothing(desk, work):
    batch = start(desk)
    stop_batch(desk, batch.pk)
    work_off()

    assert work.tried == []
    assert state_of(batch) == "STOPPED"


@pytest.mark.parametrize("lost", ["switched_off", "other_role"])
def test_a_batch_stops_when_whoever_asked_may_do_it_no_more(people, desk, work, monkeypatch, lost):
    monkeypatch.setattr(batch_work, "ITEMS_A_STEP", 2)
    batch = start(desk, 5)
    changed = {"is_active": False} if lost == "switched_off" else {"role": Role.DOCTOR}

    def lose(number):
        if number == 2:
            User.objects.filter(pk=people.desk.pk).update(**changed)

    work.before = lose
    work_off()

    assert work.done() == [1, 2]
    assert (state_of(batch), stop_reason_of(batch)) == ("STOPPED", "RIGHTS")


def test_no_batch_that_was_not_stopped_has_a_reason_for_it(desk, work):
    with pytest.raises(IntegrityError, match="only_a_stopped_batch"), transaction.atomic():
        Batch.objects.filter(pk=start(desk).pk).update(stop_reason="ASKED")


def test_while_the_hospital_is_switched_off_its_batches_wait(in_hospital, desk, work):
    batch = start(desk)
    type(in_hospital).objects.filter(pk=in_hospital.pk).update(is_active=False)
    forget_hospitals()
    work_off()
    assert (work.done(), state_of(batch)) == ([], "WAITING")

    type(in_hospital).objects.filter(pk=in_hospital.pk).update(is_active=True)
    forget_hospitals()
    Job.objects.filter(kind="batch").update(due_at=clock.now() - timedelta(seconds=1))
    work_off()
    assert (work.done(), state_of(batch)) == ([1, 2, 3], "DONE")


# ── who may ──────────────────────────────────────────────────────────────────
def test_who_may_not_do_it_cannot_start_it(in_hospital, people, work):
    with pytest.raises(NotAllowed):
        start(people.actor(Role.DOCTOR))
    assert not Batch.objects.exists()


def test_a_machine_starts_none(in_hospital, work):
    with pytest.raises(NotAllowed):
        start(Actor.system("somebody's key", "patients.write"))


@pytest.mark.parametrize("count", [0, 5])
def test_a_batch_has_at_least_one_item_and_not_too_many(desk, work, monkeypatch, count):
    monkeypatch.setattr("bookings.actions.batches.MOST_ITEMS", 4)

    with refused("invalid"):
        start(desk, count)
    assert not Batch.objects.exists()


def test_everybody_sees_their_own_and_administrators_all(people, desk, work):
    batch = start(desk)
    nurse, admin = people.actor(Role.NURSE), people.actor(Role.ADMIN)

    assert progress_of(admin, batch.pk).total == 3
    for verb in (progress_of, stop_batch, confirm_batch, undo_batch):
        with refused("batch_not_found"):
            verb(nurse, batch.pk)
    assert stop_batch(admin, batch.pk).state == "STOPPED"


def test_what_cannot_be_taken_back_is_not(desk, work):
    batch = start(desk)
    work_off()

    with refused("nothing_to_undo"):
        undo_batch(desk, batch.pk)
    assert state_of(batch) == "DONE"


# ── whoever dies, however many work ──────────────────────────────────────────
@pytest.fixture
def clerk(fresh_hospital):
    user = User.objects.create_user("fon@fresh.example", first_name="Fon", role=Role.FRONT_DESK)
    return Actor(door="admin", grants=user.grants, role=user.role, user_id=user.pk)


def test_several_workers_at_once_do_each_item_once(fresh_hospital, clerk, work):
    batch = start(clerk, 60)
    steps = [partial(batch_work.work_off, str(batch.pk))] * 4

    while state_of(batch) != "DONE":
        assert not [one for one in together(fresh_hospital, steps) if isinstance(one, Exception)]
    assert work.done() == list(range(1, 61))
    assert outcomes(batch) == [("DONE", "")] * 60


def test_a_worker_that_loses_its_connection_in_the_middle_of_an_item_leaves_it_to_the_next(
    fresh_hospital, clerk, work
):
    batch = start(clerk, 5)
    lost = iter([True])

    def lose_connection(number):
        if number == 3 and next(lost, False):
            connections["default"].connection.close()

    work.before = lose_connection
    together(fresh_hospital, [partial(batch_work.work_off, str(batch.pk))])
    assert work.done() == [1, 2]
    assert [outcome for outcome, _ in outcomes(batch)] == ["DONE"] * 2 + ["WAITING"] * 3

    together(fresh_hospital, [partial(batch_work.work_off, str(batch.pk))])
    assert work.done() == [1, 2, 3, 4, 5]
    assert state_of(batch) == "DONE"
