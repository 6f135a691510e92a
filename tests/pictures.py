"""Pictures for tests that need one to send."""

import io

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (90, 60), colour: str = "teal") -> bytes:
    """A file of that format (as Pillow names it), all in one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()
