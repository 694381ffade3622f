"""A trigger that keeps history as it was written: only what tells of relaying may change."""

from django.db import migrations

KEEP = """
CREATE FUNCTION events_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND
     (NEW.id, NEW.type, NEW.subject_type, NEW.subject_id, NEW.door, NEW.actor_role, NEW.actor_user_id,
      NEW.actor_label, NEW.changes, NEW.data, NEW.occurred_at)
     IS NOT DISTINCT FROM
     (OLD.id, OLD.type, OLD.subject_type, OLD.subject_id, OLD.door, OLD.actor_role, OLD.actor_user_id,
      OLD.actor_label, OLD.changes, OLD.data, OLD.occurred_at)
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
    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
