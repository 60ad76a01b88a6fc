"""The project's own files, parsed, for the tests that look at the code itself."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("voicebot", "tasks_app", "voice_app", "bots")
"""From the lowest layer to the highest."""


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: Path

    @property
    def name(self) -> str:
        """Its path from the root, as written in messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def package(self) -> str:
        """Its top-level package or folder."""
        return self.name.split("/", maxsplit=1)[0]

    @property
    def text(self) -> str:
        """Its source."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def calls(self) -> Iterator[ast.Call]:
        """Every call."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node

    def imports(self, *, at_module_level: bool = False) -> Iterator[tuple[str, int]]:
        """Every imported module's dotted name, with its line."""
        nodes = _without_functions(self.tree) if at_module_level else ast.walk(self.tree)
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node.lineno
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module, node.lineno


def _without_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is imported: neither functions' bodies nor what is for the type checker alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        yield child
        yield from _without_functions(child)


@cache
def modules() -> tuple[Module, ...]:
    """The four packages' modules, migrations left out."""
    found = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(Module(path) for path in found if "migrations" not in path.parts)


@cache
def all_modules() -> tuple[Module, ...]:
    """The same with those of the tests and the benches."""
    others = (path for folder in ("tests", "bench") for path in sorted((ROOT / folder).rglob("*.py")))
    return (*modules(), *map(Module, others))


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, whether it is committed yet or not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return tuple(ROOT / path for path in found if path.parts[0] not in {".git", ".venv", "var"})
    return tuple(path for name in listing.split("\0") if name and (path := ROOT / name).is_file())


def receiver(node: ast.expr) -> list[str]:
    """The names along a chain such as ``Task.objects.filter(...).update``, the first one first."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            return [node.id, *reversed(names)]
        else:
            return list(reversed(names))
