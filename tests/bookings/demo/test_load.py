import stat
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from accounts.permissions import Role
from apikeys.keys import WrongKey, check_key, forget_keys
from apikeys.models import ApiKey
from bookings.actions.appointments import book_appointment, change_status
from bookings.demo import loader
from bookings.demo.catalogue import PASSWORD
from bookings.demo.keys import NAME, ensure_key
from bookings.demo.loader import Size, load_demo
from bookings.demo.welcome import welcome
from bookings.models import (
    Appointment,
    HealthcareService,
    Holiday,
    Patient,
    PatientConsent,
    PatientInsurance,
    Practitioner,
    Rating,
)
from bookings.queries.availability import availability_for
from bookings.queries.catalogue import catalogue
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from events.models import Event
from tenants.context import inside, outside
from tenants.models import Hospital
from tests.support.catalogue import guest

SMALL = Size(days_back=14, days_ahead=14, patients=0.3)
TABLES = (User, Patient, Practitioner, HealthcareService, Holiday, Appointment, Event)
OVERLAPS = """
SELECT count(*) FROM bookings_appointment one JOIN bookings_appointment other ON one.id < other.id
WHERE one.status NOT IN ('CANCELLED', 'NO_SHOW') AND other.status NOT IN ('CANCELLED', 'NO_SHOW') AND (
  (one.practitioner_id = other.practitioner_id AND one.session <> other.session
      AND one.occupied && other.occupied)
  OR (one.practitioner_id = other.practitioner_id AND one.session = other.session AND one.seat = other.seat)
  OR (one.patient_id = other.patient_id AND one.period && other.period))
"""
HISTORIES = """
SELECT count(*) FROM (
  SELECT occurred_at < lag(occurred_at) OVER (PARTITION BY door = 'system' ORDER BY id) AS is_out_of_order,
    relayed_at
  FROM events_event
) event WHERE is_out_of_order OR relayed_at IS NULL
"""


@pytest.fixture
def demo(db):
    load_demo(lambda _: None, SMALL)
    return Hospital.objects.get(subdomain="demo")


@pytest.fixture
def humnoi(demo):
    return Hospital.objects.get(subdomain="humnoi")


def counts(hospital):
    with inside(hospital):
        return {model: model.objects.count() for model in TABLES}


def number(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_the_whole_load_can_be_lived_with(demo, humnoi, settings, tmp_path, monkeypatch):
    """Making the two hospitals takes seconds: whatever can be asked of them is asked here."""
    settings.DEMO_ALLOWED = True
    monkeypatch.setenv("PORT", "9100")
    _has_everything(demo)
    with inside(demo):
        _has_cover_and_ratings()
    for hospital in (demo, humnoi):
        with inside(hospital):
            _holds_together()
            _knows_what_its_people_are_trained_for()
            _lets_its_people_in(hospital)
            _has_free_slots_and_takes_bookings()
    _changes_nothing_when_repeated(demo, humnoi)
    _offers_a_key(demo)
    _its_command_tells_progress_and_welcome_apart(tmp_path / "key")
    _its_command_says_so_when_the_key_file_cannot_be_used(tmp_path)


def _has_everything(demo):
    found = counts(demo)
    assert found[Practitioner] == 12
    assert found[HealthcareService] == 8
    assert found[Patient] == 270
    assert found[Appointment] > 300
    assert found[User] == 5
    with outside():
        assert User.objects.get(email="operator@nadmor.example").role == Role.ADMIN


def _holds_together():
    assert number(OVERLAPS) == 0
    assert number(HISTORIES) == 0
    now = clock.now()
    for row in Appointment.objects.all():
        assert row.created_at <= row.updated_at <= now
        assert row.created_at < row.start
    last = {
        event.subject_id: event.data["status"]
        for event in Event.objects.filter(subject_type="appointment").order_by("id")
    }
    assert last == {str(row.pk): row.status for row in Appointment.objects.all()}
    assert len(Counter(Appointment.objects.values_list("source", flat=True))) == 5


def _knows_what_its_people_are_trained_for():
    for person in Practitioner.objects.prefetch_related("expertise"):
        first, *further = person.expertise.all()
        assert first.is_primary
        assert not any(row.is_primary for row in further)
        is_room = person.kind == "ROOM"
        assert (person.years_of_experience is None) is (first.certification_date is None) is is_room
        assert is_room or person.years_of_experience == first.years_of_experience
        for row in person.expertise.all():
            row.full_clean()


def _has_cover_and_ratings():
    """Everybody is insured by one primary scheme and agreed to be treated; some said how it was."""
    everybody = Patient.objects.count()
    assert PatientInsurance.objects.filter(is_primary=True).count() == everybody
    consented = PatientConsent.objects.filter(kind="TREATMENT", withdrawn_at=None)
    assert consented.count() == everybody
    assert len(set(PatientInsurance.objects.values_list("scheme", flat=True))) >= 4
    now = clock.now()
    for row in Rating.objects.select_related("appointment"):
        assert row.appointment.status == Status.COMPLETED
        assert row.appointment.updated_at < row.created_at <= now
    assert Rating.objects.exclude(comment="").exists()
    for kind, count in (
        ("booking.rated", Rating.objects.count()),
        ("patient.insurance_changed", PatientInsurance.objects.count()),
        ("patient.consent_given", PatientConsent.objects.count()),
    ):
        assert Event.objects.filter(type=kind).count() == count > 0


def _lets_its_people_in(hospital):
    for role in Role:
        user = User.objects.get(role=role)
        assert user.email.endswith(f"@{hospital.subdomain}.example")
        assert user.check_password(PASSWORD)
    assert Practitioner.objects.get(user__role=Role.DOCTOR).appointments.exists()
    assert Patient.objects.get(user__role=Role.PATIENT).phone_number


def _has_free_slots_and_takes_bookings():
    """What the loader writes is worded as the verbs word it."""
    actor = Actor.system(
        "tests", "availability.read", "appointments.book", "appointments.read", "appointments.confirm",
        "appointments.cancel",
    )  # fmt: skip
    today = clock.today_in("Asia/Bangkok")
    for service in HealthcareService.objects.all():
        found = availability_for(
            actor,
            service_id=service.pk,
            date_from=today + timedelta(days=1),
            date_until=today + timedelta(days=14),
        )
        assert found.slots, service.slug
    slot = found.slots[-1]
    row = book_appointment(
        actor, service_id=service.pk, start=clock.from_epoch(slot.start), guest=guest(),
        practitioner_id=slot.practitioner_id,
    )  # fmt: skip
    change_status(actor, reference=row.reference, status=Status.CONFIRMED)
    change_status(actor, reference=row.reference, status=Status.CANCELLED, reason="tests")
    real = Event.objects.filter(subject_id=str(row.pk)).order_by("id")
    for event in real:
        made_up = (
            Event.objects.filter(type=event.type, actor_label__in=["", "assistant"]).order_by("id").first()
        )
        assert made_up.subject_type == event.subject_type
        assert made_up.changes.keys() == event.changes.keys()
        assert made_up.data.keys() == event.data.keys()
        assert made_up.data["start"][-1] == event.data["start"][-1] == "Z"


def _changes_nothing_when_repeated(demo, humnoi):
    before = counts(demo), counts(humnoi)
    heard = []
    load_demo(heard.append)
    assert (counts(demo), counts(humnoi)) == before
    assert len(heard) == 2
    assert all("left as it is" in line for line in heard)


def _offers_a_key(demo):
    plans = loader.all_hospitals(clock.today_in("Asia/Bangkok"))
    text = welcome(plans, demo, "the-key", "localhost:9000")
    assert text.count(PASSWORD) == 11
    assert "http://humnoi.localhost:9000/admin/" in text
    assert '-H "X-API-Key: the-key" "http://localhost:9000/api/v1/tenants/demo/booking/event-types"' in text
    with inside(demo):
        service = min(catalogue().services)
    assert f"/booking/availability/{service}?date=" in text


def _its_command_tells_progress_and_welcome_apart(key_file):
    out, err = StringIO(), StringIO()
    call_command("load_demo", key_file=key_file, stdout=out, stderr=err)
    assert "left as it is" in err.getvalue()
    assert "left as it is" not in out.getvalue()
    assert f"API key of demo: {key_file.read_text().strip()}" in out.getvalue()
    assert "http://demo.localhost:9100/admin/" in out.getvalue()


def _its_command_says_so_when_the_key_file_cannot_be_used(folder):
    with pytest.raises(CommandError, match="key file"):
        call_command("load_demo", key_file=folder, stdout=StringIO(), stderr=StringIO())


def test_a_hospital_that_is_there_and_empty_is_filled_and_one_in_use_is_left_alone(db, monkeypatch):
    small = Size(days_back=2, days_ahead=2, patients=0.2)
    humnoi = loader.all_hospitals(clock.today_in("Asia/Bangkok"))[1]
    monkeypatch.setattr(loader, "all_hospitals", lambda _today: (humnoi,))
    hospital = loader.provision_hospital(subdomain="humnoi", name="Given before")
    load_demo(lambda _: None, small)
    assert counts(hospital)[Practitioner] == 5
    assert Hospital.objects.get(subdomain="humnoi").name == "Given before"
    with inside(hospital):
        PatientInsurance.objects.all().delete()
    load_demo(lambda _: None, small)
    with inside(hospital):
        assert not PatientInsurance.objects.exists()


def test_a_load_that_fails_half_way_leaves_nothing(db, monkeypatch):
    monkeypatch.setattr(loader, "_write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load_demo(lambda _: None, SMALL)
    with outside():
        assert not Hospital.objects.filter(subdomain__in=["demo", "humnoi"]).exists()


def test_a_key_that_works_is_kept(hospital, tmp_path):
    path = tmp_path / "there" / "demo-key"
    key = ensure_key(hospital, path)
    assert path.read_text() == f"{key}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert ensure_key(hospital, path) == key
    assert ApiKey.objects.filter(name=NAME).count() == 1


@pytest.mark.parametrize("content", ["", "nadmor_mistyped", "x" * 100_000, "\0\n\udcff"])
def test_a_file_without_a_key_that_works_gets_a_new_one_and_the_old_one_is_revoked(
    hospital, tmp_path, content
):
    path = tmp_path / "demo-key"
    old = ensure_key(hospital, path)
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    new = ensure_key(hospital, path)
    assert new != old
    assert check_key(new).hospital_id == hospital.pk
    forget_keys()
    with pytest.raises(WrongKey):
        check_key(old)


def test_another_hospitals_key_is_not_taken_for_ours(hospital, other_hospital, tmp_path):
    path = tmp_path / "demo-key"
    theirs = ensure_key(other_hospital, path)
    assert ensure_key(hospital, path) != theirs
    assert check_key(theirs).hospital_id == other_hospital.pk


def test_nothing_is_loaded_where_the_settings_do_not_allow_it(db, settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="DEMO_ALLOWED"):
        call_command("load_demo")
    assert not Hospital.objects.filter(subdomain="demo").exists()
