"""What people do, as the bot hears of it; and what they see."""

from typing import Any

import httpx
import pytest

from tests.support.telegram import Sandbox, SandboxError, SandboxUser


def last(sandbox: Sandbox) -> dict[str, Any]:
    """The newest update, without its number."""
    update = dict(sandbox.call("getUpdates", offset=-1)["result"][0])
    del update["update_id"]
    return update


def message(sandbox: Sandbox) -> dict[str, Any]:
    return dict(last(sandbox)["message"])


def card(sandbox: Sandbox, alice: SandboxUser, text: str = "Hello", **button: Any) -> int:
    keyboard = {"inline_keyboard": [[{"text": "Book", "callback_data": "b", **button}]]}
    sent = sandbox.call("sendMessage", chat_id=alice.id, text=text, reply_markup=keyboard)
    return int(sent["result"]["message_id"])


def test_a_command_is_marked_as_one(sandbox: Sandbox, alice: SandboxUser):
    alice.types("/start h_ploy")
    heard = message(sandbox)
    assert heard["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert heard["from"] == {"id": 5001, "is_bot": False, "first_name": "Alice", "language_code": "en"}
    assert heard["chat"] == {"id": 5001, "type": "private", "first_name": "Alice"}


def test_a_person_can_have_another_name(sandbox: Sandbox, alice: SandboxUser):
    sandbox.user(alice.id, first_name="<b>Alice</b> 😀", last_name="Smith", username="alice")
    alice.types("hello")
    assert message(sandbox)["from"]["first_name"] == "<b>Alice</b> 😀"
    assert message(sandbox)["from"]["username"] == "alice"
    assert sandbox.user().id != alice.id


def test_the_own_contact_is_vouched_for(sandbox: Sandbox, alice: SandboxUser):
    alice.shares_contact()
    heard = message(sandbox)
    assert heard["contact"] == {"phone_number": "+66812345678", "first_name": "Alice", "user_id": 5001}
    # Some of Telegram's apps leave the plus away.
    sandbox.user(5002, phone="+66898765432").shares_contact()
    assert message(sandbox)["contact"]["phone_number"] == "66898765432"


def test_somebody_else_s_contact_is_not(sandbox: Sandbox, alice: SandboxUser):
    alice.shares_contact("+66800000000", own=False)
    assert "user_id" not in message(sandbox)["contact"]
    alice.shares_contact("+66800000000", own=False, user_id=77)
    assert message(sandbox)["contact"]["user_id"] == 77


def test_a_forwarded_contact_is_marked_as_such(sandbox: Sandbox, alice: SandboxUser):
    alice.shares_contact(forwarded=True)
    heard = message(sandbox)
    assert heard["forward_origin"]["type"] == "user"
    assert heard["contact"]["user_id"] == alice.id


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "location", "document", "video"])
def test_something_else_than_a_text(sandbox: Sandbox, alice: SandboxUser, kind: str):
    alice.sends(kind, caption="look")
    heard = message(sandbox)
    assert heard[kind]
    assert heard["caption"] == "look"
    assert "text" not in heard


def test_an_edit_is_another_update(sandbox: Sandbox, alice: SandboxUser):
    alice.types("tomorow").edits(alice.messages[-1]["message_id"], "tomorrow")
    assert last(sandbox)["edited_message"]["text"] == "tomorrow"
    assert last(sandbox)["edited_message"]["edit_date"]


def test_a_group_is_no_private_chat(sandbox: Sandbox, alice: SandboxUser):
    alice.types("/book", group=-1001)
    assert message(sandbox)["chat"]["type"] == "group"
    assert sandbox.call("sendMessage", chat_id=-1001, text="private chats only")["ok"]
    assert alice.cards == []


def test_a_tap_names_the_newest_card_that_has_the_button(sandbox: Sandbox, alice: SandboxUser):
    old, new = card(sandbox, alice), card(sandbox, alice, text="Again")
    alice.taps("Boo")
    assert last(sandbox)["callback_query"]["message"]["message_id"] == new
    alice.taps("Book", message_id=old)
    assert last(sandbox)["callback_query"]["message"]["message_id"] == old
    alice.taps(data="b")
    with pytest.raises(SandboxError, match="no button 'Cancel'"):
        alice.taps("Cancel")


def test_the_whole_label_comes_before_a_part_of_one(sandbox: Sandbox, alice: SandboxUser):
    row = [{"text": text, "callback_data": text} for text in ("10", "1")]
    sandbox.call("sendMessage", chat_id=alice.id, text="x", reply_markup={"inline_keyboard": [row]})
    alice.taps("1")
    assert last(sandbox)["callback_query"]["data"] == "1"


def test_a_changed_client_can_send_data_that_no_button_has(sandbox: Sandbox, alice: SandboxUser):
    card(sandbox, alice)
    with pytest.raises(SandboxError, match="no button"):
        alice.taps(data="forged")
    alice.taps(data="forged", forged=True)
    assert last(sandbox)["callback_query"]["data"] == "forged"


def test_a_button_with_an_address_says_nothing_to_the_bot(sandbox: Sandbox, alice: SandboxUser):
    keyboard = {"inline_keyboard": [[{"text": "Map", "url": "https://maps.example/"}]]}
    sandbox.call("sendMessage", chat_id=alice.id, text="x", reply_markup=keyboard)
    opened = sandbox.ask("POST", f"/users/{alice.id}/tap", label="Map")
    assert (opened["url"], opened["update_id"]) == ("https://maps.example/", 0)


def test_blocking_ends_everything_until_start_is_pressed(sandbox: Sandbox, alice: SandboxUser):
    alice.blocks()
    assert last(sandbox)["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    with pytest.raises(SandboxError, match="blocked"):
        alice.types("hello")
    alice.starts("h_ploy")
    assert message(sandbox)["text"] == "/start h_ploy"
    assert sandbox.call("sendMessage", chat_id=alice.id, text="welcome back")["ok"]


def test_a_deleted_chat_is_empty_and_its_cards_are_gone_for_the_bot_too(sandbox: Sandbox, alice: SandboxUser):
    gone = card(sandbox, alice)
    alice.deletes_the_chat()
    assert alice.messages == []
    refused = sandbox.call("editMessageText", chat_id=alice.id, message_id=gone, text="x")
    assert refused["description"] == "Bad Request: message to edit not found"


def test_message_ids_rise_with_gaps(sandbox: Sandbox, alice: SandboxUser):
    for number in range(20):
        alice.types(str(number))
    ids = [one["message_id"] for one in alice.messages]
    assert ids == sorted(set(ids))
    assert ids[-1] - ids[0] > 20


def test_only_what_changed_is_told_again(sandbox: Sandbox, alice: SandboxUser):
    first = card(sandbox, alice)
    card(sandbox, alice, text="Second")
    chat = f"/users/{alice.id}/chat"
    seen = sandbox.ask("GET", chat)
    sandbox.call("editMessageText", chat_id=alice.id, message_id=first, text="Changed")
    news = sandbox.ask("GET", chat, params={"after": seen["revision"], "wait": 5})
    assert [one["text"] for one in news["messages"]] == ["Changed"]
    assert news["revision"] > seen["revision"]
    assert sandbox.ask("GET", chat, params={"after": 10**6, "wait": 5})["revision"] == news["revision"]


def test_waiting_in_vain_says_what_there_is_instead(sandbox: Sandbox, alice: SandboxUser):
    card(sandbox, alice)
    with pytest.raises(SandboxError, match=r"'Goodbye' never came. In the chat is: Hello"):
        alice.wait_for("Goodbye", seconds=0.1)
    assert alice.wait_for("Hello").labels == ["Book"]


def test_two_bots_have_chats_of_their_own(sandbox: Sandbox, alice: SandboxUser):
    other = sandbox.ask("POST", "/bots", token="888:" + "y" * 35, username="rama_bot")
    sandbox.ask("POST", f"/users/{alice.id}/text", params={"bot": other["id"]}, text="hello Rama")
    there = sandbox.ask("GET", f"/users/{alice.id}/chat", params={"bot": other["id"]})
    assert [one["text"] for one in there["messages"]] == ["hello Rama"]
    assert there["bot"]["username"] == "rama_bot"
    assert [one["text"] for one in alice.messages] == ["/start"]


WRONG: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "nobody": ("POST", "/users/1/text", {"text": "x"}, 404),
    "nothing typed": ("POST", "/users/5001/text", {"text": " "}, 400),
    "no button": ("POST", "/users/5001/tap", {}, 400),
    "an unknown kind": ("POST", "/users/5001/media", {"kind": "smell"}, 400),
    "no phone": ("POST", "/users/5001/contact", {"own": False}, 400),
    "a message of nobody": ("POST", "/users/5001/edit", {"message_id": 1, "text": "x"}, 404),
    "a group with a positive id": ("POST", "/users/5001/text", {"text": "x", "group": 5}, 400),
    "no token": ("POST", "/bots", {"token": "x"}, 400),
    "an unknown bot": ("POST", "/users/5001/text?bot=1", {"text": "x"}, 404),
    "an unknown fault": ("POST", "/faults", {"kind": "earthquake"}, 400),
    "a fault with more": ("POST", "/faults", {"kind": "500", "colour": "red"}, 400),
    "a name that is a number": ("POST", "/users", {"first_name": 5}, 400),
    "an id that is none": ("POST", "/users", {"id": "x"}, 400),
    "a revision that is none": ("GET", "/users/5001/chat?after=x", {}, 400),
    "seconds that are none": ("GET", "/users/5001/chat?wait=x", {}, 400),
    "a file of nobody": ("GET", "/files/x", {}, 404),
}


@pytest.mark.parametrize(("verb", "path", "fields", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_people_cannot_do_is_said_in_a_sentence(
    sandbox: Sandbox, alice: SandboxUser, verb, path, fields, code
):
    answer = sandbox.http.request(verb, f"/simulate{path}", json=fields or None)
    assert answer.status_code == code
    assert answer.json()["error"].endswith(".")


def test_a_form_of_another_site_is_not_believed(sandbox: Sandbox, alice: SandboxUser):
    for content in ({"data": {"text": "x"}}, {"content": b"{}", "headers": {"Content-Type": "text/plain"}}):
        answer = httpx.post(f"{sandbox.url}/simulate/users/{alice.id}/text", **content)
        assert answer.status_code == 415
    assert httpx.post(f"{sandbox.url}/simulate/faults", content=b"[", headers=JSON).status_code == 400
    assert httpx.post(f"{sandbox.url}/simulate/faults", content=b"[]", headers=JSON).status_code == 400


JSON = {"Content-Type": "application/json"}


def test_the_page_is_served_beside_it(sandbox: Sandbox):
    page = sandbox.http.get("/")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert sandbox.http.get("/nothing.js").status_code == 404
