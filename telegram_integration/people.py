"""Who writes to us: found by one statement, made when they come for the first time."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from core import clock
from telegram_integration.models import TelegramBot, TelegramChat, TelegramLink, TelegramUser
from telegram_integration.reading import Sender
from tenants.directory import hospital_by_schema, hospital_by_subdomain
from tenants.errors import HospitalInactive, HospitalNotFound
from tenants.models import Hospital

# `last_active` is for the statistics; writing it at each tap would cost more than the tap.
ACTIVE_FOR = timedelta(minutes=5)

# One statement for each update: two hundred people tap at once. The hospital is the one at hand, else the
# one that they chose, else the one that everybody starts with.
_FIND = """
SELECT u.*, c.id AS chat_key, c.blocked_at AS chat_blocked_at, h.schema_name AS schema_at_hand,
       l.patient_id AS patient_at_hand
  FROM telegram_users u
  LEFT JOIN telegram_chats c ON c.user_id = u.id AND c.bot_id = %s
  LEFT JOIN tenants_hospital h ON h.id = COALESCE(%s, u.hospital_id, %s)
  LEFT JOIN telegram_links l ON l.user_id = u.id AND l.hospital_id = h.id
 WHERE u.telegram_id = %s
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A user, the hospital at hand, and the patient that they are there.

    `hospital` is None where there is none, or it is switched off.
    """

    user: TelegramUser
    hospital: Hospital | None = None
    patient_id: UUID | None = None


def find_person(bot: TelegramBot, sender: Sender, *, hospital_id: int | None = None) -> Person:
    """Whoever wrote to a bot, at a hospital (`hospital_id`) or the one that they chose. Makes their rows."""
    row = _find(bot, sender, hospital_id)
    if row is None or row.chat_key is None:
        _make(bot, sender)
        row = _find(bot, sender, hospital_id)
    else:
        _keep_up(row, sender)
    hospital = _hospital_of(row.schema_at_hand)
    return Person(row, hospital, row.patient_at_hand if hospital else None)


def _find(bot: TelegramBot, sender: Sender, hospital_id: int | None) -> Any:
    """The user's row with what `_FIND` adds to it, or None."""
    at_hand = bot.hospital_id or hospital_id or None
    parameters = [bot.pk, at_hand, _first_hospital_id(), sender.telegram_id]
    return next(iter(TelegramUser.objects.raw(_FIND, parameters)), None)


def _first_hospital_id() -> int | None:
    """The hospital of whoever has chosen none."""
    try:
        return int(hospital_by_subdomain(settings.DEFAULT_SUBDOMAIN).pk)
    except (HospitalNotFound, HospitalInactive):
        return None


def _hospital_of(schema: str | None) -> Hospital | None:
    try:
        return hospital_by_schema(schema) if schema else None
    except (HospitalNotFound, HospitalInactive):
        return None


@transaction.atomic
def _make(bot: TelegramBot, sender: Sender) -> None:
    """The rows of somebody new; two updates at once make them once."""
    fresh = TelegramUser(telegram_id=sender.telegram_id, telegram_username=sender.username)
    TelegramUser.objects.bulk_create([fresh], ignore_conflicts=True)
    user = TelegramUser.objects.only("pk").get(telegram_id=sender.telegram_id)
    TelegramChat.objects.bulk_create([TelegramChat(bot=bot, user=user)], ignore_conflicts=True)


def _keep_up(row: Any, sender: Sender) -> None:
    """Write what changed about somebody: their user name, that they are here, that they let us in again."""
    is_stale = clock.now() - row.last_active > ACTIVE_FOR
    if is_stale or row.telegram_username != sender.username:
        TelegramUser.objects.filter(pk=row.pk).update(
            telegram_username=sender.username, last_active=clock.now()
        )
    if row.chat_blocked_at is not None:
        TelegramChat.objects.filter(pk=row.chat_key).update(blocked_at=None)


def note_blocking(bot: TelegramBot, telegram_id: int, *, has_blocked: bool) -> None:
    """Remember that somebody shut the bot out, or let it in again."""
    at = clock.now() if has_blocked else None
    TelegramChat.objects.filter(bot=bot, user__telegram_id=telegram_id).update(blocked_at=at)


def choose_language(user: TelegramUser, language: str) -> None:
    """Speak that language (th or en) to them from now on."""
    user.language = language
    TelegramUser.objects.filter(pk=user.pk).update(language=language)


def choose_hospital(user: TelegramUser, hospital: Hospital) -> None:
    """What they do from now on is about that hospital."""
    if user.hospital_id != hospital.pk:
        user.hospital = hospital
        TelegramUser.objects.filter(pk=user.pk).update(hospital=hospital)


def patient_of(user: TelegramUser, hospital: Hospital) -> UUID | None:
    """The patient that they are in a hospital."""
    links = TelegramLink.objects.filter(user=user, hospital=hospital)
    return links.values_list("patient_id", flat=True).first()


@transaction.atomic
def unlink(user: TelegramUser, hospital: Hospital) -> None:
    """Untie a user from the patient of a hospital. After the last one nothing personal is kept of them."""
    TelegramLink.objects.filter(user=user, hospital=hospital).delete()
    if not TelegramLink.objects.filter(user=user).exists():
        user.name, user.phone_number, user.is_verified = "", "", False
        user.save(update_fields=["name", "phone_number", "is_verified"])


def link_patient(user: TelegramUser, hospital: Hospital, patient_id: UUID, *, proof: str) -> None:
    """Tie a user to a patient; whoever was tied to that patient before is so no more.

    Belongs into the transaction that found the patient. One at a time in each hospital: the table takes
    neither two users of a patient nor two patients of a user.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"telegram.link:{hospital.pk}"]
        )
    links = TelegramLink.objects.filter(hospital=hospital)
    links.filter(user=user).delete()
    links.filter(patient_id=patient_id).delete()
    TelegramLink.objects.create(user=user, hospital=hospital, patient_id=patient_id, proof=proof)
