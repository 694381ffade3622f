"""What the database itself refuses about the specialties of practitioners, whoever writes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bookings.models import Practitioner, PractitionerSpecialty, Specialty
from tests.support.catalogue import coming_day


@pytest.fixture
def fields(in_hospital):
    return [Specialty.objects.create(code=code, name_th=code, name_en=code) for code in ("eyes", "ears")]


def refused_by(constraint):
    return pytest.raises(IntegrityError, match=constraint)


def give(doctor, field, **values):
    with transaction.atomic():
        return PractitionerSpecialty.objects.create(practitioner=doctor, specialty=field, **values)


def test_a_practitioner_has_one_primary_specialty_at_most(dr_bob, fields):
    give(dr_bob, fields[0], is_primary=True)

    with refused_by("one_primary_specialty"):
        give(dr_bob, fields[1], is_primary=True)
    give(dr_bob, fields[1])


def test_a_specialty_is_given_once(dr_bob, fields):
    give(dr_bob, fields[0])

    with refused_by("practitioner_id_specialt"):
        give(dr_bob, fields[0])


def test_experience_is_no_longer_than_a_life(dr_bob, fields):
    with refused_by("specialty_years_of_experience"):
        give(dr_bob, fields[0], years_of_experience=81)
    with refused_by("practitioner_years_of_experience"), transaction.atomic():
        Practitioner.objects.update(years_of_experience=81)


def test_a_certificate_is_of_the_past(dr_bob, fields):
    with refused_by("certified_in_the_past"):
        give(dr_bob, fields[0], certification_date=coming_day(3))

    row = give(dr_bob, fields[0], certification_date=coming_day(0))
    row.certification_date += timedelta(days=1)
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    assert list(caught.value.message_dict) == ["certification_date"]


def test_specialties_are_still_added_and_set_as_a_plain_list(dr_bob, fields):
    dr_bob.specialties.add(fields[0])
    dr_bob.specialties.set(fields)

    assert list(dr_bob.expertise.values_list("is_primary", "years_of_experience")) == [(False, None)] * 2
