"""The language of a page, a form and an answer of the API: the person's own, else the one that is asked for."""

from __future__ import annotations

import pytest
from django.test import Client

from tasks_app.models import User
from voicebot.tokens import NewToken, make_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhashed_static_files")]


def page(client: Client, asked_for: str) -> str:
    answer = client.get("/account/", headers={"Accept-Language": asked_for}, follow=True)
    return str(answer.content.decode())


def test_a_person_reads_their_own_language_whatever_the_browser_asks_for() -> None:
    client = Client()
    client.force_login(User.objects.create_user("ann", language="de"))
    answer = client.get("/account/", headers={"Accept-Language": "fr"})
    assert '<html lang="de">' in answer.content.decode()
    assert "Deine Aufgaben" in answer.content.decode()
    assert answer["Content-Language"] == "de"


@pytest.mark.parametrize(
    ("asked_for", "lang"),
    [("fr-CA,fr;q=0.9,en;q=0.5", "fr"), ("pt-BR", "pt"), ("ja,uk;q=0.8", "en"), ("", "en"), ("xx-\x00;q=zz", "en")],
)
def test_a_person_who_has_set_none_reads_what_the_browser_asks_for(asked_for: str, lang: str) -> None:
    client = Client()
    client.force_login(User.objects.create_user("ann"))
    assert f'<html lang="{lang}">' in page(client, asked_for)


def test_a_stranger_reads_what_the_browser_asks_for() -> None:
    assert '<html lang="ru">' in page(Client(), "ru")


def test_a_form_is_refused_in_the_persons_language() -> None:
    client = Client()
    client.force_login(User.objects.create_user("ann", language="es"))
    answer = client.post("/account/", {"timezone": "Mars/Base"})
    assert "Seleccione una opción válida" in answer.content.decode() or "Escoja una opción" in answer.content.decode()


def test_the_api_answers_in_the_language_of_the_token() -> None:
    person = User.objects.create_user("ann", language="it")
    _grant, token = make_token(person, NewToken(name="test", scopes=["read"]))
    answer = Client().get(
        "/api/v1/tasks/00000000-0000-0000-0000-000000000000/",
        headers={"Authorization": f"Token {token}", "Accept-Language": "de"},
    )
    assert answer.json()["error"]["code"] == "task_not_found"
    assert answer.json()["error"]["message"] == "Questa attività non esiste qui, o non è tua."
    assert answer["Content-Language"] == "it"


def test_the_api_answers_strangers_in_the_language_that_they_ask_for() -> None:
    answer = Client().get("/api/v1/tasks/", headers={"Accept-Language": "fr"})
    assert answer.json()["error"]["message"].startswith("Connecte-toi")
    assert answer["Content-Language"] == "fr"
