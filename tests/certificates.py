"""Certificates for tests: self-signed ones, and those of a certificate authority of our own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Issued:
    """A certificate and its key as PEM files, and what signs with them."""

    cert: Path
    key: Path
    name: x509.Name
    signer: ec.EllipticCurvePrivateKey


def authority(folder: Path) -> Issued:
    """A certificate authority that nobody knows."""
    return _issue(folder, "Departments", 30, None, x509.BasicConstraints(True, 0))


def certificate(folder: Path, host: str, days: int, issuer: Issued | None = None) -> Issued:
    """A certificate for a host, by an authority or by itself."""
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    return _issue(folder, host, days, issuer, names)


def _issue(
    folder: Path, called: str, days: int, issuer: Issued | None, extension: x509.ExtensionType
) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.name if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=100))
        .not_valid_after(datetime.now(UTC) + timedelta(days=days, minutes=5))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .sign(issuer.signer if issuer else key, hashes.SHA256())
    )
    issued = Issued(folder / f"{called}.pem", folder / f"{called}.key", name, key)
    issued.cert.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    issued.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return issued
