"""Actors as others write them."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.documents.actor import read_actor
from federation.errors import Malformed, Untrusted
from federation.signatures.keys import generate_rsa_key
from federation.signatures.multikey import encode_multikey

URI = "https://far.example/users/bob"
PEM = generate_rsa_key()[1]


def actor(**more: Any) -> dict[str, Any]:
    return {
        "id": URI,
        "type": "Person",
        "preferredUsername": "bob",
        "inbox": f"{URI}/inbox",
        "publicKey": {"id": f"{URI}#main-key", "owner": URI, "publicKeyPem": PEM},
        **more,
    }


def test_a_key_that_stands_twice_is_one() -> None:
    """As Fedify writes it: the key of signatures is named as a Multikey as well."""
    value = encode_multikey(Ed25519PrivateKey.generate().public_key())
    multikeys = [
        {"type": "Multikey", "id": f"{URI}#{name}", "controller": URI, "publicKeyMultibase": value}
        for name in ("main-key", "ed25519")
    ]
    keys = read_actor(actor(assertionMethod=multikeys)).keys
    assert {key.id.partition("#")[2]: key.pem == PEM for key in keys} == {
        "main-key": True,
        "ed25519": False,
    }


@pytest.mark.parametrize("name", ["inbox", "outbox", "followers", "following", "featured"])
def test_everything_of_an_actor_stands_on_its_origin(name: str) -> None:
    for place in ("https://evil.example/x", "http://far.example/x", "https://far.example:444/x"):
        with pytest.raises(Untrusted):
            read_actor(actor(**{name: place}))


def test_a_foreign_shared_inbox_is_left_out() -> None:
    found = read_actor(actor(endpoints={"sharedInbox": "https://evil.example/inbox"}))
    assert found.shared_inbox is None
    found = read_actor(actor(endpoints={"sharedInbox": "https://far.example/inbox"}))
    assert found.shared_inbox == "https://far.example/inbox"


@pytest.mark.parametrize(
    "key",
    [
        {"id": "https://evil.example/key", "owner": URI, "publicKeyPem": PEM},
        {"id": f"{URI}#main-key", "owner": f"{URI}2", "publicKeyPem": PEM},
    ],
)
def test_a_key_of_somebody_else_is_refused(key: dict[str, str]) -> None:
    with pytest.raises(Untrusted):
        read_actor(actor(publicKey=key))


@pytest.mark.parametrize("missing", ["id", "type", "preferredUsername", "inbox"])
def test_what_every_actor_has(missing: str) -> None:
    with pytest.raises(Malformed):
        read_actor(actor(**{missing: None}))


@pytest.mark.parametrize(
    "name",
    ["bob@here.example", "bob eve", "bob/../eve", "b\u202eob", "<b>bob", "bob?x", "bob\n", "@"],
)
def test_a_name_is_one_that_a_handle_can_have(name: str) -> None:
    with pytest.raises(Malformed):
        read_actor(actor(preferredUsername=name))


@pytest.mark.parametrize("name", ["~bob", "o'neil", "bob.b-b_b", "far.example:3000", "bøb", "ボブ"])
def test_names_in_other_letters_are_names_too(name: str) -> None:
    assert read_actor(actor(preferredUsername=name)).username == name
