from pathlib import Path

from server.addresses import addresses_of
from server.settings import load_settings


def test_ids_hold_numbers_and_urls_hold_names(tmp_path: Path) -> None:
    addresses = addresses_of(load_settings({}, data=tmp_path, origin="https://Chat.Example.org"))
    assert addresses.account_uri(7) == "https://chat.example.org/ap/users/7"
    assert addresses.key_uri(7) == "https://chat.example.org/ap/users/7#main-key"
    assert addresses.inbox(7) == "https://chat.example.org/ap/users/7/inbox"
    assert addresses.collection(7, "followers") == "https://chat.example.org/ap/users/7/followers"
    assert addresses.status_uri(9) == "https://chat.example.org/ap/statuses/9"
    assert addresses.account_url("anna") == "https://chat.example.org/@anna"
    assert addresses.status_url("anna", 9) == "https://chat.example.org/@anna/9"
    assert addresses.tag_url("café") == "https://chat.example.org/tags/caf%C3%A9"
    assert addresses.media("a/b.png") == "https://chat.example.org/media/a/b.png"
