"""What tests of registering look at."""

from bookings.models import Patient
from telegram_integration.models import TelegramLink
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.support.chat import Chat

MALEE, ALICE = "+66891112222", "+66812345678"


def link_of(chat: Chat) -> TelegramLink:
    return TelegramLink.objects.get(user=chat.user)


def with_phone(hospital) -> None:
    Hospital.objects.filter(pk=hospital.pk).update(phone_number="02 123 4567")
    forget_hospitals()


def patient_of(chat: Chat) -> Patient:
    return Patient.objects.get(pk=link_of(chat).patient_id)
