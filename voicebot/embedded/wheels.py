"""Where the servers' programs lie, found without importing the packages that bring them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from voicebot.refusal import StartRefused


def find_package(name: str) -> Path:
    """The folder of an installed package.

    Raises:
        StartRefused: When it is not installed.
    """
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise StartRefused(f"The package {name} is not installed; run make setup, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.submodule_search_locations[0])
