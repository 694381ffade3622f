"""Somebody is left who can administer a place."""

import pytest
from django.db import transaction

from accounts.administrators import (
    LastAdministrator,
    lock_with_administrators,
    require_another_administrator,
)
from accounts.models import User
from accounts.permissions import Role
from tenants.context import inside
from tests.support.people import PASSWORD
from tests.support.threads import together, wait_until_somebody_waits_for_us


def test_an_administrator_goes_only_while_there_is_another_active_one(in_hospital, people):
    with pytest.raises(LastAdministrator):
        require_another_administrator(people.admin.pk)

    second = User.objects.create_user("second@ploy.example", PASSWORD, first_name="Eve", role=Role.ADMIN)
    require_another_administrator(people.admin.pk)

    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(LastAdministrator):
        require_another_administrator(people.admin.pk)


def test_administrators_of_another_place_do_not_count(in_hospital, people, other_hospital, other_people):
    with inside(other_hospital):
        assert lock_with_administrators(people.nurse.pk) is None
    with pytest.raises(LastAdministrator):
        require_another_administrator(people.admin.pk)


def test_whoever_locks_second_waits_and_sees_what_the_first_did(fresh_hospital):
    first, second = (
        User.objects.create_user(f"a{n}@fresh.example", PASSWORD, first_name="A", role=Role.ADMIN)
        for n in (1, 2)
    )

    def switch_off_first():
        with transaction.atomic():
            lock_with_administrators(first.pk)
            wait_until_somebody_waits_for_us()
            require_another_administrator(first.pk)
            User.objects.filter(pk=first.pk).update(is_active=False)

    def switch_off_second():
        # The lock of this look ends with it: the first must not wait for us yet.
        while first_is_free():
            pass
        with transaction.atomic():
            lock_with_administrators(second.pk)
            require_another_administrator(second.pk)

    def first_is_free():
        with transaction.atomic():
            return User.objects.select_for_update(skip_locked=True).filter(pk=first.pk).exists()

    outcomes = together(fresh_hospital, [switch_off_first, switch_off_second])

    assert outcomes[0] is None
    assert isinstance(outcomes[1], LastAdministrator)
