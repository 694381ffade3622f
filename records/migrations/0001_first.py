"""Medical records and treatments, what they were before, and who read them."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import records.models.fields
import uuid
from django.conf import settings
from django.db import migrations, models

# Who read what is never changed nor removed; of an earlier version only the seal is renewed.
KEEP = """
CREATE FUNCTION records_keep_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log of reads is not changed and not removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_log BEFORE UPDATE OR DELETE ON records_recordaccess
  FOR EACH ROW EXECUTE FUNCTION records_keep_log();
CREATE TRIGGER keep_whole_log BEFORE TRUNCATE ON records_recordaccess
  FOR EACH STATEMENT EXECUTE FUNCTION records_keep_log();

CREATE FUNCTION records_keep_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND
     (NEW.id, NEW.record_id, NEW.treatment_id, NEW.number, NEW.door, NEW.actor_role, NEW.actor_user_id,
      NEW.actor_label, NEW.created_at)
     IS NOT DISTINCT FROM
     (OLD.id, OLD.record_id, OLD.treatment_id, OLD.number, OLD.door, OLD.actor_role, OLD.actor_user_id,
      OLD.actor_label, OLD.created_at)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'an earlier version is not changed and not removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_versions BEFORE UPDATE OR DELETE ON records_recordrevision
  FOR EACH ROW EXECUTE FUNCTION records_keep_versions();
"""
LET_GO = """
DROP TRIGGER keep_versions ON records_recordrevision;
DROP FUNCTION records_keep_versions();
DROP TRIGGER keep_whole_log ON records_recordaccess;
DROP TRIGGER keep_log ON records_recordaccess;
DROP FUNCTION records_keep_log();
"""


class Migration(migrations.Migration):

    initial = True

    # Only the last of those that were there before; why: docs/adr/0036-first-migrations.md.
    replaces = [('records', '0002_what_was_is_final')]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('bookings', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='MedicalRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('record_type', models.CharField(choices=[('CONSULTATION', 'Consultation'), ('CHECKUP', 'Check-up'), ('APPOINTMENT', 'Appointment'), ('TRIAGE', 'Triage'), ('LAB_RESULT', 'Laboratory result'), ('IMAGING', 'Imaging'), ('PROCEDURE', 'Procedure'), ('VACCINATION', 'Vaccination'), ('DISCHARGE', 'Discharge'), ('OTHER', 'Other')], max_length=20, verbose_name='type')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='recorded at')),
                ('title', records.models.fields.EncryptedTextField(max_length=200, verbose_name='title')),
                ('description', records.models.fields.EncryptedTextField(blank=True, max_length=20000, verbose_name='description')),
                ('diagnosis', records.models.fields.EncryptedTextField(blank=True, max_length=20000, verbose_name='diagnosis')),
                ('symptoms', records.models.fields.EncryptedTextField(blank=True, help_text="In the patient's words.", max_length=20000, verbose_name='symptoms')),
                ('treatment_plan', records.models.fields.EncryptedTextField(blank=True, max_length=20000, verbose_name='treatment plan')),
                ('notes', records.models.fields.EncryptedTextField(blank=True, max_length=20000, verbose_name='notes')),
                ('appointment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='medical_records', to='bookings.appointment', verbose_name='appointment')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='medical_records', to='bookings.patient', verbose_name='patient')),
                ('practitioner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='medical_records', to='bookings.practitioner', verbose_name='author')),
            ],
            options={
                'verbose_name': 'medical record',
                'verbose_name_plural': 'medical records',
                'ordering': ['-recorded_at', '-id'],
                'indexes': [models.Index(fields=['patient', '-recorded_at'], name='medical_record_patient'), models.Index(fields=['-recorded_at', '-id'], name='medical_record_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('record_type__in', ['CONSULTATION', 'CHECKUP', 'APPOINTMENT', 'TRIAGE', 'LAB_RESULT', 'IMAGING', 'PROCEDURE', 'VACCINATION', 'DISCHARGE', 'OTHER'])), name='medical_record_type')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name', records.models.fields.EncryptedTextField(max_length=200, verbose_name='name')),
                ('media_type', models.CharField(max_length=129, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$', 'Write a media type such as application/pdf.')], verbose_name='media type')),
                ('reference', models.CharField(max_length=64, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', 'Use letters, digits, dots, hyphens and underscores.')], verbose_name='id in the other system')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='records.medicalrecord', verbose_name='medical record')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('record', 'position'), name='one_attachment_per_position'), models.CheckConstraint(condition=models.Q(('reference__regex', '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$')), name='attachment_reference_is_an_id'), models.CheckConstraint(condition=models.Q(('media_type__regex', '^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$')), name='attachment_media_type')],
            },
        ),
        migrations.CreateModel(
            name='RecordAccess',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('occurred_at', models.DateTimeField(verbose_name='when')),
                ('door', models.CharField(max_length=20, verbose_name='door')),
                ('actor_role', models.CharField(blank=True, max_length=20, verbose_name='role')),
                ('actor_label', models.CharField(blank=True, max_length=100, verbose_name='by')),
                ('subject', models.CharField(choices=[('RECORD', 'Medical record'), ('TREATMENT', 'Treatment')], max_length=10, verbose_name='what was read')),
                ('extent', models.CharField(choices=[('SUMMARY', 'Title'), ('WHOLE', 'Everything')], max_length=10, verbose_name='how much')),
                ('subject_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None, verbose_name='ids')),
                ('purpose', models.CharField(max_length=60, verbose_name='what for')),
                ('signature', models.BinaryField(max_length=32, verbose_name='signature')),
                ('actor_user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='bookings.patient', verbose_name='patient')),
            ],
            options={
                'verbose_name': 'read of records',
                'verbose_name_plural': 'reads of records',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['patient', '-id'], name='record_access_patient'), models.Index(fields=['actor_user', '-id'], name='record_access_user'), models.Index(fields=['occurred_at'], name='record_access_when')],
            },
        ),
        migrations.CreateModel(
            name='RecordKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('TEXT', 'Clinical text'), ('LOG', 'Log of reads')], max_length=4, verbose_name='purpose')),
                ('wrapped', models.TextField(blank=True, editable=False, verbose_name='wrapped key')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created at')),
                ('retired_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='retired at')),
            ],
            options={
                'verbose_name': 'key of records',
                'verbose_name_plural': 'keys of records',
                'constraints': [models.UniqueConstraint(condition=models.Q(('purpose', 'LOG')), fields=('purpose',), name='one_key_of_the_log'), models.CheckConstraint(condition=models.Q(('purpose__in', ['TEXT', 'LOG'])), name='record_key_purpose'), models.CheckConstraint(condition=models.Q(models.Q(('retired_at', None), models.Q(('wrapped', ''), _negated=True)), models.Q(('purpose', 'TEXT'), ('retired_at__isnull', False), ('wrapped', '')), _connector='OR'), name='a_retired_key_is_destroyed')],
            },
        ),
        migrations.CreateModel(
            name='Treatment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('status', models.CharField(choices=[('ACTIVE', 'Active'), ('COMPLETED', 'Completed'), ('DISCONTINUED', 'Discontinued')], default='ACTIVE', max_length=12, verbose_name='status')),
                ('started_on', models.DateField(verbose_name='started on')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('follow_up_date', models.DateField(blank=True, null=True, verbose_name='follow-up')),
                ('name', records.models.fields.EncryptedTextField(max_length=200, verbose_name='name')),
                ('description', records.models.fields.EncryptedTextField(blank=True, max_length=20000, verbose_name='description')),
                ('instructions', records.models.fields.EncryptedTextField(blank=True, max_length=20000, verbose_name='instructions')),
                ('notes', records.models.fields.EncryptedTextField(blank=True, max_length=20000, verbose_name='notes')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='treatments', to='bookings.patient', verbose_name='patient')),
                ('practitioner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='treatments', to='bookings.practitioner', verbose_name='practitioner')),
                ('record', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='treatments', to='records.medicalrecord', verbose_name='medical record')),
            ],
            options={
                'verbose_name': 'treatment',
                'verbose_name_plural': 'treatments',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['patient', '-created_at'], name='treatment_patient'), models.Index(fields=['-created_at', '-id'], name='treatment_latest'), models.Index(condition=models.Q(('status', 'ACTIVE')), fields=['follow_up_date'], name='treatment_follow_up')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['ACTIVE', 'COMPLETED', 'DISCONTINUED'])), name='treatment_status'), models.CheckConstraint(condition=models.Q(models.Q(('ended_on', None), ('status', 'ACTIVE')), models.Q(models.Q(('status', 'ACTIVE'), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='only_an_active_treatment_has_no_end'), models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='treatment_ends_after_it_began'), models.CheckConstraint(condition=models.Q(('follow_up_date', None), ('follow_up_date__gte', models.F('started_on')), _connector='OR'), name='treatment_is_followed_up_after_it_began', violation_error_message='The follow-up cannot be before the treatment began.')],
            },
        ),
        migrations.CreateModel(
            name='RecordRevision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('door', models.CharField(max_length=20, verbose_name='door')),
                ('actor_role', models.CharField(blank=True, max_length=20, verbose_name='role')),
                ('actor_user_id', models.UUIDField(blank=True, null=True, verbose_name='user')),
                ('actor_label', models.CharField(blank=True, max_length=100, verbose_name='by')),
                ('content', records.models.fields.EncryptedTextField(verbose_name='content')),
                ('record', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='records.medicalrecord', verbose_name='medical record')),
                ('treatment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='records.treatment', verbose_name='treatment')),
            ],
            options={
                'verbose_name': 'earlier version',
                'verbose_name_plural': 'earlier versions',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('record__isnull', False)), fields=('record', 'number'), name='one_revision_of_a_record_per_number'), models.UniqueConstraint(condition=models.Q(('treatment__isnull', False)), fields=('treatment', 'number'), name='one_revision_of_a_treatment_per_number'), models.CheckConstraint(condition=models.Q(models.Q(('record__isnull', False), ('treatment', None)), models.Q(('record', None), ('treatment__isnull', False)), _connector='OR'), name='a_revision_is_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Medication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name', records.models.fields.EncryptedTextField(max_length=200, verbose_name='name')),
                ('dosage', records.models.fields.EncryptedTextField(blank=True, max_length=200, verbose_name='dosage')),
                ('frequency', records.models.fields.EncryptedTextField(blank=True, max_length=200, verbose_name='frequency')),
                ('duration', records.models.fields.EncryptedTextField(blank=True, max_length=200, verbose_name='duration')),
                ('treatment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='medications', to='records.treatment', verbose_name='treatment')),
            ],
            options={
                'verbose_name': 'medication',
                'verbose_name_plural': 'medications',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('treatment', 'position'), name='one_medication_per_position')],
            },
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
