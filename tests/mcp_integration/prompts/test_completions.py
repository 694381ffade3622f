"""Completions: what is bookable at the caller's own hospital, and no list of anything else."""

import pytest
from django.utils import translation

from accounts.permissions import Role
from bookings.models import Specialty
from mcp_integration import prompts
from mcp_integration.resources.gathered import ITEM_OF, PAGE_OF
from tenants.context import inside
from tests.support.catalogue import coming_day, make_practitioner, make_service
from tests.support.statements import counted

BOOKING = ("read:bookings", "write:bookings")


def completed(tools, prompt, argument, value="", **context):
    return prompts.complete(tools.credential, "prompt", prompt, argument, value, context)


def of_template(tools, template, argument, value="", **context):
    return prompts.complete(tools.credential, "resource", template, argument, value, context)


@pytest.fixture
def heart(check_up, dr_bob):
    """A second service, of a specialty."""
    field = Specialty.objects.create(code="CARD", name_th="โรคหัวใจ", name_en="Cardiology")
    return make_service(dr_bob, slug="heart", name_en="Heart check", name_th="ตรวจหัวใจ", specialty=field)


def test_a_service_is_found_by_either_of_its_names_and_named_in_the_active_language(tools_by_key, heart):
    tools = tools_by_key(*BOOKING)
    with translation.override("en"):
        assert completed(tools, "book-appointment", "service_type", "heart") == ["Heart check"]
        assert completed(tools, "book-appointment", "service_type", "ตรวจ") == ["Heart check"]
        assert completed(tools, "book-appointment", "service_type", "card") == ["Cardiology"]
    with translation.override("th"):
        assert completed(tools, "book-appointment", "service_type", "heart") == ["ตรวจหัวใจ"]


def test_what_begins_so_comes_before_what_contains_it(tools_by_key, heart, dr_bob):
    make_service(dr_bob, slug="second", name_en="Check of a heart", name_th="x")

    with translation.override("en"):
        found = completed(tools_by_key(*BOOKING), "book-appointment", "service_type", "heart")
    assert found == ["Heart check", "Check of a heart"]


def test_no_more_than_a_hundred_come(tools_by_key, check_up, dr_bob):
    for number in range(110):
        make_service(dr_bob, slug=f"s-{number}", name_en=f"Service {number}")

    assert len(completed(tools_by_key(*BOOKING), "book-appointment", "service_type", "service")) == 100


def test_dates_are_the_next_bookable_ones(tools_of, check_up):
    tools = tools_of(Role.ADMIN)
    found = completed(tools, "appointment_booking", "preferred_date")

    assert coming_day().isoformat() in found
    assert found == sorted(found)
    begun = coming_day().isoformat()[:9]
    assert completed(tools, "appointment_booking", "preferred_date", begun) == [
        day for day in found if day.startswith(begun)
    ]


def test_of_hospitals_the_caller_s_own_is_named_and_to_the_platform_none(
    tools_of, tools_of_platform, hospital, other_hospital
):
    assert completed(tools_of(Role.ADMIN), "patient_onboarding", "hospital_id") == [str(hospital.uuid)]
    assert completed(tools_of(Role.ADMIN), "patient_onboarding", "hospital_id", "rama") == []
    assert completed(tools_of_platform(), "patient_onboarding", "hospital_id") == []


def test_nothing_of_another_hospital_is_completed(tools_by_key, other_hospital, check_up):
    with inside(other_hospital):
        make_service(make_practitioner("Dr Canary"), slug="canary", name_en="Canary", name_th="คานารี")
    tools = tools_by_key(*BOOKING)

    assert completed(tools, "book-appointment", "service_type", "canary") == []
    named = {"subdomain": "rama", "hospital_id": str(other_hospital.uuid)}
    assert completed(tools, "book-appointment", "service_type", "canary", **named) == []
    assert of_template(tools, ITEM_OF, "id", "dr canary", collection="doctors", **named) == []


def test_a_prompt_that_one_does_not_see_completes_nothing(tools_of):
    assert completed(tools_of(Role.PATIENT), "patient_onboarding", "hospital_id") == []


@pytest.mark.parametrize("argument", ["no_such", "patient_id"])
def test_an_argument_without_a_list_completes_to_nothing(tools_of, argument):
    assert completed(tools_of(Role.ADMIN), "appointment_booking", argument) == []


def test_collections_their_sorts_and_the_ids_of_doctors_are_completed(tools_of, dr_bob, check_up):
    tools = tools_of(Role.ADMIN)

    assert "doctors" in of_template(tools, PAGE_OF, "collection", "doc")
    assert "-created_at" in of_template(tools, PAGE_OF, "sort", "-", collection="appointments")
    assert of_template(tools, ITEM_OF, "id", "dr bob", collection="doctors") == [str(dr_bob.pk)]
    assert of_template(tools, ITEM_OF, "id", "", collection="patients") == []
    assert of_template(tools, "nadmor://unknown", "id") == []


def test_completing_costs_the_same_whatever_there_is(tools_by_key, check_up, dr_bob):
    tools = tools_by_key(*BOOKING)
    completed(tools, "book-appointment", "service_type")
    with counted() as one:
        completed(tools, "book-appointment", "service_type", "c")
    for number in range(3):
        make_service(dr_bob, slug=f"more-{number}")
    completed(tools, "book-appointment", "service_type")
    with counted() as three:
        completed(tools, "book-appointment", "service_type", "c")

    assert len(one) == len(three) == 1
