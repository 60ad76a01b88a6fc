"""What ``manage.py doctor`` looks at: each application names its own checks in ``parts.py``, this runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import structlog
from django.utils.module_loading import autodiscover_modules

log = structlog.get_logger(__name__)


class Level(StrEnum):
    """How a part is."""

    OK = "ok"
    WARN = "warn"
    """The main job runs; something beside it does not, or soon will not."""
    FAIL = "fail"
    """The main job cannot run: a note would not become a task."""


@dataclass(frozen=True)
class CheckResult:
    """What was found when looking at one part."""

    level: Level
    summary: str
    """What is there, in one line."""
    advice: str = ""
    """What a person can do about it; empty when all is well."""

    @property
    def ok(self) -> bool:
        """Whether this part lets the main job run."""
        return self.level != Level.FAIL


Check: TypeAlias = Callable[[], CheckResult]


@dataclass(frozen=True)
class _Registered:
    check: Check
    needs: tuple[str, ...]


_CHECKS: dict[str, _Registered] = {}


def part(name: str, *, needs: tuple[str, ...] = ()) -> Callable[[Check], Check]:
    """Mark a function in an application's ``parts.py`` as the check of a part.

    It looks without changing anything, within a few seconds.

    Args:
        name: What the table calls it.
        needs: Parts that must be well before this one can be looked at.
    """

    def register(check: Check) -> Check:
        _CHECKS[name] = _Registered(check, needs)
        return check

    return register


def passed(summary: str) -> CheckResult:
    """All is well."""
    return CheckResult(Level.OK, summary)


def warned(summary: str, advice: str) -> CheckResult:
    """The main job runs all the same."""
    return CheckResult(Level.WARN, summary, advice)


def failed(summary: str, advice: str) -> CheckResult:
    """The main job cannot run."""
    return CheckResult(Level.FAIL, summary, advice)


def run_checks() -> Iterator[tuple[str, CheckResult]]:
    """Look at every part, application by application, and tell each as soon as it is known."""
    autodiscover_modules("parts")
    results: dict[str, CheckResult] = {}
    for name, registered in _CHECKS.items():
        missing = [need for need in registered.needs if need in results and not results[need].ok]
        results[name] = (
            warned(f"not looked at, since {missing[0]} is not well", "") if missing else _run(name, registered)
        )
        yield name, results[name]


def _run(name: str, registered: _Registered) -> CheckResult:
    try:
        return registered.check()
    except Exception as error:  # a check that breaks must not hide what the others find
        log.debug("check_broke", check=name, exc_info=error)
        return failed(f"looking at it failed with {type(error).__name__}", "Set LOG_LEVEL=DEBUG and run doctor again.")
