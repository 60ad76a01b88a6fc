"""Starting, recognising and ending other programs, so that none outlives its purpose."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Account:
    """A system account that a program runs as."""

    user_id: int
    group_id: int


def start_program(
    command: Sequence[str],
    *,
    log_path: Path,
    end_signal: signal.Signals,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches only whoever looks after it.

    Args:
        command: The program and its arguments.
        log_path: Where all that it prints is added.
        end_signal: What the kernel sends it, where the kernel can, when this process is gone.
        account: Run as this account; only root may ask for that.
        environment: All of its variables; this process's when not given.
        folder: Where it runs.
    """
    with log_path.open("ab") as log:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=None if environment is None else dict(environment),
            start_new_session=True,
            user=account.user_id if account else None,
            group=account.group_id if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_tie_to_parent(end_signal),  # noqa: PLW1509  # it makes one system call and takes no lock
        )


def _tie_to_parent(end_signal: signal.Signals) -> Callable[[], None] | None:
    """What to run in the child so that it ends with this process, even after ``kill -9``; Linux only."""
    if sys.platform != "linux":
        return None
    parent_id = os.getpid()
    prctl = ctypes.CDLL(None).prctl

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(end_signal), 0, 0, 0)
        if os.getppid() != parent_id:
            os.kill(os.getpid(), end_signal)

    return tie


def is_running(process_id: int, mark: str) -> bool:
    """Whether that process lives and names ``mark`` in its command line; ids are used again by others."""
    try:
        process = psutil.Process(process_id)
        return process.status() != psutil.STATUS_ZOMBIE and any(mark in part for part in process.cmdline())
    except psutil.Error:
        return False


def end_program(process_id: int, mark: str, *, end_signal: signal.Signals, patience_seconds: float) -> None:
    """Ask a process to end, then make it; does nothing when it is gone or the id is another's by now."""
    for number, patience in ((end_signal, patience_seconds), (signal.SIGKILL, 5.0)):
        if not is_running(process_id, mark):
            return
        try:
            os.kill(process_id, number)
        except ProcessLookupError:
            return
        wait_until(lambda: not is_running(process_id, mark), patience)


def wait_until(condition: Callable[[], bool], timeout_seconds: float) -> bool:
    """Look again and again until the condition holds.

    Returns:
        Whether it held in time.
    """
    limit = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(_POLL_SECONDS)
    return True
