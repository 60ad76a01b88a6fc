"""The data file of each language, ``<code>.toml``, read once."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@functools.cache
def read_language(code: str) -> Mapping[str, Any]:
    """The tables of a language.

    Raises:
        FileNotFoundError: When there is no file for it.
    """
    return tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


@functools.cache
def language_codes() -> tuple[str, ...]:
    """The codes of all languages that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
