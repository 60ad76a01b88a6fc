"""What is the same at every address: pages, parts of objects, versions, keys, rates, errors."""

from __future__ import annotations

import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tasks_app.models import ChangeSet, Task, User, Webhook
from tests.api.conftest import client_for
from voicebot.models import KeptAnswer

TASKS = "/api/v1/tasks/"
TOKENS = "/api/v1/auth/tokens/"
PROBLEMS = {"Accept": "application/problem+json, application/json"}


def add(api: APIClient, title: str, **fields: Any) -> dict[str, Any]:
    answer = api.post(TASKS, {"title": title, **fields})
    assert answer.status_code == 201, answer.content
    task: dict[str, Any] = answer.json()["task"]
    return task


def titles(answer: Any) -> list[str]:
    return [task["title"] for task in answer.json()["results"]]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("-created_at", "e d c b a"),
        ("created_at", "a b c d e"),
        ("due", "c ab de"),
        ("-due", "de ab c"),
        ("priority", "b a cde"),
        ("title", "a b c d e"),
    ],
)
def test_pages_hold_every_row_once_in_every_order_and_back(api: APIClient, ordering: str, expected: str) -> None:
    due = {"a": "2027-01-05", "b": "2027-01-05", "c": "2027-01-04T09:00:00+01:00"}
    priority = {"a": "high", "b": "urgent"}
    for title in "abcde":
        add(api, title, due=due.get(title), priority=priority.get(title))

    pages = [api.get(TASKS, {"ordering": ordering, "page_size": 2})]
    while pages[-1].json()["next"]:
        pages.append(api.get(pages[-1].json()["next"]))
    back = pages[-1:]
    while back[0].json()["previous"]:
        back.insert(0, api.get(back[0].json()["previous"]))

    assert [titles(page) for page in back] == [titles(page) for page in pages]
    given = [title for page in pages for title in titles(page)]
    for group in expected.split():
        assert sorted(given[: len(group)]) == list(group)
        del given[: len(group)]
    assert not given


def test_a_row_that_comes_while_a_list_is_read_moves_nothing(api: APIClient) -> None:
    for title in "abc":
        add(api, title)
    first = api.get(TASKS, {"page_size": 2})
    add(api, "new")
    assert (titles(first), titles(api.get(first.json()["next"]))) == (["c", "b"], ["a"])


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "mine"},
        {"page_size": "0"},
        {"page_size": "201"},
        {"page_size": "٣"},
        {"ordering": "owner"},
        {"fields": "owner"},
        {"due_from": "soon"},
        {"stauts": "open"},
        {"priority": ["low", "high"]},
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(api: APIClient, query: dict[str, Any]) -> None:
    answer = api.get(TASKS, query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_input")
    assert answer.json()["error"]["fields"].keys() == query.keys()


def test_a_cursor_of_one_list_is_none_of_another(api: APIClient) -> None:
    add(api, "a")
    add(api, "b")
    cursor = api.get(TASKS, {"page_size": 1}).json()["next"].partition("cursor=")[2].partition("&")[0]
    assert api.get(f"/api/v1/changes/?cursor={cursor}").status_code == 400
    assert api.get(f"{TASKS}?ordering=title&cursor={cursor}").status_code == 400


def test_parts_of_objects(api: APIClient) -> None:
    task = add(api, "a")
    assert api.get(TASKS, {"fields": "id,title"}).json()["results"] == [{"id": task["id"], "title": "a"}]
    assert api.get(f"{TASKS}{task['id']}/", {"fields": "version"}).json() == {"version": 1}


def test_filters(api: APIClient) -> None:
    add(api, "late", due="2020-01-01", priority="urgent", labels=["phone"])
    add(api, "later", due="2030-01-01")
    done = add(api, "done")
    api.post(f"{TASKS}{done['id']}/complete/")

    found = {
        name: titles(api.get(TASKS, query))
        for name, query in {
            "open": {},
            "all": {"status": "all", "ordering": "title"},
            "done": {"status": "completed"},
            "overdue and urgent": {"overdue": "true", "priority": "urgent"},
            "label": {"label": "PHONE"},
            "days": {"due_from": "2029-12-31", "due_to": "2030-01-01"},
            "words": {"text": "LAT"},
            "inbox": {"project": "inbox", "ordering": "title"},
        }.items()
    }
    assert found == {
        "open": ["later", "late"],
        "all": ["done", "late", "later"],
        "done": ["done"],
        "overdue and urgent": ["late"],
        "label": ["late"],
        "days": ["later"],
        "words": ["later", "late"],
        "inbox": ["late", "later"],
    }


def test_a_change_of_what_was_not_seen_is_refused(api: APIClient) -> None:
    address = f"{TASKS}{add(api, 'a')['id']}/"
    seen = api.get(address)["ETag"]
    changed = api.patch(address, {"title": "b"}, headers={"If-Match": seen})
    lost = api.patch(address, {"title": "c"}, headers={"If-Match": seen})

    assert (changed.status_code, changed["ETag"], changed.json()["task"]["version"]) == (200, '"2"', 2)
    assert (lost.status_code, lost.json()["error"]["code"]) == (412, "version_changed")
    assert api.get(address).json()["title"] == "b"
    assert api.delete(address, headers={"If-Match": '"1", "2"'}).status_code == 200


def test_a_comment_that_was_changed_meanwhile_stays(api: APIClient) -> None:
    made = api.post(f"{TASKS}{add(api, 'a')['id']}/comments/", {"text": "first"})
    address, seen = f"/api/v1/comments/{made.json()['comment']['id']}/", {"If-Match": made["ETag"]}
    assert api.patch(address, {"text": "second"}, headers=seen)["ETag"] == '"2"'
    late = [api.patch(address, {"text": "third"}, headers=seen), api.delete(address, headers=seen)]
    assert [each.json()["error"]["code"] for each in late] == ["version_changed"] * 2
    assert api.delete(address, headers={"If-Match": '"2"'}).status_code == 200
    assert api.delete(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_saw_the_same_one_wins(ann: User) -> None:
    task = add(client_for(ann), "a")
    clients = [client_for(ann) for _ in range(4)]

    def rename(client: APIClient) -> int:
        try:
            body = {"title": f"from {id(client)}"}
            return int(client.patch(f"{TASKS}{task['id']}/", body, headers={"If-Match": '"1"'}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        answers = sorted(pool.map(rename, clients))
    assert answers == [200, 412, 412, 412]
    assert Task.objects.get().version == 2


def test_the_same_key_is_done_once(api: APIClient) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = (api.post(TASKS, {"title": "a"}, headers=key) for _ in range(2))

    assert (first.status_code, first.json(), first["ETag"]) == (again.status_code, again.json(), again["ETag"])
    assert first["Location"] == again["Location"]
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Task.objects.count() == ChangeSet.objects.count() == 1


def test_a_key_for_something_else_is_refused(api: APIClient) -> None:
    key = {"Idempotency-Key": "k"}
    api.post(TASKS, {"title": "a"}, headers=key)
    others = [api.post(TASKS, {"title": "b"}, headers=key), api.post("/api/v1/projects/", {"name": "a"}, headers=key)]
    assert [(each.status_code, each.json()["error"]["code"]) for each in others] == [
        (409, "idempotency_key_reused")
    ] * 2


def test_what_is_shown_once_is_answered_again_and_kept_sealed(api: APIClient) -> None:
    body = {"url": "https://receiver.example.org/", "events": ["*"]}
    first, again = (api.post("/api/v1/webhooks/", body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert first.json()["secret"] == again.json()["secret"]
    assert Webhook.objects.count() == 1
    rotated = [api.post(f"{first['Location']}secret/", headers={"Idempotency-Key": "r"}).json() for _ in range(2)]
    assert rotated[0] == rotated[1] != first.json()
    secrets = {first.json()["secret"], rotated[0]["secret"]}
    assert not any(secret in json.dumps(kept) for kept in KeptAnswer.objects.values_list("body") for secret in secrets)


def test_what_a_page_was_shown_once_no_token_is_shown(ann: User, api: APIClient) -> None:
    page = APIClient()
    page.force_login(ann)
    first, again = (page.post(TOKENS, {"name": "x"}, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json()["token"] == again.json()["token"]
    assert api.post(TOKENS, {"name": "x"}, headers={"Idempotency-Key": "k"}).status_code == 409


def test_an_answer_of_another_installation_key_is_not_read(api: APIClient, settings: Any) -> None:
    api.post(TASKS, {"title": "a"}, headers={"Idempotency-Key": "k"})
    settings.ENCRYPTION_KEY = base64.urlsafe_b64encode(bytes(32)).decode()
    assert api.post(TASKS, {"title": "a"}, headers={"Idempotency-Key": "k"}).status_code == 409
    assert Task.objects.count() == 1


def test_what_failed_may_be_corrected_under_its_key(api: APIClient) -> None:
    key = {"Idempotency-Key": "k"}
    assert api.post(TASKS, {"title": ""}, headers=key).status_code == 400
    assert api.post(TASKS, {"title": "a"}, headers=key).status_code == 201


def test_a_key_of_another_person_is_another_key(api: APIClient, bob: User) -> None:
    answers = [each.post(TASKS, {"title": "a"}, headers={"Idempotency-Key": "k"}) for each in (api, client_for(bob))]
    assert [answer.get("Idempotency-Replayed") for answer in answers] == [None, None]
    assert KeptAnswer.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_key_sent_many_times_at_once_is_done_once(ann: User) -> None:
    clients = [client_for(ann) for _ in range(4)]

    def post(client: APIClient) -> str:
        try:
            return str(client.post(TASKS, {"title": "a"}, headers={"Idempotency-Key": "k"}).json()["task"]["id"])
        finally:
            connection.close()

    with ThreadPoolExecutor(len(clients)) as pool:
        assert len(set(pool.map(post, clients))) == 1
    assert Task.objects.count() == 1


def test_bulk_is_all_or_nothing_and_undone_as_one(api: APIClient, bob: User) -> None:
    mine, theirs = add(api, "a"), add(client_for(bob), "b")
    complete = [{"kind": "complete_task", "task_id": task["id"]} for task in (mine, theirs)]
    refused = api.post(f"{TASKS}bulk/", {"commands": complete})
    done = api.post(f"{TASKS}bulk/", {"commands": [complete[0], {"kind": "create_task", "title": "c"}]})

    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "task_not_found")
    assert [result["action"] for result in done.json()["results"]] == ["complete_task", "create_task"]
    assert titles(api.get(TASKS)) == ["c"]
    assert api.post(f"/api/v1/changes/{done.json()['change_set']}/undo/").status_code == 200
    assert titles(api.get(TASKS)) == ["a"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": 5}, "title"),
        ({"title": "a", "due": 5}, "due"),
        ({"title": "a", "due": "2027-01-01T10:00:00"}, "due"),
        ({"title": "a", "owner": 1}, "owner"),
        ({"title": "a", "kind": "delete_task"}, "kind"),
        ({"title": "a", "labels": "home"}, "labels"),
        ([], ""),
        ("a", ""),
    ],
)
def test_a_wrong_body_is_named(api: APIClient, body: Any, field: str) -> None:
    answer = api.post(TASKS, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_input")
    assert any(name.startswith(field) for name in answer.json()["error"]["fields"])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("project", "There is no such field here. Did you mean “project_id”?"),
        ("labls", "There is no such field here. Did you mean “labels”?"),
        ("weather", "There is no such field here."),
    ],
)
def test_an_unknown_field_gets_the_name_that_was_meant(api: APIClient, name: str, sentence: str) -> None:
    answer = api.post(TASKS, {"title": "a", name: "b"}, format="json")
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][name] == [{"message": sentence, "code": "extra_forbidden"}]


def test_no_cache_gives_an_answer_to_anybody_else(api: APIClient) -> None:
    answer = api.get(TASKS)
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Accept", "Authorization", "Cookie"} <= {name.strip() for name in answer["Vary"].split(",")}


def test_every_answer_tells_what_is_left_of_the_rate(api: APIClient, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    answers = [api.get(TASKS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[0]["RateLimit-Limit"] == "2"
    assert 0 < int(answers[0]["RateLimit-Reset"]) <= 60


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("get", "/api/v1/nothing/", None, 404, "not_found"),
        ("get", f"{TASKS}{uuid.UUID(int=1)}/", None, 404, "task_not_found"),
        ("put", TASKS, b"{}", 405, "method_not_allowed"),
        ("post", TASKS, b"{", 400, "invalid_input"),
    ],
)
def test_errors_come_as_problems_to_those_who_ask(
    api: APIClient, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    ours = api.generic(method.upper(), path, body or b"", "application/json")
    problem = api.generic(method.upper(), path, body or b"", "application/json", headers=PROBLEMS)

    assert (ours.status_code, ours["Content-Type"], ours.json()["error"]["code"]) == (status, "application/json", code)
    assert (problem.status_code, problem["Content-Type"]) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail", "instance", "code"} <= problem.json().keys()
    assert (problem.json()["type"], problem.json()["status"]) == (f"urn:error:{code}", status)


def test_what_is_no_error_is_json_for_those_who_accept_problems_only(api: APIClient) -> None:
    answer = api.get(TASKS, headers={"Accept": "application/problem+json"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


def test_a_form_is_not_taken_for_json(api: APIClient) -> None:
    answer = api.post(TASKS, {"title": "a"}, format="multipart")
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "media_type_unsupported")


@pytest.mark.django_db
def test_without_the_last_slash_a_request_keeps_its_method_and_its_body(api: APIClient) -> None:
    answer = api.post("/api/v1/tasks", {"title": "Buy milk"}, follow=True)

    assert answer.redirect_chain == [("/api/v1/tasks/", 308)]
    assert answer.status_code == 201
    assert answer.json()["task"]["title"] == "Buy milk"
