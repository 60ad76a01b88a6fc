"""Speech models that can be fetched: what they hear, how large they are, and under which licence they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("catalogue.toml")


class EngineKind(StrEnum):
    """What runs the model."""

    WHISPER = "whisper"
    MOONSHINE = "moonshine"


@dataclass(frozen=True)
class ModelFile:
    """A file of a model as it lies at its source."""

    name: str
    size: int
    """Bytes."""
    sha256: str
    """Empty where only the source knows."""


@dataclass(frozen=True)
class SpeechModel:
    """A model that can be fetched."""

    name: str
    """Also of its folder."""
    engine: EngineKind
    languages: tuple[str, ...]
    """ISO 639-1; empty is all that Whisper knows."""
    quality: int
    """The larger is taken where several hear a language."""
    licence: str
    repository: str
    revision: str
    files: tuple[ModelFile, ...]
    folder: str = ""
    """Inside the repository."""
    architecture: str = ""
    """Of a Moonshine model, as its library names it."""
    tokens_per_second: float | None = None
    """Beyond which Moonshine takes what it hears for a repetition; None is its own bound, made for Latin letters."""
    licence_address: str = ""
    must_be_accepted: bool = False
    """The licence does not allow every use, so the operator has to agree to it."""

    @property
    def size(self) -> int:
        """Of all files, in bytes."""
        return sum(file.size for file in self.files)

    def page(self, source: str) -> str:
        """Where a person reads about it."""
        return f"{source}/{self.repository}"

    def address(self, source: str, file: ModelFile) -> str:
        """Where a file is, on a server that is laid out like Hugging Face."""
        folder = f"{self.folder}/" if self.folder else ""
        return f"{source}/{self.repository}/resolve/{self.revision}/{folder}{file.name}"


@lru_cache(maxsize=1)
def known_models() -> tuple[SpeechModel, ...]:
    """All that the catalogue lists, in its order."""
    import tomllib  # read only where models are looked for

    return tuple(_model(entry) for entry in tomllib.loads(_FILE.read_text(encoding="utf-8"))["model"])


def find_model(name: str, models: Sequence[SpeechModel] | None = None) -> SpeechModel | None:
    """The model of that name, or None."""
    listed = known_models() if models is None else models
    return next((model for model in listed if model.name == name), None)


def _model(entry: dict[str, Any]) -> SpeechModel:
    files = tuple(ModelFile(name, data["size"], data.get("sha256", "")) for name, data in entry["files"].items())
    return SpeechModel(
        **entry | {"engine": EngineKind(entry["engine"]), "languages": tuple(entry["languages"]), "files": files}
    )
