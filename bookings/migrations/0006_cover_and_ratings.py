"""Insurance and consents of patients, ratings of visits, and the reason that a visit is for."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models

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

    dependencies = [("bookings", "0005_expertise")]

    operations = [
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
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['kind', '-given_at', 'id'],
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
            ],
            options={
                'verbose_name': 'insurance',
                'verbose_name_plural': 'insurance',
                'ordering': ['-is_primary', 'created_at', 'id'],
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
            ],
            options={
                'verbose_name': 'rating',
                'verbose_name_plural': 'ratings',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='reason for the visit'),
        ),
        migrations.AddField(
            model_name='patientconsent',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='bookings.patient', verbose_name='patient'),
        ),
        migrations.AddField(
            model_name='patientinsurance',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='insurances', to='bookings.patient', verbose_name='patient'),
        ),
        migrations.AddField(
            model_name='rating',
            name='appointment',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rating', to='bookings.appointment', verbose_name='appointment'),
        ),
        migrations.AddConstraint(
            model_name='patientconsent',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('patient', 'kind'), name='one_live_consent_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='patientconsent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['TREATMENT', 'DATA_PROCESSING', 'REMINDERS', 'DATA_SHARING'])), name='consent_kind'),
        ),
        migrations.AddConstraint(
            model_name='patientconsent',
            constraint=models.CheckConstraint(condition=models.Q(('version', ''), _negated=True), name='consent_names_its_text'),
        ),
        migrations.AddConstraint(
            model_name='patientconsent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_door', '')), models.Q(('withdrawn_at__gte', models.F('given_at')), ('withdrawn_at__isnull', False), models.Q(('withdrawn_door', ''), _negated=True)), _connector='OR'), name='consent_is_withdrawn_after_it_was_given'),
        ),
        migrations.AddConstraint(
            model_name='patientinsurance',
            constraint=models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('patient',), name='one_primary_insurance', violation_error_message='This patient has a primary insurance already.'),
        ),
        migrations.AddConstraint(
            model_name='patientinsurance',
            constraint=models.CheckConstraint(condition=models.Q(('scheme__in', ['UCS', 'SSS', 'CSMBS', 'PRIVATE', 'SELF_PAY'])), name='insurance_scheme'),
        ),
        migrations.AddConstraint(
            model_name='patientinsurance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scheme', 'PRIVATE'), _negated=True), models.Q(('insurer', ''), _negated=True), _connector='OR'), name='private_insurance_names_its_insurer', violation_error_message='Private insurance needs the name of the insurer.'),
        ),
        migrations.AddConstraint(
            model_name='patientinsurance',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from', None), ('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='insurance_ends_after_it_begins', violation_error_message='The last day must not be before the first.'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['created_at', 'id'], name='rating_age'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='rating_of_one_to_five'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('comment'), 1000), name='rating_comment_is_short'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
