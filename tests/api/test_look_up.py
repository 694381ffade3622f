import pytest

from tests.api.stored import nothing_stored
from tests.api.wire import refusal, send


@pytest.mark.parametrize(
    "spelling",
    [
        str.upper,
        str.lower,
        str.title,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", "").lower(),
    ],
    ids=["upper case", "lower case", "mixed", "without hyphen", "without hyphen in lower case"],
)
def test_a_reference_is_known_in_any_spelling(rest, booked, spelling):
    body = booked()

    answer = rest.get(f"/{spelling(body['reference'])}")

    assert answer.status_code == 200
    assert answer.json() == body


def test_times_and_language_are_the_callers_view_of_one_booking(rest, booked):
    reference = booked()["reference"]

    thai = rest.get(f"/{reference}", headers={"Accept-Language": "th"})

    assert thai.json()["provider"]["name"] == "นพ. บ็อบ"
    assert rest.get(f"/{reference}").json()["provider"]["name"] == "Dr Bob"


@pytest.mark.parametrize("action", ["", ".ics"])
@pytest.mark.parametrize("reference", ["CCCC-CCCC", "cccccccc", "0000-0000"])
def test_an_unknown_reference_is_not_found(rest, check_up, reference, action):
    answer = rest.get(f"/{reference}{action}")

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "booking_not_found"}


@pytest.mark.parametrize(
    "path",
    [
        "/CCCC-CCC", "/CCCC-CCCCC", "/CCCC--CCCC", "/CCCC-CCCÇ", "/CCCC-CCCC/", "/CCCC-CCCC%0A",
        "/CCCC-CCC%00",
        "/..%2Fsearch", "/CCCC-CCCC.ics%0A", "/CCCC-CCCC.pdf", "/CCCC-CCCC/undo", "/", "/nothing",
    ],
)  # fmt: skip
def test_what_cannot_be_a_reference_is_not_found(rest, check_up, path):
    with nothing_stored():
        answer = send(rest, "GET", path)

    refusal(answer, 404, "RESOURCE_NOT_FOUND")


def test_personal_data_is_never_kept_by_whoever_stands_between(rest, booked):
    reference = booked()["reference"]

    for path in (f"/{reference}", f"/{reference}.ics", f"/search?reference={reference}", "/event-types"):
        assert send(rest, "GET", path)["Cache-Control"] == "no-store"
