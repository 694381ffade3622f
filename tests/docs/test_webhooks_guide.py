"""The guide to webhooks does what it says: its requests, and its ways to verify a signature."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.contract import operations
from tests.conftest import make_api_key
from tests.docs.guides import ROOT, blocks, steps
from tests.docs.test_commands import assert_same_shape
from tests.docs.typist import Typist, json_of
from webhooks import backoff
from webhooks.actions import MOST_WEBHOOKS
from webhooks.client import EXCERPT_BYTES, MOST_BYTES
from webhooks.events import EVERYTHING, PUBLIC_EVENTS
from webhooks.health import Condition
from webhooks.models import State, Why
from webhooks.signature import new_secret, sign

GUIDE = ROOT / "docs/webhooks.md"
TEXT = GUIDE.read_text()
BODY = b'{"id": "msg_1", "event": "booking.created"}'


def test_every_request_is_answered_as_the_guide_says(hospital):
    typist = Typist(make_api_key(hospital, "manage:webhooks"), hospital.subdomain)

    for step in steps(GUIDE):
        answer = typist.type(step)
        if answer is None:
            continue
        assert answer.status_code == step.status, f"{step.command}\n{answer.content.decode()}"
        if step.answer is not None:
            assert_same_shape(step.answer, json_of(answer), at=step.command)


def test_the_guide_lists_every_operation():
    listed = set(re.findall(r"^\| ([A-Z]+) \[`(/[^`]*)`\]", TEXT, re.MULTILINE))

    assert listed == {
        (method.upper(), path.removeprefix("/api/v1/webhooks"))
        for path, method, _said in operations()
        if path.startswith("/api/v1/webhooks")
    }


@pytest.fixture(scope="module")
def code() -> dict:
    """What the Python of the guide defines."""
    defined: dict = {}
    for block in blocks(TEXT, "python"):
        exec(block[2], defined)  # noqa: S102  -- the guide is ours
    return defined


def headers(*secrets: str, ago: timedelta = timedelta(0)) -> dict[str, str]:
    return sign(secrets, message_id="msg_1", sent_at=datetime.now(UTC) - ago, body=BODY)


def test_the_receiver_of_the_guide_takes_a_message_once_and_refuses_a_forged_one(code):
    secret, known = new_secret(), set()

    assert code["receive"](secret, headers(secret), BODY, known) == 204
    assert code["receive"](secret, headers(secret), BODY, known) == 200
    assert code["receive"](secret, headers(new_secret()), BODY, known) == 400
    assert code["receive"](secret, headers(secret), BODY + b" ", known) == 400
    assert code["receive"](secret, {**headers(secret), "webhook-signature": "garbage"}, BODY, known) == 400
    assert code["receive"](secret, headers(secret, ago=timedelta(minutes=6)), BODY, known) == 400


def test_verifying_without_a_library_comes_to_the_same(code):
    old, new = new_secret(), new_secret()

    assert code["is_genuine"](old, headers(new, old), BODY)
    assert code["is_genuine"](new, headers(new, old), BODY)
    assert not code["is_genuine"](old, headers(new), BODY)
    assert not code["is_genuine"](new, headers(new), BODY + b" ")
    assert not code["is_genuine"](new, headers(new, ago=timedelta(minutes=6)), BODY)


def test_the_guide_names_every_event_state_condition_and_error():
    assert set(re.findall(r"^\| `([\w.*]+)` \| [a-z]", TEXT, re.MULTILINE)) >= {*PUBLIC_EVENTS, EVERYTHING}
    for name in (*State, *Condition, *Why):
        assert re.search(rf"\b{name}\b", TEXT), name
    told = set(re.findall(r"`(\w+)`", TEXT.partition("| `error` |")[2].partition("```")[0]))
    source = (ROOT / "webhooks/network.py").read_text() + (ROOT / "webhooks/client.py").read_text()
    assert told >= set(re.findall(r'name = "(\w+)"', source)) | {"refused_url", "redirect"}


def test_the_figures_of_the_guide_are_those_of_the_code(settings):
    hours = [pause / timedelta(hours=1) for pause in backoff.SCHEDULE]

    assert hours == [0, 5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    assert (MOST_WEBHOOKS, MOST_BYTES, EXCERPT_BYTES, settings.WEBHOOK_SECONDS) == (20, 64 * 1024, 512, 15)
    assert backoff.JITTER == 0.2


def test_the_message_of_the_guide_is_one_as_it_is_sent(hospital):
    from django.db import transaction  # noqa: PLC0415

    from tenants.context import inside  # noqa: PLC0415
    from tests.support.webhooks import happen  # noqa: PLC0415
    from webhooks.events import message, payload_of  # noqa: PLC0415

    shown = json.loads(next(one[2] for one in blocks(TEXT, "json") if '"sequence"' in one[2]))
    with inside(hospital), transaction.atomic():
        event = happen()
        event.refresh_from_db()
        sent = json.loads(message("0b8f1c22-63a4-4f6e-8f34-8f4f1f6a2f10", payload_of(event, hospital)))

    assert_same_shape(shown, sent, at="message")
