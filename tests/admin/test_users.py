"""Users in the admin: added with a password, given another one, switched off."""

import pytest

from accounts.models import User
from accounts.permissions import Role
from events.outbox import history_of
from tests.admin.browser import Browser, Controls
from tests.conftest import signed_in
from tests.support.people import PASSWORD
from tests.support.statements import counted
from tests.support.threads import together

LIST = "/admin/accounts/user/"
NEW = {
    "email": "Malee@Ploy.example",
    "role": "NURSE",
    "first_name": "Malee",
    "last_name": "Srisuk",
    "language": "th",
}


def test_a_user_who_is_added_can_sign_in(as_admin, in_hospital):
    answer = as_admin.submit(LIST + "add/", **NEW, password1=PASSWORD, password2=PASSWORD)

    user = User.objects.get(email="malee@ploy.example")
    assert answer["Location"] == f"{LIST}{user.pk}/change/"
    assert (user.role, user.first_name) == (Role.NURSE, "Malee")
    assert signed_in(user, "ploy.localhost").get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("first", "second"), [("short", "short"), ("1234567890", "1234567890"), (PASSWORD, "another"), ("", "")]
)
def test_a_weak_or_mistyped_password_is_refused(as_admin, in_hospital, first, second):
    page = as_admin.submit(LIST + "add/", **NEW, password1=first, password2=second)

    assert "password2" in page.context["adminform"].form.errors
    assert not User.objects.filter(first_name="Malee").exists()


def test_an_address_has_one_account_whatever_its_case(as_admin, people):
    page = as_admin.submit(
        LIST + "add/", **{**NEW, "email": people.nurse.email.upper()}, password1=PASSWORD, password2=PASSWORD
    )

    taken = User._meta.get_field("email").error_messages["unique"]
    assert page.context["adminform"].form.errors["email"] == [taken]


def test_a_password_is_changed_and_the_old_one_is_worth_nothing(as_admin, people):
    nurse = signed_in(people.nurse, "ploy.localhost")

    as_admin.submit(
        f"{LIST}{people.nurse.pk}/password/", password1="quite-another-horse", password2="quite-another-horse"
    )

    assert User.objects.get(pk=people.nurse.pk).check_password("quite-another-horse")
    assert nurse.get("/admin/").status_code == 302
    as_admin.get(LIST)
    (event,) = history_of("user", people.nurse.pk)
    assert (event.type, event.data["fields"], event.changes) == ("user.changed", ["password"], {})
    assert "horse" not in str(event.data)


def test_a_change_of_role_is_recorded_and_names_stay_out(as_admin, people):
    as_admin.submit(f"{LIST}{people.nurse.pk}/change/", role="FRONT_DESK", last_name="Secret")

    (event,) = history_of("user", people.nurse.pk)
    assert event.changes == {"role": ["NURSE", "FRONT_DESK"]}
    assert event.data["fields"] == ["last_name", "role"]
    assert "Secret" not in str(event.data)


def test_a_password_hash_is_on_no_page(as_admin, people):
    page = as_admin.get(f"{LIST}{people.nurse.pk}/change/").text

    assert people.nurse.password not in page
    assert "../password/" in page


def test_nobody_takes_their_own_role_away_or_switches_themselves_off(as_admin, people):
    as_admin.submit(f"{LIST}{people.admin.pk}/change/", role="NURSE", is_active=None, last_name="Still")

    admin = User.objects.get(pk=people.admin.pk)
    assert (admin.role, admin.is_active, admin.last_name) == (Role.ADMIN, True, "Still")


def test_another_administrator_can_be_switched_off_while_there_are_two(as_admin, people):
    second = User.objects.create_user("second@ploy.example", PASSWORD, first_name="Eve", role=Role.ADMIN)

    as_admin.submit(f"{LIST}{second.pk}/change/", is_active=None)

    assert not User.objects.get(pk=second.pk).is_active
    assert User.objects.get(pk=people.admin.pk).is_active


@pytest.mark.parametrize("typed", [{"is_active": None}, {"role": "NURSE"}])
def test_two_administrators_who_remove_each_other_at_once_leave_one(fresh_hospital, typed):
    first, second = (
        User.objects.create_user(f"a{n}@fresh.example", PASSWORD, first_name="A", role=Role.ADMIN)
        for n in (1, 2)
    )

    def ready_to_remove(by, whom):
        browser, path = Browser(signed_in(by, "fresh.localhost"), fresh_hospital), f"{LIST}{whom.pk}/change/"
        values = {**Controls(browser.get(path).text).values, **typed}
        sent = {name: value for name, value in values.items() if value is not None}
        return lambda: browser.post(path, sent)

    answers = together(fresh_hospital, [ready_to_remove(first, second), ready_to_remove(second, first)])

    assert sum(answer.status_code == 302 for answer in answers) >= 1
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1


def test_a_user_who_is_switched_off_is_signed_out(as_admin, people):
    nurse = signed_in(people.nurse, "ploy.localhost")

    as_admin.submit(f"{LIST}{people.nurse.pk}/change/", is_active=None)

    assert nurse.get("/admin/").status_code == 302


def test_people_change_their_own_password(browser_of, people):
    browser = browser_of(Role.NURSE)

    browser.submit(
        "/admin/password_change/",
        old_password=PASSWORD, new_password1="quite-another-horse", new_password2="quite-another-horse",
    )  # fmt: skip

    assert User.objects.get(pk=people.nurse.pk).check_password("quite-another-horse")


def test_on_the_platform_there_are_operators_only(operator):
    page = operator.get(LIST + "add/")

    assert [value for value, _ in page.context["adminform"].form.fields["role"].choices] == [Role.ADMIN]


def test_operators_and_users_of_hospitals_do_not_see_one_another(operator, as_admin, people):
    hospital_users = {row.email for row in as_admin.get(LIST).context["cl"].result_list}
    operators = {row.email for row in operator.get(LIST).context["cl"].result_list}

    assert operators == {"operator@nadmor.example"}
    assert not hospital_users & operators
    assert people.nurse.email in hospital_users


def test_the_desk_cannot_look_users_up_while_choosing(at_desk):
    asked = {"app_label": "bookings", "model_name": "practitioner", "field_name": "user", "term": "a"}

    assert at_desk.get("/admin/autocomplete/", **asked).status_code == 403


def test_a_list_is_not_searched_through_to_password_hashes(at_desk, in_hospital):
    answer = at_desk.get("/admin/bookings/appointment/", practitioner__user__password__startswith="md5")

    assert answer.status_code == 400


def test_the_list_costs_as_many_statements_for_many_users_as_for_few(as_admin, people):
    def cost():
        with counted() as statements:
            assert as_admin.get(LIST).status_code == 200
        return len(statements)

    cost()
    few = cost()
    for number in range(3):
        User.objects.create_user(f"u{number}@ploy.example", PASSWORD, first_name=f"U{number}")

    assert cost() == few
