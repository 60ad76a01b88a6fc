"""The only writers of the domain: every change goes through :func:`execute` and is recorded and undoable."""

from tasks_app.services.execution import execute, undo_change_set

__all__ = ["execute", "undo_change_set"]
