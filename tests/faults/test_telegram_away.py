"""Telegram, Redis or the database go away under the bot: a friendly line or silence, and then all is well."""

import time

from tests.faults.patients import Patient, is_all_done, telegram
from tests.faults.platform import eventually
from tests.telegram_integration.journeys import steps

OUTAGE = 5  # seconds
LONGEST_WAY_BACK = 30  # seconds
FAILS = 10_000


def test_what_people_do_while_telegram_is_away_from_us_is_answered_when_it_is_back(platform, note):
    with telegram(platform) as sandbox:
        patient = Patient(platform, sandbox)
        steps.sees_summary(patient.registers())
        # In turns: it does not answer, and it answers what is no JSON.
        sandbox.fail_next(kind="reset", times=FAILS)
        steps.tap(patient.chat, "bc")
        time.sleep(OUTAGE / 2)
        sandbox.fair_weather()
        sandbox.fail_next(kind="502", times=FAILS)
        time.sleep(OUTAGE / 2)
        sandbox.fair_weather()
        began = time.monotonic()
        patient.chat.wait_for("Your appointment is booked", seconds=LONGEST_WAY_BACK)
        back = time.monotonic() - began

        assert eventually(lambda: is_all_done(platform), 20)[0]
        assert [status for _, status in patient.bookings()] == ["SCHEDULED"]
        assert platform.bot.is_running()
        note(f"Telegram away from the bot for {OUTAGE} s", tries=1, back_after=back)


def test_without_redis_buttons_work_and_who_types_is_told_to_try_again(platform, note):
    with telegram(platform) as sandbox:
        patient, stranger = (Patient(platform, sandbox) for _ in range(2))
        patient.registers()
        steps.gives_name(steps.greets(stranger.chat), stranger.person.name)
        platform.redis.kill()
        began = time.monotonic()
        steps.sees_summary(patient.chat)
        steps.confirms(patient.chat)
        slowest = time.monotonic() - began
        stranger.chat.shares_contact().wait_for("try again in a minute")
        platform.redis.start()
        began = time.monotonic()
        # Redis came back empty: what was being typed is asked anew.
        steps.gives_name(stranger.chat.types("/start").wait_for("Welcome"), stranger.person.name)
        registered = steps.shares_number(stranger.chat)
        back = time.monotonic() - began

        steps.sees_summary(registered)
        steps.confirms(registered)
        assert [status for _, status in patient.bookings() + stranger.bookings()] == ["SCHEDULED"] * 2
        note(
            "Redis killed and emptied while people use the bot", tries=1, slowest=slowest, back_after=back,
            besides="five taps in the time of the slowest; who typed was told to try again",
        )  # fmt: skip


def test_what_people_do_while_the_database_is_away_is_answered_when_it_is_back(platform, note):
    with telegram(platform) as sandbox:
        patient = Patient(platform, sandbox)
        steps.sees_summary(patient.registers())
        platform.postgres.kill()
        steps.tap(patient.chat, "bc")
        time.sleep(OUTAGE)
        platform.postgres.start()
        began = time.monotonic()
        patient.chat.wait_for("Your appointment is booked", seconds=LONGEST_WAY_BACK)
        back = time.monotonic() - began

        assert eventually(lambda: is_all_done(platform), 20)[0]
        assert [status for _, status in patient.bookings()] == ["SCHEDULED"]
        assert platform.bot.is_running()
        note(f"PostgreSQL killed under the bot, and away for {OUTAGE} s", tries=1, back_after=back)
