"""Where an event stands in the order in which transactions end.

The columns come with a constant, which rewrites no table, and get their real defaults after that: what was
written before keeps the constant, and is never in the feed. Hence the index is partial, and empty at first.
"""

from django.db import migrations, models

import events.positions

ADD = """
ALTER TABLE events_event ADD COLUMN cluster bigint NOT NULL DEFAULT 0, ADD COLUMN xid bigint NOT NULL DEFAULT 0;
ALTER TABLE events_event ALTER COLUMN cluster SET DEFAULT (pg_control_system()).system_identifier,
  ALTER COLUMN xid SET DEFAULT pg_current_xact_id()::text::bigint;
"""
REMOVE = "ALTER TABLE events_event DROP COLUMN cluster, DROP COLUMN xid"

# As in 0002, with the two columns among what never changes.
KEEP = """
CREATE OR REPLACE FUNCTION events_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""
KEEP_AS_BEFORE = KEEP.replace(", NEW.cluster, NEW.xid", "").replace(", OLD.cluster, OLD.xid", "")


class Migration(migrations.Migration):
    dependencies = [("events", "0004_the_queue_knows_what_to_relay")]

    operations = [
        migrations.RunSQL(
            ADD,
            REMOVE,
            state_operations=[
                migrations.AddField(
                    "event",
                    "cluster",
                    models.BigIntegerField(db_default=events.positions.ThisCluster(), editable=False),
                ),
                migrations.AddField(
                    "event",
                    "xid",
                    models.BigIntegerField(db_default=events.positions.CurrentTransaction(), editable=False),
                ),
            ],
        ),
        migrations.RunSQL(KEEP, KEEP_AS_BEFORE),
        migrations.AddIndex(
            "event",
            models.Index(
                fields=["cluster", "xid", "id"],
                condition=models.Q(("xid__gt", 0)),
                name="event_feed",
            ),
        ),
    ]
