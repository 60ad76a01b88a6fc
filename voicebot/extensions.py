"""Extensions of PostgreSQL, made by a migration; says what to do where the program may not make them."""

from __future__ import annotations

from django.contrib.postgres.operations import CreateExtension
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, OperationalError, ProgrammingError, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

ADVICE = (
    "The database has no extension “{name}”, and the program cannot make it ({reason}). Let an administrator of the "
    'database run this in it, and start again: CREATE EXTENSION IF NOT EXISTS "{name}";'
)


class NeededExtension(CreateExtension):
    """Makes an extension that is not there, as far as the program may."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make it.

        Raises:
            ImproperlyConfigured: With what an administrator has to do.
        """
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                super().database_forwards(app_label, schema_editor, from_state, to_state)
        except (ProgrammingError, OperationalError, NotSupportedError) as error:
            reason = str(error).splitlines()[0]
            raise ImproperlyConfigured(ADVICE.format(name=self.name, reason=reason)) from error
