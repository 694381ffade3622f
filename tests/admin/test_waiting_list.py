"""The waiting list in the admin: seen in its order, joined and answered by the verbs."""

import pytest

from accounts.permissions import Role
from bookings.models import Appointment, WaitingListEntry
from tests.support.catalogue import at, coming_day
from tests.support.statements import counted
from tests.support.waiting_list import entry_of, offer_to, offered, status_of, wait

LIST = "/admin/bookings/waitinglistentry/"


def page_of(entry_id, name="change"):
    return f"{LIST}{entry_id}/{name}/"


def listed(browser, **asked):
    return [row.guest_name for row in browser.get(LIST, **asked).context["cl"].result_list]


@pytest.fixture
def anong(desk, check_up):
    """She is offered tomorrow at ten."""
    return offered(desk, check_up, at(10))


def test_the_list_shows_who_is_in_line_in_its_order(at_desk, desk, check_up, anong):
    wait(desk, check_up, "Boon")
    WaitingListEntry.objects.filter(pk=wait(desk, check_up, "Chai")).update(status="LEFT")

    page = at_desk.get(LIST)

    assert [row.guest_name for row in page.context["cl"].result_list] == ["Anong", "Boon"]
    assert "10:00" in page.text
    assert listed(at_desk, standing="OFFERED") == ["Anong"]
    assert listed(at_desk, standing="LEFT") == ["Chai"]
    assert listed(at_desk, standing="all", q="boo") == ["Boon"]
    assert listed(at_desk, q=entry_of(anong).guest_phone.replace("+66", "0")) == ["Anong"]


def test_the_list_is_filtered_by_event_type_and_practitioner(at_desk, desk, check_up, dr_bob, dr_eve):
    wait(desk, check_up, "Boon", practitioner_id=str(dr_bob.pk))
    wait(desk, check_up, "Chai", practitioner_id=str(dr_eve.pk))

    assert listed(at_desk, practitioner__id__exact=dr_eve.pk) == ["Chai"]
    assert listed(at_desk, service__id__exact=check_up.pk) == ["Boon", "Chai"]


def test_a_list_of_many_costs_no_more_statements_than_one_of_one(at_desk, desk, check_up, anong):
    at_desk.get(LIST)
    with counted() as few:
        at_desk.get(LIST)
    for name in ("Boon", "Chai", "Dao"):
        wait(desk, check_up, name)

    with counted() as many:
        assert len(listed(at_desk)) == 4

    assert len(many) == len(few)


def test_the_desk_puts_somebody_on_the_list(at_desk, check_up, dr_bob):
    answer = at_desk.submit(
        f"{LIST}add/", service=check_up.pk, practitioner=dr_bob.pk, guest_name="Anong",
        guest_phone="082-345-6789", date_to=coming_day(9).isoformat(), part_of_day="morning",
    )  # fmt: skip

    entry = WaitingListEntry.objects.get()
    assert answer["Location"] == page_of(entry.pk)
    assert (entry.guest_phone, entry.date_until, entry.source) == ("+66823456789", coming_day(9), "admin")
    assert (entry.part_of_day, entry.practitioner_id) == ("morning", dr_bob.pk)
    assert "Anong is on the waiting list." in at_desk.get(answer["Location"]).text


def test_the_desk_has_an_appointment_come_sooner(at_desk, booked):
    row = booked(days=5)

    at_desk.submit(f"{LIST}add/?reference={row.reference}")

    entry = WaitingListEntry.objects.get()
    assert (entry.brings_forward_id, entry.date_until) == (row.pk, coming_day(5))
    assert row.reference in at_desk.get(page_of(entry.pk)).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"guest_phone": "x"}, "guest_phone"),
        ({"guest_phone": ""}, "guest_phone"),
        ({"guest_name": ""}, "guest_name"),
        ({"date_to": "20/11/2020"}, "date_to"),
        ({"reference": "CCCC-CCCC"}, "reference"),
    ],
)
def test_what_is_wrong_is_shown_where_it_was_typed(at_desk, check_up, typed, field):
    right = {"service": check_up.pk, "guest_name": "Anong", "guest_phone": "0823456789"}

    page = at_desk.submit(f"{LIST}add/", **{**right, **typed})

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert not WaitingListEntry.objects.exists()


def test_whoever_waits_already_is_told_so(at_desk, check_up):
    typed = {"service": check_up.pk, "guest_name": "Anong", "guest_phone": "0823456789"}
    at_desk.submit(f"{LIST}add/", **typed)

    assert "This patient is on the waiting list already." in at_desk.submit(f"{LIST}add/", **typed).text


def test_the_page_tells_what_was_offered_and_its_buttons_answer(at_desk, anong):
    page = at_desk.get(page_of(anong))
    assert (page.context["can_answer"], page.context["can_leave"]) == (True, True)
    assert "Dr Bob" in page.text

    answer = at_desk.post(page_of(anong, "answer"), {"answer": "accept"})

    assert "the offer was accepted" in at_desk.get(answer["Location"]).text
    assert status_of(anong) == "ACCEPTED"
    assert Appointment.objects.get(pk=entry_of(anong).became_id).source == "admin"
    page = at_desk.get(page_of(anong))
    assert (page.context["can_answer"], page.context["can_leave"]) == (False, False)


@pytest.mark.parametrize(("answer", "status"), [("decline", "WAITING"), ("leave", "LEFT")])
def test_declining_and_leaving_by_buttons_and_by_actions(at_desk, desk, check_up, anong, answer, status):
    at_desk.post(page_of(anong, "answer"), {"answer": answer})
    assert (status_of(anong), offer_to(anong)) == (status, None)

    if answer == "leave":
        other = entry_of(wait(desk, check_up, "Boon"))
        assert "Boon: taken off the waiting list." in at_desk.act(LIST, "leave", other).text
        assert status_of(other.pk) == "LEFT"
    else:
        assert "No slot is offered at present." in at_desk.act(LIST, "decline", entry_of(anong)).text


@pytest.mark.parametrize("how", [{"answer": "eat"}, {}])
def test_an_unknown_answer_is_none(at_desk, anong, how):
    assert at_desk.post(page_of(anong, "answer"), how).status_code == 404
    assert at_desk.get(page_of(anong, "answer")).status_code == 405
    assert status_of(anong) == "OFFERED"


def test_a_doctor_sees_who_waits_for_them_and_answers_for_nobody(as_doctor, desk, check_up, dr_bob, dr_eve):
    mine = wait(desk, check_up, "Boon", practitioner_id=str(dr_bob.pk))
    other = wait(desk, check_up, "Chai", practitioner_id=str(dr_eve.pk))

    assert listed(as_doctor) == ["Boon"]
    page = as_doctor.get(page_of(mine))
    assert (page.status_code, page.context["can_leave"]) == (200, False)
    assert as_doctor.post(page_of(mine, "answer"), {"answer": "leave"}).status_code == 403
    assert as_doctor.post(page_of(other, "answer"), {"answer": "leave"}).status_code == 403
    assert as_doctor.get(page_of(other)).status_code in (302, 404)
    assert (status_of(mine), status_of(other)) == ("WAITING", "WAITING")


def test_the_history_of_an_entry_is_told_in_words(browser_of, anong):
    page = browser_of(Role.ADMIN).get(page_of(anong, "history")).text

    assert "Joined the waiting list" in page
    assert "Slot offered" in page
