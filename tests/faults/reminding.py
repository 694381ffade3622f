"""Ten thousand patients on Telegram, of two hospitals, who come tomorrow; their reminders are queued.

Run as a program with the platform's settings. Prints, as JSON, the number of each patient on Telegram in the
order in which their reminders are due.
"""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402  -- Django first

from bookings.actions.reminders import plan_reminders  # noqa: E402
from bookings.models import ReminderPlan  # noqa: E402
from core import clock  # noqa: E402
from telegram_integration.bots import platform_bot  # noqa: E402
from tenants.context import inside  # noqa: E402
from tenants.directory import hospital_by_subdomain  # noqa: E402
from tests.support.notices import instant  # noqa: E402

HOSPITALS, EACH = ("ploy", "rama"), 5_000
# Numbers on Telegram: those of the first hospital from here on, then those of the second.
FIRST = 7_000_000_000

# Forty seats of each doctor at each half hour.
_PATIENTS = """
INSERT INTO bookings_patient (
  id, created_at, updated_at, name, name_key, phone_number, email, language, is_active
)
SELECT gen_random_uuid(), now(), now(), 'Patient ' || n, 'patient ' || n, '+6690' || lpad(n::text, 7, '0'),
       '', 'en', true
  FROM generate_series(1, %(each)s) AS n
"""
_APPOINTMENTS = """
WITH doctors AS (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS all_of_them
    FROM bookings_practitioner WHERE kind = 'DOCTOR'
), wanted AS (
  SELECT id AS patient_id, name, row_number() OVER (ORDER BY phone_number) - 1 AS n
    FROM bookings_patient WHERE name LIKE 'Patient %%'
), placed AS (
  SELECT w.*, d.id AS practitioner_id, n %% 40 + 1 AS seat,
         %(first)s::timestamptz + (n / 40 / all_of_them) * interval '30 minutes' AS start
    FROM wanted w JOIN doctors d ON d.place = n / 40 %% all_of_them
)
INSERT INTO bookings_appointment (
  id, created_at, updated_at, reference, service_id, practitioner_id, patient_id, start, "end", occupied,
  seat, status, guest_name, guest_email, guest_phone, notes, source, cancel_reason
)
SELECT gen_random_uuid(), now(), now(), 'T' || lpad(n::text, 8, '0'),
       (SELECT min(id) FROM bookings_healthcareservice), practitioner_id, patient_id,
       start, start + interval '30 minutes', tstzrange(start, start + interval '30 minutes'),
       seat, 'SCHEDULED', name, '', '', '', 'api', ''
  FROM placed
"""
_ON_TELEGRAM = """
WITH wanted AS (
  SELECT id AS patient_id, row_number() OVER (ORDER BY phone_number) - 1 AS n
    FROM bookings_patient WHERE name LIKE 'Patient %%'
), users AS (
  INSERT INTO public.telegram_users (
    id, telegram_id, telegram_username, phone_number, email, name, language, is_verified
  ) SELECT gen_random_uuid(), %(first_number)s + n, '', '', '', '', 'en', false FROM wanted
  RETURNING id, telegram_id
), links AS (
  INSERT INTO public.telegram_links (id, created_at, updated_at, user_id, hospital_id, patient_id, proof)
  SELECT gen_random_uuid(), now(), now(), u.id, %(hospital)s, w.patient_id, 'CODE'
    FROM users u JOIN wanted w ON u.telegram_id = %(first_number)s + w.n
)
INSERT INTO public.telegram_chats (bot_id, user_id) SELECT %(bot)s, id FROM users
"""
# As if they had become due in the order of the appointments, of both hospitals by turns.
_DUE = """
UPDATE public.jobs_job j
   SET due_at = date_trunc('day', now()) - interval '1 hour' + place * interval '1 millisecond'
  FROM (
    SELECT id::text AS subject, row_number() OVER (ORDER BY for_time, subject) * 2 + %(turn)s AS place
      FROM bookings_notice WHERE kind = 'reminder'
  ) AS o
 WHERE j.subject = o.subject AND j.kind = 'notice.send.telegram' AND j.schema_name = current_schema()
"""
_ORDER = """
SELECT u.telegram_id FROM public.jobs_job j
  JOIN bookings_notice n ON n.id::text = j.subject
  JOIN public.telegram_links l ON l.patient_id = n.patient_id AND l.hospital_id = %s
  JOIN public.telegram_users u ON u.id = l.user_id
 WHERE j.kind = 'notice.send.telegram' AND j.schema_name = current_schema() ORDER BY j.due_at, j.id
"""


def queue_reminders(subdomain: str, turn: int) -> list[int]:
    """Make the patients of a hospital and queue their reminders; their numbers, in order."""
    hospital, bot = hospital_by_subdomain(subdomain), platform_bot()
    assert bot is not None
    with inside(hospital), connection.cursor() as cursor:
        told = {
            "each": EACH, "first": instant(8, days=1), "first_number": FIRST + turn * EACH,
            "hospital": hospital.pk, "bot": bot.pk, "turn": turn,
        }  # fmt: skip
        for statement in (_PATIENTS, _APPOINTMENTS, _ON_TELEGRAM):
            cursor.execute(statement, told)
        # Whatever was planned before: these came later.
        ReminderPlan.objects.all().delete()
        plan_reminders(max(instant(18), clock.now()))
        # As autovacuum does in time: without figures about so many new rows PostgreSQL guesses wrong.
        cursor.execute("ANALYZE public.jobs_job, bookings_notice, public.telegram_links")
        cursor.execute(_DUE, told)
        cursor.execute(_ORDER, [hospital.pk])
        return [number for (number,) in cursor.fetchall()]


if __name__ == "__main__":
    orders = [queue_reminders(subdomain, turn) for turn, subdomain in enumerate(HOSPITALS)]
    sys.stdout.write(json.dumps([number for both in zip(*orders, strict=True) for number in both]))
