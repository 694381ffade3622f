"""Resources: schemas of what tools answer, and the collections as their callers may see them."""

import json

import pytest
from jsonschema import Draft202012Validator

from accounts.permissions import Role
from bookings.models import Patient
from core.errors import DomainError, InvalidInput, NotFound
from mcp_integration import resources
from mcp_integration.invoking import tool_named
from mcp_integration.resources.errors import ResourceNotFound
from mcp_integration.resources.gathered import MANY
from mcp_integration.resources.schemas import SCHEMAS
from tenants.context import inside
from tests.support.booking import book
from tests.support.catalogue import at

BOOKING = ("read:bookings", "write:bookings")
every_schema = pytest.mark.parametrize("row", SCHEMAS, ids=lambda row: row.name)


def read(tools, uri):
    return resources.read(tools.credential, uri)


def rows_of(tools, uri):
    mime_type, text = read(tools, uri)
    assert mime_type == "application/json"
    return json.loads(text)["results"]


# ── schemas ───────────────────────────────────────────────────────────────────
@every_schema
def test_a_schema_is_one_and_describes_every_field(row):
    tool = tool_named(row.tool)
    assert tool is not None
    schema = json.loads(row.text(tool))

    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == row.uri
    assert schema["properties"]


def test_the_schema_of_a_booking_fits_a_booking(tools_by_key, desk, check_up):
    tools = tools_by_key(*BOOKING)
    booked = book(desk, check_up, at(10))
    found = tools.call("search_appointments", booking_reference=booked.reference)

    mime_type, text = read(tools, "schema://booking")
    assert mime_type == "application/json"
    for one in found["results"]:
        Draft202012Validator(json.loads(text)).validate(one)
    assert found["results"]


def test_a_caller_reads_the_schemas_of_what_they_may_use(tools_by_key, tools_of):
    listed = {row.uri for row in resources.listed(tools_by_key("read:bookings").credential)}

    assert {"schema://event-types", "schema://booking"} <= listed
    assert "schema://medical-record" not in listed
    with pytest.raises(ResourceNotFound):
        read(tools_by_key("read:bookings"), "schema://medical-record")
    assert "schema://medical-record" in {row.uri for row in resources.listed(tools_of(Role.NURSE).credential)}


# ── collections ───────────────────────────────────────────────────────────────
def test_a_collection_is_read_by_its_address(tools_of, people):
    (alice,) = rows_of(tools_of(Role.FRONT_DESK), "nadmor://patients?limit=5&sort=-created_at")

    assert alice["id"] == str(people.alice.pk)
    mime_type, text = read(tools_of(Role.FRONT_DESK), f"nadmor://patients/{people.alice.pk}")
    assert (mime_type, json.loads(text)["id"]) == ("application/json", str(people.alice.pk))


def test_many_rows_come_a_row_a_line(tools_of, in_hospital):
    Patient.objects.bulk_create(
        Patient(name=f"P {n}", name_key=f"p {n}", phone_number=f"+6681000{n:04}") for n in range(MANY)
    )

    mime_type, text = read(tools_of(Role.FRONT_DESK), "nadmor://patients?limit=100")
    head, *rows = [json.loads(line) for line in text.splitlines()]

    assert mime_type == "application/x-ndjson"
    assert head["count"] == len(rows) == MANY + 1
    assert all("id" in row for row in rows)


def test_another_hospital_s_rows_are_not_there(tools_of, other_hospital, other_people):
    desk = tools_of(Role.FRONT_DESK)
    with inside(other_hospital):
        charlie = str(other_people.alice.pk)

    with pytest.raises(NotFound):
        read(desk, f"nadmor://patients/{charlie}")
    with pytest.raises(NotFound):
        read(desk, f"nadmor://patients?hospital_id={other_hospital.uuid}")
    assert charlie not in read(desk, "nadmor://patients?limit=100")[1]


@pytest.mark.parametrize(
    "uri",
    [
        "", "nadmor://", "nadmor:///x", "nadmor://patients/a/b", "nadmor://patients/..%2Fusers", "schema://none",
        "file:///etc/passwd", "nadmor://patients#x", "nadmor://user@patients", "nadmor://patients:80",
        "nadmor://nothing", "nadmor://patients?limit", "nadmor://[", "x" * 5000, "nadmor://patients/not-an-id",
    ],
)  # fmt: skip
def test_an_address_of_nothing_is_not_found(tools_of, uri):
    with pytest.raises(NotFound):
        read(tools_of(Role.ADMIN), uri)


def test_parameters_that_are_wrong_or_twice_are_refused(tools_of):
    for query in ("limit=1&limit=2", "nothing=1"):
        with pytest.raises(InvalidInput):
            read(tools_of(Role.ADMIN), f"nadmor://patients?{query}")


def test_what_a_role_may_not_read_is_refused_and_not_offered(tools_of, tools_by_key):
    with pytest.raises(DomainError) as caught:
        read(tools_of(Role.FRONT_DESK), "nadmor://medical_records")
    assert caught.value.reason == "collection_not_allowed"

    (page, one) = resources.templates(tools_of(Role.FRONT_DESK).credential)
    assert page.uri_template == "nadmor://{collection}{?page,limit,sort,filter}"
    assert one.uri_template == "nadmor://{collection}/{id}"
    assert "patients" in page.description
    assert "medical_records" not in page.description
    assert resources.templates(tools_by_key("manage:webhooks").credential) == []
