import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from server.cli import checks_outside
from server.settings import Settings
from tests.certificates import certificate


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
    issued = certificate(tmp_path, "localhost", 30)
    context.load_cert_chain(issued.cert, issued.key)
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
    issued = certificate(tmp_path, host, days)
    settings = Settings(origin="https://chat.example.org", tls_cert=issued.cert, tls_key=issued.key)
    found = checks_outside.check_certificate_files(settings)
    assert len(found) == len(said)
    assert all(part in f.what.say("en") for part, f in zip(said, found, strict=True))


def test_files_that_do_not_belong_together_are_found(tmp_path: Path) -> None:
    cert = certificate(tmp_path, "one.example", 9).cert
    key = certificate(tmp_path, "two.example", 9).key
    (found,) = checks_outside.check_certificate_files(Settings(tls_cert=cert, tls_key=key))
    assert "cannot be used" in found.what.say("en")
    assert checks_outside.check_certificate_files(Settings()) == []


def test_a_stranger_s_certificate_is_not_trusted_and_a_named_one_is(
    secure_server: int, tmp_path: Path
) -> None:
    settings = Settings(origin=f"https://localhost:{secure_server}")
    assert "is not trusted" in checks_outside.check_tls(settings).what.say("en")
    settings = replace(settings, federation_ca_file=tmp_path / "localhost.pem")
    assert checks_outside.check_tls(settings).is_well
    nodeinfo, webfinger = checks_outside.check_answers(settings, "anna")
    assert nodeinfo.is_well
    assert "answers 404" in webfinger.what.say("en")


def test_nobody_there_is_found() -> None:
    settings = Settings(origin="https://localhost:1")
    assert "No TLS connection" in checks_outside.check_tls(settings).what.say("en")
    (nodeinfo,) = checks_outside.check_answers(settings, None)
    assert "is not reached" in nodeinfo.what.say("en")
