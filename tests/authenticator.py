"""An authenticator app of our own (RFC 6238), written from the text: not the server's library."""

import base64
import hmac
import struct
import time


def totp(secret: str, ahead: int = 0) -> str:
    """The code of a base32 secret, now or some half minutes ahead."""
    step = int(time.time()) // 30 + ahead
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
