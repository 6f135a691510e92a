"""A push service played by the tests, with a phone behind it that decrypts what comes."""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

import http_ece
import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from server.push.encryption import base64url, point_of
from tests.serving import serving


@dataclass(frozen=True, slots=True)
class Pushed:
    """A message as it came; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


class Phone:
    """Keys of a subscription, and what they open."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.p256dh = point_of(self._private.public_key())
        self.auth = secrets.token_bytes(16)

    def form(self, endpoint: str, *alerts: str, **subscription: Any) -> dict[str, Any]:
        """What the app posts to subscribe."""
        keys = {"p256dh": base64url(self.p256dh), "auth": base64url(self.auth)}
        return {
            "subscription": {"endpoint": endpoint, "keys": keys, **subscription},
            "data": {"alerts": dict.fromkeys(alerts, True)},
        }

    def read(self, pushed: Pushed) -> dict[str, Any]:
        """The decrypted payload, in either encoding, by a library that is not ours."""
        more: dict[str, Any] = {}
        version = pushed.headers["content-encoding"]
        if version == "aesgcm":
            more["salt"] = unbase64(pushed.headers["encryption"].removeprefix("salt="))
            more["dh"] = unbase64(pushed.headers["crypto-key"].split(";")[0].removeprefix("dh="))
        text = http_ece.decrypt(
            pushed.body, private_key=self._private, auth_secret=self.auth, version=version, **more
        )
        payload: dict[str, Any] = orjson.loads(text)
        return payload


class PushService:
    """Keeps what is pushed; `answers` maps paths to statuses."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.pushed: list[Pushed] = []
        self.answers: dict[str, int] = {}


@contextmanager
def push_service() -> Iterator[PushService]:
    """A service that serves for the length of a block."""
    with serving(_Handler, PushService) as found:
        yield found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        service: PushService = self.server.found  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        service.pushed.append(Pushed(self.path, headers, body))
        self.send_response(service.answers.get(self.path, 201))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def unbase64(text: str) -> bytes:
    """Bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified_claims(token: str, public: str) -> dict[str, Any]:
    """Claims of a JWT. Raises InvalidSignature for one that this key did not sign (RFC 7515)."""
    signed, _, signature = token.rpartition(".")
    header, _, claims = signed.partition(".")
    assert orjson.loads(unbase64(header)) == {"typ": "JWT", "alg": "ES256"}
    numbers = unbase64(signature)
    der = encode_dss_signature(
        int.from_bytes(numbers[:32], "big"), int.from_bytes(numbers[32:], "big")
    )
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unbase64(public))
    key.verify(der, signed.encode(), ec.ECDSA(SHA256()))
    found: dict[str, Any] = orjson.loads(unbase64(claims))
    return found
