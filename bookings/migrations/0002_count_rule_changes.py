"""Triggers that renew `RulesVersion.version` whenever a table that decides what is bookable changes."""

from django.db import migrations

TABLES = (
    "bookings_specialty",
    "bookings_healthcareservice",
    "bookings_healthcareservice_practitioners",
    "bookings_practitioner",
    "bookings_weeklyhours",
    "bookings_scheduleexception",
    "bookings_holiday",
)

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
FORGET = "DROP FUNCTION bookings_renew_rules_version()"


def trigger(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER renew_rules_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION bookings_renew_rules_version()",
        f"DROP TRIGGER renew_rules_version ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]

    operations = [migrations.RunSQL(RENEW, FORGET), *[trigger(table) for table in TABLES]]
