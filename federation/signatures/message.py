"""A signed HTTP request, as it came, before anything of it is believed."""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.errors import SignatureMissing


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """`url` is the whole public address that was asked for; header names are lower case."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    @property
    def target(self) -> str:
        """Path and query of the address."""
        path = self.url.split("://", 1)[-1]
        return "/" + path.partition("/")[2]

    def values(self, name: str) -> list[str]:
        """All values of a header."""
        return [value.strip() for key, value in self.headers if key == name]

    def value(self, name: str) -> str | None:
        """A header's values as one (RFC 9110, 5.3), None when it is missing."""
        values = self.values(name)
        return ", ".join(values) if values else None

    def single(self, name: str) -> str:
        """The one value of a header. Raises SignatureMissing for none or several."""
        values = self.values(name)
        if len(values) != 1 or not values[0]:
            raise SignatureMissing(f"the request needs exactly one {name} header")
        return values[0]
