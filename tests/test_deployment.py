"""The image and the compose file name what is there. No container engine is needed."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import yaml

from tests.source_tree import ROOT
from voicebot.settings.celery import CELERY_TASK_QUEUES

PROGRAM_SERVICES = ("tables", "web", "worker-voice", "worker-notices", "beat", "bot")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return content


def words_of(service: dict[str, Any]) -> list[str]:
    command = service.get("command", [])
    return shlex.split(command) if isinstance(command, str) else command


def test_every_queue_has_a_worker(compose: dict[str, Any]) -> None:
    served = {
        queue
        for service in compose["services"].values()
        if "worker" in (words := words_of(service))
        for queue in words[words.index("-Q") + 1].split(",")
    }
    assert served == {queue.name for queue in CELERY_TASK_QUEUES}


@pytest.mark.parametrize("name", PROGRAM_SERVICES)
def test_the_program_runs_without_rights_it_does_not_need(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"]
    assert service["env_file"] == ".env"


def test_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "KEY" in name or "TOKEN" in name:
                assert value.startswith("${"), name


def test_servers_keep_their_data_and_tell_their_health(compose: dict[str, Any]) -> None:
    for name in ("database", "queue"):
        service = compose["services"][name]
        assert service["healthcheck"]["test"]
        assert all(volume.split(":")[0] in compose["volumes"] for volume in service["volumes"])


def test_only_this_machine_reaches_the_program(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_copies_what_is_there_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = [part for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for part in line.split()[:-1]]
    assert copied
    assert not [part for part in copied if not (ROOT / part).exists()]
    assert text.index("\nUSER ") < text.index("\nCMD ")
    assert "rm -f var/secrets.env" in text
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "var", ".git"} <= set(ignored)
