import pytest
from django.core.management import CommandError, call_command

from core.sealing import CannotUnseal
from tests.support.webhooks import endpoint
from webhooks.keyring import open_secrets
from webhooks.models import Webhook


def opened(webhook_id):
    return open_secrets(webhook_id, Webhook.objects.get(pk=webhook_id).secret)


def test_after_resealing_the_old_key_is_not_needed(hospital, settings):
    webhook = endpoint(hospital, "http://127.0.0.1:9/hook")
    before = opened(webhook.pk)
    settings.ENCRYPTION_KEYS = ["a new key", "for-tests-only"]

    call_command("reseal_secrets")

    settings.ENCRYPTION_KEYS = ["a new key"]
    assert opened(webhook.pk) == before


def test_without_the_old_key_nothing_is_changed_and_the_webhook_is_named(hospital, settings):
    webhook = endpoint(hospital, "http://127.0.0.1:9/hook")
    settings.ENCRYPTION_KEYS = ["a new key"]

    with pytest.raises(CommandError, match=str(webhook.pk)):
        call_command("reseal_secrets")

    with pytest.raises(CannotUnseal):
        opened(webhook.pk)
