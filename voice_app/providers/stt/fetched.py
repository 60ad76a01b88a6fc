"""Models that were fetched: where they lie, and whether they are as they were when they came."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from voice_app.providers.stt.catalogue import SpeechModel, known_models
from voice_app.providers.stt.weights import WeightsUnusable

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class FileRecord:
    """What a file was when it came."""

    size: int
    sha256: str
    compared_with: str
    """What said that it is the right one."""


@dataclass(frozen=True)
class FetchedModels:
    """The folder with fetched models, one subfolder for each.

    Args:
        root: ``DATA_DIR/models``.
        models: Which there may be; those of the catalogue.
    """

    root: Path
    models: Sequence[SpeechModel] = ()

    @classmethod
    def from_settings(cls) -> FetchedModels:
        """The installation's folder and the whole catalogue."""
        from django.conf import settings

        return cls(Path(settings.VOICE_MODELS_DIR), known_models())

    def folder(self, model: SpeechModel) -> Path:
        """Where a model lies once it is fetched."""
        return self.root / model.name

    def has(self, model: SpeechModel) -> bool:
        """Whether it was fetched, damaged since or not."""
        return self.folder(model).is_dir()

    def problem(self, model: SpeechModel) -> str:
        """Why it cannot be used, as a sentence, or an empty text; compares sizes and reads no content."""
        folder = self.folder(model)
        again = f"run: manage.py providers fetch {model.name}"
        if not folder.is_dir():
            return f"It is not fetched; {again}"
        records = read_manifest(folder)
        if records is None or set(records) != {file.name for file in model.files}:
            return f"{folder} has no {MANIFEST} that fits this model; {again}"
        wrong = next((name for name, record in records.items() if _size(folder / name) != record.size), None)
        return f"{folder / wrong} is not as it was fetched; {again}" if wrong else ""

    def weights(self, model: SpeechModel) -> FetchedWeights:
        """Its files as an engine takes them."""
        return FetchedWeights(self, model)


@dataclass(frozen=True)
class FetchedWeights:
    """The files of one fetched model."""

    store: FetchedModels
    model: SpeechModel

    @property
    def label(self) -> str:
        """What the engine is called."""
        return self.model.name

    @property
    def remedy(self) -> str:
        """What to run when the model cannot be loaded."""
        return f"manage.py providers fetch {self.model.name}"

    def problem(self) -> str:
        """As :meth:`FetchedModels.problem`."""
        return self.store.problem(self.model)

    def folder(self) -> Path:
        """The model's folder.

        Raises:
            WeightsUnusable: It is not as it was fetched.
        """
        problem = self.problem()
        if problem:
            raise WeightsUnusable(problem)
        return self.store.folder(self.model)


def read_manifest(folder: Path) -> dict[str, FileRecord] | None:
    """What a folder's files were when they came, or None where that cannot be read."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {str(name): FileRecord(**record) for name, record in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(folder: Path, model: SpeechModel, source: str, files: Mapping[str, FileRecord]) -> None:
    """Write down what came, from where, and under which licence."""
    content = {
        "name": model.name,
        "source": model.page(source),
        "revision": model.revision,
        "licence": model.licence,
        "files": {name: asdict(record) for name, record in files.items()},
    }
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
