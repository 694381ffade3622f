"""Hospitals and their addresses."""

import core.clock
import datetime
import django.core.validators
import django.db.models.deletion
import django_tenants.postgresql_backend.base
import uuid
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # Only the last of those that were there before; why: docs/adr/0036-first-migrations.md.
    replaces = [('tenants', '0003_second_factor')]

    dependencies = [
    ]

    operations = [
        # Exclusion constraints of every hospital need it, and it must stand in the public schema.
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Hospital',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('schema_name', models.CharField(db_index=True, max_length=63, unique=True, validators=[django_tenants.postgresql_backend.base._check_schema_name])),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='UUID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('subdomain', models.CharField(help_text='Names the hospital in addresses, such as demo in demo.example.org. It cannot change later.', max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$', 'Use lower-case letters, digits and hyphens.')], verbose_name='subdomain')),
                ('registration_number', models.CharField(blank=True, max_length=50, verbose_name='registration number')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email')),
                ('phone_number', models.CharField(blank=True, max_length=20, verbose_name='phone number')),
                ('address_line1', models.CharField(blank=True, max_length=200, verbose_name='address line 1')),
                ('address_line2', models.CharField(blank=True, max_length=200, verbose_name='address line 2')),
                ('city', models.CharField(blank=True, max_length=100, verbose_name='city')),
                ('state', models.CharField(blank=True, max_length=100, verbose_name='province or state')),
                ('country', models.CharField(blank=True, default='Thailand', max_length=100, verbose_name='country')),
                ('postal_code', models.CharField(blank=True, max_length=20, verbose_name='postal code')),
                ('hospital_type', models.CharField(choices=[('GENERAL', 'General hospital'), ('SPECIALTY', 'Specialty hospital'), ('CLINIC', 'Clinic'), ('DENTAL', 'Dental clinic'), ('COMMUNITY', 'Community hospital')], default='GENERAL', max_length=20, verbose_name='type')),
                ('timezone', models.CharField(default='Asia/Bangkok', help_text='The zone of every time that patients and staff of this hospital see.', max_length=64, validators=[core.clock.validate_zone_name], verbose_name='time zone')),
                ('language', models.CharField(choices=[('th', 'Thai'), ('en', 'English')], default='th', max_length=2, verbose_name='language')),
                ('reminder_time', models.TimeField(default=datetime.time(18, 0), help_text="On the hospital's clocks, the day before the appointment.", verbose_name='hour of reminders')),
                ('reminder_least_hours', models.PositiveSmallIntegerField(default=1, help_text='Hours before the appointment. What was missed is made up for until then.', validators=[django.core.validators.MaxValueValidator(24)], verbose_name='no reminder later than')),
                ('notice_channels', models.CharField(blank=True, help_text="In the order in which they are tried. Leave empty for the platform's order.", max_length=100, validators=[django.core.validators.RegexValidator('^[a-z]+( *, *[a-z]+)*$', 'Write names with commas, such as email.')], verbose_name='channels of notices')),
                ('second_factor_required', models.BooleanField(db_default=False, default=False, help_text='Staff sign in with a code of their phone besides the password.', verbose_name='second factor required')),
                ('is_active', models.BooleanField(default=True, help_text='A hospital that is switched off refuses every door and loses nothing.', verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'hospital',
                'verbose_name_plural': 'hospitals',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('subdomain__regex', '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$')), name='hospital_subdomain_is_a_dns_label', violation_error_message='Use lower-case letters, digits and hyphens.'), models.CheckConstraint(condition=models.Q(('subdomain__in', ('admin', 'api', 'app', 'mail', 'mcp', 'public', 'static', 'www')), _negated=True), name='hospital_subdomain_is_not_reserved', violation_error_message='This name is kept for the platform.')],
            },
        ),
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(db_index=True, max_length=253, unique=True)),
                ('is_primary', models.BooleanField(db_index=True, default=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='tenants.hospital')),
            ],
            options={
                'verbose_name': 'domain',
                'verbose_name_plural': 'domains',
            },
        ),
    ]
