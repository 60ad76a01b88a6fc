"""What the documents say is there, and docs/errors.md is what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.source_tree import PACKAGES, ROOT, project_files
from voicebot.error_document import DOCUMENT, build_error_document

DOCUMENTS = sorted(path for path in project_files() if path.suffix == ".md")
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
NAMED_PATH = re.compile(
    rf"`(?P<path>(?:{'|'.join([*PACKAGES, 'tests', 'docs', 'templates', 'bench', 'samples'])})/[\w./-]*)`"
)
NAMED_COMMAND = re.compile(r"manage\.py[\"',\s]+(?P<name>[a-z]\w*)")
NAMED_TARGET = re.compile(r"`(?:make|\$ make) (?P<name>[a-z-]+)|^make (?P<line>[a-z-]+)", re.MULTILINE)
COMMANDS_OF_DEPLOYMENT = [ROOT / "docker-compose.yml", ROOT / "Dockerfile"]


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def document(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_every_link_leads_somewhere(document: Path) -> None:
    targets = (match["target"] for match in LINK.finditer(document.read_text(encoding="utf-8")))
    own = [target.split("#")[0] for target in targets if not target.startswith(("http://", "https://", "#"))]
    assert not [target for target in own if not (document.parent / target).exists()]


def test_every_named_file_is_there(document: Path) -> None:
    named = {match["path"] for match in NAMED_PATH.finditer(document.read_text(encoding="utf-8"))}
    assert not [path for path in sorted(named) if not (ROOT / path).exists()]


@pytest.mark.parametrize("path", [*DOCUMENTS, *COMMANDS_OF_DEPLOYMENT], ids=lambda path: path.name)
def test_every_named_command_is_there(path: Path) -> None:
    named = {match["name"] for match in NAMED_COMMAND.finditer(path.read_text(encoding="utf-8"))}
    assert named <= set(get_commands())


def test_every_named_make_target_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {match["name"] or match["line"] for match in NAMED_TARGET.finditer(document.read_text(encoding="utf-8"))}
    assert named <= targets


def test_the_error_codes_are_up_to_date() -> None:
    assert (ROOT / DOCUMENT).read_text(encoding="utf-8") == build_error_document(), "run manage.py document_errors"


def test_the_documents_that_readers_start_from_are_there() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in DOCUMENTS}
    assert names >= {"README.md", "CHANGELOG.md", "docs/architecture.md", "docs/errors.md", "docs/security.md"}
