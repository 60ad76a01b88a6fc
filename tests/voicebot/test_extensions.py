"""What an administrator is told where the program may not make an extension."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.state import ProjectState

from voicebot.extensions import NeededExtension


@pytest.mark.django_db
def test_one_that_cannot_be_made_is_named_with_what_to_do() -> None:
    state = ProjectState()
    with connection.schema_editor(atomic=False) as editor, pytest.raises(ImproperlyConfigured) as problem:
        NeededExtension("not_there").database_forwards("tasks_app", editor, state, state)
    assert 'CREATE EXTENSION IF NOT EXISTS "not_there"' in str(problem.value)


@pytest.mark.django_db
def test_one_that_is_not_permitted_is_named_and_one_that_is_there_needs_no_right() -> None:
    state = ProjectState()
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE of_a_managed_database; SET LOCAL ROLE of_a_managed_database")
    with connection.schema_editor(atomic=False) as editor:
        NeededExtension("unaccent").database_forwards("tasks_app", editor, state, state)
        with pytest.raises(ImproperlyConfigured, match="permission denied"):
            NeededExtension("dblink").database_forwards("tasks_app", editor, state, state)
