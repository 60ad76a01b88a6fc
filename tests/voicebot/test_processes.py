from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from voicebot.processes import end_program, is_running, start_program, wait_until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)", "sleeper-of-this-test"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)",
    "stubborn-of-this-test",
]


def test_a_program_writes_to_its_log(tmp_path: Path) -> None:
    process = start_program(
        [sys.executable, "-c", "print('hello')"], log_path=tmp_path / "log", end_signal=signal.SIGKILL
    )

    assert process.wait(30) == 0
    assert (tmp_path / "log").read_text() == "hello\n"


def test_another_process_with_the_same_id_is_not_taken_for_ours(tmp_path: Path) -> None:
    process = start_program(SLEEPER, log_path=tmp_path / "log", end_signal=signal.SIGKILL)
    try:
        assert wait_until(lambda: is_running(process.pid, "sleeper-of-this-test"), 30)
        assert not is_running(process.pid, "something else")
        end_program(process.pid, "something else", end_signal=signal.SIGTERM, patience_seconds=0)
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()


def test_one_that_does_not_listen_is_made_to_end(tmp_path: Path) -> None:
    process = start_program(STUBBORN, log_path=tmp_path / "log", end_signal=signal.SIGKILL)
    assert wait_until(lambda: "ready" in (tmp_path / "log").read_text(), 30)

    end_program(process.pid, "stubborn-of-this-test", end_signal=signal.SIGTERM, patience_seconds=0.2)

    assert process.wait(10) == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
@pytest.mark.fault
def test_a_killed_parent_takes_its_programs_along(tmp_path: Path) -> None:
    parent = tmp_path / "parent.py"
    parent.write_text(
        textwrap.dedent(f"""
        import signal, time
        from pathlib import Path
        from voicebot.processes import start_program
        child = start_program({SLEEPER!r}, log_path=Path({str(tmp_path / "log")!r}), end_signal=signal.SIGTERM)
        print(child.pid, flush=True)
        time.sleep(600)
        """)
    )
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, str(parent)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}, text=True
    ) as process:
        assert process.stdout is not None
        child_id = int(process.stdout.readline())
        process.kill()

    assert wait_until(lambda: not psutil.pid_exists(child_id) or not is_running(child_id, "sleeper-of-this-test"), 30)
