"""API keys and their limits."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    # Only the last of those that were there before; why: docs/adr/0036-first-migrations.md.
    replaces = [('apikeys', '0003_tools_and_records')]

    dependencies = [
        ('tenants', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Which program uses it.', max_length=100, verbose_name='name')),
                ('public_id', models.CharField(editable=False, max_length=10, unique=True, verbose_name='public id')),
                ('key_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='hash')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read:bookings', 'See services, free slots and bookings'), ('write:bookings', 'Book, move and cancel'), ('read:patients', 'See patients'), ('write:patients', 'Register and change patients'), ('read:records', 'Read medical records and treatments'), ('write:records', 'Write medical records and treatments'), ('manage:webhooks', 'Manage webhooks and see what was sent to them'), ('admin:hospital', 'Manage the catalogue, schedules, users and subscription of a hospital'), ('admin:platform', 'Manage hospitals and keys')], max_length=40), default=list, size=None, verbose_name='scopes')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_unlimited', models.BooleanField(default=False, help_text='No rate limits: for tests and trusted systems.', verbose_name='unlimited')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
                ('last_used', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used')),
                ('hospital', models.ForeignKey(blank=True, help_text='Leave empty for a key of the platform.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='api_keys', to='tenants.hospital', verbose_name='hospital')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'db_table': 'api_keys',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='RateLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.CharField(choices=[('availability', 'Reading free times'), ('booking', 'Making bookings'), ('holding', 'Holding slots'), ('reading', 'Other reading'), ('writing', 'Other changes'), ('webhooks', 'Managing webhooks'), ('tools', 'Calling tools as an AI assistant'), ('login', 'Signing in, by address'), ('hospital', 'All requests of one hospital')], max_length=20, verbose_name='what is limited')),
                ('amount', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100000)], verbose_name='requests')),
                ('seconds', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(86400)], verbose_name='in so many seconds')),
                ('hospital', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rate_limits', to='tenants.hospital', verbose_name='hospital')),
                ('key', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rate_limits', to='apikeys.apikey', verbose_name='API key')),
            ],
            options={
                'verbose_name': 'rate limit',
                'verbose_name_plural': 'rate limits',
                'ordering': ['policy'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hospital', None), ('key__isnull', False)), models.Q(('hospital__isnull', False), ('key', None)), _connector='OR'), name='rate_limit_has_one_owner', violation_error_message='Choose a hospital or a key, not both.'), models.CheckConstraint(condition=models.Q(('key', None), ('policy__in', ('availability', 'booking', 'holding', 'reading', 'writing', 'webhooks', 'tools')), _connector='OR'), name='rate_limit_of_a_key_is_one_that_keys_have', violation_error_message='This is counted by hospital or address, not by key.'), models.CheckConstraint(condition=models.Q(('amount__range', (1, 100000)), ('seconds__range', (1, 86400))), name='rate_limit_is_possible'), models.UniqueConstraint(fields=('hospital', 'policy'), name='one_rate_limit_per_hospital_and_policy'), models.UniqueConstraint(fields=('key', 'policy'), name='one_rate_limit_per_key_and_policy')],
            },
        ),
    ]
