"""Names that would break a message, on the cards of booking and moving."""

import pytest

from bookings.models import HealthcareService, Practitioner
from tests.support.booking_chat import booked, instant, tap, tap_day, tap_time, to_summary
from tests.support.catalogue import coming_day
from tests.support.telegram_html import check_reply, plain_text

pytestmark = pytest.mark.usefixtures("in_hospital", "check_up")

HOSTILE = 'Tom & "Jerry" <3 </b> ﷽'


@pytest.mark.parametrize("language", ["th", "en"])
def test_names_full_of_html_are_shown_as_they_are(patient_chat, hospital, check_up, dr_bob, language):
    names = {"name_th": HOSTILE, "name_en": HOSTILE}
    HealthcareService.objects.filter(pk=check_up.pk).update(**names)
    Practitioner.objects.filter(pk=dr_bob.pk).update(**names)
    hospital.name = hospital.address_line1 = HOSTILE
    hospital.save()
    patient_chat.speaks(language)
    to_summary(patient_chat, instant(10))
    assert plain_text(patient_chat.card.text).count(HOSTILE) == 4
    reply = tap(patient_chat, "bc")
    check_reply(reply)
    assert plain_text(patient_chat.card.text).count(HOSTILE) == 4


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_longest_names_fit_into_a_message(patient_chat, check_up, dr_bob, hospital, language):
    longest = "<&>" * 66
    names = {"name_th": longest, "name_en": longest}
    HealthcareService.objects.filter(pk=check_up.pk).update(**names, price="99999999.99")
    Practitioner.objects.filter(pk=dr_bob.pk).update(**names)
    hospital.name = hospital.address_line1 = hospital.address_line2 = longest
    hospital.save()
    patient_chat.speaks(language)
    to_summary(patient_chat, instant(10))
    tap(patient_chat, "bc")
    tap(patient_chat, "am")
    tap_day(patient_chat, coming_day(), action="amd")
    tap_time(patient_chat, instant(14), action="amt")
    tap(patient_chat, "amc")
    assert [row.start for row in booked()] == [instant(14)]
