"""The interface's sentences: collected from the code and the templates, and kept in a catalogue for each language.

The catalogues are gettext files under ``voicebot/locale``: ``django.po`` is what translators edit, ``django.mo`` what
the program reads. Both are kept, so that running needs no tool. Babel, which reads and writes them, comes with what
the tests need. Format: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = ("voicebot", "tasks_app", "voice_app", "bots")
_KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "pgettext_lazy": ((1, "c"), 2),
}
_DATED = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
"""In every file's head, so that a file changes only when a sentence does."""
_SKIPPED = {"migrations", "node_modules"}

Parts: TypeAlias = tuple[str, ...] | list[str]
"""A sentence's singular and plural, or its plural forms."""


@dataclass(frozen=True)
class Found:
    """A sentence in the sources."""

    parts: Parts
    context: str | None
    where: str
    """Path from the root of the project."""


def translated_languages() -> list[str]:
    """Every language of the interface but the one that the sources are written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@cache
def collect() -> tuple[Found, ...]:
    """Every sentence that the sources mark for translation, in the order of the files; read once in a process."""
    root: Path = settings.BASE_DIR
    found: list[Found] = []
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if not _SKIPPED.intersection(path.parts):
                found += _read(path.read_text(encoding="utf-8"), str(path.relative_to(root)))
    for path in sorted(path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt"}):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        found += _read("\n".join(line.strip() for line in code.splitlines()), str(path.relative_to(root)))
    return tuple(found)


def _read(source: str, where: str) -> Iterator[Found]:
    for _line, function, messages, _comments in extract_python(
        io.BytesIO(source.encode()), _KEYWORDS, (), {"encoding": "utf-8"}
    ):
        values = list(messages) if isinstance(messages, tuple | list) else [messages]
        spec = _KEYWORDS[str(function)] or (1,)
        context = next((values[place[0] - 1] for place in spec if isinstance(place, tuple)), None)
        texts = [values[place - 1] for place in spec if isinstance(place, int) and place <= len(values)]
        if texts and all(isinstance(text, str) and text for text in texts):
            yield Found(tuple(str(text) for text in texts), context, where)


def read_catalogue(language: str) -> Catalog:
    """A language's catalogue as it lies there; an empty one when there is none yet."""
    path = folder_of(language) / "django.po"
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def refresh(language: str) -> Catalog:
    """The language's catalogue with exactly the sentences of the sources; new ones are empty."""
    old, fresh = read_catalogue(language), _empty(language)
    have_plural = {(each.parts[0], each.context): each.parts for each in collect() if len(each.parts) > 1}
    for each in collect():
        parts = have_plural.get((each.parts[0], each.context), each.parts)
        message_id = parts if len(parts) > 1 else parts[0]
        kept = old.get(message_id, context=each.context)
        string = kept.string if kept is not None and kept.pluralizable == (len(parts) > 1) else ""
        fresh.add(message_id, string, [(each.where, 0)], context=each.context)
    return fresh


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Voicebot",
        version="1.0.0",
        header_comment="# Sentences of the interface; `manage.py translations` keeps this file.",
        msgid_bugs_address="",
        last_translator="",
        language_team=language,
        creation_date=_DATED,
        revision_date=_DATED,
        fuzzy=False,
    )


def as_po(catalogue: Catalog) -> bytes:
    """What translators edit."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, omit_header=False, include_lineno=False)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """What the program reads."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def store(language: str, catalogue: Catalog) -> None:
    """Write both files of a language."""
    folder = folder_of(language)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_bytes(as_po(catalogue))
    (folder / "django.mo").write_bytes(as_mo(catalogue))


def folder_of(language: str) -> Path:
    """Where a language's files lie."""
    path: Path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES"
    return path


def list_missing(catalogue: Catalog) -> list[str]:
    """Sentences that have no translation, or not one for each plural form."""
    return [_first(message.id) for message in catalogue if message.id and not _is_whole(message.string)]


def _is_whole(string: str | Parts | None) -> bool:
    return bool(string) if string is None or isinstance(string, str) else all(string)


def _first(message_id: str | Parts) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]
