"""Handing mails to the server that sends them (RFC 5321)."""

from urllib.parse import unquote, urlsplit

import aiosmtplib

from federation.origins import is_loopback_name
from server.settings import Settings

_DEADLINE_SECONDS = 30.0


class Undeliverable(Exception):
    """The mail server will say the same each time."""


async def post_mail(settings: Settings, to: str, message: bytes) -> None:
    """Send one message to one address.

    `smtps:` is encrypted from the start; `smtp:` as soon as the server offers it, and no password
    leaves this machine before. Raises Undeliverable, and aiosmtplib's errors or OSError when
    another try may help.
    """
    parts = urlsplit(settings.smtp_url)
    host = parts.hostname or "localhost"
    is_encrypted = parts.scheme == "smtps"
    must_encrypt = bool(parts.username) and not is_loopback_name(host)
    try:
        await aiosmtplib.send(
            message,
            sender=settings.smtp_from,
            recipients=[to],
            hostname=host,
            port=parts.port or (465 if is_encrypted else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=is_encrypted,
            start_tls=False if is_encrypted else (must_encrypt or None),
            local_hostname=urlsplit(settings.origin).hostname,
            timeout=_DEADLINE_SECONDS,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = {refused.code for refused in error.recipients}
        if all(code >= 500 for code in codes):
            raise Undeliverable(f"the receiver is refused: {codes}") from error
        raise
    except aiosmtplib.SMTPDataError as error:
        if error.code >= 500:
            raise Undeliverable(f"the message is refused: {error.code}") from error
        raise
