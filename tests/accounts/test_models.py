import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.permissions import Role
from tenants.context import inside
from tests.support.people import PASSWORD
from tests.support.rows import refused_by


def make_user(email="new@ploy.example", **fields):
    return User.objects.create_user(email, PASSWORD, **{"first_name": "New", **fields})


def test_an_address_is_kept_in_lower_case_and_found_in_any(in_hospital):
    user = make_user("New.Person@Ploy.EXAMPLE")

    assert user.email == "new.person@ploy.example"
    assert User.objects.get_by_natural_key("  NEW.person@ploy.example ") == user
    assert authenticate(email="NEW.PERSON@ploy.example", password=PASSWORD) == user


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), None])
def test_a_wrong_password_opens_nothing(people, in_hospital, password):
    assert authenticate(email=people.desk.email, password=password) is None


def test_a_user_without_a_password_cannot_sign_in(in_hospital):
    user = User.objects.create_user("new@ploy.example", first_name="New")

    assert not user.has_usable_password()
    assert authenticate(email="new@ploy.example", password="") is None


def test_no_password_is_stored_as_it_is(people):
    assert PASSWORD not in people.desk.password


def test_whoever_is_switched_off_cannot_sign_in(in_hospital, people):
    User.objects.filter(pk=people.desk.pk).update(is_active=False)

    assert authenticate(email=people.desk.email, password=PASSWORD) is None


def test_an_address_has_one_account_in_a_hospital_and_another_in_the_next(hospital, other_hospital):
    with inside(hospital):
        ours = make_user("same@example.org")
        with pytest.raises(ValidationError):
            make_user("SAME@example.org")
        with pytest.raises(IntegrityError, match="email"), transaction.atomic():
            User.objects.bulk_create([User(email="same@example.org", first_name="x")])
    with inside(other_hospital):
        assert make_user("same@example.org").pk != ours.pk


def test_the_database_keeps_one_spelling_of_each_address(in_hospital):
    with refused_by("user_email_is_lower_case"):
        User.objects.bulk_create([User(email="Some@example.org", first_name="x")])


@pytest.mark.parametrize(
    "wrong", [{"email": "nothing"}, {"role": "KING"}, {"first_name": ""}, {"language": "fr"}]
)
def test_a_user_who_cannot_be_right_is_refused_by_the_field(in_hospital, wrong):
    with pytest.raises(ValidationError) as caught:
        make_user(**wrong)
    assert set(wrong) <= set(caught.value.message_dict)


def test_staff_enter_the_admin_and_patients_do_not(in_hospital, people):
    staff = {role: people.by_role(role).is_staff for role in Role}

    assert staff == {"ADMIN": True, "DOCTOR": True, "NURSE": True, "FRONT_DESK": True, "PATIENT": False}
    assert people.admin.has_module_perms("bookings")
    assert not people.patient.has_module_perms("bookings")


def test_django_s_own_permissions_grant_nothing(in_hospital, people):
    assert not people.admin.has_perm("bookings.delete_appointment")


def test_a_user_is_called_by_name_or_else_by_address():
    assert str(User(first_name="Ann", last_name="Lee", email="a@b.example")) == "Ann Lee"
    assert str(User(first_name="Ann", email="a@b.example")) == "Ann"
    assert str(User(email="a@b.example")) == "a@b.example"
