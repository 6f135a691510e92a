import base64
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from server.secrets import hash_token, new_token, open_cipher
from server.settings import SettingsError, load_settings


def test_a_secret_opens_with_its_key_and_purpose_alone(tmp_path: Path) -> None:
    cipher = open_cipher(load_settings({}, data=tmp_path / "one"))
    sealed = cipher.encrypt(b"private key", "actor-key:1")
    assert b"private key" not in sealed
    assert cipher.decrypt(sealed, "actor-key:1") == b"private key"
    with pytest.raises(InvalidTag):
        cipher.decrypt(sealed, "actor-key:2")
    with pytest.raises(InvalidTag):
        open_cipher(load_settings({}, data=tmp_path / "two")).decrypt(sealed, "actor-key:1")


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = load_settings({}, data=tmp_path)
    sealed = open_cipher(settings).encrypt(b"x", "p")
    assert open_cipher(settings).decrypt(sealed, "p") == b"x"
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("key", ["%%%", base64.b64encode(b"short").decode()])
def test_a_wrong_key_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError):
        open_cipher(load_settings({}, data=tmp_path, secret_key=key))


def test_tokens_are_long_and_found_by_their_hash_alone() -> None:
    first, second = new_token(), new_token()
    assert first != second
    assert len(first) == 43
    assert hash_token(first) == hash_token(first) != hash_token(second)
    assert len(hash_token(first)) == 32
