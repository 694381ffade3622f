"""What becomes of the appointments that a change of hours hits."""

import json

import pytest

from bookings.models import Batch, BatchItem, Practitioner, ScheduleException
from events.outbox import history_of
from tests.admin.hours import (
    EVERYBODY,
    SAVE,
    decided,
    lines,
    off,
    said,
    time_of,
    time_off,
    typed,
)
from tests.support.catalogue import coming_day, guest


# ── what a change hits ──────────────────────────────────────────────────────────
def test_time_off_shows_whom_it_hits_and_saves_nothing_yet(as_admin, booked, dr_bob):
    row = booked(9)

    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day()))

    assert lines(page) == [(row.reference, "away")]
    assert row.guest_name in page.text
    assert not ScheduleException.objects.exists()


def test_what_is_decided_is_saved_with_the_change_and_leads_to_its_progress(as_admin, booked, dr_bob):
    rows = [booked(9), booked(10, guest=guest("Anong", "0810000001"))]
    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day()))

    answer = as_admin.post(SAVE, decided(page, "cancel", reason="ill", **{f"fate-{rows[1].pk}": "leave"}))

    batch = Batch.objects.get()
    assert answer["Location"] == f"/admin/bookings/batch/{batch.pk}/change/"
    assert list(BatchItem.objects.values_list("subject_id", flat=True)) == [rows[0].pk]
    assert ScheduleException.objects.get().date_from == coming_day()


def test_several_fates_lead_back_with_a_line_for_each(as_admin, booked, dr_bob, dr_eve):
    rows = [booked(hour, guest=guest(f"G{hour}", f"08100000{hour:02}")) for hour in (9, 10, 11)]
    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day()))
    fates = {f"fate-{rows[1].pk}": "tell", f"fate-{rows[2].pk}": f"move:{dr_eve.pk}"}

    answer = as_admin.post(SAVE, decided(page, "move", **fates))

    assert answer["Location"] == time_of(dr_bob)
    text = said(as_admin, answer)
    assert Batch.objects.count() == 3
    assert all(f"/admin/bookings/batch/{batch.pk}/change/" in text for batch in Batch.objects.all())


@pytest.mark.parametrize("fate", ["cancel", "move:00000000-0000-0000-0000-000000000001"])
def test_what_cannot_be_decided_is_told_and_what_was_chosen_stays(as_admin, booked, dr_bob, fate):
    row = booked(9)
    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day()))

    again = as_admin.post(SAVE, decided(page, "tell", **{f"fate-{row.pk}": fate}))

    assert again.context["errors"]
    assert [option.value for option in again.context["asked"].for_all if option.is_chosen] == ["tell"]
    assert not ScheduleException.objects.exists()
    assert not Batch.objects.exists()


def test_who_books_in_between_is_marked(as_admin, booked, dr_bob):
    booked(9)
    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day()))
    new = booked(10, guest=guest("New Comer", "0810000001"))

    again = as_admin.post(SAVE, decided(page, "tell"))

    assert "Somebody has booked in between." in again.text
    assert [line.row.pk for line in again.context["asked"].lines if line.is_new] == [new.pk]
    assert not ScheduleException.objects.exists()

    as_admin.post(SAVE, decided(again, "tell"))
    assert ScheduleException.objects.exists()


def test_more_appointments_than_are_shown_one_by_one_follow_what_is_chosen_for_all(
    as_admin, booked, dr_bob, monkeypatch
):
    monkeypatch.setattr("bookings.admin.time.preview.SHOWN", 1)
    rows = [booked(9), booked(10, guest=guest("Anong", "0810000001"))]
    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day()))

    assert "And 1 more" in page.text
    assert {str(row.pk) for row in rows} == set(json.loads(page.context["asked"].seen_ids))

    as_admin.post(SAVE, decided(page, "tell"))
    assert Batch.objects.get().total == 2


def test_a_preview_leads_back_to_pages_of_ours_alone(as_admin, booked, dr_bob):
    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day()))
    assert page.status_code == 302
    booked(9, days=3)
    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day(3)))

    answer = as_admin.post(SAVE, decided(page) | {"back": "//elsewhere.example/"})

    assert answer["Location"] == EVERYBODY


def test_what_was_left_stands_on_the_page_until_it_is_decided(as_admin, booked, dr_bob):
    row = booked(9)
    as_admin.post(SAVE, decided(typed(as_admin, dr_bob, "dated", **time_off(coming_day()))))

    page = as_admin.get(time_of(dr_bob))
    assert lines(page) == [(row.reference, "away")]

    sent = {"what": "outside", "seen_ids": page.context["asked"].seen_ids, "fate": "cancel", "reason": "ill"}
    text = said(as_admin, as_admin.post(time_of(dr_bob), sent))
    assert f"/admin/bookings/batch/{Batch.objects.get().pk}/change/" in text


def test_what_is_left_is_decided_with_a_reason_or_not_at_all(as_admin, booked, dr_bob):
    booked(9)
    off(dr_bob)
    seen = as_admin.get(time_of(dr_bob)).context["asked"].seen_ids

    page = as_admin.post(time_of(dr_bob), {"what": "outside", "seen_ids": seen, "fate": "cancel"})
    assert "Say why the appointments are cancelled." in page.text

    nothing = as_admin.post(time_of(dr_bob), {"what": "outside", "seen_ids": "[oops", "fate": "??"})
    assert "Nothing was changed." in said(as_admin, nothing)
    assert not Batch.objects.exists()


# ── who works here ──────────────────────────────────────────────────────────────
def test_who_takes_no_bookings_any_more_leaves_appointments_to_be_decided(as_admin, booked, dr_bob, dr_eve):
    row = booked(9)

    page = typed(as_admin, dr_bob, "presence", is_active="on")
    options = [option.value for option in page.context["asked"].lines[0].options]
    assert options == ["", "leave", "tell", f"move:{dr_eve.pk}", "cancel"]
    assert Practitioner.objects.get(pk=dr_bob.pk).is_bookable

    as_admin.post(SAVE, decided(page, f"move:{dr_eve.pk}"))
    assert not Practitioner.objects.get(pk=dr_bob.pk).is_bookable
    assert list(BatchItem.objects.values_list("subject_id", flat=True)) == [row.pk]
    (event,) = history_of("provider", dr_bob.pk)
    assert (event.type, event.changes) == ("provider.changed", {"is_bookable": [True, False]})


def test_the_form_of_a_practitioner_is_no_way_around_the_question(as_admin, booked, dr_bob):
    booked(9)
    path = f"/admin/bookings/practitioner/{dr_bob.pk}/change/"

    page = as_admin.submit(path, is_bookable=None)

    assert "Coming appointments would be hit." in page.text
    assert Practitioner.objects.get(pk=dr_bob.pk).is_bookable
    assert as_admin.submit(path, license_number="ว.123").status_code == 302
    assert "weekly_hours-TOTAL_FORMS" not in page.text


def test_a_zone_that_does_not_exist_is_told_at_its_line(as_admin, dr_bob):
    page = typed(as_admin, dr_bob, "presence", is_active="on", is_bookable="on", timezone="Mars/Base")

    assert list(page.context["presence"].errors) == ["timezone"]
