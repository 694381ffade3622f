"""Insurance and consents on a patient's page; ratings in lists: what verbs do, and who only reads."""

import pytest

from accounts.permissions import Role
from bookings.actions.consent import give_consent
from bookings.actions.insurance import save_insurance
from bookings.actions.ratings import rate_appointment
from bookings.models import ConsentKind, PatientConsent, PatientInsurance, Scheme
from core.actor import Actor
from events.outbox import history_of
from tests.support.booking import set_status
from tests.support.catalogue import guest

RATER = Actor.system("tests", "appointments.read", "appointments.rate")


@pytest.fixture
def page(people) -> str:
    return f"/admin/bookings/patient/{people.alice.pk}/change/"


def new(prefix: str, number: int = 0, **typed) -> dict[str, str]:
    """A row that is added behind those that are there."""
    filled = {f"{prefix}-{number}-{name}": value for name, value in typed.items()}
    return {f"{prefix}-TOTAL_FORMS": str(number + 1), **filled}


def events(people) -> list[str]:
    return [event.type for event in history_of("patient", people.alice.pk)]


def schemes() -> list[tuple[str, bool]]:
    return [(row.scheme, row.is_primary) for row in PatientInsurance.objects.order_by("created_at")]


def test_insurance_is_added_changed_and_removed_by_the_verb(at_desk, page, people):
    at_desk.submit(
        page, **new("insurances", scheme="PRIVATE", insurer="AIA", valid_from="01/01/2569", is_primary="on")
    )
    row = PatientInsurance.objects.get()
    assert (row.scheme, row.is_primary, row.valid_from.isoformat()) == ("PRIVATE", True, "2026-01-01")
    assert "patient.insurance_changed" in events(people)

    at_desk.submit(page, **{"insurances-0-policy_number": "P-1"})
    assert PatientInsurance.objects.get().policy_number == "P-1"
    at_desk.submit(page, **{"insurances-0-DELETE": "on"})
    assert not PatientInsurance.objects.exists()
    assert events(people).count("patient.insurance_changed") == 3
    assert "AIA" not in str([event.data for event in history_of("patient", people.alice.pk)])


def test_the_primary_one_changes_in_one_go(at_desk, page, desk, people):
    save_insurance(desk, PatientInsurance(patient=people.alice, scheme=Scheme.UCS, is_primary=True))
    save_insurance(desk, PatientInsurance(patient=people.alice, scheme=Scheme.SSS))

    refused = at_desk.submit(page, **{"insurances-1-is_primary": "on"})
    assert "Only one insurance can be the primary one." in refused.text
    assert schemes() == [("UCS", True), ("SSS", False)]

    at_desk.submit(page, **{"insurances-0-is_primary": None, "insurances-1-is_primary": "on"})
    assert schemes() == [("UCS", False), ("SSS", True)]


def test_what_cannot_be_insurance_is_told_beside_it(at_desk, page):
    answer = at_desk.submit(page, **new("insurances", scheme="PRIVATE"))

    assert "Private insurance needs the name of the insurer." in answer.text
    assert not PatientInsurance.objects.exists()


def test_a_consent_is_given_and_withdrawn_by_the_verbs(at_desk, page, people):
    at_desk.submit(page, **new("consents", kind="TREATMENT", version="2026-1"))
    row = PatientConsent.objects.get()
    assert (row.kind, row.version, row.given_door) == ("TREATMENT", "2026-1", "admin")

    at_desk.submit(page, **{"consents-0-withdraw": "on", "consents-0-version": "forged"})
    row.refresh_from_db()
    assert (row.version, row.withdrawn_door) == ("2026-1", "admin")
    assert [one for one in events(people) if "consent" in one] == [
        "patient.consent_given", "patient.consent_withdrawn",
    ]  # fmt: skip
    at_desk.submit(page, **{"consents-0-withdraw": "on"})
    assert [one for one in events(people) if "consent" in one][2:] == []


def test_a_consent_to_a_newer_text_ends_the_older_one(at_desk, page, desk, people):
    give_consent(desk, patient_id=people.alice.pk, kind=ConsentKind.TREATMENT, version="1")

    at_desk.submit(page, **new("consents", 1, kind="TREATMENT", version="2"))

    found = [(row.version, row.withdrawn_at is None) for row in PatientConsent.objects.order_by("given_at")]
    assert found == [("1", False), ("2", True)]


def test_a_doctor_reads_them_and_changes_nothing(as_doctor, booked, desk):
    row = booked(guest=guest("Somsak", "0811111111"))
    insurance = PatientInsurance(patient_id=row.patient_id, scheme=Scheme.CSMBS, policy_number="P-77")
    save_insurance(desk, insurance)
    give_consent(desk, patient_id=row.patient_id, kind=ConsentKind.REMINDERS, version="2026-7")
    page = f"/admin/bookings/patient/{row.patient_id}/change/"

    text = as_doctor.get(page).text
    assert "P-77" in text
    assert "2026-7" in text
    assert "consents-0-withdraw" not in text
    assert as_doctor.post(page, {"insurances-0-policy_number": "x"}).status_code == 403
    assert PatientInsurance.objects.get().policy_number == "P-77"


def test_the_page_opens_in_thai(at_desk, page, desk, people):
    save_insurance(desk, PatientInsurance(patient=people.alice, scheme=Scheme.UCS))
    answer = at_desk.get(page, language="th")
    assert answer.status_code == 200


# ── ratings ───────────────────────────────────────────────────────────────────
@pytest.fixture
def rated(booked, dr_eve):
    """One of Dr Bob's with four stars, one of Dr Eve's with one."""
    rows = [booked(9), booked(10, practitioner_id=str(dr_eve.pk))]
    for row, stars, comment in zip(rows, (4, 1), ("Kind <b>doctor</b>", "Long wait"), strict=True):
        set_status(row, "COMPLETED")
        rate_appointment(RATER, reference=row.reference, rating=stars, comment=comment)
    return rows


def test_ratings_are_listed_filtered_and_escaped(at_desk, rated):
    everything = at_desk.get("/admin/bookings/rating/")
    assert len(everything.context["cl"].result_list) == 2
    assert "Kind &lt;b&gt;doctor&lt;/b&gt;" in everything.text
    assert rated[0].reference in everything.text

    bad = at_desk.get("/admin/bookings/rating/", rating__exact="1")
    assert [row.rating for row in bad.context["cl"].result_list] == [1]
    one = at_desk.get("/admin/bookings/rating/", q=rated[0].reference)
    assert [row.rating for row in one.context["cl"].result_list] == [4]


def test_a_doctor_reads_the_ratings_of_their_own_visits(as_doctor, rated):
    found = as_doctor.get("/admin/bookings/rating/").context["cl"].result_list

    assert [row.rating for row in found] == [4]


def test_nobody_changes_adds_or_removes_a_rating(browser_of, rated):
    row = rated[0].rating
    for role in (Role.ADMIN, Role.DOCTOR):
        browser = browser_of(role)
        page = f"/admin/bookings/rating/{row.pk}/"
        assert browser.get(page + "change/").status_code == 200
        assert browser.post(page + "change/", {"rating": "5"}).status_code == 403
        assert browser.get(page + "delete/").status_code == 403
        assert browser.get("/admin/bookings/rating/add/").status_code == 403
    row.refresh_from_db()
    assert row.rating == 4


def test_an_appointments_page_shows_its_rating_and_its_reason(at_desk, rated):
    rated[0].reason = "Cough"
    rated[0].save()

    text = at_desk.get(f"/admin/bookings/appointment/{rated[0].pk}/change/").text

    assert "★★★★ Kind" in text
    assert "Cough" in text
