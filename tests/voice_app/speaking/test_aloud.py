"""Short texts are said aloud by the voice on this machine, or by a service whose answer is sound."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from tests.fakes.openai_server import KEY
from voice_app.audio.decode import decode
from voice_app.speaking import espeak, speak
from voice_app.speaking.errors import SpeechNotMade

OPUS = b"OggS of a service"


@pytest.mark.parametrize(("text", "language"), [("Added “milk”.", "en"), ("Готово.", "ru"), ("Adicionado.", "pt")])
def test_the_voice_on_this_machine_makes_sound_that_we_can_read(text: str, language: str) -> None:
    clip = decode(espeak.speak(text, language))
    assert 0.3 < clip.seconds < 5
    assert abs(clip.samples).max() > 0.05


def test_there_is_no_voice_for_a_language_that_nobody_speaks() -> None:
    with pytest.raises(SpeechNotMade):
        espeak.speak("hello", "q0")


class _Service(BaseHTTPRequestHandler):
    status, body = 200, OPUS
    asked: list[dict[str, str]] = []

    def do_POST(self) -> None:
        """``/v1/audio/speech``."""
        self.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Type", "audio/ogg")
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def service(settings: Settings) -> Iterator[type[_Service]]:
    handler = type("Handler", (_Service,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    settings.VOICE_REPLY_ENGINE = "openai"
    settings.OPENAI_API_KEY = KEY
    settings.OPENAI_BASE_URL = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield handler
    server.shutdown()
    server.server_close()


def test_a_service_speaks_where_it_is_chosen(service: type[_Service]) -> None:
    assert speak("Done.", "en", may_share=True) == OPUS
    assert service.asked == [
        {"input": "Done.", "model": "gpt-4o-mini-tts", "voice": "alloy", "response_format": "opus"}
    ]


def test_words_of_a_person_who_does_not_want_that_stay_here(service: type[_Service]) -> None:
    assert speak("Done.", "en", may_share=False).startswith(b"OggS")
    assert service.asked == []


@pytest.mark.parametrize(("status", "body"), [(500, b"{}"), (200, b"no sound")])
def test_the_voice_here_speaks_when_a_service_fails(service: type[_Service], status: int, body: bytes) -> None:
    service.status, service.body = status, body
    spoken = speak("Done.", "en", may_share=True)
    assert spoken.startswith(b"OggS")
    assert spoken != OPUS
