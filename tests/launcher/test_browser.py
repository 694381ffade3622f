"""What is asked of a page while it is being left."""

import pytest

from launcher.browser import Page, _Refused
from launcher.errors import LauncherError


class Pipe:
    """A browser that refuses so many times, and then says what is true."""

    def __init__(self, refusals):
        self.refusals = refusals

    def ask(self, _method, _session, **_parameters):
        if self.refusals:
            self.refusals -= 1
            raise _Refused("Inspected target navigated or closed")
        return {"result": {"value": True}}


def test_a_page_that_is_being_left_is_asked_again():
    pipe = Pipe(refusals=2)

    Page(pipe, "session").wait_for("true", seconds=10)

    assert pipe.refusals == 0


def test_what_never_comes_is_an_error():
    with pytest.raises(LauncherError, match="did not come to: true"):
        Page(Pipe(refusals=1000), "session").wait_for("true", seconds=0.3)
