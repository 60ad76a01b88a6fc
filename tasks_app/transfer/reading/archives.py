"""Files in an archive, unpacked within limits and never written anywhere."""

from __future__ import annotations

import io
import zipfile
import zlib

from tasks_app.transfer.errors import ImportArchiveUnsafe, ImportFileDamaged, ImportFileTooLarge, ImportFormatUnknown

MEMBERS_MAX = 5000
UNPACKED_MAX_BYTES = 64 * 2**20
_RATIO_MAX = 200
"""How much smaller than itself text can be packed; what claims more is made to fill a disk."""
_ENCRYPTED = 0x1
_WANTED = ("data.json", "Tasks.json")


def is_archive(content: bytes) -> bool:
    """Whether it begins as a zip archive does."""
    return content.startswith(b"PK\x03\x04")


def read_archive(content: bytes) -> bytes:
    """The one file in it that holds tasks: ``data.json`` of Vikunja, or ``Tasks.json`` of a Takeout.

    Raises:
        ImportArchiveUnsafe: It is encrypted, or made to fill a disk.
        ImportFileDamaged: It cannot be unpacked.
        ImportFileTooLarge: The file in it is too large.
        ImportFormatUnknown: There is no such file in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS_MAX:
                raise ImportArchiveUnsafe
            return _unpack(archive, _wanted(members))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise ImportFileDamaged from error


def _wanted(members: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    by_name = {member.filename.rpartition("/")[2]: member for member in reversed(members)}
    found = next((by_name[name] for name in _WANTED if name in by_name), None)
    if found is None:
        raise ImportFormatUnknown
    return found


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & _ENCRYPTED or member.file_size > _RATIO_MAX * max(member.compress_size, 1024):
        raise ImportArchiveUnsafe
    with archive.open(member) as file:
        content = file.read(UNPACKED_MAX_BYTES + 1)  # what is said of its size may be a lie
    if len(content) > UNPACKED_MAX_BYTES:
        raise ImportFileTooLarge(limit_megabytes=UNPACKED_MAX_BYTES // 2**20)
    return content
