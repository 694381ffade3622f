import pytest
from rest_framework import serializers

from apikeys.policies import POLICIES
from bookings.serializers.fields import PatientText, WireText
from core.actor import Door
from core.errors import InvalidInput
from credentials.callers import credential_of_key
from events.models import Event
from mcp_integration import invoking
from mcp_integration.invoking import CALLED, invoke, usual_groups, visible_tools
from mcp_integration.toolbox.tool import ADD, DESTROY, READ, Group, Place, Tool
from tenants.context import current_hospital, current_schema, inside, outside
from tests.conftest import make_limited_key
from tests.support.tools import Tools

TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "obey")


class EchoSerializer(serializers.Serializer):
    """Words."""

    words = WireText(max_length=20, help_text="What to say.")
    kind = serializers.ChoiceField(choices=["a", "b"], required=False, help_text="Of which kind.")


class EchoedSerializer(serializers.Serializer):
    """The words again."""

    words = PatientText(help_text="What was said.")
    where = serializers.CharField()


def tool(name="echo", *, run=None, **changes):
    fields = {
        "name": name, "title": "Echo", "description": "Says it again.", "group": Group.BOOKING,
        "hints": READ, "needs": ("catalogue.read",), "takes": EchoSerializer, "gives": EchoedSerializer,
        "run": run or (lambda call: {"words": call.data["words"], "where": current_hospital().subdomain}),
        "says": lambda _result: "Said.", "example": {"words": "hello"},
    }  # fmt: skip
    return Tool(**fields | changes)


@pytest.fixture
def serve(monkeypatch):
    """Serves some tools in place of ours."""

    def serve(*tools):
        monkeypatch.setattr(invoking, "ALL_TOOLS", tools)
        monkeypatch.setattr(invoking, "_BY_NAME", {one.name: one for one in tools})

    return serve


def test_a_tool_is_called_inside_the_hospital_of_the_credential(serve, tools_by_key):
    serve(tool())

    assert tools_by_key("read:bookings").call("echo", words="hello") == {
        "untrusted_words": "hello",
        "where": "ploy",
    }


def test_what_nobody_sees_does_not_reach_the_model(serve, tools_by_key):
    serve(tool())

    answer = tools_by_key("read:bookings").call("echo", words=f"สวัสดี\u202e{TAGS}\u200b x")

    assert answer["untrusted_words"] == "สวัสดี x"


def test_a_tool_that_there_is_not_is_not_found(serve, tools_by_key):
    serve(tool())

    error = tools_by_key("read:bookings").refused("ehco", words="hello")

    assert (error["code"], error["reason"]) == ("RESOURCE_NOT_FOUND", "tool_not_found")


def test_a_tool_of_a_group_that_is_not_served_is_not_found(serve, tools_by_key):
    serve(tool())
    caller = tools_by_key("read:bookings")

    outcome = invoke(caller.credential, "echo", {"words": "hello"}, groups={"healthcare"})

    assert outcome.error["reason"] == "tool_not_found"
    assert visible_tools(caller.credential, {"healthcare"}) == []


def test_a_tool_beyond_the_scopes_is_neither_shown_nor_called(serve, tools_by_key):
    serve(tool(needs=("records.read",)))
    caller = tools_by_key("read:bookings")

    error = caller.refused("echo", words="hello")

    assert visible_tools(caller.credential) == []
    assert (error["code"], error["details"]) == (
        "PERMISSION_DENIED",
        {"scopes": ["read:records", "write:records"]},
    )


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ({}, {"words"}),
        ({"words": 5}, {"words"}),
        ({"words": "x" * 21}, {"words"}),
        ({"words": "x", "wrods": "y"}, {"wrods"}),
        ({"words": "x", "kind": "+66812345678"}, {"kind"}),
        ({"words": "x", "subdomain": "ploy", "idempotency_key": "k"}, {"idempotency_key"}),
    ],
)
def test_wrong_parameters_are_named_and_never_repeated(serve, tools_by_key, arguments, fields):
    serve(tool())

    error = tools_by_key("read:bookings").refused("echo", **arguments)

    assert (error["code"], set(error["details"])) == ("VALIDATION_ERROR", fields)
    assert "+668" not in str(error)


def test_another_hospital_is_not_found(serve, tools_by_key, other_hospital):
    serve(tool())

    error = tools_by_key("read:bookings").refused("echo", words="x", subdomain=other_hospital.subdomain)

    assert (error["code"], error["reason"]) == ("RESOURCE_NOT_FOUND", "hospital_not_found")


def test_a_caller_of_the_platform_says_which_hospital(serve, tools_of_platform, other_hospital):
    serve(tool())
    caller = tools_of_platform("read:bookings")

    assert caller.call("echo", words="x", subdomain="rama")["where"] == "rama"
    assert set(caller.refused("echo", words="x")["details"]) == {"subdomain"}
    assert caller.refused("echo", words="x", subdomain="nobody")["reason"] == "hospital_not_found"


def test_a_tool_of_the_platform_runs_outside_of_every_hospital(serve, tools_of_platform, in_hospital):
    seen = []
    serve(tool(place=Place.PLATFORM, needs=("hospitals.read",), run=lambda _call: _see(seen)))

    tools_of_platform().call("echo", words="x")

    assert seen == ["public"]


def _see(seen):
    seen.append(current_schema())
    return {"words": "", "where": ""}


def test_the_same_idempotency_key_is_answered_again_and_done_once(serve, tools_by_key):
    done = []
    serve(tool(hints=ADD, run=lambda call: done.append(1) or {"words": call.data["words"], "where": ""}))
    caller = tools_by_key("read:bookings")

    first = caller.outcome("echo", words="x", idempotency_key="k1")
    again = caller.outcome("echo", words="x", idempotency_key="k1")
    other = caller.refused("echo", words="y", idempotency_key="k1")

    assert (done, again.result, first.replayed, again.replayed) == ([1], first.result, False, True)
    assert other["reason"] == "idempotency_key_reused"


def test_what_cannot_be_undone_waits_for_a_yes(serve, tools_by_key):
    done = []
    serve(
        tool(
            hints=DESTROY,
            confirm=lambda _call: f"Really {current_hospital().subdomain}?",
            run=lambda _call: done.append(1) or {"words": "", "where": ""},
        )
    )
    caller = tools_by_key("read:bookings")

    error = caller.refused("echo", words="x")
    assert (error["reason"], error["details"]["question"], done) == (
        "confirmation_required", "Really ploy?", [],
    )  # fmt: skip

    caller.call("echo", words="x", confirm=True)
    assert invoke(caller.credential, "echo", {"words": "x"}, confirmed=True).error is None
    assert done == [1, 1]


def test_a_yes_that_comes_later_may_carry_the_same_idempotency_key(serve, tools_by_key):
    serve(tool(hints=DESTROY, confirm=lambda _call: "Really?"))
    caller = tools_by_key("read:bookings")

    assert caller.refused("echo", words="x", idempotency_key="k")["reason"] == "confirmation_required"
    assert caller.call("echo", words="x", idempotency_key="k", confirm=True)


def test_what_goes_wrong_inside_is_told_without_a_word_of_it(serve, tools_by_key, caplog):
    name = "Alice".upper()

    def run(_call):
        raise ValueError(name)

    serve(tool(run=run))

    error = tools_by_key("read:bookings").refused("echo", words="x")

    assert (error["code"], error["retryable"]) == ("SERVER_ERROR", True)
    assert "ALICE" not in str(error) + caplog.text
    assert "ValueError" in caplog.text


def test_refusals_are_told_in_the_language_that_was_asked_for(serve, tools_by_key):
    def run(_call):
        raise InvalidInput(words="?")

    serve(tool(run=run))
    credential = tools_by_key("read:bookings").credential

    messages = {
        language: invoke(credential, "echo", {"words": "x"}, language=language).error["message"]
        for language in ("th", "en")
    }

    assert messages["en"] == "Some of the input is wrong."
    assert messages["th"] != messages["en"]


def test_every_call_is_in_the_audit_trail_without_its_arguments(serve, tools_by_key):
    serve(tool())
    caller = tools_by_key("read:bookings")

    caller.call("echo", words="Alice")
    caller.refused("echo", words=1)

    called = Event.objects.filter(type=CALLED).order_by("id")
    assert [(row.subject_id, row.door, row.data["outcome"]) for row in called] == [
        ("echo", "mcp", "ok"),
        ("echo", "mcp", "VALIDATION_ERROR"),
    ]
    assert "Alice" not in str([row.data for row in called])
    assert all(row.relayed_at is not None for row in called)


def test_a_call_of_the_platform_is_in_the_trail_of_the_hospital_it_was_for(
    serve, tools_of_platform, other_hospital
):
    serve(tool())

    tools_of_platform("read:bookings").call("echo", words="x", subdomain="rama")

    with inside(other_hospital):
        assert Event.objects.filter(type=CALLED).count() == 1
    with outside():
        assert not Event.objects.filter(type=CALLED).exists()


def test_calls_are_limited_by_credential(serve, in_hospital, settings):
    serve(tool())
    caller = Tools(credential_of_key(make_limited_key(in_hospital, "read:bookings"), Door.MCP))
    most = POLICIES["tools"].amount

    outcomes = [caller.outcome("echo", words="x") for _ in range(most + 1)]

    assert [outcome.error for outcome in outcomes[:-1]] == [None] * most
    assert outcomes[0].allowance.remaining == most - 1
    refused = outcomes[-1].error
    assert (refused["code"], refused["retryable"]) == ("RATE_LIMIT", True)
    assert 0 < refused["retry_after"] <= 60


def test_groups_are_those_in_which_a_caller_may_change_something(serve, tools_by_key):
    serve(
        tool("look"),
        tool("book", hints=ADD, needs=("appointments.book",)),
        tool("write", hints=ADD, needs=("records.write",), group=Group.HEALTHCARE),
    )

    assert usual_groups(tools_by_key("write:bookings").credential) == {"booking"}
    assert usual_groups(tools_by_key("write:records").credential) == {"healthcare"}
    assert usual_groups(tools_by_key("read:bookings").credential) == {"booking", "healthcare"}


def test_a_result_names_what_usually_comes_next_as_far_as_the_caller_may(serve, tools_by_key):
    serve(
        tool(suggests=("book", "write", "gone")),
        tool("book", hints=ADD, needs=("appointments.book",)),
        tool("write", hints=ADD, needs=("records.write",)),
    )

    assert tools_by_key("write:bookings", "read:bookings").outcome("echo", words="x").suggests == ("book",)
    assert tools_by_key("read:bookings").outcome("echo", words="x").suggests == ()
