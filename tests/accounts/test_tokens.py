"""Pairs of tokens without a door around them: what is kept, and for how long."""

from datetime import timedelta

import pytest

from accounts.access import WrongToken, read_access_token
from accounts.models import RefreshToken, SignIn
from accounts.tokens import (
    RefreshTokenUsed,
    WrongRefreshToken,
    close_sign_in,
    forget_dead_tokens,
    is_known,
    open_sign_in,
    place_of,
    renew,
    user_of,
)
from core import clock
from tenants.context import inside, outside


@pytest.fixture
def pair(in_hospital, people):
    return open_sign_in(people.desk)


def test_a_pair_belongs_to_its_user_in_its_hospital(hospital, people, pair):
    claims = read_access_token(pair.access_token)

    assert (claims.user_id, claims.hospital_id) == (people.desk.pk, hospital.uuid)
    assert user_of(claims) == people.desk
    assert place_of(pair.refresh_token) == hospital.uuid


def test_in_another_schema_the_same_claims_are_nobodys(other_hospital, pair):
    claims = read_access_token(pair.access_token)

    for place in (inside(other_hospital), outside()):
        with place, pytest.raises(WrongToken):
            user_of(claims)
    with inside(other_hospital), pytest.raises(WrongRefreshToken):
        renew(pair.refresh_token)


def test_no_two_tokens_are_alike(people, pair):
    pairs = [pair, *(open_sign_in(people.desk) for _ in range(20))]

    assert len({one.refresh_token for one in pairs} | {one.access_token for one in pairs}) == 42


def test_the_life_of_an_access_token_is_a_setting(people, in_hospital, settings):
    settings.JWT_EXPIRY = 60
    assert open_sign_in(people.desk).expires_in == 60

    settings.JWT_EXPIRY = -31
    with pytest.raises(WrongToken):
        read_access_token(open_sign_in(people.desk).access_token)


def test_another_secret_makes_access_tokens_worthless_and_refresh_tokens_not(pair, settings):
    settings.JWT_SECRET = "another-secret-of-more-than-32-characters"

    with pytest.raises(WrongToken):
        read_access_token(pair.access_token)
    read_access_token(renew(pair.refresh_token).access_token)


def test_a_token_is_known_until_it_is_used_or_its_sign_in_ends(people, pair):
    assert is_known(pair.refresh_token)
    second = renew(pair.refresh_token)
    assert (is_known(pair.refresh_token), is_known(second.refresh_token)) == (False, True)

    close_sign_in(pair.refresh_token)

    assert not is_known(second.refresh_token)


def test_a_used_token_within_the_grace_is_refused_and_after_it_ends_the_sign_in(pair):
    renew(pair.refresh_token)
    used = RefreshToken.objects.exclude(used_at=None)

    used.update(used_at=clock.now() - timedelta(seconds=8))
    with pytest.raises(RefreshTokenUsed):
        renew(pair.refresh_token)
    assert SignIn.objects.get().ended_at is None

    used.update(used_at=clock.now() - timedelta(seconds=10))
    with pytest.raises(RefreshTokenUsed):
        renew(pair.refresh_token)
    assert SignIn.objects.get().ended_at is not None


@pytest.mark.parametrize(
    "text", ["", "nadmor_refresh_platform_", "platform", f"nadmor_refresh_{'0' * 32}_{'é' * 43}"]
)
def test_what_has_not_the_form_names_no_place(text):
    with pytest.raises(WrongRefreshToken):
        place_of(text)


def test_what_can_open_nothing_any_more_is_forgotten_and_nothing_else(people, pair):
    alive = open_sign_in(people.nurse)
    renew(alive.refresh_token)
    renew(pair.refresh_token)
    close_sign_in(pair.refresh_token)
    old = open_sign_in(people.doctor)
    RefreshToken.objects.filter(sign_in__user=people.doctor).update(expires_at=clock.now())
    SignIn.objects.filter(pk=read_access_token(open_sign_in(people.admin).access_token).sign_in_id).update(
        expires_at=clock.now()
    )

    forgotten = forget_dead_tokens()

    assert forgotten > 3
    assert [one.user for one in SignIn.objects.all()] == [people.nurse]
    assert RefreshToken.objects.count() == 2
    # A copy of the one that was used is still known for what it is.
    with pytest.raises(RefreshTokenUsed):
        renew(alive.refresh_token)
    with pytest.raises(WrongRefreshToken):
        renew(old.refresh_token)
    assert forget_dead_tokens() == 0
