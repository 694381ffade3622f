"""Accounts as they are found: those of the place at hand, and what of them leaves."""

from uuid import uuid4

import pytest

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.users import create_user, deactivate_user, update_user
from bookings.queries.users import find_users_for, user_for, users_for
from bookings.serializers.users import UserSerializer
from core.actor import Actor
from core.errors import NotAllowed
from tenants.context import inside, outside
from tests.support.accounts import NEW, wrong_fields
from tests.support.booking import refused
from tests.support.statements import counted


@pytest.fixture
def admin(in_hospital, people) -> Actor:
    return people.actor(Role.ADMIN)


@pytest.fixture
def operator(hospital) -> Actor:
    with outside():
        user = User.objects.get(email="operator@nadmor.example")
        yield Actor(
            door="mcp", grants=user.grants, role=user.role, user_id=user.pk, label=user.get_full_name()
        )


# ── whose accounts ────────────────────────────────────────────────────────────
def test_accounts_of_another_hospital_are_not_found(admin, other_people):
    for asked in (
        lambda: user_for(admin, user_id=other_people.nurse.pk),
        lambda: update_user(admin, user_id=other_people.nurse.pk, last_name="x"),
        lambda: deactivate_user(admin, user_id=other_people.nurse.pk),
        lambda: user_for(admin, user_id=uuid4()),
    ):
        with refused("user_not_found"):
            asked()
    assert "rama" not in str(list(users_for(admin).values_list("email", flat=True)))


def test_outside_of_every_hospital_accounts_are_operators(operator, people):
    made = create_user(operator, **NEW, role="ADMIN")

    assert {row.email for row in find_users_for(operator).rows} == {
        "operator@nadmor.example", "malee@ploy.example",
    }  # fmt: skip
    assert wrong_fields(create_user, operator, **{**NEW, "email": "n@ploy.example"}, role="NURSE") == {"role"}
    assert wrong_fields(update_user, operator, user_id=made.pk, role="NURSE") == {"role"}
    with refused("user_not_found"):
        update_user(operator, user_id=people.nurse.pk, last_name="x")
    assert UserSerializer().to_representation(made)["hospital_id"] is None
    assert not deactivate_user(operator, user_id=made.pk).is_active
    with refused("own_account"):
        deactivate_user(operator, user_id=operator.user_id)


def test_who_manages_accounts_of_hospitals_alone_sees_and_makes_no_operator(hospital):
    actor = Actor.system("tests", "users.read", "users.write")
    with outside():
        assert not users_for(actor).exists()
        with pytest.raises(NotAllowed):
            create_user(actor, **NEW, role="ADMIN")


# ── lists ─────────────────────────────────────────────────────────────────────
def test_accounts_are_found_by_role_state_and_words(admin, people):
    User.objects.filter(pk=people.nurse.pk).update(is_active=False, last_name="Rattana")

    def found(**criteria):
        return {row.first_name for row in find_users_for(admin, **criteria).rows}

    assert found(role="DOCTOR") == {"Bob"}
    assert found(is_active=False) == {"Nora"}
    assert found(search="nora ratt") == {"Nora"}
    assert found(search="BOB@ploy") == {"Bob"}
    assert found(search="nobody") == set()


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_accounts_takes_two_statements_whatever_its_length(admin, count):
    for number in range(count):
        create_user(
            admin, role="DOCTOR", license_number=f"L{number}", **{**NEW, "email": f"d{number}@listed.example"}
        )

    with counted() as statements:
        page = find_users_for(admin, search="listed")
        assert len(UserSerializer(page.rows, many=True).data) == page.count == count
    assert len(statements) == 2, statements


def test_what_leaves_has_no_password_and_no_hash(admin, people):
    for row in find_users_for(admin).rows:
        wire = UserSerializer().to_representation(row)
        assert row.password not in str(wire)
        assert not {name for name in wire if "password" in name}


def test_an_account_in_another_place_with_the_same_address_is_another_one(
    admin, other_hospital, other_people
):
    with inside(other_hospital):
        theirs = create_user(other_people.actor(Role.ADMIN), role="NURSE", **NEW)
    ours = create_user(admin, role="NURSE", **NEW)

    assert ours.pk != theirs.pk
