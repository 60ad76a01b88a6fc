"""Fetching a model when the operator asks for it: all of its files or none, whoever else does the same."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voice_app.providers.stt.catalogue import SpeechModel
from voice_app.providers.stt.download import download, new_client
from voice_app.providers.stt.fetch_errors import (
    ModelChecksumUnknown,
    ModelChecksumWrong,
    ModelDiskFull,
    ModelFetchRunning,
    ModelFolderUnwritable,
    ModelLicenceNotAccepted,
    ModelSizeWrong,
)
from voice_app.providers.stt.fetched import FetchedModels, FileRecord, read_manifest, write_manifest

SPARE_BYTES = 200 * 2**20
"""Left free for the database, which stops when the disk is full."""

Report = Callable[[int], None]
"""Told how many bytes of the whole model are here."""


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


@dataclass(frozen=True)
class ModelFetcher:
    """Brings models into the folder of fetched ones.

    Args:
        models: The folder.
        source: Address of a server that is laid out like Hugging Face.
        timeout_seconds: Without a byte, before a connection counts as broken.
        free_bytes: How much room a folder has.
    """

    models: FetchedModels
    source: str
    timeout_seconds: float = 30.0
    free_bytes: Callable[[Path], int] = _free_bytes

    def fetch(
        self, model: SpeechModel, report: Report, *, is_licence_accepted: bool = False
    ) -> Mapping[str, FileRecord]:
        """Bring a model, or see that the one that is here is whole.

        Args:
            model: Which.
            report: Told how much is here.
            is_licence_accepted: Whether the operator agreed to it.

        Returns:
            Its files, by name.

        Raises:
            ModelLicenceNotAccepted: It has to be agreed to first.
            ModelFetchRunning: Another process fetches it.
            ModelDiskFull, ModelFolderUnwritable: It cannot be put down here.
            AppError: As :func:`~voice_app.providers.stt.download.download`. What came is kept for another try when
                the connection broke, and removed when it was wrong.
        """
        if model.must_be_accepted and not is_licence_accepted:
            raise ModelLicenceNotAccepted(name=model.name, licence=model.licence, address=model.licence_address)
        try:
            self.models.root.mkdir(parents=True, exist_ok=True)
            with self._alone(model):
                here = self._whole(model)
                return here if here is not None else self._bring(model, report)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise self._disk_full(model.size) from error
            raise ModelFolderUnwritable(folder=str(self.models.root)) from error

    @contextmanager
    def _alone(self, model: SpeechModel) -> Iterator[None]:
        """Nobody else fetches this model meanwhile; the lock ends with the process."""
        with (self.models.root / f".{model.name}.lock").open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ModelFetchRunning(name=model.name) from error
            yield

    def _whole(self, model: SpeechModel) -> Mapping[str, FileRecord] | None:
        """The files that are here already, when every byte of them is right."""
        folder = self.models.folder(model)
        if self.models.problem(model):
            return None
        records = read_manifest(folder) or {}
        wanted = {file.name: file.sha256 or records[file.name].sha256 for file in model.files}
        return records if all(_digest(folder / name) == digest for name, digest in wanted.items()) else None

    def _bring(self, model: SpeechModel, report: Report) -> Mapping[str, FileRecord]:
        folder = self.models.folder(model)
        part = folder.with_name(f"{model.name}.part")
        part.mkdir(exist_ok=True)
        try:
            self._refuse_without_room(model, part)
            records = self._bring_files(model, part, report)
        except (ModelSizeWrong, ModelChecksumWrong, ModelChecksumUnknown):
            shutil.rmtree(part)
            raise
        finally:
            _remove_if_empty(part)
        write_manifest(part, model, self.source, records)
        _put_in_place(part, folder)
        return records

    def _bring_files(self, model: SpeechModel, part: Path, report: Report) -> dict[str, FileRecord]:
        records: dict[str, FileRecord] = {}
        done = 0
        with new_client(self.timeout_seconds) as client:
            for file in model.files:
                progress = partial(_report_sum, report, done)
                address = model.address(self.source, file)
                records[file.name] = download(client, address, file, part / file.name, progress)
                done += file.size
        return records

    def _refuse_without_room(self, model: SpeechModel, part: Path) -> None:
        needed = model.size - sum(path.stat().st_size for path in part.iterdir())
        if self.free_bytes(part) < needed + SPARE_BYTES:
            raise self._disk_full(needed)

    def _disk_full(self, needed: int) -> ModelDiskFull:
        free = self.free_bytes(self.models.root)
        return ModelDiskFull(needed_megabytes=(needed + SPARE_BYTES) // 2**20, free_megabytes=free // 2**20)


def _put_in_place(part: Path, folder: Path) -> None:
    """All at once; what was fetched before and is damaged goes."""
    for path in (*part.iterdir(), part):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    if folder.exists():
        shutil.rmtree(folder)
    part.rename(folder)


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _report_sum(report: Report, before: int, here: int) -> None:
    report(before + here)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
