from pathlib import Path

from server.addresses import addresses_of
from server.settings import load_settings


def test_ids_hold_numbers_and_urls_hold_names(tmp_path: Path) -> None:
    addresses = addresses_of(
        load_settings({}, data=tmp_path, origin="https://Chat.Example.org"), b""
    )
    assert addresses.account_uri(7) == "https://chat.example.org/ap/users/7"
    assert addresses.key_uri(7) == "https://chat.example.org/ap/users/7#main-key"
    assert addresses.inbox(7) == "https://chat.example.org/ap/users/7/inbox"
    assert addresses.collection(7, "followers") == "https://chat.example.org/ap/users/7/followers"
    assert addresses.status_uri(9) == "https://chat.example.org/ap/statuses/9"
    assert addresses.account_url("anna") == "https://chat.example.org/@anna"
    assert addresses.status_url("anna", 9) == "https://chat.example.org/@anna/9"
    assert addresses.tag_url("café") == "https://chat.example.org/tags/caf%C3%A9"
    assert addresses.media("a/b.png") == "https://chat.example.org/media/a/b.png"


def test_pictures_of_others_have_signed_addresses_that_tell_whose_host_they_are_on(
    tmp_path: Path,
) -> None:
    settings = load_settings({}, data=tmp_path, origin="https://chat.example.org")
    addresses, other = (addresses_of(settings, key) for key in (b"one", b"another"))
    url = "https://far.example/é.png?a=b"
    for host, is_own in (("far.example", True), ("near.example", False), ("", False)):
        for still in (False, True):
            address = addresses.remote_picture(url, host, still=still)
            key, name = address.removesuffix("/still").split("/")[-2:]
            assert addresses.read_remote_picture(key, name) == (url, is_own)
            assert other.read_remote_picture(key, name) is None
    # Such a one may stand in what was stored before: no timeline fails for it.
    assert "/media_proxy/" in addresses.remote_picture("http://[half/a.png", "far.example")
