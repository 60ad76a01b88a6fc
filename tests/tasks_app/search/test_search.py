"""What a search finds, in which order, and for whom."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks_app.commands import (
    AddComment,
    CompleteTask,
    CreateLabel,
    CreateProject,
    CreateTask,
    DeleteComment,
    DeleteTask,
    ReopenTask,
    RestoreTask,
    UpdateLabel,
    UpdateProject,
    UpdateTask,
)
from tasks_app.models import Project, ProjectMember, SearchEntry, Task, User
from tasks_app.search import finding, mark, search
from tests.tasks_app.conftest import Run


def add(owner: User, title: str, notes: str = "") -> Task:
    task: Task = Task.objects.create(owner=owner, title=title, notes=notes)
    return task


def titles(user: User, text: str, **options: str) -> list[str]:
    found = search(user, text, **options)  # type: ignore[arg-type]  # one of the states
    return [task.title for task in found.tasks.order_by("-score", "title")]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("dentist", "Call the dentist"),
        ("DENTIST call", "Call the dentist"),
        ("calls dentists", "Call the dentist"),
        ("dentsit", "Call the dentist"),
        ("denist", "Call the dentist"),
        ("apointment", "Appointment at noon"),
        ("phone bil", "Fone bill"),
        ("Meier", "Meyer anrufen"),
        ("zahnartz", "Zahnarzt anrufen"),
        ("preferences", "Les préférences"),
        ("Böhm", "Visit Bohm"),
        ("bohm", "Visit Böhm"),
        ("foo", "Write to foo@example.org"),
        ("den", "Call the dentist"),
    ],
)
def test_finds_what_was_meant(ann: User, said: str, written: str) -> None:
    for title in ("Water the plants", "Pay the rent", written):
        add(ann, title)
    assert titles(ann, said) == [written]


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("en", "library", "Return books to the libraries"),
        ("de", "Rechnung", "Alle Rechnungen bezahlen"),
        ("fr", "facture", "Payer les factures"),
        ("es", "compra", "Hacer las compras"),
        ("it", "bolletta", "Pagare le bollette"),
        ("nl", "rekening", "Betaal de rekeningen"),
        ("pt", "conta", "Pagar as contas"),
        ("ru", "книга", "Купить книги"),
        ("", "книга", "Купить книги"),
    ],
)
def test_finds_other_forms_of_a_word(ann: User, language: str, said: str, written: str) -> None:
    ann.language = language
    for title in (*"abcde", written):
        add(ann, title)
    (found,) = search(ann, said).tasks
    assert (found.title, found.score) == (written, 900)


def test_the_better_place_and_the_nearer_form_come_first(ann: User, run: Run) -> None:
    ann.language = "en"
    home, _ = run(CreateProject(name="Milk"), CreateLabel(name="calf"))
    run(
        CreateTask(title="of a project", project_id=home.project_id),
        CreateTask(title="in notes", notes="buy milk"),
        CreateTask(title="milks"),
        CreateTask(title="milk"),
        CreateTask(title="Milk the cow"),
        CreateTask(title="milkshake"),
    )
    (task,) = run(CreateTask(title="in a comment"))
    run(AddComment(task_id=task.task_id, text="milk"))
    assert titles(ann, "milk") == [
        "milk", "Milk the cow", "milks", "milkshake", "of a project", "in notes", "in a comment",
    ]  # fmt: skip


def test_words_may_stand_in_different_places(ann: User, run: Run) -> None:
    (home,) = run(CreateProject(name="Haus & Hof"))
    (task,) = run(CreateTask(title="Paint", project_id=home.project_id, labels=("Größe",), notes="in blue"))
    run(CreateTask(title="Paint"), AddComment(task_id=task.task_id, text="ask Eve"))
    assert titles(ann, "hof paint grosse blue eve") == ["Paint"]


def test_follows_every_change(ann: User, run: Run) -> None:
    home, label = run(CreateProject(name="Home"), CreateLabel(name="red"))
    (task,) = run(CreateTask(title="one", project_id=home.project_id, labels=("red",)))
    (comment,) = run(AddComment(task_id=task.task_id, text="green"))
    assert [titles(ann, word) for word in ("one", "home", "red", "green")] == [["one"]] * 4

    run(
        UpdateTask(task_id=task.task_id, title="two"),
        UpdateProject(project_id=home.project_id, name="Cabin"),
        UpdateLabel(label_id=label.label_id, name="blue"),
        DeleteComment(comment_id=comment.comment_id),
    )
    assert [titles(ann, word) for word in ("one", "home", "red", "green")] == [[]] * 4
    assert [titles(ann, word) for word in ("two", "cabin", "blue")] == [["two"]] * 3

    run(UpdateTask(task_id=task.task_id, labels=(), project_id=None))
    assert [titles(ann, word) for word in ("cabin", "blue")] == [[]] * 2
    run(DeleteTask(task_id=task.task_id))
    assert titles(ann, "two") == []
    Task.objects.all().delete()
    assert not SearchEntry.objects.exists()


def test_what_is_done_is_found_where_it_is_asked_for(ann: User, run: Run) -> None:
    run(CreateTask(title="milk today"))
    (task,) = run(CreateTask(title="milk yesterday"))
    run(CompleteTask(task_id=task.task_id))
    found = [titles(ann, "milk", status=status) for status in ("open", "completed", "all")]
    assert found == [["milk today"], ["milk yesterday"], ["milk today", "milk yesterday"]]
    run(ReopenTask(task_id=task.task_id))
    assert titles(ann, "milk", status="completed") == []
    run(DeleteTask(task_id=task.task_id))
    assert titles(ann, "milk", status="all") == ["milk today"]
    run(RestoreTask(task_id=task.task_id))
    assert titles(ann, "milk") == ["milk today", "milk yesterday"]


def test_of_many_the_titles_and_then_the_newest_are_ranked(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FOUND_LIMIT", 2)
    for title, notes in (("milk", ""), ("old", "milk"), ("new", "milk")):
        add(ann, title, notes)
    assert titles(ann, "milk") == ["milk", "new"]


def test_finds_only_what_one_may_see(ann: User, bob: User, run: Run) -> None:
    secret, shared = run(CreateProject(name="Milk of mine"), CreateProject(name="Milk of ours"))
    for place in (secret, shared):
        run(CreateTask(title=f"milk {place.title}", project_id=place.project_id, labels=("calf",)))
    run(CreateTask(title="milk", notes="calf"))
    for text in ("milk", "mlik", "calf", "milk calf", "ours"):
        assert titles(bob, text) == []

    project = Project.objects.get(id=shared.project_id)
    member = ProjectMember.objects.create(project=project, user=bob, role="viewer")
    assert titles(bob, "milk") == []
    member.joined_at = project.created_at
    member.save()
    for text in ("milk", "mlik", "calf", "ours", "mine"):
        assert titles(bob, text) == ([] if text == "mine" else ["milk Milk of ours"])


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\x00", "'", "''; DROP TABLE", "\\", "& | ! ( ) :* <->", "%_%", "o:1", "p:", "s:tntst", "~call", "=",
        "a" * 100_000, "a b " * 10_000, "ж" * 5000, "💥", "\u202e\u0301", "-" * 1000, "(" * 1000, "milk:A | !milk",
    ],
)  # fmt: skip
def test_hostile_words_find_nothing_and_break_nothing(ann: User, text: str) -> None:
    add(ann, "Dial the dentist", "n" * 20_000)
    assert titles(ann, text) == []


def test_texts_of_any_kind_can_be_kept(ann: User) -> None:
    for title in ("'", "\\' :A", "💥", "ж" * 500, "x" * 500, "~ o:1 s:tt"):
        add(ann, title, "n" * 20_000 + " '\\ " + "ж" * 100)
    assert SearchEntry.objects.count() == 6


def test_asks_as_often_for_many_as_for_one(ann: User) -> None:
    counts = []
    for number in range(12):
        add(ann, f"milk {number}")
        if number in {0, 6, 11}:
            with CaptureQueriesContext(connection) as queries:
                list(search(ann, "milk").tasks)
            counts.append(len(queries))
    assert counts[1] == counts[2] == 3
    assert counts[0] <= 7


def test_marks_the_words_that_were_found(ann: User) -> None:
    texts = [{"title": "Zahnärzte: call the dentist", "notes": "Dentists, and dentsit."}, {"title": "x", "notes": ""}]
    add(ann, "Call the dentist")
    wording = search(ann, "dentist zahnarzt").wording
    assert mark(wording, "en", texts) == [{"title": [[0, 9], [20, 27]], "notes": [[0, 8], [14, 21]]}, {}]


def test_what_looks_alike_is_looked_for_among_the_persons_own_by_the_index(ann: User) -> None:
    add(ann, "Return library books")
    with CaptureQueriesContext(connection) as queries:
        assert titles(ann, "libary") == ["Return library books"]
    asked = next(each["sql"] for each in queries.captured_queries if "OPERATOR(%>)" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: ((owner_id" in plan, plan
