"""TLS: the certificate is the host's and of a trusted authority, and the name goes with the connection."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.webhooks.receivers import Names, receiver
from webhooks import client
from webhooks.client import Reply, post

HOST = "hook.example"


class Authority:
    """Signs certificates for one run of the tests."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.file = folder / f"{name}.pem"
        made = self._certificate(self.name, self.key, None, timedelta(days=1))
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, *, lasting: timedelta = timedelta(days=1)) -> ssl.SSLContext:
        """What a receiver of that name speaks TLS with."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._certificate(subject, key, host, lasting)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = self.folder / "receiver.pem"
        file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(self, subject, key, host: str | None, lasting: timedelta) -> x509.Certificate:
        until = datetime.now(UTC) + lasting
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - timedelta(days=10))
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host is not None:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self.key, hashes.SHA256())


@pytest.fixture(scope="module")
def authorities(tmp_path_factory) -> tuple[Authority, Authority]:
    folder = tmp_path_factory.mktemp("certificates")
    return Authority(folder, "trusted"), Authority(folder, "stranger")


@pytest.fixture
def trusted(authorities, monkeypatch) -> Authority:
    """An authority that the system trusts in this test, and a name server that knows the host."""
    names = Names()
    names.lead(HOST, ["127.0.0.1"])
    monkeypatch.setattr("webhooks.network.socket.getaddrinfo", names.getaddrinfo)
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities[0].file))
    client._tls.cache_clear()
    yield authorities[0]
    client._tls.cache_clear()


def sent(port: int) -> Reply:
    return post(f"https://{HOST}:{port}/hook", headers={}, body=b"{}", seconds=5)


def test_the_hosts_certificate_is_accepted_and_the_name_goes_with_the_connection(trusted):
    with receiver(tls=trusted.context(HOST)) as there:
        reply = sent(there.port)

    assert (reply.status, reply.error, reply.excerpt) == (200, "", "ok")
    assert there.names == [HOST]
    assert there.requests[0].headers["host"] == f"{HOST}:{there.port}"


def test_another_hosts_certificate_is_refused(trusted):
    with receiver(tls=trusted.context("other.example")) as there:
        reply = sent(there.port)

    assert (reply.status, reply.error, there.requests) == (None, "tls", [])


def test_a_strangers_certificate_is_refused(trusted, authorities):
    with receiver(tls=authorities[1].context(HOST)) as there:
        reply = sent(there.port)

    assert (reply.status, reply.error, there.requests) == (None, "tls", [])


def test_an_expired_certificate_is_refused(trusted):
    with receiver(tls=trusted.context(HOST, lasting=-timedelta(days=1))) as there:
        reply = sent(there.port)

    assert (reply.status, reply.error, there.requests) == (None, "tls", [])


def test_a_certificate_for_an_address_is_not_one_for_the_name(trusted):
    with receiver(tls=trusted.context("127.0.0.1")) as there:
        assert sent(there.port).error == "tls"


def test_plain_text_where_tls_should_be_is_refused(trusted):
    def talk(connection, _over):
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with receiver() as there:
        # The receiver waits for the end of a request that never comes, so it speaks first.
        there._answer = lambda connection: (talk(connection, None), connection.close())
        reply = sent(there.port)

    assert (reply.status, reply.error) == (None, "tls")


def test_an_old_version_of_tls_is_refused(trusted):
    context = trusted.context(HOST)
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with receiver(tls=context) as there:
        assert sent(there.port).error == "tls"
