"""Words wrong and time of the local speech engine alone, on a folder of recordings.

    python -m bench.speech                       the notes in samples/
    python -m bench.speech --data FOLDER         a folder with manifest.jsonl

Each line of the manifest is ``{"id", "ogg", "text", "lang", "text_kind"?, "source"?}``; lines whose
``text_kind`` is not ``exact`` are timed and not scored.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from voice_app.audio import decode
from voice_app.providers.base import Deadline
from voice_app.providers.stt.local import LocalSpeech
from voice_app.providers.stt.weights import WeightStore
from voicebot.errors import AppError

ROOT = Path(__file__).resolve().parents[1]

_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
NUMBERS = {word: str(number) for number, word in enumerate(_NUMBER_WORDS.split())}
BY_CHARACTER = {"ja", "ko", "zh"}


@dataclass
class Score:
    """What one group of recordings came to."""

    wrong: int = 0
    words: int = 0
    clips: int = 0
    decode_ms: list[float] = field(default_factory=list)
    hear_ms: list[float] = field(default_factory=list)


def words(text: str, language: str) -> list[str]:
    """Lower case, no punctuation, small numbers as digits; single characters where no spaces are written."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    plain = plain.replace("a.m.", "am").replace("p.m.", "pm")
    plain = re.sub(r"(?<=\d)[:.,](?=\d)", "", plain)
    plain = re.sub(r"[^\w\s']", " ", plain.replace("-", " "))
    if language in BY_CHARACTER:
        return list(re.sub(r"\s", "", plain))
    return [NUMBERS.get(word, word) for word in plain.split()]


def measure(engine: LocalSpeech, path: Path, entry: dict[str, str], score: Score, *, show: bool) -> None:
    """Hear one recording and add to the score."""
    data = path.read_bytes()
    started = time.perf_counter()
    clip = decode(data)
    decoded = time.perf_counter()
    try:
        text = engine.transcribe(clip, language=entry["lang"], hints=(), deadline=Deadline.after(300)).text
    except AppError as error:
        text = ""
        print(f"{entry['id']}: {error.code}", file=sys.stderr)
    score.decode_ms.append((decoded - started) * 1e3)
    score.hear_ms.append((time.perf_counter() - decoded) * 1e3)
    score.clips += 1
    if entry.get("text_kind", "exact") == "exact" and entry.get("text"):
        said, heard = words(entry["text"], entry["lang"]), words(text, entry["lang"])
        score.wrong += Levenshtein.distance(said, heard)
        score.words += len(said)
        if show and said != heard:
            print(f"{entry['id']}\n  said  {entry['text']}\n  heard {text}")


def total(scores: list[Score]) -> Score:
    """Several groups as one."""
    return Score(
        sum(score.wrong for score in scores),
        sum(score.words for score in scores),
        sum(score.clips for score in scores),
        [value for score in scores for value in score.decode_ms],
        [value for score in scores for value in score.hear_ms],
    )


def read_manifest(folder: Path) -> list[dict[str, str]]:
    """The recordings of a folder, or the English samples of the project."""
    manifest = folder / "manifest.jsonl"
    if manifest.is_file():
        return [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines() if line]
    table = re.findall(r"`([\w-]+\.ogg)` \| (.+?) \| (\w+) \|", (folder / "README.md").read_text(encoding="utf-8"))
    return [{"id": Path(name).stem, "ogg": name, "text": text, "lang": language} for name, text, language in table]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "samples", metavar="DIR")
    parser.add_argument("--only", nargs="*", default=[""], metavar="PREFIX", help="ids that start so")
    parser.add_argument("--language", default="", help="this language alone")
    parser.add_argument("--limit", type=int, default=0, help="at most so many recordings")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print what was heard wrongly")
    options = parser.parse_args()
    engine = LocalSpeech(WeightStore(ROOT / "var" / "cache"), threads=options.threads)
    started = time.perf_counter()
    engine.warm_up()
    print(f"loaded in {time.perf_counter() - started:.1f} s")
    entries = [
        entry
        for entry in read_manifest(options.data)
        if entry["id"].startswith(tuple(options.only)) and options.language in {"", entry["lang"]}
    ]
    scores: dict[str, Score] = defaultdict(Score)
    for entry in entries[: options.limit or None]:
        group = f"{entry['lang']} {entry['id'].split('-')[0]}" if "source" in entry else entry["lang"]
        measure(engine, options.data / entry["ogg"], entry, scores[group], show=options.show)
    for language in {group.split()[0] for group in scores if " " in group}:
        scores[f"{language} all"] = total(
            [score for group, score in scores.items() if group.startswith(f"{language} ")]
        )
    print(f"{'group':<12} {'clips':>5} {'words':>6} {'wrong':>7} {'decode ms':>10} {'hear ms':>8}   (medians)")
    for group, score in sorted(scores.items()):
        wrong = f"{100 * score.wrong / score.words:.1f} %" if score.words else "-"
        decoding, hearing = statistics.median(score.decode_ms), statistics.median(score.hear_ms)
        print(f"{group:<12} {score.clips:>5} {score.words:>6} {wrong:>7} {decoding:>10.0f} {hearing:>8.0f}")


if __name__ == "__main__":
    main()
