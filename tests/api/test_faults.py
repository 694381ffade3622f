"""When the ground gives way: 503 with Retry-After for what will pass, 500 for the rest, and no internals."""

import logging
import socket

import psycopg
import pytest
from django.db import close_old_connections, connection

from apikeys.keys import forget_keys
from events import idempotency
from tenants.context import inside
from tenants.directory import forget_hospitals
from tests.api.contract import checked
from tests.api.stored import nothing_stored
from tests.api.wire import day, refusal
from tests.conftest import make_api_key
from tests.support.catalogue import give_hours, make_practitioner, make_service
from tests.support.rest import Rest

# What a client must never read: parts of messages, statements, addresses and code.
INTERNALS = (
    b"psycopg", b"Traceback", b"django", b"SELECT", b"relation", b"127.0.0.1", b"bookings", b".py",
    b"connection",
    b"postgres", b'Error"', b"Exception", b"line ",
)  # fmt: skip


@pytest.fixture
def ready(fresh_hospital) -> tuple[Rest, dict]:
    """A hospital outside of any transaction, and what books in it."""
    with inside(fresh_hospital):
        doctor = make_practitioner("Dr Fault", hours=False)
        give_hours(doctor)
        service = make_service(doctor, slug="fault")
    rest = checked(Rest(fresh_hospital, make_api_key(fresh_hospital)))
    return rest, {"event_type_id": service.pk, "date": day(), "time": "10:00", "guest_name": "Malee"}


@pytest.fixture
def database_away(monkeypatch):
    """Makes every new connection meet a port at which nobody listens, until it is called with True."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        nobody = listener.getsockname()[1]
    port = connection.settings_dict["PORT"]

    def go(*, back: bool = False) -> None:
        connection.close()
        connection.settings_dict["PORT"] = port if back else nobody

    yield go
    go(back=True)


def unavailable(answer) -> None:
    assert refusal(answer, 503, "SERVER_ERROR") == {}
    assert int(answer["Retry-After"]) > 0
    assert not [word for word in INTERNALS if word in answer.content]


@pytest.mark.parametrize("remembered", [True, False], ids=["known hospital and key", "after a start"])
def test_without_a_database_every_path_says_503_and_works_again_after(
    ready, database_away, caplog, remembered
):
    rest, asked = ready
    assert rest.get("/event-types").status_code == 200
    database_away()
    if not remembered:
        forget_hospitals()
        forget_keys()

    with caplog.at_level(logging.ERROR):
        first = rest.get("/event-types")
        unavailable(first)
        unavailable(rest.get(f"/availability/{asked['event_type_id']}", date=day()))
        unavailable(rest.post("/create", asked))
        unavailable(rest.post("/create", asked, headers={"Idempotency-Key": "k"}))
        unavailable(rest.get("/search", phone="0898765432"))
    assert "database unavailable: OperationalError" in caplog.text
    # Refused by the view itself as long as it is reached, and not by the handler of what nobody foresaw.
    assert ("Cache-Control" in first) == remembered
    assert "Malee" not in caplog.text

    database_away(back=True)
    assert rest.post("/create", asked, headers={"Idempotency-Key": "k"}).status_code == 201


def test_a_connection_that_is_cut_off_is_503_and_the_next_request_works(ready):
    rest, asked = ready
    assert rest.get("/event-types").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [mine])
    other.close()

    try:
        unavailable(rest.post("/create", asked))
    finally:
        # A server does it between two requests; the test client leaves it to the test.
        close_old_connections()

    assert rest.post("/create", asked).status_code == 201


def break_something(hospital) -> None:
    """A column that every booking needs goes by another name; the test's transaction takes it back."""
    with inside(hospital), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_appointment RENAME COLUMN guest_name TO gone")


def test_what_nobody_foresaw_is_500_without_a_word_of_the_inside(rest, hospital, visit, caplog):
    break_something(hospital)

    with caplog.at_level(logging.ERROR):
        answer = rest.post("/create", visit(guest_name="CANARY", notes="CANARY"))

    assert refusal(answer, 500, "SERVER_ERROR") == {}
    assert not [word for word in (*INTERNALS, b"CANARY", b"guest_name") if word in answer.content]


def test_what_nobody_foresaw_is_logged_by_its_place_and_kind_without_values(rest, hospital, visit, caplog):
    break_something(hospital)

    with caplog.at_level(logging.ERROR, logger="api.errors"):
        rest.post("/create", visit(guest_name="CANARY", notes="CANARY"))

    records = [record.getMessage() for record in caplog.records if record.name == "api.errors"]
    assert len(records) == 1
    assert records[0].startswith("unforeseen ProgrammingError\n")
    assert "appointments.py" in records[0]
    assert "CANARY" not in caplog.text


def test_a_failure_in_the_middle_of_a_booking_stores_nothing(ready, fresh_hospital):
    rest, asked = ready
    trigger = """
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'secret-inside'; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON events_event FOR EACH ROW EXECUTE FUNCTION fail();
    """
    with inside(fresh_hospital), connection.cursor() as cursor:
        cursor.execute(trigger)
    try:
        with nothing_stored("fresh"):
            for headers in ({}, {"Idempotency-Key": "k"}):
                answer = rest.post("/create", {**asked, "guest_phone": "0898765432"}, headers=headers)
                assert refusal(answer, 500, "SERVER_ERROR") == {}
                assert b"secret-inside" not in answer.content
    finally:
        with inside(fresh_hospital), connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER fail ON events_event; DROP FUNCTION fail()")

    assert rest.post("/create", asked, headers={"Idempotency-Key": "k"}).status_code == 201


@pytest.mark.parametrize("path", ["/create", "/hold"])
def test_a_repetition_that_comes_while_the_first_still_runs_too_long_is_503(
    ready, fresh_hospital, monkeypatch, path
):
    monkeypatch.setattr(idempotency, "WAIT_FOR_FIRST", 50)
    rest, asked = ready
    public_id = rest.key.split("_")[1]
    with psycopg.connect(**connection.get_connection_params()) as first:
        # Another process has written the key's row and has not come to its end.
        first.execute(
            f'INSERT INTO "{fresh_hospital.schema_name}".events_idempotencykey'
            " (principal, route, key, fingerprint, answer) VALUES (%s, %s, 'k', '', '')",
            [public_id, f"POST {rest.base}{path}"],
        )
        answer = rest.post(path, asked, headers={"Idempotency-Key": "k"})

        assert refusal(answer, 503, "SERVER_ERROR") == {"reason": "busy"}
        assert int(answer["Retry-After"]) > 0
        first.rollback()

    assert rest.post(path, asked, headers={"Idempotency-Key": "k"}).status_code == 201
