"""Clients that generators make from the schema, on their way to the program and back."""

from __future__ import annotations

import compileall
import datetime as dt
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from knox.models import AuthToken
from pytest_django.live_server_helper import LiveServer

from tasks_app.models import User

NAME = "generated_voice_client"
TYPESCRIPT = Path(__file__).parent / "typescript"
ENVIRONMENT = Path(sys.prefix)
"""Holds Node.js in ``bin`` and, in ``typescript``, the generator and the compiler that ``make setup-dev`` brought."""


@pytest.fixture
def client_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: dict[str, Any]) -> str:
    """The name of the package that was made; everything in it compiles."""
    schema, config = tmp_path / "schema.json", tmp_path / "config.yml"
    schema.write_text(json.dumps(document), encoding="utf-8")
    config.write_text("post_hooks: []\n", encoding="utf-8")
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(schema), "--meta", "none"),
        *("--output-path", str(tmp_path / NAME), "--config", str(config), "--fail-on-warning"),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert compileall.compile_dir(tmp_path / NAME, quiet=2)
    monkeypatch.syspath_prepend(tmp_path)
    return NAME


@pytest.mark.django_db(transaction=True)
def test_a_generated_python_client_makes_lists_and_undoes(live_server: LiveServer, client_package: str) -> None:
    def part(name: str) -> Any:
        return importlib.import_module(f"{client_package}.{name}")

    user = User.objects.create_user("ann")
    token = str(AuthToken.objects.create(user=user)[1])
    client = part("client").AuthenticatedClient(base_url=live_server.url, token=token, prefix="Token")
    body = part("models.new_task").NewTask.from_dict({"title": "Call mum", "due": "2027-01-04T09:00:00+01:00"})
    with client:
        made = part("api.tasks.create_task").sync(client=client, body=body)
        listed = part("api.tasks.list_tasks").sync(client=client)
        undone = part("api.changes.undo_change").sync(change_set_id=made.change_set, client=client)
        after = part("api.tasks.list_tasks").sync(client=client)

    assert (made.task.title, made.task.due) == ("Call mum", dt.datetime(2027, 1, 4, 8, tzinfo=dt.UTC))
    assert [task.id for task in listed.results] == [made.task.id]
    assert undone.results[0].undone[0].title == "Call mum"
    assert after.results == []


@pytest.fixture
def typescript_program(tmp_path: Path, document: dict[str, Any]) -> Path:
    """The compiled round trip, after generator and strict compiler had nothing to say against the client."""
    shutil.copytree(TYPESCRIPT, tmp_path, dirs_exist_ok=True)
    (tmp_path / "node_modules").symlink_to(ENVIRONMENT / "typescript" / "node_modules")
    (tmp_path / "schema.json").write_text(json.dumps(document), encoding="utf-8")
    _node(tmp_path, "node_modules/.bin/openapi-ts")
    _node(tmp_path, "node_modules/.bin/tsc", "-p", ".")
    return tmp_path / "made" / "round_trip.js"


def _node(folder: Path, *arguments: str) -> str:
    variables = {**os.environ, "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run(
        ["node", *arguments], cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.mark.django_db(transaction=True)
def test_a_generated_typescript_client_makes_lists_and_undoes(
    live_server: LiveServer, typescript_program: Path
) -> None:
    user = User.objects.create_user("ann")
    token = str(AuthToken.objects.create(user=user)[1])

    seen = json.loads(_node(typescript_program.parent, typescript_program.name, live_server.url, token))

    assert (seen["made"]["title"], seen["made"]["due"]) == ("Call mum", "2027-01-04T08:00:00+00:00")
    assert seen["listed"] == [seen["made"]["id"]]
    assert (seen["undone"], seen["after"]) == (["Call mum"], 0)
