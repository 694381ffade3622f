"""kill -9 of the bot's processes: the journey goes on, nothing is lost, nothing is done twice."""

import time

from tests.faults.patients import Patient, is_all_done, telegram, two_workers
from tests.faults.platform import eventually
from tests.telegram_integration.journeys import steps

# A lease is over after 15 seconds; a busy machine is slow.
LONGEST_TAKEOVER = 40
TAKEOVERS = 2
ATTEMPTS = "SELECT count(*) FILTER (WHERE attempts > 1) FROM public.telegram_updates"


def test_a_journey_goes_on_while_one_of_two_workers_is_killed_between_taps(platform, note):
    slowest, kills = 0.0, 0
    with telegram(platform) as sandbox, two_workers(platform) as workers:
        patient = Patient(platform, sandbox)
        patient.registers()
        for number, step in enumerate((
            steps.sees_summary, steps.confirms,
            lambda chat: steps.looks_up(chat, steps.reference_in(chat)),
            steps.moves, lambda chat: steps.cancels(chat, "Enough"),
        )):  # fmt: skip
            dead = workers[number % 2]
            dead.kill()
            kills += 1
            began = time.monotonic()
            step(patient.chat)
            slowest = max(slowest, time.monotonic() - began)
            dead.start()
        done, _ = eventually(lambda: is_all_done(platform), 20)

        assert done
        assert [status for _, status in patient.bookings()] == ["CANCELLED"]
        note(
            "one of two bot processes killed between two taps, by webhook", tries=kills, slowest=slowest,
            besides="the slowest of five parts of a journey, of one to four taps each",
        )  # fmt: skip


def test_what_a_worker_had_in_hand_when_it_was_killed_is_answered_once_by_the_other(platform, note):
    longest = 0.0
    with telegram(platform) as sandbox, two_workers(platform) as (one, other):
        for _ in range(TAKEOVERS):
            patient = Patient(platform, sandbox)
            steps.sees_summary(patient.registers())
            # A frozen process must have nothing in hand: the tap would have to wait for it.
            assert eventually(lambda: is_all_done(platform), 20)[0]
            before = platform.sql(ATTEMPTS)[0][0]
            other.freeze()
            sandbox.fail_next("editMessageText", "timeout", seconds=30)
            asked = len(sandbox.calls("editMessageText"))
            steps.tap(patient.chat, "bc")
            # It has booked, and waits for Telegram's answer.
            caught, _ = eventually(lambda: len(sandbox.calls("editMessageText")) > asked, 20)  # noqa: B023  -- now
            assert caught
            assert len(patient.bookings()) == 1
            one.kill()
            began = time.monotonic()
            other.thaw()
            patient.chat.wait_for("Your appointment is booked", seconds=LONGEST_TAKEOVER)
            longest = max(longest, time.monotonic() - began)
            one.start()

            assert eventually(lambda: is_all_done(platform), 20)[0]
            assert platform.sql(ATTEMPTS)[0][0] == before + 1
            assert [status for _, status in patient.bookings()] == ["SCHEDULED"]
            assert len([card for card in patient.chat.cards if "appointment is booked" in card["text"]]) == 1
            assert len(patient.chat.documents) == 1
    note(
        "bot process killed after it booked, before the person saw it", tries=TAKEOVERS, back_after=longest,
        besides="the other process showed the ticket of the one booking",
    )  # fmt: skip
