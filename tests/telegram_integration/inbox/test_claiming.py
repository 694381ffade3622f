"""Of each chat one update at a time, in order, over any number of processes."""

from datetime import timedelta

import pytest
from django.db.models import F

from core import clock
from telegram_integration.inbox.claiming import LEASE, Outcomes, settle_and_claim
from telegram_integration.inbox.keeping import keep, keep_all
from telegram_integration.models import TelegramBot, TelegramUpdate
from tests.support.statements import counted
from tests.support.threads import together
from tests.telegram_integration.inbox.working import text


def claim(bot, most=10):
    return settle_and_claim(Outcomes(), bots=[bot.pk], most=most)


def finish(*claimed, error=""):
    settle_and_claim(Outcomes(done=[(one, error) for one in claimed]), bots=[], most=0)


def numbers(claimed):
    return sorted(one.update_id for one in claimed)


def test_the_lowest_of_each_chat_comes_and_the_next_when_it_is_done(platform_bot):
    keep_all(platform_bot, [text(2), text(1), text(3), text(4, chat=6)])

    first = claim(platform_bot)
    assert numbers(first) == [1, 4]
    assert claim(platform_bot) == []
    finish(*first)
    assert numbers(claim(platform_bot)) == [2]


def test_finishing_and_taking_the_next_is_one_statement(platform_bot):
    keep_all(platform_bot, [text(1), text(2)])
    [first] = claim(platform_bot)

    with counted() as statements:
        [second] = settle_and_claim(Outcomes(done=[(first, "")]), bots=[platform_bot.pk], most=1)

    assert (second.update_id, len(statements)) == (2, 1)


def test_what_is_done_keeps_its_number_and_loses_its_text(platform_bot):
    keep(platform_bot, text(1, said="a secret"))
    finish(*claim(platform_bot), error="Blocked")

    row = TelegramUpdate.objects.get()
    assert (row.payload, row.error, row.lease_until) == ({}, "Blocked", None)
    assert row.done_at is not None
    assert not keep(platform_bot, text(1, said="a secret"))
    assert claim(platform_bot) == []


def test_one_that_comes_late_waits_while_a_higher_one_of_its_chat_is_at_work(platform_bot):
    keep(platform_bot, text(6))
    first = claim(platform_bot)
    keep(platform_bot, text(5))

    assert claim(platform_bot) == []
    finish(*first)
    assert numbers(claim(platform_bot)) == [5]


def test_who_waits_longest_comes_first_and_a_flood_waits_behind_everybody(platform_bot):
    keep_all(platform_bot, [text(number, chat=1) for number in range(1, 50)])
    keep_all(platform_bot, [text(100, chat=2), text(101, chat=3)])

    seen = []
    while claimed := claim(platform_bot, most=1):
        seen.append(claimed[0].update_id)
        TelegramUpdate.objects.filter(update_id=2).update(received_at=clock.now() + timedelta(hours=1))
        finish(*claimed)

    assert seen[0] == 1
    assert {100, 101} <= set(seen[:3])
    assert [one for one in seen if one < 100] == list(range(1, 50))


def test_a_lease_that_ran_out_is_taken_over_and_the_first_owner_changes_nothing(platform_bot):
    keep(platform_bot, text(1))
    [lost] = claim(platform_bot)
    TelegramUpdate.objects.update(lease_until=F("lease_until") - LEASE)

    [taken] = claim(platform_bot)
    assert (taken.id, taken.attempts) == (lost.id, lost.attempts + 1)
    finish(lost)
    settle_and_claim(Outcomes(held=[(lost, 0.0, "Boom")]), bots=[], most=0)
    assert TelegramUpdate.objects.get().done_at is None
    assert claim(platform_bot) == []
    finish(taken)
    assert TelegramUpdate.objects.get().done_at is not None


@pytest.mark.parametrize(("seconds", "found"), [(60.0, 0), (0.0, 1)], ids=["paused", "given-back"])
def test_a_pause_holds_the_chat_for_as_long_as_it_says(platform_bot, seconds, found):
    keep_all(platform_bot, [text(1), text(2)])
    [one] = claim(platform_bot)
    settle_and_claim(Outcomes(held=[(one, seconds, "Boom")]), bots=[], most=0)

    assert TelegramUpdate.objects.get(pk=one.id).error == "Boom"
    assert len(claim(platform_bot)) == found


def test_bots_that_are_not_asked_for_keep_theirs(platform_bot):
    other = TelegramBot.objects.create(telegram_id=99, is_active=False)
    keep(other, text(1))

    assert claim(platform_bot) == []
    assert settle_and_claim(Outcomes(), bots=[], most=5) == []


def test_twenty_that_claim_at_once_never_get_two_of_a_chat(open_bot, both_hospitals):
    keep_all(open_bot, [text(chat * 100 + number, chat=chat) for chat in range(1, 9) for number in range(5)])

    found = together(both_hospitals[0], [lambda: claim(open_bot, most=3)] * 20)

    claimed = [one for some in found for one in some]
    assert sorted(one.update_id for one in claimed) == [chat * 100 for chat in range(1, 9)]
