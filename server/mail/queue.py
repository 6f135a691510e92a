"""Mails that wait to be sent: rows of the jobs table, written with what they are about.

A mail may hold a link that opens something, so what waits is encrypted like any other secret.
"""

import base64
import logging
import secrets
from typing import Any

import msgspec

from server.mail.message import Letter, compose
from server.mail.post import Undeliverable, post_mail
from server.runtime import Runtime
from server.transaction import Transaction

log = logging.getLogger(__name__)
_PURPOSE = "mail"


def enqueue_mail(
    runtime: Runtime,
    tx: Transaction,
    to: str,
    template: str,
    locale: str,
    values: dict[str, Any],
    *,
    message_id: str | None = None,
    unsubscribe_url: str | None = None,
    list_id: str | None = None,
) -> None:
    """Send a mail after the commit, by the worker, as often tried as it takes.

    Parameters as in `mail.message.Letter`; a mail without `message_id` gets a new one. Without a
    mail server in the settings nothing happens.
    """
    if not runtime.settings.smtp_url:
        return
    letter = Letter(
        to,
        template,
        locale,
        values,
        message_id or secrets.token_hex(16),
        unsubscribe_url,
        list_id,
    )
    sealed = runtime.cipher.encrypt(msgspec.json.encode(letter), _PURPOSE)
    tx.enqueue("send_mail", base64.b64encode(sealed).decode())


async def send_mail_job(runtime: Runtime, sealed: str) -> None:
    """Job: send one mail. Raises what `post_mail` raises when another try may help."""
    if not runtime.settings.smtp_url:
        return
    plain = runtime.cipher.decrypt(base64.b64decode(sealed), _PURPOSE)
    letter = msgspec.json.decode(plain, type=Letter)
    try:
        message = compose(letter, runtime.settings)
    except ValueError as error:
        log.warning("mail: %s cannot be written: %s", letter.template, error)
        return
    try:
        await post_mail(runtime.settings, letter.to, message)
    except Undeliverable as error:
        log.warning("mail: %s given up: %s", letter.template, error)
