import base64

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from server.push.encryption import MOST_BYTES, Receiver, encrypt, point_of, read_receiver
from tests.push_service import unbase64

# RFC 8291, appendix A.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unbase64(text), "big"), ec.SECP256R1())


def test_the_example_of_the_rfc() -> None:
    receiver = read_receiver(P256DH, AUTH)
    message = encrypt(
        PLAINTEXT, receiver, standard=True, sender=private_key(SENDER), salt=unbase64(SALT)
    )
    assert message.body == unbase64(BODY)
    assert (dict(message.headers), message.crypto_key) == ({"Content-Encoding": "aes128gcm"}, "")


@given(st.binary(max_size=MOST_BYTES), st.binary(min_size=16, max_size=16), st.booleans())
def test_another_library_reads_what_we_write(plaintext: bytes, auth: bytes, standard: bool) -> None:
    phone = private_key(RECEIVER)
    message = encrypt(plaintext, Receiver(unbase64(P256DH), auth), standard=standard)
    more = {}
    if not standard:
        more = {
            "salt": unbase64(message.headers["Encryption"].removeprefix("salt=")),
            "dh": unbase64(message.crypto_key.removeprefix("dh=")),
        }
    version = message.headers["Content-Encoding"]
    found = http_ece.decrypt(
        message.body, private_key=phone, auth_secret=auth, version=version, **more
    )
    assert found == plaintext


def test_each_message_has_a_key_of_its_own() -> None:
    receiver = read_receiver(P256DH, AUTH)
    bodies = {encrypt(b"x", receiver, standard=True).body[16:86] for _ in range(3)}
    assert len(bodies) == 3


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (MOST_BYTES + 1), read_receiver(P256DH, AUTH), standard=True)


def test_keys_come_in_every_base64() -> None:
    point, auth = unbase64(P256DH), unbase64(AUTH)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        padded = encode(point).decode(), encode(auth).decode()
        for pair in (padded, (padded[0].rstrip("="), padded[1].rstrip("="))):
            assert read_receiver(*pair) == Receiver(point, auth)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH),
        (P256DH, ""),
        ("!" * 87, AUTH),
        (P256DH[:-4], AUTH),
        (P256DH, AUTH[:-4]),
        (P256DH, "é" * 22),
        # 65 bytes that are no point of the curve
        (base64.b64encode(b"\x04" + b"\x01" * 64).decode(), AUTH),
        # the same point compressed
        (base64.b64encode(b"\x02" + unbase64(P256DH)[1:33]).decode(), AUTH),
    ],
)
def test_keys_that_are_none(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_receiver(p256dh, auth)


def test_points_are_uncompressed() -> None:
    assert point_of(private_key(RECEIVER).public_key()) == unbase64(P256DH)
