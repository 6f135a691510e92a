import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.cli import checks_outside
from server.settings import Settings


def certificate(folder: Path, host: str, days: int) -> tuple[Path, Path]:
    """A self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=100))
        .not_valid_after(datetime.now(UTC) + timedelta(days=days, minutes=5))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{host}.pem", folder / f"{host}.key"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


class Answers(BaseHTTPRequestHandler):
    """An instance that has NodeInfo and no WebFinger."""

    def do_GET(self) -> None:
        self.send_response(200 if "nodeinfo" in self.path else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def secure_server(tmp_path: Path) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path, "localhost", 30))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("host", "days", "said"),
    [
        ("chat.example.org", 90, ["is for chat.example.org", "valid until"]),
        ("chat.example.org", 3, ["is for chat.example.org", "expires on"]),
        ("chat.example.org", -1, ["is for chat.example.org", "expired on"]),
        ("other.example.org", 90, ["not for chat.example.org", "valid until"]),
    ],
)
def test_certificate_files_are_read(tmp_path: Path, host: str, days: int, said: list[str]) -> None:
    cert, key = certificate(tmp_path, host, days)
    settings = Settings(origin="https://chat.example.org", tls_cert=cert, tls_key=key)
    found = checks_outside.check_certificate_files(settings)
    assert len(found) == len(said)
    assert all(part in f.what.say("en") for part, f in zip(said, found, strict=True))


def test_files_that_do_not_belong_together_are_found(tmp_path: Path) -> None:
    cert, _ = certificate(tmp_path, "one.example", 9)
    _, key = certificate(tmp_path, "two.example", 9)
    (found,) = checks_outside.check_certificate_files(Settings(tls_cert=cert, tls_key=key))
    assert "cannot be used" in found.what.say("en")
    assert checks_outside.check_certificate_files(Settings()) == []


def test_a_stranger_s_certificate_is_not_trusted_and_a_named_one_is(
    secure_server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(origin=f"https://localhost:{secure_server}")
    assert "is not trusted" in checks_outside.check_tls(settings).what.say("en")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    assert checks_outside.check_tls(settings).is_well
    nodeinfo, webfinger = checks_outside.check_answers(settings, "anna")
    assert nodeinfo.is_well
    assert "answers 404" in webfinger.what.say("en")


def test_nobody_there_is_found() -> None:
    settings = Settings(origin="https://localhost:1")
    assert "No TLS connection" in checks_outside.check_tls(settings).what.say("en")
    (nodeinfo,) = checks_outside.check_answers(settings, None)
    assert "is not reached" in nodeinfo.what.say("en")
