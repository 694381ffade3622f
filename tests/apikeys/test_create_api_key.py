from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apikeys.keys import check_key
from apikeys.models import ApiKey
from apikeys.secrets import is_well_formed
from core import clock
from events.models import Event
from tenants.context import outside


def create(*arguments):
    said = StringIO()
    call_command("create_api_key", *arguments, stdout=said)
    return said.getvalue()


def test_the_key_stands_alone_on_standard_output(hospital, capfd):
    said = create("--hospital=ploy", "--name=Kiosk", "--scopes=read:bookings, write:bookings")

    assert said.endswith("\n")
    assert is_well_formed(said[:-1])
    assert capfd.readouterr() == ("", "")
    key = check_key(said.strip())
    assert (key.hospital, key.name) == (hospital, "Kiosk")
    assert key.scopes == ["read:bookings", "write:bookings"]
    assert (key.expires_at, key.is_unlimited) == (None, False)


def test_the_command_is_recorded_as_the_platforms_own_work(hospital):
    create("--hospital=ploy", "--name=Kiosk", "--scopes=read:bookings")

    with outside():
        event = Event.objects.get(type="key.created", subject_id=str(ApiKey.objects.get(name="Kiosk").pk))
    assert (event.door, event.actor_label) == ("system", "create_api_key")


def test_a_key_may_end_and_may_be_unlimited(hospital):
    text = create(
        "--hospital=ploy", "--name=x", "--scopes=read:bookings", "--expires-in-days=7", "--unlimited"
    )
    key = check_key(text.strip())

    assert key.is_unlimited
    assert abs(key.expires_at - clock.now() - timedelta(days=7)) < timedelta(minutes=1)


def test_a_key_without_a_hospital_is_the_platforms(db):
    assert check_key(create("--name=Ops", "--scopes=admin:platform").strip()).hospital is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["--hospital=nowhere", "--name=x", "--scopes=read:bookings"],
        ["--hospital=ploy", "--name=x", "--scopes=read:everything"],
        ["--hospital=ploy", "--name=x", "--scopes="],
        ["--hospital=ploy", "--name=x", "--scopes=,"],
        ["--hospital=ploy", "--name=x", "--scopes=read:bookings", "--expires-in-days=0"],
        ["--hospital=ploy", "--name=x", "--scopes=read:bookings", "--expires-in-days=-1"],
        ["--hospital=ploy", "--scopes=read:bookings"],
    ],
)
def test_what_is_wrong_is_told_and_no_key_is_made(hospital, arguments):
    before = ApiKey.objects.count()
    with pytest.raises(CommandError):
        create(*arguments)
    assert ApiKey.objects.count() == before
