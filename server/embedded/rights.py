"""Whose rights PostgreSQL runs with: it refuses those of root.

As root it runs in a user namespace in which root is called nobody, so that files stay root's and
nobody's folders are touched. Where namespaces are forbidden (in many containers) it runs as the
owner of its folder, another user than root.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.errors import Unavailable

_NOBODY = 65534
_NAMESPACE = ("--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--")


@dataclass(frozen=True, slots=True)
class Rights:
    """Words in front of the command, and the user to switch to (None: stay who we are)."""

    prefix: tuple[str, ...] = ()
    user: int | None = None


def choose_rights(folder: Path, postgres: Path) -> Rights:
    """The rights with which this binary can work in this folder.

    Raises Unavailable with advice when there are none.
    """
    if os.geteuid() != 0:
        return Rights()
    owner = folder.stat().st_uid
    unshare = shutil.which("unshare")
    if unshare and owner == 0:
        prefix = (unshare, *_NAMESPACE)
        if _succeeds((*prefix, str(postgres), "--version"), folder):
            return Rights(prefix)
    return Rights(user=_give_away(folder, postgres, owner))


def _give_away(folder: Path, postgres: Path, owner: int) -> int:
    """Make another user the owner of our folder; returns who."""
    data = folder.parent
    user = owner or data.resolve().parent.stat().st_uid
    if user not in {entry.pw_uid for entry in pwd.getpwall()} - {0}:  # initdb looks the name up
        user = _NOBODY
    for path in (data, data / "run", folder):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) == stat.S_IRWXU:
            os.chown(path, user, -1)
    if not _succeeds((str(postgres), "--version"), folder, user) or not _succeeds(
        ("/bin/sh", "-c", 'test -w "$0"', str(folder)), folder, user
    ):
        raise Unavailable(
            f"PostgreSQL does not run as root, and user {user} cannot reach {folder} or {postgres}."
            " Start Wandelgang as an ordinary user, or set DATABASE_URL."
        )
    return user


def as_user(user: int | None) -> dict[str, Any]:
    """Arguments for subprocess that switch to a user, group included; none for None."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}


def _succeeds(command: tuple[str, ...], folder: Path, user: int | None = None) -> bool:
    try:
        return not subprocess.run(
            command, cwd=folder, capture_output=True, check=False, **as_user(user)
        ).returncode
    except OSError:
        return False
