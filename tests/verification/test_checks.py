import pytest

from tests.support.sms import CREDENTIALS
from verification.checks import check_gateways
from verification.gateways import GATEWAYS


def test_a_gateway_without_its_settings_is_an_error(settings):
    settings.SMS_GATEWAY = ["twilio", "telegram"]
    settings.TWILIO_ACCOUNT_SID = "AC1"

    twilio, telegram = check_gateways(None)

    assert (
        twilio.msg
        == "SMS_GATEWAY names twilio, but there is no TWILIO_AUTH_TOKEN, no TWILIO_VERIFY_SERVICE_SID."
    )
    assert telegram.msg == "SMS_GATEWAY names telegram, but there is no TELEGRAM_GATEWAY_TOKEN."


def test_the_console_is_an_error_where_it_is_not_allowed(settings):
    settings.SMS_CONSOLE_ALLOWED = False

    [error] = check_gateways(None)
    assert error.id == "verification.E002"


@pytest.mark.parametrize("name", [*GATEWAYS])
def test_a_gateway_with_its_settings_is_fine(settings, name):
    settings.SMS_GATEWAY = [name]
    for setting, value in CREDENTIALS.items():
        setattr(settings, setting, value)

    assert check_gateways(None) == []


def test_every_gateway_that_the_settings_know_is_there(settings):
    assert set(settings.SMS_GATEWAYS) == set(GATEWAYS)


@pytest.mark.parametrize("prefix", ["66", "0066", "+", "+0", "*", "+66 8"])
def test_a_prefix_that_no_number_has_is_an_error(settings, prefix):
    settings.SMS_PREFIXES = ["+66", prefix]

    [error] = check_gateways(None)
    assert error.msg == f"SMS_PREFIXES holds {prefix}: a prefix looks like +66."
