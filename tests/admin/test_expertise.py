"""The specialties of a practitioner on their page: one of them is the primary one."""

from datetime import date

import pytest

from accounts.permissions import Role
from bookings.models import PractitionerSpecialty, Specialty
from events.outbox import history_of
from tests.support.catalogue import coming_day, make_practitioner
from tests.support.statements import counted

LIST = "/admin/bookings/practitioner/"


def page_of(person):
    return f"{LIST}{person.pk}/change/"


@pytest.fixture
def fields(in_hospital):
    return [
        Specialty.objects.create(code=code, name_th=code, name_en=code.title()) for code in ("eyes", "ears")
    ]


def held(person):
    return list(person.expertise.order_by("specialty__code").values_list("specialty__code", "is_primary"))


def typed(*rows):
    """What is typed into the inline: a row for each specialty."""
    sent = {"expertise-TOTAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        sent |= {f"expertise-{number}-{name}": value for name, value in row.items()}
    return sent


def test_specialties_are_given_with_years_and_a_day_in_either_calendar(as_admin, dr_bob, fields):
    eyes, ears = fields
    as_admin.submit(
        page_of(dr_bob),
        **typed(
            {
                "specialty": str(eyes.pk), "is_primary": "on", "years_of_experience": "8",
                "certification_date": "01/04/2561",
            },
            {"specialty": str(ears.pk)},
        ),
    )  # fmt: skip

    assert held(dr_bob) == [("ears", False), ("eyes", True)]
    row = dr_bob.expertise.get(specialty=eyes)
    assert (row.years_of_experience, row.certification_date) == (8, date(2018, 4, 1))
    (event,) = history_of("provider", dr_bob.pk)
    assert (event.type, event.data) == (
        "provider.changed", {"rows": "expertise", "added": 2, "changed": 0, "removed": 0},
    )  # fmt: skip


def test_another_one_becomes_primary_in_one_go(as_admin, dr_bob, fields):
    for number, field in enumerate(fields):
        PractitionerSpecialty.objects.create(practitioner=dr_bob, specialty=field, is_primary=number == 0)

    as_admin.submit(page_of(dr_bob), **{"expertise-0-is_primary": None, "expertise-1-is_primary": "on"})

    assert held(dr_bob) == [("ears", True), ("eyes", False)]


@pytest.mark.parametrize("primary", [None, "on"])
def test_none_or_two_primary_ones_are_refused(as_admin, dr_bob, fields, primary):
    rows = [{"specialty": str(field.pk), "is_primary": primary} for field in fields]

    page = as_admin.submit(page_of(dr_bob), **typed(*rows))

    assert "Choose one primary specialty." in page.text
    assert held(dr_bob) == []


def test_a_certificate_of_a_day_to_come_is_refused_at_its_field(as_admin, dr_bob, fields):
    row = {
        "specialty": str(fields[0].pk),
        "is_primary": "on",
        "certification_date": coming_day(2).isoformat(),
    }

    page = as_admin.submit(page_of(dr_bob), **typed(row))

    assert "A certificate cannot be of a day to come." in page.text
    assert held(dr_bob) == []


def test_readers_see_specialties_in_words_and_change_none(browser_of, dr_bob, fields):
    PractitionerSpecialty.objects.create(
        practitioner=dr_bob, specialty=fields[0], is_primary=True, certification_date=date(2018, 4, 1)
    )

    page = browser_of(Role.NURSE).get(page_of(dr_bob), language="th")

    assert page.status_code == 200
    assert "2561" in page.text
    assert 'name="expertise-0-certification_date"' not in page.text


def test_the_list_costs_as_many_statements_for_many_practitioners_as_for_one(as_admin, dr_bob, fields):
    def cost():
        with counted() as statements:
            assert as_admin.get(LIST).status_code == 200
        return len(statements)

    dr_bob.specialties.set(fields)
    cost()
    one = cost()
    for number in range(3):
        make_practitioner(f"Dr {number}").specialties.set(fields)

    assert cost() == one
