"""Checks of the doctor from outside: the certificate, and what others ask of us first."""

import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from cryptography import x509

from federation.transport.client import trust
from server.cli.checks import judge_clock
from server.cli.findings import Finding, ill, well
from server.settings import Settings

_SECONDS = 10.0
_FEW_DAYS = 14
_RENEW = "Renew the certificate before that day (certbot renew, or ask who gave it to you)."


def check_certificate_files(settings: Settings) -> list[Finding]:
    """The files of tls_cert and tls_key belong together and hold for the host's name."""
    if not settings.tls_cert or not settings.tls_key:
        return []
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            settings.tls_cert, settings.tls_key
        )
        certificate = x509.load_pem_x509_certificate(settings.tls_cert.read_bytes())
    except (OSError, ValueError) as error:
        return [
            ill(
                "The certificate cannot be used: {error}.",
                "tls_cert must hold the certificate chain and tls_key its private key, both PEM"
                " and readable by us.",
                error=error,
            )
        ]
    return [_judge_names(certificate, settings), _judge_expiry(certificate.not_valid_after_utc)]


def check_tls(settings: Settings) -> Finding:
    """Whoever asks for the origin must get a certificate that they trust."""
    parts = urlsplit(settings.origin)
    address = (parts.hostname or "", parts.port or 443)
    try:
        with (
            socket.create_connection(address, timeout=_SECONDS) as plain,
            trust(settings.federation_ca_file).wrap_socket(
                plain, server_hostname=address[0]
            ) as secure,
        ):
            seen = secure.getpeercert()
    except ssl.SSLCertVerificationError as error:
        return ill(
            "The certificate of {host} is not trusted: {error}.",
            "Serve the whole chain. With a certificate authority of your own, name its file in"
            " federation_ca_file here and on the other instances.",
            host=address[0],
            error=error.verify_message,
        )
    except OSError as error:
        return ill(
            "No TLS connection to {host}: {error}.",
            "Is the proxy (or wandelgang up with --tls-cert) running, and the port open?",
            host=address[0],
            error=error,
        )
    until = ssl.cert_time_to_seconds(str((seen or {})["notAfter"]))
    return _judge_expiry(datetime.fromtimestamp(until, UTC))


def check_answers(settings: Settings, username: str | None) -> list[Finding]:
    """NodeInfo and WebFinger at the public address, and the time of the answer."""
    questions = {"NodeInfo": f"{settings.origin}/.well-known/nodeinfo"}
    if username:
        scheme, handle = settings.origin.partition(":")[0], f"acct:{username}@{settings.domain}"
        questions["WebFinger"] = (
            f"{scheme}://{settings.domain}/.well-known/webfinger?resource={handle}"
        )
    findings = []
    with httpx.Client(
        timeout=_SECONDS, verify=trust(settings.federation_ca_file), follow_redirects=True
    ) as client:
        for name, address in questions.items():
            findings += _ask(client, settings, name, address)
    return findings


def _ask(client: httpx.Client, settings: Settings, name: str, address: str) -> list[Finding]:
    values = {"name": name, "address": address}
    try:
        answer = client.get(address)
    except httpx.HTTPError as error:
        return [
            ill(
                "{name} is not reached at {address}: {error}.",
                "Others cannot find you. Check the name, the port and the proxy.",
                **values,
                error=error,
            )
        ]
    if answer.status_code != 200 or "json" not in answer.headers.get("content-type", ""):
        return [
            ill(
                "{name} at {address} answers {status}.",
                "The proxy must hand /.well-known/ on to Wandelgang, with the Host header as it"
                " came.",
                **values,
                status=answer.status_code,
            )
        ]
    findings = [well("{name} is reached at {origin}.", name=name, origin=settings.origin)]
    if settings.is_https and "date" in answer.headers:
        there = parsedate_to_datetime(answer.headers["date"])
        clock = judge_clock(abs((datetime.now(UTC) - there).total_seconds()))
        findings += [] if clock.is_well else [clock]
    return findings


def _judge_names(certificate: x509.Certificate, settings: Settings) -> Finding:
    host = urlsplit(settings.origin).hostname or ""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = [str(name) for name in extension.value.get_values_for_type(x509.DNSName)]
        names += [str(name) for name in extension.value.get_values_for_type(x509.IPAddress)]
    except x509.ExtensionNotFound:
        names = []
    if host in names or f"*.{host.partition('.')[2]}" in names:
        return well("The certificate is for {host}.", host=host)
    return ill(
        "The certificate is for {names}, not for {host}.",
        "Get a certificate for {host}, or change the origin.",
        names=", ".join(names) or "nobody",
        host=host,
    )


def _judge_expiry(until: datetime) -> Finding:
    days = (until - datetime.now(UTC)).days
    if days < 0:
        return ill("The certificate expired on {day}.", _RENEW, day=until.date())
    if days < _FEW_DAYS:
        return ill("The certificate expires on {day}.", _RENEW, day=until.date())
    return well("The certificate is valid until {day}.", day=until.date())
