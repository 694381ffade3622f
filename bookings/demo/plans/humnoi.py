"""Humnoi Hospital: the smaller one, with people of its own, so that it can be seen that nothing leaks."""

from datetime import date, timedelta

from accounts.permissions import Role
from bookings.demo.plan import (
    EVERYBODY,
    AccountPlan,
    Audience,
    HospitalPlan,
    PractitionerPlan,
    ServicePlan,
    SpecialtyPlan,
    away,
    weekly,
)
from bookings.models import PractitionerKind

_SPECIALTIES = (
    SpecialtyPlan("family", "เวชศาสตร์ครอบครัว", "Family medicine"),
    SpecialtyPlan("thai-medicine", "แพทย์แผนไทย", "Thai traditional medicine"),
    SpecialtyPlan("laboratory", "ห้องปฏิบัติการ", "Laboratory"),
)
_SERVICES = (
    ServicePlan(
        slug="family-doctor",
        name_th="พบแพทย์ประจำครอบครัว",
        name_en="Family doctor",
        description_th="ตรวจรักษาโรคทั่วไปของทุกคนในครอบครัว",
        description_en="Common illnesses of everybody in the family.",
        specialty="family",
        price=300,
        colour="#0f766e",
        duration=20,
        interval=20,
        notice=30,
        audience=EVERYBODY,
    ),
    ServicePlan(
        slug="thai-massage",
        name_th="นวดแผนไทยเพื่อการรักษา",
        name_en="Therapeutic Thai massage",
        description_th="นวดรักษาอาการปวดโดยแพทย์แผนไทย พร้อมประคบสมุนไพร",
        description_en="For pain, with a herbal compress.",
        specialty="thai-medicine",
        price=400,
        colour="#4d7c0f",
        duration=60,
        interval=30,
        buffer_after=15,
        notice=120,
    ),
    ServicePlan(
        slug="blood-test",
        name_th="เจาะเลือด",
        name_en="Blood test",
        description_th="งดน้ำและอาหาร 8 ชั่วโมงก่อนเจาะเลือด",
        description_en="Please do not eat or drink for eight hours before.",
        specialty="laboratory",
        price=150,
        colour="#b91c1c",
        duration=10,
        interval=10,
        notice=0,
        horizon_days=60,
    ),
    ServicePlan(
        slug="diabetes-class",
        name_th="ชั้นเรียนเบาหวาน (กลุ่ม)",
        name_en="Diabetes class (group)",
        description_th="เรียนรู้เรื่องอาหารและการดูแลเท้า กลุ่มละไม่เกิน 12 คน",
        description_en="Food and the care of feet, in a group of twelve at most.",
        specialty="family",
        price=0,
        colour="#7e22ce",
        duration=60,
        interval=60,
        notice=24 * 60,
        horizon_days=90,
        capacity=12,
        audience=Audience(35, 120),
    ),
)
_ACCOUNTS = (
    AccountPlan(role=Role.ADMIN, email="admin@humnoi.example", first_name="ประภา", last_name="ทองมาก"),
    AccountPlan(
        role=Role.DOCTOR, email="doctor@humnoi.example", first_name="อารีย์", last_name="บุญยืน",
        practitioner="Dr. Aree Boonyuen",
    ),
    AccountPlan(role=Role.NURSE, email="nurse@humnoi.example", first_name="สายฝน", last_name="จิตดี"),
    AccountPlan(role=Role.FRONT_DESK, email="desk@humnoi.example", first_name="ก้อย", last_name="แสนสุข"),
    AccountPlan(role=Role.PATIENT, email="patient@humnoi.example", first_name="บุญมา", last_name="ภูผา"),
)  # fmt: skip


def humnoi_hospital(today: date) -> HospitalPlan:
    """The plan of Humnoi Hospital as of a day."""
    return HospitalPlan(
        subdomain="humnoi",
        name="Humnoi Hospital",
        specialties=_SPECIALTIES,
        services=_SERVICES,
        practitioners=_practitioners(today),
        accounts=_ACCOUNTS,
        patients=160,
        first_phone=66800005000,
        details={
            "registration_number": "DEMO-10002",
            "email": "contact@humnoi.example.org",
            "phone_number": "+6642000002",
            "address_line1": "1 ถนนสมมติ",
            "city": "อำเภอตัวอย่าง",
            "state": "จังหวัดสมมติ",
            "postal_code": "40000",
            "hospital_type": "COMMUNITY",
        },
    )


def _practitioners(today: date) -> tuple[PractitionerPlan, ...]:
    return (*_doctors(today), *_staff())


def _doctors(today: date) -> tuple[PractitionerPlan, ...]:
    aree = PractitionerPlan(
        name_th="พญ. อารีย์ บุญยืน",
        name_en="Dr. Aree Boonyuen",
        license_number="ว.00101",
        years=27,
        specialties=("family",),
        services=("family-doctor",),
        weekly=weekly("Mon-Fri", "08:30-12:00", "13:00-16:00"),
        exceptions=(away(today + timedelta(days=5), 1, "ออกหน่วยแพทย์เคลื่อนที่"),),
        demand=0.06,
    )
    kasem = PractitionerPlan(
        name_th="นพ. เกษม นาดี",
        name_en="Dr. Kasem Nadee",
        license_number="ว.00102",
        years=8,
        specialties=("family",),
        services=("family-doctor",),
        weekly=weekly("Tue Thu Sat", "09:00-12:00", "13:00-15:00"),
        demand=0.06,
    )
    return aree, kasem


def _staff() -> tuple[PractitionerPlan, ...]:
    bua = PractitionerPlan(
        name_th="พท. บัว ลำธาร",
        name_en="Bua Lamthan, Thai traditional doctor",
        kind=PractitionerKind.THERAPIST,
        license_number="พท.00101",
        years=15,
        specialties=("thai-medicine",),
        services=("thai-massage",),
        weekly=weekly("Mon-Sat", "09:00-12:00", "13:00-16:00"),
        demand=0.1,
    )
    saifon = PractitionerPlan(
        name_th="พว. สายฝน จิตดี",
        name_en="Saifon Jitdee, RN",
        kind=PractitionerKind.NURSE,
        license_number="พ.00101",
        years=10,
        specialties=("laboratory",),
        services=("blood-test",),
        weekly=weekly("Mon-Fri", "07:00-10:00"),
        demand=0.05,
    )
    hall = PractitionerPlan(
        name_th="ศาลาสุขภาพ",
        name_en="Health pavilion",
        kind=PractitionerKind.ROOM,
        specialties=("family",),
        services=("diabetes-class",),
        weekly=weekly("Wed", "10:00-11:00", "13:30-14:30"),
        demand=0.25,
    )
    return bua, saifon, hall
