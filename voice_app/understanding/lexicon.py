"""The words and phrases of a language, read from its data file and made fast to find."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from voice_app.understanding import text as text_module
from voice_app.understanding.kept import kept
from voice_app.understanding.languages import language_file, read_language
from voice_app.understanding.text import fold, tokenise

END = "$"
"""Stands behind the second part of a verb that must be the last word of its clause."""
BUILT_BY = (__file__, text_module.__file__)
"""The modules on which it depends what a data file is made into."""
TABLES = ("priority", "filters", "ordinals", "counts")
_CHOICE = re.compile(r"\(([^()]*)\)")
_PART = re.compile(r"\(|\)|[^()\s]+|\s+")


class Node:
    """A place on the way through the known phrases; ways part where a pattern has a choice, and meet behind it."""

    __slots__ = ("_known", "_stems", "children", "prefixes", "tags", "tails")

    def __init__(self) -> None:
        self.children: dict[str, list[Node]] = {}
        self.prefixes: list[tuple[str, Node]] = []
        self._stems: dict[str, list[tuple[str, Node]]] | None = None
        self._known: dict[str, list[Node]] = {}
        self.tags: list[str] = []
        self.tails: list[tuple[tuple[str, ...], str]] = []

    def link(self, word: str, node: Node) -> None:
        """Make a word of a pattern lead to a node; a word with a star stands for all that begin so."""
        if word.endswith("*"):
            self.prefixes.append((word[:-1], node))
        else:
            self.children.setdefault(word, []).append(node)

    def step(self, word: str) -> list[Node]:
        """Where a word that was said leads."""
        if not self.prefixes:
            return self.children.get(word, _NOWHERE)
        if len(self.prefixes) < _MANY:
            return self.children.get(word, _NOWHERE) + [node for stem, node in self.prefixes if word.startswith(stem)]
        found = self._known.get(word)
        if found is None:
            found = self._step_among_many(word)
            if len(self._known) < _REMEMBERED:
                self._known[word] = found
        return found

    def _step_among_many(self, word: str) -> list[Node]:
        if self._stems is None:
            self._stems = by_first_letter(self.prefixes)
        stems = self._stems.get(word[:1], ())
        return self.children.get(word, _NOWHERE) + [node for stem, node in stems if word.startswith(stem)]


_MANY = 8
"""From so many beginnings of words on, where a word led is remembered."""
_REMEMBERED = 4096
_NOWHERE: list[Node] = []
_Told = TypeVar("_Told")


def by_first_letter(stems: Iterable[tuple[str, _Told]]) -> dict[str, list[tuple[str, _Told]]]:
    """Beginnings of words by their first letter, in order, so that a word need not be tried with all of them."""
    found: dict[str, list[tuple[str, _Told]]] = {}
    for stem, told in stems:
        found.setdefault(stem[:1], []).append((stem, told))
    return found


@dataclass(frozen=True)
class Lexicon:
    """One language, ready for use."""

    code: str
    name: str
    split_apostrophes: bool
    verb_final: bool
    phrases: Node
    """Every phrase of the tables ``lead`` and ``words``, by its words."""
    lead: frozenset[str]
    """Tags that count only where a command can begin."""
    whole: Node
    """Phrases that are a whole utterance; their tags are intents."""
    errands: Node
    """What is bought, done or gone to, as people name it in a note of one word."""
    whole_order: tuple[str, ...]
    """These intents; of two for one phrase the first counts."""
    suffixes: tuple[tuple[str, str], ...]
    """Endings of compound words with the tag they give (``liste`` is a list)."""
    endings: tuple[str, ...]
    """These endings without their tags."""
    title_lead: Node
    title_tail: frozenset[tuple[str, ...]]
    infinitive: frozenset[str]
    """What stands before an infinitive in a subordinate clause ("zu", "te"), and never in a title."""
    separable: frozenset[str]
    """First parts of verbs that it comes behind ("an-zu-rufen", "mee te nemen")."""
    pairs: frozenset[tuple[str, ...]]
    tables: dict[str, Node]
    """Priorities, filters and numbers, by table name."""
    generic_names: frozenset[str]
    list_nouns: frozenset[str]
    """Words that only say that something is a list."""
    clitics: tuple[str, ...]
    """What hangs on a verb and means "it" or "them" ("bórrala", "cancellala"), the longest first."""
    joints: frozenset[str]
    """Words that join the things of an enumeration ("and")."""
    stammered: frozenset[str]
    """Short words that are said twice only by stumbling ("to to")."""
    detect: frozenset[str]

    def words(self, phrase: str) -> tuple[str, ...]:
        """A phrase as the words that are compared."""
        found = tokenise(phrase, split_apostrophes=self.split_apostrophes)
        return tuple(token.norm for token in found if not token.is_mark)


def expand(pattern: str) -> list[str]:
    """All readings of a pattern: ``(a|b|) c`` gives ``a c``, ``b c`` and ``c``."""
    return [" ".join(reading.split()) for reading in readings_of(pattern)]


def readings_of(pattern: str) -> list[str]:
    """All readings of a pattern, with the spaces as they stand."""
    match = _CHOICE.search(pattern) if "(" in pattern else None
    if match is None:
        return [pattern]
    before, after = pattern[: match.start()], pattern[match.end() :]
    return list(itertools.chain.from_iterable(readings_of(before + option + after) for option in match[1].split("|")))


def _pieces(pattern: str) -> list[str]:
    """A pattern cut where words end, so that each piece has few readings of its own."""
    parts = _parts(pattern)
    pieces = [""]
    for index, part in enumerate(parts):
        pieces[-1] += part
        after = parts[index + 1] if index + 1 < len(parts) else ""
        if _ends_word(part) or _begins_word(after):
            pieces.append("")
    return [piece for piece in pieces if piece.strip()]


def _parts(pattern: str) -> list[str]:
    """Words, spaces, and choices with all that is nested in them."""
    parts, depth = list[str](), 0
    for piece in _PART.findall(pattern):
        if depth:
            parts[-1] += piece
        else:
            parts.append(piece)
        depth += (piece == "(") - (piece == ")")
    return parts


def _ends_word(part: str) -> bool:
    options = readings_of(part) if part.startswith("(") else [part]
    return all(option.endswith(" ") or not option for option in options)


def _begins_word(part: str) -> bool:
    options = readings_of(part) if part.startswith("(") else [part]
    return all(option.startswith(" ") or not option for option in options)


@functools.lru_cache(maxsize=16384)
def _word_parts(part: str, *, split: bool) -> tuple[str, ...]:
    if part.isalpha():
        return (fold(part),)
    star = "*" if part.endswith("*") else ""
    found = [token.norm for token in tokenise(part.removesuffix("*"), split_apostrophes=split) if not token.is_mark]
    return (*found[:-1], found[-1] + star) if found else ()


def _pattern_words(text: str, *, split: bool) -> tuple[str, ...]:
    parts = text.split()
    if len(parts) == 1:
        return _word_parts(parts[0], split=split)
    return tuple(word for part in parts for word in _word_parts(part, split=split))


def add_phrases(root: Node, patterns: list[str], tag: str, *, split: bool) -> None:
    """Put patterns under a node; behind ``..`` stands a tail, which with ``$`` must end its clause."""
    for pattern in patterns:
        head, _, tail = pattern.partition("..")
        ends = [root]
        for piece in _pieces(head):
            ends = _follow(ends, [_pattern_words(reading, split=split) for reading in expand(piece)])
        end = (END,) if tail.endswith(END) else ()
        tails = [(*_pattern_words(reading, split=split), *end) for reading in expand(tail)] if tail else []
        for node in ends:
            if node is root:
                continue
            node.tails += [(words, tag) for words in tails]
            if not tail and tag not in node.tags:
                node.tags.append(tag)


def _follow(starts: list[Node], readings: list[tuple[str, ...]]) -> list[Node]:
    """The nodes behind any of the readings: one for all of them, and the starts where one is empty."""
    end = Node()
    for words in readings:
        nodes = starts
        for word in words[:-1]:
            node = Node()
            for before in nodes:
                before.link(word, node)
            nodes = [node]
        for before in nodes if words else []:
            before.link(words[-1], end)
    return [*starts, end] if () in readings else [end]


def _table(tables: Iterable[Mapping[str, list[str]]], *, split: bool) -> Node:
    root = Node()
    for patterns in tables:
        for tag, phrases in patterns.items():
            add_phrases(root, phrases, tag, split=split)
    return root


class _Plain:
    """Nodes as plain rows that name each other by number, to be kept between processes."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, ...]] = []
        self._numbers: dict[Node, int] = {}

    def number(self, node: Node) -> int:
        """The number of a node, which from then on has a row, as all have that it leads to."""
        if node not in self._numbers:
            number = self._numbers[node] = len(self.rows)
            self.rows.append(())
            children = {word: [self.number(after) for after in nodes] for word, nodes in node.children.items()}
            prefixes = [(stem, self.number(after)) for stem, after in node.prefixes]
            self.rows[number] = (children, prefixes, node.tags, node.tails)
        return self._numbers[node]


def _nodes(rows: Sequence[tuple[Any, ...]]) -> list[Node]:
    """The nodes that rows tell of."""
    nodes = [Node() for _ in rows]
    for node, (children, prefixes, tags, tails) in zip(nodes, rows, strict=True):
        node.children = {word: [nodes[number] for number in numbers] for word, numbers in children.items()}
        node.prefixes = [(stem, nodes[number]) for stem, number in prefixes]
        node.tags, node.tails = tags, tails
    return nodes


def _build(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a :class:`Lexicon` as plain values, with numbers for nodes and the rows of all nodes."""
    head, names, title = raw["language"], raw.get("names", {}), raw.get("title", {})
    split = head.get("apostrophe", "join") == "split"
    plain = _Plain()

    def number(*tables: Mapping[str, list[str]]) -> int:
        return plain.number(_table(tables, split=split))

    def words(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
        return frozenset(_pattern_words(text, split=split) for text in texts)

    suffixes = [(fold(ending), tag) for tag, endings in names.get("suffixes", {}).items() for ending in endings]
    return {
        "code": head["code"],
        "name": head["name"],
        "split_apostrophes": split,
        "verb_final": bool(head.get("verb_final", False)),
        "phrases": number(raw.get("lead", {}), raw.get("words", {})),
        "lead": frozenset(raw.get("lead", {})),
        "whole": number(raw.get("whole", {})),
        "errands": number(raw.get("errands", {})),
        "whole_order": tuple(raw.get("whole", {})),
        "suffixes": tuple(sorted(suffixes, key=lambda pair: -len(pair[0]))),
        "endings": tuple(ending for ending, _ in suffixes),
        "title_lead": number({"yes": title.get("lead", [])}),
        "title_tail": words(title.get("tail", [])),
        "infinitive": frozenset(_pattern_words(title.get("infinitive", ""), split=split)),
        "separable": frozenset(_pattern_words(title.get("separable", ""), split=split)),
        "pairs": words(title.get("pairs", [])),
        "tables": {name: number(raw.get(name, {})) for name in TABLES},
        "generic_names": frozenset(
            " ".join(_pattern_words(text, split=split))
            for pattern in names.get("generic", [])
            for text in expand(pattern)
        ),
        "list_nouns": frozenset(names.get("list_nouns", [])),
        "clitics": tuple(sorted(head.get("clitics", "").split(), key=len, reverse=True)),
        "joints": frozenset(_pattern_words(head.get("joints", ""), split=split)),
        "stammered": frozenset(_pattern_words(head.get("stammered", ""), split=split)),
        "detect": frozenset(_pattern_words(head.get("detect", ""), split=split)),
        "rows": plain.rows,
    }


@functools.cache
def load_lexicon(code: str) -> Lexicon:
    """The lexicon of a language: built once a release (60 to 100 ms), then read from where it is kept (3 ms).

    Raises:
        FileNotFoundError: When there is no data file for the language.
    """
    built = dict(kept("lexicon", language_file(code), BUILT_BY, lambda: _build(read_language(code))))
    nodes = _nodes(built.pop("rows"))
    for name in ("phrases", "whole", "errands", "title_lead"):
        built[name] = nodes[built[name]]
    built["tables"] = {name: nodes[number] for name, number in built["tables"].items()}
    return Lexicon(**built)


def whole_match(root: Node, words: list[str]) -> list[str]:
    """The tags of the words when they are, from first to last, a phrase under the node."""
    nodes = [root]
    for word in words:
        nodes = [after for node in nodes for after in node.step(word)]
        if not nodes:
            break
    return [tag for node in nodes for tag in node.tags]


def longest_match(root: Node, words: list[str], start: int) -> tuple[int, list[str]]:
    """The longest phrase that begins at a word: the place behind it and its tags; no phrase gives the start."""
    best_end, best_tags, position, last = start, list[str](), start, len(words)
    nodes = root.step(words[start]) if start < last else _NOWHERE
    while nodes:
        position += 1
        tags = nodes[0].tags if len(nodes) == 1 else [tag for node in nodes for tag in node.tags]
        if tags:
            best_end, best_tags = position, tags
        if position == last:
            break
        word = words[position]
        nodes = nodes[0].step(word) if len(nodes) == 1 else [after for node in nodes for after in node.step(word)]
    return best_end, best_tags
