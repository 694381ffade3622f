"""Which URLs and addresses a webhook may have."""

from ipaddress import ip_address

import pytest

from core.errors import InvalidInput
from webhooks.guard import RefusedUrl, Target, check_url, is_allowed, is_public_address, read_url

PUBLIC = Target("https", "example.org", 443, "/")


@pytest.fixture
def strict(settings):
    """As in production: no network of our own is allowed."""
    settings.WEBHOOK_ALLOWED_NETWORKS = []


@pytest.mark.parametrize(
    ("url", "usual"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/hook?a=1&b=%20", "https://example.org/hook?a=1&b=%20"),
        ("HTTPS://Example.ORG./Hook", "https://example.org/Hook"),
        ("https://example.org:443/hook", "https://example.org/hook"),
        ("https://example.org:8443/hook", "https://example.org:8443/hook"),
        ("https://example.org?now", "https://example.org/?now"),
        ("https://โรงพยาบาล.ไทย/hook", "https://xn--72c2blqcq3gb1l.xn--o3cw4h/hook"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://1.example.org/", "https://1.example.org/"),
        ("https://127.0.0.1.example.org/", "https://127.0.0.1.example.org/"),
    ],
)
def test_a_url_on_the_public_internet_is_taken_in_its_usual_form(strict, url, usual):
    assert check_url(url) == usual


REFUSED = [
    "", "example.org", "//example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/",
    "http://example.org/", "javascript:alert(1)", "https://", "https:///hook", "https://:443/",
    # ports
    "https://example.org:22/", "https://example.org:80/", "https://example.org:0/",
    "https://example.org:65536/", "https://example.org:8443443/", "https://example.org:/",
    "https://example.org:४४३/", "https://example.org:+443/",
    # user names, and what looks like a host in them
    "https://user@example.org/", "https://user:secret@example.org/", "https://example.org@127.0.0.1/",
    "https://example.org\\@127.0.0.1/", "https://127.0.0.1\\.example.org/", "https://@example.org/",
    # addresses, in all of their forms
    "https://127.0.0.1/", "https://8.8.8.8/", "https://127.1/", "https://0/", "https://2130706433/",
    "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/", "https://017700000001/",
    "https://127.0.0.1./", "https://127.0.0.0x1/", "https://1.2.3.4.5/", "https://0x/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[2606:4700::1]/", "https://[::]/",
    "https://[fe80::1%25eth0]/", "https://[v1.x]/", "https://::1/", "https://[::1/",
    "https://１２７.０.０.１/", "https://127。0。0。1/", "https://①②⑦.0.0.1/",
    # names of a private network
    "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/",
    "https://printer.local/", "https://metadata.google.internal/", "https://router.home.arpa/",
    "https://intranet/", "https://ｌｏｃａｌｈｏｓｔ/",
    # names that are none, or mean two things
    "https://-a.example.org/", "https://a-.example.org/", "https://a..example.org/", "https://.example.org/",
    "https://a_b.example.org/", "https://exa mple.org/", "https://" + "a" * 64 + ".example.org/",
    "https://" + "a." * 130 + "org/", "https://straße.example/", "https://a\u200db.example/",
    "https://exa\nmple.org/", "https://example.org\r\n/", "https://%65xample.org/", "https://*.example.org/",
    # paths
    "https://example.org/a b", "https://example.org/\r\nHost: localhost", "https://example.org/ก",
    "https://example.org/%zz", "https://example.org/#part", "https://example.org/\x00",
    "https://example.org/" + "a" * 2000, " https://example.org/", "https://example.org/ ",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: ascii(url)[:60])
def test_everything_else_is_refused_with_the_field_named(strict, url):
    with pytest.raises(InvalidInput) as refused:
        check_url(url)

    assert list(refused.value.data["fields"]) == ["webhook_url"]
    assert str(refused.value.data["fields"]["webhook_url"][0])


def test_a_caller_may_name_its_own_field(strict):
    with pytest.raises(InvalidInput) as refused:
        check_url("https://127.0.0.1/", field="url")

    assert list(refused.value.data["fields"]) == ["url"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9000/hook", "http://localhost:9000/", "http://[::1]:9000/", "https://a.localhost:9/"],
)
def test_where_loopback_is_allowed_it_may_be_named_with_any_port(url):
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://10.0.0.1/",
        "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/", "http://[fe80::1]/",
        "http://8.8.8.8/", "http://printer.local/", "http://localhost:0/", "ftp://localhost/",
    ],
)  # fmt: skip
def test_where_loopback_is_allowed_nothing_else_becomes_so(url):
    with pytest.raises(RefusedUrl):
        read_url(url)


PUBLIC_ADDRESSES = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.0", "168.63.129.15", "223.255.255.255",
    "2606:4700:4700::1111", "2a00:1450:4001:800::200e", "2400:cb00::1", "2001:200::1", "3ffe::1",
]  # fmt: skip
OTHER_ADDRESSES = [
    # where Python's own judgement or a library's was found to fail
    "::127.0.0.1", "::169.254.169.254", "::ffff:0:7f00:1", "fec0::1", "3fff::1", "5f00::1", "192.88.99.1",
    "168.63.129.16", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::7f00:1", "2002:7f00:1::",
    "2002:808:808::1", "::808:808", "192.0.0.192",
    # IPv4
    "0.0.0.0",  # noqa: S104  -- nobody listens there
    "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1",
    "192.31.196.1", "192.52.193.1", "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    # IPv6
    "::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8", "100::1", "2001::1",
    "2001:db8::1", "2001:10::1", "2001:20::1", "2001:1::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fe80::1%eth0", "ff02::1", "4000::1", "2620:4f:8000::1", "3fff:fff::1",
]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC_ADDRESSES)
def test_a_machine_on_the_public_internet_is_one(strict, text):
    assert is_public_address(ip_address(text))
    assert is_allowed(ip_address(text), PUBLIC)


@pytest.mark.parametrize("text", OTHER_ADDRESSES)
def test_every_other_address_is_none(strict, text):
    assert not is_public_address(ip_address(text))
    assert not is_allowed(ip_address(text), PUBLIC)


@pytest.mark.parametrize(
    "text", [one for one in OTHER_ADDRESSES if not one.startswith("127.") and one != "::1"]
)
def test_loopback_where_it_is_allowed_allows_no_other(text):
    assert not is_allowed(ip_address(text), PUBLIC)


def test_plain_http_and_other_ports_reach_allowed_networks_alone():
    for target in (Target("http", "a.example", 80, "/"), Target("https", "a.example", 9000, "/")):
        assert is_allowed(ip_address("127.0.0.1"), target)
        assert not is_allowed(ip_address("8.8.8.8"), target)


def test_production_allows_no_network_whatever_its_environment_says():
    import os  # noqa: PLC0415
    import subprocess  # noqa: PLC0415
    import sys  # noqa: PLC0415

    told = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "x" * 60,
        "JWT_SECRET": "x" * 40,
        "ENCRYPTION_KEYS": "x" * 40,
        "ALLOWED_HOSTS": "example.org",
        "BASE_DOMAIN": "example.org",
        "WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "WEBHOOK_SECONDS": "99",
    }
    say = "from django.conf import settings as s; print(s.WEBHOOK_ALLOWED_NETWORKS, s.WEBHOOK_SECONDS)"

    ran = subprocess.run([sys.executable, "-c", say], env=told, capture_output=True, text=True, check=True)

    assert ran.stdout == "[] 15\n"
