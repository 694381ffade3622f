"""The bare link between practitioners and specialties becomes a row that says more; all links stay."""

import datetime

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

# Nothing said before which specialty of several is the main one: the one that was given first becomes it.
CHOOSE_PRIMARY = """
UPDATE bookings_practitioner_specialties SET is_primary = true
WHERE id IN (SELECT min(id) FROM bookings_practitioner_specialties GROUP BY practitioner_id)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0004_waiting_list'),
    ]

    operations = [
        # The table is there already, with these columns and constraints: Django made it for the bare link.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='PractitionerSpecialty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expertise', to='bookings.practitioner', verbose_name='practitioner')),
                        ('specialty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expertise', to='bookings.specialty', verbose_name='specialty')),
                    ],
                    options={
                        'verbose_name': 'specialty of a practitioner',
                        'verbose_name_plural': 'specialties of practitioners',
                        'db_table': 'bookings_practitioner_specialties',
                        'ordering': ['-is_primary', 'id'],
                        'unique_together': {('practitioner', 'specialty')},
                    },
                ),
                migrations.AlterField(
                    model_name='practitioner',
                    name='specialties',
                    field=models.ManyToManyField(blank=True, related_name='practitioners', through='bookings.PractitionerSpecialty', to='bookings.specialty', verbose_name='specialties'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='practitioner',
            name='years_of_experience',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(80)], verbose_name='years of experience'),
        ),
        migrations.AddConstraint(
            model_name='practitioner',
            constraint=models.CheckConstraint(condition=models.Q(('years_of_experience', None), ('years_of_experience__lte', 80), _connector='OR'), name='practitioner_years_of_experience'),
        ),
        migrations.AddField(
            model_name='practitionerspecialty',
            name='is_primary',
            field=models.BooleanField(default=False, help_text='What this person is known for: one specialty at most.', verbose_name='primary'),
        ),
        migrations.AddField(
            model_name='practitionerspecialty',
            name='years_of_experience',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(80)], verbose_name='years of experience'),
        ),
        migrations.AddField(
            model_name='practitionerspecialty',
            name='certification_date',
            field=models.DateField(blank=True, null=True, verbose_name='certified on'),
        ),
        migrations.RunSQL(CHOOSE_PRIMARY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='practitionerspecialty',
            constraint=models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('practitioner',), name='one_primary_specialty', violation_error_message='Only one specialty can be the primary one.'),
        ),
        migrations.AddConstraint(
            model_name='practitionerspecialty',
            constraint=models.CheckConstraint(condition=models.Q(('years_of_experience', None), ('years_of_experience__lte', 80), _connector='OR'), name='specialty_years_of_experience'),
        ),
        migrations.AddConstraint(
            model_name='practitionerspecialty',
            constraint=models.CheckConstraint(condition=models.Q(('certification_date', None), ('certification_date__lte', django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.Now(), '+', models.Value(datetime.timedelta(days=1)))), _connector='OR'), name='certified_in_the_past', violation_error_message='A certificate cannot be of a day to come.'),
        ),
    ]
