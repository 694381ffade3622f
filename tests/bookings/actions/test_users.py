"""Accounts: who may make, change and switch off whom."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.models import Ending, SignIn, User
from accounts.permissions import Role
from accounts.tokens import open_sign_in
from bookings.actions.users import create_user, deactivate_user, update_user
from bookings.queries.users import users_for
from core.actor import Actor
from core.errors import NotAllowed
from events.models import Event
from events.outbox import history_of
from tests.support.accounts import NEW, SECRET, wrong_fields
from tests.support.booking import refused
from tests.support.people import PASSWORD
from tests.support.threads import reasons, together, winners


@pytest.fixture
def admin(in_hospital, people) -> Actor:
    return people.actor(Role.ADMIN)


# ── making ────────────────────────────────────────────────────────────────────
def test_an_account_that_is_made_can_be_signed_in_to(admin):
    user = create_user(admin, role="NURSE", phone_number="081 234 5678", **NEW)

    assert (user.email, user.get_full_name(), user.role) == (
        "malee@ploy.example",
        "Malee Rose Srisuk",
        "NURSE",
    )
    assert user.phone_number == "+66812345678"
    assert User.objects.get(pk=user.pk).check_password(SECRET)
    (event,) = history_of("user", user.pk)
    assert (event.type, event.changes, event.data) == ("user.created", {"role": ["", "NURSE"]}, {})


def test_no_name_address_number_or_password_is_in_the_history(admin):
    create_user(admin, role="PATIENT", phone_number="0812345678", date_of_birth=date(1990, 5, 1), **NEW)
    create_user(admin, role="DOCTOR", license_number="L-777", **{**NEW, "email": "d@ploy.example"})

    written = str(list(Event.objects.values()))
    for secret in ("Malee", "Srisuk", "ploy.example", "812345678", "1990", SECRET, "L-777", "md5"):
        assert secret not in written


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "bob@ploy.example"}, "email"),
        ({"email": "BOB@PLOY.EXAMPLE"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"first_name": ""}, "first_name"),
        ({"first_name": "x" * 101}, "first_name"),
        ({"role": "QUEEN"}, "role"),
        ({"language": "xx"}, "language"),
        ({"phone_number": "12"}, "phone_number"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"password": "malee@ploy.example"}, "password"),
        ({"license_number": "1"}, "license_number"),
        ({"years_of_experience": 1}, "years_of_experience"),
        ({"date_of_birth": date(2000, 1, 1)}, "date_of_birth"),
        ({"is_superuser": True}, "is_superuser"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(admin, given, field):
    before = User.objects.count()

    assert wrong_fields(create_user, admin, **{**NEW, "role": "NURSE", **given}) == {field}
    assert User.objects.count() == before
    assert not Event.objects.exists()


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_an_administrator_makes_changes_and_sees_accounts(in_hospital, people, role):
    actor = people.actor(role)

    assert not users_for(actor).exists()
    for verb, asked in (
        (create_user, {**NEW, "role": "NURSE"}),
        (update_user, {"user_id": people.nurse.pk, "role": "ADMIN"}),
        (update_user, {"user_id": people.by_role(role).pk, "role": "ADMIN"}),
        (deactivate_user, {"user_id": people.admin.pk}),
    ):
        with pytest.raises(NotAllowed):
            verb(actor, **asked)


def test_nobody_below_an_administrator_gives_or_takes_that_role_whatever_else_they_may(in_hospital, people):
    clerk = Actor(
        door="api", grants=frozenset({"users.read", "users.write"}), role="FRONT_DESK", user_id=uuid4()
    )
    User.objects.create_user("second@ploy.example", PASSWORD, first_name="Eve", role=Role.ADMIN)

    for verb, asked in (
        (create_user, {**NEW, "role": "ADMIN"}),
        (update_user, {"user_id": people.nurse.pk, "role": "ADMIN"}),
        (update_user, {"user_id": people.admin.pk, "role": "NURSE"}),
        (deactivate_user, {"user_id": people.admin.pk}),
    ):
        with pytest.raises(NotAllowed):
            verb(clerk, **asked)


def test_two_who_take_the_same_address_at_once_make_one_account(fresh_hospital):
    actor = Actor.system("tests", "users.read", "users.write")
    made = together(fresh_hospital, [lambda: create_user(actor, role="NURSE", **NEW)] * 4)

    assert len(winners(made)) == 1
    assert reasons(made) == ["invalid"] * 3
    assert User.objects.count() == 1


# ── changing ──────────────────────────────────────────────────────────────────
def test_a_new_password_ends_what_was_signed_in_and_is_recorded_without_its_value(admin, people):
    open_sign_in(people.nurse)

    update_user(admin, user_id=people.nurse.pk, password=SECRET)

    assert User.objects.get(pk=people.nurse.pk).check_password(SECRET)
    assert SignIn.objects.get(user=people.nurse).ending == Ending.PASSWORD
    (event,) = history_of("user", people.nurse.pk)
    assert (event.type, event.changes, event.data) == ("user.changed", {}, {"fields": ["password"]})


def test_an_address_that_is_taken_is_refused_by_its_field(admin, people):
    assert wrong_fields(update_user, admin, user_id=people.nurse.pk, email=people.doctor.email) == {"email"}


def test_a_change_to_what_it_is_already_is_not_recorded(admin, people):
    update_user(admin, user_id=people.nurse.pk, role="NURSE", first_name="Nora", is_active=True)

    assert history_of("user", people.nurse.pk) == []


def test_a_change_of_role_is_recorded_and_names_stay_out(admin, people):
    update_user(admin, user_id=people.nurse.pk, role="FRONT_DESK", last_name="Secret")

    (event,) = history_of("user", people.nurse.pk)
    assert event.changes == {"role": ["NURSE", "FRONT_DESK"]}
    assert event.data == {"fields": ["last_name", "role"]}


# ── switching off ─────────────────────────────────────────────────────────────
def test_an_account_is_switched_off_signed_out_and_switched_on_again(admin, people):
    open_sign_in(people.nurse)

    assert not deactivate_user(admin, user_id=people.nurse.pk).is_active
    assert SignIn.objects.get(user=people.nurse).ending == Ending.SWITCHED_OFF
    deactivate_user(admin, user_id=people.nurse.pk)
    assert update_user(admin, user_id=people.nurse.pk, is_active=True).is_active
    assert [event.type for event in history_of("user", people.nurse.pk)] == [
        "user.deactivated",
        "user.changed",
    ]


def test_nobody_switches_themselves_off_or_takes_their_own_role(admin, people):
    User.objects.create_user("second@ploy.example", PASSWORD, first_name="Eve", role=Role.ADMIN)

    with refused("own_account"):
        deactivate_user(admin, user_id=people.admin.pk)
    with refused("own_account"):
        update_user(admin, user_id=people.admin.pk, role="NURSE")


def test_the_last_administrator_stays_whoever_asks(in_hospital, people):
    program = Actor.system("tests", "users.read", "users.write")

    with refused("last_administrator"):
        deactivate_user(program, user_id=people.admin.pk)
    with refused("last_administrator"):
        update_user(program, user_id=people.admin.pk, role="NURSE")
    assert User.objects.get(pk=people.admin.pk).role == Role.ADMIN

    User.objects.create_user("second@ploy.example", PASSWORD, first_name="Eve", role=Role.ADMIN)
    assert not deactivate_user(program, user_id=people.admin.pk).is_active


def test_an_administrator_who_is_off_counts_for_nothing(in_hospital, people):
    program = Actor.system("tests", "users.read", "users.write")
    User.objects.create_user("off@ploy.example", PASSWORD, first_name="Eve", role=Role.ADMIN, is_active=False)

    with refused("last_administrator"):
        deactivate_user(program, user_id=people.admin.pk)


@pytest.mark.parametrize("way", ["off", "role"])
def test_two_administrators_who_remove_each_other_at_once_leave_one(fresh_hospital, way):
    first, second = (
        User.objects.create_user(f"a{n}@fresh.example", PASSWORD, first_name="A", role=Role.ADMIN)
        for n in (1, 2)
    )
    grants = frozenset({"users.read", "users.write"})

    def remove(by, whom):
        actor = Actor(door="mcp", grants=grants, role="ADMIN", user_id=by.pk)
        change = {"is_active": False} if way == "off" else {"role": "NURSE"}
        return lambda: update_user(actor, user_id=whom.pk, **change)

    outcomes = together(fresh_hospital, [remove(first, second), remove(second, first)])

    assert reasons(outcomes) == ["last_administrator"]
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1
