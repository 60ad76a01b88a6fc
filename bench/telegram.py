"""From an update to "Listening…" and to the receipt, beside a bare echo bot on the same library, in one run.

Usage, from the project's root:
    .venv/bin/python -m bench.telegram [--rounds 60] [--webhook]

It starts throw-away servers, the whole program with its bot, and ``bench.echo_bot``, each with a Bot API server of
the tests. In each round, in turns, with nothing else under way, the bare bot gets a message, ours a spoken note and a
typed one. Measured is the time from the moment at which the update can be fetched to that at which the answer's call
arrives. With ``--webhook`` the server brings the updates to our web process instead. The picture goes to
``docs/images/telegram.svg``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from bench.plots import Curve, draw
from tests.fakes.telegram_server import TOKEN, TelegramServer
from tests.servers import throw_away_servers
from tests.system import ROOT, System, start_system

PICTURE = ROOT / "docs" / "images" / "telegram.svg"
CHATS = range(5001, 5041)
"""So many that none has to wait for the limit of one message a second."""
NOTE = ROOT / "samples" / "call-mom.ogg"
WAIT_SECONDS = 30.0
WARM_UP = 3
UNSEEN = len(CHATS) // 2
"""Rounds before the measured ones: one spoken note in each of these chats, and a typed one in each of the others."""
SECRET = "a-secret-of-the-bench-0123456789"  # of a server that ends with the bench
ECHO, FIRST, FIRST_EVER = "bare echo bot", "first message (“Listening…”)", "the same, chat not seen before"
PEOPLE = """
from bots.models import ChatAccount
from tasks_app.models import User
for chat in range({first}, {last}):
    user = User.objects.create_user(f"chat-{{chat}}", language="en", timezone="Europe/Berlin")
    ChatAccount.objects.create(user=user, chat_id=chat)
"""


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--webhook", action="store_true", help="let the server bring the updates")
    options = parser.parse_args()
    ours, bare = TelegramServer(), TelegramServer()
    ours.start()
    bare.start()
    variables = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE_URL": ours.url, "VOICE_WARM_UP": "1"}
    if options.webhook:
        variables["TELEGRAM_WEBHOOK_SECRET"] = SECRET
    with (
        throw_away_servers(os.environ),
        tempfile.TemporaryDirectory() as folder,
        start_system(Path(folder), "bench", **variables) as system,
    ):
        echo = subprocess.Popen([sys.executable, "-m", "bench.echo_bot", bare.url, TOKEN], cwd=ROOT)
        try:
            report(measure(system, ours, bare, options.rounds, is_webhook=options.webhook), options)
        finally:
            echo.terminate()
            echo.wait()


def measure(
    system: System, ours: TelegramServer, bare: TelegramServer, rounds: int, *, is_webhook: bool
) -> dict[str, list[float]]:
    """Milliseconds by what was waited for, one value a round."""
    make_people(system, CHATS)
    if is_webhook:
        system.manage("set_telegram_webhook")
    else:
        system.start("telegram")
        ours.wait_until(lambda: bool(ours.calls_of("getUpdates")), WAIT_SECONDS)
    bare.wait_until(lambda: bool(bare.calls_of("getUpdates")), WAIT_SECONDS)
    note, times = NOTE.read_bytes(), defaultdict[str, list[float]](list)
    for number in range(-UNSEEN, rounds):
        chat = CHATS[number % len(CHATS)]
        got = {ECHO: waited(bare, chat, lambda chat=chat: bare.write(chat, "Buy milk"), "Buy milk")}
        spoken = spoken_times(ours, chat, note)
        got |= spoken
        other = CHATS[(number + len(CHATS) // 2) % len(CHATS)]
        typed = f"Buy {number + 100} eggs"
        got["receipt of a typed note"] = waited(
            ours, other, lambda other=other, typed=typed: ours.write(other, typed), f"“{typed}”"
        )
        if WARM_UP - UNSEEN <= number < 0:
            times[FIRST_EVER].append(got[FIRST] * 1000)
        for name, seconds in got.items() if number >= 0 else ():
            times[name].append(seconds * 1000)
    return times


def make_people(system: System, chats: range) -> None:
    """One with a connected chat for each number."""
    system.manage("shell", "--no-imports", "-c", PEOPLE.format(first=chats.start, last=chats.stop))


def spoken_times(server: TelegramServer, chat: int, note: bytes) -> dict[str, float]:
    """Seconds from a spoken note to its first message and to its receipt."""
    before, began = len(server.calls), time.monotonic()
    server.speak(chat, note)
    first = wait_for_call(server, before, chat, "Listening…")
    receipt = wait_for_call(server, before, chat, "Added")
    return {FIRST: first - began, "receipt of a spoken note": receipt - began}


def waited(server: TelegramServer, chat: int, act: Callable[[], object], text: str) -> float:
    """Seconds from an act to the call that brings a text to the chat."""
    before, began = len(server.calls), time.monotonic()
    act()
    return wait_for_call(server, before, chat, text) - began


def wait_for_call(server: TelegramServer, before: int, chat: int, text: str) -> float:
    """When the call arrived.

    Raises:
        SystemExit: It did not.
    """

    def found() -> float | None:
        for call in server.calls[before:]:
            if str(call.params.get("chat_id")) == str(chat) and text in str(call.params.get("text", "")):
                return call.at
        return None

    if not server.wait_until(lambda: found() is not None, WAIT_SECONDS):
        raise SystemExit(f"no {text!r} in chat {chat}:\n{server.transcript(chat)}")
    return found() or 0.0


def report(times: dict[str, list[float]], options: argparse.Namespace) -> None:
    """Median, p95 and how many times the bare bot's median."""
    base = at(times[ECHO], 0.5)
    print(f"{'ms, ' + ('webhook' if options.webhook else 'polling'):32s}{'median':>9s}{'p95':>9s}{'times':>8s}")
    for name, values in times.items():
        print(f"{name:32s}{at(values, 0.5):9.1f}{at(values, 0.95):9.1f}{at(values, 0.5) / base:8.2f}")
    if not options.webhook:
        PICTURE.write_text(picture(times), encoding="utf-8")


def at(values: list[float], share: float) -> float:
    """The value that so large a share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def picture(times: dict[str, list[float]]) -> str:
    """The share of answers that came within so many times the bare bot's median."""
    base = at(times[ECHO], 0.5)
    curves = []
    for name, colour in ((ECHO, "#888888"), (FIRST, "#1f77b4")):
        values = sorted(times[name])
        points = [(min(value / base / 4, 1.0), 100 * (n + 1) / len(values)) for n, value in enumerate(values)]
        curves.append(Curve(f"{name}: median {at(values, 0.5):.1f} ms", points, colour))
    return draw(
        curves,
        title="From an update to the first answer",
        across="time, as a part of 4 times the bare bot's median",
        up="percent answered",
        mark=(0.375, "1.5 times"),
    )


if __name__ == "__main__":
    main()
