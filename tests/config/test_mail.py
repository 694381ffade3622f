import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings.reading import mail_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", ("mail.example.org", 25, "", "", False, False)),
        ("smtp+tls://me:s%40cret@mail.example.org", ("mail.example.org", 587, "me", "s@cret", True, False)),
        ("smtp+ssl://me:x@mail.example.org:2465", ("mail.example.org", 2465, "me", "x", False, True)),
        ("smtp://[::1]:1025", ("::1", 1025, "", "", False, False)),
    ],
)
def test_a_mail_server_is_one_url(url, server):
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://me:s3cret@mail.example.org:port",
        "smtp+tls://me:s3cret@mail.example.org/inbox",
        "smtp://me:s3cret@mail.example.org?tls=1",
    ],
)
def test_another_url_is_refused_in_words_that_quote_no_password(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        mail_server(url)

    assert "EMAIL_URL should look like" in str(caught.value)
    assert "s3cret" not in str(caught.value)
