"""One booking from beginning to end, by each way in: the results are the same."""

import re

import pytest

from core.actor import Door
from credentials.callers import credential_of_key
from mcp_integration.invoking import invoke
from tests.mcp_integration.gateway.asking import DAY
from tests.mcp_integration.gateway.serving import Gateway
from tests.mcp_integration.gateway.talking import talking
from tests.support.catalogue import coming_day

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# What is new each time, whatever the way.
NEW = {"created_at", "updated_at", "expires_at"}


@pytest.fixture(params=["plain HTTP", "a batch", "a socket"])
def call(request, port, key):
    """Calls a tool by that way and returns the result."""
    gateway = Gateway(port, key)
    if request.param == "plain HTTP":
        yield gateway.result
    elif request.param == "a batch":

        def batch(tool, **params):
            [answer] = gateway.post("/api/mcp/batch", {"requests": [{"tool": tool, "params": params}]}).json()
            return answer["result"]

        yield batch
    else:
        with talking(port, key) as talk:
            yield talk.result


def whole_booking(call):
    """What each step gives, without what is new each time."""
    day, reference = coming_day(DAY).isoformat(), ""
    gave = [call("get_event_types"), call("check_availability", event_type_id=1, date=day)]
    gave.append(call("hold_slot", event_type_id=1, date=day, time="09:30"))
    hold_id = gave[-1]["hold_id"]
    gave.append(
        call(
            "create_booking", event_type_id=1, date=day, time="09:30", guest_name="Malee Srisuk",
            guest_phone="0898765432", notes="Window seat", hold_id=hold_id,
        )
    )  # fmt: skip
    reference = find_reference(gave[-1])
    gave.append(call("search_appointments", booking_reference=reference))
    gave.append(call("reschedule_booking", booking_reference=reference, new_date=day, new_time="14:00"))
    gave.append(call("cancel_booking", booking_reference=reference, reason="Travelling", confirm=True))
    return [without_news(one, reference) for one in gave]


def find_reference(answer):
    found = re.search(r"'reference': '([^']+)'", str(answer))
    assert found, answer
    return found[1]


def without_news(value, reference):
    if isinstance(value, dict):
        return {key: without_news(one, reference) for key, one in value.items() if key not in NEW}
    if isinstance(value, list):
        return [without_news(one, reference) for one in value]
    return UUID.sub("an id", value).replace(reference, "a reference") if isinstance(value, str) else value


def test_a_whole_booking_gives_the_same_as_by_the_toolbox(key, visit, call):
    credential = credential_of_key(key, Door.MCP)

    def by_the_toolbox(tool, **params):
        outcome = invoke(credential, tool, params, language="en")
        assert outcome.error is None, outcome.error
        return outcome.result

    assert whole_booking(call) == whole_booking(by_the_toolbox)
