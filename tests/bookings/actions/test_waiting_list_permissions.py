"""Who may put whom on the waiting list, see them there, and answer for them."""

import pytest
from django.db import transaction

from accounts.permissions import Role
from apikeys.scopes import grants_of
from bookings.actions.appointments import cancel_appointment
from bookings.actions.waiting_list import accept_offer, decline_offer, join_waiting_list, leave_waiting_list
from bookings.queries.waiting_list import find_waiting_list_for, waiting_list_entry_for, waiting_list_for
from core.actor import Actor, Door
from core.errors import NotAllowed, NotFound
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.waiting_list import let_jobs_run, offer_to, wait

# "yes": done. "no": NotAllowed. "?": NotFound, as if it were not there.
# Own is an entry of Alice that names Dr Bob, other one of Malee that names Dr Eve.
TABLE = """
               ADMIN DOCTOR NURSE FRONT_DESK PATIENT nobody k:read k:write k:patients
join           yes   no     yes   yes        yes     no     no     yes     no
join_booking   yes   no     yes   yes        yes     no     no     yes     no
see_own        yes   yes    yes   yes        yes     ?      yes    yes     ?
see_other      yes   ?      yes   yes        ?       ?      yes    yes     ?
accept_own     yes   no     yes   yes        yes     ?      no     yes     ?
accept_other   yes   ?      yes   yes        ?       ?      no     yes     ?
decline_own    yes   no     yes   yes        yes     ?      no     yes     ?
decline_other  yes   ?      yes   yes        ?       ?      no     yes     ?
leave_own      yes   no     yes   yes        yes     ?      no     yes     ?
leave_other    yes   ?      yes   yes        ?       ?      no     yes     ?
"""
SCOPES = {
    "k:read": ["read:bookings"],
    "k:write": ["write:bookings"],
    "k:patients": ["read:patients", "write:patients"],
}
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
ROWS = {verb: dict(zip(_HEAD, cells, strict=True)) for verb, *cells in _ROWS}


def actor_named(who, people):
    if who in SCOPES:
        return Actor(door=Door.API, grants=grants_of(SCOPES[who]), label=who)
    if who == "nobody":
        return Actor(door=Door.WEB, grants=frozenset())
    return people.actor(Role(who))


@pytest.fixture
def own(desk, check_up, dr_bob, people):
    alice = guest(people.alice.name, people.alice.phone_number)
    return wait(desk, check_up, guest=alice, practitioner_id=str(dr_bob.pk))


@pytest.fixture
def other(desk, check_up, dr_eve):
    return wait(desk, check_up, practitioner_id=str(dr_eve.pk))


@pytest.fixture
def booked(desk, check_up, dr_eve, people):
    """Alice's booking with Dr Eve, which might come sooner."""
    alice = guest(people.alice.name, people.alice.phone_number)
    return book(desk, check_up, at(15, days=3), guest=alice, practitioner_id=str(dr_eve.pk))


@pytest.fixture
def offered(desk, check_up, dr_bob, dr_eve, own, other):
    """Each has an offer to answer."""
    for hour, doctor in ((10, dr_bob), (11, dr_eve)):
        who = guest(f"Guest {hour}", f"08111111{hour}")
        row = book(desk, check_up, at(hour), practitioner_id=str(doctor.pk), guest=who)
        cancel_appointment(desk, reference=row.reference)
    let_jobs_run()
    assert offer_to(own)
    assert offer_to(other)


@pytest.mark.parametrize(("verb", "wanted"), ROWS.items(), ids=ROWS)
@pytest.mark.usefixtures("offered")
def test_who_may_do_what(verb, wanted, people, check_up, booked, own, other):
    entry_id = other if verb.endswith("_other") else own
    said = {
        "join": lambda actor: wait(actor, check_up, "New"),
        "join_booking": lambda actor: join_waiting_list(actor, reference=booked.reference),
        "see": lambda actor: waiting_list_entry_for(actor, entry_id=entry_id),
        "accept": lambda actor: accept_offer(actor, entry_id=entry_id),
        "decline": lambda actor: decline_offer(actor, entry_id=entry_id),
        "leave": lambda actor: leave_waiting_list(actor, entry_id=entry_id),
    }[verb.removesuffix("_own").removesuffix("_other")]

    answers = {}
    for who in wanted:
        savepoint = transaction.savepoint()
        try:
            said(actor_named(who, people))
        except (NotAllowed, NotFound) as refusal:
            answers[who] = "?" if isinstance(refusal, NotFound) else "no"
        else:
            answers[who] = "yes"
        transaction.savepoint_rollback(savepoint)
    assert answers == wanted


def test_a_list_holds_only_what_may_be_seen(people, own, other):
    seen = {role: set(waiting_list_for(people.actor(role)).values_list("pk", flat=True)) for role in Role}

    both, mine = {own, other}, {own}
    assert seen == {"ADMIN": both, "NURSE": both, "FRONT_DESK": both, "DOCTOR": mine, "PATIENT": mine}


def test_a_search_finds_only_what_may_be_seen(people, desk, own, other):
    alice = people.actor(Role.PATIENT)

    assert [row.pk for row in find_waiting_list_for(alice).rows] == [own]
    assert find_waiting_list_for(alice, phone="+66898765432").count == 0
    assert [row.pk for row in find_waiting_list_for(desk, phone=people.alice.phone_number).rows] == [own]
    assert [row.pk for row in find_waiting_list_for(desk, status="WAITING").rows] == [own, other]
    assert find_waiting_list_for(desk, status="LEFT").rows == []


def test_a_page_ends_where_the_next_begins(desk, check_up):
    line = [wait(desk, check_up, f"Number {number}") for number in range(5)]

    first = find_waiting_list_for(desk, limit=2)
    second = find_waiting_list_for(desk, limit=2, after=first.next_after)
    third = find_waiting_list_for(desk, limit=2, after=second.next_after)

    assert [row.pk for page in (first, second, third) for row in page.rows] == line
    assert (first.count, third.next_after) == (5, None)


def test_an_entry_is_found_by_the_booking_that_it_brings_forward_or_became(desk, check_up, own, offered):
    booked = accept_offer(desk, entry_id=own)
    later = book(desk, check_up, at(15, days=3))
    entry = join_waiting_list(desk, reference=later.reference)

    assert [row.pk for row in find_waiting_list_for(desk, reference=booked.reference.lower()).rows] == [own]
    assert [row.pk for row in find_waiting_list_for(desk, reference=later.reference).rows] == [entry.pk]
