from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from bookings.models import Appointment, RulesVersion
from core.errors import InvalidInput
from events.models import Event
from tenants import provisioning
from tenants.context import in_public_schema, inside, outside
from tenants.directory import hospital_by_host, hospital_by_subdomain
from tenants.errors import ProvisioningFailed
from tenants.models import RESERVED_SUBDOMAINS, Domain, Hospital
from tenants.provisioning import domain_for, missing_tables, provision_hospital, schema_for


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'h\\_%'")
        return {name for (name,) in cursor.fetchall()}


def what_stands():
    """Every hospital, domain and schema."""
    with outside():
        return (
            set(Hospital.objects.values_list("subdomain", flat=True)),
            set(Domain.objects.values_list("domain", flat=True)),
            schemas(),
        )


def test_a_hospital_is_made_whole_and_empty(db):
    hospital = provision_hospital(subdomain="new-one", name="New One", language="en", city="Chiang Mai")

    assert (hospital.schema_name, hospital.city, hospital.is_active) == ("h_new_one", "Chiang Mai", True)
    assert hospital_by_subdomain("new-one") == hospital
    assert hospital_by_host(domain_for("new-one")) == hospital
    assert missing_tables(hospital) == []
    with inside(hospital):
        assert not any(model.objects.exists() for model in (Appointment, User, Event))
        assert RulesVersion.objects.count() == 1
    assert in_public_schema()


def test_a_hospital_may_be_made_from_inside_of_another(in_hospital):
    provision_hospital(subdomain="new-one", name="New One")

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == (in_hospital.schema_name,)


@pytest.mark.parametrize(
    "subdomain",
    [
        "",
        "Demo",
        "-a",
        "a-",
        "a_b",
        "a.b",
        "a b",
        "ปลา",
        "x" * 41,
        "\x00",
        "ploy",
        *RESERVED_SUBDOMAINS,
    ],
)
def test_a_subdomain_that_cannot_be_is_refused_by_its_field(hospital, subdomain):
    before = what_stands()
    with pytest.raises(InvalidInput) as caught:
        provision_hospital(subdomain=subdomain, name="New One")

    assert list(caught.value.data["fields"]) == ["subdomain"]
    assert what_stands() == before


def test_a_subdomain_with_a_line_feed_is_refused(hospital):
    before = what_stands()
    with pytest.raises(InvalidInput):
        provision_hospital(subdomain="demo\n", name="New One")
    assert what_stands() == before


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": ""}, "name"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"language": "fr"}, "language"),
        ({"email": "not an address"}, "email"),
        ({"hospital_type": "PALACE"}, "hospital_type"),
    ],
)
def test_other_wrong_details_are_refused_by_their_field(db, details, field):
    with pytest.raises(InvalidInput) as caught:
        provision_hospital(**{"subdomain": "new-one", "name": "New One", **details})
    assert list(caught.value.data["fields"]) == [field]


def test_a_hospital_that_lacks_a_table_is_not_made(hospital, monkeypatch):
    before = what_stands()
    monkeypatch.setattr(provisioning, "missing_tables", lambda _: ["bookings_appointment"])

    with pytest.raises(ProvisioningFailed) as caught:
        provision_hospital(subdomain="new-one", name="New One")
    assert caught.value.data == {"missing": ["bookings_appointment"]}
    assert what_stands() == before
    assert in_public_schema()


def test_a_failure_half_way_leaves_nothing_that_others_could_see(both_hospitals, monkeypatch):
    before = what_stands()
    monkeypatch.setattr(Hospital, "create_schema", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        provision_hospital(subdomain="new-one", name="New One")
    assert what_stands() == before


def test_a_table_that_is_missing_is_named(hospital):
    with inside(hospital), connection.cursor() as cursor:
        cursor.execute("DROP TABLE bookings_holiday, django_session CASCADE")

    assert missing_tables(hospital) == ["bookings_holiday", "django_session"]


def test_a_table_of_the_public_schema_is_no_substitute(hospital):
    with inside(hospital), connection.cursor() as cursor:
        cursor.execute("DROP TABLE events_event CASCADE")

    assert missing_tables(hospital) == ["events_event"]


def test_every_table_of_the_domain_is_a_hospitals_own(hospital):
    wanted = provisioning._tenant_tables
    with inside(hospital):
        tables = wanted()

    assert {
        "bookings_appointment",
        "bookings_patient",
        "events_event",
        "accounts_user",
        "django_session",
    } <= tables
    assert not {"tenants_hospital", "tenants_domain", "api_keys"} & tables


def test_no_subdomain_can_become_a_schema_of_the_database_itself():
    assert schema_for("public") == "h_public"
    assert schema_for("pg-catalog") == "h_pg_catalog"


def test_the_command_says_where_the_hospital_is(db):
    said = StringIO()
    call_command("create_hospital", "--subdomain=new-one", "--name=New One", "--city=Trat", stdout=said)

    assert "New One is ready at new-one.localhost (schema h_new_one" in said.getvalue()
    assert hospital_by_subdomain("new-one").city == "Trat"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--subdomain=www", "--name=x"], "subdomain: "),
        (["--subdomain=ploy", "--name=x"], "subdomain: "),
        (["--subdomain=new-one", "--name=x", "--timezone=Mars"], "timezone: "),
        (["--name=x"], "--subdomain"),
    ],
)
def test_the_command_names_what_is_wrong(hospital, arguments, complaint):
    with pytest.raises(CommandError, match=complaint):
        call_command("create_hospital", *arguments)


def test_the_command_tells_that_nothing_was_kept(db, monkeypatch):
    monkeypatch.setattr(provisioning, "missing_tables", lambda _: ["bookings_appointment"])

    with pytest.raises(CommandError, match=r"could not be set up\. Nothing was kept"):
        call_command("create_hospital", "--subdomain=new-one", "--name=x")
