"""A text as a row of items: numbers, written dates and times, and the words that the language's lexicon knows."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voice_app.understanding.dates.lexicon import MARKS, fold, load_lexicon

if TYPE_CHECKING:
    from voice_app.understanding.dates.lexicon import Lexicon, Node, Senses

MAX_CHARS = 2000
"""Longer texts are read up to here."""
MAX_TOKENS = 100
"""Words, numbers and marks behind so many are no times: a minute of speech has room for as many."""

_TOKEN = re.compile(
    r"(?P<date3>\d{1,4}(?P<sep>[/.-])\d{1,2}(?P=sep)'?\d{1,4})(?!\d)"
    r"|(?P<clock>\d{1,2}\s?:\s?\d{2}(?::\d{2})?)(?!\d)"
    r"|(?P<pair>\d{1,4}[/.,]\d{1,4})(?![\d/])"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0900-\u0963\u0970-\u097f\u0300-\u036f]|[^\W\d_])*)"
    r"|(?P<mark>[^\s\w]|_)"
)
_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")


@dataclass(slots=True)
class Token:
    """A piece of the text; ``is_tight`` when no blank stands before it."""

    kind: str
    key: str
    start: int
    end: int
    is_tight: bool


@dataclass(slots=True)
class Item:
    """One or more tokens with all that they can mean; the rules merge items into larger ones."""

    start: int
    end: int
    senses: Senses
    is_soft: bool = False
    """Rules may step over it: articles, commas, "of", "on"."""
    is_word: bool = False
    is_weak: bool = False
    """A word that is a time only beside another one ("may", "sat")."""
    renamed_in: str = ""
    """The stage that last changed what this item means without making it longer; it does so once."""


def cut(text: str) -> list[Token]:
    """The tokens of a text, with offsets into it."""
    folded = fold(text[:MAX_CHARS]).translate(_DIGITS)
    tokens: list[Token] = []
    last = -1
    for found in itertools.islice(_TOKEN.finditer(folded), MAX_TOKENS):
        kind = found.lastgroup or "mark"
        if kind == "sep":
            kind = "date3"
        start, end = found.span()
        key = found[0]
        if kind == "word" and not key.isascii():
            key = key.translate(MARKS)
        tokens.append(Token(kind, key, start, end, start == last))
        last = end
    return tokens


MARK_SENSES: dict[str, dict[str, bool]] = {
    "-": {"dash": True},
    "~": {"dash": True},
    ",": {"comma": True},
    "(": {"comma": True},
    ")": {"comma": True},
    "+": {"plus": True},
    "!": {"bang": True},
    "/": {"slash": True, "dash": True},
    "&": {"and": True},
}
"""What marks mean in every language."""
SOFT = frozenset({"the", "of", "on", "comma"})
_TWO_DIGITS = 2
DEGREE = "°"
MEASURES = frozenset({"%", "‰", DEGREE})
CURRENCIES = frozenset("$€£¥₽₹#")
"""Beside a number these say that it is no day and no hour."""


def number_senses(value: int, digits: int) -> Senses:
    """What a whole number can be: a day of the month, an hour, minutes, a year, a count."""
    senses: Senses = {"num": value}
    if digits > 0:
        senses["digits"] = digits
    if 1 <= value <= 31 and digits <= _TWO_DIGITS:
        senses["dom"] = value
    if value == 0 and digits <= 1:
        senses["zero_num"] = True
    if value <= 24 and digits <= _TWO_DIGITS:
        senses["hour"] = value
    if value <= 59 and digits in (0, _TWO_DIGITS):
        senses["minutes"] = value
    if digits in (0, 4) and 1900 <= value <= 2199:
        senses["year"] = value
    if digits == _TWO_DIGITS:
        senses["year2"] = 2000 + value if value < 70 else 1900 + value
    if digits in (3, 4) and value // 100 <= 24 and value % 100 <= 59:
        senses["joined_clock"] = (value // 100, value % 100)
    if 1 <= value <= 12 and digits <= _TWO_DIGITS:
        senses["month_num"] = value
    return senses


def ordinal_senses(value: int) -> Senses:
    """What an ordinal can be."""
    senses: Senses = {"ordinal": value}
    if 1 <= value <= 31:
        senses["dom_ordinal"] = value
    return senses


def _ordinal_end(tokens: list[Token], at: int, lexicon: Lexicon) -> int:
    """How many tokens after the number at ``at`` make it an ordinal ("19" "th"), 0 if none."""
    step = 1
    if at + 2 < len(tokens) and tokens[at + 1].is_tight and tokens[at + 1].key in ".-" and tokens[at + 2].is_tight:
        step = 2
    if at + step < len(tokens) and tokens[at + step].is_tight and tokens[at + step].key in lexicon.ordinal_suffixes:
        return step
    if lexicon.style.get("ordinal_dot") and at + 1 < len(tokens):
        dot = tokens[at + 1]
        if dot.is_tight and dot.key == "." and not (step == 2 and tokens[at + 2].kind == "number"):
            return 1
    return 0


def _number_item(tokens: list[Token], at: int, lexicon: Lexicon) -> tuple[Item, int]:
    token = tokens[at]
    value = int(token.key[:9])
    senses = number_senses(value, len(token.key))
    following = tokens[at + 1].key if at + 1 < len(tokens) else ""
    is_measure = following in MEASURES and (following != DEGREE or value > 1)
    if (at and tokens[at - 1].key in CURRENCIES) or following in CURRENCIES or is_measure:
        return Item(token.start, token.end, {"money": value}), at + 1
    extra = _ordinal_end(tokens, at, lexicon) if value <= 366 else 0
    if extra:
        if tokens[at + extra].kind == "word":
            senses = {"ord_suffix": True}
        senses = senses | ordinal_senses(value) | {"dom": value} if value <= 31 else senses | ordinal_senses(value)
    return Item(token.start, tokens[at + extra].end, senses), at + 1 + extra


def _written_item(token: Token) -> Item:
    """An item for a date, time or pair of numbers written with separators."""
    key = token.key
    value: Any
    if token.kind == "clock":
        value = tuple(int(part) for part in key.replace(" ", "").split(":"))
        good = value[0] <= 24 and value[1] <= 59 and (len(value) == 2 or value[2] <= 59)
        return Item(token.start, token.end, {"written_clock": value, "zero_led": key[0] == "0"} if good else {})
    separator = next(char for char in key if not char.isdigit())
    parts = key.replace("'", "").split(separator)
    value = (separator, tuple(int(part) for part in parts), tuple(len(part) for part in parts))
    return Item(token.start, token.end, {token.kind: value})


def _longest(tokens: list[Token], at: int, root: Node) -> tuple[Node | None, int]:
    """The longest phrase of the lexicon that begins at a token, and the token after it; tight hyphens do not count."""
    node, best, after, here = root, None, at, at
    while here < len(tokens):
        token = tokens[here]
        step = node.next.get(token.key)
        if step is None:
            joins = token.key == "-" and here > at and token.is_tight
            if joins and here + 1 < len(tokens) and tokens[here + 1].is_tight:
                here += 1
                continue
            break
        node = step
        here += 1
        if node.senses:
            best, after = node, here
    return best, after


def _word_item(tokens: list[Token], at: int, lexicon: Lexicon) -> tuple[Item, int]:
    node, after = _longest(tokens, at, lexicon.root)
    token = tokens[at]
    if node is None:
        return _separator(tokens, at), at + 1
    senses = dict(node.senses)
    if "word_num" in senses:
        value = senses["word_num"]
        senses |= number_senses(value, 0) if isinstance(value, int) else {"num": value}
    if "ordinal" in senses:
        senses |= ordinal_senses(senses["ordinal"])
    item = Item(token.start, tokens[after - 1].end, senses, is_word=token.kind == "word")
    item.is_soft = not SOFT.isdisjoint(senses)
    item.is_weak = after == at + 1 and token.key in lexicon.style.get("weak", ())
    return item, after


def _separator(tokens: list[Token], at: int) -> Item:
    """An unknown word, or a mark; marks that tie "8/Oct/2012" or "tomorrow-ish" together are soft."""
    token = tokens[at]
    item = Item(token.start, token.end, dict(MARK_SENSES.get(token.key, {})), is_word=token.kind == "word")
    item.is_soft = "comma" in item.senses
    if (token.kind == "mark" and token.key not in ",+") or token.key == "t":
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        item.is_soft = item.is_soft or (at > 0 and token.is_tight and following is not None and following.is_tight)
    return item


def _dot_is_soft(tokens: list[Token], at: int) -> bool:
    """A dot after an abbreviation, or inside a written date."""
    before = tokens[at - 1] if at else None
    return before is not None and tokens[at].is_tight and (before.kind != "word" or len(before.key) <= 5)


def itemise(text: str, lexicon: Lexicon) -> list[Item]:
    """The items of a text, none where nothing in it can be a time; words that only hedge ("um") are left out."""
    tokens = cut(text)
    return _items(text, tokens, lexicon) if _may_tell(tokens, _opening_words(lexicon.code)) else []


def _items(text: str, tokens: list[Token], lexicon: Lexicon) -> list[Item]:
    items: list[Item] = []
    known = lexicon.root.next
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "word" and token.key not in known and token.key != "t":
            items.append(Item(token.start, token.end, {}, is_word=True))
            at += 1
            continue
        if token.kind == "number":
            node, after = _longest(tokens, at, lexicon.root)
            if node is not None and after > at + 1:
                item, at = _word_item(tokens, at, lexicon)
            else:
                item, at = _number_item(tokens, at, lexicon)
        elif token.kind in ("word", "mark"):
            here = at
            item, at = _word_item(tokens, at, lexicon)
            if item.is_weak and _is_abbreviated(text, tokens, at):
                item.is_weak = False
            if token.key == ".":
                item.is_soft = _dot_is_soft(tokens, here)
            elif token.key == "-" and token.is_tight and here + 1 < len(tokens) and tokens[here + 1].is_tight:
                item.is_soft = here > 0 and _ties(tokens[here - 1], tokens[here + 1])
        else:
            item, at = _written_item(token), at + 1
        if not ("approx" in item.senses or "filler" in item.senses) or _also_more(item):
            items.append(item)
    return items


CORE = frozenset(
    {
        "num",
        "dom",
        "ordinal",
        "weekday",
        "month",
        "unit",
        "day_offset",
        "part",
        "part_of_day",
        "holiday",
        "repeat_word",
        "hour_named",
        "written_clock",
        "date3",
        "pair",
        "every_weekday",
        "every_part",
        "now",
        "season",
        "end_of_day",
        "end_of_week",
        "end_of_month",
        "end_of_year",
        "weekday_part",
        "length_word",
        "clock_word",
        "quarter_num",
    }
)
"""Senses without which nothing around is a time."""


@functools.lru_cache(maxsize=32)
def _opening_words(code: str) -> frozenset[str]:
    """The words with which phrases begin that have such a sense, in a language that has a file."""
    found, known = set[str](), CORE | {"word_num"}
    for word, node in load_lexicon(code).root.next.items():
        open_nodes = [node]
        while open_nodes and word not in found:
            one = open_nodes.pop()
            if not known.isdisjoint(one.senses):
                found.add(word)
            open_nodes += one.next.values()
    return frozenset(found)


def _may_tell(tokens: list[Token], opening: frozenset[str]) -> bool:
    """Whether anything has such a sense; most texts without a time are found out here."""
    return any(token.key in opening or token.kind not in _WORDS for token in tokens)


_WORDS = frozenset({"word", "mark"})
MAX_CORES = 24
"""So many of them are read: more than the readings of one text have room for."""
REACH = 4
"""How many items away from such a sense a preposition can still belong to it."""


def keep_near(items: list[Item]) -> bool:
    """Take the senses from words too far from anything that can be a time; False when nothing can."""
    cores = [index for index, item in enumerate(items) if not CORE.isdisjoint(item.senses)][:MAX_CORES]
    if not cores:
        return False
    before, here = -REACH - 1, 0
    for index, item in enumerate(items):
        while index > cores[here] and here + 1 < len(cores):
            before, here = cores[here], here + 1
        is_near = abs(index - cores[here]) <= REACH or index - before <= REACH
        if not is_near and item.senses and not {"timer", "duration_mark"} & item.senses.keys():
            item.senses, item.is_soft = {}, False
    return True


def _ties(before: Token, after: Token) -> bool:
    """A hyphen that joins ("Sep-23-2020") and does not mean "to" ("9-11")."""
    return "word" in (before.kind, after.kind) or (len(before.key) == 4) != (len(after.key) == 4)


def _is_abbreviated(text: str, tokens: list[Token], after: int) -> bool:
    """A dot after the word, and no new sentence after the dot ("sat. morning")."""
    if after + 1 >= len(tokens) or tokens[after].key != "." or not tokens[after].is_tight:
        return False
    char = text[tokens[after + 1].start]
    return char.islower() or char.isdigit()


def _also_more(item: Item) -> bool:
    """A hedge that is something else too, and so must stay ("late", "early")."""
    return any(name not in ("approx", "filler") for name in item.senses)
