import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import translation

from tenants.models import RESERVED_SUBDOMAINS, Domain, Hospital
from tests.support.rows import refused_by


def put(subdomain, schema="h_new"):
    Hospital.objects.bulk_create([Hospital(subdomain=subdomain, name="New", schema_name=schema)])


@pytest.mark.parametrize(
    "subdomain", ["", "Demo", "-a", "a-", "a_b", "a.b", "a b", "a\n", "a\nb", "ปลา", "\n"]
)
def test_the_database_refuses_what_is_no_dns_label(db, subdomain):
    with refused_by("hospital_subdomain_is_a_dns_label"):
        put(subdomain)


def test_the_database_refuses_what_is_too_long(db):
    with pytest.raises(DataError), transaction.atomic():
        put("x" * 41)


@pytest.mark.parametrize("subdomain", RESERVED_SUBDOMAINS)
def test_the_database_refuses_what_is_kept_for_the_platform(db, subdomain):
    with refused_by("hospital_subdomain_is_not_reserved"):
        put(subdomain)


@pytest.mark.parametrize("subdomain", ["a", "1", "a1", "a-b", "a--b", "9to5", "x" * 40])
def test_a_dns_label_is_taken(db, subdomain):
    put(subdomain)

    assert Hospital.objects.filter(subdomain=subdomain).exists()


def test_a_subdomain_a_schema_and_a_host_lead_to_one_hospital(hospital):
    with pytest.raises(IntegrityError, match="subdomain"), transaction.atomic():
        put("ploy")
    with pytest.raises(IntegrityError, match="schema_name"), transaction.atomic():
        put("other", schema=hospital.schema_name)
    with pytest.raises(IntegrityError, match="domain"), transaction.atomic():
        Domain.objects.bulk_create([Domain(domain="ploy.localhost", tenant=hospital)])


def test_a_hospital_has_a_number_and_an_id_that_tells_nothing(hospital, other_hospital):
    assert isinstance(hospital.pk, int)
    assert hospital.uuid != other_hospital.uuid


def test_a_hospital_is_called_by_its_name(hospital):
    with translation.override("th"):
        assert str(hospital) == "Ploy Hospital"
    assert str(hospital.domains.get()) == "ploy.localhost"


def test_deleting_a_hospitals_row_keeps_its_schema(hospital):
    Hospital.objects.get(pk=hospital.pk).delete()

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM h_ploy.bookings_patient")
        assert cursor.fetchone() == (1,)
