"""Which columns a table may have, and what people call them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.exchange.errors import HeadingsUnknown

# Titles that nobody knows are named, some of them, as long as a title is.
MOST_NAMED, LONGEST_TITLE = 10, 40


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field that it fills, its title, what else it is called, and how it is filled in."""

    name: str
    title: str | Promise
    also: tuple[str, ...] = ()
    hint: str | Promise = ""
    needed: bool = False


PATIENT_COLUMNS: tuple[Column, ...] = (
    Column(
        "name", _("Name"),
        ("name", "full name", "patient", "patient name", "ชื่อ", "ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อนามสกุล",
         "ชื่อสกุล", "ชื่อผู้ป่วย", "ผู้ป่วย"),
        _("Needed. First and last name, with or without a title."), needed=True,
    ),
    Column(
        "phone_number", _("Phone number"),
        ("phone", "phone number", "telephone", "tel", "mobile", "mobile phone", "โทรศัพท์", "เบอร์โทร",
         "เบอร์โทรศัพท์", "หมายเลขโทรศัพท์", "โทร", "เบอร์มือถือ", "มือถือ"),
        _("However it is written. A phone number or a hospital number is needed."),
    ),
    Column("email", _("E-mail"), ("email", "e-mail", "mail", "อีเมล", "อีเมล์")),
    Column(
        "hospital_number", _("Hospital number"),
        ("hn", "h.n.", "hospital number", "hospital no", "เลขประจำตัวผู้ป่วย", "หมายเลขผู้ป่วย", "เลขที่ผู้ป่วย",
         "เลขประจำตัวโรงพยาบาล", "เลขที่โรงพยาบาล", "เลข hn"),
    ),
    Column(
        "date_of_birth", _("Date of birth"),
        ("date of birth", "birth date", "birthdate", "birthday", "dob", "born", "วันเกิด", "วันเดือนปีเกิด",
         "ว/ด/ป เกิด"),
        _("DD/MM/YYYY or YYYY-MM-DD; a Buddhist year is understood too."),
    ),
    Column(
        "language", _("Language"), ("language", "lang", "ภาษา"),
        _("th or en; for new patients alone. Left empty, it is the hospital's."),
    ),
)  # fmt: skip

PRACTITIONER_COLUMNS: tuple[Column, ...] = (
    Column(
        "name_th", _("Name (Thai)"),
        ("name_th", "thai name", "name th", "name (thai)", "ชื่อ", "ชื่อไทย", "ชื่อภาษาไทย", "ชื่อ (ไทย)",
         "ชื่อ-สกุล"),
        _("One of the two names is needed; it stands for both where the other is empty."),
    ),
    Column(
        "name_en", _("Name (English)"),
        ("name_en", "name", "english name", "name en", "name (english)", "ชื่ออังกฤษ", "ชื่อภาษาอังกฤษ",
         "ชื่อ (อังกฤษ)"),
    ),
    Column(
        "kind", _("Kind"), ("kind", "type", "role", "ประเภท", "ชนิด"),
        _("doctor, nurse, therapist or room. Left empty, it is a doctor."),
    ),
    Column(
        "specialties", _("Specialties"),
        ("specialties", "specialty", "speciality", "specialty codes", "ความเชี่ยวชาญ", "สาขา", "แผนก",
         "รหัสสาขา", "รหัสความเชี่ยวชาญ"),
        _("Codes of specialties with commas between them; the first is the primary one."),
    ),
    Column(
        "license_number", _("Licence number"),
        ("licence number", "license number", "licence", "license", "license_number", "เลขที่ใบอนุญาต",
         "เลขใบอนุญาต", "เลขที่ใบประกอบวิชาชีพ", "ใบอนุญาต", "เลข ว."),
    ),
    Column(
        "years_of_experience", _("Years of experience"),
        ("years", "years of experience", "experience", "ประสบการณ์", "ประสบการณ์ (ปี)", "จำนวนปี", "ปีประสบการณ์"),
    ),
    Column(
        "is_bookable", _("Bookable"), ("bookable", "is_bookable", "เปิดให้จอง", "จองได้", "รับจอง"),
        _("yes or no. Left empty, it is yes."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Headings:
    """Which field stands in which place of a row, and the titles that nobody knows."""

    places: dict[int, str]
    unknown: list[str] = field(default_factory=list)


def key_of(title: str) -> str:
    """What is compared of a title: letters and digits alone, in small letters, of one width."""
    # Marks over Thai vowels are letters' parts; only what separates words goes.
    return re.sub(r"[\s\-_/.()*:]+", "", unicodedata.normalize("NFKC", title).casefold())


def known_in(titles: Sequence[str], columns: Sequence[Column]) -> int:
    """How many titles name a column."""
    names = _names(columns)
    return sum(key_of(title) in names for title in titles)


def understand(titles: Sequence[str], columns: Sequence[Column]) -> Headings:
    """Read the titles of a table, in any order and in either language.

    Raises `HeadingsUnknown` where a needed column is missing, no column is known, or one is there twice.
    """
    names = _names(columns)
    places = {place: names[key_of(title)] for place, title in enumerate(titles) if key_of(title) in names}
    found = list(places.values())
    missing = [column.name for column in columns if column.needed and column.name not in found]
    repeated = sorted({name for name in found if found.count(name) > 1})
    if not found or missing or repeated:
        raise HeadingsUnknown(missing=missing, repeated=repeated)
    unknown = [title[:LONGEST_TITLE] for place, title in enumerate(titles) if title and place not in places]
    return Headings(places, unknown[:MOST_NAMED])


def _names(columns: Sequence[Column]) -> dict[str, str]:
    """What a column may be called, in the form that is compared → its field; the field's own name too."""
    return {
        key_of(str(title)): column.name
        for column in columns
        for title in (column.name, column.title, *column.also)
    }
