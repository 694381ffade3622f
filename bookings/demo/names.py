"""Names of people who do not exist: Thai ones with their romanisation, and some of visitors."""

from typing import NamedTuple

_THAI_WOMEN = """
มาลี Malee, สุดา Suda, วรรณา Wanna, พรทิพย์ Porntip, นภา Napa, กัญญา Kanya,
ดวงใจ Duangjai, รัตนา Rattana, ปราณี Pranee, สมหญิง Somying, วิไล Wilai, ชนิดา Chanida,
ศิริ Siri, อัญชลี Anchalee, บุษบา Butsaba, จินตนา Jintana, ลัดดา Ladda, ปิ่นมณี Pinmanee,
ขวัญใจ Kwanjai, ณิชา Nicha, พิมพ์ใจ Pimjai, สุภาพร Supaporn, อารยา Araya, เพ็ญศรี Pensri,
นวลจันทร์ Nuanchan, กมลวรรณ Kamonwan, ธิดารัตน์ Thidarat, มณีรัตน์ Maneerat, ปาริชาติ Parichat, ชลธิชา Chonticha
"""
_THAI_MEN = """
สมชาย Somchai, ประเสริฐ Prasert, วิชัย Wichai, อนันต์ Anan, สุรชัย Surachai, ธีระ Teera,
กิตติ Kitti, มานะ Mana, ชัยวัฒน์ Chaiwat, ณรงค์ Narong, ปรีชา Preecha, ศักดา Sakda,
วีระ Weera, สมศักดิ์ Somsak, บุญชู Boonchoo, เอกชัย Ekachai, พงศกร Pongsakorn, ธนวัฒน์ Thanawat,
ภาณุ Phanu, ชาญชัย Chanchai, อภิชาติ Apichat, นิรันดร์ Niran, รุ่งโรจน์ Rungroj, ไพศาล Paisan,
จักรพันธ์ Jakkapan, ศุภชัย Supachai, ทวีศักดิ์ Taweesak, กฤษณะ Kritsana, ปกรณ์ Pakorn, ดนัย Danai
"""
_THAI_FAMILIES = """
ศรีสุข Srisuk, ใจงาม Jaingam, ทองคำ Thongkham, แสงจันทร์ Saengchan, บุญมี Boonmee, วงศ์ทอง Wongthong,
สุขสันต์ Suksan, มั่นคง Mankong, รักไทย Rakthai, แก้วมณี Kaewmanee, พูลผล Poonphon, ชูใจ Choojai,
เพชรงาม Petchngam, ดีเลิศ Deelert, ศรีทอง Srithong, นาคสวัสดิ์ Naksawat, จันทร์เพ็ง Chanpeng, สายบัว Saibua,
ปัญญาดี Panyadee, คงทน Khongthon, อินทร์แก้ว Inkaew, สมบูรณ์ Somboon, เจริญผล Charoenphon, พรหมมา Phromma,
วัฒนกุล Wattanakul, รุ่งเรือง Rungrueang, ธรรมดี Thamdee, มีโชค Meechok, หอมหวล Homhuan, ภูผา Phupha,
ลำธาร Lamthan, สวนสน Suanson, ยิ้มแย้ม Yimyaem, เกษมสุข Kasemsuk, ไทรงาม Saingam, ดอกไม้ Dokmai
"""
_VISITING_WOMEN = "Emma Olivia Sophie Hannah Grace Laura Mei Yuki Ingrid Claire Nora Amelia"
_VISITING_MEN = "James Oliver Daniel Lucas Hiroshi Wei Peter Thomas Erik Martin Samuel Noah"
_VISITING_FAMILIES = (
    "Miller Schmidt Tanaka Chen Andersson Dubois Taylor Novak Rossi Walker Jensen Murphy Clark Fischer"
)


class Name(NamedTuple):
    """A first or a family name, as its bearer writes it and in Latin letters."""

    written: str
    latin: str


def _thai(text: str) -> tuple[Name, ...]:
    return tuple(Name(*entry.split()) for entry in text.split(","))


def _latin(text: str) -> tuple[Name, ...]:
    return tuple(Name(name, name) for name in text.split())


THAI_WOMEN, THAI_MEN, THAI_FAMILIES = _thai(_THAI_WOMEN), _thai(_THAI_MEN), _thai(_THAI_FAMILIES)
VISITING_WOMEN, VISITING_MEN = _latin(_VISITING_WOMEN), _latin(_VISITING_MEN)
VISITING_FAMILIES = _latin(_VISITING_FAMILIES)
