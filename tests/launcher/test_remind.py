from launcher.remind import remind
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.notices import fates


def test_the_newest_booking_is_reminded_of_without_waiting_for_its_hour(hospital, desk, check_up, mailoutbox):
    book(desk, check_up, at(9), guest=guest(email="anan@example.com"))
    newest = book(desk, check_up, at(10), guest=guest(email="malee@example.com"))

    remind(hospital.subdomain)

    assert fates() == [(newest.start, "SENT", "")]
    assert [mail.to for mail in mailoutbox] == [["malee@example.com"]]
