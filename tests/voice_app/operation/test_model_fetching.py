"""``manage.py providers fetch`` lists, fetches, shows how far it is, and says what is wrong."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re

import pytest
from django.core.management import CommandError, call_command

from tests.fakes.model_server import ModelServer, Trouble
from voice_app.operation import model_fetching
from voice_app.providers.stt.catalogue import EngineKind, ModelFile, SpeechModel, known_models
from voice_app.providers.stt.fetched import FetchedModels
from voice_app.providers.stt.progress import ProgressLine, duration_text, size_text

CONTENT = b"weights" * 1000
SMALL = SpeechModel(
    "small",
    EngineKind.WHISPER,
    ("de", "en"),
    30,
    "MIT",
    "owner/small",
    "abc",
    (ModelFile("model.bin", len(CONTENT), hashlib.sha256(CONTENT).hexdigest()),),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def folder(settings, tmp_path):
    settings.VOICE_MODELS_DIR = tmp_path / "models"
    return settings.VOICE_MODELS_DIR


def _run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("providers", "fetch", *arguments, stdout=out)
    return out.getvalue()


def test_without_a_name_it_lists_all_and_fetches_nothing(folder):
    lines = _run().splitlines()
    assert [line.split()[0] for line in lines[1:]] == [model.name for model in known_models()]
    assert re.search(r"whisper-small +99 languages +486\.2 MB +MIT +not fetched", "\n".join(lines))
    assert re.search(r"moonshine-base-es +es +64\.8 MB +Moonshine AI Community License", "\n".join(lines))
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["whisper-gigantic"], "model_unknown"),
        (["../../etc"], "model_unknown"),
        (["moonshine-base-es"], "model_licence_not_accepted"),
        (["whisper-tiny"], "model_source_unreachable"),
        (["moonshine-base-es", "--accept-licence"], "model_source_unreachable"),
    ],
)
def test_what_is_wrong_is_told_with_its_code(folder, settings, arguments, code):
    settings.MODEL_SOURCE_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match=f"^{code}: [A-Z“1].*[.]") as caught:
        _run(*arguments)
    assert caught.value.returncode == 1
    assert "Traceback" not in str(caught.value)


def test_a_model_is_fetched_and_its_checksum_said(folder, settings):
    with ModelServer({"/owner/small/resolve/abc/model.bin": CONTENT}) as server:
        settings.MODEL_SOURCE_URL = server.url
        models, out = FetchedModels(folder, (SMALL,)), io.StringIO()
        model_fetching.fetch_model("small", models, out)
        said = out.getvalue()
        assert said.startswith(f"small: 7 kB from {server.url}/owner/small, MIT\n")
        assert f"model.bin: 7000 bytes, SHA-256 {SMALL.files[0].sha256}, compared with the catalogue\n" in said
        assert f"small is in {folder}/small." in said
        assert list(model_fetching.list_models(models))[1].split() == [
            "small",
            "de,",
            "en",
            "7",
            "kB",
            "MIT",
            f"{folder}/small",
        ]


def test_ctrl_c_says_that_it_goes_on(folder, settings, monkeypatch):
    with ModelServer({"/owner/small/resolve/abc/model.bin": CONTENT}) as server:
        settings.MODEL_SOURCE_URL = server.url
        server.next(Trouble(cut_after=3000))
        monkeypatch.setattr(FetchedModels, "from_settings", classmethod(lambda cls: cls(folder, (SMALL,))))
        monkeypatch.setattr(ProgressLine, "at", _interrupted)
        with pytest.raises(CommandError) as caught:
            model_fetching.print_or_fetch("small", io.StringIO())
    assert caught.value.returncode == 130
    assert (folder / "small.part" / "model.bin").stat().st_size > 0


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_every_model_of_the_catalogue_can_be_asked_for():
    assert len({model.name for model in known_models()}) == len(known_models())
    for model in known_models():
        assert re.fullmatch(r"[a-z0-9.-]+", model.name)
        assert re.fullmatch(r"[0-9a-f]{40}", model.revision)
        assert model.must_be_accepted == bool(model.licence_address)
        assert bool(model.architecture) == (model.engine is EngineKind.MOONSHINE)
        assert {"model.bin", "decoder_model_merged.ort"} & {file.name for file in model.files}
        for file in model.files:
            assert re.fullmatch(r"[A-Za-z0-9_.]+", file.name)
            assert file.size > 0
            assert re.fullmatch(r"([0-9a-f]{64})?", file.sha256)
        assert model.address("https://x", model.files[0]).startswith(f"https://x/{model.repository}/resolve/")
    assert all(file.sha256 for model in known_models() if model.name == "whisper-base" for file in model.files)


def test_progress_is_a_line_now_and_then():
    seconds = iter([0.0, 1.0, 3.0, 6.0, 7.0, 16.0])
    out = io.StringIO()
    progress = ProgressLine(out, 100_000_000, clock=lambda: next(seconds))
    for megabytes in (10, 20, 35, 40, 85):
        progress.at(megabytes * 1_000_000)
    progress.end()
    assert out.getvalue() == (
        "35.0 MB of 100.0 MB, 35 %, 5.0 MB/s, 13 s left\n85.0 MB of 100.0 MB, 85 %, 5.0 MB/s, 3 s left\n"
    )


def test_on_a_terminal_it_is_one_line_that_goes_away():
    seconds = iter([0.0, 1.0, 1.1, 2.0])
    out = Terminal()
    progress = ProgressLine(out, 4000, clock=lambda: next(seconds))
    for count in (1000, 1500, 3000):
        progress.at(count)
    progress.end()
    assert out.getvalue().startswith("\r1 kB of 4 kB, 25 %\r3 kB of 4 kB, 75 %, 2 kB/s, 0 s left")
    assert out.getvalue().endswith(" \r")
    assert "\n" not in out.getvalue()


def test_progress_starts_anew_when_it_went_back():
    seconds = iter([0.0, 1.0, 2.0, 12.0])
    out = io.StringIO()
    progress = ProgressLine(out, 4000, clock=lambda: next(seconds))
    for count in (3000, 1000, 2000):
        progress.at(count)
    assert out.getvalue() == "2 kB of 4 kB, 50 %, 100 bytes/s, 20 s left\n"


def test_amounts_as_people_read_them():
    assert [size_text(count) for count in (0, 999, 15_000, 1_530_571_735)] == [
        "0 bytes",
        "999 bytes",
        "15 kB",
        "1.53 GB",
    ]
    assert [duration_text(count) for count in (0.4, 65, 3720)] == ["0 s", "1 min 5 s", "1 h 2 min"]


def test_a_damaged_one_is_listed_with_its_reason(folder):
    (folder / "small").mkdir(parents=True)
    models = FetchedModels(folder, (dataclasses.replace(SMALL, languages=()),))
    assert "manage.py providers fetch small" in list(model_fetching.list_models(models))[1]
