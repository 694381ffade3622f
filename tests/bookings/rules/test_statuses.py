"""The table of moves, written out once more."""

import pytest

from bookings.rules.statuses import MOVES, OCCUPYING, RESCHEDULABLE, Status, allowed, may_move

TABLE = {
    "HELD": ["SCHEDULED"],
    "SCHEDULED": ["CONFIRMED", "CHECKED_IN", "CANCELLED", "NO_SHOW"],
    "CONFIRMED": ["CHECKED_IN", "CANCELLED", "NO_SHOW"],
    "CHECKED_IN": ["IN_PROGRESS", "CANCELLED", "NO_SHOW"],
    "IN_PROGRESS": ["COMPLETED", "CANCELLED"],
    "COMPLETED": [],
    "CANCELLED": [],
    "NO_SHOW": ["CHECKED_IN"],
}


@pytest.mark.parametrize(("current", "targets"), TABLE.items())
def test_the_names_of_the_legal_moves_come_in_a_stable_order(current, targets):
    names = allowed(Status(current))
    assert names == targets
    assert all(type(name) is str for name in names)


def test_a_move_is_legal_exactly_where_the_table_has_it():
    legal = {(current, target) for current in Status for target in Status if may_move(current, target)}
    assert legal == {(current, target) for current, targets in TABLE.items() for target in targets}


def test_every_status_has_its_row_and_is_called_by_its_name():
    assert list(MOVES) == list(Status)
    assert [str(status) for status in Status] == list(TABLE)


def test_a_seat_is_free_again_only_after_a_cancellation_or_a_no_show():
    assert set(Status) - OCCUPYING == {Status.CANCELLED, Status.NO_SHOW}


def test_only_what_has_not_begun_can_be_rescheduled():
    assert {Status.SCHEDULED, Status.CONFIRMED} == RESCHEDULABLE
