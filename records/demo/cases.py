"""What made-up patients come with, by the service that they come for; in Thai and in English."""

from dataclasses import dataclass

from records.actions.texts import MedicationPlan
from records.models import RecordType


@dataclass(frozen=True, slots=True)
class Told:
    """One case in one language."""

    title: str
    symptoms: str
    description: str
    diagnosis: str
    plan: str


@dataclass(frozen=True, slots=True)
class Course:
    """What is done about it, for how many days, by its name and instructions in both languages."""

    th: tuple[str, str]
    en: tuple[str, str]
    days: int
    medications: tuple[MedicationPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A reason to come."""

    record_type: RecordType
    th: Told
    en: Told
    course: Course | None = None


def _medicine(name: str, dosage: str, frequency: str, days: int) -> MedicationPlan:
    return {"name": name, "dosage": dosage, "frequency": frequency, "duration": f"{days} days"}


_PRESSURE = Case(
    RecordType.CONSULTATION,
    Told(
        "ความดันโลหิตสูง", "ปวดท้ายทอยตอนเช้า เวียนศีรษะเป็นบางครั้ง", "ความดัน 152/96 วัดซ้ำได้ 150/94 ชีพจร 78",
        "ความดันโลหิตสูงชนิดไม่ทราบสาเหตุ", "ลดเค็ม เดินวันละ 30 นาที วัดความดันที่บ้าน",
    ),
    Told(
        "High blood pressure", "Pain in the back of the head in the morning, sometimes dizzy.",
        "152/96, again 150/94, pulse 78.", "Essential hypertension",
        "Less salt, a walk of 30 minutes a day, measure at home.",
    ),
    Course(
        ("รักษาความดันโลหิตสูง", "วัดความดันทุกเช้าก่อนกินยา"),
        ("Blood pressure", "Measure each morning before the tablet."),
        90, (_medicine("Amlodipine", "5 mg", "once a day", 30),),
    ),
)  # fmt: skip
_THROAT = Case(
    RecordType.CONSULTATION,
    Told(
        "เจ็บคอ มีไข้", "เจ็บคอ กลืนลำบาก มีไข้มาสองวัน", "อุณหภูมิ 38.4 คอแดง ต่อมทอนซิลบวมเล็กน้อย ปอดปกติ",
        "คออักเสบเฉียบพลัน", "พักผ่อน ดื่มน้ำอุ่นมาก ๆ ถ้าไข้ไม่ลดในสามวันให้มาพบแพทย์",
    ),
    Told(
        "Sore throat and fever", "Hurts to swallow, fever for two days.",
        "38.4 °C, throat red, tonsils slightly swollen, lungs clear.", "Acute pharyngitis",
        "Rest and fluids; come again if the fever lasts three days.",
    ),
    Course(
        ("รักษาคออักเสบ", "กินยาหลังอาหาร"), ("Sore throat", "Take after meals."),
        7, (_medicine("Paracetamol", "500 mg", "every 6 hours when needed", 5),),
    ),
)  # fmt: skip
_CHECKUP = Case(
    RecordType.CHECKUP,
    Told(
        "ตรวจสุขภาพประจำปี", "ไม่มีอาการผิดปกติ", "น้ำหนักและความดันปกติ ผลเลือดอยู่ในเกณฑ์ ไขมันสูงเล็กน้อย",
        "สุขภาพโดยรวมดี", "ลดอาหารทอด ตรวจไขมันซ้ำในหกเดือน",
    ),
    Told(
        "Yearly check-up", "No complaints.", "Weight and pressure normal, lipids a little high.",
        "In good health", "Less fried food, lipids again in six months.",
    ),
)  # fmt: skip
_BACK = Case(
    RecordType.PROCEDURE,
    Told(
        "ปวดหลังส่วนล่าง", "นั่งทำงานนาน ปวดหลังเวลาลุก", "กล้ามเนื้อหลังตึง ไม่มีอาการชาลงขา",
        "ปวดหลังจากกล้ามเนื้อ", "บริหารหลังทุกวัน ปรับเก้าอี้ทำงาน",
    ),
    Told(
        "Low back pain", "Hurts when getting up from the desk.", "Tense muscles, no numbness in the legs.",
        "Muscular back pain", "Exercises every day, a better chair.",
    ),
    Course(
        ("กายภาพบำบัดหลัง", "บริหารวันละสองครั้ง ครั้งละสิบนาที"),
        ("Physiotherapy of the back", "Exercises twice a day, ten minutes each."), 42,
    ),
)  # fmt: skip
_SKIN = Case(
    RecordType.CONSULTATION,
    Told(
        "ผื่นคันที่แขน", "คันมากตอนกลางคืน เป็นมาหนึ่งสัปดาห์", "ผื่นแดงแห้งที่ข้อพับแขนทั้งสองข้าง", "ผิวหนังอักเสบภูมิแพ้",
        "ทาโลชั่นวันละสองครั้ง เลี่ยงสบู่แรง",
    ),
    Told(
        "Itching rash on the arms", "Itches badly at night, for a week.", "Red and dry in both elbow folds.",
        "Atopic dermatitis", "Emollient twice a day, mild soap.",
    ),
    Course(
        ("รักษาผื่นแพ้", "ทาบาง ๆ เฉพาะที่เป็นผื่น"), ("Eczema", "A thin layer on the rash alone."),
        14, (_medicine("Hydrocortisone cream 1%", "thin layer", "twice a day", 7),),
    ),
)  # fmt: skip
_CHILD = Case(
    RecordType.CONSULTATION,
    Told(
        "ไอ มีน้ำมูก", "ไอตอนกลางคืน น้ำมูกใส กินได้น้อยลง", "ไม่มีไข้ หายใจปกติ แก้วหูปกติ", "หวัด",
        "ดื่มน้ำบ่อย ๆ ล้างจมูกด้วยน้ำเกลือ",
    ),
    Told(
        "Cough and runny nose", "Coughs at night, eats less.", "No fever, breathes well, ears normal.",
        "Common cold", "Drink often, saline for the nose.",
    ),
)  # fmt: skip
_JAB = Case(
    RecordType.VACCINATION,
    Told("วัคซีนไข้หวัดใหญ่", "", "ฉีดที่ต้นแขนซ้าย เฝ้าดู 30 นาที ไม่มีอาการแพ้", "", "ครั้งต่อไปในหนึ่งปี"),
    Told(
        "Influenza vaccine",
        "",
        "Left upper arm, watched for 30 minutes, no reaction.",
        "",
        "Again in a year.",
    ),
)
_TEETH = Case(
    RecordType.PROCEDURE,
    Told("ขูดหินปูน", "เลือดออกเวลาแปรงฟัน", "เหงือกบวมเล็กน้อย", "เหงือกอักเสบ", "ใช้ไหมขัดฟันทุกวัน"),
    Told(
        "Scaling", "Bleeds when brushing.", "Some tartar, gums slightly swollen.", "Gingivitis",
        "Floss every day, again in six months.",
    ),
)  # fmt: skip
_BLOOD = Case(
    RecordType.LAB_RESULT,
    Told("ผลเลือด", "", "น้ำตาล 131 มก./ดล. HbA1c 7.1%", "เบาหวานชนิดที่ 2", "ควบคุมอาหาร ตรวจซ้ำในสามเดือน"),
    Told("Blood test", "", "Glucose 131 mg/dl, HbA1c 7.1 %.", "Type 2 diabetes", "Diet."),
    Course(
        ("เบาหวานชนิดที่ 2", "กินยาพร้อมอาหาร ตรวจเท้าทุกวัน"),
        ("Type 2 diabetes", "Take with meals, look at your feet every day."),
        180, (_medicine("Metformin", "500 mg", "twice a day", 30),),
    ),
)  # fmt: skip

_BY_SERVICE: dict[str, tuple[Case, ...]] = {
    "blood-test": (_BLOOD, _CHECKUP),
    "dental-cleaning": (_TEETH,),
    "dermatology": (_SKIN,),
    "diabetes-class": (_BLOOD,),
    "general-check-up": (_CHECKUP, _PRESSURE),
    "paediatrics": (_CHILD, _THROAT),
    "physiotherapy": (_BACK,),
    "thai-massage": (_BACK,),
    "vaccination": (_JAB,),
}
_ELSEWHERE = (_THROAT, _PRESSURE, _CHECKUP)


def cases_of(service_slug: str) -> tuple[Case, ...]:
    """What people come to a service with."""
    return _BY_SERVICE.get(service_slug, _ELSEWHERE)
