from dataclasses import FrozenInstanceError, fields

import pytest

from core.actor import Actor, Door
from core.errors import Kind, NotAllowed


def test_an_actor_may_do_what_is_granted_and_nothing_else():
    actor = Actor(door=Door.API, grants=frozenset({"appointments.book"}))

    assert actor.can("appointments.book")
    actor.require("appointments.book")
    for verb in ("appointments.cancel", "appointments.book_own", "appointments", ""):
        assert not actor.can(verb)
        with pytest.raises(NotAllowed) as caught:
            actor.require(verb)
        assert caught.value.data == {"needs": verb}
        assert caught.value.kind is Kind.NOT_ALLOWED


def test_an_actor_does_not_change():
    actor = Actor(door=Door.API, grants=frozenset())
    for field in fields(Actor):
        with pytest.raises(FrozenInstanceError):
            setattr(actor, field.name, None)


def test_the_platform_has_just_the_grants_that_it_is_given():
    system = Actor.system("expire_holds", "appointments.hold")

    assert (system.door, system.label, system.grants) == ("system", "expire_holds", {"appointments.hold"})
    assert (system.user_id, system.patient_id, system.practitioner_id, system.role) == (None, None, None, "")
    assert Actor.system("nothing").grants == frozenset()
