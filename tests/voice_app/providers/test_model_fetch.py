"""Models are fetched whole or not at all, from a real server on a real socket."""

from __future__ import annotations

import dataclasses
import hashlib
import threading

import pytest

from tests.fakes.model_server import ModelServer, Trouble
from voice_app.providers.stt.catalogue import EngineKind, ModelFile, SpeechModel
from voice_app.providers.stt.fetch import SPARE_BYTES, ModelFetcher
from voice_app.providers.stt.fetch_errors import (
    ModelChecksumUnknown,
    ModelChecksumWrong,
    ModelDiskFull,
    ModelFetchRunning,
    ModelFolderUnwritable,
    ModelLicenceNotAccepted,
    ModelNotAtSource,
    ModelRedirectRefused,
    ModelSizeWrong,
    ModelSourceFailed,
    ModelSourceUnreachable,
)
from voice_app.providers.stt.fetched import FetchedModels
from voice_app.providers.stt.weights import WeightsUnusable

CONTENT = {"config.json": b'{"lang_ids": []}', "model.bin": bytes(range(256)) * 8000}
SIZE = sum(len(content) for content in CONTENT.values())
BIN = "/owner/small/resolve/abc/model.bin"
CONFIG = "/owner/small/resolve/abc/config.json"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _model(**changes) -> SpeechModel:
    files = tuple(ModelFile(name, len(content), _sha256(content)) for name, content in CONTENT.items())
    model = SpeechModel("small", EngineKind.WHISPER, ("en",), 30, "MIT", "owner/small", "abc", files)
    return dataclasses.replace(model, **changes)


def _unpinned(*names: str) -> SpeechModel:
    files = tuple(dataclasses.replace(file, sha256="") if file.name in names else file for file in _model().files)
    return _model(files=files)


@pytest.fixture
def server():
    with ModelServer({BIN: CONTENT["model.bin"], CONFIG: CONTENT["config.json"]}) as running:
        yield running


@pytest.fixture
def models(tmp_path):
    return FetchedModels(tmp_path / "models", (_model(),))


@pytest.fixture
def fetcher(server, models):
    return ModelFetcher(models, server.url, timeout_seconds=5)


def _left(models: FetchedModels) -> set[str]:
    return {path.name for path in models.root.iterdir() if not path.name.startswith(".")}


def test_a_model_comes_whole_and_is_written_down(fetcher, models):
    seen: list[int] = []
    files = fetcher.fetch(_model(), seen.append)
    folder = models.folder(_model())
    assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT
    assert {name: record.sha256 for name, record in files.items()} == {n: _sha256(c) for n, c in CONTENT.items()}
    assert {record.compared_with for record in files.values()} == {"the catalogue"}
    assert seen == sorted(seen)
    assert seen[-1] == SIZE
    assert models.problem(_model()) == ""
    assert models.weights(_model()).folder() == folder
    assert _left(models) == {"small"}


def test_what_is_here_already_is_not_fetched_again(fetcher, server):
    fetcher.fetch(_model(), lambda _: None)
    count = len(server.asked)
    fetcher.fetch(_model(), lambda _: None)
    assert len(server.asked) == count


@pytest.mark.parametrize("damage", [b"short", CONTENT["model.bin"][:-1] + b"x"])
def test_what_is_damaged_is_fetched_again(fetcher, models, damage):
    fetcher.fetch(_model(), lambda _: None)
    target = models.folder(_model()) / "model.bin"
    target.write_bytes(damage)
    fetcher.fetch(_model(), lambda _: None)
    assert target.read_bytes() == CONTENT["model.bin"]


def test_an_interruption_is_taken_up_where_it_happened(fetcher, server):
    server.next(Trouble(), Trouble(cut_after=1_500_000), Trouble(cut_after=300_000))
    fetcher.fetch(_model(), lambda _: None)
    assert server.asked[1:] == [(BIN, ""), (BIN, "bytes=1500000-"), (BIN, "bytes=1800000-")]


def test_another_run_goes_on_where_one_stopped(fetcher, server, models):
    server.next(Trouble(), Trouble(cut_after=1_500_000), Trouble(cut_after=0))
    with pytest.raises(ModelSourceUnreachable):
        fetcher.fetch(_model(), lambda _: None)
    assert _left(models) == {"small.part"}
    assert "not fetched" in models.problem(_model())
    server.asked.clear()
    fetcher.fetch(_model(), lambda _: None)
    assert server.asked == [(BIN, "bytes=1500000-")]
    assert _left(models) == {"small"}


def test_a_server_without_ranges_sends_all_of_it_again(fetcher, server, models):
    server.next(Trouble(), Trouble(cut_after=1_000_000), Trouble(ignores_range=True))
    fetcher.fetch(_model(), lambda _: None)
    assert (models.folder(_model()) / "model.bin").read_bytes() == CONTENT["model.bin"]


@pytest.mark.parametrize("is_part_left", [False, True])
def test_a_wrong_checksum_leaves_nothing(fetcher, server, models, is_part_left):
    if is_part_left:
        (models.root / "small.part").mkdir(parents=True)
        (models.root / "small.part" / "model.bin").write_bytes(b"of something else")
    else:
        server.files[BIN] = CONTENT["model.bin"][::-1]
    with pytest.raises(ModelChecksumWrong) as caught:
        fetcher.fetch(_model(), lambda _: None)
    assert caught.value.details == {"file": "model.bin"}
    assert _left(models) == set()


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(extra=b"more"),
        Trouble(headers={"Content-Length": str(2**40)}),
        Trouble(status=416),
    ],
)
def test_another_size_than_the_published_one_leaves_nothing(fetcher, server, models, trouble):
    server.next(Trouble(), trouble)
    with pytest.raises(ModelSizeWrong):
        fetcher.fetch(_model(), lambda _: None)
    assert _left(models) == set()


def test_the_source_says_what_the_catalogue_does_not(fetcher, server):
    server.etags[BIN] = _sha256(CONTENT["model.bin"])
    config = CONTENT["config.json"]
    server.etags[CONFIG] = hashlib.sha1(b"blob %d\0" % len(config) + config).hexdigest()
    files = fetcher.fetch(_unpinned("model.bin", "config.json"), lambda _: None)
    assert files["model.bin"].compared_with == "the SHA-256 from 127.0.0.1"
    assert files["config.json"].compared_with == "the Git name from 127.0.0.1"
    assert files["config.json"].sha256 == _sha256(config)


def test_what_the_source_says_is_asked_for_again_by_another_run(fetcher, server):
    server.etags[BIN] = _sha256(CONTENT["model.bin"])
    server.next(Trouble(), Trouble(cut_after=1_500_000), Trouble(cut_after=0))
    with pytest.raises(ModelSourceUnreachable):
        fetcher.fetch(_unpinned("model.bin"), lambda _: None)
    fetcher.fetch(_unpinned("model.bin"), lambda _: None)


def test_what_the_source_says_holds(fetcher, server, models):
    server.etags[BIN] = "0" * 64
    with pytest.raises(ModelChecksumWrong):
        fetcher.fetch(_unpinned("model.bin"), lambda _: None)
    assert _left(models) == set()


def test_a_file_of_which_nobody_says_anything_is_refused(fetcher, models):
    with pytest.raises(ModelChecksumUnknown):
        fetcher.fetch(_unpinned("config.json"), lambda _: None)
    assert _left(models) == set()


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(status=410), ModelNotAtSource),
        (Trouble(status=401), ModelSourceFailed),
        (Trouble(status=429), ModelSourceFailed),
        (Trouble(status=503), ModelSourceFailed),
        (Trouble(headers={"Content-Encoding": "gzip"}), ModelSourceFailed),
        (Trouble(status=302, headers={"Location": "http://example.org/model.bin"}), ModelRedirectRefused),
        (Trouble(status=302, headers={"Location": "http://127.0.0.1:9/model.bin"}), ModelRedirectRefused),
        (Trouble(status=302, headers={"Location": "https://evil-hf.co/model.bin"}), ModelRedirectRefused),
        (Trouble(status=302, headers={"Location": "ftp://127.0.0.1/model.bin"}), ModelRedirectRefused),
        (Trouble(status=302, headers={"Location": "file:///etc/passwd"}), ModelRedirectRefused),
    ],
)
def test_a_source_that_does_not_give_it_is_told_and_nothing_is_left(fetcher, server, models, trouble, expected):
    server.next(trouble)
    with pytest.raises(expected):
        fetcher.fetch(_model(), lambda _: None)
    assert _left(models) == set()


def test_a_redirect_within_the_source_is_followed(fetcher, server, models):
    server.files["/cdn/model.bin"] = CONTENT["model.bin"]
    server.next(Trouble(), Trouble(status=302, headers={"Location": "/cdn/model.bin"}))
    fetcher.fetch(_model(), lambda _: None)
    assert server.asked[-1] == ("/cdn/model.bin", "")


def test_redirects_without_end_are_not_followed(fetcher, server):
    server.next(*[Trouble(status=302, headers={"Location": CONFIG})] * 10)
    with pytest.raises(ModelSourceFailed):
        fetcher.fetch(_model(), lambda _: None)


def test_no_such_model_at_the_source_and_no_source(fetcher, server, models):
    del server.files[CONFIG]
    with pytest.raises(ModelNotAtSource):
        fetcher.fetch(_model(), lambda _: None)
    with pytest.raises(ModelSourceUnreachable):
        ModelFetcher(models, "http://127.0.0.1:9").fetch(_model(), lambda _: None)
    assert _left(models) == set()


def test_the_room_is_looked_at_first(server, models):
    fetcher = ModelFetcher(models, server.url, free_bytes=lambda _: SIZE + SPARE_BYTES - 1)
    with pytest.raises(ModelDiskFull) as caught:
        fetcher.fetch(_model(), lambda _: None)
    assert caught.value.details == {"needed_megabytes": 201, "free_megabytes": 201}
    assert server.asked == []
    assert _left(models) == set()


def test_what_is_here_already_needs_no_room(server, models, fetcher):
    server.next(Trouble(), Trouble(cut_after=1_500_000), Trouble(cut_after=0))
    with pytest.raises(ModelSourceUnreachable):
        fetcher.fetch(_model(), lambda _: None)
    ModelFetcher(models, server.url, free_bytes=lambda _: SIZE - 1_500_000 + SPARE_BYTES).fetch(
        _model(), lambda _: None
    )


def test_a_folder_that_cannot_be_written_is_told(server, tmp_path):
    (tmp_path / "models").write_text("a file is in the way")
    with pytest.raises(ModelFolderUnwritable):
        ModelFetcher(FetchedModels(tmp_path / "models"), server.url).fetch(_model(), lambda _: None)


def test_two_at_once_do_no_harm(fetcher, server, models):
    server.may_answer.clear()
    first = threading.Thread(target=fetcher.fetch, args=(_model(), lambda _: None))
    first.start()
    while not server.asked:
        first.join(0.01)
    with pytest.raises(ModelFetchRunning):
        fetcher.fetch(_model(), lambda _: None)
    server.may_answer.set()
    first.join()
    assert models.problem(_model()) == ""


def test_a_licence_that_does_not_allow_every_use_is_agreed_to_first(fetcher, server):
    model = _model(must_be_accepted=True, licence="Own Licence", licence_address="https://example.org")
    with pytest.raises(ModelLicenceNotAccepted) as caught:
        fetcher.fetch(model, lambda _: None)
    assert caught.value.details == {"name": "small", "licence": "Own Licence", "address": "https://example.org"}
    assert server.asked == []
    fetcher.fetch(model, lambda _: None, is_licence_accepted=True)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": 3}', '{"files": {"model.bin": {}}}', '{"files": {}}'])
def test_a_folder_without_a_manifest_that_fits_is_not_used(fetcher, models, manifest):
    fetcher.fetch(_model(), lambda _: None)
    (models.folder(_model()) / "manifest.json").write_text(manifest)
    assert "manage.py providers fetch small" in models.problem(_model())
    with pytest.raises(WeightsUnusable):
        models.weights(_model()).folder()


def test_a_file_of_another_size_is_not_used(fetcher, models):
    fetcher.fetch(_model(), lambda _: None)
    (models.folder(_model()) / "model.bin").write_bytes(b"cut")
    assert "is not as it was fetched" in models.problem(_model())
    (models.folder(_model()) / "model.bin").unlink()
    assert "is not as it was fetched" in models.problem(_model())
