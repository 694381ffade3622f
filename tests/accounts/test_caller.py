"""A call lands in the caller's hospital and language, from however many tasks at once."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import translation

from accounts.caller import Caller
from bookings.models import Patient
from core.actor import Actor, Door
from core.errors import NotAllowed
from tenants.context import current_hospital, in_public_schema


def caller_in(hospital, language="en", *grants):
    return Caller(
        hospital, Actor(door=Door.MCP, grants=frozenset(grants), label=hospital.subdomain), language
    )


def look(actor):
    """A verb that tells where it runs, for whom, in which language, and on which thread."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    return schema, Patient.objects.get().name, actor.label, translation.get_language(), threading.get_ident()


def need(actor, verb, *, twice=False):
    actor.require(verb)
    return verb * (1 + twice)


def test_a_verb_is_said_in_the_callers_hospital_and_language_as_them(hospital, other_hospital):
    for place, language in ((hospital, "th"), (other_hospital, "en")):
        before = translation.get_language()
        seen = caller_in(place, language).call(look)

        assert seen[:4] == (place.schema_name, f"Alice {place.subdomain}", place.subdomain, language)
        assert in_public_schema()
        assert translation.get_language() == before


def test_what_a_verb_takes_and_returns_goes_through(hospital):
    caller = caller_in(hospital, "en", "x")

    assert caller.call(need, "x") == "x"
    assert caller.call(need, "x", twice=True) == "xx"


def test_a_refusal_comes_out_and_the_hospital_is_left(hospital):
    with pytest.raises(NotAllowed):
        caller_in(hospital).call(need, "x")
    assert in_public_schema()


def test_a_hundred_tasks_of_two_hospitals_each_read_their_own(both_hospitals):
    languages = ("th", "en")
    callers = [caller_in(both_hospitals[n % 2], languages[n // 2 % 2]) for n in range(100)]

    async def everybody():
        return await asyncio.gather(*(caller.run(look) for caller in callers))

    wrong = [
        (caller.hospital.subdomain, seen)
        for caller, seen in zip(callers, asyncio.run(everybody()), strict=True)
        if seen[:4]
        != (
            caller.hospital.schema_name,
            f"Alice {caller.hospital.subdomain}",
            caller.hospital.subdomain,
            caller.language,
        )
    ]
    assert wrong == []


def test_a_task_that_awaits_between_its_calls_stays_in_its_hospital(both_hospitals):
    async def wander(caller):
        names = set()
        for _ in range(10):
            names.add((await caller.run(look))[1])
            await asyncio.sleep(0)
        return names

    async def everybody():
        return await asyncio.gather(*(wander(caller_in(both_hospitals[n % 2])) for n in range(10)))

    assert asyncio.run(everybody()) == [{"Alice ploy"}, {"Alice rama"}] * 5


def test_a_call_leaves_its_thread_in_no_hospital_and_without_a_connection(both_hospitals):
    def left_behind():
        return threading.get_ident(), connection.schema_name, connection.connection is None

    async def call_and_look():
        # One thread alone, so that each call and each look meet in it.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        for turn in range(4):
            thread = (await caller_in(both_hospitals[turn % 2]).run(look))[4]
            seen = await sync_to_async(left_behind, thread_sensitive=False)()
            assert seen == (thread, "public", True)

    asyncio.run(call_and_look())


def test_a_refusal_leaves_the_thread_in_no_hospital_too(both_hospitals):
    async def fail_and_look():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        with pytest.raises(NotAllowed):
            await caller_in(both_hospitals[0]).run(need, "x")
        return await sync_to_async(in_public_schema, thread_sensitive=False)()

    assert asyncio.run(fail_and_look())


def test_a_task_that_is_cancelled_leaves_the_others_where_they_are(both_hospitals):
    async def everybody():
        doomed = asyncio.create_task(caller_in(both_hospitals[0]).run(look))
        await asyncio.sleep(0)
        doomed.cancel()
        others = await asyncio.gather(*(caller_in(both_hospitals[1]).run(look) for _ in range(10)))
        return {seen[:2] for seen in others}

    assert asyncio.run(everybody()) == {("h_rama", "Alice rama")}


def test_a_caller_knows_the_hospital_itself(hospital):
    assert caller_in(hospital).call(lambda _: current_hospital()) == hospital
