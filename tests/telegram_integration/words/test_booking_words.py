"""Small words of booking."""

from decimal import Decimal

import pytest
from django.utils import translation

from bookings.models import HealthcareService
from telegram_integration.words.booking import money, phone_line, service_label, with_line
from tenants.models import Hospital


@pytest.mark.parametrize(
    ("price", "currency", "words"),
    [
        ("0", "THB", "0 baht"),
        ("1200", "THB", "1,200 baht"),
        ("1200.50", "THB", "1,200.50 baht"),
        ("1200.00", "USD", "1,200 USD"),
    ],
)
def test_prices_have_hundredths_where_they_have_any(price, currency, words):
    with translation.override("en"):
        assert money(Decimal(price), currency) == words


def test_a_service_without_a_price_says_none():
    service = HealthcareService(name_en="Check-up", duration_minutes=30)
    with translation.override("en"):
        assert service_label(service) == "Check-up · 30 min"


def test_a_line_stands_above_and_is_escaped():
    assert with_line("", "<b>x</b>") == "<b>x</b>"
    assert with_line("1 < 2", "<b>x</b>") == "⚠️ 1 &lt; 2\n\n<b>x</b>"


def test_a_hospital_without_a_number_has_no_line_for_it():
    assert phone_line(Hospital()) == ""
    with translation.override("en"):
        assert phone_line(Hospital(phone_number="02 <1>")) == "\n\nPhone of the hospital: 02 &lt;1&gt;"
