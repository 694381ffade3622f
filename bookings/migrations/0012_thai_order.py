"""Names in the order of a Thai dictionary, and an index that pages through patients by it."""

from django.db import migrations, models

from core.thai_order import ReadersOrder, in_thai_order


class Migration(migrations.Migration):
    dependencies = [("bookings", "0009_overbooked_index")]

    operations = [
        migrations.AlterModelOptions(
            name="patient",
            options={
                "ordering": [in_thai_order("name"), "id"],
                "verbose_name": "patient",
                "verbose_name_plural": "patients",
            },
        ),
        migrations.AlterModelOptions(
            name="practitioner",
            options={
                "ordering": [ReadersOrder(), "id"],
                "verbose_name": "practitioner",
                "verbose_name_plural": "practitioners",
            },
        ),
        migrations.AlterModelOptions(
            name="specialty",
            options={
                "ordering": [ReadersOrder(), "id"],
                "verbose_name": "specialty",
                "verbose_name_plural": "specialties",
            },
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(in_thai_order("name"), models.F("id"), name="patient_in_thai_order"),
        ),
    ]
