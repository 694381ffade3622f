"""What patients do on their way, by the buttons that they see."""

import re
from typing import Any

from tests.support.telegram import Sandbox, SandboxUser

REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def somebody(sandbox: Sandbox, number: int, name: str = "Malee") -> SandboxUser:
    """A person with a phone whose last digits are the number, who has met no bot yet."""
    phone = f"+668{number:08}"
    return sandbox.user(5_000_000 + number, first_name=name, last_name="Srisuk", phone=phone)


def greets(person: SandboxUser) -> SandboxUser:
    """Starts, and asks for English."""
    return person.types("/start").wait_for().taps("English").wait_for("Welcome")


def gives_name(person: SandboxUser, name: str) -> SandboxUser:
    """Answers the question who they are."""
    return person.types(name).wait_for("Now your mobile number")


def registers_by_contact(person: SandboxUser, name: str = "Malee Srisuk") -> SandboxUser:
    """From nothing to the main menu, by the number that Telegram vouches for."""
    return shares_number(gives_name(greets(person), name))


def shares_number(person: SandboxUser) -> SandboxUser:
    """Answers the question for the number."""
    return person.shares_contact().wait_for("You are registered").wait_for("What would you like to do?")


def tap(person: SandboxUser, action: str, which: int = 0) -> SandboxUser:
    """Tap a button of the newest card that has one of that action: the first, or the one in that place."""
    card, some = buttons(person, action)
    return person.taps(data=some[which]["data"], message_id=card["message_id"])


def buttons(person: SandboxUser, action: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The newest card that has buttons of an action, and these."""
    for card in reversed(person.cards):
        found = [one for row in card["buttons"] or () for one in row if is_of(one, action)]
        if found:
            return card, found
    raise AssertionError(f"no button {action!r} in {[card['text'] for card in person.cards]}")


def is_of(button: dict[str, Any], action: str) -> bool:
    """Whether a button is of an action."""
    return str(button["data"] or "").startswith(f"{action}.")


def sees_summary(person: SandboxUser, *, day: int = -1, time: int = 0) -> SandboxUser:
    """From the main menu to "is this right?"; `day` and `time` count among those that can be chosen."""
    card = tap(person, "b").wait_for().card
    # Where there is one service, nobody is asked which.
    if any(is_of(button, "bs") for row in card["buttons"] for button in row):
        tap(person, "bs").wait_for("Choose a day")
    tap(person, "bd", day).wait_for("Choose a time")
    return tap(person, "bt", time).wait_for("Is this right?")


def confirms(person: SandboxUser) -> str:
    """Confirms what is summarised; the reference on the ticket."""
    return reference_in(tap(person, "bc").wait_for("Your appointment is booked"))


def reference_in(person: SandboxUser) -> str:
    """The reference on the newest card that has one."""
    for card in reversed(person.cards):
        if found := REFERENCE.search(card["text"]):
            return found[0]
    raise AssertionError("no reference")


def looks_up(person: SandboxUser, reference: str) -> SandboxUser:
    """Their appointments, and the details of the only one."""
    person.types("/myappointments").wait_for("Your coming appointments")
    return tap(person, "ad").wait_for(reference)


def moves(person: SandboxUser, *, day: int = -2) -> SandboxUser:
    """From the details to another day."""
    tap(person, "am").wait_for("Choose a day")
    tap(person, "amd", day).wait_for("Choose a time")
    tap(person, "amt").wait_for("Move your appointment?")
    return tap(person, "amc").wait_for("Your appointment is moved")


def cancels(person: SandboxUser, why: str) -> SandboxUser:
    """From the ticket to nothing, with a reason."""
    tap(person, "ac").wait_for("Cancel this appointment?")
    tap(person, "acy").wait_for("Would you like to say why?")
    return person.types(why).wait_for("Your appointment is cancelled")


def whole_journey(person: SandboxUser) -> str:
    """A stranger registers, books, gets a file, looks up, moves and cancels; the reference."""
    registers_by_contact(person)
    sees_summary(person)
    reference = confirms(person)
    file = person.content_of(person.wait_for_document())
    assert file.startswith(b"BEGIN:VCALENDAR")
    assert reference.encode() in file
    moves(looks_up(person, reference))
    cancels(looks_up(person, reference), "Not needed any more")
    return reference
