"""Demo Hospital: the larger one."""

from datetime import date

from accounts.permissions import Role
from bookings.demo.plan import AccountPlan, HospitalPlan, SpecialtyPlan
from bookings.demo.plans.demo_practitioners import practitioners
from bookings.demo.plans.demo_services import SERVICES

_SPECIALTIES = (
    SpecialtyPlan("general", "เวชปฏิบัติทั่วไป", "General practice"),
    SpecialtyPlan("dentistry", "ทันตกรรม", "Dentistry"),
    SpecialtyPlan("paediatrics", "กุมารเวชกรรม", "Paediatrics"),
    SpecialtyPlan("dermatology", "ตจวิทยา", "Dermatology"),
    SpecialtyPlan("physiotherapy", "กายภาพบำบัด", "Physiotherapy"),
    SpecialtyPlan("obstetrics", "สูติกรรม", "Obstetrics"),
)
_ACCOUNTS = (
    AccountPlan(role=Role.ADMIN, email="admin@demo.example", first_name="อรทัย", last_name="สุขใจ"),
    AccountPlan(
        role=Role.DOCTOR, email="doctor@demo.example", first_name="สมชาย", last_name="ใจดี",
        practitioner="Dr. Somchai Jaidee",
    ),
    AccountPlan(role=Role.NURSE, email="nurse@demo.example", first_name="จันทร์เพ็ญ", last_name="รุ่งเรือง"),
    AccountPlan(role=Role.FRONT_DESK, email="desk@demo.example", first_name="ฝน", last_name="พรหมดี"),
    AccountPlan(role=Role.PATIENT, email="patient@demo.example", first_name="มาลี", last_name="ศรีสุข"),
)  # fmt: skip


def demo_hospital(today: date) -> HospitalPlan:
    """The plan of Demo Hospital as of a day."""
    return HospitalPlan(
        subdomain="demo",
        name="โรงพยาบาลเดโม · Demo Hospital",
        specialties=_SPECIALTIES,
        services=SERVICES,
        practitioners=practitioners(today),
        accounts=_ACCOUNTS,
        patients=900,
        first_phone=66800001000,
        details={
            "registration_number": "DEMO-10001",
            "email": "contact@demo.example.org",
            "phone_number": "+6620000001",
            "address_line1": "99/9 ถนนสาธิต",
            "address_line2": "แขวงตัวอย่าง เขตทดลอง",
            "city": "กรุงเทพมหานคร",
            "state": "กรุงเทพมหานคร",
            "postal_code": "10000",
            "hospital_type": "GENERAL",
        },
    )
