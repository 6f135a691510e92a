"""Writes docs/settings.md from the Settings class: `make docs`."""

import dataclasses
import types
import typing
from pathlib import Path

from server.settings import Settings

PAGE = Path(__file__).with_suffix(".md")
_HEAD = """\
# Settings

A setting comes from, the later wins: its default, the file `wandelgang.toml` in the data folder,
the environment, the command line. This page is made from `server/settings.py` by `make docs`.

```toml
# DATA/wandelgang.toml
origin = "https://chat.example.org"
trusted_proxies = ["127.0.0.1"]

[instance]
title = "Water and Soil"

[federation]
private_hosts = ["intra.example.org=10.1.0.0/16"]
```

In the environment the same are `WANDELGANG_ORIGIN`, `WANDELGANG_TRUSTED_PROXIES` (with commas
between the parts), `WANDELGANG_INSTANCE_TITLE` and `WANDELGANG_FEDERATION_PRIVATE_HOSTS`.
`DATABASE_URL`, `REDIS_URL` and `SSL_CERT_FILE` (certificate authorities of your own) are read
under these usual names as well.

| Setting | Kind | Default | What it does |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    kinds = typing.get_type_hints(Settings)
    rows = [
        f"| `{field.name}` | {_kind(kinds[field.name])} | {_default(field.default)} "
        f"| {field.metadata['help']} |\n"
        for field in dataclasses.fields(Settings)
    ]
    return _HEAD + "".join(rows)


def _kind(hint: object) -> str:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return " or ".join(f"`{part}`" for part in parts)
    if origin is tuple:
        return "texts"
    if origin is types.UnionType:
        return _kind(parts[0])
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path"}
    return names[typing.cast("type", hint)]


def _default(value: object) -> str:
    if value in ("", None, ()):
        return ""
    if isinstance(value, tuple):
        return ", ".join(f"`{part}`" for part in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
