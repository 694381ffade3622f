"""Access tokens at every operation: the bearer may do what their role may, in their hospital alone."""

import pytest

from accounts.models import User
from accounts.permissions import Role
from apikeys.scopes import SCOPES, scopes_of
from events.models import Event
from tenants.context import inside
from tests.api.contract import checked
from tests.api.operations import OPERATIONS, operation
from tests.api.signing_in import PLOY, PUBLIC, RAMA, Program
from tests.api.stored import alter, nothing_stored
from tests.api.wire import refusal, wrong
from tests.support.rest import Rest
from tests.support.statements import counted

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
BOOKING = [one for one in OPERATIONS if "/booking/" in one.route]
STAFF = ("event-types", "availability", "days", "create", "hold", "release", "search", "look-up", "ics",
         "cancel", "reschedule")  # fmt: skip


@pytest.fixture
def bearer(people):
    """The header of somebody of Ploy, by role."""

    def header(role: str = Role.FRONT_DESK) -> dict[str, str]:
        tokens = Program(PLOY).tokens(people.by_role(role).email)
        return {"authorization": f"Bearer {tokens['access_token']}"}

    return header


@pytest.fixture
def nobody(hospital) -> Rest:
    """A client of Ploy's paths without a key."""
    return checked(Rest(hospital, None))


@pytest.mark.parametrize("name", STAFF)
def test_the_desk_does_with_a_token_what_programs_do_with_a_key(nobody, ids, bearer, name):
    one = operation(name)

    assert one.ask(nobody, ids, **bearer()).status_code == one.status


# Role → what each operation answers them about somebody else's booking.
OTHERS = {
    Role.NURSE: {"search": 200, "look-up": 200, "create": 201, "cancel": 200},
    Role.ADMIN: {"search": 200, "look-up": 200, "create": 201, "cancel": 200},
    # Dr Bob's own: the booking is with him.
    Role.DOCTOR: {"event-types": 200, "look-up": 200, "cancel": 200, "create": 403, "hold": 403},
    Role.PATIENT: {"event-types": 200, "availability": 200, "create": 201, "look-up": 404, "cancel": 404,
                   "ics": 404, "reschedule": 404},
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "name", "status"), [(role, *row) for role, rows in OTHERS.items() for row in rows.items()]
)
def test_what_a_role_may_do_decides_at_each_operation(nobody, ids, bearer, role, name, status):
    assert operation(name).ask(nobody, ids, **bearer(role)).status_code == status


def test_a_patient_finds_their_own_bookings_alone(nobody, ids, bearer, visit, people):
    mine = visit("15:00", guest_name="Alice ploy", guest_phone=people.alice.phone_number)
    made = nobody.post("/create", mine, headers=bearer(Role.PATIENT))
    assert made.status_code == 201

    found = nobody.get("/search", phone=people.alice.phone_number, headers=bearer(Role.PATIENT)).json()
    others = nobody.get("/search", reference=ids["reference"], headers=bearer(Role.PATIENT)).json()

    assert [row["reference"] for row in found["results"]] == [made.json()["reference"]]
    assert others["results"] == []


def test_what_somebody_does_is_in_the_history_with_who_they_are(hospital, nobody, ids, bearer, people):
    operation("cancel").ask(nobody, ids, **bearer(Role.NURSE))

    with inside(hospital):
        event = Event.objects.filter(type="booking.cancelled").latest("id")
    assert (event.door, event.actor_role, event.actor_user_id) == ("api", "NURSE", people.nurse.pk)


@each_operation
def test_a_token_of_another_hospital_learns_nothing_and_changes_nothing(
    rest, nobody, ids, other_people, operation
):
    theirs = Program(RAMA).tokens(other_people.admin.email)["access_token"]

    with nothing_stored():
        answer = operation.ask(nobody, ids, authorization=f"Bearer {theirs}")

    # As to a key, word for word.
    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "hospital_not_found"}


def test_to_another_hospitals_token_one_that_is_switched_off_and_one_that_is_not_there_look_alike(
    hospital, other_people
):
    program = Program(PUBLIC)
    theirs = program.tokens(other_people.admin.email, subdomain="rama")["access_token"]
    alter(hospital, is_active=False)

    answers = [program.get(theirs, subdomain=name) for name in ("ploy", "nowhere")]

    for answer in answers:
        refusal(answer, 404, "RESOURCE_NOT_FOUND", "hospital_not_found")
    assert len({answer.json()["error"]["message"] for answer in answers}) == 1


def test_to_its_own_people_a_hospital_that_is_switched_off_says_so(hospital, nobody, offer, ids, bearer):
    header = bearer()
    alter(hospital, is_active=False)

    for one in BOOKING:
        with nothing_stored():
            refusal(one.ask(nobody, ids, **header), 403, "PERMISSION_DENIED", "hospital_inactive")


@pytest.mark.parametrize("host", [PLOY, RAMA, PUBLIC])
def test_the_path_names_the_hospital_whatever_host_it_is_sent_to(nobody, ids, bearer, host):
    header = bearer()

    assert operation("event-types").ask(nobody, ids, host=host, **header).status_code == 200


def test_an_operator_sees_no_hospitals_bookings(nobody, offer, ids):
    header = {"authorization": f"Bearer {Program(PUBLIC).tokens('operator@nadmor.example')['access_token']}"}

    for one in BOOKING:
        with nothing_stored():
            answer = one.ask(nobody, ids, **header)
        assert refusal(answer, 403, "PERMISSION_DENIED") == {"reason": "scope_lacking", "scope": one.scope}


def test_a_change_of_role_takes_effect_at_the_next_request(hospital, nobody, ids, bearer, people):
    header = bearer(Role.NURSE)
    assert operation("search").ask(nobody, ids, **header).json()["count"] == 1

    with inside(hospital):
        User.objects.filter(pk=people.nurse.pk).update(role=Role.DOCTOR)

    assert operation("search").ask(nobody, ids, **header).json()["count"] == 0
    assert operation("create").ask(nobody, ids, **header).status_code == 403


def test_who_is_switched_off_is_out_at_the_next_request(hospital, nobody, offer, ids, bearer, people):
    header = bearer(Role.NURSE)
    with inside(hospital):
        User.objects.filter(pk=people.nurse.pk).update(is_active=False)

    for one in BOOKING:
        with nothing_stored():
            answer = one.ask(nobody, ids, **header)
        assert refusal(answer, 401, "AUTH_INVALID") == {"reason": "wrong_token"}
        assert answer["WWW-Authenticate"] == 'ApiKey, Bearer realm="NadMor"'


def test_a_key_and_a_token_at_once_are_refused(rest, ids, bearer):
    header = bearer()

    with nothing_stored():
        wrong(operation("create").ask(rest, ids, **header), "Authorization")


def test_another_scheme_is_no_token_and_stands_in_no_keys_way(rest, nobody, ids):
    basic = {"authorization": "Basic Zm9uOng="}

    assert operation("event-types").ask(rest, ids, **basic).status_code == 200
    refusal(operation("event-types").ask(nobody, ids, **basic), 401, "AUTH_REQUIRED", "key_required")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_read_in_any_case(nobody, ids, bearer, scheme):
    token = bearer()["authorization"].partition(" ")[2]

    assert operation("event-types").ask(nobody, ids, authorization=f"{scheme} {token}").status_code == 200


def test_a_token_in_the_address_is_not_looked_for(nobody, bearer):
    token = bearer()["authorization"].partition(" ")[2]

    refusal(nobody.get("/event-types", access_token=token), 401, "AUTH_REQUIRED", "key_required")


def test_two_people_may_use_the_same_idempotency_key(nobody, ids, visit, bearer):
    first = nobody.post("/create", visit("15:00"), headers={**bearer(), "Idempotency-Key": "once"})
    second = nobody.post("/create", visit("15:30"), headers={**bearer(Role.NURSE), "Idempotency-Key": "once"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["reference"] != second.json()["reference"]


def test_a_person_repeats_a_request_with_a_newer_token_and_gets_the_same_answer(nobody, ids, visit, bearer):
    first, again = (
        nobody.post("/create", visit("15:00"), headers={**bearer(), "Idempotency-Key": "once"})
        for _ in range(2)
    )

    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")


def test_a_token_costs_two_statements(nobody, ids, bearer):
    header, one = bearer(), operation("event-types")
    assert one.ask(nobody, ids, **header).status_code == 200

    with counted() as said:
        assert one.ask(nobody, ids, **header).status_code == 200

    assert len([sql for sql in said if "accounts_" in sql or "WHERE user_id" in sql]) == 2, said


def test_a_role_holds_the_scopes_that_it_could_use(hospital, people):
    with inside(hospital):
        held = {role: scopes_of(people.by_role(role).grants) for role in Role}

    assert {"read:bookings", "write:bookings"} <= frozenset.intersection(*held.values())
    assert held[Role.PATIENT] == {"read:bookings", "write:bookings", "read:records"}
    assert held[Role.DOCTOR] - held[Role.PATIENT] == {"read:patients", "write:records"}
    assert not held[Role.FRONT_DESK] & {"read:records", "write:records"}
    assert held[Role.FRONT_DESK] >= {"read:patients", "write:patients"}
    assert not held[Role.FRONT_DESK] & {"admin:hospital", "admin:platform", "manage:webhooks"}
    assert "admin:hospital" in held[Role.ADMIN]
    assert "admin:platform" not in held[Role.ADMIN]
    assert set(held[Role.ADMIN]) <= set(SCOPES)
