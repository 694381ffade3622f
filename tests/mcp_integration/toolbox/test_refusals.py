import json

import pytest
from django.db import OperationalError
from rest_framework import serializers

from bookings.errors import IllegalStatus, SlotRefused, TryAgain
from bookings.queries.availability import OfferedSlot
from bookings.rules.policy import Refusal
from bookings.rules.statuses import Status
from core.errors import Busy, NotFound
from mcp_integration.toolbox.refusals import refusal_of

SLOT = OfferedSlot(1_800_000_000, 1_800_001_800, "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11", "Dr Bob", 1, "UTC")


class ItemSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=["a"])
    number = serializers.IntegerField()


class OrderSerializer(serializers.Serializer):
    items = ItemSerializer(many=True)


def test_a_refusal_says_what_else_can_be_had():
    told = refusal_of(SlotRefused(Refusal.SLOT_TAKEN, [SLOT]))

    assert (told["code"], told["reason"], told["retryable"]) == ("CONFLICT", "slot_taken", False)
    assert [slot["provider"]["name"] for slot in told["alternatives"]] == ["Dr Bob"]
    assert "check_availability" in told["next"]
    json.dumps(told)


@pytest.mark.parametrize(
    ("error", "code", "retryable"),
    [
        (TryAgain(), "CONFLICT", True),
        (Busy(), "SERVER_ERROR", True),
        (NotFound(), "RESOURCE_NOT_FOUND", False),
        (OperationalError("row (+66812345678)"), "SERVER_ERROR", True),
        (RuntimeError("+66812345678"), "SERVER_ERROR", True),
    ],
)
def test_a_refusal_says_whether_trying_again_helps(error, code, retryable):
    told = refusal_of(error)

    assert (told["code"], told["retryable"]) == (code, retryable)
    assert told["next"]
    assert "+668" not in json.dumps(told)


def test_a_refusal_names_the_allowed_statuses():
    details = refusal_of(IllegalStatus(Status.CANCELLED))["details"]

    assert (details["from"], details["allowed"]) == ("CANCELLED", [])


def test_wrong_fields_are_named_by_their_path():
    asked = OrderSerializer(data={"items": [{"kind": "a", "number": 1}, {"kind": "Alice", "number": "x"}]})
    with pytest.raises(serializers.ValidationError) as caught:
        asked.is_valid(raise_exception=True)

    told = refusal_of(caught.value)

    assert set(told["details"]) == {"items.1.kind", "items.1.number"}
    assert "Alice" not in json.dumps(told)
