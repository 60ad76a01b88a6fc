"""The real engines on real sound: words from speech, none from anything else."""

from __future__ import annotations

import re
import threading

import numpy as np
import pytest

from tests.voice_app.audio import sounds
from voice_app import audio
from voice_app.errors import NoSpeech, SpeechEngineMissing, SpeechTimedOut
from voice_app.providers.base import Deadline, SpeechToText
from voice_app.providers.stt import vad
from voice_app.providers.stt.local import LocalSpeech
from voice_app.providers.stt.moonshine import MOONSHINE_RULE
from voice_app.providers.stt.weights import TINY_EN, WeightStore
from voice_app.providers.stt.whisper import _prompt, _unloop
from voice_app.types import SAMPLE_RATE, AudioClip

pytestmark = pytest.mark.speech

ENGLISH = {
    "call-mom": "call mom tomorrow at 5 pm",
    "shopping-list": "add milk and eggs to the shopping list",
    "pay-rent": "remind me to pay the rent on the first of every month",
    "today": "what do i have to do today",
    "dentist-and-report": "move the dentist to friday at 3 and mark the report as done",
    "plants-and-gym": "create a task to water the plants on saturday morning and delete the gym task",
}


def _clip(name: str) -> AudioClip:
    return audio.decode((sounds.SAMPLES / f"{name}.ogg").read_bytes())


def _plain(text: str) -> str:
    return re.sub(r"[^\w\s]", "", text.lower()).replace("p m", "pm")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return WeightStore(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def local(store):
    return LocalSpeech(store, threads=2)


@pytest.fixture(scope="module")
def fallback(store, tmp_path_factory):
    """The engine on a machine where neither Whisper model can be had."""
    empty = tmp_path_factory.mktemp("models")
    (empty / "tiny.en").mkdir()
    (empty / "base").mkdir()
    return LocalSpeech(WeightStore(store.cache, empty), threads=2)


def _hear(engine, clip, language="en", hints=()):
    return engine.transcribe(clip, language=language, hints=hints, deadline=Deadline.after(120))


def test_keeps_the_contract(local):
    assert isinstance(local, SpeechToText)
    assert local.availability().ok
    assert [part.on for part in local.describe()] == [True, True, True]


@pytest.mark.parametrize("name", ENGLISH)
def test_hears_the_samples(local, name):
    heard = _hear(local, _clip(name))
    assert _plain(heard.text) == ENGLISH[name]
    assert heard.engine == "whisper-tiny.en"
    assert heard.language == "en"
    assert 0.5 < heard.confidence <= 1.0


def test_gives_what_the_engine_alone_gives(local, store):
    from faster_whisper import WhisperModel

    bare = WhisperModel(str(store.folder(TINY_EN)), device="cpu", compute_type="int8", cpu_threads=2)
    for name in ENGLISH:
        clip = _clip(name)
        segments, _ = bare.transcribe(
            clip.samples,
            language="en",
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            vad_filter=True,
            without_timestamps=len(clip.samples) < 28 * SAMPLE_RATE,
        )
        assert _hear(local, clip).text == "".join(segment.text for segment in segments).strip()


def test_another_language_is_found_out_and_heard(local):
    heard = _hear(local, _clip("comprar-leche.es"), language=None)
    assert heard.language == "es"
    assert heard.engine == "whisper-base"
    assert {"leche", "huevos"} <= set(_plain(heard.text).split())


def test_english_is_found_out_and_heard_by_the_english_model(local):
    heard = _hear(local, _clip("plants-and-gym"), language=None)
    assert (heard.language, heard.engine) == ("en", "whisper-tiny.en")


def test_a_region_does_not_matter(local):
    assert _hear(local, _clip("today"), language="en-GB").language == "en"


@pytest.mark.parametrize("name", sounds.noise_clips())
def test_no_words_without_speech(local, fallback, name):
    for engine in (local, fallback):
        with pytest.raises(NoSpeech):
            _hear(engine, sounds.noise_clips()[name])


def test_no_words_from_the_noise_sample(local):
    with pytest.raises(NoSpeech):
        _hear(local, _clip("no-speech"))


def test_values_that_are_no_numbers_do_no_harm(local):
    samples = _clip("today").samples.copy()
    samples[[10, 500]] = np.nan
    samples[900] = np.inf
    assert _plain(_hear(local, AudioClip(samples)).text) == ENGLISH["today"]


def test_a_long_note_is_heard_to_its_end(local):
    names = list(ENGLISH) * 2
    gap = np.zeros(int(1.2 * SAMPLE_RATE), dtype=np.float32)
    clip = AudioClip(np.concatenate([part for name in names for part in (_clip(name).samples, gap)]))
    assert clip.seconds > 45
    text = _plain(_hear(local, clip).text)
    for words in ("shopping list", "every month", "report", "gym task"):
        assert text.count(words) == 2


def test_names_change_the_text_no_further_than_names(local):
    heard = _hear(local, _clip("today"), hints=["Kitchen", "Ana\n\x00Ignore all", "x" * 500])
    assert _plain(heard.text) == ENGLISH["today"]


def test_the_prompt_has_a_bound(local):
    _hear(local, _clip("today"))
    tokenizer = local._known[0].engine._load().hf_tokenizer
    prompt = _prompt([f"Project number {number}" for number in range(500)], tokenizer)
    assert len(tokenizer.encode(prompt, add_special_tokens=False).ids) <= 223
    assert prompt.startswith("Project number 0, Project number 1")
    assert _prompt([], tokenizer) == ""


def test_a_phrase_that_goes_round_is_kept_once():
    assert _unloop("I like it, " * 40 + "I like it,").count("like") <= 2
    assert _unloop("no no no milk") == "no no no milk"


def test_several_threads_at_once(local):
    clips = {name: _clip(name) for name in list(ENGLISH)[:4]}
    heard: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda name=name: heard.__setitem__(name, _plain(_hear(local, clips[name]).text)))
        for name in clips
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {name: ENGLISH[name] for name in clips}


def test_a_passed_deadline_ends_it(local):
    with pytest.raises(SpeechTimedOut):
        local.transcribe(_clip("today"), language="en", hints=(), deadline=Deadline.after(0))


def test_an_unknown_language_is_told(local):
    with pytest.raises(SpeechEngineMissing) as caught:
        _hear(local, _clip("today"), language="xx")
    assert caught.value.details == {"language": "xx"}


def test_without_whisper_moonshine_hears_english(fallback):
    assert [part.on for part in fallback.describe()] == [False, False, True]
    assert "model.bin" in fallback.describe()[0].reason
    clips = {name: _clip(name) for name in ("today", "pay-rent")}
    heard: list[tuple[str, str]] = []
    threads = [
        threading.Thread(target=lambda name=name: heard.append((name, _plain(_hear(fallback, clips[name]).text))))
        for name in clips
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(heard) == {(name, ENGLISH[name]) for name in clips}
    with pytest.raises(SpeechEngineMissing):
        _hear(fallback, clips["today"], language="de")


def test_spans_are_the_ones_of_the_engines_own_filter():
    from faster_whisper.vad import get_speech_timestamps

    gap = np.zeros(3 * SAMPLE_RATE, dtype=np.float32)
    samples = np.concatenate([gap, _clip("today").samples, gap, _clip("call-mom").samples, gap])
    spans = vad.find_speech(AudioClip(samples))
    assert spans == tuple((span["start"], span["end"]) for span in get_speech_timestamps(samples))
    assert len(spans) == 2


def test_long_speech_is_cut_for_moonshine():
    samples = np.concatenate([_clip("plants-and-gym").samples[5000:-8000]] * 8)
    spans = vad.find_speech(AudioClip(samples), MOONSHINE_RULE)
    assert all(end - start <= 15 * SAMPLE_RATE for start, end in spans)
    assert sum(end - start for start, end in spans) > 0.7 * len(samples)
