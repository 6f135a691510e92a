"""Files of our own that pages load: browsers keep them, under a new address when they change."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

_FOLDER = Path(__file__).parent / "static"
_KEPT = "public, max-age=31536000, immutable"
_LOOKED_AT = "public, max-age=86400"


@cache
def static_path(name: str) -> str:
    """Where a file stands, with a mark of what is in it."""
    mark = hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()[:8]
    return f"/static/{name}?{mark}"


class OwnFiles(StaticFiles):
    """The folder; what is asked for by a mark is good for ever, all else for a day."""

    def __init__(self) -> None:
        super().__init__(directory=_FOLDER)

    def file_response(self, *args: Any, **more: Any) -> Response:
        """The file, or that it has not changed."""
        response = super().file_response(*args, **more)
        scope = args[2]
        response.headers["Cache-Control"] = _KEPT if scope["query_string"] else _LOOKED_AT
        return response
