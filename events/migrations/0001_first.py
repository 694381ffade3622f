"""History, which is final, and the answers that are kept for repetitions."""

import django.core.serializers.json
import django.db.models.functions.datetime
import events.positions
from django.db import migrations, models

# History stays as it was written: only what tells of relaying may change.
KEEP = """
CREATE FUNCTION events_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND
     (NEW.id, NEW.type, NEW.subject_type, NEW.subject_id, NEW.door, NEW.actor_role, NEW.actor_user_id,
      NEW.actor_label, NEW.changes, NEW.data, NEW.occurred_at, NEW.cluster, NEW.xid)
     IS NOT DISTINCT FROM
     (OLD.id, OLD.type, OLD.subject_type, OLD.subject_id, OLD.door, OLD.actor_role, OLD.actor_user_id,
      OLD.actor_label, OLD.changes, OLD.data, OLD.occurred_at, OLD.cluster, OLD.xid)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'history is not changed and not removed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON events_event
  FOR EACH ROW EXECUTE FUNCTION events_keep_history();
CREATE TRIGGER keep_all_history BEFORE TRUNCATE ON events_event
  FOR EACH STATEMENT EXECUTE FUNCTION events_keep_history();
"""
LET_GO = """
DROP TRIGGER keep_all_history ON events_event;
DROP TRIGGER keep_history ON events_event;
DROP FUNCTION events_keep_history();
"""


class Migration(migrations.Migration):

    initial = True

    # Only the last of those that were there before; why: docs/adr/0036-first-migrations.md.
    replaces = [('events', '0005_commit_order')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('type', models.CharField(max_length=60, verbose_name='what')),
                ('subject_type', models.CharField(max_length=40, verbose_name='kind of record')),
                ('subject_id', models.CharField(max_length=64, verbose_name='record')),
                ('door', models.CharField(max_length=20, verbose_name='door')),
                ('actor_role', models.CharField(blank=True, max_length=20, verbose_name='role')),
                ('actor_user_id', models.UUIDField(blank=True, null=True, verbose_name='user')),
                ('actor_label', models.CharField(blank=True, max_length=100, verbose_name='by')),
                ('changes', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='changes')),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='data')),
                ('occurred_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='when')),
                ('relayed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='told others at')),
                ('cluster', models.BigIntegerField(db_default=events.positions.ThisCluster(), editable=False)),
                ('xid', models.BigIntegerField(db_default=events.positions.CurrentTransaction(), editable=False)),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'history',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='event_subject'), models.Index(condition=models.Q(('xid__gt', 0)), fields=['cluster', 'xid', 'id'], name='event_feed')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('principal', models.CharField(max_length=100)),
                ('route', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=255)),
                ('fingerprint', models.BinaryField(max_length=32)),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'idempotency key',
                'verbose_name_plural': 'idempotency keys',
                'indexes': [models.Index(fields=['created_at'], name='idempotency_age')],
                'constraints': [models.UniqueConstraint(fields=('principal', 'route', 'key'), name='one_answer_per_idempotency_key')],
            },
        ),
        migrations.RunSQL(KEEP, LET_GO),
    ]
