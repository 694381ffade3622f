from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django_tenants.utils import schema_context

from bookings.models import Patient
from tenants.context import current_hospital, in_public_schema, inside, outside
from tenants.models import Hospital


def schema_of_the_database():
    """Where a statement lands, as PostgreSQL itself sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return cursor.fetchone()[0]


def test_a_hospital_is_entered_and_left(hospital):
    assert in_public_schema()
    with inside(hospital):
        assert current_hospital() == hospital
        assert schema_of_the_database() == "h_ploy"
        assert not in_public_schema()
    assert schema_of_the_database() == "public"
    assert in_public_schema()


def test_a_hospital_is_left_when_something_goes_wrong(hospital):
    with pytest.raises(ZeroDivisionError), inside(hospital):
        _ = 1 / 0
    assert schema_of_the_database() == "public"


def test_hospitals_nest_and_each_is_found_again(hospital, other_hospital):
    with inside(hospital):
        with inside(other_hospital):
            assert schema_of_the_database() == "h_rama"
            with outside():
                assert (schema_of_the_database(), in_public_schema()) == ("public", True)
            assert schema_of_the_database() == "h_rama"
            with inside(other_hospital):
                assert current_hospital() == other_hospital
            assert schema_of_the_database() == "h_rama"
        assert (schema_of_the_database(), current_hospital()) == ("h_ploy", hospital)


def test_a_rollback_does_not_lead_out_of_the_hospital(hospital, other_hospital):
    with inside(hospital):
        savepoint = transaction.savepoint()
        with inside(other_hospital):
            assert Patient.objects.get().name == "Alice rama"
            transaction.savepoint_rollback(savepoint)
            assert Patient.objects.get().name == "Alice rama"
        assert Patient.objects.get().name == "Alice ploy"


def test_a_rollback_does_not_lead_into_the_hospital_that_was_left(hospital):
    savepoint = transaction.savepoint()
    with inside(hospital):
        Patient.objects.get()
    transaction.savepoint_rollback(savepoint)

    assert schema_of_the_database() == "public"


def test_outside_of_every_hospital_none_is_guessed(db):
    with pytest.raises(LookupError):
        current_hospital()


def test_a_hospital_is_known_even_where_its_schema_was_entered_by_name(hospital):
    with schema_context(hospital.schema_name):
        with inside(hospital):
            assert current_hospital() == hospital
        assert schema_of_the_database() == "h_ploy"


def test_rows_of_one_hospital_are_not_in_the_other(hospital, other_hospital):
    with inside(hospital):
        Patient.objects.create(name="Only here", name_key="only here")
        assert Patient.objects.count() == 2
    with inside(other_hospital):
        assert list(Patient.objects.values_list("name", flat=True)) == ["Alice rama"]


def test_threads_that_change_hospitals_all_the_time_always_read_the_right_one(both_hospitals):
    barrier = Barrier(8, timeout=30)

    def switch(number):
        try:
            barrier.wait()
            wrong = []
            for turn in range(50):
                hospital = both_hospitals[(number + turn) % 2]
                with inside(hospital):
                    read = (schema_of_the_database(), Patient.objects.get().name)
                if read != (hospital.schema_name, f"Alice {hospital.subdomain}"):
                    wrong.append((turn, read))
                if turn % 7 == 0 and schema_of_the_database() != "public":
                    wrong.append((turn, "not left"))
            return wrong
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(switch, range(8))) == [[]] * 8


def test_threads_in_transactions_of_two_hospitals_do_not_mix(both_hospitals):
    """Each holds a transaction open while the other reads: the schema is its connection's."""
    barrier = Barrier(2, timeout=30)

    def hold(hospital: Hospital):
        try:
            with inside(hospital), transaction.atomic():
                names = []
                for _ in range(10):
                    barrier.wait()
                    names.append(Patient.objects.get().name)
                return set(names)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(hold, both_hospitals)) == [{"Alice ploy"}, {"Alice rama"}]
