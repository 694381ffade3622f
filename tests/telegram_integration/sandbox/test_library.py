"""The library that the bot is made with, over real HTTP: the methods that we use, the errors that we know."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.support.telegram import TOKEN, Sandbox, SandboxUser

Talk = Callable[[Callable[[Bot], Awaitable[Any]]], Any]
BOOK = InlineKeyboardButton("Book", callback_data="b", style="success")


def test_the_bot_says_who_it_is(talk: Talk):
    async def says(bot: Bot) -> Any:
        return await bot.get_me()

    me = talk(says)
    assert me.is_bot
    assert me.id == int(TOKEN.partition(":")[0])


def test_a_card_is_sent_changed_and_read_as_telegram_tells_it(talk: Talk, alice: SandboxUser):
    async def says(bot: Bot) -> Any:
        card = await bot.send_message(
            alice.id,
            "<b>😀 Hello</b> Alice &amp; <i>Bob</i>",
            parse_mode="HTML",
            protect_content=True,
            disable_notification=True,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=InlineKeyboardMarkup([[BOOK]]),
            reply_parameters=ReplyParameters(alice.messages[0]["message_id"]),
        )
        edited = await bot.edit_message_text("Bye", alice.id, card.message_id)
        return card, edited

    card, edited = talk(says)
    assert card.text == "😀 Hello Alice & Bob"
    assert card.text_html == "<b>😀 Hello</b> Alice &amp; <i>Bob</i>"
    assert [(one.offset, one.length) for one in card.entities] == [(0, 8), (17, 3)]
    assert card.reply_markup.inline_keyboard[0][0].style == "success"
    assert card.has_protected_content
    assert card.reply_to_message.text == "/start"
    assert card.from_user.is_bot
    assert (card.chat.id, card.chat.first_name) == (alice.id, "Alice")
    assert abs(card.date.timestamp() - time.time()) < 60
    assert (edited.message_id, edited.text, edited.reply_markup) == (card.message_id, "Bye", None)
    shown = alice.card
    assert (shown["is_protected"], shown["is_silent"]) == (True, True)
    assert shown["edit_date"]


def test_a_keyboard_is_changed_and_a_message_deleted(talk: Talk, alice: SandboxUser):
    async def says(bot: Bot) -> Any:
        card = await bot.send_message(alice.id, "Hello")
        await bot.edit_message_reply_markup(
            alice.id, card.message_id, reply_markup=InlineKeyboardMarkup([[BOOK]])
        )
        labels = alice.labels
        await bot.edit_message_reply_markup(alice.id, card.message_id)
        return labels, alice.labels, await bot.delete_message(alice.id, card.message_id)

    assert talk(says) == (["Book"], [], True)
    assert alice.cards == []


def test_keys_ask_for_the_number_and_go_away_again(talk: Talk, alice: SandboxUser):
    ask = ReplyKeyboardMarkup(
        [[KeyboardButton("Share", request_contact=True)]], resize_keyboard=True, one_time_keyboard=True
    )

    async def asks(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Your number?", reply_markup=ask)

    async def thanks(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Thanks", reply_markup=ReplyKeyboardRemove())

    # Only keys under a message are part of it.
    assert talk(asks).reply_markup is None
    assert alice.keyboard["rows"] == [[{"text": "Share", "request_contact": True, "style": ""}]]
    talk(thanks)
    assert alice.keyboard is None


def test_a_file_comes_with_its_name_and_can_be_fetched(talk: Talk, alice: SandboxUser):
    async def says(bot: Bot) -> Any:
        message = await bot.send_document(
            alice.id, b"BEGIN:VCALENDAR", filename="นัด.ics", caption="<b>15</b>", parse_mode="HTML"
        )
        file = await bot.get_file(message.document.file_id)
        again = await bot.send_document(alice.id, message.document.file_id)
        return message, bytes(await file.download_as_bytearray()), again

    message, content, again = talk(says)
    assert (message.document.file_name, message.document.file_size) == ("นัด.ics", 15)
    assert message.document.mime_type == "text/calendar"
    assert (message.caption, message.caption_html) == ("15", "<b>15</b>")
    assert content == b"BEGIN:VCALENDAR"
    assert again.document.file_id == message.document.file_id
    assert alice.content_of(alice.documents[0]) == b"BEGIN:VCALENDAR"


def test_an_action_is_seen_until_the_answer_comes(talk: Talk, alice: SandboxUser):
    async def says(bot: Bot) -> Any:
        await bot.send_chat_action(alice.id, "typing")
        alice.messages  # noqa: B018  -- reads the state
        seen = alice._state["action"]
        await bot.send_message(alice.id, "Here")
        return seen

    assert talk(says) == "typing"
    alice.messages  # noqa: B018  -- as above
    assert alice._state["action"] == ""


def test_a_tap_is_told_and_answered(talk: Talk, sandbox: Sandbox, alice: SandboxUser):
    async def says(bot: Bot) -> Any:
        first = await bot.get_updates()
        await bot.send_message(alice.id, "Hello", reply_markup=InlineKeyboardMarkup([[BOOK]]))
        alice.taps("Book")
        [update] = await bot.get_updates(offset=first[-1].update_id + 1)
        await update.callback_query.answer("Done", show_alert=True)
        await update.callback_query.edit_message_text("Booked")
        return update

    query = talk(says).callback_query
    assert (query.data, query.from_user.id, query.message.chat_id) == ("b", alice.id, alice.id)
    assert query.chat_instance
    assert query.message.reply_markup.inline_keyboard[0][0].callback_data == "b"
    assert alice.answers[-1]["text"] == "Done"
    assert alice.answers[-1]["show_alert"] is True
    assert alice.card["text"] == "Booked"
    assert sandbox.counters()["callbacks_unanswered"] == 0
    assert len(sandbox.latencies()["first"]) == 2


def test_commands_and_descriptions_are_by_language(talk: Talk, alice: SandboxUser):
    scope = BotCommandScopeAllPrivateChats()

    async def says(bot: Bot) -> Any:
        await bot.set_my_commands([BotCommand("book", "จองนัด")])
        await bot.set_my_commands([BotCommand("book", "Book")], scope=scope, language_code="en")
        await bot.set_my_description("สวัสดี")
        await bot.set_my_description("Hello", language_code="en")
        await bot.set_my_short_description("Hi", language_code="en")
        await bot.set_my_name("NadMor")
        return (
            [one.description for one in await bot.get_my_commands()],
            [one.description for one in await bot.get_my_commands(scope=scope, language_code="en")],
            (await bot.get_my_description()).description,
            (await bot.get_my_description("en")).description,
            (await bot.get_my_short_description("en")).short_description,
            (await bot.get_my_name()).name,
        )

    assert talk(says) == (["จองนัด"], ["Book"], "สวัสดี", "Hello", "Hi", "NadMor")
    alice.messages  # noqa: B018  -- reads the state
    assert alice._state["commands"] == [{"command": "book", "description": "Book"}]
    assert alice._state["description"] == "Hello"


def test_a_chat_and_the_menu_can_be_asked_for(talk: Talk, alice: SandboxUser):
    async def says(bot: Bot) -> Any:
        await bot.set_chat_menu_button()
        return await bot.get_chat(alice.id), await bot.get_chat_menu_button()

    chat, button = talk(says)
    assert (chat.first_name, chat.type, button.type) == ("Alice", "private", "default")


def test_a_webhook_is_set_told_and_taken_away(talk: Talk):
    async def says(bot: Bot) -> Any:
        await bot.set_webhook(
            "https://nadmor.example/telegram/webhook",
            secret_token="a-secret_1",
            allowed_updates=["message", "callback_query"],
            max_connections=7,
        )
        told = await bot.get_webhook_info()
        await bot.delete_webhook(drop_pending_updates=True)
        return told, await bot.get_webhook_info()

    told, after = talk(says)
    assert (told.url, told.max_connections) == ("https://nadmor.example/telegram/webhook", 7)
    assert set(told.allowed_updates) == {"message", "callback_query"}
    assert (after.url, after.pending_update_count) == ("", 0)


# ── errors, as the library tells them apart ────────────────────────────────────
def raised(talk: Talk, says: Callable[[Bot], Awaitable[Any]]) -> TelegramError:
    with pytest.raises(TelegramError) as error:
        talk(says)
    return error.value


FAULTS = {
    "429": ("429", RetryAfter),
    "500": ("500", NetworkError),
    "502 without JSON": ("502", NetworkError),
    "401": ("401", InvalidToken),
    "403": ("403", Forbidden),
    "the connection is cut": ("reset", NetworkError),
    "the answer is lost": ("lost", NetworkError),
}


@pytest.mark.parametrize(("kind", "error"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_the_error_that_the_bot_expects_and_passes(
    talk: Talk, sandbox: Sandbox, alice: SandboxUser, kind: str, error: type[TelegramError]
):
    sandbox.fail_next("sendMessage", kind, retry_after=7)

    async def says(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Hello")

    failed = raised(talk, says)
    assert type(failed) is error
    if isinstance(failed, RetryAfter):
        assert failed.retry_after.total_seconds() == 7
    # What was lost was done all the same: nobody knows but Alice.
    assert len(alice.cards) == (kind == "lost")
    talk(says)
    assert len(alice.cards) == 1 + (kind == "lost")


def test_silence_is_a_timeout(talk: Talk, sandbox: Sandbox, alice: SandboxUser):
    sandbox.fail_next("sendMessage", "timeout", chat_id=alice.id)

    async def says(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Hello", read_timeout=0.2)

    assert type(raised(talk, says)) is TimedOut
    assert alice.cards == []


def test_a_slow_answer_is_an_answer(talk: Talk, sandbox: Sandbox, alice: SandboxUser):
    sandbox.fail_next("sendMessage", "slow", seconds=0.3)

    async def says(bot: Bot) -> Any:
        began = time.monotonic()
        await bot.send_message(alice.id, "Hello")
        return time.monotonic() - began

    assert talk(says) >= 0.3


def test_a_fault_of_one_method_or_chat_is_none_of_others(talk: Talk, sandbox: Sandbox, alice: SandboxUser):
    sandbox.fail_next("sendDocument", "500")
    sandbox.fail_next("", "500", chat_id=99)

    async def says(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Hello")

    talk(says)
    assert len(sandbox.ask("GET", "/faults")["faults"]) == 2
    sandbox.fair_weather()
    assert sandbox.ask("GET", "/faults")["faults"] == []


WRONG = {
    "no chat": (lambda bot: bot.send_message(1, "x"), BadRequest, "Chat not found"),
    "no message": (
        lambda bot: bot.edit_message_text("x", 5001, 10**6),
        BadRequest,
        "Message to edit not found",
    ),
    "no tap": (lambda bot: bot.answer_callback_query("1"), BadRequest, "Query is too old and response"),
    "two ways of getting updates": (
        lambda bot: bot.get_updates(),
        Conflict,
        "Conflict: can't use getUpdates method while webhook is active",
    ),
    "no method": (
        lambda bot: bot.do_api_request("sendTelepathy", {}),
        TelegramError,
        "Endpoint 'sendTelepathy' not found in Bot API",
    ),
}


@pytest.mark.parametrize(("says", "error", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_refusal_is_the_error_that_the_bot_expects(
    talk: Talk, sandbox: Sandbox, alice: SandboxUser, says, error, words
):
    if error is Conflict:
        sandbox.call("setWebhook", url="https://nadmor.example/hook")
    failed = raised(talk, says)
    assert isinstance(failed, error)
    assert str(failed).startswith(words)


def test_a_wrong_token_is_told_at_the_start(sandbox: Sandbox):
    async def begin() -> None:
        async with Bot("999999:wrong", base_url=f"{sandbox.url}/bot"):
            raise AssertionError

    with pytest.raises(InvalidToken):
        asyncio.run(begin())


# ── traps: what the library lets through ───────────────────────────────────────
def test_data_given_as_the_second_argument_is_an_address_and_is_seen(talk: Talk, alice: SandboxUser):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Book", "book:1")]])

    async def says(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Hello", reply_markup=keyboard)

    # The library writes refusals in lower case.
    assert "wrong http url" in str(raised(talk, says))


def test_long_data_is_seen(talk: Talk, alice: SandboxUser):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Book", callback_data="x" * 65)]])

    async def says(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Hello", reply_markup=keyboard)

    assert str(raised(talk, says)).casefold() == "button_data_invalid"


def test_a_disabled_button_is_taken_and_cannot_be_tapped(talk: Talk, alice: SandboxUser):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Full", api_kwargs={"disabled": {}})]])

    async def says(bot: Bot) -> Any:
        return await bot.send_message(alice.id, "Hello", reply_markup=keyboard)

    talk(says)
    assert alice.card["buttons"][0][0]["kind"] == "disabled"
    with pytest.raises(AssertionError, match="disabled"):
        alice.taps("Full")
