"""Deliveries and attempts by REST: listed, filtered, shown, sent again."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.hooks import NOWHERE, Hooks, attempt, delivery
from tests.api.wire import MOMENT, refusal, wrong
from tests.support.statements import counted
from webhooks.models import Delivery, State


@pytest.fixture
def hooks(hospital) -> Hooks:
    return Hooks(hospital)


@pytest.fixture
def webhook_id(hooks) -> str:
    return hooks.register()["id"]


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["results"]]


def test_deliveries_are_listed_newest_first_a_page_at_a_time(hooks, webhook_id):
    made = [str(delivery(webhook_id, number).pk) for number in range(1, 6)]
    path = f"/{webhook_id}/deliveries"

    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        answer = hooks.get(path, limit=2, **({"cursor": cursor} if cursor else {}))
        found, cursor, pages = found + ids(answer), answer.json()["next_cursor"], pages + 1
        assert answer.json()["count"] == 5

    assert (found, pages) == (made, 3)


def test_deliveries_of_the_same_moment_are_not_lost_between_pages(hooks, webhook_id):
    made = {str(delivery(webhook_id, number).pk) for number in range(1, 6)}
    Delivery.objects.update(created_at=datetime.now(UTC))
    path = f"/{webhook_id}/deliveries"

    first = hooks.get(path, limit=3)
    rest = hooks.get(path, limit=3, cursor=first.json()["next_cursor"])

    assert set(ids(first) + ids(rest)) == made
    assert len(ids(first) + ids(rest)) == 5


def test_deliveries_are_filtered_by_state_and_time(hooks, webhook_id):
    made = {
        state: str(delivery(webhook_id, 60 * number, state=state).pk) for number, state in enumerate(State, 1)
    }
    path = f"/{webhook_id}/deliveries"

    for state, pk in made.items():
        assert ids(hooks.get(path, state=state)) == [pk]
    recent = (datetime.now(UTC) - timedelta(minutes=130)).isoformat()
    assert ids(hooks.get(path, since=recent)) == [made["PENDING"], made["DELIVERED"]]
    assert ids(hooks.get(path, since=recent, state="FAILED")) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "pending"), ("state", "x"), ("since", "2026-11-20"), ("since", "now"),
        ("since", "2026-11-20T10:00:00 07:00"), ("limit", "0"), ("limit", "1000"), ("cursor", "x"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_refused(hooks, webhook_id, name, value):
    wrong(hooks.get(f"/{webhook_id}/deliveries", **{name: value}), name)


def test_a_delivery_shows_what_is_sent_and_each_attempt(hooks, webhook_id):
    row = delivery(webhook_id, 7, attempts=2)
    attempt(
        row,
        status=None,
        error="timeout",
        ms=15000,
        excerpt="",
        started_at=datetime.now(UTC) - timedelta(hours=1),
    )
    attempt(row, status=200, ms=12)

    answer = hooks.get(f"/{webhook_id}/deliveries/{row.pk}")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(row.pk),
        "event": "booking.created",
        "state": "DELIVERED",
        "attempt_count": 2,
        "next_attempt_at": None,
        "created_at": MOMENT,
        "delivered_at": MOMENT,
        "body": {"id": str(row.pk), "event": "booking.created", "data": {"sequence": 7}},
        "attempts": [
            {
                "started_at": MOMENT, "duration_ms": 12, "is_success": True, "status": 200, "error": "",
                "answer": "ok",
            },
            {
                "started_at": MOMENT, "duration_ms": 15000, "is_success": False, "status": None,
                "error": "timeout", "answer": "",
            },
        ],
    }  # fmt: skip


@pytest.mark.parametrize("state", ["DELIVERED", "FAILED", "KEPT", "PENDING"])
def test_a_delivery_is_sent_at_once_under_its_id(hooks, webhook_id, state):
    row = delivery(webhook_id, state=state)

    answer = hooks.post(f"/{webhook_id}/deliveries/{row.pk}/resend")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(row.pk), "event": "booking.created", "state": "PENDING", "attempt_count": 0,
        "next_attempt_at": MOMENT, "created_at": MOMENT, "delivered_at": None,
    }  # fmt: skip


def test_what_is_being_sent_at_this_moment_is_not_sent_again(hooks, webhook_id):
    row = delivery(webhook_id, state="PENDING", lease_until=datetime.now(UTC) + timedelta(minutes=1))

    refusal(hooks.post(f"/{webhook_id}/deliveries/{row.pk}/resend"), 409, "CONFLICT", "delivery_under_way")


def test_nothing_is_sent_again_to_one_that_is_switched_off(hooks, webhook_id):
    row = delivery(webhook_id)
    hooks.ask("PATCH", f"/{webhook_id}", {"is_active": False})

    refusal(hooks.post(f"/{webhook_id}/deliveries/{row.pk}/resend"), 409, "CONFLICT", "webhook_inactive")


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/resend")])
def test_a_delivery_is_found_under_its_own_webhook_alone(hooks, webhook_id, method, path):
    other = hooks.register()["id"]
    row = delivery(other)

    refusal(
        hooks.ask(method, f"/{webhook_id}/deliveries/{row.pk}{path}"),
        404,
        "RESOURCE_NOT_FOUND",
        "delivery_not_found",
    )
    refusal(
        hooks.ask(method, f"/{NOWHERE}/deliveries/{row.pk}{path}"),
        404,
        "RESOURCE_NOT_FOUND",
        "webhook_not_found",
    )
    refusal(
        hooks.ask(method, f"/{webhook_id}/deliveries/{NOWHERE}{path}"),
        404,
        "RESOURCE_NOT_FOUND",
        "delivery_not_found",
    )
    assert Delivery.objects.get(pk=row.pk).state == "DELIVERED"


def test_a_removed_webhook_shows_no_delivery(hooks, webhook_id):
    row = delivery(webhook_id)
    hooks.ask("DELETE", f"/{webhook_id}")

    for path in (f"/{webhook_id}/deliveries", f"/{webhook_id}/deliveries/{row.pk}"):
        refusal(hooks.get(path), 404, "RESOURCE_NOT_FOUND", "webhook_not_found")


@pytest.mark.parametrize("path", ["/deliveries", "/deliveries/{pk}"])
def test_statements_do_not_grow_with_rows(hooks, webhook_id, path):
    row = delivery(webhook_id)
    attempt(row)
    path = f"/{webhook_id}{path.format(pk=row.pk)}"
    hooks.get(path)
    with counted() as one:
        hooks.get(path)
    for number in (2, 3):
        delivery(webhook_id, number)
        attempt(row)
    with counted() as three:
        hooks.get(path)

    assert len(one) == len(three)


@pytest.mark.parametrize("since", ["0798-10-01T01:17:48.18995-21:23", "2026-11-20T10:00:00+23:59"])
def test_an_offset_that_no_clock_has_is_still_a_moment(hooks, webhook_id, since):
    assert ids(hooks.get(f"/{webhook_id}/deliveries", since=since)) == []


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_beyond_the_calendar_is_refused(hooks, webhook_id, since):
    wrong(hooks.get(f"/{webhook_id}/deliveries", since=since), "since")
