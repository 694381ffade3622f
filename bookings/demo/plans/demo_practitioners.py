"""Who works at Demo Hospital, and when: most services are there on all seven days."""

from datetime import date, timedelta

from bookings.demo.plan import SATURDAY, PractitionerPlan, away, coming_weekday, extra, weekly
from bookings.models import PractitionerKind


def practitioners(today: date) -> tuple[PractitionerPlan, ...]:
    """Eleven people and a room."""
    return (
        *_general(today),
        *_children(today),
        *_skin(today),
        *_teeth(today),
        _physiotherapist(today),
        _nurse(),
        _doctor_abroad(today),
        _class_room(),
    )


def _in(today: date, days: int) -> date:
    return today + timedelta(days=days)


def _general(today: date) -> tuple[PractitionerPlan, ...]:
    somchai = PractitionerPlan(
        name_th="นพ. สมชาย ใจดี",
        name_en="Dr. Somchai Jaidee",
        license_number="ว.00001",
        years=18,
        specialties=("general",),
        services=("general-check-up",),
        weekly=weekly("Mon-Fri", "09:00-12:00", "13:00-17:00"),
        exceptions=(
            away(_in(today, -80), 5, "ลาพักร้อน"),
            away(_in(today, 9), 1, "ประชุมวิชาการ", "13:00-17:00"),
            extra(coming_weekday(today, SATURDAY), "คลินิกพิเศษวันเสาร์", "09:00-12:00"),
        ),
        demand=0.42,
    )
    pimchanok = PractitionerPlan(
        name_th="พญ. พิมพ์ชนก ศรีวัฒน์",
        name_en="Dr. Pimchanok Sriwat",
        license_number="ว.00002",
        years=9,
        specialties=("general",),
        services=("general-check-up",),
        weekly=weekly("Wed-Sat", "08:00-12:00", "13:00-16:00") + weekly("Sun", "09:00-12:00", "13:00-15:00"),
        demand=0.39,
    )
    return somchai, pimchanok


def _children(today: date) -> tuple[PractitionerPlan, ...]:
    arunee = PractitionerPlan(
        name_th="พญ. อรุณี วงศ์สวัสดิ์",
        name_en="Dr. Arunee Wongsawat",
        license_number="ว.00003",
        years=22,
        specialties=("paediatrics",),
        services=("paediatrics", "vaccination"),
        weekly=weekly("Mon-Thu", "09:00-12:00", "13:00-16:00") + weekly("Sat", "09:00-12:00", "13:00-15:00"),
        exceptions=(away(_in(today, 12), 5, "ลาพักร้อน"), away(_in(today, -150), 10, "ลาพักร้อน")),
        demand=0.39,
    )
    thanakorn = PractitionerPlan(
        name_th="นพ. ธนากร เพชรรัตน์",
        name_en="Dr. Thanakorn Petcharat",
        license_number="ว.00004",
        years=6,
        specialties=("paediatrics",),
        services=("paediatrics", "vaccination"),
        weekly=weekly("Tue-Fri", "10:00-13:00", "14:00-18:00") + weekly("Sun", "09:00-12:00", "13:00-16:00"),
        demand=0.36,
    )
    return arunee, thanakorn


def _skin(today: date) -> tuple[PractitionerPlan, ...]:
    changed = _in(today, -60)
    kamonchanok = PractitionerPlan(
        name_th="พญ. กมลชนก ทองดี",
        name_en="Dr. Kamonchanok Thongdee",
        license_number="ว.00005",
        years=14,
        specialties=("dermatology",),
        services=("dermatology",),
        weekly=weekly("Mon Wed Fri", "09:00-12:00", "13:00-17:00"),
        exceptions=(away(_in(today, 20), 3, "ประชุมต่างประเทศ"),),
        demand=0.49,
    )
    # Piya's mornings became afternoons two months ago; his evening clinic is a trial of half a year.
    piya = PractitionerPlan(
        name_th="นพ. ปิยะ มณีวงศ์",
        name_en="Dr. Piya Maneewong",
        license_number="ว.00006",
        years=11,
        specialties=("dermatology", "general"),
        services=("dermatology", "tele-consultation"),
        weekly=weekly("Tue Thu Sat Sun", "08:30-12:00", valid_until=changed)
        + weekly("Tue Thu Sat Sun", "09:00-12:00", "13:00-16:00", valid_from=_in(changed, 1))
        + weekly("Tue Thu", "17:00-20:00", valid_from=_in(changed, 1), valid_until=_in(today, 120)),
        demand=0.39,
    )
    return kamonchanok, piya


def _teeth(today: date) -> tuple[PractitionerPlan, ...]:
    natthida = PractitionerPlan(
        name_th="ทพญ. ณัฐธิดา บุญมา",
        name_en="Dr. Natthida Boonma, DDS",
        license_number="ท.00001",
        years=16,
        specialties=("dentistry",),
        services=("dental-cleaning",),
        weekly=weekly("Mon-Fri", "09:00-12:00", "13:00-18:00"),
        exceptions=(away(_in(today, 3), 1, "ซ่อมเก้าอี้ทำฟัน", "13:00-18:00"),),
        demand=0.42,
    )
    worapol = PractitionerPlan(
        name_th="ทพ. วรพล แก้วใส",
        name_en="Dr. Worapol Kaewsai, DDS",
        license_number="ท.00002",
        years=7,
        specialties=("dentistry",),
        services=("dental-cleaning",),
        weekly=weekly("Thu-Sun", "10:00-13:00", "14:00-19:00"),
        exceptions=(away(_in(today, 7), 2, "สัมมนาทันตแพทย์"),),
        demand=0.39,
    )
    return natthida, worapol


def _physiotherapist(today: date) -> PractitionerPlan:
    return PractitionerPlan(
        name_th="กภ. ศิริพร สุขเกษม",
        name_en="Siriporn Sukkasem, PT",
        kind=PractitionerKind.THERAPIST,
        license_number="ก.00001",
        years=12,
        specialties=("physiotherapy",),
        services=("physiotherapy",),
        weekly=weekly("Mon-Fri", "08:00-12:00", "13:00-16:30") + weekly("Sat", "09:00-12:00", "13:00-15:00"),
        exceptions=(away(_in(today, -30), 2, "ลาป่วย"),),
        demand=0.39,
    )


def _nurse() -> PractitionerPlan:
    return PractitionerPlan(
        name_th="พว. จันทร์เพ็ญ รุ่งเรือง",
        name_en="Chanpen Rungrueang, RN",
        kind=PractitionerKind.NURSE,
        license_number="พ.00001",
        years=20,
        specialties=("general",),
        services=("vaccination",),
        weekly=weekly("Mon-Sat", "08:00-12:00", "13:00-16:00"),
        demand=0.26,
    )


def _doctor_abroad(today: date) -> PractitionerPlan:
    """His evenings on New York's clocks begin at six in Thailand in summer, at seven in winter."""
    return PractitionerPlan(
        name_th="นพ. เดวิด อมรชัย",
        name_en="Dr. David Amornchai",
        license_number="ว.00007",
        years=25,
        specialties=("general",),
        services=("tele-consultation",),
        weekly=weekly("Mon-Sun", "19:00-22:00") + weekly("Mon-Fri", "07:00-09:00"),
        exceptions=(away(_in(today, 25), 2, "เดินทาง"),),
        zone="America/New_York",
        demand=0.26,
    )


def _class_room() -> PractitionerPlan:
    return PractitionerPlan(
        name_th="ห้องเรียนสุขภาพ ชั้น 2",
        name_en="Health classroom, 2nd floor",
        kind=PractitionerKind.ROOM,
        specialties=("obstetrics",),
        services=("prenatal-class",),
        weekly=weekly("Tue Thu", "10:00-11:30", "13:30-15:00") + weekly("Sat Sun", "13:00-14:30"),
        demand=0.39,
    )
