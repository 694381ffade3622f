"""One record for the pages of each model of both admin sites, with clinical words that are easy to find."""

from typing import Any
from zlib import crc32

from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from accounts.models import User
from apikeys.models import ApiKey, RateLimit
from bookings.models import Appointment, Batch, BatchKind, BatchState, Holiday, Notice, Rating, Specialty
from core import clock
from core.actor import Actor
from events.models import Event
from jobs.models import Job
from records.actions.reading import read_record
from records.actions.records import create_record
from records.actions.treatments import create_treatment
from records.models import RecordAccess
from subscriptions.actions import create_subscription
from telegram_integration.bots import give_bot
from telegram_integration.models import Proof, TelegramLink, TelegramUpdate, TelegramUser
from tenants.context import outside
from tenants.models import Domain, Hospital
from tests.api.hooks import delivery
from tests.conftest import make_api_key
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.booking import book, set_status
from tests.support.catalogue import at, guest
from tests.support.people import People
from tests.support.second_factor import give_phone
from tests.support.waiting_list import wait
from tests.support.webhooks import endpoint
from verification.models import PhoneChallenge

# Words of clinical text that no page of somebody who may not read it shows.
CANARIES = ("Cough-canary", "Bronchitis-canary", "Inhaler-canary", "Salbutamol-canary")
_COUGH, _BRONCHITIS, _INHALER, _SALBUTAMOL = CANARIES
_TOKEN = "220201543:own-token-own-token-own-token-own-to"
_PROGRAM = Actor.system("a program", "records.read", "records.write", "treatments.read", "treatments.write")


def of_practitioner(desk: Actor, service: Any, practitioner: Any) -> dict[str, Any]:
    """Ids by page: an appointment of tomorrow, its patient, and what stands around both."""
    name = f"Wichai {practitioner.name_en}"
    phone = f"08{crc32(name.encode()) % 10**8:08}"
    whose = {"guest": guest(name, phone), "practitioner_id": str(practitioner.pk)}
    row, seen = book(desk, service, at(9), **whose), book(desk, service, at(14), **whose)
    set_status(seen, "COMPLETED")
    asked = {"practitioner_id": str(practitioner.pk)}
    return {
        "bookings_appointment": row.pk,
        "bookings_patient": row.patient_id,
        "bookings_practitioner": practitioner.pk,
        "bookings_notice": _notice(row),
        "bookings_rating": Rating.objects.create(appointment=seen, rating=5).pk,
        "bookings_waitinglistentry": wait(desk, service, f"Anong {practitioner.name_en}", **asked),
        **_clinical(row),
    }


def of_hospital(hospital: Hospital, people: People, service: Any) -> dict[str, Any]:
    """Ids by page, of what is nobody's own. Call it inside of the hospital."""
    hook = endpoint(hospital, "https://his.example.org/")
    return {
        "bookings_healthcareservice": service.pk,
        "bookings_specialty": Specialty.objects.create(code="gp", name_th="ทั่วไป", name_en="General").pk,
        "bookings_holiday": Holiday.objects.create(date="2026-12-31", name_th="สิ้นปี", name_en="Eve").pk,
        "accounts_user": _colleague().pk,
        "events_event": Event.objects.latest("id").pk,
        "webhooks_webhook": hook.pk,
        "webhooks_delivery": delivery(str(hook.pk)).pk,
        "subscriptions_subscription": _subscription(hospital).pk,
        **_telegram(hospital, people),
    }


def of_user(user: User) -> dict[str, Any]:
    """Ids by page, of work on many rows that a user has begun."""
    return {
        "bookings_batch": _batch(user, BatchKind.CANCEL, BatchState.DONE, ended_at=clock.now()),
        "bookings_patient_import": _batch(user, BatchKind.IMPORT_PATIENTS, BatchState.DRAFT),
        "bookings_practitioner_import": _batch(user, BatchKind.IMPORT_PRACTITIONERS, BatchState.DRAFT),
    }


def of_platform(hospital: Hospital) -> dict[str, Any]:
    """Ids by page of the platform's admin."""
    public_id = make_api_key(hospital).split("_")[1]
    hook = endpoint(hospital, "https://his.example.org/")
    subscription = _subscription(hospital)
    bot = give_bot(hospital, _TOKEN)
    user = TelegramUser.objects.create(telegram_id=5_001_777_001, hospital=hospital, name="Alice Smith")
    key = ApiKey.objects.get(public_id=public_id)
    interval = IntervalSchedule.objects.create(every=1, period="days")
    return {
        "tenants_hospital": hospital.pk,
        "tenants_domain": Domain.objects.create(tenant=hospital, domain="ploy.example", is_primary=False).pk,
        "jobs_job": Job.objects.create(kind="tests", schema_name="public", subject="1").pk,
        "django_celery_beat_intervalschedule": interval.pk,
        "django_celery_beat_crontabschedule": CrontabSchedule.objects.create().pk,
        "django_celery_beat_periodictask": PeriodicTask.objects.create(
            name="tests", task="tests", interval=interval
        ).pk,
        "accounts_user": _colleague().pk,
        "events_event": Event.objects.latest("id").pk,
        "apikeys_apikey": key.pk,
        "apikeys_ratelimit": RateLimit.objects.create(
            hospital=hospital, policy="reading", amount=10, seconds=60
        ).pk,
        "subscriptions_plan": subscription.plan_id,
        "subscriptions_subscription": subscription.pk,
        "webhooks_webhook": hook.pk,
        "webhooks_delivery": delivery(str(hook.pk)).pk,
        "verification_phonechallenge": PhoneChallenge.objects.create(
            purpose="link", subject="telegram:1", phone_key="0" * 64, expires_at=clock.now()
        ).pk,
        "telegram_integration_telegrambot": bot.pk,
        "telegram_integration_telegramupdate": TelegramUpdate.objects.create(
            bot=bot, update_id=1, error="ValueError"
        ).pk,
        "telegram_integration_telegramuser": user.pk,
    }


def _colleague() -> User:
    """Somebody with a phone that can be reset."""
    user = User.objects.create_user("colleague@nadmor.example", "x", first_name="Colleague")
    give_phone(user)
    return user


def _notice(row: Appointment) -> Any:
    times = {"for_time": row.start, "good_until": row.start}
    return Notice.objects.create(kind="reminder", subject=row.pk, appointment=row, **times).pk


def _clinical(row: Appointment) -> dict[str, Any]:
    about = {"patient_id": row.patient_id}
    words = {"title": _COUGH, "diagnosis": _BRONCHITIS}
    record = create_record(_PROGRAM, record_type="CONSULTATION", texts=words, **about)
    read_record(_PROGRAM, record_id=record.pk, purpose="tests")
    medicine = {"name": _SALBUTAMOL, "dosage": "2 puffs", "frequency": "daily", "duration": "7 days"}
    treatment = create_treatment(_PROGRAM, texts={"name": _INHALER}, medications=[medicine], **about)
    return {
        "records_medicalrecord": record.pk,
        "records_treatment": treatment.pk,
        "records_recordaccess": RecordAccess.objects.latest("id").pk,
    }


def _batch(user: User, kind: BatchKind, state: BatchState, **more: Any) -> Any:
    return Batch.objects.create(kind=kind, state=state, user=user, total=0, **more).pk


def _subscription(hospital: Hospital) -> Any:
    plan = make_plan()
    with outside():
        return create_subscription(OPERATOR, hospital=hospital, plan_id=plan.pk, billing_cycle="MONTHLY")


def _telegram(hospital: Hospital, people: People) -> dict[str, Any]:
    user = TelegramUser.objects.create(telegram_id=5_001_777_001, hospital=hospital, name="Alice Smith")
    link = TelegramLink.objects.create(
        user=user, hospital=hospital, patient_id=people.alice.pk, proof=Proof.CODE
    )
    bot = give_bot(hospital, _TOKEN)
    return {"telegram_integration_telegrambot": bot.pk, "telegram_integration_telegramlink": link.pk}


__all__ = ["CANARIES", "of_hospital", "of_platform", "of_practitioner", "of_user"]
