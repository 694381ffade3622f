"""Browsers of the people of Ploy."""

from tests.admin.conftest import as_admin, as_doctor, at_desk, browser_of

__all__ = ["as_admin", "as_doctor", "at_desk", "browser_of"]
