"""Texts of 500 characters that make the understanding work hardest."""

from __future__ import annotations

from tests.understanding.speech import read_table

LONGEST = 500
"""Characters; a note of half a minute has about as many."""
REPEATED = {
    "en": "a |and |1 |1. |at 5 |5pm |list |x|, |tomorrow |monday |every |of the |first |add milk and |buy milk, |"
    "remind me |1/2/2026 |10:30 |half past |next week |three |no wait |um |@home |#work |delete |from 5 to 6 |until |"
    "? |every monday |the day after |an hour before |twenty |may |what |😀|\u0301|中文 |\u200b|İ |#@",
    "de": "ä |und |Montag |um 5 Uhr |jeden |ersten |halb |Milch kaufen und |drei |nächste Woche ",
    "fr": "l'|et |demain |lundi |à 5 heures |tous les |premier |deux |dans ",
    "es": "y |mañana |lunes |a las 5 |cada |primero |tres ",
    "it": "e |domani |lunedì |alle 5 |ogni |primo |tre |l'",
    "pt": "e |amanhã |segunda |às 5 |todo |primeiro |três ",
    "nl": "en |morgen |maandag |om 5 uur |elke |eerste |drie ",
    "ru": "и |не |завтра |понедельник |в 5 часов |каждый |первого |три ",
}
"""Words to say again and again, by language."""


def repetitions(characters: int = LONGEST) -> dict[str, tuple[str, str]]:
    """A text of one word or phrase again and again, and its language, by the language and the word."""
    words = ((language, word) for language, words in REPEATED.items() for word in words.split("|"))
    return {f"{language} {word}": ((word * characters)[:characters], language) for language, word in words}


def rows_of_commands() -> dict[str, tuple[str, str]]:
    """Texts of a dozen English commands without a break, by their beginning."""
    sentences = [text for name in ("en.txt", "en_several.txt") for text, _ in read_table(name)]
    rows = [joint.join(sentences[begin:])[:LONGEST] for joint in (" and ", ". ") for begin in range(0, 200, 10)]
    return {row[:40]: (row, "en") for row in rows}
