"""The only reader of the environment and of the settings file.

Order, the later wins: default, `wandelgang.toml` in the data folder, environment, command line.
A setting `federation_private_hosts` is `private_hosts` in the table `[federation]` of the file
(or `federation_private_hosts` at its top) and `WANDELGANG_FEDERATION_PRIVATE_HOSTS` in the
environment. `DATABASE_URL` and `REDIS_URL` are read under those usual names as well.
"""

import dataclasses
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from federation.origins import is_loopback_name

Feed = Literal["public", "authenticated", "disabled"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class SettingsError(Exception):
    """A setting is missing, misspelt or contradicts another; the text says which and why."""


def setting(default: Any, help: str) -> Any:  # noqa: A002
    """A field of `Settings` with its line in the documentation table."""
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of an instance; `docs/settings.md` is made from this class."""

    data: Path = setting(Path("data"), "Folder of the database, queue, media and secret key.")
    origin: str = setting("", "Public address, without a path. Default: http://localhost:PORT.")
    handle_domain: str = setting(
        "",
        "Domain of our handles when it is not the origin's host: @name@example.org for an origin "
        "https://social.example.org. Its /.well-known/webfinger must lead here.",
    )
    host: str = setting("127.0.0.1", "Address to listen on.")
    port: int = setting(3000, "Port to listen on.")
    tls_cert: Path | None = setting(None, "Certificate chain (PEM) when no proxy stands in front.")
    tls_key: Path | None = setting(None, "Private key (PEM) of `tls_cert`.")
    trusted_proxies: tuple[str, ...] = setting(
        (), "Addresses or networks whose X-Forwarded-For and -Proto are believed."
    )
    database_url: str = setting("", "PostgreSQL (15 or later). Default: the embedded one.")
    database_connections: int = setting(10, "Connections to PostgreSQL of each process.")
    redis_url: str = setting("", "Valkey or Redis (6.2 or later). Default: the embedded one.")
    web_processes: int = setting(1, "Web processes that `wandelgang up` starts.")
    worker_processes: int = setting(1, "Worker processes that `wandelgang up` starts.")
    secret_key: str = setting(
        "", "Encrypts keys in the database (44 characters base64). Default: DATA/secret.key."
    )
    instance_title: str = setting("Wandelgang", "Name of the instance.")
    instance_description: str = setting("", "A sentence or two about the instance.")
    instance_contact_email: str = setting("", "Address at which people reach the owners.")
    instance_languages: tuple[str, ...] = setting(("nl", "en"), "Languages, most used first.")
    instance_time_zone: str = setting(
        "UTC",
        "Clock of who has chosen none, like Europe/Amsterdam: on pages, in mails and in search.",
    )
    source_url: str = setting("", "Where users find the source that runs here (AGPL, section 13).")
    instance_show_peers: bool = setting(True, "Tell everybody which other instances we know.")
    require_sign_in: bool = setting(
        False, "Let nobody read posts or profiles without signing in (or, instances, signing)."
    )
    timelines_live_local: Feed = setting("public", "Who reads the timeline of all local posts.")
    timelines_live_remote: Feed = setting("public", "The same of posts from elsewhere.")
    timelines_hashtag_local: Feed = setting("public", "Who reads local posts by hashtag.")
    timelines_hashtag_remote: Feed = setting("public", "The same of posts from elsewhere.")
    timelines_link_local: Feed = setting("public", "Who reads local posts about a trending link.")
    timelines_link_remote: Feed = setting("public", "The same of posts from elsewhere.")
    timelines_bubble_domains: tuple[str, ...] = setting(
        (), "Domains whose public posts stand beside ours in the timeline of the bubble."
    )
    rate_limit_factor: float = setting(
        1.0, "Multiplies how many API requests each may make; 0 = without limits."
    )
    translation_url: str = setting("", "Address of a LibreTranslate server that translates posts.")
    translation_key: str = setting("", "Its API key, if it wants one.")
    registrations: Literal["open", "approval", "invitation", "closed"] = setting(
        "invitation",
        "Who may sign up: anybody, anybody whom a moderator lets in, who is invited, or nobody. "
        "Invitations work in all but the last.",
    )
    registrations_message: str = setting(
        "", "What is told to those who cannot sign up by themselves, in Markdown."
    )
    registrations_reason_required: bool = setting(
        False, "Whether who asks for approval must say why they want to join."
    )
    registrations_min_age: int | None = setting(
        None, "Least age of who joins, in years; then sign-ups ask for the date of birth."
    )
    registrations_confirm_email: bool = setting(
        True, "Whether new members confirm their address by a mail (needs `smtp_url`)."
    )
    smtp_url: str = setting(
        "",
        "Server that sends our mails: smtp://USER:PASSWORD@HOST:587, or smtps://… on port 465. "
        "Default: no mails.",
    )
    smtp_from: str = setting("", "Address that our mails come from.")
    email_subscriptions: bool = setting(
        False,
        "Whether anybody may follow members by mail who want that and whose role allows it "
        "(`wandelgang role allow`; needs `smtp_url`).",
    )
    trendable_by_default: bool = setting(
        True, "Show what trends before a moderator has looked at it."
    )
    status_max_characters: int = setting(500, "Length of a post, links counted as 23.")
    media_max_bytes: int = setting(16 * 1024 * 1024, "Size of an uploaded image, in bytes.")
    media_video_max_bytes: int = setting(
        99 * 1024 * 1024, "Size of an uploaded video, sound or animation, in bytes."
    )
    media_remote_max_bytes: int = setting(
        40 * 1024 * 1024, "Size of a file of others that is shown from a copy here, in bytes."
    )
    media_remote_days: int = setting(
        7, "Days after which such a copy is dropped when nobody looked at it, or fetched anew."
    )
    media_remote_total_bytes: int = setting(
        10 * 1024**3,
        "Size of all such copies together, in bytes; the longest unused ones go first.",
    )
    statuses_remote_days: int = setting(
        0,
        "Days after which posts of others go with which nobody here has anything to do: whom no "
        "member follows, that no member was named in, answered, marked or finds in a timeline. "
        "0 = never.",
    )
    accounts_remote_days: int = setting(
        90,
        "Days after which accounts of others go of which nothing is here: no post, no follow, no "
        "mark. They are read again when somebody looks for them. 0 = never.",
    )
    media_storage: str = setting("", "s3://BUCKET/PREFIX for media. Default: DATA/media.")
    media_url: str = setting("", "Public address of the media. Default: ORIGIN/media.")
    federation_enabled: bool = setting(True, "Talk with other instances at all.")
    federation_mode: Literal["block-list", "allow-list"] = setting(
        "block-list",
        "Talk with all but the blocked domains, or with the allowed ones alone (of which also the "
        "host is named, where handles have another domain).",
    )
    domain_blocks_shown_to: Literal["all", "users", "nobody"] = setting(
        "users", "Who may see which domains are blocked."
    )
    domain_block_reasons_shown_to: Literal["all", "users", "nobody"] = setting(
        "users", "Who may see the public comments on blocked domains."
    )
    federation_private_hosts: tuple[str, ...] = setting(
        (),
        "Hosts that federation may reach although private or loopback: host[:port]=network, "
        "like intra.example.org=10.1.0.0/16.",
    )
    federation_ca_file: Path | None = setting(
        None, "Certificate authority (PEM) of other instances, trusted besides the public ones."
    )
    federation_trusted_previews: tuple[str, ...] = setting(
        (), "Domains whose servers may say what stands behind the links in their posts (FEP-8967)."
    )
    federation_budget_actor: int = setting(
        3_000,
        "Activities taken from one actor in five minutes, by each process; 0 = any number. Each "
        "8 KiB of a long one count.",
    )
    federation_budget_host: int = setting(30_000, "The same from one host.")
    federation_budget_domain: int = setting(
        60_000, "The same from all hosts of one registered domain, like example.co.uk."
    )
    federation_budget_fetches: int = setting(
        3_000,
        "Things asked of the hosts of one registered domain in five minutes, by each process.",
    )
    delivery_timeout_seconds: float = setting(10.0, "Whole time of one delivery, in seconds.")
    log_level: Literal["debug", "info", "warning", "error"] = setting("info", "Least level logged.")

    @property
    def authority(self) -> str:
        """Host and port of the origin."""
        return urlsplit(self.origin).netloc

    @property
    def domain(self) -> str:
        """The domain of our handles (`@name@domain`); cannot be changed once others know it."""
        return self.handle_domain or self.authority

    @property
    def is_open(self) -> bool:
        """Whether people may sign up who were not invited."""
        return self.registrations in {"open", "approval"}

    @property
    def is_https(self) -> bool:
        """Whether the public address is https; a plain one exists on loopback only."""
        return self.origin.startswith("https://")

    @property
    def media_base_url(self) -> str:
        """Where media are served, without a closing slash."""
        return self.media_url or f"{self.origin}/media"


def load_settings(environment: Mapping[str, str] = os.environ, **overrides: Any) -> Settings:
    """Read file, environment and overrides (from the command line; None = not given).

    Raises SettingsError with a sentence for each thing that is wrong.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    from_environment = _read_environment(environment)
    data = Path(given.get("data") or from_environment.get("data") or Settings().data)
    merged = {**_read_file(data / "wandelgang.toml"), **from_environment, **given, "data": data}
    try:
        settings = msgspec.convert(merged, Settings, strict=False, dec_hook=_to_path)
    except msgspec.ValidationError as error:
        raise SettingsError(f"A setting is wrong: {error}") from error
    return _checked(settings)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    known = {f.name for f in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in document.items():
        if key in known:
            values[key] = value
        elif isinstance(value, dict):
            values |= {f"{key}_{name}": inner for name, inner in value.items()}
        else:
            values[key] = value
    if unknown := sorted(values.keys() - known):
        raise SettingsError(f"{path} has unknown settings: {', '.join(unknown)}")
    return values


def _read_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for f in fields(Settings):
        usual = f.name.upper() if f.name in {"database_url", "redis_url"} else ""
        text = environment.get(f"WANDELGANG_{f.name.upper()}") or environment.get(usual)
        if not text:
            continue
        if isinstance(f.default, tuple):
            values[f.name] = [part.strip() for part in text.split(",") if part.strip()]
        else:
            values[f.name] = text
    return values


def _to_path(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str | Path):
        return Path(value)
    raise ValueError(f"expected {kind.__name__}")


def _checked(settings: Settings) -> Settings:
    origin = settings.origin or f"http://localhost:{settings.port}"
    settings = dataclasses.replace(settings, origin=origin.rstrip("/").lower())
    if not 0 < settings.port < 65_536:
        raise SettingsError(f"port must be a number from 1 to 65535, not {settings.port}")
    parts = urlsplit(settings.origin)
    is_plain = parts.hostname and "@" not in parts.netloc and not parts.path and not parts.query
    if parts.scheme not in {"http", "https"} or not is_plain:
        raise SettingsError(
            f"origin must be an address like https://chat.example.org, not {origin}"
        )
    if parts.scheme == "http" and not is_loopback_name(parts.hostname or ""):
        raise SettingsError(
            f"origin {origin} is plain http: that is for localhost and 127.x.y.z only; use https"
        )
    if bool(settings.tls_cert) != bool(settings.tls_key):
        raise SettingsError("tls_cert and tls_key belong together: one of them is missing")
    if settings.rate_limit_factor < 0:
        raise SettingsError("rate_limit_factor must not be negative")
    translation = urlsplit(settings.translation_url)
    if settings.translation_url and (
        translation.scheme not in {"http", "https"} or not translation.hostname
    ):
        raise SettingsError(
            "translation_url must be an address like https://translate.example.org, not "
            f"{settings.translation_url}"
        )
    _check_time_zone(settings.instance_time_zone)
    _check_mail(settings)
    _check_federation(settings)
    for network in settings.trusted_proxies:
        _check_network(network, "trusted_proxies")
    return settings


def _check_time_zone(name: str) -> None:
    if name == "UTC":  # also where the machine knows no clocks
        return
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            f"instance_time_zone must be a name like Europe/Amsterdam that this machine knows, not "
            f"{name}"
        ) from None


def _check_mail(settings: Settings) -> None:
    if bool(settings.smtp_url) != bool(settings.smtp_from):
        raise SettingsError("smtp_url and smtp_from belong together: one of them is missing")
    try:
        parts = urlsplit(settings.smtp_url)
        is_server = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
    except ValueError:
        is_server = False
    if settings.smtp_url and not is_server:
        raise SettingsError("smtp_url must be like smtp://USER:PASSWORD@mail.example.org:587")
    if settings.smtp_from and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", settings.smtp_from):
        raise SettingsError(f"smtp_from must be an e-mail address, not {settings.smtp_from}")


def _check_federation(settings: Settings) -> None:
    if not re.fullmatch(r"[a-z0-9.-]*(:\d{1,5})?", settings.handle_domain):
        raise SettingsError(
            f"handle_domain must be a domain like example.org, not {settings.handle_domain}"
        )
    for entry in settings.federation_private_hosts:
        _check_network(entry.partition("=")[2], f"federation_private_hosts, {entry}")
    if settings.federation_ca_file and not settings.federation_ca_file.is_file():
        raise SettingsError(f"federation_ca_file: there is no file {settings.federation_ca_file}")


def _check_network(text: str, where: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise SettingsError(f"{where}: {text} is not a network like 10.1.0.0/16") from error
