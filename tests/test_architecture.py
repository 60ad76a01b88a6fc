"""The rules that keep a line of code where a person would look for it; docs/architecture.md explains them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.conf import settings

from bots.job_names import Job as BotJob
from tasks_app.job_names import Job as TaskJob
from tests.source_tree import PACKAGES, ROOT, Module, all_modules, modules, project_files, receiver
from voice_app.job_names import Job as VoiceJob
from voicebot.error_document import load_error_codes
from voicebot.messages import MESSAGES

MODULE_LINES = 400
FUNCTION_LINES = 50
VIEW_LINES = 20
SETTINGS_LINES = 120

COMPOSITION = {"voicebot/urls.py", "voicebot/routing.py"}
"""They name every address, so they know all packages; nothing imports them but Django."""

AFTER_COMMIT = "voicebot/transactions.py"
SENDS = {"delay", "apply_async", "send_task", "group_send"}

DOMAIN_MODELS = {"Task", "Project", "Label", "Reminder", "ChangeSet", "Change", "ProjectMember", "TaskComment"}
WRITES = {
    "save", "asave", "create", "acreate", "update", "aupdate", "delete", "adelete", "bulk_create", "bulk_update",
    "get_or_create", "update_or_create", "abulk_create",
}  # fmt: skip
WRITERS = ("tasks_app/services", "tasks_app/changes.py", "tasks_app/reminders/")

HEAVY_LIBRARIES = {
    "anthropic", "av", "ctranslate2", "faster_whisper", "langchain", "langchain_core", "moonshine_voice", "onnxruntime",
    "openai", "telegram", "torch",
}  # fmt: skip
MAY_IMPORT_TELEGRAM = "bots/"
VAGUE_NAME = re.compile(r"(^|_)(utils?|helpers?|misc|managers?|common|stuff)$")

LOCAL_PATH = re.compile(r"(?<![\w.\-])/(?:work|root|home|Users)/")
TEXT_ENDINGS = {".py", ".md", ".html", ".js", ".css", ".toml", ".yml", ".yaml", ".txt", ".example"}
UNEXPLAINED = re.compile(r"#\s*(?:noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore(?:\[[\w, -]+\])?)\s*$")
UNFINISHED = re.compile(r"#\s*(?:TODO|FIXME|XXX|HACK)\b")
INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*\ssrc=)[^>]*>|<style\b|javascript:""", re.IGNORECASE
)


def test_imports_point_down_only() -> None:
    assert not list(_imports_upward())


def _imports_upward() -> Iterator[str]:
    for module in modules():
        if module.name in COMPOSITION:
            continue
        above = PACKAGES[PACKAGES.index(module.package) + 1 :]
        for name, line in module.imports():
            if name.split(".")[0] in above:
                yield f"{module.name}:{line} imports {name}"


def test_no_module_is_too_long() -> None:
    assert not [
        f"{module.name} has {count} lines" for module in all_modules() if (count := _lines(module)) > MODULE_LINES
    ]


def test_no_settings_file_is_too_long() -> None:
    settings = [module for module in modules() if module.name.startswith("voicebot/settings/")]
    assert settings
    assert not [f"{module.name} has {count} lines" for module in settings if (count := _lines(module)) > SETTINGS_LINES]


def _lines(module: Module) -> int:
    return len(module.text.splitlines())


def test_no_function_is_too_long() -> None:
    assert not [
        f"{module.name}:{function.lineno} {function.name} has {count} lines"
        for module in modules()
        for function in module.functions()
        if (count := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    ]


def test_views_and_handlers_only_translate() -> None:
    doors = [module for module in modules() if module.path.stem == "views" or "handlers" in module.path.parts]
    assert not [
        f"{module.name}:{function.lineno} {function.name} has a body of {count} lines"
        for module in doors
        for function in module.functions()
        if (count := _body_lines(function)) > VIEW_LINES
    ]


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_leaves_a_transaction_before_its_commit() -> None:
    assert not [
        f"{module.name}:{call.lineno} calls {call.func.attr}"
        for module in modules()
        if module.name != AFTER_COMMIT
        for call in module.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in SENDS
    ]


def test_every_name_says_what_is_inside() -> None:
    assert not [module.name for module in modules() if VAGUE_NAME.search(module.path.stem)]
    assert not [module.name for module in modules() if any(VAGUE_NAME.search(part) for part in module.path.parts)]


def test_only_services_write_the_domain() -> None:
    assert not list(_writes_elsewhere())


def _writes_elsewhere() -> Iterator[str]:
    for module in modules():
        if module.name.startswith(WRITERS):
            continue
        for call in module.calls():
            chain = receiver(call.func)
            if len(chain) > 1 and chain[0] in DOMAIN_MODELS and chain[-1] in WRITES:
                yield f"{module.name}:{call.lineno} {'.'.join(chain)}"


def test_jobs_live_in_jobs() -> None:
    assert not [
        f"{module.name}:{function.lineno} {function.name}"
        for module in modules()
        if module.path.name != "jobs.py"
        for function in module.functions()
        for decorator in function.decorator_list
        if receiver(decorator) in (["app", "task"], ["shared_task"], ["celery_app", "task"])
    ]


def test_jobs_are_known_by_their_names() -> None:
    known = {
        f"{module.package}.jobs.{function.name}"
        for module in modules()
        if module.path.name == "jobs.py"
        for function in module.functions()
    }
    named = {*TaskJob, *BotJob, *VoiceJob}
    routed = {*settings.CELERY_TASK_ROUTES, *(entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values())}
    assert named <= known
    assert routed <= known


def test_every_moment_has_a_zone() -> None:
    assert not [
        f"{module.name}:{call.lineno}"
        for module in modules()
        for call in module.calls()
        if (chain := receiver(call.func))[-2:] in (["datetime", "utcnow"], ["datetime", "today"], ["date", "today"])
        or (chain[-2:] == ["datetime", "now"] and not call.args and not call.keywords)
    ]


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    assert not [
        f"{module.name}:{line} imports {name}"
        for module in modules()
        for name, line in module.imports(at_module_level=True)
        if name.split(".")[0] in HEAVY_LIBRARIES
        and not (name.startswith("telegram") and module.name.startswith(MAY_IMPORT_TELEGRAM))
    ]


def test_every_error_has_a_sentence_and_every_sentence_its_error() -> None:
    assert set(load_error_codes()) == set(MESSAGES)


def test_exceptions_to_the_linter_give_their_reason() -> None:
    assert not [
        f"{path.relative_to(ROOT)}:{number}"
        for path in project_files()
        if path.suffix == ".py" and "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNEXPLAINED.search(line) or UNFINISHED.search(line)
    ]


def test_nothing_names_a_folder_of_one_machine() -> None:
    assert not [
        f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}"
        for path in project_files()
        if path.suffix in TEXT_ENDINGS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LOCAL_PATH.search(line)
    ]


def test_pages_hold_no_inline_style_or_script() -> None:
    templates = [path for path in project_files() if path.suffix == ".html"]
    assert templates
    assert not [
        f"{path.relative_to(ROOT)}:{number} {line.strip()[:80]}"
        for path in templates
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if INLINE.search(line)
    ]
