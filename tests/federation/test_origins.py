import pytest

from federation import origins
from federation.errors import Malformed


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Example.ORG/a", "https://example.org"),
        ("https://example.org:443/a", "https://example.org"),
        ("https://example.org:8443", "https://example.org:8443"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("http://localhost:3000/ap", "http://localhost:3000"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_origins_are_compared_normalised(address: str, origin: str) -> None:
    assert origins.origin_of(address) == origin


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example",
        "https://me@a.example/",
        "https://exa%6dple.org/",
        "https://a.example./",
        "https://",
        "javascript:x",
        "https://ex ample.org",
        "https://a.example:99999/",
        "//a",
        "https://ｅｘａｍｐｌｅ.org/",
    ],
)
def test_odd_addresses_are_refused(address: str) -> None:
    with pytest.raises(Malformed):
        origins.origin_of(address)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Blog.example", "blog.example"),
        (" https://blog.example/about?x ", "blog.example"),
        ("*.blog.example", "blog.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("localhost", None),
        ("a..example", None),
        ("a b.example", None),
        ("user@blog.example", None),
        ("blog.example:80", None),
        ("[::1]", None),
        ("x" * 64 + ".example", None),
        ("", None),
    ],
)
def test_host_names_out_of_what_people_write(text: str, name: str | None) -> None:
    assert origins.host(text) == name


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("a.org", False),
    ],
)
def test_loopback_names(host: str, expected: bool) -> None:
    assert origins.is_loopback_name(host) is expected
