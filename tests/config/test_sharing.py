"""How the tests are handed out to parallel workers."""

from pathlib import Path

from tests.support.sharing import SHARED, place_of

ROOT = Path(__file__).resolve().parents[2]


def test_every_place_that_tests_share_is_there():
    assert [place for place in SHARED if not (ROOT / place).exists()] == []


def test_what_shares_a_place_goes_together_and_all_else_alone():
    one, other = "tests/live/test_storm.py::test_a", "tests/live/test_limits.py::test_b[x]"

    assert place_of(one) == place_of(other) == "tests/live/"
    assert place_of("tests/api/test_search.py::test_a") == "tests/api/test_search.py::test_a"


def test_the_workers_of_this_run_are_handed_out_so(pytestconfig):
    # Also without parallel workers: what would be asked for a scheduler.
    (hand_out,) = pytestconfig.hook.pytest_xdist_make_scheduler.get_hookimpls()[-1:]

    assert hand_out.plugin_name.endswith("tests/conftest.py")
