import pytest
from django.utils import translation

from bookings.models import HealthcareService, Practitioner
from bookings.models.naming import in_language


@pytest.mark.parametrize(("language", "name"), [("th", "นพ. บ็อบ"), ("en", "Dr Bob"), ("fr", "Dr Bob")])
def test_a_name_is_in_the_readers_language(language, name):
    with translation.override(language):
        assert Practitioner(name_th="นพ. บ็อบ", name_en="Dr Bob").name == name
        assert str(Practitioner(name_th="นพ. บ็อบ", name_en="Dr Bob")) == name


def test_thai_is_spoken_where_nobody_chose():
    with translation.override(None):
        assert in_language("ไทย", "English") == "ไทย"


@pytest.mark.parametrize(("language", "thai", "english"), [("th", "", "Only"), ("en", "เท่านั้น", "")])
def test_a_text_that_is_missing_is_read_in_the_other_language(language, thai, english):
    with translation.override(language):
        assert in_language(thai, english) == thai + english


def test_a_description_is_in_the_readers_language():
    service = HealthcareService(description_th="ตรวจ", description_en="A look")
    with translation.override("en"):
        assert service.description == "A look"
    with translation.override("th"):
        assert service.description == "ตรวจ"
