"""Patients in the make-believe Telegram of the platform, and the processes of the bot that answer them."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.canaries import Person
from tests.faults.daemons import Program
from tests.faults.platform import BOT_TOKEN, Platform, eventually
from tests.support.telegram import Sandbox, SandboxUser
from tests.telegram_integration.journeys import steps

# Beyond the numbers of those who book by REST.
_people = map(Person, itertools.count(9500))
_PATIENCE = 60  # seconds

_BOOKED = """
SELECT a.reference, a.status FROM bookings_appointment a JOIN bookings_patient p ON p.id = a.patient_id
WHERE p.phone_number = %s AND a.status <> 'HELD'
"""
_UPDATES = "SELECT count(*), count(done_at), max(attempts) FROM public.telegram_updates"


@contextmanager
def telegram(platform: Platform) -> Iterator[Sandbox]:
    """The make-believe Telegram that the platform has started."""
    sandbox = Sandbox(token=BOT_TOKEN)
    sandbox.url = f"http://127.0.0.1:{platform.telegram_port}"
    sandbox._start = lambda: None
    with sandbox:
        polls, _ = eventually(lambda: sandbox.bot()["is_polling"], _PATIENCE)
        assert polls, platform.logs().get("bot.log", b"")[-2000:]
        # Nobody is as fast as a test.
        sandbox.limit(per_chat=0)
        yield sandbox
        sandbox.fair_weather()


class Patient:
    """Somebody marked, who has registered at Ploy and looks at the summary of a booking."""

    def __init__(self, platform: Platform, sandbox: Sandbox) -> None:
        self._platform, self.person = platform, next(_people)
        number = self.person.number
        self.chat: SandboxUser = sandbox.user(
            7_000_000 + number, first_name="Somebody", phone=self.person.phone
        )

    def registers(self) -> SandboxUser:
        """From nothing to the main menu."""
        return steps.registers_by_contact(self.chat, self.person.name)

    def bookings(self) -> list[tuple[str, str]]:
        """Reference and status of all that they have booked."""
        return self._platform.sql(_BOOKED, self.person.phone, schema=self._platform.ploy.schema)


@contextmanager
def two_workers(platform: Platform) -> Iterator[list[Program]]:
    """Two processes that work off what the webhook takes, in the place of the one that polls."""
    platform.bot.stop()
    platform.run("manage.py", "telegram_webhook", "--set")
    command = ["python", "manage.py", "runtelegrambot", "--webhook"]
    workers = [_worker(platform, f"bot-{number}", command) for number in (1, 2)]
    try:
        for worker in workers:
            worker.start()
        yield workers
    finally:
        for worker in workers:
            worker.kill()
        platform.run("manage.py", "telegram_webhook", "--delete")
        platform.bot.start()


def _worker(platform: Platform, name: str, command: list[str]) -> Program:
    worker = Program(name, command, platform.environment, platform.journal)
    lives = itertools.count(1)

    def launched() -> "object":
        life = next(lives)
        process = Program.launch(worker)
        eventually(lambda: worker.log.read_bytes().count(b"ready:") >= life, _PATIENCE)
        return process

    worker.launch = launched  # type: ignore[method-assign, assignment]  # the same, but ready
    return worker


def is_all_done(platform: Platform) -> bool:
    """Whether every update that is known was answered."""
    count, done, _ = platform.sql(_UPDATES)[0]
    return bool(count == done)
