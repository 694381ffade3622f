"""An index for who was overbooked, and a day without a number refused.

Who was overbooked stands outside of the seats' constraints, and so of their indexes. A check that comes to NULL
holds: the one of the queue has to ask for the number by itself.
"""

from django.contrib.postgres.indexes import GistIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0008_front_desk")]

    operations = [
        migrations.AddIndex(
            model_name="appointment",
            index=GistIndex(
                condition=models.Q(("overbooked", True)),
                fields=["practitioner", "occupied"],
                name="appointment_overbooked",
            ),
        ),
        migrations.RemoveConstraint(model_name="appointment", name="queue_number_has_a_day"),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(queue_day=None, queue_number=None)
                | models.Q(queue_day__isnull=False, queue_number__isnull=False, queue_number__gte=1),
                name="queue_number_has_a_day",
            ),
        ),
    ]
