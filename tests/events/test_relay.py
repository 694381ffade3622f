import pytest
from django.db import transaction

from bookings.models import Patient
from core.actor import Actor, Door
from events import relay
from events.models import Event
from events.outbox import LANE, record
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import current_schema, inside, outside

SOMEBODY = Actor(door=Door.API, grants=frozenset(), label="Nora")


def note(kind="thing.happened", subject_id="1"):
    return record(SOMEBODY, kind, subject_type="thing", subject_id=subject_id)


@pytest.fixture
def told(monkeypatch):
    """What subscribers heard: the schema, the type and the subject of each event."""
    heard = []
    monkeypatch.setattr(relay, "_subscribers", [])
    relay.subscribe(lambda event: heard.append((current_schema(), event.type, event.subject_id)))
    return heard


def test_an_event_is_handed_to_its_subscribers_once(in_hospital, told):
    event = note()

    with outside():
        run_due(LANE)
        run_due(LANE)

    assert told == [(in_hospital.schema_name, "thing.happened", "1")]
    event.refresh_from_db()
    assert event.relayed_at is not None
    assert not Job.objects.exists()


def test_one_sweep_finds_the_events_of_every_hospital_and_of_the_platform(hospital, other_hospital, told):
    for place in (hospital, other_hospital):
        with inside(place):
            note(subject_id=place.subdomain)
    note(subject_id="platform")

    run_due(LANE)

    assert [subject for _, _, subject in told] == ["ploy", "rama", "platform"]
    assert [schema for schema, _, _ in told] == [hospital.schema_name, other_hospital.schema_name, "public"]


def test_a_subscriber_hears_of_its_types_alone(in_hospital, told):
    chosen = []
    relay.subscribe(lambda event: chosen.append(event.type), "thing.broke")
    note("thing.happened")
    note("thing.broke")

    run_due(LANE)

    assert chosen == ["thing.broke"]
    assert len(told) == 2


def test_a_poisoned_event_keeps_its_attempts_and_holds_up_nobody(in_hospital, told):
    def choke(event):
        Patient.objects.create(name="written before the fault", name_key="x")
        if event.subject_id == "poison":
            raise ValueError("Malee Srisuk has a secret")

    relay.subscribe(choke)
    note(subject_id="poison")
    after = note(subject_id="fine")

    with outside():
        run_due(LANE)

    assert Event.objects.filter(relayed_at=None).count() == 1
    after.refresh_from_db()
    assert after.relayed_at is not None
    job = Job.objects.get()
    assert job.attempts == 1
    assert job.last_error.startswith("ValueError at test_relay.py:")
    assert "Malee" not in job.last_error
    assert Patient.objects.filter(name="written before the fault").count() == 1


def test_an_event_of_a_hospital_that_was_switched_off_is_handed_on(hospital, told):
    with inside(hospital):
        note()
    hospital.is_active = False
    hospital.save()

    run_due(LANE)

    assert len(told) == 1


def test_an_event_that_is_rolled_back_is_never_handed_on(in_hospital, told):
    with transaction.atomic():
        note()
        transaction.set_rollback(True)

    run_due(LANE)

    assert not told
