from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from core import clock
from core.actor import Actor, Door
from core.errors import Kind, NotFound
from core.sealing import CannotUnseal
from events import idempotency
from events.idempotency import KEPT_FOR, Answer, KeyReused, answer_once
from events.models import Event, IdempotencyKey
from events.outbox import record
from tenants.context import inside, outside
from tests.support.statements import counted
from tests.support.threads import reasons, together, winners

KEY_HOLDER = Actor(door=Door.API, grants=frozenset(), label="k3yk3yk3yk")


class Work:
    """Something that must happen once: counts how often it did, and leaves an event each time."""

    def __init__(self, refusal=None):
        self.times = 0
        self.refusal = refusal

    def __call__(self):
        self.times += 1
        record(KEY_HOLDER, "work.done", subject_type="work", subject_id=self.times)
        if self.refusal is not None:
            raise self.refusal
        return Answer(status=201, body={"b": self.times, "a": [1, None, "ก"], "id": str(uuid4())})


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A slow machine must not turn a repetition into a plea to try again."""
    monkeypatch.setattr(idempotency, "WAIT_FOR_FIRST", 30_000)


def ask(work, actor=KEY_HOLDER, *, route="POST /create", key="k1", request=None):
    request = {"date": "2026-11-20"} if request is None else request
    return answer_once(actor, route=route, key=key, request=request, respond=work)


@pytest.fixture
def work(in_hospital):
    return Work()


def test_a_repetition_gets_the_first_answer_and_does_nothing(work):
    first, second = ask(work), ask(work)

    assert (first.replayed, second.replayed) == (False, True)
    assert (first.status, first.body) == (second.status, second.body)
    assert list(first.body) == list(second.body) == ["b", "a", "id"]
    assert work.times == Event.objects.count() == 1


def test_a_body_in_another_order_is_the_same_body(work):
    ask(work, request={"a": 1, "b": 2})

    assert ask(work, request={"b": 2, "a": 1}).replayed


@pytest.mark.parametrize("other", [{"date": "2026-11-21"}, {}, {"date": "2026-11-20", "time": None}, [1], ""])
def test_another_body_with_the_same_key_is_refused(work, other):
    ask(work)

    with pytest.raises(KeyReused) as caught:
        ask(work, request=other)
    assert (caught.value.kind, caught.value.reason) == (Kind.CONFLICT, "idempotency_key_reused")
    assert work.times == 1
    assert ask(work).replayed


@pytest.mark.parametrize(
    "change",
    [
        {"key": "k2"},
        {"key": "K1"},
        {"route": "POST /hold"},
        {"actor": replace(KEY_HOLDER, label="0therk3y00")},
    ],
)
def test_another_key_route_or_caller_is_another_request(work, change):
    ask(work)

    assert not ask(work, **change).replayed
    assert work.times == 2


def test_two_people_of_one_name_are_two_people(work):
    one, two = (
        Actor(door=Door.WEB, grants=frozenset(), user_id=uuid4(), label="Somchai Jaidee") for _ in range(2)
    )
    ask(work, one)

    assert not ask(work, two).replayed
    assert ask(work, replace(one, label="Somchai Newname")).replayed


def test_a_caller_with_a_long_name_is_answered_too(work):
    long = Actor(door=Door.WEB, grants=frozenset(), user_id=uuid4(), label="x" * 201)

    assert not ask(work, long).replayed
    assert ask(work, long).replayed


def test_another_hospital_knows_nothing_of_the_answer(work, other_hospital):
    ask(work)

    with inside(other_hospital):
        assert not ask(work).replayed


def test_a_refusal_is_not_kept_and_leaves_nothing(work):
    work.refusal = NotFound()
    for _ in range(2):
        with pytest.raises(NotFound):
            ask(work)
    assert not Event.objects.exists()
    assert not IdempotencyKey.objects.exists()

    work.refusal = None
    assert not ask(work).replayed
    assert work.times == 3


def test_a_fault_is_not_kept_either(work):
    work.refusal = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        ask(work)

    work.refusal = None
    assert ask(work).status == 201


@pytest.mark.parametrize(("age", "is_replayed"), [(timedelta(hours=23, minutes=59), True), (KEPT_FOR, False)])
def test_an_answer_is_kept_for_a_day(work, age, is_replayed):
    first = ask(work)
    IdempotencyKey.objects.update(created_at=clock.now() - age)

    again = ask(work)
    assert again.replayed is is_replayed
    assert (again.body == first.body) is is_replayed
    assert IdempotencyKey.objects.count() == 1


def test_an_expired_key_may_come_with_another_body(work):
    ask(work)
    IdempotencyKey.objects.update(created_at=clock.now() - KEPT_FOR)

    assert not ask(work, request={"other": True}).replayed


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_an_answer_that_says_nothing_of_the_request_is_not_kept_and_its_work_is_undone(work, status):
    def fail():
        return replace(work(), status=status)

    assert ask(fail).status == status
    assert not Event.objects.exists()
    assert not IdempotencyKey.objects.exists()

    assert ask(work).status == 201


def test_an_answer_without_a_body_is_repeated_without_one(work):
    def answer():
        work()
        return Answer(status=204, body=None)

    assert [(one.status, one.body, one.replayed) for one in (ask(answer), ask(answer))] == [
        (204, None, False),
        (204, None, True),
    ]


@pytest.mark.parametrize("column", ["principal", "route", "key"])
def test_an_answer_that_was_moved_to_another_row_opens_nothing(work, column):
    ask(work)
    IdempotencyKey.objects.update(**{column: "another"})
    row = IdempotencyKey.objects.get()
    mover = replace(KEY_HOLDER, label=row.principal)

    with pytest.raises(CannotUnseal):
        ask(work, mover, route=row.route, key=row.key)
    assert work.times == 1


def test_an_answer_that_was_copied_into_another_hospital_opens_nothing_there(work, other_hospital):
    ask(work)
    row = IdempotencyKey.objects.get()

    with inside(other_hospital):
        row.pk = None
        IdempotencyKey.objects.bulk_create([row])
        with pytest.raises(CannotUnseal):
            ask(work)


@pytest.mark.parametrize(("repeated", "statements"), [(False, 3), (True, 3)])
def test_keeping_an_answer_costs_three_statements(work, repeated, statements):
    def nothing():
        return Answer(status=200, body={})

    if repeated:
        ask(nothing)

    with counted() as said:
        ask(nothing)

    assert len([one for one in said if "SAVEPOINT" not in one]) == statements


def test_nothing_of_a_request_or_its_answer_is_stored_in_the_clear(work):
    ask(work, request={"guest_name": "Wanida Sornsakul"})

    kept = IdempotencyKey.objects.values().get()
    assert "Wanida" not in str(
        {name: bytes(v) if isinstance(v, memoryview) else v for name, v in kept.items()}
    )
    assert len(bytes(kept["fingerprint"])) == 32


def test_a_replay_asks_nothing_of_the_work(work):
    ask(work)

    assert ask(Work(refusal=ZeroDivisionError())).replayed


def test_of_fifty_repetitions_at_once_one_is_done_and_all_are_answered_alike(fresh_hospital):
    work = Work()
    outcomes = together(fresh_hospital, [partial(ask, work)] * 50)

    assert reasons(outcomes) == []
    assert work.times == Event.objects.count() == 1
    assert sorted(answer.replayed for answer in outcomes) == [False] + [True] * 49
    assert len({str(answer.body) for answer in outcomes}) == 1


def test_of_different_bodies_at_once_one_is_done_and_the_others_are_refused(fresh_hospital):
    work = Work()
    outcomes = together(fresh_hospital, [partial(ask, work, request={"n": n}) for n in range(10)])

    assert reasons(outcomes) == ["idempotency_key_reused"] * 9
    assert len(winners(outcomes)) == work.times == Event.objects.count() == 1


def test_when_the_first_is_refused_each_repetition_has_its_own_try(fresh_hospital):
    work = Work(refusal=NotFound())
    outcomes = together(fresh_hospital, [partial(ask, work)] * 6)

    assert reasons(outcomes) == ["not_found"] * 6
    assert work.times == 6
    assert not Event.objects.exists()


def test_an_answer_is_kept_in_its_hospital_whatever_was_done_outside_of_it(desk):
    def respond() -> Answer:
        with outside(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return Answer(status=200, body={"done": True})

    first, again = (
        answer_once(desk, route="r", key="outside", request={}, respond=respond) for _number in range(2)
    )
    assert (first.body, again.body, again.replayed) == ({"done": True}, {"done": True}, True)
