"""Installs the program into ``.venv``; run by the system's Python before anything else is there.

Standard library only. Each part is remembered by a digest of what it consists of, so a second run
does nothing. Speech parts are optional: one that has no build for this platform is left out with a
sentence.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = "Program"
STAMP_NAME = "installed.json"
LOG_NAME = "install.log"
NEEDED_BYTES = 2 * 1024**3
"""Room that a first installation with all speech parts takes, downloads in flight included."""

_DOWNLOAD = re.compile(r"^\s*Downloading (?P<file>\S+) \((?P<size>[^)]+)\)")
_REPORT_SECONDS = 20.0


class InstallFailed(Exception):
    """The one sentence that tells what to do."""


@dataclass(frozen=True)
class Part:
    """Something that is installed whole or not at all."""

    name: str
    lines: tuple[str, ...]
    """Requirement lines as pip reads them."""

    is_optional: bool = False

    @property
    def digest(self) -> str:
        """Changes when the part has to be installed again."""
        text = "\n".join(self.lines)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def is_hashed(self) -> bool:
        """Whether every file of the part is known by its hash, which needs no look at what it depends on."""
        return all("--hash=" in line for line in self.lines)


def read_part(path: Path, name: str) -> Part:
    """A whole requirements file as one part."""
    return Part(name, tuple(_requirement_lines(path.read_text(encoding="utf-8"))))


def read_optional_parts(path: Path) -> list[Part]:
    """The paragraphs of a requirements file; the comment over each is its name."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        lines = tuple(_requirement_lines(paragraph))
        if lines:
            title = next(
                (line.lstrip("# ").strip() for line in paragraph.splitlines() if line.startswith("#")), lines[0]
            )
            parts.append(Part(title, lines, is_optional=True))
    return parts


def _requirement_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        requirement = line.split(" #")[0].strip()
        if requirement and not requirement.startswith("#"):
            yield requirement


class Stamp:
    """What is installed, by name and digest, in a file inside the environment."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._digests: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            self._digests = {}

    def has(self, part: Part) -> bool:
        """Whether exactly this part was dealt with before."""
        return self._digests.get(part.name) == part.digest

    def add(self, part: Part) -> None:
        """Remember the part; the file is replaced as a whole."""
        self._digests[part.name] = part.digest
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._digests, indent=1), encoding="utf-8")
        fresh.replace(self._path)


class Environment:
    """The virtual environment that everything goes into."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.python = path / "bin" / "python"

    def ensure(self) -> None:
        """Make it, or make it again when its interpreter no longer runs.

        Raises:
            InstallFailed: When this Python cannot make one.
        """
        if self._runs("-c", "pass"):
            return
        say("Making the Python environment .venv")
        self._make()

    def ensure_pip(self) -> None:
        """Make the environment again when it was left half made."""
        if not self._runs("-m", "pip", "--version"):
            self._make()

    def _make(self) -> None:
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(self.path)], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise InstallFailed(explain(made.stdout + made.stderr, "the Python environment .venv cannot be made"))

    def _runs(self, *arguments: str) -> bool:
        try:
            return not subprocess.run([str(self.python), "-I", *arguments], capture_output=True, check=False).returncode
        except OSError:
            return False


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    print(sentence, flush=True)


def explain(output: str, what: str) -> str:
    """One sentence from what a tool printed: what is wrong and what to do about it."""
    causes = (
        ("No space left on device", f"The disk is full, so {what}; free some space and run the same command again."),
        ("Errno 28", f"The disk is full, so {what}; free some space and run the same command again."),
        (
            "ensurepip is not",
            f"This Python has no venv module, so {what}; install it (Debian: apt install python3-venv).",
        ),
        ("Permission denied", f"A right to write here is missing, so {what}; run as the owner of {ROOT}."),
        ("Read-only file system", f"{ROOT} cannot be written to, so {what}; use a folder that can."),
        ("DO NOT MATCH THE HASHES", f"A download is not the expected file, so {what}; nothing of it was installed."),
        ("Retrying (", f"The package index cannot be reached, so {what}; check the network and run it again."),
        ("No matching distribution", f"There is no build for this machine, so {what}."),
    )
    for mark, sentence in causes:
        if mark in output:
            return sentence
    errors = [line for line in output.splitlines() if "error" in line.lower()]
    return f"{what[0].upper()}{what[1:]}: {errors[-1].strip() if errors else 'no reason was given'}."


class Progress:
    """One line that keeps a waiting person informed: rewritten on a terminal, now and then in a log."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._begin = time.monotonic()
        self._reported = self._begin
        self._is_terminal = sys.stdout.isatty()
        if not self._is_terminal:
            say(f"{title} …")

    def show(self, doing: str = "") -> None:
        """Show what is being done now."""
        elapsed = time.monotonic() - self._begin
        if self._is_terminal:
            print(f"\r\033[K{self._title}  {elapsed:3.0f} s  {doing}"[:110], end="", flush=True)
        elif time.monotonic() - self._reported > _REPORT_SECONDS:
            self._reported = time.monotonic()
            say(f"  … {elapsed:.0f} s {doing}")

    def end(self, result: str) -> None:
        """Close the line."""
        lead = "\r\033[K" if self._is_terminal else ""
        say(f"{lead}{self._title}: {result}, {time.monotonic() - self._begin:.0f} s")


def run_pip(environment: Environment, arguments: list[str], progress: Progress) -> tuple[bool, str]:
    """Run ``pip install`` and follow what it says.

    Returns:
        Whether it succeeded, and all that it printed.
    """
    settings = {
        "PIP_USER": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    process = subprocess.Popen(
        [str(environment.python), "-m", "pip", "install", "--progress-bar", "off", "--retries", "2", *arguments],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_forward, args=(process, lines), daemon=True).start()
    printed: list[str] = []
    doing = "asking the package index"
    while True:
        try:
            line = lines.get(timeout=0.5)
        except queue.Empty:
            progress.show(doing)
            continue
        if line is None:
            break
        printed.append(line)
        doing = _describe(line) or doing
        progress.show(doing)
    text = "".join(printed)
    with (environment.path / LOG_NAME).open("a", encoding="utf-8") as log:
        log.write(text)
    return process.wait() == 0, text


def _forward(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    with process:
        for line in process.stdout or ():
            lines.put(line)
    lines.put(None)


def _describe(line: str) -> str:
    download = _DOWNLOAD.match(line)
    if download:
        name = download["file"].split("-")[0]
        return f"downloading {name} ({download['size']})"
    if line.startswith("Installing collected packages"):
        return f"unpacking {line.count(',') + 1} packages"
    return ""


def install(environment: Environment, part: Part, *, position: str) -> bool:
    """Install one part.

    Returns:
        Whether to remember it, so that it is not tried again: installed, or never to be had here.

    Raises:
        InstallFailed: When a part that the program cannot do without fails.
    """
    progress = Progress(f"[{position}] {part.name}")
    options = ["--no-deps", "--require-hashes"] if part.is_hashed else []
    if part.is_optional:
        options += ["--only-binary", ":all:"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as requirements:
        requirements.write("\n".join(part.lines) + "\n")
        requirements.flush()
        ok, output = run_pip(environment, [*options, "-r", requirements.name], progress)
    if ok:
        progress.end("installed" if "Successfully installed" in output else "was there")
        return True
    sentence = explain(output, f"{part.name} is left out" if part.is_optional else "the installation stopped")
    if not part.is_optional:
        raise InstallFailed(f"{sentence} All that pip said is in .venv/{LOG_NAME}.")
    progress.end("left out")
    say(f"  {sentence}")
    return "No matching distribution" in output and "Retrying (" not in output


def main() -> int:
    """Install what is missing or changed.

    Returns:
        The exit code.
    """
    arguments = argparse.ArgumentParser(description="Install the program into .venv")
    arguments.add_argument("--dev", action="store_true", help="also what tests and checks need")
    is_dev = arguments.parse_args().dev
    try:
        with _only_one_at_a_time():
            _install_missing(Environment(ROOT / ".venv"), is_dev=is_dev)
    except InstallFailed as failure:
        say(str(failure))
        return 1
    except OSError as error:
        say(explain(f"[Errno {error.errno}] {error.strerror}", "the installation stopped"))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the same command again to go on.")
        return 130
    return 0


def _install_missing(environment: Environment, *, is_dev: bool) -> None:
    parts = [read_part(ROOT / "requirements.txt", PROGRAM)]
    parts += [read_part(ROOT / "requirements-dev.txt", "Tests and checks")] if is_dev else []
    parts += read_optional_parts(ROOT / "requirements-speech.txt")
    environment.ensure()
    stamp = Stamp(environment.path / STAMP_NAME)
    missing = [part for part in parts if not stamp.has(part)]
    if not missing:
        return
    if missing[0].name == PROGRAM and shutil.disk_usage(ROOT).free < NEEDED_BYTES:
        raise InstallFailed(
            f"The disk is too full: the installation needs {NEEDED_BYTES // 1024**3} GB free in {ROOT}."
        )
    environment.ensure_pip()
    say(f"Installing into .venv: {len(missing)} steps; the first time takes a few minutes.")
    for number, part in enumerate(missing, 1):
        if install(environment, part, position=f"{number}/{len(missing)}"):
            stamp.add(part)


@contextmanager
def _only_one_at_a_time() -> Iterator[None]:
    """Wait while another installation into the same folder runs."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main())
