"""Projects of programs that put projects into projects; here they stand side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tasks_app.transfer.incoming import IncomingFile, IncomingProject
from tasks_app.transfer.reading.fields import text_of

_LEVELS_MAX = 5


def add_projects(file: IncomingFile, projects: Iterable[dict[str, Any]], *, parent: str, name: str = "name") -> None:
    """Add them by their id; where two have the same name, each is called by the names above it, too.

    Args:
        file: Gets them.
        projects: With ``id`` and ``is_archived``.
        parent: The field with the id of the project in which one lies.
        name: The field with its name.
    """
    known = {text_of(each, "id"): each for each in projects}
    same = Counter(text_of(each, name).casefold() for each in known.values())
    for key, each in known.items():
        own = text_of(each, name).strip()
        full = _path(each, known, parent, name) if same[own.casefold()] > 1 else own
        if full:
            file.projects[key] = IncomingProject(key, full, is_archived=bool(each.get("is_archived")))


def _path(each: dict[str, Any], known: dict[str, dict[str, Any]], parent: str, name: str) -> str:
    names = []
    for _ in range(_LEVELS_MAX):
        names.append(text_of(each, name).strip())
        whole = known.get(text_of(each, parent))
        if whole is None:
            break
        each = whole
    return " / ".join(reversed(names))
