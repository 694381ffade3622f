import pytest

from apikeys.scopes import SCOPES, VERBS, grants_of


def test_each_scope_has_words_and_verbs():
    assert set(SCOPES) == set(VERBS)
    assert all(VERBS.values())


@pytest.mark.parametrize(
    ("scopes", "granted", "denied"),
    [
        (["read:bookings"], "appointments.read", "appointments.book"),
        (["write:bookings"], "appointments.book", "catalogue.read"),
        (["read:patients"], "patients.read", "patients.write"),
        (["write:patients"], "patients.write", "patients.read"),
        (["admin:hospital"], "schedules.write", "hospitals.write"),
        (["admin:platform"], "keys.write", "appointments.read"),
    ],
)
def test_a_scope_grants_its_verbs_alone(scopes, granted, denied):
    assert granted in grants_of(scopes)
    assert denied not in grants_of(scopes)


def test_scopes_add_up():
    assert grants_of(["read:bookings", "write:bookings"]) == VERBS["read:bookings"] | VERBS["write:bookings"]


@pytest.mark.parametrize("scopes", [[], ["nothing"], ["read"], ["READ:BOOKINGS"], ["*"]])
def test_an_unknown_scope_grants_nothing(scopes):
    assert grants_of(scopes) == frozenset()


def test_reading_never_lets_anybody_write():
    for scope, verbs in VERBS.items():
        if scope.startswith("read:"):
            assert all(verb.endswith(".read") for verb in verbs)
