"""How a word sounds, roughly: what a recogniser mishears keeps most of its consonants."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^x", "s"),
        (r"^wh", "w"),
        (r"mb$", "m"),
        (r"tch|ch|sch|sh|ti(?=on|al|ous)|ci(?=ous|al|an)|ssi(?=on)|si(?=on)", "X"),
        (r"ph", "f"),
        (r"gh(?=[^aeiou]|$)", ""),
        (r"gh", "g"),
        (r"th", "0"),
        (r"dg(?=[eiy])", "j"),
        (r"c(?=[eiy])", "s"),
        (r"ck|c|q", "k"),
        (r"x", "ks"),
        (r"g(?=[eiy])", "j"),
    )
)
_ALIKE = str.maketrans({"z": "s", "v": "f", "d": "t", "b": "p", "g": "k", "j": "X", "0": "t", "w": "f"})
"""Pairs that differ only in the voice, and neighbours, become one."""


def plain(text: str) -> str:
    """Lower case, without accents: the form in which words are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def sound_key(word: str) -> str:
    """The consonants that one hears, most alike sounds as one letter; a vowel counts only at the start.

    Args:
        word: A single word in the form of :func:`plain`.

    Returns:
        For example the same key for "Meier" and "Meyer", or for "fone" and "phone".
    """
    for pattern, sound in _SPELLINGS:
        word = pattern.sub(sound, word)
    if not word:
        return ""
    first = "a" if word[0] in "aeiouyh" else ""
    consonants = re.sub(r"[aeiouyh]", "", word).translate(_ALIKE)
    return first + re.sub(r"(.)\1+", r"\1", consonants)
