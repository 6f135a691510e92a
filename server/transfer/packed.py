"""Archives that people bring along (.zip, .tar, .tar.gz), opened and read within bounds.

Opening and reading take their time: do both in a thread. What an archive says of itself is not
believed where it costs memory or disk.
"""

import gzip
import lzma
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import BinaryIO, Protocol
from zipfile import BadZipFile, ZipFile

from server.errors import Invalid

LARGEST_DOCUMENT = 200 * 1024**2
_LARGEST_DIRECTORY = 16 * 1024**2
_MOST_MEMBERS = 150_000  # of a .tar; each costs about a kilobyte of memory
_BEFORE_4_GB = 2**32
_PIECE = 1024**2
# What unpacking raises for bytes that are not what they say, are cut off, or locked by a password.
_DAMAGED = (
    BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)
_NONE = "Validation failed: Data is not an archive"
_TOO_MUCH = "Validation failed: Data unpacks to too much"


class Archive(Protocol):
    """An opened archive."""

    def size_of(self, name: str) -> int:
        """How many bytes `read` gives at most; 0 for a file that is not there."""

    def read(self, name: str) -> bytes | None:
        """A file; None for one that is not there or damaged."""

    def close(self) -> None:
        """Nothing more is read."""


def open_archive(path: Path) -> Archive:
    """The archive by what it is. Raises Invalid for anything else, and for what is too much."""
    try:
        _check_directory(path)
        return _Zip(ZipFile(path))
    except BadZipFile:
        pass
    try:
        plain = _unpacked(path)
    except _DAMAGED as error:
        raise Invalid(_NONE) from error
    try:
        return _Tar(plain)
    except _DAMAGED as error:
        plain.close()
        raise Invalid(_NONE) from error
    except Invalid:
        plain.close()
        raise


def most_unpacked(path: Path) -> int:
    """What the files of an honest archive are at most: pictures and films do not get smaller."""
    return 2 * path.stat().st_size


def _check_directory(path: Path) -> None:
    """A list of millions of files fills the memory before one is looked at. Raises Invalid."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 2**16 - 22))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    if length > _LARGEST_DIRECTORY and size < _BEFORE_4_GB:
        raise Invalid(_TOO_MUCH)


def _unpacked(path: Path) -> BinaryIO:
    """The same without gzip, on the disk: else each look back would unpack all from the start."""
    most = 2 * LARGEST_DOCUMENT + most_unpacked(path)
    plain = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its archive
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            source = gzip.GzipFile(fileobj=file) if is_packed else file
            while piece := source.read(_PIECE):
                plain.write(piece)
                if plain.tell() > most:
                    raise Invalid(_TOO_MUCH)
        plain.seek(0)
    except BaseException:
        plain.close()
        raise
    return plain


class _Zip:
    """A .zip: no more is unpacked of a file than it says that it has."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file

    def size_of(self, name: str) -> int:
        """As its directory says."""
        found = self._file.NameToInfo.get(name)
        return found.file_size if found else 0

    def read(self, name: str) -> bytes | None:
        """The file, if it is what its directory says."""
        try:
            return self._file.read(name)
        except (KeyError, *_DAMAGED):
            return None

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class _Tar:
    """A .tar. Raises Invalid for one of too many files."""

    def __init__(self, plain: BinaryIO) -> None:
        self._plain = plain
        self._file = tarfile.open(fileobj=plain, mode="r:")  # noqa: SIM115 - closed by close()
        self._members: dict[str, tarfile.TarInfo] = {}
        for number, member in enumerate(self._file):
            if number >= _MOST_MEMBERS:
                raise Invalid(_TOO_MUCH)
            if member.isfile():
                self._members[member.name.removeprefix("./")] = member

    def size_of(self, name: str) -> int:
        """As its head says."""
        found = self._members.get(name)
        return found.size if found else 0

    def read(self, name: str) -> bytes | None:
        """The file, if it is whole."""
        try:
            file = self._file.extractfile(self._members[name])
            return file.read() if file else None
        except (KeyError, *_DAMAGED):
            return None

    def close(self) -> None:
        """Close both files."""
        self._file.close()
        self._plain.close()
