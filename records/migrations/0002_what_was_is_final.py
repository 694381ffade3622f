"""Triggers: who read what is never changed nor removed; of an earlier version only the seal is renewed."""

from django.db import migrations

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
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
