"""Passing faults are tried again, twice at most and in their own time; what cannot get better is not."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import DownloadFailedError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from pipeline.crawl.retry import BACKOFF, is_tls_failure
from tests.crawl.probe import crawl
from tests.site.server import Site


def _times(site: Site, path: str) -> list[float]:
    return [record.time for record in site.of("trouble.test") if record.path == path]


def test_what_recovers_is_got_and_what_does_not_is_given_up(site: Site) -> None:
    recovers = ["/500", "/503", "/429-date", "/429-nonsense"]
    stays = ["/500-always", "/cut", "/reset"]
    done = crawl([site.url("trouble.test", path) for path in recovers + stays])
    for path in recovers:
        assert done[site.url("trouble.test", path)].status == 200
    assert done[site.url("trouble.test", "/500-always")].status == 500
    for path in recovers + stays:
        assert len(_times(site, path)) == 3
    early, late = _times(site, "/503")[0], _times(site, "/503")[1]
    assert late - early >= 1
    first, second, third = _times(site, "/500-always")
    assert second - first >= BACKOFF[0]
    assert third - second >= BACKOFF[1]


@pytest.mark.thorough
def test_what_stays_as_it_is_is_asked_for_once(site: Site) -> None:
    once = [
        "/404",
        "/410",
        "/429-year",
        "/challenge-503",
        "/bomb/gzip",
        "/bomb/broken-gzip",
        "/big",
        "/challenge-403",
    ]
    done = crawl([site.url("trouble.test", path) for path in once])
    for path in once:
        assert len(_times(site, path)) == 1, path
    assert done[site.url("trouble.test", "/429-year")].meta["retry_after"] == 31_536_000
    assert done[site.url("trouble.test", "/challenge-503")].status == 503
    assert done.seconds < 10


def test_a_name_that_is_not_found_is_looked_up_once_more() -> None:
    done = crawl(["http://nowhere.test/"], loopback=False)
    assert done["http://nowhere.test/"].error == "RobotsUnreachable"
    assert done.stats["downloader/exception_type_count/scrapy.exceptions.CannotResolveHostError"] == 2


def test_a_failure_of_tls_is_found_among_its_wrappings() -> None:
    wrapped = DownloadFailedError("no")
    wrapped.__cause__ = ResponseFailed(
        [Failure(ValueError("x")), Failure(TLSError("certificate verify failed"))]
    )
    assert is_tls_failure(wrapped)
    assert not is_tls_failure(DownloadFailedError("no"))


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[tuple[int, list[str]]]:
    """A TLS server whose certificate nobody vouches for: its port, and what became of each connection."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "secure.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("secure.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listener = socket.create_server(("127.0.0.1", 0))
    seen: list[str] = []

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(5)
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        seen.append(secure.recv(1000).decode())
                except ssl.SSLError:
                    seen.append("")

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1], seen
    listener.close()


def test_a_certificate_that_nobody_vouches_for_is_refused_once(self_signed: tuple[int, list[str]]) -> None:
    port, seen = self_signed
    url = f"https://secure.test:{port}/"
    done = crawl([url])
    assert done[url].error == "RobotsUnreachable"
    assert "certificate verify failed" in done[url].says
    assert seen == [""]
