"""Going through the pages of signing in, and reading what they show once."""

import re
from typing import Any

from django.http import HttpResponse

from accounts.models import User
from tests.admin.browser import Browser
from tests.support.people import PASSWORD
from tests.support.second_factor import Phone

LOGIN, CODE, SET_UP = "/admin/login/", "/admin/login/code/", "/admin/login/set-up/"
BEGIN, GIVE_UP, OWN = "/admin/login/set-up/begin/", "/admin/login/give-up/", "/admin/second-factor/"


def type_password(browser: Browser, user: User, **more: Any) -> HttpResponse:
    return browser.post(LOGIN, {"username": user.email, "password": PASSWORD, **more})


def type_code(browser: Browser, code: str) -> HttpResponse:
    return browser.post(CODE, {"code": code})


def is_in(browser: Browser) -> bool:
    """Whether somebody has signed in, all the way."""
    return browser.get("/admin/password_change/").status_code == 200


def secret_on(page: HttpResponse) -> Phone:
    """A phone that has scanned the page."""
    found = re.search(r'id="secret">([A-Z2-7 ]+)<', page.text)
    assert found, page.text[:500]
    return Phone(found[1])


def codes_on(page: HttpResponse) -> list[str]:
    """The recovery codes that the page shows."""
    return re.findall(r"<li>([0-9A-Z-]{19})</li>", page.text)
