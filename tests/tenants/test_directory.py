import pytest

from bookings.models import Patient
from core.errors import Kind
from tenants.context import in_public_schema, inside
from tenants.directory import forget_hospitals, hospital_by_host, hospital_by_subdomain
from tenants.errors import HospitalInactive, HospitalNotFound
from tenants.models import Domain, Hospital
from tenants.provisioning import domain_for, switch_hospital
from tests.support.statements import counted


def test_a_hospital_is_found_by_subdomain_and_by_each_of_its_hosts(hospital):
    Domain.objects.create(domain="ploy.example.org", tenant=hospital, is_primary=False)

    assert hospital_by_subdomain("ploy") == hospital
    assert hospital_by_host(domain_for("ploy")) == hospital
    assert hospital_by_host("ploy.example.org") == hospital


def test_a_hospital_is_looked_up_once(hospital):
    with counted() as statements:
        for _ in range(3):
            hospital_by_subdomain("ploy")
            hospital_by_host(domain_for("ploy"))
    assert len(statements) == 2


def test_a_hospital_is_found_from_inside_of_another(hospital, other_hospital):
    with inside(other_hospital):
        assert hospital_by_subdomain("ploy") == hospital
        assert not in_public_schema()


@pytest.mark.parametrize(
    "name", ["nowhere", "PLOY", "", "ploy ", "ploy\n", "\x00", "h_ploy", "public", "../ploy", "x" * 999]
)
def test_a_name_that_leads_nowhere_is_not_found(hospital, name):
    with pytest.raises(HospitalNotFound):
        hospital_by_subdomain(name)


@pytest.mark.parametrize("host", ["nowhere.localhost", "ploy", "", "localhost"])
def test_a_host_that_leads_nowhere_is_not_found(hospital, host):
    with pytest.raises(HospitalNotFound):
        hospital_by_host(host)


def test_what_can_be_no_subdomain_costs_no_query(db):
    with counted() as statements, pytest.raises(HospitalNotFound):
        hospital_by_subdomain("no such thing")
    assert statements == []


def test_a_hospital_that_was_not_there_is_found_when_it_comes(hospital):
    with pytest.raises(HospitalNotFound):
        hospital_by_host("late.example.org")
    Domain.objects.create(domain="late.example.org", tenant=hospital)

    assert hospital_by_host("late.example.org") == hospital


def test_switching_a_hospital_off_and_on_is_known_at_once_by_every_way_in(hospital, other_hospital):
    ways = [lambda: hospital_by_subdomain("ploy"), lambda: hospital_by_host(domain_for("ploy"))]
    for find in ways:
        find()
    switch_hospital(hospital, active=False)

    assert not hospital.is_active
    assert not Hospital.objects.get(pk=hospital.pk).is_active
    for find in ways:
        with pytest.raises(HospitalInactive) as caught:
            find()
        assert caught.value.kind is Kind.NOT_ALLOWED
    assert hospital_by_subdomain("rama") == other_hospital

    switch_hospital(hospital, active=True)
    for find in ways:
        assert find() == hospital


def test_a_hospital_that_is_switched_off_loses_nothing(hospital, people):
    switch_hospital(hospital, active=False)
    with inside(hospital):
        assert Patient.objects.filter(pk=people.alice.pk).exists()


def test_a_hospital_may_be_switched_from_inside_of_another(hospital, other_hospital):
    with inside(other_hospital):
        switch_hospital(hospital, active=False)
    assert not Hospital.objects.get(pk=hospital.pk).is_active


def test_what_is_remembered_can_be_forgotten(hospital):
    assert hospital_by_subdomain("ploy").name == "Ploy Hospital"
    Hospital.objects.filter(pk=hospital.pk).update(name="New Name")
    forget_hospitals()

    assert hospital_by_subdomain("ploy").name == "New Name"
