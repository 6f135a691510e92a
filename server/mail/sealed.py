"""Texts that only this instance can have written, for links in mails: no row is kept of them."""

import base64

from cryptography.exceptions import InvalidTag

from server.errors import NotFound
from server.runtime import Runtime


def seal(runtime: Runtime, text: str, purpose: str) -> str:
    """A token that holds the text, fit for an address."""
    sealed = runtime.cipher.encrypt(text.encode(), purpose)
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(runtime: Runtime, token: str, purpose: str) -> str:
    """The text of a token. Raises NotFound for one that is not ours, or for something else."""
    try:
        sealed = base64.b64decode(token.encode("ascii"), b"-_", validate=True)
        return runtime.cipher.decrypt(sealed, purpose).decode()
    except (ValueError, InvalidTag) as error:
        raise NotFound("This link is not complete or not from here.") from error


def sealed_link(runtime: Runtime, path: str, purpose: str, number: int, word: str) -> str:
    """An address that only this instance can make: of one row, and what is to become of it."""
    return f"{runtime.settings.origin}{path}?token={seal(runtime, f'{number} {word}', purpose)}"


def read_link(runtime: Runtime, token: str, purpose: str) -> tuple[int, str]:
    """Row and word of a link's token. Raises NotFound for one that is not ours."""
    number, _, word = unseal(runtime, token, purpose).partition(" ")
    return int(number), word
