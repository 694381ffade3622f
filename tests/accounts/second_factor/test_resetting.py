"""Commands: resetting, for the last administrator and for operators; sealing anew under another key."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.second_factor.actions import use_code
from accounts.second_factor.state import device_of
from events.outbox import history_of
from tenants.context import inside
from tests.conftest import signed_in
from tests.support.second_factor import give_phone, tell_nobody


def reset(**options):
    out = StringIO()
    call_command("reset_second_factor", stdout=out, **options)
    return out.getvalue()


def test_it_takes_the_phone_ends_the_sessions_and_is_recorded(hospital, people):
    browser = signed_in(people.admin, "ploy.localhost")
    with inside(hospital):
        adam = User.objects.get(pk=people.admin.pk)
        give_phone(adam)

    said = reset(hospital="ploy", email=people.admin.email.upper())

    assert people.admin.email in said
    assert browser.get("/admin/").status_code == 302
    assert browser.get("/admin/login/").status_code == 200
    with inside(hospital):
        assert device_of(adam) is None
        event = history_of("user", adam.pk)[-1]
    assert (event.type, event.door, event.actor_label) == (
        "user.second_factor_reset", "system", "reset_second_factor",
    )  # fmt: skip
    assert signed_in(people.admin, "ploy.localhost").get("/admin/").status_code == 200


def test_an_operator_is_named_without_a_hospital(db):
    olga = User.objects.get(email="operator@nadmor.example")
    give_phone(olga)

    reset(email=olga.email)

    assert device_of(olga) is None


@pytest.mark.parametrize(
    "options",
    [
        {"hospital": "ploy", "email": "nobody@ploy.example"},
        {"hospital": "nowhere", "email": "a@ploy.example"},
    ],
    ids=["person", "hospital"],
)
def test_who_is_not_there_is_named_as_missing(hospital, options):
    with pytest.raises(CommandError, match="There is no"):
        reset(**options)


# ── another key ───────────────────────────────────────────────────────────────
def test_secrets_are_sealed_anew_everywhere_and_the_old_key_may_go(hospital, people, settings):
    olga = User.objects.get(email="operator@nadmor.example")
    of_olga = give_phone(olga)
    with inside(hospital):
        adam = User.objects.get(pk=people.admin.pk)
        of_adam = give_phone(adam)
    settings.ENCRYPTION_KEYS = ["another", *settings.ENCRYPTION_KEYS]

    call_command("reseal_second_factors", stdout=StringIO())

    settings.ENCRYPTION_KEYS = ["another"]
    assert use_code(olga, of_olga.code(), tell_nobody)
    with inside(hospital):
        assert use_code(adam, of_adam.code(), tell_nobody)


def test_with_the_key_gone_recovery_codes_still_let_in(in_hospital, people, settings):
    adam = User.objects.get(pk=people.admin.pk)
    phone = give_phone(adam)
    settings.ENCRYPTION_KEYS = ["another"]

    assert use_code(adam, phone.code(), tell_nobody) is None
    assert use_code(adam, phone.recovery_codes[0], tell_nobody)
    with pytest.raises(CommandError, match="not among ENCRYPTION_KEYS"):
        call_command("reseal_second_factors", stdout=StringIO())
