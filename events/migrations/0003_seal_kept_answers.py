"""Answers that were kept for repetitions before they were sealed."""

import json

from django.db import migrations

from core.sealing import seal


def seal_answers(apps, schema_editor):
    """Seal what is kept, so that nothing is done twice because of an upgrade.

    The place is worded here as `events.idempotency.place_of` words it: a migration does not follow the code.
    """
    rows = apps.get_model("events", "IdempotencyKey").objects.using(schema_editor.connection.alias)
    schema = schema_editor.connection.schema_name
    for row in rows.exclude(status=None).iterator():
        place = "events.idempotency:" + json.dumps([schema, row.principal, row.route, row.key])
        row.answer = seal(row.answer, place=place)
        row.save(update_fields=["answer"])


class Migration(migrations.Migration):
    dependencies = [("events", "0002_history_is_final")]

    operations = [migrations.RunPython(seal_answers, migrations.RunPython.noop, elidable=True)]
