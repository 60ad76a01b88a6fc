"""What ``manage.py providers fetch`` prints and does."""

from __future__ import annotations

from collections.abc import Iterator
from io import TextIOBase
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from voice_app.providers.stt.catalogue import SpeechModel, find_model
from voice_app.providers.stt.fetch import ModelFetcher
from voice_app.providers.stt.fetch_errors import ModelUnknown
from voice_app.providers.stt.fetched import FetchedModels
from voice_app.providers.stt.progress import ProgressLine, size_text
from voicebot.errors import AppError
from voicebot.messages import message_of

_ALL = "99 languages"


def print_or_fetch(name: str | None, out: TextIOBase, *, is_licence_accepted: bool = False) -> None:
    """Fetch the model of that name, or list all when none is given.

    Args:
        name: As the catalogue names it.
        out: Where it is said.
        is_licence_accepted: Whether the operator agreed to a licence that does not allow every use.

    Raises:
        CommandError: It cannot be fetched; the text begins with the error's code.
    """
    models = FetchedModels.from_settings()
    if name is None:
        out.writelines(f"{line}\n" for line in list_models(models))
        return
    try:
        fetch_model(name, models, out, is_licence_accepted=is_licence_accepted)
    except AppError as error:
        raise CommandError(f"{error.code}: {message_of(error)}", returncode=1) from error
    except KeyboardInterrupt:
        raise CommandError("Stopped. The same command goes on where this one did.", returncode=130) from None


def list_models(models: FetchedModels) -> Iterator[str]:
    """A line for each model: its name, languages, size, licence, and where it lies once it is here."""
    rows = [("name", "hears", "size", "licence", "where")]
    rows += [
        (model.name, ", ".join(model.languages) or _ALL, size_text(model.size), model.licence, _place(models, model))
        for model in models.models
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def fetch_model(name: str, models: FetchedModels, out: TextIOBase, *, is_licence_accepted: bool = False) -> None:
    """Bring a model from ``MODEL_SOURCE_URL``, saying how far it is and what came.

    Args:
        name: As the catalogue names it.
        models: The folder.
        out: Where it is said.
        is_licence_accepted: Whether the operator agreed to a licence that does not allow every use.

    Raises:
        ModelUnknown: There is none of that name.
        AppError: As :meth:`~voice_app.providers.stt.fetch.ModelFetcher.fetch`.
    """
    model = find_model(name, models.models)
    if model is None:
        raise ModelUnknown(name=name)
    source = settings.MODEL_SOURCE_URL
    out.write(f"{model.name}: {size_text(model.size)} from {model.page(source)}, {model.licence}\n")
    progress = ProgressLine(out, model.size)
    try:
        files = ModelFetcher(models, source).fetch(model, progress.at, is_licence_accepted=is_licence_accepted)
    finally:
        progress.end()
    for file, record in files.items():
        line = f"{file}: {record.size} bytes, SHA-256 {record.sha256}, compared with {record.compared_with}"
        out.write(f"{line}\n")
    out.write(f"{model.name} is in {_shown(models.folder(model))}. The next note that it suits is heard with it.\n")


def _place(models: FetchedModels, model: SpeechModel) -> str:
    if not models.has(model):
        return "not fetched"
    return models.problem(model) or _shown(models.folder(model))


def _shown(folder: Path) -> str:
    """From the project's folder on, where it is inside."""
    base = Path(settings.BASE_DIR)
    return str(folder.relative_to(base) if folder.is_relative_to(base) else folder)
