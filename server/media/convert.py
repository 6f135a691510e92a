"""Turning pictures with libvips; runs only inside the limited process of `images`."""

import math
from typing import Any

import pyvips
from blurhash_rs import encode_rgb  # type: ignore[attr-defined]

# As Mastodon: 3840 x 2160 for the original, 640 x 360 for the small one, avatars 400 x 400,
# headers 1500 x 500; a decoder is not even started for more than 33 megapixels.
_LARGEST_PIXELS = 33_177_600
_ORIGINAL_PIXELS = 8_294_400
_SMALL_PIXELS = 230_400
_CROPS = {"avatar": (400, 400), "header": (1500, 500)}
_STILL_PIXELS = 750_000
_HASH_WIDTH = 64
_EMOJI_SIDE = 1024

_LOADERS = {
    "image/jpeg": pyvips.Image.jpegload_buffer,
    "image/png": pyvips.Image.pngload_buffer,
    "image/webp": pyvips.Image.webpload_buffer,
    "image/gif": pyvips.Image.gifload_buffer,
    "image/avif": pyvips.Image.heifload_buffer,
}

Files = list[tuple[str, str, bytes]]


class Refused(Exception):
    """A picture that cannot be taken; the text is for who uploaded it."""


def convert(body: bytes, content_type: str, kind: str) -> tuple[Files, dict[str, Any], str]:
    """(name, media type, bytes) of each version, Mastodon's meta, and the blurhash.

    Raises Refused.
    """
    try:
        if kind == "emoji":
            return _emoji(body, content_type), {}, ""
        image = _load(body, content_type)
        if kind == "still":
            return [(kind, *_save(_fit(image, _STILL_PIXELS), content_type))], {}, ""
        if kind in _CROPS:
            cropped = _crop(image, *_CROPS[kind])
            return [(kind, *_save(cropped, content_type))], {}, _blurhash(image)
        original = _fit(image, _ORIGINAL_PIXELS)
        small = _fit(image, _SMALL_PIXELS)
        saved = _save(original, content_type)
        if content_type == "image/gif":  # kept as it is, with all its frames; GIF has no EXIF
            saved = content_type, body
        files = [("original", *saved), ("small", *_save(small, content_type))]
        return files, {"original": _size(original), "small": _size(small)}, _blurhash(small)
    except pyvips.Error as error:
        raise Refused("File could not be processed") from error


def _emoji(body: bytes, content_type: str) -> Files:
    """The picture with all its frames, and its first one alone for who wants nothing to move."""
    first = _load(body, content_type)
    if max(first.width, first.height) > _EMOJI_SIDE:
        raise Refused(f"{first.width}x{first.height} is too large for an emoji")
    if first.width * first.height * _frames(body, content_type) > _LARGEST_PIXELS:
        raise Refused("File has too many frames")
    saved = _save(first, content_type)
    if content_type == "image/gif":  # GIF has no EXIF
        saved = content_type, body
    if content_type == "image/webp":
        frames = pyvips.Image.webpload_buffer(body, n=-1, fail_on="error")
        saved = content_type, frames.webpsave_buffer(keep="none", Q=90)
    return [("original", *saved), ("static", "image/png", first.pngsave_buffer(keep="none"))]


def _frames(body: bytes, content_type: str) -> int:
    image = _LOADERS[content_type](body)
    return int(image.get("n-pages")) if image.get_typeof("n-pages") else 1


def _load(body: bytes, content_type: str) -> Any:
    image = _LOADERS[content_type](body, access="random", fail_on="error")
    if image.width * image.height > _LARGEST_PIXELS:
        raise Refused(f"{image.width}x{image.height} images are not supported")
    image = image.autorot()
    if image.interpretation not in ("srgb", "b-w"):
        image = image.colourspace("srgb")
    return image


def _fit(image: Any, pixels: int) -> Any:
    scale = math.sqrt(pixels / (image.width * image.height))
    return image.resize(scale) if scale < 1 else image


def _crop(image: Any, width: int, height: int) -> Any:
    return image.thumbnail_image(width, height=height, crop="centre", size="both")


def _save(image: Any, content_type: str) -> tuple[str, bytes]:
    """Media type and bytes, without metadata; what few can show becomes what all can."""
    if content_type in {"image/png", "image/gif"}:
        return "image/png", image.pngsave_buffer(keep="none", compression=6)
    if content_type == "image/webp":
        return "image/webp", image.webpsave_buffer(keep="none", Q=82)
    if image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    return "image/jpeg", image.jpegsave_buffer(keep="none", Q=88, interlace=True)


def _size(image: Any) -> dict[str, Any]:
    return {
        "width": image.width,
        "height": image.height,
        "size": f"{image.width}x{image.height}",
        "aspect": image.width / image.height,
    }


def _blurhash(image: Any) -> str:
    tiny = image.thumbnail_image(_HASH_WIDTH, height=_HASH_WIDTH).colourspace("srgb")
    if tiny.hasalpha():
        tiny = tiny.flatten(background=[255, 255, 255])
    return str(encode_rgb(bytes(tiny.write_to_memory()), tiny.width, tiny.height, 4, 3))
