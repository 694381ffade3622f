"""What a request costs the database, warm: the hospital, the key and the catalogue are remembered.

`SET search_path` is not counted, and neither are savepoints, which a test's own transaction makes of each
transaction.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tenants.context import inside
from tests.api.operations import OPERATIONS
from tests.api.wire import ZONE, day
from tests.support.catalogue import make_practitioner, make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted


def statements(ask: Callable[[], object]) -> list[str]:
    """What one request says to the database after a first one of its kind."""
    with counted() as said:
        answer = ask()
    assert answer.status_code < 300, answer.content
    return [one for one in said if "SAVEPOINT" not in one]


@pytest.fixture
def many(hospital, check_up, dr_bob) -> Callable[[int], None]:
    """Fills the check-up's coming days with so many appointments."""

    def fill(count: int) -> None:
        first = datetime.fromisoformat(f"{day()}T09:00").replace(tzinfo=ZoneInfo(ZONE))
        with inside(hospital):
            for number in range(count):
                start = first + timedelta(days=number // 12, minutes=number % 12 * 20)
                end = start + timedelta(minutes=20)
                mail = {"guest_email": "many@example.org", "guest_phone": "+66898765432"}
                insert_appointment(check_up, dr_bob, start=start, end=end, **mail)

    return fill


@pytest.mark.parametrize("count", [1, 3, 300])
def test_availability_takes_two_statements_whatever_the_number_of_appointments(rest, check_up, many, count):
    path = f"/availability/{check_up.pk}"
    free = rest.get(path, date_from=day(1), date_to=day(31)).json()["count"]
    many(count)

    one_day = statements(lambda: rest.get(path, date=day()))
    one_month = statements(lambda: rest.get(path, date_from=day(1), date_to=day(31)))
    month = statements(lambda: rest.get(f"{path}/days", month=day()[:7]))

    assert [len(one_day), len(one_month), len(month)] == [2, 2, 2]
    assert rest.get(path, date_from=day(1), date_to=day(31)).json()["count"] < free


@pytest.mark.parametrize("count", [1, 3, 30])
def test_event_types_take_two_statements_whatever_their_number(rest, hospital, check_up, count):
    with inside(hospital):
        for number in range(count):
            make_service(
                make_practitioner(f"Dr {number}"), make_practitioner(f"Nurse {number}"), slug=f"s{number}"
            )
    assert rest.get("/event-types").json()["count"] == count + 1

    assert len(statements(lambda: rest.get("/event-types"))) == 2


@pytest.mark.parametrize("count", [1, 3, 45])
def test_a_search_takes_two_statements_whatever_it_finds(rest, check_up, many, count):
    many(count)
    assert rest.get("/search", phone="0898765432").json()["count"] == count

    assert len(statements(lambda: rest.get("/search", phone="0898765432"))) == 2
    assert len(statements(lambda: rest.get("/search", phone="0898765432", limit=100))) == 2


# At most so many statements for one warm request; a rise must be meant. `create` registers a new patient.
COSTS = {
    "event-types": 2,
    "availability": 2,
    "days": 2,
    "search": 2,
    "look-up": 1,
    "ics": 1,
    "create": 9,
    "hold": 6,
    "release": 3,
    "cancel": 4,
    "reschedule": 7,
    "waiting": 3,
    "join": 12,
    "entry": 2,
    "leave": 12,
    "accept": 16,
    "decline": 14,
    "rate": 5,
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_operation_costs_no_more_statements_than_it_is_known_to(rest, ids, operation):
    assert rest.get(f"/availability/{ids['event_type']}", date=day()).status_code == 200

    said = statements(lambda: operation.ask(rest, ids))

    assert 0 < len(said) <= COSTS[operation.name], "\n".join(said)


@pytest.mark.parametrize("count", [1, 3, 300])
def test_booking_costs_the_same_whatever_the_number_of_appointments(rest, many, visit, count):
    assert rest.post("/create", visit("15:00", guest_phone="0811111111")).status_code == 201
    quiet = statements(lambda: rest.post("/create", visit("16:00", guest_phone="0822222222")))
    many(count)

    busy = statements(lambda: rest.post("/create", visit("16:30", guest_phone="0833333333")))

    assert len(busy) == len(quiet)


def test_a_first_request_finds_the_hospital_the_key_and_the_catalogue_besides(rest, check_up):
    said = statements(lambda: rest.get("/event-types"))

    # The hospital, the key, its last use, the catalogue's version, the catalogue, and the version again.
    assert len(said) <= 6, "\n".join(said)


def test_a_refused_key_costs_nothing_if_it_was_mistyped(rest, check_up):
    assert rest.get("/event-types").status_code == 200
    rest.key = rest.key[:-1]

    with counted() as said:
        assert rest.get("/event-types").status_code == 401

    assert said == []
