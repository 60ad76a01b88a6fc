"""The rules of the architecture find what breaks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import test_architecture as rules
from tests.source_tree import Module

BAD = """
import datetime as dt
import openai
from bots import models
from tasks_app.models import Task
from voicebot.celery import app


@app.task
def work():
    Task.objects.filter(pk=1).update(title="x")
    work.delay(dt.datetime.now())
"""


class _Misplaced(Module):
    """Pretends to stand in a lower layer, whatever folder it lies in."""

    @property
    def name(self) -> str:
        return f"voicebot/{self.path.name}"


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "helpers.py"
    path.write_text(BAD + "\n" * rules.MODULE_LINES, encoding="utf-8")
    for look in ("modules", "all_modules"):
        monkeypatch.setattr(rules, look, lambda: (_Misplaced(path),))


@pytest.mark.usefixtures("bad")
@pytest.mark.parametrize(
    "rule",
    [
        rules.test_imports_point_down_only,
        rules.test_no_module_is_too_long,
        rules.test_nothing_leaves_a_transaction_before_its_commit,
        rules.test_every_name_says_what_is_inside,
        rules.test_only_services_write_the_domain,
        rules.test_jobs_live_in_jobs,
        rules.test_every_moment_has_a_zone,
        rules.test_heavy_libraries_are_imported_where_they_are_used,
    ],
)
def test_a_broken_rule_is_found(rule: object) -> None:
    with pytest.raises(AssertionError):
        rule()  # type: ignore[operator]  # each is a test function
