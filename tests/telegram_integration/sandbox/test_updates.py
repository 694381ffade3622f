"""getUpdates: offsets, patience, kinds, and who else is asking."""

import threading
import time
from typing import Any

import pytest

from tests.support.telegram import Sandbox, SandboxUser

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


def updates(sandbox: Sandbox, **fields: Any) -> list[dict[str, Any]]:
    answer = sandbox.call("getUpdates", **fields)
    assert answer["ok"], answer
    return answer["result"]


def ids(sandbox: Sandbox, **fields: Any) -> list[int]:
    return [one["update_id"] for one in updates(sandbox, **fields)]


class Asking(threading.Thread):
    """A poller that asks once."""

    def __init__(self, sandbox: Sandbox, **fields: Any) -> None:
        super().__init__()
        self.sandbox, self.fields, self.answer = sandbox, fields, {}
        self.start()
        until = time.monotonic() + 20
        while not sandbox.bot()["is_polling"] and time.monotonic() < until:
            time.sleep(0.01)

    def run(self) -> None:
        self.answer = self.sandbox.call("getUpdates", **self.fields)

    def ended(self) -> dict[str, Any]:
        self.join(20)
        assert not self.is_alive()
        return self.answer


def test_updates_come_in_order_and_again_until_they_are_confirmed(sandbox: Sandbox, alice: SandboxUser):
    for text in ("one", "two", "three"):
        alice.types(text)
    first = ids(sandbox)
    assert first == list(range(first[0], first[0] + 4))
    assert ids(sandbox) == first
    assert ids(sandbox, offset=first[1], limit=2) == first[1:3]
    assert ids(sandbox) == first[1:]
    assert ids(sandbox, offset=first[-1] + 1) == []
    assert sandbox.counters()["delivered_twice"] > 0


def test_a_negative_offset_keeps_the_last_and_forgets_the_rest(sandbox: Sandbox, alice: SandboxUser):
    alice.types("one").types("two")
    all_of_them = ids(sandbox)
    assert ids(sandbox, offset=-1) == all_of_them[-1:]
    assert ids(sandbox) == all_of_them[-1:]


def test_a_long_poll_ends_when_something_comes(sandbox: Sandbox):
    bob = sandbox.user(5002)
    asking = Asking(sandbox, timeout=20)
    bob.types("hello")
    [update] = asking.ended()["result"]
    assert update["message"]["text"] == "hello"


def test_a_long_poll_ends_when_its_time_is_over(sandbox: Sandbox):
    began = time.monotonic()
    assert updates(sandbox, timeout=1) == []
    assert time.monotonic() - began >= 1


def test_the_second_poller_ends_the_first(sandbox: Sandbox):
    first = Asking(sandbox, timeout=20)
    assert updates(sandbox) == []
    assert first.ended()["error_code"] == 409
    assert first.ended()["description"] == OTHER


def test_a_webhook_ends_polling_and_keeps_it_away(sandbox: Sandbox, alice: SandboxUser):
    updates(sandbox, offset=-1)
    [waiting] = ids(sandbox)
    asking = Asking(sandbox, timeout=20, offset=waiting + 1)
    sandbox.call("setWebhook", url="https://nadmor.example/hook")
    assert (asking.ended()["error_code"], asking.ended()["description"]) == (409, WEBHOOK)
    # What it asked with is not looked at any more: nothing gets lost.
    alice.types("hello")
    assert sandbox.call("getUpdates", offset=10**12)["description"] == WEBHOOK
    sandbox.call("deleteWebhook")
    assert len(ids(sandbox)) == 1


def test_only_what_is_asked_for_comes_and_stays_asked_for(sandbox: Sandbox, alice: SandboxUser):
    assert updates(sandbox, offset=-1, allowed_updates=["my_chat_member"])[0]["message"]
    alice.types("not heard").blocks()
    kinds = [set(one) - {"update_id"} for one in updates(sandbox)]
    assert kinds == [{"message"}, {"my_chat_member"}]
    assert updates(sandbox)[1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"


def test_a_restarted_telegram_numbers_updates_anew(sandbox: Sandbox, alice: SandboxUser):
    [before] = ids(sandbox)
    with Sandbox() as other:
        other.user(1).types("hello")
        assert ids(other) != [before]


@pytest.mark.parametrize("fields", [{"offset": "x"}, {"limit": True}, {"allowed_updates": "message"}])
def test_arguments_of_the_wrong_type_are_refused(sandbox: Sandbox, fields: dict[str, Any]):
    assert sandbox.call("getUpdates", **fields)["error_code"] == 400
