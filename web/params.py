"""What a client sends, as typed values: query, JSON, urlencoded and multipart alike.

`key[]=a&key[]=b`, `key[0]=a`, `a[b]=c` nest as Rails nests them. Unknown parameters are ignored,
as Mastodon does; null is the same as missing.
"""

import base64
import re
from functools import cache
from io import BytesIO
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec
import orjson
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from server import errors
from web.request import Request

S = TypeVar("S", bound=msgspec.Struct)

_MAX_DEPTH = 4
_MAX_FIELDS = 1000
_FALSE = {"", "0", "f", "false", "off", "n", "no"}
_PLACES = ("id", "ids", "_id", "_ids", "limit", "offset")
_NUMBER = re.compile(r"\s*([+-]?)([0-9]+)")
_LARGEST = 2**63 - 1


async def read_params(request: Request, kind: type[S]) -> S:
    """Query and body together (the body wins), converted to `kind`.

    Raises Invalid: 400 for a body that cannot be read or a value of the wrong type.
    """
    values = nest(request.query_params.multi_items())
    values |= await read_body(request)
    return convert(values, kind)


def read_query(request: Request, kind: type[S]) -> S:
    """The query alone, converted to `kind`. Raises Invalid (400)."""
    return convert(nest(request.query_params.multi_items()), kind)


def convert(values: dict[str, Any], kind: type[S]) -> S:
    """Values to a struct, leniently: "true" and "1" are true, "5" is 5, "" is no number."""
    usable = _usable_values(values, kind)
    for name in usable.keys() & _places(kind):
        usable[name] = _whole_numbers(usable[name])
    try:
        return msgspec.convert(usable, kind, strict=False, dec_hook=_convert_upload)
    except msgspec.ValidationError as error:
        raise errors.Invalid(f"Invalid parameter: {error}", unreadable=True) from error


class IdsForm(msgspec.Struct):
    """`id[]`, or a single `id`."""

    id: list[int] | int = []

    @property
    def distinct(self) -> list[int]:
        """Each once, in their order."""
        ids = self.id if isinstance(self.id, list) else [self.id]
        return list(dict.fromkeys(ids))


def missing(name: str) -> errors.Invalid:
    """A parameter is not there without which nothing can be answered (400)."""
    text = f"param is missing or the value is empty or invalid: {name}"
    return errors.Invalid(text, unreadable=True)


def known_id(text: str | None) -> int | None:
    """An id in a query that only chooses: what is none chooses nothing (0), as in Mastodon."""
    return whole_number(text) if text else None


def is_true(value: Any) -> bool:
    """As Rails reads a boolean: everything is true but nothing, and what means false."""
    return value is not None and str(value).lower() not in _FALSE


def whole_number(text: str) -> int:
    """The number with which a text begins, else 0: so Mastodon reads ids, limits and offsets.

    One that is too large for the database is the largest: nobody makes us parse a million digits.
    """
    number = _NUMBER.match(text)
    return max(-_LARGEST, min(int(number[1] + number[2][:20]), _LARGEST)) if number else 0


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, str):
        return whole_number(value)
    return [_whole_numbers(one) for one in value] if isinstance(value, list) else value


@cache
def _places(kind: type[msgspec.Struct]) -> frozenset[str]:
    """Parameters that say which one or from where on: a word there finds nothing, or the beginning.

    Not so other numbers: a choice of a poll that is none is no vote for the first.
    """
    hints = _hints(kind).items()
    return frozenset(n for n, hint in hints if n.endswith(_PLACES) and "int" in str(hint))


@cache
def _hints(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(kind)


def nest(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Flat form pairs to nested values. Raises Invalid (400) beyond 1000 fields or 4 levels."""
    if len(pairs) > _MAX_FIELDS:
        raise errors.Invalid("Too many parameters", unreadable=True)
    tree: dict[str, Any] = {}
    for key, value in pairs:
        path = key.replace("]", "").split("[")
        if len(path) > _MAX_DEPTH:
            raise errors.Invalid("Parameters are nested too deeply", unreadable=True)
        _put(tree, path, value)
    return {key: _listed(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for place, key in enumerate(path[:-1]):
        # `a[][b]=1&a[][b]=2`: an empty key opens the next element when the last one has `b`.
        name = _element(tree, path[place + 1]) if key == "" else key
        inner = tree.setdefault(name, {})
        if not isinstance(inner, dict):
            raise errors.Invalid(f"Invalid parameter: {path[0]}", unreadable=True)
        tree = inner
    tree[str(len(tree)) if path[-1] == "" else path[-1]] = value


def _element(tree: dict[str, Any], key: str) -> str:
    last = str(len(tree) - 1)
    inner = tree.get(last)
    return last if isinstance(inner, dict) and key not in inner else str(len(tree))


def _listed(value: Any) -> Any:
    """A dict whose keys are all numbers is a list in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    if value and all(_is_place(key) for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(inner) for key, inner in value.items()}


def _is_place(key: str) -> bool:
    """Whether a key counts elements; Python refuses to parse thousands of digits."""
    return key.isascii() and key.isdigit() and len(key) < 10


async def read_body(request: Request) -> dict[str, Any]:
    """What a form or JSON says, nested. Raises Invalid (400)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        try:
            return nest(await _read_form(request, kind))
        except (MultiPartException, ValueError) as error:
            raise errors.Invalid("The form could not be read", unreadable=True) from error
    body = await request.body()
    if not body.strip():
        return {}
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.Invalid("The JSON could not be read", unreadable=True) from error
    if not isinstance(document, dict):
        raise errors.Invalid("The JSON must be an object", unreadable=True)
    return document


async def _read_form(request: Request, kind: str) -> list[tuple[str, Any]]:
    """Raises MultiPartException, ValueError (with UnicodeDecodeError)."""
    if kind == "multipart/form-data":
        return (await request.form(max_fields=_MAX_FIELDS)).multi_items()
    # Not by Starlette, which takes what is not encoded for Latin-1: `curl -d "status=één"`.
    text = (await request.body()).decode("utf-8")
    return parse_qsl(text, keep_blank_values=True, max_num_fields=_MAX_FIELDS)


def _usable_values(values: dict[str, Any], kind: type[msgspec.Struct]) -> dict[str, Any]:
    hints = _hints(kind)
    usable = {name: _usable(value, hints[name]) for name, value in values.items() if name in hints}
    return {name: value for name, value in usable.items() if value is not None}


def _usable(value: Any, hint: Any) -> Any:
    """Drop what means "not given", and refuse NUL, which no text of ours may hold.

    Rails lets pass only what has the shape that is asked for, and clients count on it: masto.js
    writes `undefined` into a form where there is no list.
    """
    if isinstance(value, str):
        if "\x00" in value:
            raise errors.Invalid("Text must not contain NUL", unreadable=True)
        if not _takes_text(hint):
            if not value:
                return None
            if "bool" in str(hint):
                return is_true(value)
    elif _takes_text(hint) and type(value) in (int, float) and "int" not in str(hint):
        return str(value)
    if value is None or _is_nested(value) not in _nestings(hint):
        return None
    is_list = isinstance(value, dict) and "list[" in str(hint)
    if is_list and value and all(_is_place(key) for key in value):
        value = [value[key] for key in sorted(value, key=int)]
    return _usable_inside(value, hint) if _is_nested(value) else value


def _usable_inside(value: Any, hint: Any) -> Any:
    """The same for what is nested: forms in a form, and texts of a list."""
    form = _form_in(hint)
    if form and isinstance(value, dict):
        return _usable_values(value, form)
    if form and "list[" not in str(hint):
        return None
    if form:
        return [_usable_values(one, form) if isinstance(one, dict) else one for one in value]
    if "list[str]" in str(hint) and isinstance(value, list):
        return [str(one) if type(one) in (int, float) else one for one in value]
    return value


@cache
def _form_in(hint: Any) -> type[msgspec.Struct] | None:
    """The form that a hint asks for, alone or in a list."""
    if isinstance(hint, type) and not get_origin(hint) and issubclass(hint, msgspec.Struct):
        return hint
    return next((form for part in get_args(hint) if (form := _form_in(part))), None)


def _is_nested(value: Any) -> bool:
    return isinstance(value, dict | list)


@cache
def _nestings(hint: Any) -> frozenset[bool]:
    """Whether a hint asks for something nested, for something single, or for either."""
    if hint is Any:
        return frozenset({True, False})
    if isinstance(hint, UnionType) or get_origin(hint) is Union:
        kinds = [kind for kind in get_args(hint) if kind is not NoneType]
        return frozenset().union(*map(_nestings, kinds))
    kind = get_origin(hint) or hint
    return frozenset({isinstance(kind, type) and issubclass(kind, dict | list | msgspec.Struct)})


@cache
def _takes_text(hint: Any) -> bool:
    return hint is str or any(_takes_text(part) for part in get_args(hint))


def _convert_upload(kind: type, value: Any) -> Any:
    """A file of a form, or one that is written into a text (RFC 2397) as Mastodon allows."""
    if kind is UploadFile and isinstance(value, UploadFile):
        return value
    if kind is UploadFile and isinstance(value, str):
        head, _, data = value.partition(",")
        if head.startswith("data:") and head.endswith(";base64"):
            return UploadFile(BytesIO(base64.b64decode(data, validate=True)))
    raise ValueError("expected a file")
