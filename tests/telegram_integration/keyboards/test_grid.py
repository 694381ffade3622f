"""Buttons side by side, a page at a time."""

import pytest
from django.utils import translation

from telegram_integration.cards import Button
from telegram_integration.keyboards.grid import HALF, grid, page_of, turning, width_for


def test_a_grid_fills_its_rows_in_order():
    buttons = [Button(str(number), data="x") for number in range(5)]
    assert [[button.text for button in row] for row in grid(buttons, 2)] == [["0", "1"], ["2", "3"], ["4"]]
    assert grid([], 2) == ()


def test_one_long_label_gives_each_a_row_of_its_own():
    assert width_for(["a" * HALF, "b"]) == 2
    assert width_for(["a" * (HALF + 1), "b"]) == 1


def test_pages_count_from_zero_and_end():
    assert [page_of(range(5), page, 2) for page in (0, 1, 2, 3)] == [
        range(2),
        range(2, 4),
        range(4, 5),
        range(5, 5),
    ]


@pytest.mark.parametrize(
    ("page", "is_last", "labels"),
    [(0, True, []), (0, False, ["Later »"]), (1, False, ["« Earlier", "Later »"]), (1, True, ["« Earlier"])],
    ids=["only", "first", "middle", "last"],
)
def test_pages_are_turned_where_there_are_more(turn, page, is_last, labels):
    with translation.override("en"):
        rows = turning(turn, "a", page=page, is_last=is_last)
    assert [button.text for row in rows for button in row] == labels
    plain = turning(turn, "a", page=page, is_last=is_last, in_time=False)
    assert [button.text for row in plain for button in row] == [
        {"« Earlier": "«", "Later »": "»"}[text] for text in labels
    ]
