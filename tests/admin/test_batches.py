"""Bulk work in the admin: choosing in the list, saying what, watching it, stopping it, taking it back."""

import json

import pytest
from django.utils import translation

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.batches import stop_batch
from bookings.actions.bulk import start_cancelling, start_moving
from bookings.admin import bulk
from bookings.admin.batch_words import say_reason
from bookings.models import Appointment, Batch, BatchItem
from bookings.rules.policy import Refusal
from tenants.context import inside
from tests.admin.browser import Controls
from tests.support.batches import book_many, ids, outcomes, state_of, statuses, work_off
from tests.support.booking import book, set_status
from tests.support.catalogue import at, coming_day, guest
from tests.support.statements import counted

LIST = "/admin/bookings/appointment/"
BATCHES = "/admin/bookings/batch/"


@pytest.fixture
def three(desk, check_up, dr_bob):
    return book_many(desk, check_up, 3, practitioner_id=str(dr_bob.pk))


def choose(browser, action, *rows, **more):
    chosen = [str(row.pk) for row in rows]
    return browser.post(
        LIST + "?when=all", {"action": action, "_selected_action": chosen, "index": 0, **more}
    )


def ask(browser, way, *rows, **typed):
    """Choose in the list, fill the page that follows, and send it."""
    page = choose(browser, f"{way}_many", *rows)
    assert page.status_code == 200, page.status_code
    return browser.post(f"{LIST}bulk/{way}/", {**Controls(page.text).values, **typed})


def page_of(batch, name="change"):
    return f"{BATCHES}{batch.pk}/{name}/"


# ── choosing ─────────────────────────────────────────────────────────────────
def test_the_page_between_says_how_many_of_which_days_and_how_many_cannot_be(at_desk, three):
    set_status(three[2], "COMPLETED")

    page = choose(at_desk, "cancel_many", *three)

    day = coming_day()
    assert f"3 appointments, {day:%a} {day.day} {day:%b %Y}, of 1 this is not possible any more." in page.text
    assert not Batch.objects.exists()
    assert statuses(three) == ["SCHEDULED", "SCHEDULED", "COMPLETED"]


def test_many_are_cancelled_with_a_reason_and_watched(at_desk, people, three):
    answer = ask(at_desk, "cancel", *three, reason="The doctor is ill")
    batch = Batch.objects.get()
    assert answer["Location"] == page_of(batch)
    assert (batch.kind, batch.total, batch.user) == ("CANCEL", 3, people.desk)
    work_off()

    assert statuses(three) == ["CANCELLED"] * 3
    assert set(Appointment.objects.values_list("cancel_reason", flat=True)) == {"The doctor is ill"}
    page = at_desk.get(page_of(batch))
    assert "3 of 3" in page.text
    assert "Nothing was refused." in page.text


def test_many_are_moved_to_another_practitioner(at_desk, dr_eve, three):
    ask(at_desk, "move", *three, practitioner=str(dr_eve.pk))
    work_off()

    assert set(Appointment.objects.values_list("practitioner", flat=True)) == {dr_eve.pk}
    page = at_desk.get(page_of(Batch.objects.get()), show="all").text
    assert "Dr Bob" in page
    assert "→" in page


def test_many_are_moved_to_another_day(at_desk, three):
    ask(at_desk, "move", *three, day=f"{coming_day(2):%d/%m/%Y}")
    work_off()

    assert {row.start for row in Appointment.objects.all()} == {
        row.start + (at(9, days=2) - at(9)) for row in three
    }


def test_moving_many_needs_a_practitioner_or_a_day(at_desk, three):
    page = ask(at_desk, "move", *three)

    assert "Choose a practitioner or a day." in page.text
    assert not Batch.objects.exists()


def test_many_are_asked_to_choose_another_time(at_desk, three):
    ask(at_desk, "tell", *three)
    work_off()

    assert outcomes(Batch.objects.get()) == [("DONE", "")] * 3


def test_the_whole_find_of_a_filter_can_be_chosen(at_desk, three):
    page = choose(at_desk, "cancel_many", three[0], select_across=1)

    assert len(Controls(page.text).values["ids"].split()) == 3


def test_more_than_can_be_chosen_is_refused_in_words(at_desk, three, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_CHOSEN", 2)

    page = at_desk.get(choose(at_desk, "cancel_many", *three)["Location"])

    assert "Choose 2 appointments at most." in page.text


@pytest.mark.parametrize("sent", ["", "nonsense", "1 2"])
def test_ids_that_are_none_start_nothing(at_desk, three, sent):
    page = at_desk.post(f"{LIST}bulk/cancel/", {"ids": sent})

    assert page.status_code == 200
    assert not Batch.objects.exists()


def test_looking_at_the_address_of_bulk_work_starts_none(at_desk):
    assert at_desk.get(f"{LIST}bulk/cancel/").status_code == 405


def test_a_doctor_cancels_own_ones_and_asks_nobody(as_doctor, desk, check_up, dr_eve, three):
    other = book(desk, check_up, at(9), guest=guest("Nok"), practitioner_id=str(dr_eve.pk))
    as_doctor.post(f"{LIST}bulk/cancel/", {"ids": f"{three[0].pk} {other.pk}"})
    work_off()

    assert statuses([three[0], other]) == ["CANCELLED", "SCHEDULED"]
    assert as_doctor.post(f"{LIST}bulk/tell/", {"ids": str(three[0].pk)}).status_code == 403


# ── watching ─────────────────────────────────────────────────────────────────
def test_what_was_refused_is_named_in_words_with_a_link(at_desk, desk, three):
    set_status(three[1], "COMPLETED")
    batch = start_cancelling(desk, ids=ids(three), reason="")
    work_off()

    page = at_desk.get(page_of(batch)).text

    assert "This is not possible for a booking in its present status." in page
    assert f'href="{LIST}{three[1].pk}/change/"' in page
    assert three[1].reference in page
    assert three[0].reference not in page
    assert three[0].reference in at_desk.get(page_of(batch), show="all").text


def test_progress_is_told_as_numbers(at_desk, desk, three):
    batch = start_cancelling(desk, ids=ids(three), reason="ill")
    told = json.loads(at_desk.get(page_of(batch, "progress")).content)
    assert (told["state"], told["over"], told["percent"], told["how_far"]) == ("WAITING", False, 0, "0 of 3")

    work_off()

    answer = at_desk.get(page_of(batch, "progress"))
    told = json.loads(answer.content)
    assert (told["state"], told["over"], told["percent"]) == ("DONE", True, 100)
    assert told["counts"] == {"done": 3, "refused": 0, "unchanged": 0, "undone": 0, "waiting": 0}
    assert "no-store" in answer["Cache-Control"]


def test_the_page_asks_again_by_itself_and_without_scripts_by_a_link(at_desk, desk, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")

    page = at_desk.get(page_of(batch)).text

    assert f'data-progress="{page_of(batch, "progress")}"' in page
    assert "nadmor/batches.js" in page
    assert "Look again how far it is" in page
    work_off()
    assert "Look again how far it is" not in at_desk.get(page_of(batch)).text


def test_the_list_tells_how_far_each_is(at_desk, desk, three):
    set_status(three[1], "COMPLETED")
    start_cancelling(desk, ids=ids(three), reason="")
    work_off()

    page = at_desk.get(BATCHES).text

    assert "Cancelling appointments" in page
    assert "3 of 3" in page


def test_a_stopped_one_says_so_and_leaves_the_rest(at_desk, desk, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")

    page = at_desk.get(at_desk.post(page_of(batch, "stop"), {})["Location"])
    work_off()

    assert "Stopped. What is done stays done." in page.text
    assert "Somebody stopped it." in page.text
    assert (state_of(batch), statuses(three)) == ("STOPPED", ["SCHEDULED"] * 3)
    again = at_desk.get(at_desk.post(page_of(batch, "stop"), {})["Location"])
    assert "This bulk work is over, or has begun already." in again.text


def test_one_that_stopped_as_somebody_lost_their_rights_says_so(as_admin, people, desk, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")
    User.objects.filter(pk=people.desk.pk).update(is_active=False)
    work_off()

    page = as_admin.get(page_of(batch))

    assert "Whoever it was done for may not do this any more." in page.text
    assert (state_of(batch), statuses(three)) == ("STOPPED", ["SCHEDULED"] * 3)


def test_it_is_taken_back_from_its_page(at_desk, desk, check_up, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")
    work_off()
    assert "Take all of it back" in at_desk.get(page_of(batch)).text
    book(desk, check_up, three[1].start, guest=guest("Next", "0899999999"))
    at_desk.post(page_of(batch, "undo"), {})
    told = json.loads(at_desk.get(page_of(batch, "progress")).content)
    assert (told["state"], told["how_far"], told["percent"]) == ("WAITING", "0 of 3", 0)
    work_off()

    assert statuses(three) == ["SCHEDULED", "CANCELLED", "SCHEDULED"]
    page = at_desk.get(page_of(batch)).text
    assert "Not taken back: This time has just been taken." in page
    assert "Take all of it back" not in page


@pytest.mark.parametrize("name", ["stop", "undo", "confirm"])
def test_looking_at_the_address_of_a_button_changes_nothing(at_desk, desk, three, name):
    batch = start_cancelling(desk, ids=ids(three), reason="")

    assert at_desk.get(page_of(batch, name)).status_code == 405
    assert state_of(batch) == "WAITING"


@pytest.mark.parametrize("code", [*(why.value for why in Refusal), "illegal_status", "failed", "invalid"])
def test_every_reason_has_words(code):
    with translation.override("en"):
        assert say_reason(code).endswith(".")


# ── who may ──────────────────────────────────────────────────────────────────
def test_everybody_sees_their_own_and_administrators_all(browser_of, desk, people, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")
    nurse, admin = browser_of(Role.NURSE), browser_of(Role.ADMIN)

    assert admin.get(page_of(batch)).status_code == 200
    assert [row.pk for row in admin.get(BATCHES).context["cl"].result_list] == [batch.pk]
    assert nurse.get(BATCHES).context["cl"].result_list == []
    for name in ("change", "progress"):
        assert nurse.get(page_of(batch, name)).status_code == 404
    for name in ("stop", "undo", "confirm"):
        assert nurse.post(page_of(batch, name), {}).status_code == 404
    assert state_of(batch) == "WAITING"


def test_another_hospitals_is_not_found(at_desk, other_hospital, other_people, desk, three):
    with inside(other_hospital):
        actor = other_people.actor(Role.FRONT_DESK)
        theirs = start_cancelling(actor, ids=ids(three), reason="")

    for name in ("change", "progress"):
        assert at_desk.get(page_of(theirs, name)).status_code == 404
    assert at_desk.post(page_of(theirs, "stop"), {}).status_code == 404
    with inside(other_hospital):
        assert state_of(theirs) == "WAITING"


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_one_is_not_found(at_desk, key):
    assert at_desk.get(f"{BATCHES}{key}/change/").status_code == 404


def test_nothing_in_it_is_changed_by_hand(as_admin, desk, three):
    batch = start_cancelling(desk, ids=ids(three), reason="")

    assert as_admin.get(f"{BATCHES}add/").status_code == 403
    assert as_admin.post(page_of(batch, "delete"), {"post": "yes"}).status_code == 403
    as_admin.post(page_of(batch), {"state": "DONE"})
    assert state_of(batch) == "WAITING"


# ── what it costs ────────────────────────────────────────────────────────────
def test_neither_list_nor_page_costs_more_for_more_rows(at_desk, desk, dr_eve, three):
    def look(batch):
        with counted() as list_cost:
            at_desk.get(BATCHES)
        with counted() as page_cost:
            at_desk.get(page_of(batch), show="all")
        with counted() as progress_cost:
            at_desk.get(page_of(batch, "progress"))
        return len(list_cost), len(page_cost), len(progress_cost)

    one = start_moving(desk, ids=ids(three[:1]), practitioner_id=str(dr_eve.pk))
    work_off()
    at_desk.get(BATCHES)
    first = look(one)
    many = start_moving(desk, ids=ids(three[1:]), day=coming_day(2))
    work_off()
    stop_batch(desk, start_cancelling(desk, ids=ids(three), reason="").pk)

    assert BatchItem.objects.filter(batch=many, outcome="DONE").count() == 2
    assert look(many) == first
