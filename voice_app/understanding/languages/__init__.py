"""The data file of each language, ``<code>.toml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def language_file(code: str) -> Path:
    """Where the data file of a language stands, if it has one."""
    return FOLDER / f"{code}.toml"


def read_language(code: str) -> Mapping[str, Any]:
    """The tables of a language.

    Raises:
        FileNotFoundError: When there is no file for it.
    """
    import tomllib  # not needed where what was built from the file is kept

    return tomllib.loads(language_file(code).read_text(encoding="utf-8"))


@functools.cache
def language_codes() -> tuple[str, ...]:
    """The codes of all languages that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
