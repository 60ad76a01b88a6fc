"""NUL, which PostgreSQL cannot store, is refused at every door."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tasks_app.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _static_files_without_a_build(settings: Settings) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def test_every_list_of_the_administrators_refuses_it(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    for model, page in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        filters = [str(each[0] if isinstance(each, tuple) else each) for each in page.list_filter]
        for name in ("q", "o", *filters):
            assert client.get(f"{address}?{name}=a%00b").status_code == 400, (address, name)
        assert client.get(f"{address}a%00b/change/").status_code == 400


def test_a_page_and_the_api_answer_each_in_their_form(client: Client) -> None:
    page = client.get("/?next=%00")
    answer = client.get("/api/v1/tasks/?text=%00", HTTP_ACCEPT="application/json")

    assert (page.status_code, answer.status_code) == (400, 400)
    assert "See the fields" in page.content.decode()
    assert answer.json()["error"]["code"] == "invalid_input"


def test_a_cookie_that_spells_it_reaches_no_session(client: Client) -> None:
    assert client.get("/", HTTP_COOKIE='sessionid="a\\000b"').status_code == 400


@pytest.mark.parametrize("name", ["sign-in", "sign-up", "sign-in-by-mail", "password-forgotten", "sign-in-link"])
def test_no_form_of_a_stranger_fails_on_it(client: Client, name: str) -> None:
    text = "a\0b@example.org"
    fields = ("username", "email", "password", "password1", "password2", "token", "next")

    assert client.post(reverse(name), dict.fromkeys(fields, text)).status_code < 500


def test_the_pages_of_the_administrators_have_the_icon(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))

    assert 'rel="icon"' in client.get("/admin/").content.decode()


@pytest.mark.parametrize("name", ["localtime", "Factory", "posixrules", "Europe", "../Rome"])
def test_what_is_no_zone_is_no_preference(client: Client, name: str) -> None:
    person = User.objects.create_user("ann", timezone="Europe/Rome")
    client.force_login(person)

    assert f'value="{name}"' not in client.get(reverse("account")).content.decode()
    assert client.patch("/api/v1/me/", {"timezone": name}, "application/json").status_code == 400
    client.post(reverse("save-time-zone"), {"timezone": name})
    person.refresh_from_db()
    assert person.timezone == "Europe/Rome"
