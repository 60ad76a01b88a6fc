"""``.env.example`` names every variable that the program reads, with its true default, and nothing else."""

from __future__ import annotations

import ast
import math
import re

import pytest

from tests.source_tree import ROOT, modules

READERS = {"read_text", "read_int", "read_float", "read_bool", "read_list", "read_choice", "read_url", "read_zone"}
LINE = re.compile(r"^# (?P<name>[A-Z][A-Z0-9_]+)=(?P<value>\S*)$")
COMPOSE_ONLY = {"POSTGRES_PASSWORD"}
EXAMPLES_ONLY = {"DATABASE_URL"}
"""Their value in the file shows a form; there is no default that would work."""


def variables_read() -> dict[str, object]:
    """Each variable with its default; Ellipsis where the default is computed."""
    found: dict[str, object] = {}
    for module in modules():
        for call in module.calls():
            if isinstance(call.func, ast.Name) and call.func.id in READERS and isinstance(call.args[0], ast.Constant):
                given = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "default")]
                found[str(call.args[0].value)] = _value_of(given[0]) if given else ""
    return found


def _value_of(node: ast.expr) -> object:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return math.prod([_value_of(node.left), _value_of(node.right)])  # type: ignore[type-var]  # both are numbers
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ...


@pytest.fixture(scope="module")
def listed() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {match["name"]: match["value"] for line in lines if (match := LINE.match(line))}


def test_every_variable_is_listed_and_no_other(listed: dict[str, str]) -> None:
    assert set(listed) == set(variables_read()) | COMPOSE_ONLY


def test_the_listed_defaults_are_the_real_ones(listed: dict[str, str]) -> None:
    real = {name: default for name, default in variables_read().items() if default is not ...}
    shown = {name: listed[name] for name in real if name not in EXAMPLES_ONLY}
    assert shown == {name: _as_written(real[name]) for name in shown}


def _as_written(default: object) -> str:
    if isinstance(default, bool):
        return str(int(default))
    return ",".join(default) if isinstance(default, list) else str(default)


def test_a_default_that_is_computed_is_left_empty(listed: dict[str, str]) -> None:
    computed = {name for name, default in variables_read().items() if default is ...}
    assert {name: listed[name] for name in computed if listed[name]} == {}
