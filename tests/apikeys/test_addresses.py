import pytest

from apikeys.addresses import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "address"),
    [
        # Nobody stands before us: what a client says of itself is not believed.
        (0, None, "203.0.113.7", "203.0.113.7"),
        (0, "198.51.100.1", "203.0.113.7", "203.0.113.7"),
        # One proxy: the last entry is what it saw.
        (1, "198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (1, "192.0.2.99, 198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (1, "garbage", "10.0.0.1", "10.0.0.1"),
        (1, None, "10.0.0.1", "10.0.0.1"),
        # Two: the last entry is the outer proxy.
        (2, "198.51.100.1, 10.0.0.2", "10.0.0.1", "198.51.100.1"),
        (2, "192.0.2.99,198.51.100.1,10.0.0.2", "10.0.0.1", "198.51.100.1"),
        (2, "192.0.2.99", "10.0.0.1", "10.0.0.1"),
        # With the port that some proxies add.
        (1, "198.51.100.1:4711", "10.0.0.1", "198.51.100.1"),
        (1, "[2001:db8:1:2:3:4:5:6]:4711", "10.0.0.1", "2001:db8:1:2::/64"),
        # Whoever has one address of an IPv6 network has all of them.
        (0, None, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, None, "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (0, None, "::ffff:203.0.113.7", "203.0.113.7"),
        # A socket of the file system has none.
        (0, None, "", ""),
    ],
)
def test_the_clients_address_is_what_our_own_proxies_saw(settings, proxies, forwarded, remote, address):
    settings.TRUSTED_PROXIES = proxies
    header = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}

    assert client_address({"REMOTE_ADDR": remote, **header}) == address
