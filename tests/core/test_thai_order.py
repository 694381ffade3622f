"""Names in the order of a Thai dictionary, the same in Python and in PostgreSQL."""

import random

import pytest
from django.utils import translation

from accounts.models import User
from bookings.models import PractitionerSpecialty, Specialty
from core.thai_order import in_thai_order, thai_key

# As a dictionary has them: by the first consonant, whatever vowel is written before it; tone marks come last.
IN_ORDER = [
    "Anan", "bob", "Carl", "กนก", "กมล", "กระต่าย", "กา", "กาแฟ", "กิตติ", "เก่ง", "เกษม", "แก้ว", "โกวิท", "ไก่",
    "ขวัญ", "เขียว", "คน", "จอย", "จันทร์", "เจน", "ชัย", "ดวง", "ธนา", "นาง", "ปลา", "ปล้า", "พร", "เพชร", "มานี",
    "รัก", "ฤดี", "ลำไย", "วัน", "ศรี", "สมชาย", "สมหญิง", "เสรี", "แสง", "หญิง", "อนงค์", "เอก", "โอ๋",
]  # fmt: skip


@pytest.fixture
def sorted_by_the_database(db):
    def ordered(names: list[str]) -> list[str]:
        for number, name in enumerate(names):
            User.objects.create_user(f"{number}@order.example", None, first_name=name)
        rows = User.objects.filter(email__endswith="@order.example").order_by(in_thai_order("first_name"))
        return list(rows.values_list("first_name", flat=True))

    return ordered


def test_names_stand_as_in_a_dictionary():
    mixed = random.Random(7).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(mixed, key=thai_key) == IN_ORDER
    assert sorted(mixed) != IN_ORDER, "the order of code points is another one"


def test_the_database_orders_names_likewise(sorted_by_the_database):
    mixed = random.Random(7).sample(IN_ORDER, len(IN_ORDER))
    assert sorted_by_the_database(mixed) == IN_ORDER


@pytest.mark.parametrize(
    ("first", "second"),
    [("ปลา", "ปล้า"), ("กา", "กาแฟ"), ("แก", "แก้ว"), ("เก", "ขา"), ("สมชาย แจ่ม", "สมชาย ใจดี"), ("", "ก")],
)
def test_one_name_comes_before_another(first, second):
    assert thai_key(first) < thai_key(second)


@pytest.mark.parametrize(
    ("language", "expected"), [("th", ["ก", "B only", "ข"]), ("en", ["Anan", "B only", "Zara"])]
)
def test_rows_with_two_names_stand_by_the_one_that_is_read(in_hospital, language, expected):
    for thai, english in (("ก", "Zara"), ("ข", "Anan"), ("", "B only")):
        Specialty.objects.create(code=english, name_th=thai, name_en=english)
    with translation.override(language):
        assert [row.name for row in Specialty.objects.all()] == sorted(expected, key=thai_key)


def test_rows_can_be_sorted_by_the_names_of_what_they_belong_to(in_hospital, people):
    rows = PractitionerSpecialty.objects.order_by("specialty")
    assert "regexp_replace" in str(rows.query)
    assert list(rows) == []


def test_no_two_different_names_share_a_place():
    assert len({thai_key(name) for name in IN_ORDER}) == len(IN_ORDER)
