"""What Telegram refuses, in its words: a fake that takes everything would hide it until production."""

from typing import Any

import httpx
import pytest

from tests.support.telegram import TOKEN, Sandbox, SandboxUser


def inline(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def button(**more: Any) -> dict[str, Any]:
    return {"text": "Book", **more}


OK = button(callback_data="b")
TEXT = {
    "nothing": ({"text": ""}, "message text is empty"),
    "no text": ({}, "message text is empty"),
    "spaces": ({"text": " \n "}, "text must be non-empty"),
    "tags around nothing": ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
    "4097 characters": ({"text": "x" * 4097}, "message is too long"),
    "4097 characters in a tag": (
        {"text": f"<b>{'x' * 4097}</b>", "parse_mode": "HTML"},
        "message is too long",
    ),
    "2049 emoji": ({"text": "😀" * 2049}, "message is too long"),
    "a number": ({"text": 5}, 'field "text" must be of type String'),
    "an unknown mode": ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    "an open tag": (
        {"text": "<b>x", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "an unknown tag": (
        {"text": "ก<p>x</p>", "parse_mode": "HTML"},
        'can\'t parse entities: Unsupported start tag "p" at byte offset 3',
    ),
    "an angle bracket": (
        {"text": "1 < 2", "parse_mode": "HTML"},
        "can't parse entities: Unclosed start tag at byte offset 2",
    ),
    "crossed tags": (
        {"text": "<b><i>x</b></i>", "parse_mode": "HTML"},
        'can\'t parse entities: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    "an end without a start": (
        {"text": "x</b>", "parse_mode": "HTML"},
        "can't parse entities: Unexpected end tag at byte offset 1",
    ),
    "an end that does not end": (
        {"text": "<b>x</b", "parse_mode": "HTML"},
        "can't parse entities: Unclosed end tag at byte offset 4",
    ),
    "a span that is no spoiler": (
        {"text": "<span>x</span>", "parse_mode": "HTML"},
        'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0',
    ),
    "a time that is none": (
        {"text": '<tg-time unix="soon">x</tg-time>', "parse_mode": "HTML"},
        'can\'t parse entities: Invalid date-time "soon" specified',
    ),
    "entities by hand": (
        {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
        "the sandbox reads entities of HTML only",
    ),
    "a reply to nothing": (
        {"text": "x", "reply_parameters": {"message_id": 1}},
        "message to be replied not found",
    ),
    "a switch that is no switch": (
        {"text": "x", "protect_content": "perhaps"},
        'field "protect_content" must be of type Boolean',
    ),
}
WRONG = "can't parse inline keyboard button"
NO_ACTION = f"{WRONG}: Text buttons are unallowed in the inline keyboard"
KEYBOARDS = {
    "null": (None, "object expected as reply markup"),
    "a list": ([], "object expected as reply markup"),
    "no JSON": ("{", "can't parse reply_markup JSON object"),
    "something else": ({"buttons": []}, "can't parse reply keyboard markup JSON object"),
    "not a grid": (
        {"inline_keyboard": [OK]},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    "not a list": (
        {"inline_keyboard": OK},
        'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array',
    ),
    "101 buttons": ({"inline_keyboard": [[OK]] * 101}, "reply markup is too long"),
    "9 in a row": (inline(*[OK] * 9), "reply markup is too long"),
    "a button that is a text": (
        inline("Book"),
        "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
    ),
    "no text": (
        inline({"callback_data": "b"}),
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    "a text that is a number": (
        inline({"text": 1, "callback_data": "b"}),
        'can\'t parse inline keyboard button: Field "text" must be of type String',
    ),
    "an empty text": (
        inline({"text": " ", "callback_data": "b"}),
        "inline keyboard button text must be non-empty",
    ),
    "no action": (inline(button()), NO_ACTION),
    "empty data": (inline(button(callback_data="")), NO_ACTION),
    "two actions": (
        inline(button(callback_data="b", url="https://nadmor.example")),
        f"{WRONG}: exactly one of the optional fields must be used, not url and callback_data",
    ),
    "65 bytes of data": (inline(button(callback_data="x" * 65)), "BUTTON_DATA_INVALID"),
    "22 Thai letters of data": (inline(button(callback_data="ก" * 22)), "BUTTON_DATA_INVALID"),
    "data in the place of an address": (
        inline(button(url="book:1")),
        "inline keyboard button URL 'book:1' is invalid: Wrong HTTP URL",
    ),
    "an address of another kind": (
        inline(button(url="ftp://nadmor.example")),
        "inline keyboard button URL 'ftp://nadmor.example' is invalid: Unsupported URL protocol",
    ),
    "an address on this machine": (
        inline(button(url="http://localhost:8000/")),
        "inline keyboard button URL 'http://localhost:8000/' is invalid: Wrong HTTP URL",
    ),
    "a style that there is not": (
        inline(button(callback_data="b", style="green")),
        "can't parse inline keyboard button: Invalid button style specified",
    ),
    "a key without a text": (
        {"keyboard": [[{"request_contact": True}]]},
        'can\'t parse keyboard button: Field "text" must be of type String',
    ),
    "no keys": ({"keyboard": []}, "keyboard must be non-empty"),
}


@pytest.mark.parametrize(("fields", "description"), TEXT.values(), ids=TEXT.keys())
def test_a_text_that_telegram_would_not_take(sandbox: Sandbox, alice: SandboxUser, fields, description):
    refused = sandbox.call("sendMessage", chat_id=alice.id, **fields)
    assert refused == {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"}
    assert alice.cards == []


@pytest.mark.parametrize(("keyboard", "description"), KEYBOARDS.values(), ids=KEYBOARDS.keys())
def test_a_keyboard_that_telegram_would_not_take(sandbox: Sandbox, alice: SandboxUser, keyboard, description):
    refused = sandbox.call("sendMessage", chat_id=alice.id, text="x", reply_markup=keyboard)
    assert refused["description"] == f"Bad Request: {description}"


@pytest.mark.parametrize(
    ("body", "kind", "description"),
    [
        (b'{"text": "\\ud83d"}', "application/json", "strings must be encoded in UTF-8"),
        (b'{"text"', "application/json", "can't parse JSON object"),
        (b'["x"]', "application/json", "can't parse JSON object"),
        (b"<text>x</text>", "text/xml", "unsupported Content-Type"),
    ],
    ids=["half an emoji", "half an object", "no object", "XML"],
)
def test_a_body_that_telegram_would_not_take(sandbox: Sandbox, body: bytes, kind: str, description: str):
    answer = sandbox.http.post(f"/bot{TOKEN}/sendMessage", content=body, headers={"Content-Type": kind})
    assert answer.json()["description"] == f"Bad Request: {description}"


def test_what_is_just_within_the_limits_is_taken(sandbox: Sandbox, alice: SandboxUser):
    full = {"inline_keyboard": [[button(callback_data="x" * 64, style="success")] * 5] * 20}
    text = f"<b>{'x' * 4096}</b>"
    taken = sandbox.call("sendMessage", chat_id=alice.id, text=text, parse_mode="HTML", reply_markup=full)
    assert taken["ok"]
    assert len(alice.labels) == 100
    assert alice.card["text"] == "x" * 4096


WHOM = {
    "nobody": ({}, 400, "Bad Request: chat_id is empty"),
    "an unknown chat": ({"chat_id": 1}, 400, "Bad Request: chat not found"),
    "a name": ({"chat_id": "@alice"}, 400, "Bad Request: chat not found"),
    "no number": ({"chat_id": "alice"}, 400, 'Bad Request: field "chat_id" must be of type Number'),
    "somebody who never started the bot": (
        {"chat_id": 5002},
        403,
        "Forbidden: bot can't initiate conversation with a user",
    ),
    "somebody who blocked it": ({"chat_id": 5003}, 403, "Forbidden: bot was blocked by the user"),
}


@pytest.mark.parametrize(("whom", "code", "description"), WHOM.values(), ids=WHOM.keys())
@pytest.mark.parametrize(
    ("method", "fields"),
    [("sendMessage", {"text": "x"}), ("sendChatAction", {"action": "typing"})],
    ids=["a message", "an action"],
)
def test_somebody_whom_the_bot_may_not_write_to(sandbox: Sandbox, whom, code, description, method, fields):
    sandbox.user(5002)
    sandbox.user(5003).types("/start").blocks()
    refused = sandbox.call(method, **whom, **fields)
    assert (refused["error_code"], refused["description"]) == (code, description)


def test_who_lets_the_bot_write_again_is_written_to(sandbox: Sandbox, alice: SandboxUser):
    alice.blocks().unblocks()
    assert sandbox.call("sendMessage", chat_id=alice.id, text="welcome back")["ok"]


# ── editing ────────────────────────────────────────────────────────────────────
def sent(sandbox: Sandbox, alice: SandboxUser, **fields: Any) -> int:
    taken = sandbox.call("sendMessage", chat_id=alice.id, **{"text": "one", **fields})
    return int(taken["result"]["message_id"])


def test_the_same_again_is_no_edit(sandbox: Sandbox, alice: SandboxUser):
    card = sent(sandbox, alice, text="<b>one</b>", parse_mode="HTML", reply_markup=inline(OK))
    same = {"chat_id": alice.id, "message_id": card, "text": " <b>one</b>", "parse_mode": "HTML"}
    for keyboard, is_taken in ((inline(OK), False), (inline(button(callback_data="c")), True)):
        answer = sandbox.call("editMessageText", **same, reply_markup=keyboard)
        assert answer["ok"] is is_taken
        assert is_taken or answer["description"].startswith("Bad Request: message is not modified: ")
    assert sandbox.call("editMessageText", **{**same, "parse_mode": ""})["ok"] is True


def test_an_edit_without_a_keyboard_takes_the_keyboard_away(sandbox: Sandbox, alice: SandboxUser):
    card = sent(sandbox, alice, reply_markup=inline(OK))
    sandbox.call("editMessageText", chat_id=alice.id, message_id=card, text="two")
    assert alice.labels == []


EDITS = {
    "a message that is not there": ({"message_id": 10**6}, "message to edit not found"),
    "no message": ({}, "message identifier is not specified"),
    "not a number": ({"message_id": "x"}, 'field "message_id" must be of type Number'),
    "keys under the text field": ({"reply_markup": {"keyboard": [["a"]]}}, "inline keyboard expected"),
}


@pytest.mark.parametrize(("fields", "description"), EDITS.values(), ids=EDITS.keys())
def test_an_edit_of_what_cannot_be_edited(sandbox: Sandbox, alice: SandboxUser, fields, description):
    refused = sandbox.call("editMessageText", chat_id=alice.id, text="two", **fields)
    assert refused["description"] == f"Bad Request: {description}"


def test_what_a_person_wrote_and_what_is_deleted_is_not_edited(sandbox: Sandbox, alice: SandboxUser):
    theirs, card = alice.messages[0]["message_id"], sent(sandbox, alice)
    edit = {"chat_id": alice.id, "text": "two"}
    refused = sandbox.call("editMessageText", message_id=theirs, **edit)
    assert refused["description"] == "Bad Request: message can't be edited"
    assert sandbox.call("deleteMessage", chat_id=alice.id, message_id=card)["result"] is True
    refused = sandbox.call("editMessageText", message_id=card, **edit)
    assert refused["description"] == "Bad Request: message to edit not found"
    refused = sandbox.call("deleteMessage", chat_id=alice.id, message_id=card)
    assert refused["description"] == "Bad Request: message to delete not found"


def test_a_file_has_a_caption_and_a_text_has_none(sandbox: Sandbox, alice: SandboxUser):
    answer = sandbox.http.post(
        f"/bot{TOKEN}/sendDocument",
        data={"chat_id": alice.id, "caption": "your appointment"},
        files={"document": ("visit.ics", b"BEGIN:VCALENDAR", "text/calendar")},
    ).json()
    file, text = answer["result"]["message_id"], sent(sandbox, alice)
    refused = sandbox.call("editMessageText", chat_id=alice.id, message_id=file, text="two")
    assert refused["description"] == "Bad Request: there is no text in the message to edit"
    refused = sandbox.call("editMessageCaption", chat_id=alice.id, message_id=text, caption="two")
    assert refused["description"] == "Bad Request: there is no caption in the message to edit"
    assert sandbox.call("editMessageCaption", chat_id=alice.id, message_id=file, caption="two")["ok"]


@pytest.mark.parametrize(
    ("fields", "content", "description"),
    [
        ({}, b"", "file must be non-empty"),
        ({"caption": "x" * 1025}, b"x", "message caption is too long"),
        ({"document": "never-seen"}, None, "wrong file identifier/HTTP URL specified"),
        ({}, None, "there is no document in the request"),
    ],
    ids=["an empty file", "a long caption", "an unknown file", "no file"],
)
def test_a_file_that_telegram_would_not_take(
    sandbox: Sandbox, alice: SandboxUser, fields, content, description
):
    files = {"document": ("x.ics", content)} if content is not None else None
    answer = sandbox.http.post(f"/bot{TOKEN}/sendDocument", data={"chat_id": alice.id, **fields}, files=files)
    assert answer.json()["description"] == f"Bad Request: {description}"


# ── taps ───────────────────────────────────────────────────────────────────────
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def tapped(sandbox: Sandbox, alice: SandboxUser) -> str:
    sent(sandbox, alice, reply_markup=inline(OK))
    return str(sandbox.ask("POST", f"/users/{alice.id}/tap", label="Book")["callback_query_id"])


def test_a_tap_is_answered_once(sandbox: Sandbox, alice: SandboxUser):
    tap = tapped(sandbox, alice)
    long = sandbox.call("answerCallbackQuery", callback_query_id=tap, text="x" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"
    assert sandbox.counters()["callbacks_unanswered"] == 1
    assert sandbox.call("answerCallbackQuery", callback_query_id=tap, text="x" * 200)["result"] is True
    assert sandbox.call("answerCallbackQuery", callback_query_id=tap)["description"] == TOO_OLD
    assert sandbox.call("answerCallbackQuery", callback_query_id="7")["description"] == TOO_OLD
    assert alice.toast == "x" * 200


def test_a_tap_is_answered_soon_or_not_at_all(sandbox: Sandbox, alice: SandboxUser):
    sandbox.limit(callback_seconds=0)
    tap = tapped(sandbox, alice)
    assert sandbox.call("answerCallbackQuery", callback_query_id=tap)["description"] == TOO_OLD


# ── commands, names, addresses ─────────────────────────────────────────────────
def command(name: str = "book", description: str = "Book") -> dict[str, str]:
    return {"command": name, "description": description}


ABOUT = {
    "a capital": ("setMyCommands", {"commands": [command("Book")]}, "BOT_COMMAND_INVALID"),
    "33 letters": ("setMyCommands", {"commands": [command("x" * 33)]}, "BOT_COMMAND_INVALID"),
    "no description": (
        "setMyCommands",
        {"commands": [command(description="")]},
        "BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    "101 commands": ("setMyCommands", {"commands": [command()] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    "a language of three letters": (
        "setMyCommands",
        {"commands": [command()], "language_code": "tha"},
        "invalid language code specified",
    ),
    "a long description": ("setMyDescription", {"description": "x" * 513}, "description is too long"),
    "a long short one": (
        "setMyShortDescription",
        {"short_description": "x" * 121},
        "short description is too long",
    ),
    "plain HTTP": (
        "setWebhook",
        {"url": "http://nadmor.example/hook"},
        "bad webhook: An HTTPS URL must be provided for webhook",
    ),
    "another port": (
        "setWebhook",
        {"url": "https://nadmor.example:3000/hook"},
        "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    "a secret with a space": (
        "setWebhook",
        {"url": "https://nadmor.example/hook", "secret_token": "a b"},
        "secret token contains unallowed characters",
    ),
    "an update that there is not": (
        "setWebhook",
        {"url": "https://nadmor.example/hook", "allowed_updates": ["messages"]},
        "can't parse allowed_updates: unknown messages",
    ),
    "an unknown file": ("getFile", {"file_id": "x"}, "invalid file_id"),
    "an unknown action": ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
}


@pytest.mark.parametrize(("method", "fields", "description"), ABOUT.values(), ids=ABOUT.keys())
def test_settings_that_telegram_would_not_take(sandbox: Sandbox, method, fields, description):
    assert sandbox.call(method, **fields)["description"] == f"Bad Request: {description}"


# ── who is there at all ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("token", "method", "code", "description"),
    [
        ("nonsense", "getMe", 404, "Not Found"),
        ("123456:short", "getMe", 401, "Unauthorized"),
        (f"{TOKEN}x", "getMe", 401, "Unauthorized"),
        (TOKEN, "getEverything", 404, "Not Found: method not found"),
    ],
    ids=["no token", "a token of nobody", "somebody else's token", "no method"],
)
def test_what_leads_nowhere(sandbox: Sandbox, token, method, code, description):
    answer = sandbox.http.post(f"/bot{token}/{method}")
    assert (answer.status_code, answer.json()["description"]) == (code, description)


def test_a_revoked_token_is_good_for_nothing(sandbox: Sandbox):
    other = "777:" + "x" * 35
    assert sandbox.http.get(f"/bot{other}/getme").json()["result"]["id"] == 777
    sandbox.ask("POST", "/revoke", token=other)
    assert sandbox.http.get(f"/bot{other}/getMe").json()["error_code"] == 401
    assert sandbox.http.get(f"/file/bot{other}/documents/file_0.ics").status_code == 401


def test_another_name_for_this_machine_finds_nothing(sandbox: Sandbox):
    answer = httpx.get(f"{sandbox.url}/simulate/users", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_what_was_refused_can_be_read(sandbox: Sandbox):
    sandbox.call("sendMessage", chat_id=1, text="x")
    assert sandbox.refusals() == [
        {"method": "sendMessage", "chat_id": 1, "code": 400, "description": "Bad Request: chat not found"}
    ]
