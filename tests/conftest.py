"""Rules for every test: no network but this machine's own, and no browser test that silently did not run."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.servers import OWN_DATABASE

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LANES = (("tests/faults/", "tests/voicebot/test_startup"), ("tests/live/", "tests/browser/"))
"""Tests that one process runs one after the other: killed programs wait long when others are killed beside them, and
the running system is built once for all who use it."""
ORDER = (*LANES[0], *LANES[1], "tests/test_architecture", "tests/understanding/", "tests/bots/")
"""The lanes begin at once, each in a process; the next one has what fails at once first, then what waits longest."""
OF_THE_MODELS = {"django_content_type", "auth_permission"}
NO_BROWSER = "no Chromium on this machine"


def find_browser() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("BROWSER_PATH")
    return named or next((path for path in map(shutil.which, BROWSERS) if path), None)


def _refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and arguments[0].family in {socket.AF_INET, socket.AF_INET6}:
        host = arguments[1][0]
    elif event == "socket.getaddrinfo" and not _is_number(arguments[0]):
        host = arguments[0]
    else:
        return
    if not _is_local(host):
        raise RuntimeError(f"a test tried to reach {host}; tests reach this machine alone")


def _is_local(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost", socket.gethostname()}:
        return True
    if not _is_number(name):
        return str(name).endswith((".localhost", ".invalid", ".test"))
    address = ipaddress.ip_address(str(name))
    return address.is_loopback or address.is_unspecified


def _is_number(host: str | bytes | None) -> bool:
    """Whether it is an address already, so that nobody is asked for it."""
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


sys.addaudithook(_refuse_other_machines)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in the order of ``ORDER``, and leave those for a browser out where there is none.

    On the build server they then fail.
    """
    items.sort(key=_place)
    if find_browser() or os.environ.get("CI"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def _place(item: pytest.Item) -> int:
    return next((place for place, start in enumerate(ORDER) if item.nodeid.startswith(start)), len(ORDER))


class LaneScheduling(LoadFileScheduling):
    """Gives a process whole files, and whole lanes."""

    def _split_scope(self, nodeid: str) -> str:
        return next((lane[0] for lane in LANES if nodeid.startswith(lane)), super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LaneScheduling:
    """Spread the tests over the processes."""
    return LaneScheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what a missing browser cost."""
    count = sum(NO_BROWSER in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ()))
    if count:
        terminalreporter.section("no browser")
        terminalreporter.line(
            f"{count} browser tests were left out: there is no Chromium here. Install one (apt install chromium "
            "chromium-driver) or set BROWSER_PATH, and run the tests again."
        )


@pytest.fixture(autouse=True)
def _begin_in_the_servers_language() -> Iterator[None]:
    """A request leaves its language active in its thread until the next one; another test must not meet it."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _flush_by_deleting(django_db_modify_db_settings: None) -> Iterator[None]:
    """Tables that hold a few rows are emptied some thirty times faster by deleting than by truncating them all.

    What Django writes of the models themselves stays, and need not be written again.
    """

    def sql_flush(_operations: DatabaseOperations, _style: object, tables: Sequence[str], **_how: bool) -> list[str]:
        emptied = (f'DELETE FROM "{table}"' for table in tables if table not in OF_THE_MODELS)
        return ["SET LOCAL session_replication_role = replica", *emptied]

    with pytest.MonkeyPatch.context() as patch:
        if os.environ.get(OWN_DATABASE):  # else we may not be allowed to leave triggers and foreign keys out
            patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
            patch.setattr(flush, "emit_post_migrate_signal", lambda *_given, **_named: None)
        yield


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The Chromium to drive; fails, and does not skip, where there is none."""
    path = find_browser()
    if path is None:
        pytest.fail("there is no Chromium on this machine, and CI needs one")
    return path
