"""A language's words for times, read from its file into a trie.

A phrase in the file may hold groups: ``nächst(e|er|en)`` stands for three words. Phrases are separated by ``|`` outside
of groups; a hyphen or a space between words is the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from voice_app.understanding.kept import kept

FALLBACK = "en"
FOLDER = Path(__file__).parent / "languages"
_FOLD_FROM = (
    "\u0958\u0959\u095a\u095b\u095c\u095d\u095e\u095f"
    "áàâãäåāăąéèêëēėęěíìîïīįóòôõöøōőúùûüūůűýÿçćčñńňšśžźżğłťďřёґ’‘ʼ`–—\u2212\u2010\u2011\u00a0\u202f\u2009"
)
_FOLD_TO = (
    "\u0915\u0916\u0917\u091c\u0921\u0922\u092b\u092f"
    "aaaaaaaaaeeeeeeeeiiiiiioooooooouuuuuuuyycccnnnsszzzgltdrег''''-----   "
)
FOLD = str.maketrans(_FOLD_FROM, _FOLD_TO)
MARKS = dict.fromkeys((*range(0x300, 0x370), 0x93C))
"""Combining accents, and the dot below of Devanagari letters, which many leave out."""
_GROUP = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(
    r"[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0900-\u0963\u0970-\u097f\u0300-\u036f]|[^\W\d_])*|\d+|[^\s\w]|_"
)

Senses = dict[str, Any]
"""What a word or phrase can be: class -> value."""


def fold(text: str) -> str:
    """The text in lower case without accents, of the same length, so that offsets hold."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return low.translate(FOLD)


def words_of(phrase: str) -> list[str]:
    """The words of a phrase as the tokeniser sees them, hyphens left out."""
    return [word.translate(MARKS) for word in _WORD.findall(fold(phrase)) if word != "-"]


def expand(pattern: str) -> list[str]:
    """All the phrases that a pattern with groups stands for."""
    found = _GROUP.search(pattern)
    if not found:
        return [pattern]
    head, tail = pattern[: found.start()], pattern[found.end() :]
    return [phrase for choice in found[1].split("|") for phrase in expand(head + choice + tail)]


def phrases(patterns: str) -> list[str]:
    """The phrases of one entry: split at ``|`` outside of groups, groups expanded."""
    parts, depth, current = [], 0, ""
    for char in patterns:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += char
    parts.append(current)
    return [phrase.strip() for part in parts for phrase in expand(part) if phrase.strip()]


@dataclass(slots=True)
class Node:
    """One word further into a phrase."""

    next: dict[str, Node] = field(default_factory=dict)
    senses: Senses = field(default_factory=dict)


@dataclass(slots=True)
class Lexicon:
    """Everything the rules know of one language."""

    code: str
    root: Node = field(default_factory=Node)
    style: dict[str, Any] = field(default_factory=dict)
    ordinal_suffixes: frozenset[str] = frozenset()
    part_hours: dict[str, int] = field(default_factory=dict)

    def add(self, patterns: str, name: str, value: object) -> None:
        """Give a class to every phrase of an entry; the first value of a class stays."""
        for phrase in phrases(patterns):
            node = self.root
            for word in words_of(phrase):
                node = node.next.setdefault(word, Node())
            node.senses.setdefault(name, value)


PART_HOURS = {"dawn": 5, "morning": 9, "noon": 12, "lunch": 12, "afternoon": 14, "evening": 19, "night": 21, "day": 9}
"""The hour that stands for a part of the day when no other was said."""


def _add_numbers(lexicon: Lexicon, numbers: dict[str, Any]) -> None:
    for value, entry in enumerate(numbers.get("cardinals", "").split()):
        lexicon.add(entry.replace("_", " "), "word_num", value)
    for value, entry in numbers.get("more", {}).items():
        lexicon.add(entry, "word_num", int(value))
    for value, entry in enumerate(numbers.get("ordinals", "").split(), start=1):
        lexicon.add(entry.replace("_", " "), "ordinal", value)
    for value, entry in numbers.get("more_ordinals", {}).items():
        lexicon.add(entry, "ordinal", int(value))
    for value, entry in numbers.get("multipliers", {}).items():
        lexicon.add(entry, "times_num", int(value))
    for value, entry in numbers.get("vague", {}).items():
        lexicon.add(entry, "vague", float(value))
    for value, entry in numbers.get("fractions", {}).items():
        lexicon.add(entry, "word_num", float(value))
    lexicon.ordinal_suffixes = frozenset(
        word.translate(MARKS) for phrase in phrases(numbers.get("ordinal_suffixes", "")) for word in [fold(phrase)]
    )


def _value(text: str) -> object:
    """A key of a table as a value: an integer where it looks like one."""
    return int(text) if text.lstrip("-").isdigit() else text


def _add_tables(lexicon: Lexicon, dates: dict[str, Any]) -> None:
    for name in ("weekday", "month"):
        for index, entry in enumerate(dates.get(f"{name}s", ())):
            lexicon.add(entry, name, index + (name == "month"))
    for index, entry in enumerate(dates.get("quarters", ()), start=1):
        lexicon.add(entry, "quarter_num", index)
    for index, entry in enumerate(dates.get("weekdays_repeated", ())):
        lexicon.add(entry, "every_weekday", index)
    for table, name in TABLES.items():
        for key, entry in dates.get(table, {}).items():
            lexicon.add(entry, name, _value(key))
    for name, entry in dates.get("markers", {}).items():
        lexicon.add(entry, name, True)


TABLES = {
    "units": "unit",
    "days": "day_offset",
    "parts": "part",
    "parts_of_days": "part_of_day",
    "holidays": "holiday",
    "repeats": "repeat_word",
    "parts_repeated": "every_part",
    "seasons": "season",
    "weeks_later": "weeks_later",
    "hours_named": "hour_named",
    "misheard": "misheard_hour",
    "hour_shifts": "hour_shift",
    "lengths": "length_word",
    "clock_words": "clock_word",
    "zones": "zone",
}
"""Tables ``key = phrases`` of ``[dates]``, and the class that their phrases get; the key is its value."""


@lru_cache(maxsize=1)
def language_codes() -> frozenset[str]:
    """ISO 639-1 codes of the languages that have a file."""
    return frozenset(path.stem for path in FOLDER.glob("*.toml"))


def _add_joined(lexicon: Lexicon, dates: dict[str, Any]) -> None:
    """Weekday and part of the day in one word ("Montagabend")."""
    parts = [(phrase, part) for part, entry in dates.get("parts", {}).items() for phrase in phrases(entry)]
    for weekday, entry in enumerate(dates.get("weekdays", ())):
        name = phrases(entry)[0]
        for phrase, part in parts:
            if " " not in phrase and "'" not in phrase:
                lexicon.add(name + phrase, "weekday_part", (weekday, part))


def known_language(language: str) -> str:
    """The code of the file to use for a language tag; English where there is none."""
    code = language.lower().replace("_", "-").split("-", 1)[0]
    return code if code in language_codes() else FALLBACK


def _build(code: str) -> Lexicon:
    import tomllib  # not needed where what was built from the file is kept

    content = tomllib.loads(_file(code).read_text(encoding="utf-8"))
    dates = content.get("dates", {})
    lexicon = Lexicon(code=code, style=dates.get("style", {}))
    _add_tables(lexicon, dates)
    if lexicon.style.get("joined_parts"):
        _add_joined(lexicon, dates)
    _add_numbers(lexicon, content.get("numbers", {}))
    lexicon.part_hours = PART_HOURS | dates.get("part_hours", {})
    return lexicon


def _file(code: str) -> Path:
    return FOLDER / f"{code}.toml"


_Plain: TypeAlias = "tuple[dict[str, _Plain], Senses]"
"""A node as plain values, to be kept between processes."""


def _plain(node: Node) -> _Plain:
    return {word: _plain(after) for word, after in node.next.items()}, node.senses


def _node(plain: _Plain) -> Node:
    following, senses = plain
    return Node({word: _node(after) for word, after in following.items()}, senses)


def _built(code: str) -> tuple[object, ...]:
    """The fields of a lexicon as plain values."""
    lexicon = _build(code)
    return code, _plain(lexicon.root), lexicon.style, lexicon.ordinal_suffixes, lexicon.part_hours


@lru_cache(maxsize=32)
def load_lexicon(code: str) -> Lexicon:
    """The lexicon of a language that has a file: built once a release, then read from where it is kept."""
    _, root, *rest = kept("lexicon", _file(code), (__file__,), lambda: _built(code))
    return Lexicon(code, _node(root), *rest)
