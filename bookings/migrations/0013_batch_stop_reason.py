"""Why bulk work was stopped."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0012_thai_order")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="stop_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ASKED", "Somebody stopped it."),
                    ("RIGHTS", "Whoever it was done for may not do this any more."),
                    ("UNCONFIRMED", "Nobody confirmed it in time."),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="why it was stopped",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stop_reason", ""),
                    models.Q(
                        ("state", "STOPPED"),
                        ("stop_reason__in", ["ASKED", "RIGHTS", "UNCONFIRMED"]),
                    ),
                    _connector="OR",
                ),
                name="only_a_stopped_batch_has_a_stop_reason",
            ),
        ),
    ]
