"""What the `type` of a problem leads to."""

import pytest
from django.test import Client
from django.utils import translation

from api.problems import TITLES
from tests.docs.test_names import documented_reasons


@pytest.mark.parametrize("name", ["outside_hours", "wrong_key", "too_many_requests", "validation_error"])
@pytest.mark.parametrize("language", ["en", "th"])
def test_the_type_of_a_problem_leads_to_words_about_it(db, name, language):
    answer = Client(headers={"accept-language": language}).get(f"/api/problems/{name}")

    said = answer.json()
    assert answer.status_code == 200
    assert said["type"] == f"/api/problems/{name}"
    with translation.override(language):
        assert said["title"] == str(TITLES[said["code"]])


def test_every_reason_has_its_words(db):
    for reason, status in documented_reasons().items():
        assert Client().get(f"/api/problems/{reason}").json()["status"] == status, reason
    assert Client().get("/api/problems/nothing_of_ours").status_code == 404
