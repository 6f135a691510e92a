from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature

from server.push.encryption import Message
from server.push.vapid import generate_key, headers_of, load_key
from tests.push_service import verified_claims

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ENDPOINT = "https://push.example:8443/send/abc?x=1"


@pytest.mark.parametrize(
    "message",
    [
        Message(b"", {"Content-Encoding": "aes128gcm"}),
        Message(b"", {"Content-Encoding": "aesgcm", "Encryption": "salt=abc"}, "dh=def"),
    ],
)
def test_the_service_can_check_who_sends(message: Message) -> None:
    key = load_key(generate_key()[0])
    headers = headers_of(message, key, ENDPOINT, "mailto:us@example.org", NOW)
    assert headers.items() >= message.headers.items()
    scheme, _, rest = headers["Authorization"].partition(" ")
    if message.crypto_key:
        assert (scheme, headers["Crypto-Key"]) == ("WebPush", f"dh=def;p256ecdsa={key.public}")
        token = rest
    else:
        token, _, public = rest.removeprefix("t=").partition(", k=")
        assert (scheme, public) == ("vapid", key.public)
    assert verified_claims(token, key.public) == {
        "aud": "https://push.example:8443",
        "exp": int(NOW.timestamp()) + 12 * 3600,
        "sub": "mailto:us@example.org",
    }
    with pytest.raises(InvalidSignature):
        verified_claims(token, load_key(generate_key()[0]).public)
