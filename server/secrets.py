"""What keeps a dump of the database useless: hashes where we only compare, else a cipher.

Tokens, sessions, codes and invitations carry 256 random bits, so a plain SHA-256 is enough (there
is nothing to guess); keys and seeds that we must read back are encrypted with a key that stands
outside the database.
"""

import base64
import contextlib
import hashlib
import secrets
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.settings import Settings, SettingsError

_NONCE_BYTES = 12
_KEY_BYTES = 32


def new_token() -> str:
    """43 URL-safe characters with 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """The 32 bytes under which a token, session, code or invitation is stored and found."""
    return hashlib.sha256(token.encode()).digest()


class Cipher:
    """AES-256-GCM; each secret is bound to a purpose, so that none serves in another's place."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._aead = AESGCM(key)

    def derive(self, purpose: str) -> bytes:
        """32 bytes that are always the same for a purpose (HKDF, RFC 5869)."""
        return HKDF(hashes.SHA256(), _KEY_BYTES, None, purpose.encode()).derive(self._key)

    def encrypt(self, secret: bytes, purpose: str) -> bytes:
        """Nonce and sealed secret, to be stored together."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret, purpose.encode())

    def decrypt(self, sealed: bytes, purpose: str) -> bytes:
        """The secret again. Raises cryptography's InvalidTag for another key or purpose."""
        return self._aead.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())


def open_cipher(settings: Settings) -> Cipher:
    """The instance's cipher; the first call on a data folder makes its key (mode 0600).

    Raises SettingsError when the configured key is not 32 bytes in base64.
    """
    text = settings.secret_key or _read_or_make_key(settings.data / "secret.key")
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise SettingsError("secret_key is not base64") from error
    if len(key) != _KEY_BYTES:
        raise SettingsError(f"secret_key must hold {_KEY_BYTES} bytes, this has {len(key)}")
    return Cipher(key)


def _read_or_make_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Linked into place whole, so that of several starting processes all read the same key.
        with tempfile.NamedTemporaryFile(dir=path.parent) as file:
            file.write(base64.b64encode(secrets.token_bytes(_KEY_BYTES)))
            file.flush()
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(file.name)
    return path.read_text("ascii").strip()
