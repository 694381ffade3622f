"""Texts are for people, in their language; codes, reasons and names of fields are for programs, and stay."""

import pytest
from django.utils import translation

from tests.api.operations import OPERATIONS
from tests.api.stored import alter
from tests.api.wire import refusal

THAI_REQUIRED, ENGLISH_REQUIRED = "จำเป็นต้องกรอกช่องนี้", "This field is required."


@pytest.fixture(params=["th", "en"])
def hospital_language(request, hospital) -> str:
    """Ploy speaks it unless it is asked for another."""
    alter(hospital, language=request.param)
    return request.param


def spoken(rest, accept: str | None) -> tuple[str, str, str]:
    """The language of an answer as its header, a name and the text of a refusal tell."""
    if accept is None:
        headers = rest.headers()
        del headers["Accept-Language"]
        listed = rest.client.get(rest.base + "/event-types", headers=headers)
        refused = rest.client.post(rest.base + "/create", {}, "application/json", headers=headers)
    else:
        listed = rest.get("/event-types", headers={"Accept-Language": accept})
        refused = rest.post("/create", {}, headers={"Accept-Language": accept})
    assert listed["Content-Language"] == refused["Content-Language"]
    assert "Accept-Language" in listed["Vary"]
    return (
        listed["Content-Language"],
        listed.json()["results"][0]["providers"][0]["name"],
        refused.json()["error"]["details"]["date"][0],
    )


THAI = ("th", "นพ. บ็อบ", THAI_REQUIRED)
ENGLISH = ("en", "Dr Bob", ENGLISH_REQUIRED)


@pytest.mark.parametrize("accept", [None, "", "*", "fr", "de-DE, ja;q=0.5", "nonsense", "a" * 5000, "\xff"])
def test_without_a_wish_the_hospital_speaks_its_own_language(rest, hospital_language, accept, check_up):
    assert spoken(rest, accept) == {"th": THAI, "en": ENGLISH}[hospital_language]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("th", THAI), ("TH", THAI), ("th-TH", THAI), ("th-TH, en;q=0.5", THAI), ("en;q=0.5, th;q=0.9", THAI),
        ("fr, th;q=0.2", THAI), ("en", ENGLISH), ("en-GB", ENGLISH), ("en-US,en;q=0.9,th;q=0.8", ENGLISH),
    ],
)  # fmt: skip
def test_the_caller_is_spoken_to_in_the_language_they_prefer(
    rest, hospital_language, check_up, accept, expected
):
    assert spoken(rest, accept) == expected


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_reasons_codes_and_fields_do_not_change_with_the_language(rest, hospital, ids, operation):
    nowhere = {"hold": ids["provider"], "entry": ids["provider"]}
    unknown = {**ids, **nowhere, "reference": "CCCC-CCCC", "done": "CCCC-CCCC", "event_type": 2**31 - 1}
    refused = [
        (
            operation.ask(rest, unknown, accept_language=one),
            operation.ask(rest, ids, x_api_key="", accept_language=one),
        )
        for one in ("th", "en")
    ]

    def programs_part(answer) -> object:
        if answer.status_code == 200:  # a list is no refusal, and names in it are in the caller's language
            return None
        body = answer.json()["error"]
        return answer.status_code, body["code"], body["details"]

    thai, english = ([programs_part(answer) for answer in answers] for answers in refused)
    assert thai == english
    for answers, language in zip(refused, ("th", "en"), strict=True):
        assert {answer["Content-Language"] for answer in answers} == {language}


def test_the_text_of_a_refusal_of_the_domain_is_the_one_of_our_catalogue(rest, check_up):
    english = "There is no booking with this reference."
    with translation.override("th"):
        thai = translation.gettext(english)
    assert thai != english

    for language, text in (("th", thai), ("en", english)):
        body = rest.get("/CCCC-CCCC", headers={"Accept-Language": language}).json()
        assert body["error"]["message"] == text


def test_the_language_of_one_request_does_not_colour_the_next(rest, hospital, check_up):
    alter(hospital, language="en")

    assert spoken(rest, "th") == THAI
    assert spoken(rest, None) == ENGLISH


def test_a_replayed_answer_is_the_first_one_whatever_the_language_now(rest, visit):
    first = rest.post("/create", visit(), headers={"Idempotency-Key": "k", "Accept-Language": "th"})
    again = rest.post("/create", visit(), headers={"Idempotency-Key": "k", "Accept-Language": "en"})

    assert first.json()["provider"]["name"] == "นพ. บ็อบ"
    assert again.content == first.content


def test_an_unknown_address_is_told_in_the_callers_language(rest):
    for language in ("th", "en"):
        answer = rest.client.get("/api/nothing", headers={"Accept-Language": language})
        refusal(answer, 404, "RESOURCE_NOT_FOUND")
        assert answer["Content-Language"] == language
