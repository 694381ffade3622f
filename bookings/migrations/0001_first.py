"""Everything that a hospital books: catalogue, hours, patients, appointments, notices and waiting list."""

import bookings.rules.statuses
import core.clock
import core.thai_order
import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import uuid
from django.conf import settings
from django.db import migrations, models

TABLES_OF_RULES = (
    "bookings_specialty",
    "bookings_healthcareservice",
    "bookings_healthcareservice_practitioners",
    "bookings_practitioner",
    "bookings_weeklyhours",
    "bookings_scheduleexception",
    "bookings_holiday",
)

# Triggers that renew `RulesVersion.version` whenever a table that decides what is bookable changes.
# A random stamp and not a count: a count that was rolled back, or restored out of a backup, would come again
# with other rules behind it, and processes that remember it would be wrong. The schema is that of the table,
# whatever the search path of the session that writes.
RENEW = """
CREATE FUNCTION bookings_renew_rules_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'UPDATE %I.bookings_rulesversion SET version = hashtextextended(gen_random_uuid()::text, 0)', TG_TABLE_SCHEMA
  );
  RETURN NULL;
END $$;
INSERT INTO bookings_rulesversion (id, version) VALUES (1, 1);
"""
RENEW += "".join(
    f"CREATE TRIGGER renew_rules_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION bookings_renew_rules_version();\n"
    for table in TABLES_OF_RULES
)
FORGET = "DROP FUNCTION bookings_renew_rules_version() CASCADE"

# What was completed stays completed, so that asking when the rating is written is enough.
REFUSE = """
CREATE FUNCTION bookings_refuse_rating() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  its_status text;
BEGIN
  EXECUTE format('SELECT status FROM %I.bookings_appointment WHERE id = $1', TG_TABLE_SCHEMA)
    INTO its_status USING NEW.appointment_id;
  IF its_status IS DISTINCT FROM 'COMPLETED' THEN
    RAISE EXCEPTION 'only a completed appointment can be rated'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'only_what_was_completed_is_rated',
            TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_rating BEFORE INSERT OR UPDATE OF appointment_id ON bookings_rating
  FOR EACH ROW EXECUTE FUNCTION bookings_refuse_rating();
"""
ALLOW = "DROP TRIGGER refuse_rating ON bookings_rating; DROP FUNCTION bookings_refuse_rating()"


class Migration(migrations.Migration):

    initial = True

    # Only the last of those that were there before; why: docs/adr/0036-first-migrations.md.
    replaces = [('bookings', '0013_batch_stop_reason')]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Practitioner',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_th', models.CharField(max_length=200, verbose_name='name (Thai)')),
                ('name_en', models.CharField(max_length=200, verbose_name='name (English)')),
                ('kind', models.CharField(choices=[('DOCTOR', 'Doctor'), ('NURSE', 'Nurse'), ('THERAPIST', 'Therapist'), ('ROOM', 'Room or equipment')], default='DOCTOR', max_length=20, verbose_name='kind')),
                ('license_number', models.CharField(blank=True, max_length=50, verbose_name='licence number')),
                ('years_of_experience', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(80)], verbose_name='years of experience')),
                ('timezone', models.CharField(blank=True, help_text="Leave empty for the hospital's own zone.", max_length=64, validators=[core.clock.validate_zone_name], verbose_name='time zone')),
                ('daily_limit', models.PositiveSmallIntegerField(blank=True, help_text='Most appointments of one day. Leave empty for no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='daily limit')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_bookable', models.BooleanField(default=True, help_text='Whether patients can book this person or room.', verbose_name='bookable')),
                ('user', models.OneToOneField(blank=True, help_text='The account that this person signs in with.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='practitioner', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'practitioner',
                'verbose_name_plural': 'practitioners',
                'ordering': [core.thai_order.ReadersOrder(), 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('years_of_experience', None), ('years_of_experience__lte', 80), _connector='OR'), name='practitioner_years_of_experience'), models.CheckConstraint(condition=models.Q(('daily_limit', None), ('daily_limit__gte', 1), _connector='OR'), name='practitioner_daily_limit')],
            },
        ),
        migrations.CreateModel(
            name='Specialty',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_th', models.CharField(max_length=200, verbose_name='name (Thai)')),
                ('name_en', models.CharField(max_length=200, verbose_name='name (English)')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('description', models.TextField(blank=True, verbose_name='description')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'specialty',
                'verbose_name_plural': 'specialties',
                'ordering': [core.thai_order.ReadersOrder(), 'id'],
            },
        ),
        migrations.CreateModel(
            name='HealthcareService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_th', models.CharField(max_length=200, verbose_name='name (Thai)')),
                ('name_en', models.CharField(max_length=200, verbose_name='name (English)')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='short name')),
                ('description_th', models.TextField(blank=True, verbose_name='description (Thai)')),
                ('description_en', models.TextField(blank=True, verbose_name='description (English)')),
                ('duration_minutes', models.PositiveSmallIntegerField(default=30, help_text='Minutes.', validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(720)], verbose_name='duration')),
                ('buffer_before', models.PositiveSmallIntegerField(default=0, help_text='Minutes kept free before.', validators=[django.core.validators.MaxValueValidator(240)], verbose_name='buffer before')),
                ('buffer_after', models.PositiveSmallIntegerField(default=0, help_text='Minutes kept free after.', validators=[django.core.validators.MaxValueValidator(240)], verbose_name='buffer after')),
                ('slot_interval', models.PositiveSmallIntegerField(default=30, help_text='Minutes from one start to the next.', validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(720)], verbose_name='interval')),
                ('minimum_notice', models.PositiveIntegerField(default=60, help_text='Minutes between booking and start, at least.', verbose_name='minimum notice')),
                ('horizon_days', models.PositiveSmallIntegerField(default=60, help_text='How many days ahead it can be booked.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(730)], verbose_name='horizon')),
                ('capacity', models.PositiveSmallIntegerField(default=1, help_text='Seats at one start: 1 for a consultation, more for a group.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(500)], verbose_name='capacity')),
                ('price', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='price')),
                ('currency', models.CharField(default='THB', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$')], verbose_name='currency')),
                ('colour', models.CharField(default='#0f766e', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-fA-F]{6}$')], verbose_name='colour')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('practitioners', models.ManyToManyField(blank=True, related_name='services', to='bookings.practitioner', verbose_name='practitioners')),
                ('specialty', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='bookings.specialty', verbose_name='specialty')),
            ],
            options={
                'verbose_name': 'event type',
                'verbose_name_plural': 'event types',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('duration_minutes__gte', 5), ('horizon_days__gte', 1), ('slot_interval__gte', 5)), name='service_times_are_positive')],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name_th', models.CharField(max_length=200, verbose_name='name (Thai)')),
                ('name_en', models.CharField(max_length=200, verbose_name='name (English)')),
                ('date', models.DateField(unique=True, verbose_name='date')),
                ('is_confirmed', models.BooleanField(default=False, help_text='Only confirmed holidays close the hospital.', verbose_name='confirmed')),
            ],
            options={
                'verbose_name': 'holiday',
                'verbose_name_plural': 'holidays',
                'ordering': ['date'],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('CANCEL', 'Cancelling appointments'), ('MOVE', 'Moving appointments'), ('TELL', 'Telling patients'), ('IMPORT_PATIENTS', 'Import of patients'), ('IMPORT_PRACTITIONERS', 'Import of practitioners')], max_length=24, verbose_name='kind')),
                ('state', models.CharField(choices=[('DRAFT', 'To be confirmed'), ('WAITING', 'Waiting'), ('RUNNING', 'Running'), ('DONE', 'Done'), ('STOPPED', 'Stopped')], db_index=True, default='WAITING', max_length=10, verbose_name='state')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('options', models.TextField(blank=True, editable=False)),
                ('total', models.PositiveIntegerField(verbose_name='in all')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('stop_reason', models.CharField(blank=True, choices=[('ASKED', 'Somebody stopped it.'), ('RIGHTS', 'Whoever it was done for may not do this any more.'), ('UNCONFIRMED', 'Nobody confirmed it in time.')], db_default='', default='', max_length=12, verbose_name='why it was stopped')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'bulk work',
                'verbose_name_plural': 'bulk work',
                'ordering': ['-created_at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['CANCEL', 'MOVE', 'TELL', 'IMPORT_PATIENTS', 'IMPORT_PRACTITIONERS'])), name='batch_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'WAITING', 'RUNNING', 'DONE', 'STOPPED'])), name='batch_state'), models.CheckConstraint(condition=models.Q(('stop_reason', ''), models.Q(('state', 'STOPPED'), ('stop_reason__in', ['ASKED', 'RIGHTS', 'UNCONFIRMED'])), _connector='OR'), name='only_a_stopped_batch_has_a_stop_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['DONE', 'STOPPED'])), models.Q(('ended_at', None), models.Q(('state__in', ['DONE', 'STOPPED']), _negated=True)), _connector='OR'), name='an_ended_batch_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('subject_id', models.UUIDField(blank=True, null=True)),
                ('payload', models.TextField(blank=True, default='', editable=False)),
                ('outcome', models.CharField(choices=[('WAITING', 'Waiting'), ('DONE', 'Done'), ('REFUSED', 'Refused'), ('UNCHANGED', 'Unchanged'), ('UNDONE', 'Undone')], default='WAITING', max_length=10, verbose_name='outcome')),
                ('reason', models.CharField(blank=True, default='', max_length=40, verbose_name='reason')),
                ('fields', models.JSONField(blank=True, default=dict)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='bookings.batch')),
            ],
            options={
                'verbose_name': 'item',
                'verbose_name_plural': 'items',
                'ordering': ['batch', 'number'],
                'indexes': [models.Index(condition=models.Q(('outcome', 'WAITING')), fields=['batch', 'number'], name='batch_items_waiting')],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='one_item_per_number'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='batch_item_number'), models.CheckConstraint(condition=models.Q(('outcome__in', ['WAITING', 'DONE', 'REFUSED', 'UNCHANGED', 'UNDONE'])), name='batch_item_outcome'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'REFUSED'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='a_refused_item_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('name_key', models.CharField(editable=False, max_length=200)),
                ('phone_number', models.CharField(blank=True, help_text='In international form, such as +66812345678.', max_length=20, verbose_name='phone number')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('hospital_number', models.CharField(blank=True, max_length=30, null=True, unique=True, verbose_name='hospital number')),
                ('date_of_birth', models.DateField(blank=True, null=True, verbose_name='date of birth')),
                ('language', models.CharField(choices=[('th', 'Thai'), ('en', 'English')], default='th', max_length=2, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='patient', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'patient',
                'verbose_name_plural': 'patients',
                'ordering': [core.thai_order.in_thai_order('name'), 'id'],
                'indexes': [models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email'], name='patient_email'), models.Index(core.thai_order.in_thai_order('name'), models.F('id'), name='patient_in_thai_order')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('phone_number', ''), _negated=True), fields=('phone_number', 'name_key'), name='one_patient_per_phone_and_name', violation_error_message='A patient with this name and phone number exists already.'), models.CheckConstraint(condition=models.Q(('phone_number', ''), ('phone_number__regex', '^\\+[1-9][0-9]{6,14}$'), _connector='OR'), name='patient_phone_is_e164', violation_error_message='Write the number in international form, such as +66812345678.')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('reference', models.CharField(max_length=12, unique=True, verbose_name='reference')),
                ('start', models.DateTimeField(verbose_name='start')),
                ('end', models.DateTimeField(verbose_name='end')),
                ('occupied', django.contrib.postgres.fields.ranges.DateTimeRangeField(editable=False, verbose_name='occupied')),
                ('seat', models.PositiveSmallIntegerField(default=1, verbose_name='seat')),
                ('period', models.GeneratedField(db_persist=True, expression=models.Func(models.F('start'), models.F('end'), function='tstzrange'), output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField())),
                ('session', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('service_id'), '*', models.Value(10000000000, output_field=models.BigIntegerField())), '+', django.db.models.functions.comparison.Cast(django.db.models.functions.datetime.Extract('start', 'epoch'), models.BigIntegerField())), output_field=models.BigIntegerField())),
                ('status', models.CharField(choices=[('HELD', 'Held'), ('SCHEDULED', 'Scheduled'), ('CONFIRMED', 'Confirmed'), ('CHECKED_IN', 'Checked in'), ('IN_PROGRESS', 'In progress'), ('COMPLETED', 'Completed'), ('CANCELLED', 'Cancelled'), ('NO_SHOW', 'No-show')], max_length=12, verbose_name='status')),
                ('hold_expires_at', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('guest_name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('guest_email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('guest_phone', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                ('notes', models.TextField(blank=True, max_length=2000, verbose_name='notes')),
                ('reason', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='reason for the visit')),
                ('source', models.CharField(choices=[('telegram', 'Telegram'), ('mcp', 'AI assistant'), ('api', 'API'), ('admin', 'Front desk'), ('web', 'Web')], max_length=10, verbose_name='source')),
                ('cancel_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of cancelling')),
                ('overbooked', models.BooleanField(db_default=False, default=False, verbose_name='overbooked')),
                ('overbook_reason', models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='reason of overbooking')),
                ('queue_day', models.DateField(blank=True, editable=False, null=True, verbose_name='day of the queue')),
                ('queue_number', models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='queue number')),
                ('status_before', models.CharField(blank=True, db_default='', default='', editable=False, max_length=12)),
                ('status_changed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='bookings.patient', verbose_name='patient')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='bookings.practitioner', verbose_name='practitioner')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='bookings.healthcareservice', verbose_name='event type')),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
                'ordering': ['start', 'id'],
                'indexes': [models.Index(fields=['start', 'id'], name='appointment_start'), models.Index(fields=['patient', 'start'], name='appointment_patient'), models.Index(fields=['guest_phone', 'start'], name='appointment_phone'), models.Index(fields=['guest_email', 'start'], name='appointment_email'), models.Index(condition=models.Q(('status', bookings.rules.statuses.Status['HELD'])), fields=['hold_expires_at'], name='appointment_holds'), django.contrib.postgres.indexes.GistIndex(condition=models.Q(('overbooked', True)), fields=['practitioner', 'occupied'], name='appointment_overbooked')],
                # The patient's comes first: of several that refuse a row PostgreSQL names the one that was made first.
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', [bookings.rules.statuses.Status['CHECKED_IN'], bookings.rules.statuses.Status['COMPLETED'], bookings.rules.statuses.Status['CONFIRMED'], bookings.rules.statuses.Status['HELD'], bookings.rules.statuses.Status['IN_PROGRESS'], bookings.rules.statuses.Status['SCHEDULED']]), ('patient__isnull', False)), expressions=[('patient', '='), ('period', '&&')], name='one_place_per_patient'), models.UniqueConstraint(condition=models.Q(('status__in', [bookings.rules.statuses.Status['CHECKED_IN'], bookings.rules.statuses.Status['COMPLETED'], bookings.rules.statuses.Status['CONFIRMED'], bookings.rules.statuses.Status['HELD'], bookings.rules.statuses.Status['IN_PROGRESS'], bookings.rules.statuses.Status['SCHEDULED']]), ('overbooked', False)), fields=('practitioner', 'session', 'seat'), name='one_person_per_seat'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', [bookings.rules.statuses.Status['CHECKED_IN'], bookings.rules.statuses.Status['COMPLETED'], bookings.rules.statuses.Status['CONFIRMED'], bookings.rules.statuses.Status['HELD'], bookings.rules.statuses.Status['IN_PROGRESS'], bookings.rules.statuses.Status['SCHEDULED']]), ('overbooked', False)), expressions=[('practitioner', '='), ('session', '<>'), ('occupied', '&&')], name='one_session_at_a_time'), models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='appointment_ends_after_start'), models.CheckConstraint(condition=models.Q(('occupied__endswith__gte', models.F('end')), ('occupied__startswith__lte', models.F('start'))), name='appointment_occupies_its_period'), models.CheckConstraint(condition=models.Q(('seat__gte', 1)), name='appointment_seat'), models.CheckConstraint(condition=models.Q(('overbooked', False), models.Q(('overbook_reason', ''), _negated=True), _connector='OR'), name='overbooking_has_a_reason'), models.UniqueConstraint(condition=models.Q(('queue_number__isnull', False)), fields=('queue_day', 'queue_number'), name='one_walk_in_per_queue_number'), models.CheckConstraint(condition=models.Q(models.Q(('queue_day', None), ('queue_number', None)), models.Q(('queue_day__isnull', False), ('queue_number__gte', 1), ('queue_number__isnull', False)), _connector='OR'), name='queue_number_has_a_day'), models.CheckConstraint(condition=models.Q(('status_before', ''), ('status_before__in', ['HELD', 'SCHEDULED', 'CONFIRMED', 'CHECKED_IN', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'NO_SHOW']), _connector='OR'), name='appointment_status_before'), models.CheckConstraint(condition=models.Q(('status__in', ['HELD', 'SCHEDULED', 'CONFIRMED', 'CHECKED_IN', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'NO_SHOW'])), name='appointment_status'), models.CheckConstraint(condition=models.Q(models.Q(('hold_expires_at__isnull', False), ('status', bookings.rules.statuses.Status['HELD'])), models.Q(models.Q(('status', bookings.rules.statuses.Status['HELD']), _negated=True), ('hold_expires_at', None), models.Q(('guest_name', ''), _negated=True)), _connector='OR'), name='only_a_hold_expires')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('subject', models.CharField(max_length=64, verbose_name='about')),
                ('for_time', models.DateTimeField(verbose_name='for the time')),
                ('good_until', models.DateTimeField(verbose_name='of use until')),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('status', models.CharField(choices=[('PENDING', 'Waiting'), ('SENT', 'Sent'), ('SKIPPED', 'Not sent'), ('FAILED', 'Failed')], default='PENDING', max_length=10, verbose_name='status')),
                ('channel', models.CharField(blank=True, max_length=20, verbose_name='channel')),
                ('why', models.CharField(blank=True, max_length=60, verbose_name='why')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('handing_since', models.DateTimeField(blank=True, null=True, verbose_name='being handed over since')),
                ('passed', models.JSONField(blank=True, db_default={}, default=dict, verbose_name='channels that are out of the question')),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='bookings.appointment', verbose_name='appointment')),
                ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='bookings.patient', verbose_name='patient')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='notice_age')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject', 'for_time'), name='one_notice_for_each_time'), models.CheckConstraint(condition=models.Q(('status__in', ['PENDING', 'SENT', 'SKIPPED', 'FAILED'])), name='notice_status'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('status', 'SENT')), models.Q(models.Q(('status', 'SENT'), _negated=True), ('sent_at', None)), _connector='OR'), name='only_what_was_sent_has_a_time'), models.CheckConstraint(condition=models.Q(('handing_since', None), models.Q(('channel', ''), _negated=True), _connector='OR'), name='what_is_handed_over_names_its_channel')],
            },
        ),
        migrations.CreateModel(
            name='PatientConsent',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('TREATMENT', 'Treatment'), ('DATA_PROCESSING', 'Processing of personal data'), ('REMINDERS', 'Reminders'), ('DATA_SHARING', 'Sharing of data with others who treat')], max_length=20, verbose_name='kind')),
                ('version', models.CharField(max_length=40, verbose_name='version of the text')),
                ('given_at', models.DateTimeField(verbose_name='given at')),
                ('given_door', models.CharField(choices=[('admin', 'admin'), ('api', 'api'), ('mcp', 'mcp'), ('telegram', 'telegram'), ('web', 'web'), ('system', 'system')], max_length=10, verbose_name='given through')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('withdrawn_door', models.CharField(blank=True, choices=[('admin', 'admin'), ('api', 'api'), ('mcp', 'mcp'), ('telegram', 'telegram'), ('web', 'web'), ('system', 'system')], max_length=10, verbose_name='withdrawn through')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='bookings.patient', verbose_name='patient')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['kind', '-given_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('patient', 'kind'), name='one_live_consent_of_a_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['TREATMENT', 'DATA_PROCESSING', 'REMINDERS', 'DATA_SHARING'])), name='consent_kind'), models.CheckConstraint(condition=models.Q(('version', ''), _negated=True), name='consent_names_its_text'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_door', '')), models.Q(('withdrawn_at__gte', models.F('given_at')), ('withdrawn_at__isnull', False), models.Q(('withdrawn_door', ''), _negated=True)), _connector='OR'), name='consent_is_withdrawn_after_it_was_given')],
            },
        ),
        migrations.CreateModel(
            name='PatientInsurance',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('scheme', models.CharField(choices=[('UCS', 'Universal Coverage Scheme (gold card)'), ('SSS', 'Social Security Scheme'), ('CSMBS', 'Civil Servant Medical Benefit Scheme'), ('PRIVATE', 'Private insurance'), ('SELF_PAY', 'Self-pay')], max_length=10, verbose_name='scheme')),
                ('insurer', models.CharField(blank=True, help_text='The company, for private insurance.', max_length=200, verbose_name='insurer')),
                ('policy_number', models.CharField(blank=True, max_length=50, verbose_name='policy or card number')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('is_primary', models.BooleanField(default=False, help_text='The one that is asked to pay first.', verbose_name='primary')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='insurances', to='bookings.patient', verbose_name='patient')),
            ],
            options={
                'verbose_name': 'insurance',
                'verbose_name_plural': 'insurance',
                'ordering': ['-is_primary', 'created_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('patient',), name='one_primary_insurance', violation_error_message='This patient has a primary insurance already.'), models.CheckConstraint(condition=models.Q(('scheme__in', ['UCS', 'SSS', 'CSMBS', 'PRIVATE', 'SELF_PAY'])), name='insurance_scheme'), models.CheckConstraint(condition=models.Q(models.Q(('scheme', 'PRIVATE'), _negated=True), models.Q(('insurer', ''), _negated=True), _connector='OR'), name='private_insurance_names_its_insurer', violation_error_message='Private insurance needs the name of the insurer.'), models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='insurance_ends_after_it_begins', violation_error_message='The last day must not be before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('rating', models.PositiveSmallIntegerField(choices=[(1, '★'), (2, '★★'), (3, '★★★'), (4, '★★★★'), (5, '★★★★★')], verbose_name='rating')),
                ('comment', models.TextField(blank=True, max_length=1000, verbose_name='comment')),
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rating', to='bookings.appointment', verbose_name='appointment')),
            ],
            options={
                'verbose_name': 'rating',
                'verbose_name_plural': 'ratings',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='rating_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='rating_of_one_to_five'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('comment'), 1000), name='rating_comment_is_short')],
            },
        ),
        migrations.CreateModel(
            name='ReminderPlan',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('planned_until', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_reminder_plan')],
            },
        ),
        migrations.CreateModel(
            name='RulesVersion',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_rules_version')],
            },
        ),
        migrations.CreateModel(
            name='ScheduleException',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('kind', models.CharField(choices=[('TIME_OFF', 'Time off'), ('EXTRA_HOURS', 'Extra hours')], max_length=20, verbose_name='kind')),
                ('date_from', models.DateField(verbose_name='first day')),
                ('date_until', models.DateField(verbose_name='last day')),
                ('start_time', models.TimeField(blank=True, help_text='Leave empty for the whole day.', null=True, verbose_name='from')),
                ('end_time', models.TimeField(blank=True, help_text='00:00 is the end of the day.', null=True, verbose_name='to')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exceptions', to='bookings.practitioner', verbose_name='practitioner')),
            ],
            options={
                'verbose_name': 'exception',
                'verbose_name_plural': 'exceptions',
                'ordering': ['-date_from'],
                'indexes': [models.Index(fields=['practitioner', 'date_until'], name='exception_practitioner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['TIME_OFF', 'EXTRA_HOURS'])), name='exception_kind'), models.CheckConstraint(condition=models.Q(('date_until__gte', models.F('date_from'))), name='exception_days', violation_error_message='The last day must not be before the first.'), models.CheckConstraint(condition=models.Q(models.Q(('end_time', None), ('start_time', None)), models.Q(('end_time__isnull', False), ('start_time__isnull', False), models.Q(('end_time__gt', models.F('start_time')), ('end_time', '00:00'), _connector='OR')), _connector='OR'), name='exception_times', violation_error_message='Give both times, the end after the start, or neither.')],
            },
        ),
        migrations.CreateModel(
            name='PractitionerSpecialty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_primary', models.BooleanField(default=False, help_text='What this person is known for: one specialty at most.', verbose_name='primary')),
                ('years_of_experience', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(80)], verbose_name='years of experience')),
                ('certification_date', models.DateField(blank=True, null=True, verbose_name='certified on')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expertise', to='bookings.practitioner', verbose_name='practitioner')),
                ('specialty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expertise', to='bookings.specialty', verbose_name='specialty')),
            ],
            options={
                'verbose_name': 'specialty of a practitioner',
                'verbose_name_plural': 'specialties of practitioners',
                'db_table': 'bookings_practitioner_specialties',
                'ordering': ['-is_primary', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('practitioner',), name='one_primary_specialty', violation_error_message='Only one specialty can be the primary one.'), models.CheckConstraint(condition=models.Q(('years_of_experience', None), ('years_of_experience__lte', 80), _connector='OR'), name='specialty_years_of_experience'), models.CheckConstraint(condition=models.Q(('certification_date', None), ('certification_date__lte', django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.Now(), '+', models.Value(datetime.timedelta(days=1)))), _connector='OR'), name='certified_in_the_past', violation_error_message='A certificate cannot be of a day to come.')],
                'unique_together': {('practitioner', 'specialty')},
            },
        ),
        migrations.CreateModel(
            name='WaitingListEntry',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('guest_name', models.CharField(max_length=200, verbose_name='name')),
                ('guest_phone', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                ('guest_email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('date_from', models.DateField(verbose_name='from')),
                ('date_until', models.DateField(verbose_name='until')),
                ('part_of_day', models.CharField(blank=True, choices=[('morning', 'Morning'), ('afternoon', 'Afternoon')], help_text='Empty for the whole day.', max_length=10, verbose_name='part of the day')),
                ('status', models.CharField(choices=[('WAITING', 'Waiting'), ('OFFERED', 'Offered a slot'), ('ACCEPTED', 'Accepted'), ('EXPIRED', 'Missed too many offers'), ('LEFT', 'Left'), ('CLOSED', 'Over')], default='WAITING', max_length=10, verbose_name='status')),
                ('offers_missed', models.PositiveSmallIntegerField(default=0, verbose_name='offers missed')),
                ('source', models.CharField(choices=[('telegram', 'Telegram'), ('mcp', 'AI assistant'), ('api', 'API'), ('admin', 'Front desk'), ('web', 'Web')], max_length=10, verbose_name='source')),
                ('became', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bookings.appointment', verbose_name='appointment')),
                ('brings_forward', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waiting_list', to='bookings.appointment', verbose_name='brings forward')),
                ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waiting_list', to='bookings.patient', verbose_name='patient')),
                ('practitioner', models.ForeignKey(blank=True, help_text='Empty for anybody.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waiting_list', to='bookings.practitioner', verbose_name='practitioner')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waiting_list', to='bookings.healthcareservice', verbose_name='event type')),
            ],
            options={
                'verbose_name': 'waiting list entry',
                'verbose_name_plural': 'waiting list',
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(fields=['created_at', 'id'], name='waiting_line'), models.Index(condition=models.Q(('status__in', ['WAITING', 'OFFERED'])), fields=['date_until'], name='waiting_window')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['WAITING', 'OFFERED'])), fields=('brings_forward',), name='one_live_entry_per_appointment'), models.UniqueConstraint(condition=models.Q(('status__in', ['WAITING', 'OFFERED']), ('brings_forward', None)), fields=('patient', 'service'), name='one_live_entry_per_patient'), models.UniqueConstraint(condition=models.Q(('status__in', ['WAITING', 'OFFERED']), ('brings_forward', None), ('patient', None)), fields=('guest_email', 'guest_name', 'service'), name='one_live_entry_per_guest'), models.CheckConstraint(condition=models.Q(('date_until__gte', models.F('date_from'))), name='waiting_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'OFFERED', 'ACCEPTED', 'EXPIRED', 'LEFT', 'CLOSED'])), name='waiting_status'), models.CheckConstraint(condition=models.Q(models.Q(('became__isnull', False), ('status', 'ACCEPTED')), models.Q(models.Q(('status', 'ACCEPTED'), _negated=True), ('became', None)), _connector='OR'), name='only_who_accepted_has_a_booking')],
            },
        ),
        migrations.CreateModel(
            name='WaitingListOffer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('hold_id', models.UUIDField(verbose_name='hold')),
                ('start', models.DateTimeField(verbose_name='start')),
                ('end', models.DateTimeField(verbose_name='end')),
                ('expires_at', models.DateTimeField(verbose_name='held until')),
                ('outcome', models.CharField(choices=[('OPEN', 'Open'), ('ACCEPTED', 'Accepted'), ('DECLINED', 'Declined'), ('MISSED', 'Missed'), ('WITHDRAWN', 'Withdrawn')], default='OPEN', max_length=10, verbose_name='outcome')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='bookings.waitinglistentry', verbose_name='waiting list entry')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bookings.practitioner', verbose_name='practitioner')),
            ],
            options={
                'verbose_name': 'offer',
                'verbose_name_plural': 'offers',
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', 'OPEN')), fields=('entry',), name='one_open_offer_per_entry'), models.UniqueConstraint(condition=models.Q(('outcome', 'OPEN')), fields=('hold_id',), name='one_open_offer_per_hold'), models.UniqueConstraint(fields=('entry', 'practitioner', 'start'), name='one_offer_of_a_slot_to_each'), models.CheckConstraint(condition=models.Q(('outcome__in', ['OPEN', 'ACCEPTED', 'DECLINED', 'MISSED', 'WITHDRAWN'])), name='offer_outcome')],
            },
        ),
        migrations.CreateModel(
            name='WeeklyHours',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('start_time', models.TimeField(verbose_name='from')),
                ('end_time', models.TimeField(help_text='00:00 is the end of the day.', verbose_name='to')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('valid_until', models.DateField(blank=True, help_text='The last day.', null=True, verbose_name='valid until')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weekly_hours', to='bookings.practitioner', verbose_name='practitioner')),
            ],
            options={
                'verbose_name': 'weekly hours',
                'verbose_name_plural': 'weekly hours',
                'ordering': ['practitioner', 'weekday', 'start_time'],
                'constraints': [models.CheckConstraint(condition=models.Q(('end_time__gt', models.F('start_time')), ('end_time', '00:00'), _connector='OR'), name='weekly_hours_end_after_start', violation_error_message='The end must be after the start.'), models.CheckConstraint(condition=models.Q(('weekday__gte', 0), ('weekday__lte', 6)), name='weekly_hours_weekday'), models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='weekly_hours_validity', violation_error_message='The last day must not be before the first.')],
            },
        ),
        migrations.AddField(
            model_name='practitioner',
            name='specialties',
            field=models.ManyToManyField(blank=True, related_name='practitioners', through='bookings.PractitionerSpecialty', to='bookings.specialty', verbose_name='specialties'),
        ),
        migrations.RunSQL(RENEW, FORGET),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
