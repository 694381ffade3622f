"""The chat as Chromium shows it, where there is one: what the bot sends is seen, what people do arrives."""

import json

import pytest

from launcher import browser
from tests.support.chromium import chromium
from tests.support.telegram import Sandbox


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with browser.browsing(chromium(), tmp_path_factory.mktemp("browser")) as page:
        yield page


@pytest.fixture
def jane(sandbox, page):
    """Somebody who has started the bot and looks at the chat."""
    person = sandbox.user(first_name="Jane", language_code="en", phone="+66812345678")
    sandbox.ask("POST", f"/users/{person.id}/start")
    page.open(f"{sandbox.url}/?chat={person.id}&lang=en", width=360, height=700, scale=1)
    page.wait_for("document.querySelector('.message')")
    return person


def test_what_the_bot_sends_is_shown_as_telegram_shows_it(sandbox, page, jane):
    sandbox.call(
        "sendMessage", chat_id=jane.id, parse_mode="HTML",
        text="<b>Hello <i>you</i></b> 🎉 &lt;img src=x onerror=alert(1)&gt; <a href='https://nadmor.example/'>there</a>",
    )  # fmt: skip
    page.wait_for("document.querySelectorAll('.message').length === 2")

    last = "[...document.querySelectorAll('.message .text')].at(-1)"
    assert page.value(f"{last}.textContent") == "Hello you 🎉 <img src=x onerror=alert(1)> there"
    assert page.value(f"{last}.querySelector('strong em').textContent") == "you"
    assert page.value(f"{last}.querySelector('a').rel") == "noopener noreferrer"
    assert page.value("document.querySelectorAll('.text img').length") == 0


def test_a_tapped_button_waits_for_its_answer_and_the_card_changes_in_place(sandbox, page, jane):
    sent = card(
        sandbox, jane, "Which day?", [[key("Mo", "a"), key("Tu", "b")], [key("Confirm", "c", "success")]]
    )
    page.wait_for("document.querySelector('.key')")

    page.value("[...document.querySelectorAll('.key')].at(-1).click()")
    query = updates(sandbox, page, jane)[-1]["callback_query"]
    assert query["data"] == "c"
    page.wait_for("document.querySelector('.key[aria-busy=true]')")
    sandbox.call("answerCallbackQuery", callback_query_id=query["id"], text="Done")
    sandbox.call("editMessageText", chat_id=jane.id, message_id=sent["message_id"], text="Booked")

    page.wait_for("document.querySelector('.toast')?.textContent === 'Done'")
    page.wait_for(
        f"document.querySelector('[data-id=\"{sent['message_id']}\"] .text').textContent === 'Booked'"
    )
    assert page.value("document.querySelectorAll('.key').length") == 0


def test_what_is_typed_arrives_once_and_is_there_after_a_reload(sandbox, page, jane):
    page.value("Object.assign(document.querySelector('textarea'), {value: 'สวัสดี <b>ครับ</b>'})")
    page.value("document.querySelector('.send').click()")

    assert updates(sandbox, page, jane)[-1]["message"]["text"] == "สวัสดี <b>ครับ</b>"
    page.open(f"{sandbox.url}/?chat={jane.id}&embed=1&lang=th", width=360, height=700, scale=1)
    page.wait_for("document.querySelectorAll('.message').length === 2")
    shown = page.value("[...document.querySelectorAll('.message .text')].map((one) => one.textContent)")
    assert shown == ["/start", "สวัสดี <b>ครับ</b>"]
    assert page.value("document.documentElement.lang") == "th"


def test_a_number_is_shared_only_after_a_question(sandbox, page, jane):
    keyboard = {"keyboard": [[{"text": "Share", "request_contact": True}]], "one_time_keyboard": True}
    sandbox.call("sendMessage", chat_id=jane.id, text="Your number?", reply_markup=keyboard)
    page.wait_for("document.querySelector('.reply-keyboard button')")

    page.value("document.querySelector('.reply-keyboard button').click()")
    page.wait_for("document.querySelector('dialog[open]')")
    assert "+66812345678" in page.value("document.querySelector('dialog').textContent")
    page.value("document.querySelector('dialog .filled').click()")

    contact = updates(sandbox, page, jane)[-1]["message"]["contact"]
    assert contact["user_id"] == jane.id
    page.wait_for("!document.querySelector('.reply-keyboard')")


def test_chats_that_were_left_hold_up_no_other(sandbox, page, jane):
    # A question for news stays open for 25 seconds, and a browser asks one server six of them at most.
    for number in range(8):
        person = sandbox.user(first_name=f"Somebody {number}", language_code="en")
        sandbox.ask("POST", f"/users/{person.id}/start")
        page.value(f"setTimeout(() => location.assign('?chat={person.id}'))")
        is_there = f"location.search.includes({person.id}) && document.querySelector('.message')"
        page.wait_for(is_there, seconds=12)

    assert page.value("document.querySelectorAll('.message').length") == 1


def test_a_chat_that_somebody_goes_back_to_goes_on(sandbox, page, jane):
    page.open(f"{sandbox.url}/?lang=en", width=360, height=700, scale=1)
    page.wait_for("document.querySelector('.empty')")
    page.value("setTimeout(() => history.back())")
    page.wait_for("document.querySelector('.message')")

    sandbox.call("sendMessage", chat_id=jane.id, text="There you are")

    page.wait_for("document.querySelectorAll('.message').length === 2", seconds=12)
    last = "[...document.querySelectorAll('.message .text')].at(-1)"
    assert page.value(f"{last}.textContent") == "There you are"


@pytest.mark.parametrize("width", [360, 1100])
def test_nothing_sticks_out(sandbox, page, jane, width):
    days = [[key(str(week * 7 + day), f"d{week}{day}") for day in range(7)] for week in range(5)]
    card(sandbox, jane, "ก" * 300, [*days, [key("นัดหมายของฉันทั้งหมดที่ยังไม่ถึงวัน", "x"), key("กลับ", "y")]])
    page.open(f"{sandbox.url}/?chat={jane.id}", width=width, height=700, scale=1)
    page.wait_for("document.querySelectorAll('.key').length === 37")

    assert page.value("document.documentElement.scrollWidth") == width
    assert page.value(
        "document.querySelector('.timeline').scrollWidth <= document.querySelector('.timeline').clientWidth"
    )


def key(text, data, style=""):
    return {"text": text, "callback_data": data, **({"style": style} if style else {})}


def card(sandbox, person, text, rows):
    markup = {"inline_keyboard": rows}
    answer = sandbox.call("sendMessage", chat_id=person.id, text=text, reply_markup=markup)
    assert answer["ok"], json.dumps(answer)
    return answer["result"]


def updates(sandbox, page, person):
    """What has reached the bot of that person, once something is there that was not before."""
    page.wait_for("!document.querySelector('.meta[data-state]')")
    found = []
    while not any(mine(update, person) and not is_start(update) for update in found):
        found = sandbox.call("getUpdates", timeout=5)["result"]
        assert found, "nothing reached the bot"
    if found:
        sandbox.call("getUpdates", offset=found[-1]["update_id"] + 1)
    return [update for update in found if mine(update, person)]


def mine(update, person):
    return (update.get("callback_query") or update.get("message", {})).get("from", {}).get("id") == person.id


def is_start(update):
    return update.get("message", {}).get("text", "").startswith("/start")
