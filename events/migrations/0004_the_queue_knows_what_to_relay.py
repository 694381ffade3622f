"""What is still to be handed on stands in the queue of jobs: each event has one index less to be written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0003_seal_kept_answers")]

    operations = [migrations.RemoveIndex(model_name="event", name="event_to_relay")]
