from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import User
from tenants.context import inside
from tenants.provisioning import switch_hospital

GOOD = "a-long-and-odd-phrase"


@pytest.fixture
def type_in(monkeypatch):
    """What comes in by a pipe."""

    def put(text):
        monkeypatch.setattr("sys.stdin", StringIO(text))

    put(f"{GOOD}\n")
    return put


def create(*arguments):
    said = StringIO()
    call_command("create_user", *arguments, stdout=said)
    return said.getvalue()


def test_a_user_of_a_hospital_can_sign_in_there_alone(hospital, other_hospital, type_in):
    said = create("--hospital=ploy", "--email=New@Ploy.example", "--role=NURSE", "--last-name=Lee")

    assert "new@ploy.example" in said
    assert GOOD not in said
    with inside(hospital):
        user = authenticate(email="new@ploy.example", password=GOOD)
        assert (user.role, user.first_name, user.last_name) == ("NURSE", "New", "Lee")
    with inside(other_hospital):
        assert not User.objects.filter(email="new@ploy.example").exists()
    assert not User.objects.filter(email="new@ploy.example").exists()


def test_without_a_hospital_the_user_runs_the_platform(db, type_in):
    create("--email=op@nadmor.example")

    assert "hospitals.write" in User.objects.get(email="op@nadmor.example").grants


@pytest.mark.parametrize("password", ["", "short", "1234567890123", "password1234"])
def test_a_weak_password_is_refused(hospital, type_in, password):
    type_in(f"{password}\n")
    with pytest.raises(CommandError):
        create("--hospital=ploy", "--email=new@ploy.example")
    with inside(hospital):
        assert not User.objects.filter(email="new@ploy.example").exists()


@pytest.mark.parametrize(
    "arguments", [["--hospital=ploy", "--email=nothing"], ["--hospital=nowhere", "--email=a@b.example"]]
)
def test_what_is_wrong_is_told_without_a_traceback(hospital, type_in, arguments):
    with pytest.raises(CommandError):
        create(*arguments)


def test_an_address_is_not_given_two_accounts(hospital, people, type_in):
    with pytest.raises(CommandError):
        create("--hospital=ploy", f"--email={people.desk.email}")


def test_a_hospital_that_is_switched_off_takes_no_new_user(hospital, type_in):
    switch_hospital(hospital, active=False)

    with pytest.raises(CommandError):
        create("--hospital=ploy", "--email=new@ploy.example")
