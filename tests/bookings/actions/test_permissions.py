"""The whole access policy as one table: verbs by rows, whoever says them by columns."""

from datetime import time

import pytest
from django.db import transaction

from accounts.caller import actor_of
from accounts.models import User
from accounts.permissions import Role
from apikeys.keys import create_key, revoke_key
from apikeys.models import ApiKey
from apikeys.scopes import grants_of
from bookings.actions.appointments import book_appointment, change_status, reschedule_appointment
from bookings.actions.holds import expire_holds, hold_slot, release_hold
from bookings.actions.notices import send_again
from bookings.actions.patients import register_patient
from bookings.actions.reminder_settings import set_reminders
from bookings.actions.schedules import confirm_holidays, suggest_thai_holidays
from bookings.actions.walk_ins import walk_in
from bookings.models import Appointment, Holiday, Notice, Patient
from bookings.queries.appointments import appointment_for, appointments_for, find_appointments_for
from bookings.queries.availability import availability_for, month_for
from bookings.queries.catalogue import services_for
from bookings.rules.statuses import Status
from core.actor import Actor, Door
from core.errors import NotAllowed, NotFound
from events.models import Event
from tenants.context import outside
from tests.support.booking import book, set_status
from tests.support.catalogue import at, coming_day, give_hours, guest

# "yes": done. "no": NotAllowed. "?": NotFound, as if it were not there.
# Own is an appointment of Dr Bob with Alice, other one of Dr Eve with Malee.
TABLE = """
                  ADMIN DOCTOR NURSE FRONT_DESK PATIENT operator nobody k:read k:write k:both k:hospital k:patients k:platform
services          yes   yes    yes   yes        yes     no       no     yes    no      yes    no         no         no
free_slots        yes   yes    yes   yes        yes     no       no     yes    no      yes    no         no         no
month             yes   yes    yes   yes        yes     no       no     yes    no      yes    no         no         no
see_own           yes   yes    yes   yes        yes     ?        ?      yes    yes     yes    ?          ?          ?
see_other         yes   ?      yes   yes        ?       ?        ?      yes    yes     yes    ?          ?          ?
book              yes   no     yes   yes        yes     no       no     no     yes     yes    no         no         no
book_waived       yes   no     yes   yes        no      no       no     no     no      no     no         no         no
book_overbooked   yes   no     no    no         no      no       no     no     no      no     no         no         no
walk_in           yes   no     yes   yes        no      no       no     no     no      no     no         no         no
hold              yes   no     yes   yes        yes     no       no     no     yes     yes    no         no         no
book_hold         yes   no     yes   yes        yes     no       no     no     yes     yes    no         no         no
release           yes   no     yes   yes        yes     no       no     no     yes     yes    no         no         no
expire            yes   no     yes   yes        yes     no       no     no     yes     yes    no         no         no
move_own          yes   yes    yes   yes        yes     ?        ?      no     yes     yes    ?          ?          ?
move_other        yes   ?      yes   yes        ?       ?        ?      no     yes     yes    ?          ?          ?
move_waived_own   yes   no     yes   yes        no      ?        ?      no     no      no     ?          ?          ?
move_waived_other yes   ?      yes   yes        ?       ?        ?      no     no      no     ?          ?          ?
confirm_own       yes   no     yes   yes        yes     ?        ?      no     yes     yes    ?          ?          ?
confirm_other     yes   ?      yes   yes        ?       ?        ?      no     yes     yes    ?          ?          ?
check_in_own      yes   yes    yes   yes        no      ?        ?      no     yes     yes    ?          ?          ?
check_in_other    yes   ?      yes   yes        ?       ?        ?      no     yes     yes    ?          ?          ?
begin_own         yes   yes    yes   yes        no      ?        ?      no     yes     yes    ?          ?          ?
complete_own      yes   yes    yes   yes        no      ?        ?      no     yes     yes    ?          ?          ?
miss_own          yes   yes    yes   yes        no      ?        ?      no     yes     yes    ?          ?          ?
miss_other        yes   ?      yes   yes        ?       ?        ?      no     yes     yes    ?          ?          ?
cancel_own        yes   yes    yes   yes        yes     ?        ?      no     yes     yes    ?          ?          ?
cancel_other      yes   ?      yes   yes        ?       ?        ?      no     yes     yes    ?          ?          ?
register          yes   no     yes   yes        no      no       no     no     no      no     no         yes        no
suggest_holidays  yes   no     no    no         no      no       no     no     no      no     yes        no         no
confirm_holidays  yes   no     no    no         no      no       no     no     no      no     yes        no         no
send_again        yes   no     yes   yes        no      no       no     no     no      no     no         no         no
set_reminders     yes   no     no    no         no      no       no     no     no      no     no         no         no
create_key        no    no     no    no         no      yes      no     no     no      no     no         no         yes
revoke_key        no    no     no    no         no      yes      no     no     no      no     no         no         yes
"""  # noqa: E501  -- the table is read as a table
SCOPES = {
    "k:read": ["read:bookings"],
    "k:write": ["write:bookings"],
    "k:both": ["read:bookings", "write:bookings"],
    "k:hospital": ["admin:hospital"],
    "k:patients": ["read:patients", "write:patients"],
    "k:platform": ["admin:platform"],
}
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
ROWS = {verb: dict(zip(_HEAD, cells, strict=True)) for verb, *cells in _ROWS}
# For these the appointment is put into the status before by the test itself.
SET_FIRST = ("begin_own", "complete_own")


@pytest.fixture
def own(desk, check_up, dr_bob, people):
    """Alice's appointment with Dr Bob."""
    alice = guest(people.alice.name, people.alice.phone_number)
    return book(desk, check_up, at(9), guest=alice, practitioner_id=str(dr_bob.pk))


@pytest.fixture
def other(desk, check_up, dr_eve):
    """Malee's appointment with Dr Eve."""
    return book(desk, check_up, at(10), practitioner_id=str(dr_eve.pk))


def actor_named(who: str, people) -> Actor:
    if who in SCOPES:
        return Actor(door=Door.API, grants=grants_of(SCOPES[who]), label=who)
    if who == "operator":
        with outside():
            return actor_of(User.objects.get(email="operator@nadmor.example"), Door.ADMIN)
    if who == "nobody":
        return Actor(door=Door.WEB, grants=frozenset())
    return people.actor(Role(who))


def unsent(row) -> Notice:
    """A reminder of an appointment that did not go out."""
    about = {"kind": "reminder", "subject": str(row.pk), "for_time": row.start, "good_until": row.start}
    return Notice.objects.create(**about, appointment=row, status="FAILED")


def say(verb: str, actor: Actor, service, row, hold, key) -> object:
    """Say one verb of the table about an appointment, a hold and a key."""

    def become(status: Status, after: Status | None = None) -> object:
        if after is not None:
            set_status(row, after)
        return change_status(actor, reference=row.reference, status=status)

    tomorrow = {"service_id": service.pk, "date_from": coming_day(), "date_until": coming_day()}
    said = {
        "services": lambda: services_for(actor),
        "free_slots": lambda: availability_for(actor, **tomorrow),
        "month": lambda: month_for(actor, service_id=service.pk, month=coming_day()),
        "see": lambda: appointment_for(actor, reference=row.reference),
        "book": lambda: book(actor, service, at(11), guest=guest("Booked")),
        "book_waived": lambda: book(actor, service, at(11, 7), guest=guest("Booked"), waive=True),
        "book_overbooked": lambda: book(
            actor,
            service,
            at(9),
            guest=guest("Beside"),
            overbook_reason="Fever",
            practitioner_id=str(row.practitioner_id),
        ),
        "walk_in": lambda: come_in(actor, service),
        "hold": lambda: hold_slot(actor, service_id=service.pk, start=at(11)),
        "book_hold": lambda: book_appointment(
            actor, service_id=service.pk, start=at(14), guest=guest("Held"), hold_id=hold.pk
        ),
        "release": lambda: release_hold(actor, hold_id=hold.pk),
        "expire": lambda: expire_holds(actor),
        "move": lambda: reschedule_appointment(actor, reference=row.reference, start=at(15)),
        "move_waived": lambda: reschedule_appointment(
            actor, reference=row.reference, start=at(15, 7), waive=True
        ),
        "confirm": lambda: become(Status.CONFIRMED),
        "check_in": lambda: become(Status.CHECKED_IN),
        "begin": lambda: become(Status.IN_PROGRESS, after=Status.CHECKED_IN),
        "complete": lambda: become(Status.COMPLETED, after=Status.IN_PROGRESS),
        "miss": lambda: become(Status.NO_SHOW),
        "cancel": lambda: become(Status.CANCELLED),
        "register": lambda: register_patient(actor, Patient(name="New", phone_number="0811111111")),
        "suggest_holidays": lambda: suggest_thai_holidays(actor, year=2027),
        "confirm_holidays": lambda: confirm_holidays(actor, ids=[]),
        "send_again": lambda: send_again(actor, notice_id=unsent(row).pk),
        "set_reminders": lambda: set_reminders(
            actor, reminder_time=time(7), reminder_least_hours=1, channels=[]
        ),
        "create_key": lambda: create_key(actor, name="new", scopes=["read:bookings"]),
        "revoke_key": lambda: revoke_key(actor, key),
    }
    return said[verb.removesuffix("_own").removesuffix("_other")]()


def come_in(actor: Actor, service) -> Appointment:
    """Let Malee come in now, whatever the time is."""
    give_hours(service.practitioners.first(), ("00:00", "00:00"))
    return walk_in(actor, service_id=service.pk, guest=guest())


@pytest.mark.parametrize(("verb", "wanted"), ROWS.items(), ids=ROWS)
def test_who_may_do_what(verb, wanted, people, desk, check_up, own, other):
    hold = hold_slot(desk, service_id=check_up.pk, start=at(14))
    key, _ = create_key(Actor.system("tests", "keys.write"), name="old", scopes=["read:bookings"])
    row = other if verb.endswith("_other") else own

    answers = {}
    for who in wanted:
        actor, savepoint = actor_named(who, people), transaction.savepoint()
        before = everything()
        try:
            say(verb, actor, check_up, row, hold, key)
        except (NotAllowed, NotFound) as refusal:
            answers[who] = "?" if isinstance(refusal, NotFound) else "no"
            assert verb in SET_FIRST or everything() == before
        else:
            answers[who] = "yes"
        transaction.savepoint_rollback(savepoint)
    assert answers == wanted


def everything() -> list[object]:
    """What any of the verbs could change."""
    models = (Appointment, Patient, Holiday, Event, ApiKey)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_each_sees_their_own_appointments_and_staff_see_all(people, own, other):
    seen = {
        role: set(appointments_for(people.actor(role)).values_list("reference", flat=True)) for role in Role
    }

    both, mine = {own.reference, other.reference}, {own.reference}
    assert seen == {"ADMIN": both, "NURSE": both, "FRONT_DESK": both, "DOCTOR": mine, "PATIENT": mine}


def test_a_search_finds_only_what_may_be_seen(people, own, other):
    for role in (Role.DOCTOR, Role.PATIENT):
        actor = people.actor(role)
        assert find_appointments_for(actor, phone=other.guest_phone).rows == []
        assert find_appointments_for(actor, reference=other.reference).count == 0
        assert find_appointments_for(actor, phone=own.guest_phone).rows == [own]


def test_a_patient_who_is_no_record_of_the_hospital_sees_and_touches_nothing(people, own):
    stranger = actor_of(people.patient, Door.WEB)

    assert not appointments_for(stranger).exists()
    with pytest.raises(NotFound):
        change_status(stranger, reference=own.reference, status=Status.CANCELLED)


def test_guests_without_a_record_belong_to_no_stranger(desk, check_up, people):
    nameless = book(desk, check_up, at(11), guest=guest("No Phone", ""))
    stranger = actor_of(people.patient, Door.WEB)

    assert nameless.patient is None
    assert not appointments_for(stranger).exists()


def test_somebody_who_was_switched_off_may_do_nothing(people, check_up):
    User.objects.filter(pk=people.desk.pk).update(is_active=False)

    with pytest.raises(NotAllowed):
        services_for(actor_of(User.objects.get(pk=people.desk.pk), Door.ADMIN))
