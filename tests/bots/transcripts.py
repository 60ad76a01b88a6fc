"""Writes a played dialogue as people read a chat, and keeps those of all dialogues in the documentation.

Only what a dialogue checks is written, as the chat really showed it, so it comes out the same each time.
"""

from __future__ import annotations

import fcntl
import re
import textwrap
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.fakes.telegram_server import Shown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "telegram.md"
_BEGIN, _END = "<!-- transcripts: begin -->\n", "<!-- transcripts: end -->\n"
_SECTION = re.compile(r"<!-- (?P<name>[\w-]+) -->\n(?P<text>.*?\n```\n)\n", re.DOTALL)
_WIDTH = 110
_MARGIN = " " * 8
_AND_SO_ON = "…"
_SILENT_ACTS = {
    "deletes": "“{}” is deleted on the page",
    "restarts": "bot and worker are started anew",
    "answers": "an answer to “{}”",
    "morning": "{:%a %d %b %Y, %H:%M}",
    "week": "{:%a %d %b %Y, %H:%M}",
    "connects": "{} is connected as well",
    "blocks": "the bot is blocked",
    "unblocks": "the bot is let in again",
    "joins": "the bot is brought into the group",
    "sends_away": "the bot is sent away",
    "grows": "the group grows into a supergroup",
    "opens_link": "Ada opens the link where she is signed in, and agrees",
}


class Transcript:
    """One dialogue, line by line."""

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self._lines: list[str] = []
        self._who = self._place = "Ada"
        self._seen: dict[int, tuple[str, list[str]]] = {}

    def act(self, step: dict[str, Any]) -> None:
        """What the person does, or what happens to them."""
        self._who = step.get("who", "Ada")
        place = step.get("where", self._who)
        if place != self._place:
            self._lines.append("(in the group)" if place == "group" else f"({place}’s own chat)")
            self._place = place
        if "at" in step:
            self._lines.append(f"({step['at']:%a %d %b %Y, %H:%M})")
        if "comes_due" in step:
            self._lines.append("(it comes due)" if len(step["comes_due"]) == 1 else "(they come due)")
        for act, words in _SILENT_ACTS.items():
            if act in step:
                self._lines.append(f"({words.format(step[act])})")
        for words in self._words(step):
            self._say(self._who, words)
        for offer in step.get("offers", ()):
            self._say("Offers", offer)

    def show(self, messages: Sequence[Shown], wanted: Sequence[list[str]]) -> None:
        """What the chat shows then; what it showed before already is left out.

        Args:
            messages: The newest ones.
            wanted: For each the buttons that were looked for; one "…" at the end stands for those that were not.
        """
        for message, labels in zip(messages, wanted, strict=True):
            now = (message.text.strip(), message.labels)
            before = self._seen.get(message.message_id)
            self._seen[message.message_id] = now
            if now == before:
                continue
            rows = _rows(message, labels)
            words = "" if before and before[0] == now[0] else message.text.strip()
            self._say("Bot" if before is None else "Bot ✎", "\n".join([*([words] if words else []), *rows]))

    def hold(self, part: str) -> None:
        """A message of which only a part was looked for."""
        self._say("Bot", f"{part} {_AND_SO_ON}")

    def tell(self, note: str) -> None:
        """What a press is answered with, over the chat."""
        self._say("Bot", f"({note})")

    def text(self) -> str:
        """The section of the documentation."""
        body = "\n".join(line.rstrip() for line in self._lines)
        return f"**{self.title}**\n\n```text\n{body}\n```\n"

    def _words(self, step: dict[str, Any]) -> list[str]:
        words = []
        if "writes" in step:
            sender = step.get("message", {}).get("forward_origin", {})
            name = sender.get("sender_user", {}).get("first_name") or sender.get("sender_user_name")
            words.append(f"[forwarded from {name}] {step['writes']}" if name else step["writes"])
        if "speaks" in step:
            words.append(f"🎤 {Path(step['speaks']).stem}")
        if "sends" in step:
            words.append(f"({', '.join(sorted(step['sends']))})")
        if "edits" in step:
            words.append(f"✎ {step['edits']}")
        if "types" in step:
            words.append(f"(in any chat) @bot {step['types']}")
        if "chooses" in step:
            words.append(f"(chooses) {step['chooses']}")
        if "presses" in step:
            words.append(f"▸ [{step['presses']}]")
        return words

    def _say(self, who: str, words: str) -> None:
        folded = [line for part in words.split("\n") for line in textwrap.wrap(part, _WIDTH) or [""]]
        self._lines += [f"{f'{who} ' if not number else '':<8}{line}" for number, line in enumerate(folded)]


def kept_section(name: str) -> str:
    """What the documentation shows of a dialogue; empty when it shows nothing."""
    return _sections(_middle(PAGE.read_text(encoding="utf-8"))).get(name, "")


def kept_names() -> list[str]:
    """The dialogues that the documentation shows, in their order."""
    return list(_sections(_middle(PAGE.read_text(encoding="utf-8"))))


def keep_section(transcript: Transcript, features: Mapping[str, str]) -> None:
    """Write a dialogue into the documentation, beside those of other processes; what is no dialogue any more goes.

    Args:
        transcript: That was played.
        features: For the name of each dialogue, in their order, what it is about.
    """
    with PAGE.open("r+", encoding="utf-8") as page:
        fcntl.flock(page, fcntl.LOCK_EX)
        whole = page.read()
        sections = {**_sections(_middle(whole)), transcript.name: transcript.text()}
        middle = "\n"
        for feature, names in groupby(features, features.__getitem__):
            kept = [f"<!-- {name} -->\n{sections[name]}\n" for name in names if name in sections]
            middle += "".join([f"### {feature}\n\n", *kept] if kept else [])
        page.seek(0)
        page.write(whole.partition(_BEGIN)[0] + _BEGIN + middle + _END + whole.partition(_END)[2])
        page.truncate()


def _middle(whole: str) -> str:
    return whole.partition(_BEGIN)[2].partition(_END)[0]


def _sections(middle: str) -> dict[str, str]:
    return {found["name"]: found["text"] for found in _SECTION.finditer(middle)}


def _rows(message: Shown, labels: list[str]) -> list[str]:
    """The buttons as they stand, as far as they were looked for."""
    is_open = bool(labels) and labels[-1] == _AND_SO_ON
    left = len(labels) - 1 if is_open else len(message.labels)
    rows = []
    for row in message.buttons:
        shown = [f"[{button['text']}]" for button in row[: max(left, 0)]]
        left -= len(row)
        if shown:
            rows.append(" ".join(shown))
    if is_open and len(message.labels) >= len(labels):
        rows = [*rows[:-1], f"{rows[-1]} {_AND_SO_ON}"] if rows else [_AND_SO_ON]
    return rows
