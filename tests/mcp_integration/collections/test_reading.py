import pytest

from core.errors import NotFound
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.collections.reading import (
    open_reading,
    read_item,
)
from tests.mcp_integration.collections.asking import every_collection, ids, read
from tests.support.statements import counted


def test_the_nine_collections_of_the_specification_are_there():
    assert list(COLLECTIONS) == [
        "hospitals", "users", "doctors", "patients", "appointments", "medical_records", "treatments",
        "specialties", "subscription_plans",
    ]  # fmt: skip


# ── pages ─────────────────────────────────────────────────────────────────────
@every_collection
def test_a_collection_is_read_a_page_at_a_time_and_no_row_is_on_two_pages(key, filled, name):
    whole = read(key, name, limit=100)
    pages = [read(key, name, limit=1, page=number) for number in range(1, whole["count"] + 1)]

    assert set(whole) == {"results", "count", "page", "limit", "next", "previous"}
    assert [one for page in pages for one in ids(page)] == ids(whole)
    assert len(set(ids(whole))) == whole["count"] >= 1
    assert [page["next"] for page in pages] == [*range(2, len(pages) + 1), None]
    assert [page["previous"] for page in pages] == [None, *range(1, len(pages))]


@every_collection
def test_a_page_after_the_last_is_empty(key, filled, name):
    page = read(key, name, page=900)

    assert page["results"] == []
    assert page["next"] is None
    assert page["previous"] == 899


@every_collection
def test_an_item_is_read_by_its_id(key, filled, name):
    item = read_item(key, name, filled[name], language="en")

    assert item["id"] == filled[name]
    assert filled[name] in ids(read(key, name, limit=100))


@every_collection
@pytest.mark.parametrize("nothing", ["00000000-0000-4000-8000-000000000000", "7", "drop table"])
def test_what_is_not_there_is_not_found(key, filled, name, nothing):
    with pytest.raises(NotFound):
        read_item(key, name, nothing)


# ── order ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "sort"), [(name, sort) for name, row in COLLECTIONS.items() for sort in row.sorts]
)
def test_a_collection_is_sorted_both_ways_by_each_of_its_names(key, filled, name, sort):
    up, down = read(key, name, sort=sort, limit=100), read(key, name, sort=f"-{sort}", limit=100)

    assert sorted(ids(up)) == sorted(ids(down))
    if sort in up["results"][0]:
        values = [row[sort] for row in up["results"]]
        assert [row[sort] for row in down["results"]] == values[::-1] or len(set(values)) < len(values)


def test_the_first_name_counts_most(key, filled):
    page = read(key, "appointments", sort="status,-start")

    starts = [row["start"] for row in page["results"]]
    assert starts == sorted(starts, reverse=True)


# ── shape ─────────────────────────────────────────────────────────────────────
@every_collection
def test_only_the_fields_that_are_asked_for_come(key, filled, name):
    page, item = read(key, name, fields="id"), read_item(key, name, filled[name], {"fields": "id"})

    assert all(set(row) == {"id"} for row in page["results"])
    assert item == {"id": filled[name]}


@pytest.mark.parametrize(
    ("name", "expand"), [(name, expand) for name, row in COLLECTIONS.items() for expand in row.expansions]
)
def test_what_is_expanded_stands_in_its_place(key, filled, name, expand):
    item = read_item(key, name, filled[name], {"expand": expand}, language="en")
    rows = read(key, name, expand=expand, fields="id")["results"]

    assert item[expand] is not None
    assert all(set(row) == {"id", expand} for row in rows)
    # Accounts of patients have an own hospital, too; a doctor may have no specialty.
    assert any(row[expand] for row in rows)


def test_an_expanded_specialty_says_what_it_is_and_what_it_is_to_the_doctor(key, filled):
    [field] = read_item(key, "doctors", filled["doctors"], {"expand": "specialties"})["specialties"]

    assert {"id", "code", "name", "description", "is_primary", "years_of_experience"} <= set(field)


@pytest.mark.parametrize("expand", ["hospital", "patient", "doctor"])
def test_an_appointment_s_relations_are_those_of_the_appointment(key, filled, expand):
    item = read_item(key, "appointments", filled["appointments"], {"expand": expand})

    expected = {"hospital": "hospitals", "patient": "patients", "doctor": "doctors"}[expand]
    assert item[expand]["id"] == filled[expected]


def test_what_a_caller_may_not_see_is_not_expanded(key_with, filled):
    reader = key_with("read:bookings")

    assert read_item(reader, "appointments", filled["appointments"], {"expand": "patient"})["patient"] is None


def test_text_from_outside_is_marked_in_items_and_in_what_is_expanded(key, filled):
    item = read_item(key, "appointments", filled["appointments"], {"expand": "patient"})

    assert item["untrusted_notes"] == "ours"
    assert "notes" not in item
    assert item["patient"]["untrusted_name"].startswith("ours patient")
    assert "name" not in item["patient"]


# ── cost ──────────────────────────────────────────────────────────────────────
@every_collection
def test_a_page_costs_the_same_for_one_row_and_for_three_whatever_is_expanded(key, filled, name):
    params = {"expand": ",".join(COLLECTIONS[name].expansions)}
    if name == "doctors":
        # Dr Bob, who would come first, has no specialty that could cost a statement.
        params["sort"] = "-name_en"
    read(key, name, **params)
    costs = []
    for limit in (1, 3):
        with counted() as statements:
            read(key, name, limit=limit, **params)
        costs.append(len(statements))

    assert costs[0] == costs[1] <= 16


# ── many at once ──────────────────────────────────────────────────────────────
def test_all_rows_come_by_batches_in_their_order(key, filled):
    reading = open_reading(key, "appointments", {"sort": "-start", "limit": "1"})
    keys, count = reading.keys(100)

    rows = reading.batch(keys[:2]) + reading.batch(keys[2:])

    assert count == 3
    assert [row["id"] for row in rows] == ids(read(key, "appointments", sort="-start"))
    assert reading.keys(2) == (keys[:2], 3)
