"""One's own second factor, in the menu; and a colleague's who has lost the phone."""

import re

import pytest

from accounts.models import User
from accounts.second_factor.models import TotpDevice
from accounts.second_factor.state import codes_left, device_of
from events.models import Event
from tests.admin.browser import Browser
from tests.admin.signing_in import CODE, LOGIN, OWN, codes_on, is_in, secret_on, type_code, type_password
from tests.support.people import PASSWORD
from tests.support.second_factor import give_phone


# ── one's own page ────────────────────────────────────────────────────────────
@pytest.fixture
def own(half, phone) -> Browser:
    """Fon's browser, signed in with her phone."""
    type_code(half, phone.code())
    return half


def proof(phone, n=0):
    return {"password": PASSWORD, "code": phone.recovery_codes[n]}


def test_it_is_set_up_by_whoever_wants_to(at_desk, people):
    assert "You have no second factor." in at_desk.get(OWN).text
    assert OWN in at_desk.get("/admin/").text
    at_desk.post(OWN + "begin/", {})
    phone = secret_on(at_desk.get(OWN + "set-up/"))

    done = at_desk.post(OWN + "set-up/", {"code": phone.code()})

    assert len(codes_on(done)) == 10
    assert "no-store" in done["Cache-Control"]
    assert "10 of 10" in at_desk.get(OWN).text
    assert not set(codes_on(at_desk.get(OWN + "set-up/"))) & set(codes_on(done))


def test_recovery_codes_are_made_anew_with_password_and_code(own, phone):
    page = own.post(OWN + "codes/", proof(phone))

    assert len(codes_on(page)) == 10
    assert not set(codes_on(page)) & set(phone.recovery_codes)
    assert Event.objects.latest("id").type == "user.recovery_codes_made"


@pytest.mark.parametrize("page", ["codes/", "replace/", "remove/"])
@pytest.mark.parametrize("wrong", ["password", "code"])
def test_nothing_is_changed_without_both(own, fon, phone, page, wrong):
    left = codes_left(fon)

    answer = own.post(OWN + page, {**proof(phone), wrong: "0" * 16})

    assert answer.status_code == 200
    assert not codes_on(answer)
    assert wrong in answer.context["form"].errors
    assert codes_left(fon) == left
    assert not TotpDevice.objects.filter(user=fon, confirmed=False).exists()


def test_it_is_given_up_with_password_and_code(own, fon, phone):
    answer = own.post(OWN + "remove/", proof(phone))

    assert answer["Location"] == OWN
    assert device_of(fon) is None
    assert is_in(own)
    assert Event.objects.latest("id").type == "user.second_factor_removed"


def test_where_it_is_required_it_is_not_given_up_but_replaced(own, fon, phone, required):
    page = own.get(OWN).text
    assert "remove/" not in page
    assert "A second factor is required here" in own.post(OWN + "remove/", proof(phone)).text
    assert device_of(fon) is not None

    assert own.post(OWN + "replace/", proof(phone, 1))["Location"] == OWN + "set-up/"
    new = secret_on(own.get(OWN + "set-up/"))
    assert codes_on(own.post(OWN + "set-up/", {"code": new.code()}))
    assert is_in(own)


def test_another_secret_is_not_begun_past_the_proof(own, fon):
    assert own.post(OWN + "begin/", {})["Location"] == OWN + "replace/"
    assert not TotpDevice.objects.filter(user=fon, confirmed=False).exists()


def test_wrong_passwords_on_these_pages_lock_out_too(own, fon, phone):
    answers = [own.post(OWN + "remove/", {**proof(phone), "password": "wrong"}).status_code for _ in range(5)]

    assert answers == [200] * 4 + [429]


# ── a colleague's phone is lost ───────────────────────────────────────────────
def user_page(user):
    return f"/admin/accounts/user/{user.pk}/"


def test_an_administrator_resets_it_and_the_sessions_end(own, as_admin, fon):
    assert "Set up" in as_admin.get(user_page(fon) + "change/").text
    assert as_admin.get(user_page(fon) + "reset-second-factor/").status_code == 200
    assert device_of(fon) is not None

    answer = as_admin.post(user_page(fon) + "reset-second-factor/", {})

    assert answer["Location"] == user_page(fon) + "change/"
    assert not is_in(own)
    assert own.get(LOGIN).status_code == 200
    type_password(own, fon)
    assert is_in(own)
    event = Event.objects.filter(subject_id=str(fon.pk)).latest("id")
    assert (event.type, event.actor_role, event.data) == ("user.second_factor_reset", "ADMIN", {})


def test_nobody_resets_their_own_and_nobody_but_administrators_anybody_s(
    as_admin, at_desk, people, in_hospital
):
    give_phone(User.objects.get(pk=people.nurse.pk))

    assert as_admin.post(user_page(people.admin) + "reset-second-factor/", {}).status_code == 403
    assert as_admin.post(user_page(people.doctor) + "reset-second-factor/", {}).status_code == 403
    assert at_desk.post(user_page(people.nurse) + "reset-second-factor/", {}).status_code == 403
    assert "reset-second-factor" not in as_admin.get(user_page(people.doctor) + "change/").text
    assert "reset-second-factor" in as_admin.get(user_page(people.nurse) + "change/").text


# ── care ──────────────────────────────────────────────────────────────────────
def test_no_page_of_it_is_kept_by_anybody(browser, fon, phone, own):
    for path in (OWN, OWN + "set-up/", OWN + "codes/"):
        assert "no-store" in own.get(path)["Cache-Control"]
    own.post("/admin/logout/", {})
    type_password(own, fon)
    page = own.get(CODE)
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"


def test_the_pages_speak_thai_and_load_nothing_from_elsewhere(half):
    page = half.get(CODE, language="th")

    assert '<html lang="th"' in page.text
    assert re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]*)"', page.text) == []
    assert re.findall(r"<[^>]+ on\w+=", page.text) == []
