"""Real models that were fetched are loaded by the real engines and hear a real note."""

from __future__ import annotations

import dataclasses
import io

import pytest
from django.core.management import call_command

from tests.fakes.model_server import ModelServer, Trouble
from tests.voice_app.audio import sounds
from voice_app import audio
from voice_app.errors import SpeechEngineMissing
from voice_app.providers.base import Deadline
from voice_app.providers.stt.catalogue import EngineKind, ModelFile, SpeechModel, find_model
from voice_app.providers.stt.fetch import ModelFetcher
from voice_app.providers.stt.fetched import FetchedModels
from voice_app.providers.stt.local import LocalSpeech
from voice_app.providers.stt.weights import BASE, MOONSHINE_TINY_EN, TINY_EN, WeightStore

pytestmark = pytest.mark.speech

WHISPER_BASE = find_model("whisper-base")
BETTER = dataclasses.replace(WHISPER_BASE, name="whisper-better", quality=30)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    return WeightStore(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def server(installed):
    folder = installed.folder(BASE)
    files = {WHISPER_BASE.address("", file): folder / file.name for file in WHISPER_BASE.files}
    with ModelServer(files) as running:
        yield running


@pytest.fixture
def nothing_installed(installed, tmp_path):
    """A machine on which neither Whisper model could be installed."""
    for name in ("tiny.en", "base"):
        (tmp_path / "own" / name).mkdir(parents=True)
    return WeightStore(installed.cache, tmp_path / "own")


def _hear(engine, name, language):
    clip = audio.decode((sounds.SAMPLES / f"{name}.ogg").read_bytes())
    return engine.transcribe(clip, language=language, hints=(), deadline=Deadline.after(120))


def test_the_command_brings_it_through_interruptions_and_the_next_note_is_heard_with_it(
    server, settings, tmp_path, nothing_installed
):
    settings.VOICE_MODELS_DIR, settings.MODEL_SOURCE_URL = tmp_path / "models", server.url
    fetched = FetchedModels.from_settings()
    local = LocalSpeech(nothing_installed, fetched=fetched, threads=2)
    with pytest.raises(SpeechEngineMissing):
        _hear(local, "comprar-leche.es", "es")
    server.next(Trouble(), Trouble(), Trouble(), Trouble(cut_after=60_000_000), Trouble(cut_after=50_000_000))
    out = io.StringIO()
    call_command("providers", "fetch", "whisper-base", stdout=out)
    assert "model.bin: 145217532 bytes, SHA-256 d01c3014881c" in out.getvalue()
    assert any(asked.startswith("bytes=6") for _, asked in server.asked)
    heard = _hear(local, "comprar-leche.es", None)
    assert (heard.language, heard.engine) == ("es", "whisper-base")
    assert "leche" in heard.text
    assert [part.name for part in local.describe() if part.on] == ["moonshine-tiny-en", "whisper-base"]


def test_a_better_one_goes_before_the_installed_and_after_the_operators_own(server, installed, tmp_path):
    fetched = FetchedModels(tmp_path / "models", (BETTER,))
    ModelFetcher(fetched, server.url).fetch(BETTER, lambda _: None)
    local = LocalSpeech(installed, fetched=fetched, threads=2)
    assert _hear(local, "today", "en").engine == "whisper-better"
    own = LocalSpeech(WeightStore(installed.cache, installed.folder(TINY_EN)), fetched=fetched, threads=2)
    assert _hear(own, "today", "en").engine == f"whisper-{installed.folder(TINY_EN).name}"

    (fetched.folder(BETTER) / "vocabulary.txt").write_text("damaged")
    fresh = LocalSpeech(installed, fetched=fetched, threads=2)
    assert _hear(fresh, "today", "en").engine == "whisper-tiny.en"
    broken = next(part for part in fresh.describe() if part.name == "whisper-better")
    assert not broken.on
    assert "manage.py providers fetch whisper-better" in broken.reason


def test_what_cannot_be_loaded_leaves_the_others_working(installed, tmp_path):
    broken = dataclasses.replace(BETTER, files=(ModelFile("model.bin", 4, "88ee"),), name="whisper-broken")
    fetched = FetchedModels(tmp_path, (broken,))
    folder = fetched.folder(broken)
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"none")
    (folder / "manifest.json").write_text(
        '{"files": {"model.bin": {"size": 4, "sha256": "", "compared_with": "nothing"}}}'
    )
    local = LocalSpeech(installed, fetched=fetched, threads=2)
    assert _hear(local, "today", "en").engine == "whisper-tiny.en"
    assert "whisper-broken cannot be loaded" in local.describe()[-1].reason


def test_moonshine_hears_its_own_language(installed, tmp_path):
    folder = installed.folder(MOONSHINE_TINY_EN)
    files = tuple(
        ModelFile(file.name, (folder / file.name).stat().st_size, file.sha256) for file in MOONSHINE_TINY_EN.files
    )
    model = SpeechModel(
        "moonshine-tiny-xx",
        EngineKind.MOONSHINE,
        ("xx",),
        25,
        "MIT",
        "owner/assets",
        "abc",
        files,
        "model/tiny",
        "TINY",
        13.0,
    )
    with ModelServer({model.address("", file): folder / file.name for file in files}) as server:
        fetched = FetchedModels(tmp_path, (model,))
        ModelFetcher(fetched, server.url).fetch(model, lambda _: None)
    local = LocalSpeech(installed, fetched=fetched, threads=2)
    heard = _hear(local, "today", "xx")
    assert (heard.language, heard.engine) == ("xx", "moonshine-tiny-xx")
    assert "have to do today" in heard.text
    assert _hear(local, "today", "en").engine == "whisper-tiny.en"
