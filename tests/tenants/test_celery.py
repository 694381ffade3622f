import json
from uuid import uuid4

import pytest
from celery import shared_task

from config.celery import app
from tenants.celery import HEADER, HospitalTask
from tenants.context import current_schema, inside
from tenants.errors import HospitalInactive, HospitalNotFound


@shared_task(name="tests.where", base=HospitalTask)
def where(number: int) -> str:
    return current_schema()


@pytest.fixture
def queue(monkeypatch):
    """The messages that were sent, read back from the broker."""
    # Other tests at the same time have the same broker.
    name = f"tests-of-messages-{uuid4().hex}"
    with app.connection_for_write() as connection, connection.SimpleQueue(name) as simple:
        simple.clear()
        yield simple
        simple.clear()


def run_as_sent(**headers):
    """What the task returns for a message with these headers."""
    where.push_request(headers=headers)
    try:
        return where(7)
    finally:
        where.pop_request()


def test_a_message_carries_its_hospital_and_ids_alone(in_hospital, queue):
    where.apply_async([7], queue=queue.queue.name)

    message = queue.get(timeout=5)
    message.ack()
    assert message.headers[HEADER] == in_hospital.schema_name
    assert json.loads(message.body)[0] == [7]


def test_a_message_from_outside_of_every_hospital_carries_none(db, queue):
    where.apply_async([7], queue=queue.queue.name)

    message = queue.get(timeout=5)
    message.ack()
    assert HEADER not in message.headers


def test_a_task_runs_inside_of_the_hospital_that_its_message_names(hospital):
    assert run_as_sent(**{HEADER: hospital.schema_name}) == hospital.schema_name
    assert current_schema() == "public"


def test_a_task_without_a_hospital_runs_outside_of_every_one(hospital):
    with inside(hospital):
        assert run_as_sent() == "public"
        assert current_schema() == hospital.schema_name


def test_a_task_for_a_hospital_that_was_switched_off_is_refused(hospital):
    hospital.is_active = False
    hospital.save()

    with pytest.raises(HospitalInactive):
        run_as_sent(**{HEADER: hospital.schema_name})


def test_a_task_for_a_schema_of_no_hospital_is_refused(db):
    with pytest.raises(HospitalNotFound):
        run_as_sent(**{HEADER: "h_nobody"})
