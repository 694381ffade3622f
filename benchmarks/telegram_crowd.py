"""Many people at once, or one after the other."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from benchmarks.telegram_people import CONTACT_BUTTON, GaveUp, Person, Waits, Wire
from benchmarks.telegram_place import Telegram
from benchmarks.telegram_steps import WAY

# Telegram's own limit is 30 messages a second of a bot; who registers gets up to three.
_REGISTER_PAUSE = 0.12
_MOST_TIMES = 5
# Numbers in the chat, and the ends of phones: of a crowd, and of those who come one by one.
FIRST, FIRST_ALONE = 800_000_000, 830_000_000


@dataclass
class Outcome:
    """What became of a crowd: its waits, and how many got a ticket, lost a slot to another, saw nothing."""

    waits: Waits = field(default_factory=Waits)
    booked: int = 0
    went: int = 0
    silent: int = 0
    seconds: float = 0.0
    # The first lines of the cards that those saw who did not get their slot.
    told: Counter[str] = field(default_factory=Counter)


Act = Callable[[Person, Outcome], Awaitable[None]]


class Crowd:
    """So many people with phones of their own, in chats with one bot."""

    def __init__(self, place: Telegram, bot: int, count: int, *, first: int) -> None:
        self._place, self._bot, self.pause = place, bot, 0.0
        self._numbers = range(FIRST + first, FIRST + first + count)
        self.people: list[Person] = []

    async def greet(self, stack: AsyncExitStack) -> None:
        """Join, and write /start."""
        for number in self._numbers:
            wire = await stack.enter_async_context(Wire(self._place.port))
            person = Person(wire, number, bot=self._bot, pause=0.0)
            await person.join()
            await person.does("start", "text", {"text": "/start"})
            self.people.append(person)
            await asyncio.sleep(_REGISTER_PAUSE)

    async def register(self, stack: AsyncExitStack) -> None:
        """Greet, and share the contact: at a pace that Telegram's limits allow."""
        await self.greet(stack)
        for person in self.people:
            await share_contact(person)
            await asyncio.sleep(_REGISTER_PAUSE)

    async def book(self, pause: float) -> Outcome:
        """Everybody books at the same time, with such a pause between their taps (seconds, in the mean)."""
        self.pause = pause
        return await self._all(book)

    async def tap_about(self, times: int) -> Outcome:
        """Everybody taps a button of the bot without a domain."""

        async def tap(person: Person, _outcome: Outcome) -> None:
            for _ in range(times):
                await person.taps("tap", "again")

        return await self._all(tap)

    async def _all(self, act: Act) -> Outcome:
        outcome, begun = Outcome(), time.perf_counter()
        for person in self.people:
            person.waits, person.pause = Waits(), self.pause
        await asyncio.gather(*(_kept(act, person, outcome) for person in self.people))
        outcome.seconds = time.perf_counter() - begun
        for person in self.people:
            outcome.waits.add(person.waits)
        return outcome


async def _kept(act: Act, person: Person, outcome: Outcome) -> None:
    try:
        await act(person, outcome)
    except GaveUp:
        outcome.silent += 1


async def share_contact(person: Person) -> None:
    """Register by the phone that Telegram vouches for."""
    await person.taps("name → phone", "r", see=(CONTACT_BUTTON,))
    await person.does("contact shared → menu", "contact", {}, see=("b",))


async def book(person: Person, outcome: Outcome) -> None:
    """From the main menu to the ticket; whoever is told that the slot went chooses another."""
    steps = {action: step for step, action in WAY}
    if not person.has("b"):
        # What they booked before.
        await person.taps("ticket → menu", "m", see=("b",))
    await person.taps(steps["b"], "b", see=("bs",))
    await person.taps(steps["bs"], "bs", see=("bd",))
    await person.taps(steps["bd"], "bd", see=("bt",))
    for _ in range(_MOST_TIMES):
        await person.taps(steps["bt"], "bt", see=("bc", "bt"))
        if person.has("bc"):
            await person.taps(steps["bc"], "bc")
        if person.reference:
            outcome.booked += 1
            return
        outcome.went += 1
        outcome.told[person.line] += 1
    raise GaveUp("bc")


async def after_one_another(place: Telegram, bot: int, people: int, *, bare: bool = False) -> Waits:
    """Some people come one by one, and do everything."""
    waits, outcome = Waits(), Outcome()
    for number in range(people):
        async with Wire(place.port) as wire:
            person = Person(wire, FIRST_ALONE + number, bot=bot)
            await person.join()
            await person.does("start", "text", {"text": "/start"})
            if bare:
                for _ in range(len(WAY)):
                    await person.taps("tap", "again")
            else:
                await share_contact(person)
                await book(person, outcome)
            waits.add(person.waits)
    if not bare and outcome.booked < people:
        raise RuntimeError(f"{outcome.booked} of {people} people booked, one by one.")
    return waits
