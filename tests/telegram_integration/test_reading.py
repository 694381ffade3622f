"""Updates as Telegram, or anybody, may write them."""

import pytest

from telegram_integration.reading import read

PERSON = {"id": 7, "is_bot": False, "first_name": "Malee", "last_name": "Srisuk", "username": "malee"}
PRIVATE = {"id": 7, "type": "private"}


def message(**content):
    return {"update_id": 1, "message": {"message_id": 3, "chat": PRIVATE, "from": PERSON, **content}}


def test_a_text_is_read_with_its_sender():
    incoming = read(message(text=" hello \n"))

    assert (incoming.text, incoming.command, incoming.is_other) == ("hello", "", False)
    assert (incoming.sender.telegram_id, incoming.sender.username) == (7, "malee")
    assert (incoming.sender.first_name, incoming.sender.last_name) == ("Malee", "Srisuk")
    assert incoming.is_private


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/start", "start", ""),
        ("/start ploy", "start", "ploy"),
        ("/Start@nadmor_bot  ploy ", "start", "ploy"),
        ("/book\neyes and\nears", "book", "eyes and\nears"),
    ],
)
def test_a_command_is_read_with_what_follows_it(text, command, rest):
    incoming = read(message(text=text))

    assert (incoming.command, incoming.text) == (command, rest)


@pytest.mark.parametrize("text", ["/", "/ start", "//start", "/สวัสดี", "see /start", f"/{'a' * 33}"])
def test_what_only_looks_like_a_command_is_a_text(text):
    incoming = read(message(text=text))

    assert (incoming.command, incoming.text) == ("", text)


def test_a_text_is_cut_and_cleaned_of_what_no_database_takes():
    assert len(read(message(text="ก" * 1_000_000)).text) == 4096
    assert read(message(text="a\x00b\x1b\ud800c\td")).text == "abc\td"


def test_a_tap_is_read_with_its_card():
    query = {"id": "9", "from": PERSON, "data": "m.1.x", "message": {"message_id": 3, "chat": PRIVATE}}
    incoming = read({"update_id": 1, "callback_query": query})

    assert (incoming.callback_id, incoming.data, incoming.message_id) == ("9", "m.1.x", 3)


@pytest.mark.parametrize("status", ["kicked", "member"])
def test_shutting_the_bot_out_and_letting_it_in_is_read(status):
    changed = {"chat": PRIVATE, "from": PERSON, "new_chat_member": {"status": status}}

    assert read({"update_id": 1, "my_chat_member": changed}).has_blocked is (status == "kicked")


@pytest.mark.parametrize("content", ["photo", "sticker", "voice", "document", "location", "something_new"])
def test_whatever_else_is_sent_is_something_else(content):
    assert read(message(**{content: {"file_id": "A"}})).is_other


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"update_id": 1},
        {"update_id": 1, "edited_message": {"chat": PRIVATE, "from": PERSON, "text": "x"}},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": []},
        {"update_id": 1, "message": {"chat": PRIVATE, "text": "no sender"}},
        {"update_id": 1, "message": {"chat": {"id": "7"}, "from": {"id": True}, "text": "x"}},
        {"update_id": 1, "message": {"chat": PRIVATE, "from": PERSON | {"is_bot": True}, "text": "x"}},
        {
            "update_id": 1,
            "callback_query": {"id": "9", "from": PERSON, "inline_message_id": "z", "data": "x"},
        },
        {"update_id": 1, "poll": {"id": "1"}},
        message(pinned_message={"message_id": 1}),
    ],
    ids=range(11),
)
def test_what_is_not_for_us_is_left_alone(payload):
    assert read(payload) is None


@pytest.mark.parametrize(
    ("contact", "is_own"),
    [
        ({"phone_number": "66891112222", "user_id": 7}, True),
        ({"phone_number": "+66891112222", "user_id": 7}, True),
        ({"phone_number": "66891112222", "user_id": 8}, False),
        ({"phone_number": "66891112222", "user_id": "7"}, False),
        ({"phone_number": "66891112222"}, False),
        ({"phone_number": "88812345678", "user_id": 7}, False),
        ({"phone_number": "+88812345678", "user_id": 7}, False),
        ({"phone_number": "1234567", "user_id": 7}, False),
        ({"phone_number": "+1234567890123456", "user_id": 7}, False),
        ({"phone_number": "+66 89 111 2222", "user_id": 7}, False),
        ({"phone_number": "๖๖๘๙๑๑๑๒๒๒๒", "user_id": 7}, False),
        ({"phone_number": "66891112222\n", "user_id": 7}, False),
        ({"phone_number": 66891112222, "user_id": 7}, False),
        ({"user_id": 7}, False),
    ],
    ids=range(14),
)
def test_a_contact_is_the_senders_own_where_telegram_says_so(contact, is_own):
    assert read(message(contact=contact)).contact.is_own is is_own


def test_a_contact_in_a_group_proves_nothing():
    group = {"id": -5, "type": "group"}
    payload = message(contact={"phone_number": "66891112222", "user_id": 7}, chat=group)

    assert read(payload).contact.is_own is False
